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
