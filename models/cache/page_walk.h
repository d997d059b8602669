/* What a page walk reads: asked of the address space by a table walker, so that the walker need not
 * know whose page tables they are. */
#ifndef MODELS_CACHE_PAGE_WALK_H
#define MODELS_CACHE_PAGE_WALK_H

#include <stdint.h>

#define PAGE_WALK_MAX 8

struct page_walk {
    uint32_t space;     /* number of the address space: what the PID register says */
    uint8_t page_shift; /* log2 of the page's size in bytes */
    uint8_t loads;      /* table entries of 8 bytes to be read, one after the other */
    /* Entry n is the same for all addresses that agree above bit shift[n]. */
    uint8_t shift[PAGE_WALK_MAX];
    uint64_t pa[PAGE_WALK_MAX];
};

/* The tables that a core's walker walks. May allocate (a table that is met for the first time). */
struct page_tables {
    void (*walk)(void *ctx, uint32_t core, uint64_t ea, struct page_walk *w);
    void *ctx;
};

#endif
