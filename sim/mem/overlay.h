/* An address space seen through stores that are not made: loads see them, what lies below does not.
 * For wrong paths. Stores are kept in copies of the lines of 64 bytes that they touch; levels nest,
 * and an inner one copies what an outer one has changed.
 *
 * Loads of pages without such lines take the soft TLB's fast path. The soft TLB knows the others,
 * too, but by a tag that no access matches (the page's with its lowest bit set), so that all loads
 * and stores to them come here; when their last line has gone, the tag is put right. All stores
 * come here: their tag is always of that kind, and says that the page may be stored to.
 *
 * Nothing below is changed either: a page that has not been touched yet is not there, and fetches
 * see what is below. A page that is mapped twice is overlaid at the address it was stored to
 * alone. */
#ifndef SIM_MEM_OVERLAY_H
#define SIM_MEM_OVERLAY_H

#include "sim/mem/mmu.h"

/* Copied lines at a time, over all levels; a store that needs another gets MMU_BUS_ERROR. Several
 * times what the instructions of a large window can store to. */
#define OVERLAY_LINES      8192u
#define OVERLAY_LINE_BYTES 64u
#define OVERLAY_BUCKETS    1024u
#define OVERLAY_PAGE_SLOTS 256u

struct overlay_line {
    uint64_t ea;
    uint32_t level;
    uint32_t older; /* number + 1 of the next in the bucket; 0: none */
    uint8_t bytes[OVERLAY_LINE_BYTES];
};

struct overlay {
    struct mmu mmu; /* first: a struct mmu * is a struct overlay * */
    struct mmu *below;
    struct soft_tlb *tlb; /* of the one thread that translates by it; on below's list */
    uint32_t level;       /* 0: nothing is stored here */
    uint32_t count, room; /* lines in use, in the order of their levels; that exist */
    struct overlay_line *lines;
    uint16_t newest[OVERLAY_BUCKETS];      /* number + 1 of the youngest line by its address */
    uint16_t page_lines[OVERLAY_PAGE_SLOTS]; /* by a hash of the page */
};

/* Without an address space below: see overlay_set_below. */
void overlay_init(struct overlay *o, struct soft_tlb *tlb);
void overlay_free(struct overlay *o);
/* At level 0 only. */
void overlay_set_below(struct overlay *o, struct mmu *below);

/* Stores from now on are the new level's. */
static inline void overlay_push(struct overlay *o) { o->level++; }
/* Forgets the stores of all levels above `level`. */
void overlay_pop(struct overlay *o, uint32_t level);

#endif
