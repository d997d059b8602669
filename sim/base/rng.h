/* A seeded random number generator, an object so that every user draws from its own repeatable
 * stream (xorshift64*, Vigna 2016). Not for cryptography. */
#ifndef SIM_BASE_RNG_H
#define SIM_BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state; /* never zero */
};

static inline struct rng rng_seeded(uint64_t seed)
{
    /* The finalizer of splitmix64 (Steele 2014): one to one, so that neighbours start far apart. */
    uint64_t z = seed + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (struct rng){z ? z : 1};
}

static inline uint64_t rng_next(struct rng *r)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* Uniform in 0..bound-1; the modulo bias is below 2^-32 for the small bounds used here. */
static inline uint64_t rng_below(struct rng *r, uint64_t bound) { return rng_next(r) % bound; }

#endif
