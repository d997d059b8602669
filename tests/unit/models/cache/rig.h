/* A small machine for tests of caches: up to three levels over a memory, probes that record when
 * they were answered, and the laws as assertions. One cycle is CYCLE ticks. */
#ifndef TESTS_UNIT_MODELS_CACHE_RIG_H
#define TESTS_UNIT_MODELS_CACHE_RIG_H

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

/* One access and what became of it. */
struct probe {
    struct mem_request request;
    enum port_reply reply;
    bool answered; /* by a callback */
    uint64_t answered_tick;
    const struct rig *rig;
};

static inline void probe_done(struct mem_request *r)
{
    struct probe *p = r->owner;
    assert_false(p->answered);
    p->answered = true;
    p->answered_tick = engine_now(p->rig->engine);
    assert_int_equal(p->answered_tick, r->ready);
}

static inline enum port_reply probe_access(const struct rig *g, struct probe *p,
                                           enum mem_command command, uint64_t pa)
{
    *p = (struct probe){.rig = g};
    p->request = (struct mem_request){
        .pa = pa,
        .bytes = 8,
        .command = (uint8_t)command,
        .done = probe_done,
        .owner = p,
    };
    p->reply = g->port.access(g->port.node, &p->request, engine_now(g->engine));
    return p->reply;
}

static inline void rig_run_to(struct rig *g, uint64_t cycle)
{
    engine_run_until(g->engine, cycle * CYCLE);
}

/* "Not ready at t-1, ready at t", whichever way the answer came. */
static inline void assert_ready_at(struct rig *g, struct probe *p, uint64_t cycle)
{
    if (p->reply == PORT_MISS) {
        if (engine_now(g->engine) < cycle * CYCLE) { /* else a neighbour's test went by already */
            rig_run_to(g, cycle - 1);
            assert_false(p->answered);
            rig_run_to(g, cycle);
        }
        assert_true(p->answered);
        assert_int_equal(p->answered_tick, cycle * CYCLE);
    }
    assert_int_equal(p->request.ready, cycle * CYCLE);
}

/* Brings a line in, long before the test proper, and lets everything settle. */
static inline void rig_load_line(struct rig *g, enum mem_command command, uint64_t pa)
{
    struct probe p;
    assert_int_not_equal(probe_access(g, &p, command, pa), PORT_BUSY);
    engine_run_until(g->engine, engine_now(g->engine) + 100000 * CYCLE);
}

static inline void assert_laws(const struct rig *g)
{
    for (uint32_t i = 0; i < g->levels; i++) {
        const struct cache_stats *s = rig_stats(g, i);
        assert_int_equal(s->hits + s->delayed_hits + s->misses, s->accesses);
        assert_int_equal(s->mshr_allocations + s->write_fills + s->passed_writes +
                             s->passed_flushes,
                         s->misses + s->prefetch_sent);
        assert_int_equal(s->line_fills + s->dropped_fills + s->passed_fills + s->mshrs_in_use,
                         s->mshr_allocations);
        assert_int_equal(s->line_fills + s->write_fills + s->warm_fills, s->fills);
        assert_int_equal(s->evictions + s->invalidations + s->moved_up + s->resident_lines,
                         s->fills);
        assert_int_equal(s->writebacks + s->clean_victims + s->writes_through + s->flushes_sent +
                             s->writes_waiting,
                         s->writes_queued);
        assert_int_equal(s->prefetch_off_page + s->prefetch_redundant + s->prefetch_overflows +
                             s->prefetch_waiting + s->prefetch_sent, s->prefetch_named);
        assert_int_equal(s->prefetch_sent + s->prefetch_hints, s->prefetch_issued);
        assert_int_equal(s->prefetch_fills + s->prefetch_dropped + s->prefetch_late +
                             s->prefetch_in_flight, s->prefetch_issued);
        assert_int_equal(s->prefetch_useful + s->prefetch_useless + s->prefetch_dropped +
                             s->prefetch_resident + s->prefetch_in_flight, s->prefetch_issued);
        uint64_t up, down;
        if (i + 1 < g->levels) {
            const uint64_t *b = rig_stats(g, i + 1)->bytes;
            up = b[MEM_FETCH] + b[MEM_LOAD] + b[MEM_STORE] + b[MEM_PREFETCH];
            down = b[MEM_WRITE] + b[MEM_WRITEBACK] + b[MEM_EVICT] + b[MEM_FLUSH] + b[MEM_CLEAN];
        } else {
            up = memory_statistics(g->memory)->read_bytes;
            down = memory_statistics(g->memory)->written_bytes;
        }
        assert_int_equal(s->fill_bytes + s->fill_bytes_in_flight, up);
        assert_int_equal(s->down_bytes, down);
    }
}

#endif
