/* Random loads and stores of several cores on few lines, through hierarchies of every shape: at all
 * times a line that may be written is in one core's caches only, the directory knows what they
 * hold, and the laws of all nodes hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/cache/cache.h"
#include "models/cache/directory.h"
#include "models/cache/hierarchy.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"
#include "sim/engine/event.h"
#include "sim/schema/stats.h"

#define CYCLE     1000
#define CORES_MAX 8u
#define SLOTS     4u
#define LINES     24u
#define ACCESSES  6000u

struct agent;
struct slot {
    struct mem_request request;
    struct agent *agent;
    bool busy;
};

struct agent {
    struct rig *rig;
    uint32_t core;
    struct hierarchy_ports ports;
    struct slot slot[SLOTS];
    struct port_waiter waiter;
    struct event tick;
    uint32_t left;
};

struct rig {
    struct config *config;
    struct engine *engine;
    struct hierarchy *hierarchy;
    struct stats *stats;
    struct rng rng;
    uint32_t cores;
    uint64_t answered;
    struct agent agents[CORES_MAX];
};

static struct cache *first_level(const struct rig *g, uint32_t core)
{
    char name[32];
    snprintf(name, sizeof name, "l1d.%u", core);
    return hierarchy_cache(g->hierarchy, name);
}

/* Whoever has just stored is the only one whose first level has the line. */
static void check_store(const struct rig *g, uint32_t core, uint64_t pa)
{
    for (uint32_t other = 0; other < g->cores; other++) {
        const struct cache *l1 = first_level(g, other);
        if (other != core && l1 && cache_holds(l1, pa))
            fail_msg("core %u has stored to 0x%llx while core %u holds it", core,
                     (unsigned long long)pa, other);
    }
}

static void done(struct mem_request *r)
{
    struct slot *s = r->owner;
    s->busy = false;
    s->agent->rig->answered++;
    if (r->command == MEM_STORE && !r->block)
        check_store(s->agent->rig, s->agent->core, r->pa);
}

static uint8_t random_command(struct rng *rng)
{
    static const uint8_t commands[] = {MEM_LOAD, MEM_LOAD, MEM_STORE, MEM_STORE, MEM_FETCH,
                                       MEM_LOAD, MEM_STORE, MEM_LOAD, MEM_STORE, MEM_FLUSH,
                                       MEM_CLEAN};
    return commands[rng_below(rng, ARRAY_LEN(commands))];
}

/* One access, when a slot is free; false when the port has refused it. */
static bool issue(struct agent *a, uint64_t now)
{
    struct rig *g = a->rig;
    uint32_t n = 0;
    while (n < SLOTS && a->slot[n].busy)
        n++;
    if (n == SLOTS)
        return true;
    struct slot *s = &a->slot[n];
    uint8_t command = random_command(&g->rng);
    bool away = command >= MEM_FLUSH;
    struct mem_port port = command == MEM_FETCH ? a->ports.fetch : a->ports.data;
    if (away && !port.is_cache)
        return true;
    s->request = (struct mem_request){
        .pa = 0x10000 + 64 * rng_below(&g->rng, LINES) + 8 * rng_below(&g->rng, 8), .bytes = 8,
        .command = command, .core = (uint8_t)a->core, .done = away ? NULL : done, .owner = s};
    s->busy = true;
    enum port_reply reply = port.access(port.node, &s->request, now);
    if (reply == PORT_MISS)
        return true;
    s->busy = false;
    if (reply == PORT_BUSY) {
        port.wait(port.node, &a->waiter);
        return false;
    }
    g->answered++;
    return true;
}

static void tick(struct event *ev, uint64_t now)
{
    struct agent *a = ev->owner;
    if (!a->left || a->waiter.waiting)
        return;
    a->left--;
    if (issue(a, now))
        engine_schedule(a->rig->engine, &a->tick, now + CYCLE * (1 + rng_below(&a->rig->rng, 12)),
                        PHASE_CORE + a->core);
}

static void woken(struct port_waiter *w, uint64_t now)
{
    struct agent *a = w->owner;
    if (!event_pending(&a->tick))
        engine_schedule(a->rig->engine, &a->tick, now + CYCLE, PHASE_CORE + a->core);
}

static void set(struct rig *g, const char *assignments)
{
    struct err e = {0};
    char *copy = strdup(assignments), *rest = copy;
    for (char *one; (one = strtok_r(rest, " ", &rest));)
        if (!config_override(g->config, one, &e))
            fail_msg("%s", e.text);
    free(copy);
}

static void rig_init(struct rig *g, const char *shape, uint32_t cores, uint64_t seed)
{
    struct err e = {0};
    *g = (struct rig){.config = config_create(hierarchy_sections), .engine = engine_create(),
                      .rng = rng_seeded(seed), .cores = cores};
    set(g, shape);
    g->hierarchy = hierarchy_create(
        &(struct hierarchy_setup){.config = g->config, .engine = g->engine, .clock = {CYCLE},
                                  .cores = cores, .seed = seed},
        &e);
    if (!g->hierarchy || !config_finish(g->config, &e))
        fail_msg("%s: %s", shape, e.text);
    g->stats = stats_create();
    hierarchy_register(g->hierarchy, g->stats);
    for (uint32_t n = 0; n < cores; n++) {
        struct agent *a = &g->agents[n];
        *a = (struct agent){.rig = g, .core = n, .ports = hierarchy_ports(g->hierarchy, n),
                            .left = ACCESSES / cores};
        a->waiter = (struct port_waiter){.wake = woken, .owner = a};
        a->tick = (struct event){.fn = tick, .owner = a};
        for (uint32_t s = 0; s < SLOTS; s++)
            a->slot[s].agent = a;
        engine_schedule(g->engine, &a->tick, 0, PHASE_CORE + n);
    }
}

static void check_laws(struct rig *g, const char *shape)
{
    uint64_t *values = calloc(stats_count(g->stats), sizeof *values);
    hierarchy_audit(g->hierarchy);
    stats_snapshot(g->stats, values);
    for (uint32_t n = 0; n < stats_law_count(g->stats); n++) {
        struct law_info law = stats_law_check(g->stats, n, values);
        if (!law.held)
            fail_msg("%s: at %llu: %s: %s = %lld, %s = %lld", shape,
                     (unsigned long long)engine_now(g->engine) / CYCLE, law.name, law.left,
                     (long long)law.left_value, law.right, (long long)law.right_value);
    }
    free(values);
}

static uint64_t stat(const struct rig *g, const char *name)
{
    int32_t n = stats_find(g->stats, name);
    assert_true(n >= 0);
    return *stats_get(g->stats, (uint32_t)n).value;
}

static void run(const char *shape, uint32_t cores, uint64_t seed)
{
    struct rig g;
    rig_init(&g, shape, cores, seed);
    for (uint64_t n = 0; engine_run_one(g.engine); n++)
        if (n % 64 == 0)
            check_laws(&g, shape);
    check_laws(&g, shape);
    for (uint32_t n = 0; n < cores; n++)
        for (uint32_t s = 0; s < SLOTS; s++)
            if (g.agents[n].slot[s].busy)
                fail_msg("%s, seed %llu: core %u was never answered", shape,
                         (unsigned long long)seed, n);
    for (uint32_t n = 0; n < cores; n++)
        if (g.agents[n].left)
            fail_msg("%s, seed %llu: core %u was never woken", shape, (unsigned long long)seed, n);
    assert_true(stat(&g, "directory.invalidations") > 0);
    stats_destroy(g.stats);
    hierarchy_destroy(g.hierarchy);
    config_destroy(g.config);
    engine_destroy(g.engine);
}

#define TINY  " l1d.size=512 l1d.ways=2 l1i.size=512 l1i.ways=2"
#define SMALL " l2.size=1KiB l2.ways=2"
#define OWN   SMALL " l2.shared=no"
static const char *const shapes[] = {
    "l1d.size=512 l1d.ways=2",
    "l1d.size=512 l1d.ways=2 l1d.write=through",
    "l1d.size=512 l1d.ways=2 l1d.write=through l1d.write_allocate=no" SMALL,
    "l1d.write_buffer=1 l1d.mshrs=2" TINY SMALL,
    "l2.inclusion=inclusive" TINY SMALL,
    "l2.inclusion=inclusive l2.write=through" TINY SMALL,
    "l2.clock_divider=3 l2.mshrs=2 l2.targets=1 l2.write_buffer=1" TINY SMALL,
    "l1d.targets=1" TINY OWN,
    "l2.inclusion=inclusive" TINY OWN,
    "l1d.write=through" TINY OWN,
    "l2.mshrs=1 l2.write_buffer=1 dram.model=ddr" TINY OWN,
    "l3.size=2KiB l3.ways=2" TINY OWN,
    "l3.size=2KiB l3.ways=2 l3.inclusion=inclusive l2.prefetcher=next_line" TINY OWN,
    "l3.size=2KiB l3.ways=2 l3.inclusion=inclusive l2.inclusion=inclusive" TINY OWN,
    "l3.size=2KiB l3.ways=2 l2.clock_divider=2 l3.clock_divider=3 dram.bandwidth=4GiB" TINY OWN,
    "l3.size=1KiB l3.ways=2 l3.shared=no l2.present=no l3.inclusion=inclusive" TINY,
    "directory.upgrade_latency=0 directory.snoop_latency=0 directory.intervention_latency=0" TINY
        SMALL,
};

static void random_accesses_leave_every_line_coherent(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < ARRAY_LEN(shapes); n++)
        for (uint32_t cores = 2; cores <= CORES_MAX; cores += cores)
            for (uint64_t seed = 1; seed <= 4; seed++)
                run(shapes[n], cores, seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_accesses_leave_every_line_coherent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
