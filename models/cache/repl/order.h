/* The order of the ways of each set, for policies that move a way to the front and evict the last:
 * LRU when every use moves it, FIFO when only the fill does.
 *
 * Up to 16 ways are one word of 4-bit way numbers per set, front in the lowest bits; more ways
 * are a time stamp each, so that moving stays O(1) and only finding the last is a scan. */
#ifndef MODELS_CACHE_REPL_ORDER_H
#define MODELS_CACHE_REPL_ORDER_H

#include <stdint.h>

#define ORDER_PACKED_WAYS 16

struct order {
    uint32_t ways;
    uint64_t stamps;  /* the last stamp given */
    uint64_t *packed; /* [set], or NULL */
    uint64_t *stamp;  /* [set * ways + way], or NULL */
};

void order_init(struct order *o, uint32_t sets, uint32_t ways);
void order_free(struct order *o);
uint32_t order_last(const struct order *o, uint32_t set);

static inline void order_to_front(struct order *o, uint32_t set, uint32_t way)
{
    const uint64_t ones = UINT64_C(0x1111111111111111);
    if (!o->packed) {
        o->stamp[(uint64_t)set * o->ways + way] = ++o->stamps;
        return;
    }
    /* The nibble equal to `way` becomes zero; the lowest borrow out of a nibble finds it. */
    uint64_t word = o->packed[set], differ = word ^ ones * way;
    uint64_t zero = (differ - ones) & ~differ & ones << 3;
    uint64_t ahead = (UINT64_C(1) << (__builtin_ctzll(zero) - 3)) - 1;
    o->packed[set] = (word & ~(ahead << 4 | 15)) | (word & ahead) << 4 | way;
}

#endif
