/* Gives the branches of a program, in program order, to several branch units at once: a program is
 * executed functionally and each of its branches is predicted, repaired when mispredicted, and
 * retired before the next one. No wrong path, nothing in flight: the predictors' own quality. */
#ifndef TESTS_BPRED_REPLAY_H
#define TESTS_BPRED_REPLAY_H

#include <stdint.h>

#include "models/pipeline/bpred/branch_unit.h"

/* One predictor of a comparison. */
struct contestant {
    const char *name;
    uint32_t kib;     /* its budget; 0: it has none */
    const char *keys; /* "key=value" words of [core.bpred], separated by blanks */
};

/* The comparisons of models/pipeline/bpred/README.md; a contestant without a name ends a list. */
extern const struct contestant direction_contestants[], indirect_contestants[];

/* The bundled programs in which branches are many and not easy, and some others; NULL ends. */
extern const char *const branchy_workloads[], *const easy_workloads[], *const indirect_workloads[];

struct replay {
    uint32_t count;
    struct branch_unit **units;
    uint64_t instructions;
};

/* Ends the program on a key that is wrong. */
struct replay *replay_create(const struct contestant *c, uint32_t count);
void replay_destroy(struct replay *r);

/* Runs a bundled program for at most so many instructions, on top of what the units have learnt
 * before; ends the program with a message on stderr when it cannot be run. `self` is argv[0] of the
 * running program, two folders beside the workloads. The guest's output is dropped. */
void replay_run(struct replay *r, const char *self, const char *workload,
                uint64_t max_instructions);

/* The branches of a bundled program, to be predicted again and again. */
struct branch_trace;
struct branch_trace *branch_trace_record(const char *self, const char *workload,
                                         uint64_t max_instructions);
void branch_trace_destroy(struct branch_trace *t);
uint64_t branch_trace_count(const struct branch_trace *t);
void branch_trace_predict(const struct branch_trace *t, struct branch_unit *u);

/* Events per million instructions. */
uint64_t replay_rate(const struct replay *r, uint64_t events);

#endif
