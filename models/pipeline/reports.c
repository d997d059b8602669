#include "models/pipeline/reports.h"

#include "models/pipeline/pipeline.h"
#include "sim/base/bits.h"

void core_reports_init(struct core_reports *r, const struct core_env *env)
{
    r->interval_at = env->interval_instructions ? env->interval_instructions : UINT64_MAX;
    r->warm_at = env->warmup_instructions ? env->warmup_instructions : UINT64_MAX;
}

void core_reports_warm(struct core_reports *r, const struct core *c, uint64_t instructions)
{
    r->warm_at = instructions ? c->stats.instructions + instructions : UINT64_MAX;
    r->at = min_u64(r->warm_at, r->interval_at);
}

void core_reports_make(struct core_reports *r, struct core *c, const struct core_env *env)
{
    uint64_t done = c->stats.instructions;
    if (done >= r->warm_at) {
        r->warm_at = UINT64_MAX;
        env->hooks.warm(env->hooks.owner, c);
    }
    if (done >= r->interval_at) {
        r->interval_at = done + env->interval_instructions;
        env->hooks.interval(env->hooks.owner, c);
    }
    r->at = min_u64(r->warm_at, r->interval_at);
}
