#include "models/cache/dram/standard.h"

#include "sim/base/bits.h"

#define STANDARD_ROW(name, a, b, c, d, e, text) \
    {offsetof(struct dram_timing, name), {a, b, c, d, e}},
static const struct {
    size_t offset;
    uint32_t value[5];
} params[] = {
#define PARAM STANDARD_ROW
#include "models/cache/dram/standards.def"
#undef PARAM
};

const struct key_row dram_timing_key_rows[] = {
#define PARAM(name, a, b, c, d, e, text)                                                           \
    {#name, KEY_U32, offsetof(struct dram_timing, name), "0", "0", "1000000",                      \
     text ". 0: as the standard has it; DDR4-2400 " #a ", DDR4-3200 " #b ", DDR5 " #c              \
     ", LPDDR4 " #d ", LPDDR5 " #e},
#include "models/cache/dram/standards.def"
#undef PARAM
    KEY_END};

static uint32_t *member(struct dram_timing *t, size_t offset)
{
    return (uint32_t *)((char *)t + offset);
}

void dram_standard_complete(struct dram_timing *t, uint32_t standard)
{
    for (uint32_t n = 0; n < ARRAY_LEN(params); n++)
        if (!*member(t, params[n].offset))
            *member(t, params[n].offset) = params[n].value[standard];
}

struct dram_timing dram_standard(uint32_t standard)
{
    struct dram_timing t = {0};
    dram_standard_complete(&t, standard);
    return t;
}
