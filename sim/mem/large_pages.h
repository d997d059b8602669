/* Large pages of an address space: aligned stretches of 2 MiB that one run of frames backs, as
 * Linux's transparent huge pages do ("always"). The first touch of a stretch that lies in one
 * anonymous area decides; its pages still get their frames one by one, each at its place in the
 * run. When one of them goes away or moves, the stretch is ordinary from then on: its pages stay
 * where they are, new ones come from elsewhere.
 *
 * Physical addresses are what it is about: a program cannot tell. Not modelled: pages joined to a
 * large one later (khugepaged); a forked child's pages are ordinary ones to it. */
#ifndef SIM_MEM_LARGE_PAGES_H
#define SIM_MEM_LARGE_PAGES_H

#include "sim/mem/page_table.h"
#include "sim/mem/phys.h"

#define LARGE_BITS  21
#define LARGE_BYTES (UINT64_C(1) << LARGE_BITS)

struct area;

struct large_pages {
    struct page_table stretches; /* by their address: the run, or PAGE_EMPTY for an ordinary one */
};

void large_pages_init(struct large_pages *l);
void large_pages_free(struct large_pages *l);

/* The physical address for a page that is touched first, in place of phys_reserve. `pages` are
 * those touched before. */
uint64_t large_pages_place(struct large_pages *l, struct phys *phys, const struct page_table *pages,
                           uint64_t page_bytes, const struct area *area, uint64_t page_ea);
/* The page at ea goes away or moves. */
void large_pages_break(struct large_pages *l, uint64_t ea);
/* Whether that page lies at its place in a run, and all of the stretch in the area. */
bool large_pages_holds(const struct large_pages *l, const struct page *page,
                       const struct area *area);

#endif
