#include "models/pipeline/pipeline.h"

#include <stdio.h>

#include "sim/base/bits.h"

const struct key_row core_key_rows[] = {CORE_KEYS(KEY_ROW, core_keys) KEY_END};
const struct stat_row core_stat_rows[] = {CORE_STATS(STAT_ROW, core_stats) STAT_END};

#define MODEL(name) "|" #name
const char core_choices[] =
#include "models/pipeline/models.def"
    ;
#undef MODEL

static const struct core_ops *const models[] = {
#define MODEL(name) &core_##name,
#include "models/pipeline/models.def"
#undef MODEL
};

const struct core_ops *core_model(uint32_t n) { return n < ARRAY_LEN(models) ? models[n] : NULL; }

struct core_names core_names(const struct core_env *env)
{
    struct core_names n;
    char number[16] = "";
    if (env->cores > 1)
        snprintf(number, sizeof number, ".%u", env->number);
    snprintf(n.core, sizeof n.core, "core%.10s", number);
    snprintf(n.bpred, sizeof n.bpred, "bpred%.10s", number);
    snprintf(n.cpi, sizeof n.cpi, "cpi%.10s", number);
    return n;
}

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
