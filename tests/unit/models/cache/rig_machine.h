/* A small machine for tests of caches: up to three levels over a memory. One cycle is CYCLE
 * ticks. */
#ifndef TESTS_UNIT_MODELS_CACHE_RIG_MACHINE_H
#define TESTS_UNIT_MODELS_CACHE_RIG_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/cache/cache.h"
#include "models/cache/memory.h"
#include "sim/base/err.h"
#include "sim/engine/event.h"
#include "sim/schema/config.h"

#define CYCLE         1000
#define MEMORY_CYCLES 100
#define RIG_LEVELS    3

struct rig {
    struct engine *engine;
    struct cache_keys keys[RIG_LEVELS]; /* [0] is nearest to the core */
    struct memory_keys memory_keys;
    uint32_t levels;
    struct config *config; /* of private keys: their defaults where the test sets nothing */
    struct cache *cache[RIG_LEVELS];
    struct memory *memory;
    struct mem_port port;
};

/* 4 sets x 2 ways x 64 bytes, everything at once: what a test wants to see, it narrows. */
static inline struct cache_keys rig_keys(void)
{
    return (struct cache_keys){
        .present = true,
        .size = 512,
        .ways = 2,
        .line = 64,
        .clock_divider = 1,
        .latency = 3,
        .miss_latency = 2,
        .fill_latency = 0,
        .bus = 64,
        .fill_order = CACHE_FILL_CRITICAL,
        .mshrs = 8,
        .targets = 8,
        .write = CACHE_WRITE_BACK,
        .write_allocate = true,
        .write_buffer = 4,
        .banks = 1,
        .bank_bytes = 64,
        .ports = 64,
        .inclusion = CACHE_MOSTLY_INCLUSIVE,
        .replacement = "lru",
        .prefetcher = "none",
    };
}

static inline struct rig *rig_new(uint32_t levels)
{
    struct rig *g = xcalloc(1, sizeof *g);
    g->levels = levels;
    g->config = config_create(NULL);
    for (uint32_t i = 0; i < levels; i++) {
        g->keys[i] = rig_keys();
        g->keys[i].size = 512u << 2 * i;
    }
    g->memory_keys = (struct memory_keys){.latency = MEMORY_CYCLES * CYCLE};
    return g;
}

static inline const char *rig_section(uint32_t level)
{
    static const char *const names[RIG_LEVELS] = {"l1", "l2", "l3"};
    return names[level];
}

/* Sets a private key of a plug-in of one level. */
static inline void rig_set(struct rig *g, uint32_t level, const char *key, const char *value)
{
    struct err e;
    assert_true(config_set(g->config, rig_section(level), key, value, "test", &e));
}

/* The cache of one level, with its private keys. */
static inline struct cache *rig_cache(struct rig *g, uint32_t i, struct mem_port below)
{
    struct cache_plugins plugins;
    struct err e;
    assert_true(cache_plugins_bind(&plugins, &g->keys[i], g->config, rig_section(i), &e));
    struct cache *c = cache_create(&(struct cache_setup){
        .keys = &g->keys[i],
        .plugins = &plugins,
        .clock = {(uint64_t)CYCLE * g->keys[i].clock_divider},
        .align = i > 0 && g->keys[i].clock_divider != g->keys[i - 1].clock_divider,
        .engine = g->engine,
        .below = below,
        .seed = i + 1,
    });
    cache_plugins_free(&plugins);
    return c;
}

static inline void rig_build(struct rig *g)
{
    g->engine = engine_create();
    g->memory = memory_create(&g->memory_keys);
    g->port = memory_port(g->memory);
    for (uint32_t i = g->levels; i-- > 0;) {
        g->cache[i] = rig_cache(g, i, g->port);
        if (i + 1 < g->levels)
            cache_add_upper(g->cache[i + 1], cache_upper(g->cache[i]));
        g->port = cache_port(g->cache[i]);
    }
}

static inline void rig_free(struct rig *g)
{
    for (uint32_t i = 0; i < g->levels; i++)
        cache_destroy(g->cache[i]);
    memory_destroy(g->memory);
    engine_destroy(g->engine);
    config_destroy(g->config);
    free(g);
}

static inline const struct cache_stats *rig_stats(const struct rig *g, uint32_t level)
{
    return cache_statistics(g->cache[level]);
}

#endif
