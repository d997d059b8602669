/* Sets of reorder buffer entries as bitmaps, walked from the oldest entry on. The ring has a
 * multiple of 64 entries, a power of two. */
#ifndef MODELS_PIPELINE_OOO_WINDOW_H
#define MODELS_PIPELINE_OOO_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_MAX       1024u
#define WINDOW_MAX_WORDS (WINDOW_MAX / 64)

/* 16 words serve the largest window; a smaller one uses the first few. */
struct window_set {
    uint32_t count;
    uint64_t bits[WINDOW_MAX_WORDS];
};

static inline bool window_has(const struct window_set *s, uint32_t n)
{
    return s->bits[n >> 6] >> (n & 63) & 1;
}

/* n must not be in the set. */
static inline void window_add(struct window_set *s, uint32_t n)
{
    s->bits[n >> 6] |= UINT64_C(1) << (n & 63);
    s->count++;
}

/* n must be in the set. */
static inline void window_remove(struct window_set *s, uint32_t n)
{
    s->bits[n >> 6] &= ~(UINT64_C(1) << (n & 63));
    s->count--;
}

/* The first member at or after `start`, around the ring of `words` x 64; the set must not be
 * empty. */
static inline uint32_t window_first(const struct window_set *s, uint32_t words, uint32_t start)
{
    uint32_t w = start >> 6;
    uint64_t bits = s->bits[w] & ~UINT64_C(0) << (start & 63);
    while (!bits) {
        w = (w + 1) & (words - 1);
        bits = s->bits[w];
    }
    return (w << 6) + (uint32_t)__builtin_ctzll(bits);
}

#endif
