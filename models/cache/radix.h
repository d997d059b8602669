/* Page tables of simulated processes, as a Linux kernel on a radix MMU would have built them: where
 * each entry that a walk reads lies in physical memory. The entries' contents are not kept: the
 * executor has translated already.
 *
 * The tree is that of Power ISA 3.0, Book III, "Radix Tree Translation", with the sizes that Linux
 * chooses for its 52-bit effective addresses: a root of 2^13 entries, two levels of 2^9, and a last
 * one of 2^9 (pages of 4 KiB) or 2^5 (64 KiB); a page of 2 MiB is a leaf of the third level. Tables
 * get physical addresses in the order in which walks first meet them, from RADIX_PA up, far above
 * the program's frames, each aligned to its size.
 *
 * Not modelled: the process table, which the processor keeps; a hypervisor's second tree;
 * reference and change bits being written. */
#ifndef MODELS_CACHE_RADIX_H
#define MODELS_CACHE_RADIX_H

#include "models/cache/page_walk.h"

#define RADIX_PA (UINT64_C(1) << 45)

/* What the operating system says of an address. */
struct radix_page {
    uint32_t space; /* below 2^24 */
    uint8_t shift;  /* log2 of its page's size in bytes: 12, 16 or 21 */
};
struct radix_pages {
    struct radix_page (*find)(void *ctx, uint32_t core, uint64_t ea); /* NULL: 4 KiB, one space */
    void *ctx;
};

struct radix;

struct radix *radix_create(struct radix_pages pages);
void radix_destroy(struct radix *r);
struct page_tables radix_tables(struct radix *r);

#endif
