/* Instructions that a core fetches after a wrong prediction, executed without consequences: the
 * diverge and restore of struct op_source.
 *
 * A wrong path runs on a processor of its own, which starts with the thread's registers and sees
 * its memory through an overlay. The thread itself stands still behind the branch until the last
 * wrong path is restored: what looks at it meanwhile (a debugger, the clock, a timer) sees the
 * right path only. Loads see memory as it is now, the overlay apart: in a machine of several cores
 * also what others have stored since.
 *
 * Not executed, `next` answers EXEC_WAIT until a restore: what raises an exception, F_SERIAL rows,
 * first touches of a page, instructions whose effect cannot be undone (need_right_path in
 * sim/isa/exec.h), code that was rewritten since it was last fetched, stores to more lines than the
 * overlay has. Code that the wrong path itself has rewritten is executed as it was. */
#ifndef SIM_EXEC_WRONG_PATH_H
#define SIM_EXEC_WRONG_PATH_H

#include "sim/exec/step.h"

#define WRONG_PATH_DEPTH 64u /* how many nest */

struct wrong_path;

/* For one thread of execution. Its exec must stay where it is. */
struct wrong_path *wrong_path_create(struct exec *right);
void wrong_path_destroy(struct wrong_path *w);

/* How many have begun and are not restored. */
uint32_t wrong_path_depth(const struct wrong_path *w);

/* See struct op_source. wrong_path_next: only while the depth is not 0; exec_next otherwise. */
uint32_t wrong_path_diverge(struct wrong_path *w, uint64_t ea);
void wrong_path_restore(struct wrong_path *w, uint32_t mark);
enum exec_status wrong_path_next(struct wrong_path *w, struct op *op);
/* For op_source.quick_diverged. */
struct exec *wrong_path_exec(struct wrong_path *w);

/* exec_op_source with wrong paths; valid as long as w. */
struct op_source wrong_path_op_source(struct wrong_path *w);

#endif
