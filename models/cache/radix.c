#include "models/cache/radix.h"

#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

#define EA_BITS     52
#define ENTRY_BYTES 8
#define FREE_SLOT   UINT64_MAX

/* Tables met so far: a hash table with open addressing. */
struct slot {
    uint64_t key, pa;
};

struct radix {
    struct radix_pages pages;
    struct slot *slots;
    uint64_t slot_count, used; /* slot_count: a power of two */
    uint64_t next_pa;
};

/* Index bits of each level, for pages of 4 KiB; the last one depends on the page. */
static const uint8_t level_bits[] = {13, 9, 9, 9};

static struct slot *new_slots(uint64_t count)
{
    struct slot *slots = xcalloc(count, sizeof *slots);
    for (uint64_t n = 0; n < count; n++)
        slots[n].key = FREE_SLOT;
    return slots;
}

/* The slot of a key, or the free one where it belongs. */
static struct slot *find_slot(const struct radix *r, uint64_t key)
{
    uint64_t n = key * UINT64_C(0x9e3779b97f4a7c15) >> 20;
    while (r->slots[n & (r->slot_count - 1)].key != FREE_SLOT &&
           r->slots[n & (r->slot_count - 1)].key != key)
        n++;
    return &r->slots[n & (r->slot_count - 1)];
}

static void grow(struct radix *r)
{
    struct slot *old = r->slots;
    uint64_t count = r->slot_count;
    r->slot_count = count * 2;
    r->slots = new_slots(r->slot_count);
    for (uint64_t n = 0; n < count; n++)
        if (old[n].key != FREE_SLOT)
            *find_slot(r, old[n].key) = old[n];
    free(old);
}

/* The table with that key, laid out now if it is new. */
static uint64_t table_pa(struct radix *r, uint64_t key, uint64_t bytes)
{
    struct slot *s = find_slot(r, key);
    if (s->key == key)
        return s->pa;
    if ((r->used + 1) * 2 > r->slot_count) {
        grow(r);
        s = find_slot(r, key);
    }
    r->used++;
    *s = (struct slot){key, align_up(r->next_pa, bytes)};
    r->next_pa = s->pa + bytes;
    return s->pa;
}

static void radix_walk(void *ctx, uint32_t core, uint64_t ea, struct page_walk *w)
{
    struct radix *r = ctx;
    struct radix_page page = {.shift = 12};
    if (r->pages.find)
        page = r->pages.find(r->pages.ctx, core, ea);
    ea &= (UINT64_C(1) << EA_BITS) - 1;
    *w = (struct page_walk){.space = page.space, .page_shift = page.shift};
    unsigned shift = EA_BITS;
    while (shift > page.shift) {
        unsigned n = w->loads++, above = shift;
        shift -= level_bits[n];
        if (shift < page.shift) /* fewer entries, each for a larger page */
            shift = page.shift;
        uint64_t entries = UINT64_C(1) << (above - shift);
        /* Level and what stands above the table tell tables apart; see the widths in radix.h. */
        uint64_t key = ((uint64_t)page.space << 34 | ea >> above) << 2 | n;
        w->shift[n] = (uint8_t)shift;
        w->pa[n] = table_pa(r, key, entries * ENTRY_BYTES) +
                   (ea >> shift & (entries - 1)) * ENTRY_BYTES;
    }
}

struct radix *radix_create(struct radix_pages pages)
{
    struct radix *r = xcalloc(1, sizeof *r);
    *r = (struct radix){.pages = pages, .slots = new_slots(64), .slot_count = 64,
                        .next_pa = RADIX_PA};
    return r;
}

void radix_destroy(struct radix *r)
{
    if (!r)
        return;
    free(r->slots);
    free(r);
}

struct page_tables radix_tables(struct radix *r)
{
    return (struct page_tables){radix_walk, r};
}
