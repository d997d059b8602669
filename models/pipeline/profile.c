#include "models/pipeline/profile.h"

#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

#define PAGE_MASK UINT64_C(0xfff)

static const struct stat_row profile_stat_rows[] = {PROFILE_STATS(STAT_ROW, profile_stats)
                                                        STAT_END};

_Static_assert(PART_COUNT <= 64, "a bit for each part");

static void forget_pages(struct profile *p)
{
    while (p->first) {
        struct profile_page *page = p->first;
        p->first = page->next;
        free(page);
    }
    for (uint64_t n = 0; n < p->table_size; n++)
        p->table[n] = NULL;
    p->end = &p->first;
    p->current_code = NULL;
    p->current = NULL;
    p->page_count = 0;
}

struct profile *profile_create(void)
{
    struct profile *p = xcalloc(1, sizeof *p);
    p->table_size = 64;
    p->table = xcalloc(p->table_size, sizeof *p->table);
    forget_pages(p);
    return p;
}

void profile_destroy(struct profile *p)
{
    if (!p)
        return;
    forget_pages(p);
    for (uint32_t n = 0; n < p->phase_count; n++)
        free(p->phases[n].entries);
    free(p->phases);
    free(p->table);
    free(p);
}

void profile_watch(struct profile *p, struct cpi *c) { p->cpi = c; }

void profile_register(struct profile *p, struct stats *s, const char *core, uint32_t width)
{
    char *slots = xasprintf("%s.cycles * %u", core, width);
    stats_add(s, "profile", profile_stat_rows, &p->stats);
    stats_law(s, "CPI by instruction sums to the slots of all cycles", "profile.slots", slots);
    free(slots);
}

/* Where the page is, or would be. */
static struct profile_page **table_slot(const struct profile *p, uint32_t asid, uint64_t page_ea)
{
    uint64_t n = ((page_ea >> 12) + asid) * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    struct profile_page **slot;
    do
        slot = &p->table[n++ & (p->table_size - 1)];
    while (*slot && ((*slot)->page_ea != page_ea || (*slot)->asid != asid));
    return slot;
}

static void table_grow(struct profile *p)
{
    free(p->table);
    p->table_size *= 2;
    p->table = xcalloc(p->table_size, sizeof *p->table);
    for (struct profile_page *page = p->first; page; page = page->next)
        *table_slot(p, page->asid, page->page_ea) = page;
}

static struct profile_page *find_page(struct profile *p, uint32_t asid, uint64_t page_ea)
{
    struct profile_page **slot = table_slot(p, asid, page_ea);
    if (*slot)
        return *slot;
    if (2 * ++p->page_count > p->table_size) {
        table_grow(p);
        slot = table_slot(p, asid, page_ea);
    }
    struct profile_page *page = *slot = xcalloc(1, sizeof *page);
    page->page_ea = page_ea;
    page->asid = asid;
    *p->end = page;
    p->end = &page->next;
    if (p->page_used)
        p->page_used(p->ctx, asid, page_ea);
    return page;
}

struct profile_page *profile_page_slow(struct profile *p, const struct code_page *code)
{
    p->current_code = code;
    return p->current = find_page(p, code->asid, code->page_ea);
}

static struct profile_page *last_page(struct profile *p)
{
    return find_page(p, p->last_asid, p->last_pc & ~PAGE_MASK);
}

static void charge(struct profile *p, struct profile_page *page, uint64_t pc, uint64_t parts)
{
    uint64_t index = (pc & PAGE_MASK) >> 2;
    page->has_strays |= !page->count[index];
    for (; parts; parts &= parts - 1)
        profile_charge(p, page->slots[index], (uint32_t)__builtin_ctzll(parts));
}

void profile_lost(struct profile *p, struct profile_page *page, uint64_t pc)
{
    uint64_t parts = p->cpi->touched, behind = parts & PROFILE_BEHIND;
    p->cpi->touched = 0;
    if (!p->has_last)
        behind = 0;
    charge(p, page, pc, parts & ~behind);
    if (behind)
        charge(p, last_page(p), p->last_pc, behind);
}

static void add_entry(struct profile_phase *f, const struct profile_page *page, uint32_t n,
                      uint32_t part, uint64_t slots)
{
    if (!slots)
        return;
    if (!(f->count & (f->count + 1))) /* room for one less than a power of two */
        f->entries = xrealloc(f->entries, 2 * (f->count + 1) * sizeof *f->entries);
    f->entries[f->count++] = (struct profile_entry){page->page_ea + 4 * n, slots, page->asid, part};
}

static void list_page(struct profile *p, struct profile_phase *f, struct profile_page *page)
{
    for (uint32_t n = 0; n < PROFILE_PAGE_INSNS; n++) {
        if (!page->count[n] && !page->has_strays)
            continue;
        add_entry(f, page, n, PART_COUNT, page->count[n]);
        page->slots[n][PART_BASE] += page->count[n];
        for (uint32_t part = 0; part < PART_COUNT; part++) {
            add_entry(f, page, n, part, page->slots[n][part]);
            p->stats.slots += page->slots[n][part];
        }
    }
}

/* The work of a pipeline that counts it in another place than it tells of is the last one's. */
static void charge_rest(struct profile *p)
{
    struct profile_page *page = last_page(p);
    uint64_t base = 0;
    for (const struct profile_page *q = p->first; q; q = q->next)
        for (uint32_t n = 0; n < PROFILE_PAGE_INSNS; n++)
            if (q->count[n])
                base += q->count[n] + q->slots[n][PART_BASE];
    p->seen.slots[PART_BASE] += base;
    charge(p, page, p->last_pc, (UINT64_C(1) << PART_COUNT) - 1);
    p->cpi->touched = 0;
}

void profile_cut(struct profile *p)
{
    struct profile_phase f = {NULL, 0};
    if (p->cpi && p->has_last) {
        charge_rest(p);
        for (struct profile_page *page = p->first; page; page = page->next)
            list_page(p, &f, page);
    }
    forget_pages(p);
    p->phases = xrealloc(p->phases, (p->phase_count + UINT64_C(1)) * sizeof *p->phases);
    p->phases[p->phase_count++] = f;
}
