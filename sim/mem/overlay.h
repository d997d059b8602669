/* An address space seen through stores that are not made: loads see them, what lies below does not.
 * For wrong paths. A page is copied when it is first stored to, so that loads and stores of the
 * soft TLB stay as fast as they are; levels nest, and an inner one copies what an outer one has
 * changed.
 *
 * Nothing below is changed either: a page that has not been touched yet is not there, and fetches
 * see what is below. A page that is mapped twice is overlaid at the address it was stored to
 * alone. */
#ifndef SIM_MEM_OVERLAY_H
#define SIM_MEM_OVERLAY_H

#include "sim/mem/mmu.h"

/* Copied pages at a time, over all levels; a store that needs another gets MMU_BUS_ERROR. Several
 * times what the instructions of a large window can store to. */
#define OVERLAY_PAGES 1024u

struct overlay_page {
    struct frame frame;
    uint64_t page_ea;
    uint32_t level;
    uint8_t bytes[FRAME_BYTES];
};

struct overlay {
    struct mmu mmu; /* first: a struct mmu * is a struct overlay * */
    struct mmu *below;
    struct soft_tlb *tlb; /* of the one thread that translates by it; on below's list */
    uint32_t level;       /* 0: nothing is stored here */
    uint32_t count;       /* pages in use, in the order of their levels */
    uint32_t room;        /* pages that exist */
    struct overlay_page *pages[OVERLAY_PAGES];
};

/* Without an address space below: see overlay_set_below. */
void overlay_init(struct overlay *o, struct soft_tlb *tlb);
void overlay_free(struct overlay *o);
/* At level 0 only. */
void overlay_set_below(struct overlay *o, struct mmu *below);

/* Stores from now on are the new level's. */
void overlay_push(struct overlay *o);
/* Forgets the stores of all levels above `level`. */
void overlay_pop(struct overlay *o, uint32_t level);

#endif
