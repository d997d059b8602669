#include "models/cache/dram/standard.h"

#include "sim/base/bits.h"

static const struct {
    size_t offset;
    uint32_t value[DRAM_STANDARD_COUNT];
} params[] = {
#define PARAM(name, text, ...) {offsetof(struct dram_timing, name), {__VA_ARGS__}},
#include "models/cache/dram/standards.def"
#undef PARAM
};

const struct key_row dram_timing_key_rows[] = {
#define PARAM(name, text, ...)                                                                     \
    {#name, KEY_U32, offsetof(struct dram_timing, name), "0", "0", "1000000",                      \
     text ". 0: as the standard has it, in the order of `standard` " #__VA_ARGS__},
#include "models/cache/dram/standards.def"
#undef PARAM
    KEY_END};

static uint32_t *member(struct dram_timing *t, size_t offset)
{
    return (uint32_t *)((char *)t + offset);
}

void dram_standard_complete(struct dram_timing *t, enum dram_standard standard)
{
    for (uint32_t n = 0; n < ARRAY_LEN(params); n++)
        if (!*member(t, params[n].offset))
            *member(t, params[n].offset) = params[n].value[standard];
}

struct dram_timing dram_standard(enum dram_standard standard)
{
    struct dram_timing t = {0};
    dram_standard_complete(&t, standard);
    return t;
}
