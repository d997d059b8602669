#include "sim/mem/phys.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/mem/frame_pool.h"

/* Frames are found by frame number through a two-level table: physical addresses are handed out
 * from zero upwards, so the first level stays short. */
#define LEAF_BITS   10
#define LEAF_FRAMES (1u << LEAF_BITS)

struct leaf {
    struct frame frame[LEAF_FRAMES];
};

/* Released runs of one size, a stack: the hottest in the host's caches is used first. */
struct run_list {
    uint64_t *pa;
    uint64_t count, room;
};

struct phys {
    struct frame_pool pool;
    struct run_list released[64]; /* by log2 of the size */
    struct leaf **leaves;
    uint64_t leaf_count;
    uint64_t next_free_pa;
    uint64_t resident_frames;
    struct phys_listener *listeners;
    uint32_t spaces; /* numbered so far */
    bool has_large_pages;
};

struct phys *phys_create(void) { return xcalloc(1, sizeof(struct phys)); }

void phys_destroy(struct phys *p)
{
    for (uint64_t l = 0; l < p->leaf_count; l++)
        free(p->leaves[l]);
    frame_pool_destroy(&p->pool);
    for (uint32_t n = 0; n < ARRAY_LEN(p->released); n++)
        free(p->released[n].pa);
    free(p->leaves);
    free(p);
}

static struct frame *frame_slot(struct phys *p, uint64_t pa)
{
    uint64_t leaf = pa >> (FRAME_BITS + LEAF_BITS);
    if (leaf >= p->leaf_count) {
        uint64_t count = max_u64(leaf + 1, p->leaf_count * 2);
        p->leaves = xrealloc(p->leaves, count * sizeof *p->leaves);
        memset(p->leaves + p->leaf_count, 0, (count - p->leaf_count) * sizeof *p->leaves);
        p->leaf_count = count;
    }
    if (!p->leaves[leaf])
        p->leaves[leaf] = xcalloc(1, sizeof(struct leaf));
    return &p->leaves[leaf]->frame[(pa >> FRAME_BITS) & (LEAF_FRAMES - 1)];
}

struct frame *phys_frame(struct phys *p, uint64_t pa)
{
    struct frame *f = frame_slot(p, pa);
    if (!f->host) {
        f->host = frame_pool_at(&p->pool, align_down(pa, FRAME_BYTES));
        if (f->is_stale)
            memset(f->host, 0, FRAME_BYTES);
        f->is_stale = false;
        p->resident_frames++;
    }
    return f;
}

bool phys_has_frame(struct phys *p, uint64_t pa) { return frame_slot(p, pa)->host; }

struct frame *phys_borrow(struct phys *p, uint64_t pa, uint8_t *host)
{
    struct frame *f = frame_slot(p, pa);
    *f = (struct frame){.host = host, .borrowed = true, .is_stale = f->is_stale,
                        .sharers = f->sharers};
    p->resident_frames++;
    return f;
}

void phys_free(struct phys *p, uint64_t pa)
{
    struct frame *f = frame_slot(p, pa);
    if (!f->host)
        return;
    phys_code_written(p, pa);
    *f = (struct frame){.is_stale = f->is_stale || !f->borrowed, .sharers = f->sharers};
    p->resident_frames--;
}

uint64_t phys_reserve(struct phys *p, uint64_t bytes)
{
    struct run_list *list = &p->released[ilog2(bytes)];
    if (list->count)
        return list->pa[--list->count];
    uint64_t pa = align_up(p->next_free_pa, bytes);
    p->next_free_pa = pa + bytes;
    return pa;
}

void phys_release(struct phys *p, uint64_t pa, uint64_t bytes)
{
    struct run_list *list = &p->released[ilog2(bytes)];
    struct frame *first = frame_slot(p, pa);
    if (first->sharers) {
        first->sharers--;
        return;
    }
    for (uint64_t at = 0; at < bytes; at += FRAME_BYTES)
        phys_free(p, pa + at);
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 64;
        list->pa = xrealloc(list->pa, list->room * sizeof *list->pa);
    }
    list->pa[list->count++] = pa;
}

void phys_share(struct phys *p, uint64_t pa) { frame_slot(p, pa)->sharers++; }
bool phys_is_shared(struct phys *p, uint64_t pa) { return frame_slot(p, pa)->sharers; }

void phys_add_listener(struct phys *p, struct phys_listener *l)
{
    l->next = p->listeners;
    p->listeners = l;
}

void phys_remove_listener(struct phys *p, struct phys_listener *l)
{
    struct phys_listener **link = &p->listeners;
    while (*link && *link != l)
        link = &(*link)->next;
    if (*link)
        *link = l->next;
}

void phys_code_written(struct phys *p, uint64_t pa)
{
    struct frame *f = frame_slot(p, pa);
    if (!f->has_code)
        return;
    f->has_code = false;
    f->code_parts = f->stores_beside = 0;
    for (struct phys_listener *l = p->listeners; l; l = l->next)
        l->code_written(l->ctx, align_down(pa, FRAME_BYTES));
}

/* Memory of one's own is shared for reading only: whoever stores to it gets a copy first. */
void phys_code_made(struct phys *p, struct frame *f)
{
    f->has_code = true;
    for (struct phys_listener *l = f->borrowed ? p->listeners : NULL; l; l = l->next)
        if (l->code_shared)
            l->code_shared(l->ctx);
}

void phys_use_large_pages(struct phys *p, bool yes) { p->has_large_pages = yes; }
bool phys_has_large_pages(const struct phys *p) { return p->has_large_pages; }
uint32_t phys_number_space(struct phys *p) { return p->spaces++; }

uint64_t phys_resident_bytes(const struct phys *p) { return p->resident_frames * FRAME_BYTES; }
