/* Global branch history of any length for predictors with geometric history lengths: folds of its
 * last L branches, for any L and for any moment that still lies in the ring, in time that depends
 * on neither.
 *
 * Each branch adds a symbol of two bits. The fold of L symbols is the exclusive or of the words of
 * 64 bits that they fill when the youngest stands highest, which is what the circular shift
 * registers of the hardware compute (Michaud 2005, section 3.1) for a register of 64 bits. Here it
 * comes from a running exclusive or of whole words and the masked words at both ends, so that
 * nothing has to be updated per length and a restore only cuts the end off.
 *
 * Exact while HISTORY_MAX and the branches in flight fit the ring together. */
#ifndef MODELS_PIPELINE_BPRED_HISTORY_H
#define MODELS_PIPELINE_BPRED_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#define HISTORY_WORDS 256 /* of 32 symbols; a power of two */
#define HISTORY_MAX   3000 /* symbols in a fold; over 5000 are left for branches in flight */

struct history {
    uint64_t bits; /* pushed since the start */
    struct {
        uint64_t word;
        uint64_t before; /* exclusive or of all words before this one */
    } ring[HISTORY_WORDS];
};

static inline uint64_t history_low_bits(uint64_t word, uint64_t bits)
{
    return word & ((UINT64_C(1) << (bits & 63)) - 1);
}

static inline void history_push(struct history *h, uint32_t symbol)
{
    uint64_t place = h->bits / 64 % HISTORY_WORDS;
    h->ring[place].word |= (uint64_t)(symbol & 3) << (h->bits & 63);
    h->bits += 2;
    if (!(h->bits & 63)) {
        uint64_t next = (place + 1) % HISTORY_WORDS;
        h->ring[next].before = h->ring[place].before ^ h->ring[place].word;
        h->ring[next].word = 0;
    }
}

/* Forgets all that was pushed since h->bits was `bits`. */
static inline void history_restore(struct history *h, uint64_t bits)
{
    uint64_t place = bits / 64 % HISTORY_WORDS;
    h->ring[place].word = history_low_bits(h->ring[place].word, bits);
    h->bits = bits;
}

/* The half of a fold that does not depend on the length: everything before the moment `bits`. */
static inline uint64_t history_until(const struct history *h, uint64_t bits)
{
    uint64_t place = bits / 64 % HISTORY_WORDS;
    return h->ring[place].before ^ history_low_bits(h->ring[place].word, bits);
}

/* The last `length` symbols at the moment `bits`; `until` is history_until of it. */
static inline uint64_t history_fold(const struct history *h, uint64_t bits, uint64_t until,
                                    uint32_t length)
{
    uint64_t start = bits - 2 * length;
    uint64_t fold = until ^ history_until(h, start);
    uint32_t turn = bits & 63;
    return fold >> turn | fold << (-turn & 63); /* the same wherever in the ring it stands */
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

/* Scatters 32 bits of (folded history ^ address); tables take their index from the top 16 bits and
 * the tag from the 16 below. */
static inline uint64_t history_hash(uint64_t fold, uint32_t address)
{
    return ((uint32_t)(fold ^ fold >> 32) ^ address) * UINT64_C(0x9e3779b97f4a7c15);
}

/* One step of a xorshift generator (Marsaglia 2003) for allocation; never 0 once it is not. */
static inline uint32_t history_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

#endif
