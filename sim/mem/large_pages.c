#include "sim/mem/large_pages.h"

#include "sim/base/bits.h"
#include "sim/mem/process.h"

void large_pages_init(struct large_pages *l) { page_table_init(&l->stretches); }
void large_pages_free(struct large_pages *l) { page_table_free(&l->stretches); }

static bool covers(const struct area *a, uint64_t stretch)
{
    return a->start <= stretch && stretch + LARGE_BYTES <= a->end;
}

static bool touched(const struct page_table *pages, uint64_t page_bytes, uint64_t stretch)
{
    for (uint64_t at = 0; at < LARGE_BYTES; at += page_bytes)
        if (page_table_find(pages, stretch + at))
            return true;
    return false;
}

uint64_t large_pages_place(struct large_pages *l, struct phys *phys, const struct page_table *pages,
                           uint64_t page_bytes, const struct area *area, uint64_t page_ea)
{
    uint64_t stretch = align_down(page_ea, LARGE_BYTES);
    struct page *s = page_table_find(&l->stretches, stretch);
    if (!s) {
        bool is_large = !area->source && covers(area, stretch) &&
                        !touched(pages, page_bytes, stretch);
        s = page_table_insert(&l->stretches, stretch);
        s->pa = is_large ? phys_reserve(phys, LARGE_BYTES) : PAGE_EMPTY;
    }
    return s->pa == PAGE_EMPTY ? phys_reserve(phys, page_bytes) : s->pa + (page_ea - stretch);
}

void large_pages_break(struct large_pages *l, uint64_t ea)
{
    struct page *s = page_table_find(&l->stretches, align_down(ea, LARGE_BYTES));
    if (s)
        page_table_remove(&l->stretches, s);
}

bool large_pages_holds(const struct large_pages *l, const struct page *page,
                       const struct area *area)
{
    uint64_t stretch = align_down(page->ea, LARGE_BYTES);
    const struct page *s = page_table_find(&l->stretches, stretch);
    return s && s->pa != PAGE_EMPTY && page->pa == s->pa + (page->ea - stretch) &&
           covers(area, stretch);
}
