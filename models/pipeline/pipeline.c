#include "models/pipeline/pipeline.h"

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
