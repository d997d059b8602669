#include "sim/mem/page_table.h"

#include <stdlib.h>

#include "sim/base/err.h"

static struct page *new_slots(uint64_t count)
{
    struct page *slots = xcalloc_lines(count * sizeof *slots);
    for (uint64_t n = 0; n < count; n++)
        slots[n].ea = PAGE_EMPTY;
    return slots;
}

void page_table_init(struct page_table *t)
{
    *t = (struct page_table){.slots = new_slots(256), .slot_count = 256};
}

void page_table_free(struct page_table *t) { free(t->slots); }

static struct page *free_slot(struct page_table *t, uint64_t ea)
{
    uint64_t n = page_table_first_slot(t, ea);
    while (t->slots[n].ea != PAGE_EMPTY)
        n = (n + 1) & (t->slot_count - 1);
    t->used++;
    t->live++;
    t->slots[n] = (struct page){.ea = ea};
    return &t->slots[n];
}

/* Keeps at least a third of the slots empty; dropping the removed entries alone may be enough. */
static void rehash(struct page_table *t)
{
    struct page_table old = *t;
    t->slot_count = old.live * 3 > old.slot_count ? old.slot_count * 2 : old.slot_count;
    t->slots = new_slots(t->slot_count);
    t->used = t->live = 0;
    for (uint64_t n = 0; n < old.slot_count; n++)
        if (old.slots[n].ea < PAGE_GONE)
            *free_slot(t, old.slots[n].ea) = old.slots[n];
    free(old.slots);
}

struct page *page_table_insert(struct page_table *t, uint64_t ea)
{
    if ((t->used + 1) * 3 > t->slot_count * 2)
        rehash(t);
    return free_slot(t, ea);
}

void page_table_remove(struct page_table *t, struct page *p)
{
    p->ea = PAGE_GONE;
    t->live--;
}
