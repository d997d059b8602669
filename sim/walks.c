/* What the page walks of the timing model read: on a board the tables that the guest has made, for
 * Linux programs those that a kernel would have made (models/cache/radix.h). */
#include "models/cache/hierarchy.h"
#include "sim/base/bits.h"
#include "sim/machine.h"
#include "sim/mem/process.h"
#include "sim/platform/board.h"

/* Of the process that executes: what is in flight is its own, but for a few instructions around a
 * change of processes. */
static struct radix_page page_of(void *ctx, uint32_t core, uint64_t ea)
{
    const struct machine *m = ctx;
    const struct process *p = process_of(m->cores[core].cpu.mmu);
    return (struct radix_page){.space = process_number(p),
                               .shift = (uint8_t)process_page_shift(p, ea)};
}

/* Without relocation there is nothing to read, and a page of any size; so for an address that is
 * not mapped any more. The entries of partition and process table are the processor's to keep. */
static void walk_board(void *ctx, uint32_t core, uint64_t ea, struct page_walk *w)
{
    const struct machine *m = ctx;
    struct radix_path path;
    *w = (struct page_walk){.space = (uint32_t)m->cores[core].cpu.sup.radix.pid,
                            .page_shift = FRAME_BITS};
    if (!board_walk(m->board, ea, &path) || !path.levels)
        return;
    w->loads = (uint8_t)path.levels;
    for (uint32_t n = 0; n < path.levels; n++) {
        w->pa[n] = path.pa[n];
        w->shift[n] = path.left[n];
    }
    w->page_shift = path.left[path.levels - 1];
}

void machine_walks(struct machine *m, struct hierarchy_setup *setup)
{
    if (m->system.kind != KIND_USER)
        setup->tables = (struct page_tables){walk_board, m};
    else
        setup->pages = (struct radix_pages){page_of, m};
}
