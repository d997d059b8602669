#include "sim/mem/overlay.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/base/err.h"

/* The newest copy of a page; few are in use at a time. */
static struct overlay_page *find(const struct overlay *o, uint64_t page_ea)
{
    for (uint32_t n = o->count; n-- > 0;)
        if (o->pages[n]->page_ea == page_ea)
            return o->pages[n];
    return NULL;
}

static struct overlay_page *copy_page(struct overlay *o, uint64_t page_ea, const uint8_t *from)
{
    if (o->count == OVERLAY_PAGES)
        return NULL;
    if (o->count == o->room)
        o->pages[o->room++] = xmalloc(sizeof(struct overlay_page));
    struct overlay_page *p = o->pages[o->count++];
    p->page_ea = page_ea;
    p->level = o->level;
    p->frame = (struct frame){.host = p->bytes};
    memcpy(p->bytes, from, FRAME_BYTES);
    return p;
}

static enum mmu_result translate(struct mmu *m, uint64_t ea, enum mmu_access access,
                                 struct frame **frame, uint64_t *frame_pa)
{
    struct overlay *o = (struct overlay *)m;
    enum mmu_result result = mmu_look(o->below, ea, access, frame, frame_pa);
    if (result != MMU_OK || access == MMU_FETCH)
        return result;
    struct overlay_page *p = find(o, PAGE_OF(ea));
    if (access == MMU_STORE && (!p || p->level < o->level)) {
        p = copy_page(o, PAGE_OF(ea), p ? p->bytes : (*frame)->host);
        if (!p)
            return MMU_BUS_ERROR;
    }
    if (p)
        *frame = &p->frame;
    return MMU_OK;
}

void overlay_init(struct overlay *o, struct soft_tlb *tlb)
{
    *o = (struct overlay){.mmu = {.translate = translate}, .tlb = tlb};
}

void overlay_free(struct overlay *o)
{
    for (uint32_t n = 0; n < o->room; n++)
        free(o->pages[n]);
}

void overlay_set_below(struct overlay *o, struct mmu *below)
{
    assert(o->level == 0);
    o->below = below;
}

/* The first store of the new level to each page of this one must come here to be copied; pages of
 * levels below it have been taken back before. */
void overlay_push(struct overlay *o)
{
    for (uint32_t n = o->count; n > 0 && o->pages[n - 1]->level == o->level; n--)
        soft_tlb_entry(o->tlb, o->pages[n - 1]->page_ea)->store_tag = SOFT_TLB_NONE;
    o->level++;
}

/* The entry may be another page's by now; that one is looked for again. */
void overlay_pop(struct overlay *o, uint32_t level)
{
    assert(level <= o->level);
    for (; o->count > 0 && o->pages[o->count - 1]->level > level; o->count--) {
        struct soft_tlb_entry *e = soft_tlb_entry(o->tlb, o->pages[o->count - 1]->page_ea);
        e->load_tag = e->store_tag = SOFT_TLB_NONE;
    }
    o->level = level;
}
