/* When a core calls the hooks `warm` and `interval`. */
#ifndef MODELS_PIPELINE_REPORTS_H
#define MODELS_PIPELINE_REPORTS_H

#include <stdint.h>

struct core;
struct core_env;

/* When the warm-up and the next interval end, in retired instructions; UINT64_MAX: never. A
 * pipeline looks at `at` between two cycles, when all slots are charged. */
struct core_reports {
    uint64_t at; /* the earlier of the two; 0 at first */
    uint64_t warm_at, interval_at;
};
void core_reports_init(struct core_reports *r, const struct core_env *env);
/* The warm-up ends in so many instructions; 0: there is none. */
void core_reports_warm(struct core_reports *r, const struct core *c, uint64_t instructions);
/* Calls the hooks of what has ended. */
void core_reports_make(struct core_reports *r, struct core *c, const struct core_env *env);

#endif
