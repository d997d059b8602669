/* A debugger's view of a running guest: gdb's remote serial protocol on a TCP port of the loopback
 * interface (`target remote :PORT`), one client a run. It is shown one thread: of a program with
 * several the one that runs; breakpoints and watchpoints stop any of them. Of several processes it
 * is shown the first one; the others run as if there were no debugger.
 *
 * It stands between the run control and the executor. Functional mode runs at full speed up to a
 * breakpoint, which stands in the predecoded code and never in guest memory; while there are
 * watchpoints every instruction is stepped and its access looked at (accesses of system calls are
 * not). In timing mode the guest stops between two instructions at the executor: registers and
 * memory are exact, while the modelled pipeline may still hold older instructions; cycles do not
 * pass, so a run gives the same cycles with and without a debugger that only looks (pages that it
 * is the first to touch get their physical frame earlier).
 *
 * When the client detaches or the connection is lost the guest runs on at full speed. */
#ifndef SIM_GDB_GDB_H
#define SIM_GDB_GDB_H

#include "sim/base/err.h"
#include "sim/exec/step.h"

struct gdb;

struct gdb_target {
    struct exec *exec;
    /* Looks after the outside world while the guest stands still; false when the run is to end. */
    bool (*attend)(void *ctx);
    /* Sends the guest a signal (Linux's number), delivered before its next instruction. */
    void (*raise)(void *ctx, uint32_t signo);
    /* Is what runs now the process that the client sees? NULL: always. */
    bool (*is_shown)(void *ctx);
    /* One line for `monitor`: how far the run is. */
    void (*describe)(void *ctx, char *text, size_t room);
    void *ctx;
};

/* Listens on the port (0: any free one). NULL with *e set. */
struct gdb *gdb_create(const struct gdb_target *target, uint16_t port, struct err *e);
void gdb_destroy(struct gdb *g);

/* What the executor has to be given in place of `inner`. */
struct exec_system gdb_system(struct gdb *g, struct exec_system inner);

/* Before the first instruction: says where it listens and waits until the client lets go on. */
void gdb_start(struct gdb *g);

/* In place of exec_run, which may end earlier, and of exec_next. They return when the client has
 * let the guest go on. */
enum exec_status gdb_run(struct gdb *g, uint64_t until);
enum exec_status gdb_next(struct gdb *g, struct op *op, bool is_oldest);

/* From the system, before it delivers a signal: the one to deliver instead, 0 for none. */
uint32_t gdb_signal(struct gdb *g, uint32_t signo);

/* After the last instruction: tells the client the exit status, as a shell reports it. */
void gdb_end(struct gdb *g, int status);

#endif
