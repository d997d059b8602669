/* Histograms of exact counts. Declared by their owner in rows, like statistics:
 *
 *   #define CORE_HISTS(X, o)                                                                      \
 *       X(o, retired_per_cycle, INSTRUCTIONS, CYCLES, "instructions retired in a cycle")
 *   struct core_hists { CORE_HISTS(HIST_MEMBER, core_hists) };
 *   const struct hist_row core_hist_rows[] = { CORE_HISTS(HIST_ROW, core_hists) HIST_END };
 *
 *   hists_create(core_hist_rows, &core->hists);            before the first cycle
 *   hist_limit(&core->hists.rob, entries);                 where there is a largest value
 *   stats_add_hists(s, "core", core_hist_rows, &core->hists);
 *   ... hist_add(&core->hists.retired_per_cycle, retired);       without a limit
 *   ... hist_add_times(&core->hists.rob, in_use, cycles);        with one
 *   hists_destroy(core_hist_rows, &core->hists);
 *
 * With a limit each value has a bin of its own. Without, those below HIST_EXACT have, and from
 * there on each octave has HIST_PARTS bins, so that a bin is at most an eighth of its values wide.
 * The sum of the values is exact in any case: that of the wide bins is kept beside them. */
#ifndef SIM_SCHEMA_HIST_H
#define SIM_SCHEMA_HIST_H

#include "sim/schema/schema.h"

#define HIST_EXACT 64u
#define HIST_PARTS 8u
#define HIST_BINS  (HIST_EXACT + HIST_PARTS * (64 - 6)) /* up to the largest u64 */

struct hist {
    uint64_t *counts; /* [bins] */
    uint64_t far_sum; /* of the values in bins that hold several */
    uint32_t exact;   /* values below have a bin each */
    uint32_t bins;
};

void hists_create(const struct hist_row *rows, void *base);
void hists_destroy(const struct hist_row *rows, void *base);
/* No value will be larger; while the histogram is empty. */
void hist_limit(struct hist *h, uint32_t largest);

/* A value of HIST_EXACT or more. */
void hist_add_far(struct hist *h, uint64_t value);

/* To a histogram without a limit. */
static inline void hist_add(struct hist *h, uint64_t value)
{
    if (__builtin_expect(value < HIST_EXACT, 1))
        h->counts[value]++;
    else
        hist_add_far(h, value);
}

/* A value below HIST_EXACT, or within the histogram's limit. */
static inline void hist_add_times(struct hist *h, uint64_t value, uint64_t times)
{
    h->counts[value] += times;
}

/* The smallest value of a bin; of `bins`: one past the largest value, or UINT64_MAX. */
uint64_t hist_edge(const struct hist *h, uint32_t bin);
uint64_t hist_count(const struct hist *h);
uint64_t hist_sum(const struct hist *h); /* of the values */

#endif
