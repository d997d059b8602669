#include "sim/mem/frame_pool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/mem/phys.h"

#define CHUNK_BYTES (UINT64_C(2) << 20) /* the large page of x86-64 and, mostly, of AArch64 */

struct pool_chunk {
    void *mapped; /* two chunks long: one aligned chunk lies in it, the rest is never touched */
    struct pool_chunk *older;
};

static void add_chunk(struct frame_pool *p)
{
    struct pool_chunk *c = xmalloc(sizeof *c);
    c->mapped = mmap(NULL, 2 * CHUNK_BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (c->mapped == MAP_FAILED)
        panic("out of memory (%llu bytes)", (unsigned long long)CHUNK_BYTES);
    c->older = p->chunks;
    p->chunks = c;
    p->next = (uint8_t *)align_up((uintptr_t)c->mapped, CHUNK_BYTES);
    p->end = p->next + CHUNK_BYTES;
    madvise(p->next, CHUNK_BYTES, MADV_HUGEPAGE); /* a wish; without it all works the same */
}

uint8_t *frame_pool_take(struct frame_pool *p)
{
    uint8_t *frame = p->released;
    if (frame) {
        memcpy(&p->released, frame, sizeof p->released);
        return memset(frame, 0, FRAME_BYTES);
    }
    if (p->next == p->end)
        add_chunk(p);
    frame = p->next;
    p->next += FRAME_BYTES;
    return frame;
}

void frame_pool_give(struct frame_pool *p, uint8_t *frame)
{
    memcpy(frame, &p->released, sizeof p->released);
    p->released = frame;
}

void frame_pool_destroy(struct frame_pool *p)
{
    while (p->chunks) {
        struct pool_chunk *c = p->chunks;
        p->chunks = c->older;
        munmap(c->mapped, 2 * CHUNK_BYTES);
        free(c);
    }
    *p = (struct frame_pool){0};
}
