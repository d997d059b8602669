/* The frequent case of exec_next, inline for a timing core that asks for every instruction: it
 * stands behind the last one and nothing has to be looked at first. Belongs to step.c; what a core
 * may use is exec_next_quickly. */
#ifndef SIM_EXEC_QUICK_H
#define SIM_EXEC_QUICK_H

#include "sim/exec/step.h"
#include "sim/isa/handlers.h"

/* Link-time optimisation would leave them calls, having them several times: 3 % of the time. */
#define QUICK_INLINE inline __attribute__((always_inline))

/* step.c. An instruction that may raise, taken from s->ahead. */
void exec_raising(struct exec *x, struct op *op);
/* What an access without bytes wants. */
void exec_record_wish(struct cpu *s, struct op *op);

/* The access has just gone through the soft TLB, so its entries stand for the right pages. */
static inline void exec_record_access(struct cpu *s, struct op *op, uint32_t flags)
{
    const struct soft_tlb_entry *e = soft_tlb_entry(&s->tlb, s->ea);
    uint32_t bytes = insn_mem_bytes(op->row);
    op->flags |= (uint8_t)((flags & F_LOAD ? OP_LOAD : 0) | (flags & F_STORE ? OP_STORE : 0));
    op->ea = s->ea;
    op->pa = e->pa_minus_ea + op->ea;
    op->bytes = bytes ? bytes : s->ea_bytes;
    op->cache = OP_CACHE_NONE;
    if (__builtin_expect(!op->bytes, 0)) {
        exec_record_wish(s, op);
        return;
    }
    uint64_t last = (op->ea + op->bytes - 1) & s->ea_mask;
    if (PAGE_OF(last) != PAGE_OF(op->ea))
        op->second_page_pa = soft_tlb_entry(&s->tlb, last)->pa_minus_ea + PAGE_OF(last);
}

_Static_assert(OP_TAKEN == 1, "exec_record converts it by copying");

static inline void exec_record(struct cpu *s, struct op *op, uint32_t step)
{
    op->flags = step & STEP_BRANCH ? (uint8_t)(s->taken | OP_BRANCH) : 0;
    op->next_pc = s->nia;
    op->bytes = 0;
    if (step & STEP_ACCESS)
        exec_record_access(s, op, op->row->flags);
}

/* Takes the record at s->ahead, which then stands for the one behind it. */
static inline const struct insn *exec_take_ahead(struct cpu *s, struct op *op)
{
    const struct insn *i = s->ahead.insn;
    const struct insn_deps *deps = s->ahead.deps;
    uint64_t pa = s->ahead.pa;
    s->ahead.insn = i + 1;
    s->ahead.deps = deps + 1;
    s->ahead.pa = pa + 4;
    op->insn = i;
    op->row = &insn_rows[i->number];
    op->deps = deps;
    op->pc = i->pc;
    op->fetch_pa = pa;
    return i;
}

/* Executes the record at s->ahead. */
static QUICK_INLINE void exec_ahead(struct exec *x, struct op *op)
{
    struct cpu *s = x->cpu;
    const struct insn *i = exec_take_ahead(s, op);
    uint32_t step = i->step;
    s->run_pc = i->pc;
    s->nia = (i->pc + 4) & s->ea_mask;
    s->taken = false;
    if (!(step & STEP_RAISES)) {
        step_bodies[i->number](s, i);
    } else if (!(step & STEP_QUICK) || !quick_bodies[i->number](s, i)) {
        exec_raising(x, op);
        return;
    }
    s->icount++;
    exec_record(s, op, step);
}

/* step.c. Makes s->ahead stand for the next instruction, where a branch has led; false when it is
 * not known yet or may not be executed in any order. */
bool exec_follow(struct cpu *s);

/* Whether s->ahead stands for the next instruction, and it may be executed in any order. */
static inline bool exec_is_ahead(struct cpu *s)
{
    const struct insn *i = s->ahead.insn;
    return __builtin_expect(i->pc == s->nia && !(i->step & (STEP_UNKNOWN | STEP_SERIAL)), 1) ||
           exec_follow(s);
}

/* False: nothing was done, exec_next has to be asked. */
static QUICK_INLINE bool exec_next_quickly(struct exec *x, struct op *op)
{
    if (__builtin_expect(x->asked || !exec_is_ahead(x->cpu), 0))
        return false;
    exec_ahead(x, op);
    return true;
}

/* step.c. Of an instruction with STEP_OPERANDS, which is to be executed next. */
void exec_keep_operands(struct exec *x, struct op *op, const struct insn *i);

static inline void exec_keep(struct exec *x, struct op *op, const struct insn *i)
{
    op->operands = NULL;
    if (i->step & STEP_OPERANDS)
        exec_keep_operands(x, op, i);
}

/* The same for a core that wants operands (exec.keeps_operands). */
static inline bool exec_next_keeping(struct exec *x, struct op *op)
{
    static const struct exec keeping = {.keeps_operands = true};
    if (__builtin_expect(x->asked != keeping.asked || !exec_is_ahead(x->cpu), 0))
        return false;
    exec_keep(x, op, x->cpu->ahead.insn);
    exec_ahead(x, op);
    return true;
}

#endif
