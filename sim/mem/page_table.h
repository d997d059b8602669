/* System pages of a process that have been touched: a hash table with open addressing. */
#ifndef SIM_MEM_PAGE_TABLE_H
#define SIM_MEM_PAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page {
    uint64_t ea;     /* of the system page; PAGE_EMPTY and PAGE_GONE mark unused slots */
    uint64_t pa;     /* of its run of frames */
    uint8_t *host;   /* where the bytes of its run begin, as far as `in_run` says */
    /* One bit for each frame. */
    uint16_t filled; /* it is known to have its content */
    uint16_t in_run; /* ... which lies at its place from `host` on */
    uint16_t code;   /* it may be predecoded: stores have to ask the frame */
    uint8_t prot;    /* copied from the area, so that a soft TLB miss need not search for it */
    /* Its run is another address space's, too, until one of them stores to it. */
    bool copy_on_write;
};

#define PAGE_EMPTY UINT64_MAX
#define PAGE_GONE  (UINT64_MAX - 1) /* a removed entry: searches go on past it */

struct page_table {
    struct page *slots;
    uint64_t slot_count; /* a power of two */
    uint64_t used;       /* live and gone */
    uint64_t live;
};

void page_table_init(struct page_table *t);
void page_table_free(struct page_table *t);

/* Fibonacci hashing; the low 12 bits of an address are always zero. */
static inline uint64_t page_table_first_slot(const struct page_table *t, uint64_t ea)
{
    return (ea >> 12) * UINT64_C(0x9e3779b97f4a7c15) >> 20 & (t->slot_count - 1);
}

static inline struct page *page_table_find(const struct page_table *t, uint64_t ea)
{
    for (uint64_t n = page_table_first_slot(t, ea);; n = (n + 1) & (t->slot_count - 1)) {
        if (t->slots[n].ea == ea)
            return &t->slots[n];
        if (t->slots[n].ea == PAGE_EMPTY)
            return NULL;
    }
}

/* The entry must not exist yet. The pointer is valid until the next insertion. */
struct page *page_table_insert(struct page_table *t, uint64_t ea);
void page_table_remove(struct page_table *t, struct page *p);

#endif
