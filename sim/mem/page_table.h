/* System pages of a process that have been touched: a hash table with open addressing. */
#ifndef SIM_MEM_PAGE_TABLE_H
#define SIM_MEM_PAGE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct page {
    uint64_t ea;     /* of the system page; PAGE_EMPTY and PAGE_GONE mark unused slots */
    uint64_t pa;     /* of its run of frames */
    uint32_t prot;   /* copied from the area, so that a soft TLB miss need not search for it */
    uint16_t filled; /* one bit for each frame that is known to have its content */
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
struct page *page_table_find(const struct page_table *t, uint64_t ea);
/* The entry must not exist yet. The pointer is valid until the next insertion. */
struct page *page_table_insert(struct page_table *t, uint64_t ea);
void page_table_remove(struct page_table *t, struct page *p);

#endif
