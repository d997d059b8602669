/* Host memory for frames: carved from large pages of the host where it has them, so that a guest
 * that wanders over much memory costs few misses of the host's TLB. */
#ifndef SIM_MEM_FRAME_POOL_H
#define SIM_MEM_FRAME_POOL_H

#include <stdint.h>

struct frame_pool {
    uint8_t *next, *end;   /* of the newest chunk: what was never given out */
    void *released;        /* given back; the first word of each leads to the next */
    struct pool_chunk *chunks;
};

/* FRAME_BYTES of zeros, aligned to their size. Panics when the host has no memory. A zeroed pool is
 * an empty one. */
uint8_t *frame_pool_take(struct frame_pool *p);
void frame_pool_give(struct frame_pool *p, uint8_t *frame);
/* With all frames that were taken from it. */
void frame_pool_destroy(struct frame_pool *p);

#endif
