/* Best-offset prefetch (Michaud: Best-Offset Hardware Prefetching, HPCA 2016): one offset for all
 * accesses, chosen by a tournament among 52. Offset d scores when line X is used and X - d was
 * asked for long enough ago that a prefetch of X made then would have arrived: the table of recent
 * requests is written when lines arrive, not when they are asked for. */
#include <stdlib.h>
#include <string.h>

#include "models/cache/prefetch/prefetch.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/schema.h"

#define BEST_OFFSET_KEYS(X, o)                                                                     \
    X(o, U32, best_offset_table_bits, "8", "1", "16", "the table has 2^n recent requests")         \
    X(o, U32, best_offset_score_max, "31", "1", "255", "score that ends a tournament")             \
    X(o, U32, best_offset_round_max, "100", "1", "65535", "rounds after which one ends anyway")    \
    X(o, U32, best_offset_bad_score, "1", "0", "255", "up to this score nothing is prefetched")

struct best_offset_keys {
    BEST_OFFSET_KEYS(KEY_MEMBER, best_offset_keys)
};
static const struct key_row best_offset_key_rows[] = {BEST_OFFSET_KEYS(KEY_ROW, best_offset_keys)
                                                          KEY_END};

/* The numbers up to 256 without a prime factor above 5 (section 4.2 of the paper). */
static const uint16_t offsets[] = {1,   2,   3,   4,   5,   6,   8,   9,   10,  12,  15,  16,  18,
                                   20,  24,  25,  27,  30,  32,  36,  40,  45,  48,  50,  54,  60,
                                   64,  72,  75,  80,  81,  90,  96,  100, 108, 120, 125, 128, 135,
                                   144, 150, 160, 162, 180, 192, 200, 216, 225, 240, 243, 250, 256};
enum { OFFSETS = ARRAY_LEN(offsets) };
_Static_assert(OFFSETS == 52, "as many as the paper has");

struct best_offset {
    struct best_offset_keys keys;
    unsigned line_shift;
    uint64_t offset; /* in use, in lines */
    bool is_on;
    uint32_t score[OFFSETS], tested, rounds; /* of the tournament under way */
    uint32_t mask;
    uint64_t recent[]; /* line numbers plus 1, direct-mapped; 0: none */
};

static void *best_offset_create(const struct prefetch_setup *setup)
{
    const struct best_offset_keys *k = setup->keys;
    uint32_t entries = UINT32_C(1) << k->best_offset_table_bits;
    struct best_offset *p = xcalloc(1, sizeof *p + entries * sizeof *p->recent);
    p->keys = *k;
    p->line_shift = ilog2(setup->line_bytes);
    p->mask = entries - 1;
    p->offset = 1;
    p->is_on = true;
    return p;
}

/* The table is indexed by the line number xored with its upper part (section 4.4). */
static uint64_t *recent_entry(struct best_offset *p, uint64_t line)
{
    return &p->recent[(line ^ line >> p->keys.best_offset_table_bits) & p->mask];
}

static void end_tournament(struct best_offset *p)
{
    uint32_t best = 0;
    for (uint32_t n = 1; n < OFFSETS; n++)
        if (p->score[n] > p->score[best])
            best = n;
    p->offset = offsets[best];
    p->is_on = p->score[best] > p->keys.best_offset_bad_score;
    memset(p->score, 0, sizeof p->score);
    p->tested = p->rounds = 0;
}

/* Each access tests one offset. */
static void learn(struct best_offset *p, uint64_t line)
{
    uint32_t n = p->tested;
    uint64_t base = line - offsets[n];
    if (*recent_entry(p, base) == base + 1)
        p->score[n]++;
    if (++p->tested == OFFSETS) {
        p->tested = 0;
        p->rounds++;
    }
    if (p->score[n] >= p->keys.best_offset_score_max || p->rounds == p->keys.best_offset_round_max)
        end_tournament(p);
}

static void best_offset_observe(void *prefetcher, const struct prefetch_access *a,
                                struct prefetch_list *wanted)
{
    struct best_offset *p = prefetcher;
    uint64_t line = a->pa >> p->line_shift;
    if (!a->is_miss && !a->is_first_use)
        return;
    learn(p, line);
    if (p->is_on)
        prefetch_want(wanted, (line + p->offset) << p->line_shift);
}

/* The request that a prefetch stands for is that of its base; while nothing is prefetched, every
 * line stands for itself. */
static void best_offset_filled(void *prefetcher, uint64_t pa, bool is_prefetch)
{
    struct best_offset *p = prefetcher;
    uint64_t line = pa >> p->line_shift;
    if (is_prefetch)
        line -= p->offset;
    else if (p->is_on)
        return;
    *recent_entry(p, line) = line + 1;
}

const struct prefetch_ops prefetch_best_offset = {
    .name = "best_offset",
    .keys = best_offset_key_rows,
    .keys_bytes = sizeof(struct best_offset_keys),
    .create = best_offset_create,
    .destroy = free,
    .observe = best_offset_observe,
    .filled = best_offset_filled,
};
