/* Runs points as processes of this host, some at a time, until there is nothing left to do. */
#ifndef SIM_SWEEP_POOL_H
#define SIM_SWEEP_POOL_H

#include "sim/sweep/sweep.h"

struct pool_options {
    uint32_t jobs;
    bool retry;       /* also what failed or took too long */
    bool quiet;
    uint64_t timeout_seconds, memory_bytes; /* of one point; 0: no limit */
};

/* Returns when every point is settled, also those that other sweeps are running, or after SIGINT or
 * SIGTERM, which ends the running points cleanly. *signalled is that signal or 0. False with *e
 * when the directory cannot be used. */
bool pool_run(struct sweep *s, const struct sweep_env *env, const struct pool_options *o,
              int *signalled, struct err *e);

/* Whether the point waits for somebody to run it. */
bool pool_wants(const struct point *p, bool retry);

/* How many points are in each state. */
void pool_count(const struct sweep *s, uint32_t counts[POINT_STATE_COUNT]);

#endif
