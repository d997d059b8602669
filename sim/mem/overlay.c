#include "sim/mem/overlay.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

#define FIRST_ROOM 256u
static_assert(OVERLAY_LINES < UINT16_MAX, "a number + 1 fits the buckets");

/* No access has a tag like this. */
static uint64_t guarded(uint64_t page) { return page | 1; }

static uint16_t *bucket_of(struct overlay *o, uint64_t line_ea)
{
    uint64_t n = line_ea / OVERLAY_LINE_BYTES;
    return &o->newest[(n ^ n >> 10) % OVERLAY_BUCKETS];
}

static uint16_t *page_lines_of(struct overlay *o, uint64_t ea)
{
    return &o->page_lines[(ea >> FRAME_BITS) % OVERLAY_PAGE_SLOTS];
}

/* The newest copy; NULL when there is none. */
static struct overlay_line *find(struct overlay *o, uint64_t line_ea)
{
    for (uint32_t n = *bucket_of(o, line_ea); n; n = o->lines[n - 1].older)
        if (o->lines[n - 1].ea == line_ea)
            return &o->lines[n - 1];
    return NULL;
}

/* A copy of the line for this level; NULL when there is no room for another. */
static struct overlay_line *copy_line(struct overlay *o, uint64_t line_ea,
                                      const struct overlay_line *from, const void *host)
{
    if (o->count == OVERLAY_LINES)
        return NULL;
    const uint32_t number = from ? (uint32_t)(from - o->lines) : 0;
    if (o->count == o->room) {
        o->room = o->room ? 2 * o->room : FIRST_ROOM;
        o->lines = xrealloc(o->lines, o->room * sizeof *o->lines);
    }
    struct overlay_line *l = &o->lines[o->count++];
    uint16_t *bucket = bucket_of(o, line_ea);
    l->ea = line_ea;
    l->level = o->level;
    l->older = *bucket;
    *bucket = (uint16_t)o->count;
    ++*page_lines_of(o, line_ea);
    memcpy(l->bytes, from ? (const void *)o->lines[number].bytes : host, OVERLAY_LINE_BYTES);
    return l;
}

/* The soft TLB's entry becomes the page's. The tags of what it may not be used for are
 * SOFT_TLB_NONE until somebody has asked. */
static enum mmu_result enter(struct overlay *o, uint64_t ea, enum mmu_access access)
{
    struct soft_tlb_entry *e = soft_tlb_entry(o->tlb, ea);
    struct frame *frame;
    uint64_t frame_pa, page = PAGE_OF(ea);
    enum mmu_result result = mmu_look(o->below, ea, access, &frame, &frame_pa);
    if (result != MMU_OK)
        return result;
    soft_tlb_place(e, (uint64_t)(uintptr_t)frame->host - page, frame_pa - page);
    if (access == MMU_STORE)
        e->store_tag = guarded(page);
    else
        e->load_tag = guarded(page);
    return MMU_OK;
}

static uint32_t part_of_line(uint64_t ea, uint32_t bytes)
{
    return (uint32_t)min_u64(bytes, OVERLAY_LINE_BYTES - ea % OVERLAY_LINE_BYTES);
}

static enum mmu_result load(struct mmu *m, uint64_t ea, void *to, uint32_t bytes)
{
    struct overlay *o = (struct overlay *)m;
    struct soft_tlb_entry *e = soft_tlb_entry(o->tlb, ea);
    uint8_t *out = to;
    if (e->load_tag != guarded(PAGE_OF(ea))) {
        enum mmu_result result = enter(o, ea, MMU_LOAD);
        if (result != MMU_OK)
            return result;
    }
    if (!*page_lines_of(o, ea)) {
        e->load_tag = PAGE_OF(ea);
        memcpy(out, soft_tlb_host(o->tlb, ea), bytes);
        return MMU_OK;
    }
    for (uint32_t part; bytes; out += part, ea += part, bytes -= part) {
        const struct overlay_line *l = find(o, ea - ea % OVERLAY_LINE_BYTES);
        part = part_of_line(ea, bytes);
        memcpy(out, l ? l->bytes + ea % OVERLAY_LINE_BYTES : soft_tlb_host(o->tlb, ea), part);
    }
    return MMU_OK;
}

static enum mmu_result store(struct mmu *m, uint64_t ea, const void *from, uint32_t bytes)
{
    struct overlay *o = (struct overlay *)m;
    struct soft_tlb_entry *e = soft_tlb_entry(o->tlb, ea);
    const uint8_t *in = from;
    if (e->store_tag != guarded(PAGE_OF(ea))) {
        enum mmu_result result = enter(o, ea, MMU_STORE);
        if (result != MMU_OK)
            return result;
    }
    if (e->load_tag == PAGE_OF(ea))
        e->load_tag = guarded(PAGE_OF(ea));
    for (uint32_t part; bytes; in += part, ea += part, bytes -= part) {
        uint64_t line_ea = ea - ea % OVERLAY_LINE_BYTES;
        struct overlay_line *l = find(o, line_ea);
        part = part_of_line(ea, bytes);
        if (!l || l->level < o->level)
            l = copy_line(o, line_ea, l, soft_tlb_host(o->tlb, line_ea));
        if (!l)
            return MMU_BUS_ERROR;
        memcpy(l->bytes + ea % OVERLAY_LINE_BYTES, in, part);
    }
    return MMU_OK;
}

/* Of fetches; loads and stores go the way above. */
static enum mmu_result translate(struct mmu *m, uint64_t ea, enum mmu_access access,
                                 struct frame **frame, uint64_t *frame_pa)
{
    struct overlay *o = (struct overlay *)m;
    return mmu_look(o->below, ea, access, frame, frame_pa);
}

void overlay_init(struct overlay *o, struct soft_tlb *tlb)
{
    *o = (struct overlay){.mmu = {.translate = translate, .load = load, .store = store},
                          .tlb = tlb};
}

void overlay_free(struct overlay *o) { free(o->lines); }

void overlay_set_below(struct overlay *o, struct mmu *below)
{
    assert(o->level == 0);
    o->below = below;
}

/* Lines go in the opposite order, so each is the first of its bucket. A page that has none any more
 * can be loaded from quickly, unless its entry is another page's by now. */
void overlay_pop(struct overlay *o, uint32_t level)
{
    assert(level <= o->level);
    while (o->count > 0 && o->lines[o->count - 1].level > level) {
        const struct overlay_line *l = &o->lines[--o->count];
        *bucket_of(o, l->ea) = (uint16_t)l->older;
        if (--*page_lines_of(o, l->ea))
            continue;
        struct soft_tlb_entry *e = soft_tlb_entry(o->tlb, l->ea);
        if (e->load_tag == guarded(PAGE_OF(l->ea)))
            e->load_tag = PAGE_OF(l->ea);
    }
    o->level = level;
}
