/* Global branch history of any length for predictors with geometric history lengths: a hash of its
 * last L branches, for any L and for any moment that still lies in the ring, in time that depends
 * on neither.
 *
 * Each branch adds a symbol of two bits. Hardware folds the last L of them into circular shift
 * registers, one for each table and use (Michaud 2005), which have to be checkpointed. Here the
 * hash of all history is kept for each moment, hash' = hash * B + symbol * C modulo 2^64, so that
 * the last L symbols alone are the difference of two of them (Rabin and Karp 1987), and a restore
 * only steps back. As a hash it is at least as good: no two ages of a symbol look alike.
 *
 * Exact while HISTORY_MAX and the branches in flight fit the ring together. */
#ifndef MODELS_PIPELINE_BPRED_HISTORY_H
#define MODELS_PIPELINE_BPRED_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#define HISTORY_RING 8192 /* moments; a power of two */
#define HISTORY_MAX  3000 /* symbols in a hash; over 5000 are left for branches in flight */

#define HISTORY_BASE   UINT64_C(0xd1342543de82ef95) /* B and C: odd, without pattern */
#define HISTORY_SYMBOL UINT64_C(0x9e3779b97f4a7c15)

struct history {
    uint64_t moment;             /* symbols pushed since the start */
    uint64_t hash[HISTORY_RING]; /* of all history at that moment */
};

/* A length of history, and B to its power. */
struct history_length {
    uint32_t symbols;
    uint64_t power;
};

static inline struct history_length history_length(uint32_t symbols)
{
    struct history_length length = {symbols, 1};
    for (uint32_t n = 0; n < symbols; n++)
        length.power *= HISTORY_BASE;
    return length;
}

static inline void history_push(struct history *h, uint32_t symbol)
{
    uint64_t hash = h->hash[h->moment % HISTORY_RING];
    h->hash[++h->moment % HISTORY_RING] = hash * HISTORY_BASE + (symbol & 3) * HISTORY_SYMBOL;
}

/* Forgets all that was pushed since that moment. */
static inline void history_restore(struct history *h, uint64_t moment) { h->moment = moment; }

/* Of the last symbols at that moment. All bits are scattered; tables take their index from the top
 * 16 and the tag from the 16 below, after adding a hash of the address. */
static inline uint64_t history_hash(const struct history *h, uint64_t moment,
                                    const struct history_length *length)
{
    uint64_t before = h->hash[(moment - length->symbols) % HISTORY_RING];
    return h->hash[moment % HISTORY_RING] - before * length->power;
}

/* A hash of the branch's address and a small number. */
static inline uint64_t history_address(uint64_t pc, uint32_t number)
{
    return ((pc >> 2) + ((uint64_t)number << 56)) * UINT64_C(0xbf58476d1ce4e5b9);
}

/* Lengths in a geometric series from `min` to `max`, each at least one more than the one before;
 * needs min + count - 1 <= max. The ratio has 16 binary places. */
static inline void history_lengths(uint32_t *length, uint32_t count, uint32_t min, uint32_t max)
{
    uint64_t low = UINT64_C(1) << 16, high = (uint64_t)max << 16;
    while (low < high) { /* the largest ratio that does not overshoot */
        uint64_t ratio = (low + high + 1) / 2, last = (uint64_t)min << 16;
        for (uint32_t n = 1; n < count && last <= (uint64_t)max << 16; n++)
            last = last * ratio >> 16;
        if (last <= (uint64_t)max << 16)
            low = ratio;
        else
            high = ratio - 1;
    }
    uint64_t exact = (uint64_t)min << 16;
    for (uint32_t n = 0; n < count; n++, exact = exact * low >> 16) {
        length[n] = (uint32_t)((exact + (1 << 15)) >> 16);
        if (n && length[n] <= length[n - 1])
            length[n] = length[n - 1] + 1;
    }
    for (uint32_t n = count; count > 1 && n--;) /* rounding may leave the series at its end */
        if (length[n] > max - (count - 1 - n) || n == count - 1)
            length[n] = max - (count - 1 - n);
}

/* One step of a xorshift generator (Marsaglia 2003) for allocation; never 0 once it is not. */
static inline uint32_t history_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

#endif
