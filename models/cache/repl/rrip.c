#include "models/cache/repl/rrip.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"
#include "sim/base/rng.h"

void rrip_init(struct rrip *r, const struct repl_setup *setup, uint32_t bits)
{
    uint64_t lines = (uint64_t)setup->sets * setup->ways;
    *r = (struct rrip){.ways = setup->ways, .far = (uint8_t)((1u << bits) - 1)};
    r->interval = xmalloc(lines);
    memset(r->interval, r->far, lines);
}

void rrip_free(struct rrip *r) { free(r->interval); }

/* Ageing by one until a line is far off, done at once: all grow by what the oldest lacks. */
uint32_t rrip_victim(struct rrip *r, uint32_t set)
{
    uint8_t *interval = r->interval + (uint64_t)set * r->ways;
    uint32_t victim = 0;
    for (uint32_t way = 1; way < r->ways; way++)
        if (interval[way] > interval[victim])
            victim = way;
    uint8_t lack = (uint8_t)(r->far - interval[victim]);
    for (uint32_t way = 0; lack && way < r->ways; way++)
        interval[way] = (uint8_t)(interval[way] + lack);
    return victim;
}

uint8_t rrip_bimodal(const struct rrip *r, struct rng *rng, uint32_t one_in)
{
    return rng_below(rng, one_in) ? r->far : rrip_long(r);
}
