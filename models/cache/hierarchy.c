#include "models/cache/hierarchy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/cache/cache.h"
#include "models/cache/dram/dram.h"
#include "models/cache/dram/standard.h"
#include "models/cache/memory.h"
#include "models/cache/mmu.h"
#include "models/cache/tlb.h"
#include "models/cache/walker.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/stats.h"

#define MEMORY_NAME "mem"
/* Without any cache an access may be as long as a page: memory itself has no lines. */
#define MEMORY_LINE 4096

#define SECTION_ROW(name, serves, text) {#name, cache_key_rows, text},
const struct section_row hierarchy_sections[] = {
    HIERARCHY_LEVELS(SECTION_ROW){"dram", memory_model_key_rows, "memory behind the last cache"},
    {"dram", memory_key_rows, "memory of fixed latency (dram.model = fixed)"},
    {"dram", dram_key_rows, "DDR memory (dram.model = ddr)"},
    {"dram", dram_timing_key_rows, "what its standard says, and may be overridden"},
    {"itlb", tlb_first_key_rows, "first level TLB of instruction fetches, one per core"},
    {"dtlb", tlb_first_key_rows, "first level TLB of loads and stores, one per core"},
    {"tlb", tlb_second_key_rows, "second level TLB, one per core, unified"},
    {"walker", walker_key_rows, "page walks of a core with a TLB"},
    {NULL, NULL, NULL},
};

#define LEVEL_ROW(name, serves, text) {#name, serves},
static const struct level_row {
    const char *section;
    enum hierarchy_side serves;
} level_rows[] = {HIERARCHY_LEVELS(LEVEL_ROW)};

/* What a section says. */
struct level {
    const char *section;
    struct cache_keys keys;
    struct cache_plugins plugins;
};

struct node {
    struct cache *cache; /* NULL: the memory, which is node 0 */
    const char *section;
    char name[32];
    uint32_t below; /* index of its node; 0 for the memory itself */
    uint32_t line;
    struct probe *probe; /* NULL: it cannot be watched */
    bool serves_core; /* directly, so that not all it moves goes to a cache */
};

struct hierarchy {
    struct memory *memory; /* or ... */
    struct dram *dram;     /* ... the one that is modelled; the other is NULL */
    uint32_t cores, node_count;
    struct node *nodes;
    uint32_t *top; /* [core * HIERARCHY_SIDES + side]: index of the node asked first */
    struct radix *radix;
    struct mmus *mmus; /* NULL: no TLB */
};

static uint32_t *top_of(const struct hierarchy *h, uint32_t core, uint32_t side)
{
    return &h->top[core * HIERARCHY_SIDES + side];
}

static struct mem_port node_port(const struct hierarchy *h, const struct node *n)
{
    if (n->probe)
        return probe_port(n->probe);
    if (n->cache)
        return cache_port(n->cache);
    return h->dram ? dram_port(h->dram) : memory_port(h->memory);
}

/* A cache on top of what is now the top for (core, side); the caller makes it the new top. */
static uint32_t add_cache(struct hierarchy *h, const struct hierarchy_setup *setup,
                          const struct level *level, uint32_t below)
{
    uint32_t index = h->node_count++;
    struct node *n = &h->nodes[index];
    const struct cache_keys *keys = &level->keys;
    *n = (struct node){.section = level->section, .below = below, .line = (uint32_t)keys->line};
    n->cache = cache_create(&(struct cache_setup){
        .keys = keys,
        .plugins = &level->plugins,
        .clock = {setup->clock.period_ticks * keys->clock_divider},
        .align = keys->clock_divider > 1, /* else every requester's edge is one of its own */
        .engine = setup->engine,
        .below = node_port(h, &h->nodes[below]),
        .seed = setup->seed + ((uint64_t)index << 32), /* a stream of its own */
    });
    if (setup->probes || keys->trace)
        n->probe = probe_create(index, n->cache, node_port(h, n));
    if (h->nodes[below].cache)
        cache_add_upper(h->nodes[below].cache, cache_upper(n->cache));
    return index;
}

static void add_shared(struct hierarchy *h, const struct hierarchy_setup *setup,
                       const struct level *level)
{
    /* Levels are built upwards, shared ones first: so far all cores and sides have the same top. */
    uint32_t index = add_cache(h, setup, level, *top_of(h, 0, 0));
    snprintf(h->nodes[index].name, sizeof h->nodes[index].name, "%s", level->section);
    for (uint32_t i = 0; i < h->cores * HIERARCHY_SIDES; i++)
        h->top[i] = index;
}

static void add_private(struct hierarchy *h, const struct hierarchy_setup *setup,
                        const struct level *level, enum hierarchy_side side)
{
    for (uint32_t core = 0; core < h->cores; core++) {
        uint32_t *top = top_of(h, core, side);
        *top = add_cache(h, setup, level, *top);
        char *name = h->nodes[*top].name;
        if (h->cores == 1)
            snprintf(name, sizeof h->nodes->name, "%s", level->section);
        else
            snprintf(name, sizeof h->nodes->name, "%s.%u", level->section, core);
    }
}

/* Reads a level's section; *present tells whether there is to be one. */
static bool bind_level(struct level *level, const struct hierarchy_setup *setup, bool *present,
                       struct err *e)
{
    struct config *config = setup->config;
    *present = config_has_section(config, level->section);
    if (!*present)
        return true;
    if (!config_bind(config, level->section, cache_key_rows, &level->keys, e))
        return false;
    *present = level->keys.present;
    return !*present ||
           (cache_check(&level->keys, config, level->section, e) &&
            cache_plugins_bind(&level->plugins, &level->keys, config, level->section, e));
}

static bool fits_below(const struct hierarchy *h, const struct level *level, uint32_t side,
                       const struct config *config, struct err *e)
{
    const struct node *below = &h->nodes[*top_of(h, 0, side)];
    bool is_exclusive = node_port(h, below).takes_victims;
    if (level->keys.line > below->line)
        return config_error(config, level->section, "line", e,
                            "must not be longer than the line below, %u bytes in [%s]",
                            below->line, below->section);
    if (is_exclusive && level->keys.line != below->line)
        return config_error(config, level->section, "line", e,
                            "must be %u bytes: [%s] is exclusive and moves whole lines",
                            below->line, below->section);
    return !is_exclusive || level->keys.write == CACHE_WRITE_BACK ||
           config_error(config, level->section, "write", e,
                        "must be back: [%s] is exclusive and hands modified lines over",
                        below->section);
}

static bool add_level(struct hierarchy *h, const struct hierarchy_setup *setup,
                      const struct level_row *row, struct err *e)
{
    struct level level = {.section = row->section};
    bool present, is_shared = row->serves == HIERARCHY_SHARED;
    if (!bind_level(&level, setup, &present, e))
        return false;
    if (!present)
        return true;
    bool ok = fits_below(h, &level, is_shared ? 0 : row->serves, setup->config, e);
    if (ok && is_shared)
        add_shared(h, setup, &level);
    else if (ok)
        add_private(h, setup, &level, row->serves);
    cache_plugins_free(&level.plugins);
    return ok;
}

static bool make_dram(struct hierarchy *h, const struct hierarchy_setup *setup, struct err *e)
{
    struct dram_keys keys;
    struct dram_timing timing;
    if (!dram_bind(&keys, &timing, setup->config, "dram", e))
        return false;
    h->dram = dram_create(
        &(struct dram_setup){.keys = &keys, .timing = &timing, .engine = setup->engine});
    return true;
}

static bool add_memory(struct hierarchy *h, const struct hierarchy_setup *setup, struct err *e)
{
    struct memory_model_keys model;
    struct memory_keys keys;
    if (!config_bind(setup->config, "dram", memory_model_key_rows, &model, e))
        return false;
    h->nodes[0] = (struct node){.section = "dram", .name = MEMORY_NAME, .line = MEMORY_LINE};
    h->node_count = 1;
    if (model.model == MEMORY_DDR)
        return make_dram(h, setup, e);
    if (!config_bind(setup->config, "dram", memory_key_rows, &keys, e))
        return false;
    h->memory = memory_create(&keys);
    return true;
}

/* The node of a core's data path with that section, or the next below it that exists. */
static uint32_t level_of(const struct hierarchy *h, uint32_t core, const char *section)
{
    static const char *const downwards[] = {"l1d", "l2", "l3", "dram"};
    uint32_t at = *top_of(h, core, HIERARCHY_DATA), asked = 0, level = 0;
    while (strcmp(downwards[asked], section))
        asked++;
    for (;; at = h->nodes[at].below) {
        while (strcmp(downwards[level], h->nodes[at].section))
            level++;
        if (level >= asked)
            return at;
    }
}

static struct mem_port walk_port(void *ctx, uint32_t core, const char *section)
{
    const struct hierarchy *h = ctx;
    return node_port(h, &h->nodes[level_of(h, core, section)]);
}

static bool add_mmus(struct hierarchy *h, const struct hierarchy_setup *setup, struct err *e)
{
    h->radix = radix_create(setup->pages);
    struct page_tables tables = setup->tables.walk ? setup->tables : radix_tables(h->radix);
    return mmus_create(&(struct mmus_setup){.config = setup->config, .engine = setup->engine,
                                            .clock = setup->clock, .cores = setup->cores,
                                            .seed = setup->seed, .tables = tables,
                                            .level = walk_port, .ctx = h},
                       &h->mmus, e);
}

struct hierarchy *hierarchy_create(const struct hierarchy_setup *setup, struct err *e)
{
    struct hierarchy *h = xcalloc(1, sizeof *h);
    uint64_t most = 1 + ARRAY_LEN(level_rows) * (uint64_t)setup->cores;
    h->cores = setup->cores;
    h->nodes = xcalloc(most, sizeof *h->nodes);
    h->top = xcalloc((uint64_t)setup->cores * HIERARCHY_SIDES, sizeof *h->top);
    bool ok = add_memory(h, setup, e);
    if (ok && setup->probes)
        h->nodes->probe = probe_create(0, NULL, node_port(h, h->nodes));
    for (uint32_t i = 0; ok && i < ARRAY_LEN(level_rows); i++)
        ok = add_level(h, setup, &level_rows[i], e);
    if (!ok || !add_mmus(h, setup, e)) {
        hierarchy_destroy(h);
        return NULL;
    }
    for (uint32_t i = 0; i < h->cores * HIERARCHY_SIDES; i++)
        h->nodes[h->top[i]].serves_core = true;
    return h;
}

void hierarchy_destroy(struct hierarchy *h)
{
    if (!h)
        return;
    for (uint32_t i = 0; i < h->node_count; i++) {
        cache_destroy(h->nodes[i].cache);
        probe_destroy(h->nodes[i].probe);
    }
    memory_destroy(h->memory);
    dram_destroy(h->dram);
    mmus_destroy(h->mmus);
    radix_destroy(h->radix);
    free(h->nodes);
    free(h->top);
    free(h);
}

/* Nodes from this one down to the memory, both counted: the level that the memory answers with. */
static uint32_t depth(const struct hierarchy *h, const struct node *n)
{
    uint32_t nodes = 1;
    for (; n->cache; n = &h->nodes[n->below])
        nodes++;
    return nodes;
}

struct hierarchy_ports hierarchy_ports(const struct hierarchy *h, uint32_t core)
{
    const struct node *fetch = &h->nodes[*top_of(h, core, HIERARCHY_FETCH)];
    const struct node *data = &h->nodes[*top_of(h, core, HIERARCHY_DATA)];
    return (struct hierarchy_ports){
        .fetch = node_port(h, fetch),
        .data = node_port(h, data),
        .itlb = mmus_port(h->mmus, core, MMU_SIDE_FETCH),
        .dtlb = mmus_port(h->mmus, core, MMU_SIDE_DATA),
        .fetch_line = fetch->line,
        .data_line = data->line,
        .fetch_memory_level = depth(h, fetch),
        .data_memory_level = depth(h, data),
    };
}

struct cache *hierarchy_cache(const struct hierarchy *h, const char *name)
{
    for (uint32_t i = 0; i < h->node_count; i++)
        if (strcmp(h->nodes[i].name, name) == 0)
            return h->nodes[i].cache;
    return NULL;
}

uint32_t hierarchy_node_count(const struct hierarchy *h) { return h->node_count; }

struct hierarchy_node hierarchy_node(const struct hierarchy *h, uint32_t number)
{
    const struct node *n = &h->nodes[number];
    return (struct hierarchy_node){n->name, n->cache, n->below};
}

void hierarchy_watch(struct hierarchy *h, struct probe_watch watch)
{
    for (uint32_t i = 0; i < h->node_count; i++)
        if (h->nodes[i].probe)
            probe_set_watch(h->nodes[i].probe, watch);
}

/* Adds ` + name.stat` to an equation. */
static char *plus(char *equation, const char *name, const char *stat)
{
    char *longer = xasprintf("%s + %s.%s", equation, name, stat);
    free(equation);
    return longer;
}

/* What a node says it moved, and what the caches and walkers above it say, must be the same. */
static void register_flow(const struct hierarchy *h, struct stats *s, uint32_t below)
{
    static const char *const up_stats[] = {"fetch_bytes", "load_bytes", "store_bytes",
                                           "prefetch_bytes"};
    static const char *const down_stats[] = {"write_bytes", "writeback_bytes", "evict_bytes",
                                             "flush_bytes", "clean_bytes"};
    const struct node *n = &h->nodes[below];
    char *up = xasprintf("0"), *up_above = xasprintf("0");
    char *down = xasprintf("0"), *down_above = xasprintf("0");
    for (uint32_t i = 1; i < h->node_count; i++) {
        if (h->nodes[i].below != below)
            continue;
        up_above = plus(up_above, h->nodes[i].name, "fill_bytes");
        up_above = plus(up_above, h->nodes[i].name, "fill_bytes_in_flight");
        down_above = plus(down_above, h->nodes[i].name, "down_bytes");
    }
    for (uint32_t core = 0; h->mmus && core < h->cores; core++)
        if (level_of(h, core, mmus_walk_level(h->mmus)) == below)
            up_above = plus(up_above, mmus_walker_name(h->mmus, core), "load_bytes");
    for (uint32_t i = 0; n->cache && i < ARRAY_LEN(up_stats); i++)
        up = plus(up, n->name, up_stats[i]);
    for (uint32_t i = 0; n->cache && i < ARRAY_LEN(down_stats); i++)
        down = plus(down, n->name, down_stats[i]);
    if (!n->cache) {
        up = plus(up, n->name, "read_bytes");
        down = plus(down, n->name, "written_bytes");
    }
    char *up_name = xasprintf("%s: bytes handed up arrive or are on their way", n->name);
    char *down_name = xasprintf("%s: bytes taken from above are those sent", n->name);
    stats_law(s, up_name, up_above, up);
    stats_law(s, down_name, down_above, down);
    char *const texts[] = {up, up_above, down, down_above, up_name, down_name};
    for (uint32_t i = 0; i < ARRAY_LEN(texts); i++)
        free(texts[i]);
}

void hierarchy_register(const struct hierarchy *h, struct stats *s)
{
    for (uint32_t i = h->node_count; i-- > 1;) /* from the core down, as one reads them */
        cache_register(h->nodes[i].cache, s, h->nodes[i].name);
    if (h->dram)
        dram_register(h->dram, s, MEMORY_NAME);
    else
        memory_register(h->memory, s, MEMORY_NAME);
    mmus_register(h->mmus, s);
    for (uint32_t i = 0; i < h->node_count; i++)
        if (!h->nodes[i].serves_core)
            register_flow(h, s, i);
}

void hierarchy_update_hists(struct hierarchy *h)
{
    for (uint32_t i = 1; i < h->node_count; i++)
        cache_update_hists(h->nodes[i].cache);
}

void hierarchy_register_time(const struct hierarchy *h, struct stats *s, const char *ticks)
{
    for (uint32_t i = h->node_count; i-- > 1;) {
        char *hist = xasprintf("%s.mshrs", h->nodes[i].name);
        char *name = xasprintf("%s: at all times so many lines are on their way", h->nodes[i].name);
        stats_hist_law(s, name, HIST_COUNT, hist, ticks);
        free(name);
        free(hist);
    }
}
