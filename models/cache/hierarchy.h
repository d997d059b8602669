/* The memory hierarchy of a machine: builds the caches and the memory that the configuration
 * declares, joins them, and hands out the ports of each core.
 *
 * A level exists when its section does, unless that says `present = no` (so that a file may take
 * away what one below it declared). Without [l1d], data accesses go to the next level that exists,
 * at last to [dram], which always does. [l1i] and [l1d] are private to a core, [l2] and [l3] are
 * unified and shared by all, or each core has one (`shared = no`). The statistics are l1i, l1d, l2,
 * l3, mem; with several cores those of core n are l1i.n and l1d.n, and l2.n when it is not shared.
 * TLBs are declared likewise: see mmu.h. A directory keeps the data caches of several cores
 * coherent, and what is above or below them with them: see directory.h.
 *
 *   struct hierarchy *h = hierarchy_create(&(struct hierarchy_setup){
 *       .config = config, .engine = engine, .clock = core_clock, .cores = 1, .seed = seed}, &err);
 *   hierarchy_register(h, stats);
 *   core->data = hierarchy_ports(h, 0).data; */
#ifndef MODELS_CACHE_HIERARCHY_H
#define MODELS_CACHE_HIERARCHY_H

#include "models/cache/port.h"
#include "models/cache/probe.h"
#include "models/cache/radix.h"
#include "sim/engine/clock.h"
#include "sim/schema/config.h"

/* From the memory upwards, which is the order of building: section, whom it serves, meaning. */
#define HIERARCHY_LEVELS(X)                                                                        \
    X(l3, HIERARCHY_SHARED, "third level cache, unified")                                          \
    X(l2, HIERARCHY_SHARED, "second level cache, unified")                                         \
    X(l1d, HIERARCHY_DATA, "first level data cache, one per core")                                 \
    X(l1i, HIERARCHY_FETCH, "first level instruction cache, one per core")
enum hierarchy_side { HIERARCHY_FETCH, HIERARCHY_DATA, HIERARCHY_SIDES, HIERARCHY_SHARED };

/* The sections of this module, for config_create and `simrun explain`; ends with a NULL name. */
extern const struct section_row hierarchy_sections[];

struct cache;
struct directory;
struct engine;
struct hierarchy;
struct stats;

struct hierarchy_setup {
    struct config *config;
    struct engine *engine;
    struct clock clock; /* of the cores */
    uint32_t cores;
    uint64_t seed; /* of random replacement */
    bool probes;   /* every node can be watched, not only caches whose key `trace` is set */
    struct page_tables tables; /* what page walks read; without any, the trees of radix.h: */
    struct radix_pages pages;  /* how the system maps its programs' addresses */
};

/* NULL and an error when the configuration asks for what cannot be. */
struct hierarchy *hierarchy_create(const struct hierarchy_setup *setup, struct err *e);
void hierarchy_destroy(struct hierarchy *h);

struct hierarchy_ports {
    struct mem_port fetch, data;
    struct tlb_port itlb, dtlb; /* translate NULL: no TLB on that side */
    uint32_t fetch_line, data_line; /* bytes: an access must not cross a multiple of this */
    uint32_t fetch_memory_level, data_memory_level; /* mem_request.level of what memory served */
};
struct hierarchy_ports hierarchy_ports(const struct hierarchy *h, uint32_t core);

/* A cache by the name of its statistics, or NULL. */
struct cache *hierarchy_cache(const struct hierarchy *h, const char *name);

/* The nodes: the memory is number 0, and a cache comes after the one below it. */
struct hierarchy_node {
    const char *name;          /* of its statistics */
    const struct cache *cache; /* NULL: the memory */
    uint32_t below;            /* number of the next one; 0 of the memory itself */
};
uint32_t hierarchy_node_count(const struct hierarchy *h);
struct hierarchy_node hierarchy_node(const struct hierarchy *h, uint32_t number);
/* Who is told of the requests to all nodes that can be watched, from the first one on. */
void hierarchy_watch(struct hierarchy *h, struct probe_watch watch);

/* Brings histograms over time up to now. */
void hierarchy_update_hists(struct hierarchy *h);
/* The laws of those histograms: each adds up to the time of that statistic. After
 * hierarchy_register. */
void hierarchy_register_time(const struct hierarchy *h, struct stats *s, const char *ticks);
/* NULL: nothing has to be kept coherent. */
struct directory *hierarchy_directory(const struct hierarchy *h);
/* Brings what the laws of coherence compare up to date; before statistics are looked at. */
void hierarchy_audit(const struct hierarchy *h);

/* Statistics of all nodes, and the laws within and between them. */
void hierarchy_register(const struct hierarchy *h, struct stats *s);

#endif
