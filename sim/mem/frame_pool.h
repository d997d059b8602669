/* Host memory for frames, in large pages of the host where it has them, so that a guest that
 * wanders over much memory costs few misses of the host's TLB. Each stretch of FRAME_POOL_BYTES of
 * physical addresses has its own, so that neighbours there are neighbours in the host as well. */
#ifndef SIM_MEM_FRAME_POOL_H
#define SIM_MEM_FRAME_POOL_H

#include <stdint.h>

#define FRAME_POOL_BYTES (UINT64_C(2) << 20) /* the large page of x86-64 and, mostly, of AArch64 */

struct frame_pool {
    struct pool_chunk *chunks; /* by pa / FRAME_POOL_BYTES, made when asked for */
    uint64_t count;
};

/* Where the byte at pa lies: zero until somebody writes to it, aligned as pa is. Panics when the
 * host has no memory. A zeroed pool is an empty one. */
uint8_t *frame_pool_at(struct frame_pool *p, uint64_t pa);
void frame_pool_destroy(struct frame_pool *p);

#endif
