/* Address translation in time, of all cores: which TLBs are asked in which order, and what becomes
 * of those that miss. Each core has of its own what is declared: [itlb] for its fetches, [dtlb] for
 * its loads and stores, [tlb] behind both, and a table walker ([walker], which needs no section)
 * behind the last.
 *
 * A side whose first level is absent asks the second at once; one without either translates in no
 * time and has no port. A page found by a walk is put into the second level and into the first
 * level of all who asked for it; neither level includes the other. A page handed up by the second
 * level can be used by others when it could by the first who asked.
 * Not modelled: a limit on questions in a cycle, TLBs shared by cores, invalidation as an operation
 * that takes time. */
#ifndef MODELS_CACHE_MMU_H
#define MODELS_CACHE_MMU_H

#include "models/cache/page_walk.h"
#include "models/cache/port.h"
#include "sim/engine/clock.h"
#include "sim/schema/config.h"

enum mmu_side { MMU_SIDE_FETCH, MMU_SIDE_DATA, MMU_SIDES };

struct engine;
struct mmus;
struct stats;

struct mmus_setup {
    struct config *config;
    struct engine *engine;
    struct clock clock; /* of the cores */
    uint32_t cores;
    uint64_t seed; /* of random replacement */
    struct page_tables tables;
    /* Where a core's walker reads: the level with that section, or the next below it. */
    struct mem_port (*level)(void *ctx, uint32_t core, const char *section);
    void *ctx;
};

/* *out is NULL when no TLB is declared; false and an error when one cannot be. */
bool mmus_create(const struct mmus_setup *setup, struct mmus **out, struct err *e);
void mmus_destroy(struct mmus *m);

/* `translate` is NULL when that side has no TLB. m may be NULL here and below. */
struct tlb_port mmus_port(struct mmus *m, uint32_t core, enum mmu_side side);
/* Section of the level asked for by walkers; NULL when there are none. */
const char *mmus_walk_level(const struct mmus *m);
/* The name of a core's walker in the statistics; its load_bytes come from the walk level. */
const char *mmus_walker_name(const struct mmus *m, uint32_t core);
void mmus_register(const struct mmus *m, struct stats *s);

#endif
