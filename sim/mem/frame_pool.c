#include "sim/mem/frame_pool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

struct pool_chunk {
    uint8_t *mapped; /* twice FRAME_POOL_BYTES, of which the aligned part is used */
};

static uint8_t *aligned_part(const struct pool_chunk *c)
{
    return c->mapped + (align_up((uintptr_t)c->mapped, FRAME_POOL_BYTES) - (uintptr_t)c->mapped);
}

static void map_chunk(struct pool_chunk *c)
{
    c->mapped = mmap(NULL, 2 * FRAME_POOL_BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (c->mapped == MAP_FAILED)
        panic("out of memory (%llu bytes)", (unsigned long long)FRAME_POOL_BYTES);
    /* A wish; without it all works the same. */
    madvise(aligned_part(c), FRAME_POOL_BYTES, MADV_HUGEPAGE);
}

uint8_t *frame_pool_at(struct frame_pool *p, uint64_t pa)
{
    uint64_t n = pa / FRAME_POOL_BYTES;
    if (n >= p->count) {
        uint64_t count = max_u64(n + 1, p->count * 2);
        p->chunks = xrealloc(p->chunks, count * sizeof *p->chunks);
        memset(p->chunks + p->count, 0, (count - p->count) * sizeof *p->chunks);
        p->count = count;
    }
    if (!p->chunks[n].mapped)
        map_chunk(&p->chunks[n]);
    return aligned_part(&p->chunks[n]) + pa % FRAME_POOL_BYTES;
}

void frame_pool_destroy(struct frame_pool *p)
{
    for (uint64_t n = 0; n < p->count; n++)
        if (p->chunks[n].mapped)
            munmap(p->chunks[n].mapped, 2 * FRAME_POOL_BYTES);
    free(p->chunks);
    *p = (struct frame_pool){0};
}
