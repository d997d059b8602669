#include "sim/mem/process.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/mem/large_pages.h"
#include "sim/mem/page_table.h"

#define RESERVED_PAGES 65536u

struct process {
    struct mmu mmu; /* first: a struct mmu * is a struct process * */
    uint64_t system_page_bytes;
    struct areas areas;
    struct page_table pages;
    uint64_t pages_touched;
    uint32_t number;
    bool has_large_pages;
    struct large_pages large;
};

const struct area *process_area_at(const struct process *p, uint64_t ea)
{
    uint32_t n = areas_find(&p->areas, ea);
    return n < p->areas.count ? &p->areas.at[n] : NULL;
}

/* Calls fn for each touched page of the range; by table scan when the range is larger than the
 * table. */
static void pages_for_each(struct process *p, uint64_t start, uint64_t bytes,
                           void (*fn)(struct process *p, struct page *page, uint64_t arg),
                           uint64_t arg)
{
    struct page_table *t = &p->pages;
    if (bytes / p->system_page_bytes > t->slot_count) {
        for (uint64_t n = 0; n < t->slot_count; n++)
            if (t->slots[n].ea < PAGE_GONE && t->slots[n].ea - start < bytes)
                fn(p, &t->slots[n], arg);
        return;
    }
    for (uint64_t at = 0; at < bytes; at += p->system_page_bytes) {
        struct page *page = page_table_find(t, start + at);
        if (page)
            fn(p, page, arg);
    }
}

/* What was predecoded from a page is not to be used any more. */
static void page_forget_code(struct process *p, const struct page *page)
{
    for (uint64_t at = 0; at < p->system_page_bytes; at += FRAME_BYTES)
        if (page->filled >> (at / FRAME_BYTES) & 1)
            phys_code_written(p->mmu.phys, page->pa + at);
}

static void page_drop(struct process *p, struct page *page, uint64_t unused)
{
    (void)unused;
    if (phys_is_shared(p->mmu.phys, page->pa)) /* the frames stay, our view of them does not */
        page_forget_code(p, page);
    phys_release(p->mmu.phys, page->pa, p->system_page_bytes);
    if (p->has_large_pages)
        large_pages_break(&p->large, page->ea);
    page_table_remove(&p->pages, page);
}

static void page_set_prot(struct process *p, struct page *page, uint64_t prot)
{
    page_forget_code(p, page); /* what was executable may have been predecoded */
    page->prot = (uint8_t)prot;
}

void process_unmap(struct process *p, uint64_t start, uint64_t bytes)
{
    areas_split(&p->areas, start);
    areas_split(&p->areas, start + bytes);
    pages_for_each(p, start, bytes, page_drop, 0);
    areas_remove_between(&p->areas, start, start + bytes);
    mmu_flush(&p->mmu);
}

void process_map(struct process *p, uint64_t start, uint64_t bytes, uint32_t prot,
                 struct area_source *source, uint64_t source_offset, const char *name)
{
    process_unmap(p, start, bytes);
    areas_insert(&p->areas, areas_find(&p->areas, start),
                (struct area){start, start + bytes, prot, source, source_offset, name});
    areas_join(&p->areas, start, start + bytes);
}

bool process_protect(struct process *p, uint64_t start, uint64_t bytes, uint32_t prot)
{
    uint64_t covered = 0;
    areas_split(&p->areas, start);
    areas_split(&p->areas, start + bytes);
    for (uint32_t n = areas_find(&p->areas, start);
         n < p->areas.count && p->areas.at[n].start < start + bytes; n++) {
        p->areas.at[n].prot = prot;
        covered += p->areas.at[n].end - p->areas.at[n].start;
    }
    areas_join(&p->areas, start, start + bytes);
    pages_for_each(p, start, bytes, page_set_prot, prot);
    mmu_flush(&p->mmu);
    return covered == bytes;
}

void process_discard(struct process *p, uint64_t start, uint64_t bytes)
{
    pages_for_each(p, start, bytes, page_drop, 0);
    mmu_flush(&p->mmu);
}

void process_discard_borrowed(struct process *p)
{
    for (uint32_t n = 0; n < p->areas.count; n++) {
        const struct area *a = &p->areas.at[n];
        if (a->source && a->source->borrow)
            pages_for_each(p, a->start, a->end - a->start, page_drop, 0);
    }
    mmu_flush(&p->mmu);
}

void process_move(struct process *p, uint64_t from, uint64_t bytes, uint64_t to)
{
    areas_split(&p->areas, from);
    areas_split(&p->areas, from + bytes);
    areas_move(&p->areas, from, bytes, to);
    for (uint64_t at = 0; at < bytes; at += p->system_page_bytes) {
        struct page *page = page_table_find(&p->pages, from + at);
        if (!page)
            continue;
        struct page old = *page;
        page_set_prot(p, page, old.prot);
        if (p->has_large_pages)
            large_pages_break(&p->large, from + at);
        page_table_remove(&p->pages, page);
        page = page_table_insert(&p->pages, to + at);
        old.ea = to + at;
        *page = old;
    }
    mmu_flush(&p->mmu);
}

uint64_t process_find_free(const struct process *p, uint64_t bytes, uint64_t below)
{
    return areas_find_free(&p->areas, bytes, below);
}

/* A frame of the page has its content. The first one says where the run lies; borrowed ones need
 * not lie side by side. */
static void page_note_frame(const struct process *p, struct page *page, uint64_t at)
{
    uint16_t bit = (uint16_t)(1u << (at / FRAME_BYTES));
    const struct frame *frame = phys_frame(p->mmu.phys, page->pa + at);
    if (!page->in_run)
        page->host = frame->host - at;
    page->filled |= bit;
    if (page->host == frame->host - at)
        page->in_run |= bit;
    if (frame->borrowed) /* and other address spaces may predecode it */
        page->code |= bit;
}

/* Gives one frame of a touched page its content. */
static bool frame_fill(struct process *p, struct page *page, uint64_t ea, const struct area *area)
{
    uint64_t at = ea - page->ea, offset = area->source_offset + (ea - area->start);
    struct area_source *source = area->source;
    if (phys_has_frame(p->mmu.phys, page->pa + at)) {
        /* by another address space that shares the run */
    } else if (source && source->borrow) {
        uint8_t *host = source->borrow(source, offset);
        if (!host)
            return false;
        phys_borrow(p->mmu.phys, page->pa + at, host);
    } else {
        struct frame *frame = phys_frame(p->mmu.phys, page->pa + at);
        if (source && !source->fill(source, offset, frame->host)) {
            phys_free(p->mmu.phys, page->pa + at);
            return false;
        }
    }
    page_note_frame(p, page, at);
    return true;
}

static const uint32_t prot_needed[] = {
    [MMU_LOAD] = AREA_READ, [MMU_STORE] = AREA_WRITE, [MMU_FETCH] = AREA_EXEC};

static bool is_filled(const struct page *page, uint64_t ea)
{
    return page->filled >> ((ea - page->ea) / FRAME_BYTES) & 1;
}

/* Gives a page a run of its own, with a copy of what the shared one holds; unless it is the last to
 * use that. */
static void page_unshare(struct process *p, struct page *page)
{
    struct phys *phys = p->mmu.phys;
    page->copy_on_write = false;
    if (!phys_is_shared(phys, page->pa))
        return;
    uint64_t from = page->pa, to = phys_reserve(phys, p->system_page_bytes);
    page_forget_code(p, page);
    page->pa = to;
    page->in_run = page->code = 0;
    for (uint64_t at = 0; at < p->system_page_bytes; at += FRAME_BYTES)
        if (phys_has_frame(phys, from + at)) {
            memcpy(phys_frame(phys, to + at)->host, phys_frame(phys, from + at)->host,
                   FRAME_BYTES);
            if (page->filled >> (at / FRAME_BYTES) & 1)
                page_note_frame(p, page, at);
        }
    phys_release(phys, from, p->system_page_bytes);
    mmu_flush_frames(&p->mmu, page->ea, p->system_page_bytes);
    p->pages_touched++;
}

static void process_unshare(struct mmu *m, uint64_t ea)
{
    struct process *p = (struct process *)m;
    struct page *page = page_table_find(&p->pages, align_down(ea, p->system_page_bytes));
    if (page && page->copy_on_write)
        page_unshare(p, page);
}

static uint64_t page_place(struct process *p, uint64_t page_ea, const struct area *area)
{
    if (!p->has_large_pages)
        return phys_reserve(p->mmu.phys, p->system_page_bytes);
    return large_pages_place(&p->large, p->mmu.phys, &p->pages, p->system_page_bytes, area,
                             page_ea);
}

/* Who fetches is going to predecode; a store comes here as long as the page says so. */
static void page_note_code(struct page *page, uint64_t number, const struct frame *frame,
                           enum mmu_access access)
{
    uint16_t bit = (uint16_t)(1u << number);
    if (access == MMU_FETCH)
        page->code |= bit;
    else if (access == MMU_STORE && !frame->has_code && !frame->borrowed)
        page->code &= (uint16_t)~bit;
}

static enum mmu_result process_translate(struct mmu *m, uint64_t ea, enum mmu_access access,
                                         struct frame **frame, uint64_t *frame_pa)
{
    struct process *p = (struct process *)m;
    uint64_t page_ea = align_down(ea, p->system_page_bytes);
    struct page *page = page_table_find(&p->pages, page_ea);
    const struct area *area = NULL;
    if (!page) {
        area = process_area_at(p, ea);
        if (!area || area->start > ea)
            return MMU_UNMAPPED;
    }
    if (!((page ? page->prot : area->prot) & prot_needed[access]))
        return MMU_PROTECTED;
    if (!page) {
        uint64_t pa = page_place(p, page_ea, area);
        page = page_table_insert(&p->pages, page_ea);
        page->prot = (uint8_t)area->prot;
        page->pa = pa;
        p->pages_touched++;
    }
    if (page->copy_on_write && access == MMU_STORE)
        page_unshare(p, page);
    uint64_t frame_ea = align_down(ea, FRAME_BYTES);
    if (!is_filled(page, ea) &&
        !frame_fill(p, page, frame_ea, area ? area : process_area_at(p, ea)))
        return MMU_BUS_ERROR;
    *frame_pa = page->pa + (frame_ea - page_ea);
    *frame = phys_frame(p->mmu.phys, *frame_pa);
    page_note_code(page, (frame_ea - page_ea) / FRAME_BYTES, *frame, access);
    return MMU_OK;
}

/* A page that was never touched is as good as none. */
static enum mmu_result process_look(struct mmu *m, uint64_t ea, enum mmu_access access,
                                    struct frame **frame, uint64_t *frame_pa)
{
    struct process *p = (struct process *)m;
    struct page *page = page_table_find(&p->pages, align_down(ea, p->system_page_bytes));
    if (!page || !is_filled(page, ea))
        return MMU_UNMAPPED;
    if (!(page->prot & prot_needed[access]))
        return MMU_PROTECTED;
    *frame_pa = page->pa + (align_down(ea, FRAME_BYTES) - page->ea);
    *frame = phys_frame(p->mmu.phys, *frame_pa);
    page_note_code(page, (ea - page->ea) / FRAME_BYTES, *frame, access);
    return MMU_OK;
}

struct process *process_create(struct phys *phys, uint64_t system_page_bytes)
{
    struct process *p = xcalloc(1, sizeof *p);
    p->mmu = (struct mmu){.translate = process_translate, .look = process_look,
                          .unshare = process_unshare, .phys = phys, .pages = &p->pages,
                          .page_bytes = system_page_bytes};
    p->system_page_bytes = system_page_bytes;
    p->number = phys_number_space(phys);
    p->has_large_pages = phys_has_large_pages(phys);
    page_table_init(&p->pages);
    large_pages_init(&p->large);
    return p;
}

/* Pages that were never touched get their run here: both address spaces shall know the same bytes
 * by the same physical addresses. Of a huge mapping that is mostly a hole that costs too much. */
static void reserve_shared(struct process *p, const struct area *a)
{
    bool is_huge = (a->end - a->start) / p->system_page_bytes > RESERVED_PAGES;
    for (uint64_t ea = a->start; ea < a->end && !is_huge; ea += p->system_page_bytes) {
        if (page_table_find(&p->pages, ea))
            continue;
        struct page *page = page_table_insert(&p->pages, ea);
        page->prot = (uint8_t)a->prot;
        page->pa = phys_reserve(p->mmu.phys, p->system_page_bytes);
    }
}

static bool is_shared_area(const struct area *a) { return a->source && a->source->borrow; }

struct process *process_copy(struct process *p)
{
    struct process *c = process_create(p->mmu.phys, p->system_page_bytes);
    for (uint32_t n = 0; n < p->areas.count; n++) {
        areas_insert(&c->areas, n, p->areas.at[n]);
        if (is_shared_area(&p->areas.at[n]))
            reserve_shared(p, &p->areas.at[n]);
    }
    for (uint64_t n = 0; n < p->pages.slot_count; n++) {
        struct page *page = &p->pages.slots[n];
        if (page->ea >= PAGE_GONE)
            continue;
        page->copy_on_write = !is_shared_area(process_area_at(p, page->ea));
        phys_share(p->mmu.phys, page->pa);
        *page_table_insert(&c->pages, page->ea) = *page;
    }
    mmu_flush(&p->mmu); /* stores have to be noticed from now on */
    return c;
}

void process_destroy(struct process *p)
{
    for (uint64_t n = 0; n < p->pages.slot_count; n++)
        if (p->pages.slots[n].ea < PAGE_GONE)
            phys_release(p->mmu.phys, p->pages.slots[n].pa, p->system_page_bytes);
    areas_free(&p->areas);
    page_table_free(&p->pages);
    large_pages_free(&p->large);
    free(p);
}

struct mmu *process_mmu(struct process *p) { return &p->mmu; }
uint64_t process_page_bytes(const struct process *p) { return p->system_page_bytes; }
uint32_t process_number(const struct process *p) { return p->number; }
struct process *process_of(struct mmu *m) { return (struct process *)m; }

unsigned process_page_shift(const struct process *p, uint64_t ea)
{
    if (p->has_large_pages) {
        const struct page *page = page_table_find(&p->pages, align_down(ea, p->system_page_bytes));
        const struct area *area = process_area_at(p, ea);
        if (page && area && large_pages_holds(&p->large, page, area))
            return LARGE_BITS;
    }
    return ilog2(p->system_page_bytes);
}

uint64_t process_pages_touched(const struct process *p) { return p->pages_touched; }
