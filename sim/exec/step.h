/* Executes guest instructions: many at full speed (functional mode) or one at a time with a record
 * of what it did (timing mode). The only code that changes architected state, together with the
 * system below it.
 *
 * What an exception means is up to the `system`: a Linux process model turns it into a system call
 * or a signal, a board into an interrupt vector. The system changes s->nia and other state and says
 * whether the thread goes on. */
#ifndef SIM_EXEC_STEP_H
#define SIM_EXEC_STEP_H

#include "sim/exec/op.h"
#include "sim/isa/code.h"

struct exec_system {
    /* Delivers s->exception. Returns false when the thread has ended. */
    bool (*exception)(void *system, struct cpu *s);
    /* Asked between instructions after exec_interrupt: signals, timers. Returns false when the
     * thread has ended. */
    bool (*poll)(void *system, struct cpu *s);
    /* An instruction that code_watch asked to be told of has just been executed; not needed
     * without. Returns false when the thread has ended. */
    bool (*event)(void *system, struct cpu *s, const struct insn *i);
    void *system;
};

struct exec {
    struct cpu *cpu;
    struct exec_system system;
    /* What has to be looked at before an instruction; all at once: asked != 0. */
    union {
        uint64_t asked;
        struct {
            bool halted;
            bool idle; /* the system has nothing for this core; it says when that changes */
            volatile bool interrupt; /* see exec_interrupt */
            bool keeps_operands; /* exec_next: op.operands of what op.h names */
            bool entered_system; /* set with each OP_SYSTEM, for whom it concerns to clear */
            bool is_watched;     /* whoever owns it wants to see each instruction first */
        };
    };
    struct op_operands operands;
};

void exec_init(struct exec *x, struct cpu *s, struct exec_system system);

/* Instructions completed by this thread. A system call counts, a faulting instruction does not. */
uint64_t exec_icount(const struct exec *x);

/* Functional mode: runs until icount reaches `until` exactly, the thread ends, or an interrupt was
 * asked for. */
enum exec_status exec_run(struct exec *x, uint64_t until);

/* Timing mode: executes the next instruction and fills *op. A serialising instruction is executed
 * only when the caller says that it is the oldest (nothing older is in flight), otherwise
 * EXEC_WAIT. The same holds for an instruction that was rewritten since it was last fetched,
 * because what is in flight refers to predecoded instructions. An instruction that raises is
 * reported with OP_FAULT after the system has delivered the exception; it does not count as
 * completed unless it is a system call. */
enum exec_status exec_next(struct exec *x, struct op *op, bool is_oldest);

/* The instruction at ea, predecoded and not executed; NULL when it cannot be fetched or was
 * rewritten. For wrong paths. */
const struct insn *exec_peek(struct exec *x, uint64_t ea);

/* The same as a source for a timing core; valid as long as x. */
struct op_source exec_op_source(struct exec *x);

/* May be called from a signal handler: makes exec_run return soon and exec_next poll the system. */
void exec_interrupt(struct exec *x);

#endif
