#include "models/pipeline/cpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/cache/port.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"

static const char *const names[PART_COUNT] = {
#define PART(name, key, text) #key,
#include "models/pipeline/cpi.def"
#undef PART
};

static const char *const texts[PART_COUNT] = {
#define PART(name, key, text) text,
#include "models/pipeline/cpi.def"
#undef PART
};

const uint8_t cpi_dependency[CLASS_COUNT] = {
#define CLASS(name, key, group, text) PART_DEP_##group,
#include "sim/isa/class.def"
#undef CLASS
};

const char *cpi_part_name(enum cpi_part part) { return names[part]; }
const char *cpi_part_text(enum cpi_part part) { return texts[part]; }

/* "cpi.base + cpi.mispredict + ..." */
static char *sum_of_parts(const char *component)
{
    char *sum = xasprintf("%s.%s", component, names[0]);
    for (uint32_t n = 1; n < PART_COUNT; n++) {
        char *longer = xasprintf("%s + %s.%s", sum, component, names[n]);
        free(sum);
        sum = longer;
    }
    return sum;
}

void cpi_register(const struct cpi *c, struct stats *s, const char *component, const char *core,
                  uint32_t width)
{
    for (uint32_t n = 0; n < PART_COUNT; n++)
        stats_add_one(s, component, names[n], STAT_SLOTS, texts[n], &c->slots[n]);
    char *sum = sum_of_parts(component);
    char *slots = xasprintf("%s.cycles * %u", core, width);
    stats_law(s, "CPI stack sums to the issue slots of all cycles", sum, slots);
    free(sum);
    free(slots);
}

/* Parts of the levels stand in order: L1, L2, L3, memory, another core's cache. */
static enum cpi_part level_part(enum cpi_part first, uint32_t level, uint32_t memory_level)
{
    if (level >= MEM_LEVEL_PEER)
        return first + 4;
    return level >= memory_level ? first + 3 : first + (uint32_t)min_u64(level, 3) - 1;
}

enum cpi_part cpi_data_level(uint32_t level, uint32_t memory_level)
{
    return level_part(PART_DCACHE_L1, level, memory_level);
}

enum cpi_part cpi_fetch_level(uint32_t level, uint32_t memory_level)
{
    return level_part(PART_ICACHE_L1, level, memory_level);
}
