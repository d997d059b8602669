/* One point's directory: who works there, and how it ended. */
#ifndef SIM_SWEEP_POINT_H
#define SIM_SWEEP_POINT_H

#include "sim/sweep/sweep.h"

/* Sets p->state and p->reason from what is in the directory. */
void point_look(struct point *p, const struct sweep_env *env);
/* The same without a look at claims: what an ended run left. */
void point_look_at_files(struct point *p, const struct sweep_env *env);

/* Makes the directory. */
bool point_prepare(const struct point *p, struct err *e);
/* Makes the directory and the claim. False without an error: another process has it. */
bool point_claim(struct point *p, struct err *e);
/* Shows that the claim is alive; at least every POINT_HEARTBEAT_SECONDS. */
void point_touch(const struct point *p);
void point_release(const struct point *p);
/* Takes away the claim of a process that is gone. */
void point_drop_stale(const struct point *p);
enum { POINT_HEARTBEAT_SECONDS = 20, POINT_STALE_SECONDS = 300 };

/* Replaces a file of the directory in one step. */
bool point_write(const struct point *p, const char *name, const char *text, struct err *e);
/* Before another run: what the last one left is removed. */
void point_clear(const struct point *p);

/* The last line of its stderr, for messages; the caller frees it. */
char *point_last_words(const struct point *p);

#endif
