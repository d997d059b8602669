#include "sim/schema/hist.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"

enum { EXACT_BITS = 6, PART_BITS = 3 };
_Static_assert(HIST_EXACT == 1u << EXACT_BITS && HIST_PARTS == 1u << PART_BITS,
               "bins are found by shifts");

static struct hist *member(const struct hist_row *row, void *base)
{
    return (struct hist *)(void *)((char *)base + row->offset);
}

void hists_create(const struct hist_row *rows, void *base)
{
    for (; rows->name; rows++)
        *member(rows, base) = (struct hist){.counts = xcalloc(HIST_BINS, sizeof(uint64_t)),
                                            .exact = HIST_EXACT, .bins = HIST_BINS};
}

void hists_destroy(const struct hist_row *rows, void *base)
{
    for (; rows->name; rows++)
        free(member(rows, base)->counts);
}

void hist_limit(struct hist *h, uint32_t largest)
{
    h->exact = h->bins = largest + 1;
    h->counts = xrealloc(h->counts, h->bins * sizeof *h->counts);
    memset(h->counts, 0, h->bins * sizeof *h->counts);
}

void hist_add_far(struct hist *h, uint64_t value)
{
    uint32_t top = 63 - (uint32_t)__builtin_clzll(value);
    uint32_t part = (uint32_t)(value >> (top - PART_BITS)) & (HIST_PARTS - 1);
    h->counts[HIST_EXACT + (top - EXACT_BITS) * HIST_PARTS + part]++;
    h->far_sum += value;
}

uint64_t hist_edge(const struct hist *h, uint32_t bin)
{
    if (bin < h->exact || h->bins == h->exact)
        return bin;
    if (bin >= h->bins)
        return UINT64_MAX;
    uint32_t octave = (bin - HIST_EXACT) / HIST_PARTS, part = (bin - HIST_EXACT) % HIST_PARTS;
    return (uint64_t)(HIST_PARTS + part) << (octave + EXACT_BITS - PART_BITS);
}

uint64_t hist_count(const struct hist *h)
{
    uint64_t count = 0;
    for (uint32_t n = 0; n < h->bins; n++)
        count += h->counts[n];
    return count;
}

uint64_t hist_sum(const struct hist *h)
{
    uint64_t sum = h->far_sum;
    for (uint32_t n = 0; n < h->exact; n++)
        sum += n * h->counts[n];
    return sum;
}
