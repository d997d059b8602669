#include "models/cache/hierarchy.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/cache/dram/dram.h"
#include "models/cache/dram/standard.h"
#include "models/cache/hierarchy_impl.h"
#include "models/cache/memory.h"
#include "models/cache/mmu.h"
#include "models/cache/tlb.h"
#include "models/cache/walker.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/stats.h"

/* Without any cache an access may be as long as a page: memory itself has no lines. */
#define MEMORY_LINE 4096

#define SECTION_ROW(name, serves, text) {#name, cache_key_rows, text, NULL, NULL, NULL},
static const struct key_row level_key_rows[] = {LEVEL_KEYS(KEY_ROW, level_keys) KEY_END};
const struct section_row hierarchy_sections[] = {
    HIERARCHY_LEVELS(SECTION_ROW)
    {"l3", level_key_rows, "who uses it", NULL, NULL, NULL},
    {"l2", level_key_rows, "who uses it", NULL, NULL, NULL},
    {"directory", directory_key_rows, "coherence of the cores' own caches", "system.cores",
     "2 or more", NULL},
    {"dram", memory_model_key_rows, "memory behind the last cache", NULL, NULL, NULL},
    {"dram", memory_key_rows, "memory of fixed latency (dram.model = fixed)", "model", "fixed",
     NULL},
    {"dram", dram_key_rows, "DDR memory (dram.model = ddr)", "model", "ddr", NULL},
    {"dram", dram_timing_key_rows,
     "what its standard says, and may be overridden; times in clock periods (tck)", "model", "ddr",
     NULL},
    {"itlb", tlb_first_key_rows, "first level TLB of instruction fetches, one per core", NULL, NULL,
     NULL},
    {"dtlb", tlb_first_key_rows, "first level TLB of loads and stores, one per core", NULL, NULL,
     NULL},
    {"tlb", tlb_second_key_rows, "second level TLB, one per core, unified", NULL, NULL, NULL},
    {"walker", walker_key_rows, "page walks of a core with a TLB", NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

#define LEVEL_ROW(name, serves, text) {#name, serves},
static const struct level_row {
    const char *section;
    enum hierarchy_side serves;
} level_rows[] = {HIERARCHY_LEVELS(LEVEL_ROW)};

static uint32_t *top_of(const struct hierarchy *h, uint32_t core, uint32_t side)
{
    return &h->top[core * HIERARCHY_SIDES + side];
}

struct mem_port hierarchy_node_port(const struct hierarchy *h, const struct node *n)
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
    struct node *n = &h->nodes[index], *under = &h->nodes[below];
    const struct cache_keys *keys = &level->keys;
    bool is_head = h->directory && below == h->home;
    *n = (struct node){.section = level->section, .below = below, .line = (uint32_t)keys->line,
                       .head = is_head ? (int32_t)h->heads++ : under->head};
    n->cache = cache_create(&(struct cache_setup){
        .keys = keys,
        .plugins = &level->plugins,
        .clock = {setup->clock.period_ticks * keys->clock_divider},
        .align = keys->clock_divider > 1, /* else every requester's edge is one of its own */
        .engine = setup->engine,
        .below = is_head ? directory_port(h->directory, (uint32_t)n->head)
                         : hierarchy_node_port(h, under),
        .coherent = n->head >= 0,
        .seed = setup->seed + ((uint64_t)index << 32), /* a stream of its own */
    });
    if (setup->probes || keys->trace)
        n->probe = probe_create(index, n->cache, hierarchy_node_port(h, n));
    if (is_head)
        directory_set_head(h->directory, (uint32_t)n->head, cache_upper(n->cache),
                           keys->write == CACHE_WRITE_BACK && level->serves != HIERARCHY_FETCH);
    else if (under->cache)
        cache_add_upper(under->cache, cache_upper(n->cache));
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

/* For one side of each core, or for both. */
static void add_private(struct hierarchy *h, const struct hierarchy_setup *setup,
                        const struct level *level)
{
    bool is_unified = level->serves == HIERARCHY_SHARED;
    for (uint32_t core = 0; core < h->cores; core++) {
        uint32_t *top = top_of(h, core, is_unified ? HIERARCHY_DATA : level->serves);
        *top = add_cache(h, setup, level, *top);
        if (is_unified)
            *top_of(h, core, HIERARCHY_FETCH) = *top;
        char *name = h->nodes[*top].name;
        if (h->cores == 1)
            snprintf(name, sizeof h->nodes->name, "%s", level->section);
        else
            snprintf(name, sizeof h->nodes->name, "%s.%u", level->section, core);
    }
}

/* Reads a level's section. */
static bool bind_level(struct level *level, const struct hierarchy_setup *setup, struct err *e)
{
    struct config *config = setup->config;
    struct level_keys keys = {.shared = false};
    if (!config_has_section(config, level->section))
        return true;
    if (!config_bind(config, level->section, cache_key_rows, &level->keys, e) ||
        (level->serves == HIERARCHY_SHARED &&
         !config_bind(config, level->section, level_key_rows, &keys, e)))
        return false;
    level->is_shared = level->serves == HIERARCHY_SHARED && (keys.shared || setup->cores == 1);
    level->present = level->keys.present;
    return !level->present ||
           (cache_check(&level->keys, config, level->section, e) &&
            cache_plugins_bind(&level->plugins, &level->keys, config, level->section, e));
}

static bool bind_levels(struct hierarchy *h, const struct hierarchy_setup *setup, struct err *e)
{
    static_assert(ARRAY_LEN(level_rows) == LEVELS, "a level for each row");
    for (uint32_t i = 0; i < LEVELS; i++) {
        h->levels[i].section = level_rows[i].section;
        h->levels[i].serves = level_rows[i].serves;
        if (!bind_level(&h->levels[i], setup, e))
            return false;
    }
    return true;
}

/* The default is a first level's: further down somebody has forgotten to say more. */
static bool is_large_enough(const struct node *below, const struct level *level,
                            const struct config *config, struct err *e)
{
    if (!below->cache || config_sets(config, below->section, "size") ||
        cache_settings(below->cache)->size > level->keys.size)
        return true;
    return config_error(config, below->section, "size", e,
                        "is not larger than [%s] above it, %" PRIu64 " KiB: set %s.size, and its "
                        "ways and latency, or leave the level out with %s.present = no",
                        level->section, level->keys.size >> 10, below->section, below->section);
}

static bool fits_below(const struct hierarchy *h, const struct level *level, uint32_t side,
                       const struct config *config, struct err *e)
{
    const struct node *below = &h->nodes[*top_of(h, 0, side)];
    bool is_exclusive = hierarchy_node_port(h, below).takes_victims;
    if (level->keys.line > below->line)
        return config_error(config, level->section, "line", e,
                            "must not be longer than the line below, %u bytes in [%s]",
                            below->line, below->section);
    if (is_exclusive && level->keys.line != below->line)
        return config_error(config, level->section, "line", e,
                            "must be %u bytes: [%s] is exclusive and moves whole lines",
                            below->line, below->section);
    if (is_exclusive && level->keys.write != CACHE_WRITE_BACK)
        return config_error(config, level->section, "write", e,
                            "must be back: [%s] is exclusive and hands modified lines over",
                            below->section);
    return is_large_enough(below, level, config, e);
}

static bool add_level(struct hierarchy *h, const struct hierarchy_setup *setup,
                      const struct level *level, struct err *e)
{
    if (!level->present)
        return true;
    uint32_t side = level->serves == HIERARCHY_SHARED ? 0 : level->serves;
    if (!level->is_shared && !hierarchy_add_directory(h, setup, e))
        return false;
    if (!fits_below(h, level, side, setup->config, e))
        return false;
    if (level->is_shared)
        add_shared(h, setup, level);
    else
        add_private(h, setup, level);
    return true;
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
    h->nodes[0] = (struct node){.section = "dram", .name = MEMORY_NAME, .line = MEMORY_LINE,
                                .head = -1};
    h->node_count = 1;
    if (model.model == MEMORY_DDR)
        return make_dram(h, setup, e);
    if (!config_bind(setup->config, "dram", memory_key_rows, &keys, e))
        return false;
    h->memory = memory_create(&keys);
    return true;
}

uint32_t hierarchy_level_of(const struct hierarchy *h, uint32_t core, const char *section)
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
    return hierarchy_node_port(h, &h->nodes[hierarchy_level_of(h, core, section)]);
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
        h->nodes->probe = probe_create(0, NULL, hierarchy_node_port(h, h->nodes));
    ok = ok && bind_levels(h, setup, e);
    for (uint32_t i = 0; ok && i < LEVELS; i++)
        ok = add_level(h, setup, &h->levels[i], e);
    for (uint32_t i = 0; i < LEVELS; i++)
        cache_plugins_free(&h->levels[i].plugins);
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
    directory_destroy(h->directory);
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
        .fetch = hierarchy_node_port(h, fetch),
        .data = hierarchy_node_port(h, data),
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

struct directory *hierarchy_directory(const struct hierarchy *h) { return h->directory; }
