/* A pointer chase over growing footprints: each level's latency as a plateau, and a step where its
 * capacity ends. Every load waits for the last; the order is a random cycle through all lines, so
 * that a level that LRU cycles through by even one line a set too many answers none of them. */
#include "models/cache/hierarchy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/base/rng.h"
#include "sim/engine/event.h"
#include "sim/schema/stats.h"

#define CYCLE 500 /* ticks: 2 GHz */
#define LINE  64
#define KIB   1024u

/* Hits cost 3, 2 + 12 and 2 + 4 + 30 cycles: a miss spends the upper levels' miss latency. */
#define CACHES                                                                                     \
    "l1d.size=4KiB l1d.ways=4 l1d.latency=3 l1d.miss_latency=2 "                                   \
    "l2.size=32KiB l2.ways=8 l2.latency=12 l2.miss_latency=4 l2.bus=64 l1d.bus=64 "                \
    "l3.size=256KiB l3.ways=16 l3.latency=30 l3.miss_latency=5 l3.bus=64 "
#define L1 3
#define L2 (2 + 12)
#define L3 (2 + 4 + 30)
#define BELOW (2 + 4 + 5) /* cycles before memory is asked */

struct chase {
    struct config *config;
    struct engine *engine;
    struct hierarchy *hierarchy;
    struct mem_port port;
    struct tlb_port tlb;
    struct mem_request request;
    struct tlb_request translation;
    bool answered;
};

static void answered(struct mem_request *r) { *(bool *)r->owner = true; }
static void translated(struct tlb_request *r) { *(bool *)r->owner = true; }

static void chase_open(struct chase *c, const char *assignments)
{
    struct err e = {0};
    char *copy = strdup(assignments), *rest = copy;
    *c = (struct chase){.config = config_create(hierarchy_sections), .engine = engine_create()};
    for (char *one; (one = strtok_r(rest, " ", &rest));)
        if (!config_override(c->config, one, &e))
            fail_msg("%s", e.text);
    free(copy);
    c->hierarchy = hierarchy_create(
        &(struct hierarchy_setup){
            .config = c->config, .engine = c->engine, .clock = {CYCLE}, .cores = 1},
        &e);
    if (!c->hierarchy || !config_finish(c->config, &e))
        fail_msg("%s", e.text);
    c->port = hierarchy_ports(c->hierarchy, 0).data;
    c->tlb = hierarchy_ports(c->hierarchy, 0).dtlb;
}

static void chase_close(struct chase *c)
{
    struct stats *s = stats_create();
    hierarchy_register(c->hierarchy, s);
    uint64_t *values = calloc(stats_count(s), sizeof *values);
    stats_snapshot(s, values);
    for (uint32_t n = 0; n < stats_law_count(s); n++)
        assert_true(stats_law_check(s, n, values).held);
    free(values);
    stats_destroy(s);
    hierarchy_destroy(c->hierarchy);
    config_destroy(c->config);
    engine_destroy(c->engine);
}

static void wait_for(struct chase *c, enum port_reply reply, const uint64_t *ready)
{
    assert_int_not_equal(reply, PORT_BUSY);
    while (reply == PORT_MISS && !c->answered)
        assert_true(engine_run_one(c->engine));
    uint64_t edge = (*ready + CYCLE - 1) / CYCLE * CYCLE; /* the core sees it then */
    engine_run_until(c->engine, edge);
}

/* The load of one line, its translation first; time goes on to the end of it. */
static void load(struct chase *c, uint64_t pa)
{
    if (c->tlb.translate) {
        c->answered = false;
        c->translation = (struct tlb_request){.ea = pa, .pa = pa, .command = MEM_LOAD,
                                              .done = translated, .owner = &c->answered};
        wait_for(c, c->tlb.translate(c->tlb.node, &c->translation, engine_now(c->engine)),
                 &c->translation.ready);
    }
    c->answered = false;
    c->request = (struct mem_request){.pa = pa, .bytes = 8, .command = MEM_LOAD,
                                      .done = answered, .owner = &c->answered};
    wait_for(c, c->port.access(c->port.node, &c->request, engine_now(c->engine)),
             &c->request.ready);
}

/* Mean cycles of a load in hundredths, over a lap after one that is not counted. */
static uint64_t mean_latency(const char *assignments, uint64_t footprint, uint64_t stride)
{
    struct chase c;
    uint32_t count = (uint32_t)(footprint / stride);
    uint32_t *order = calloc(count, sizeof *order);
    struct rng rng = rng_seeded(footprint);
    uint64_t start = 0;
    chase_open(&c, assignments);
    for (uint32_t n = 0; n < count; n++) {
        uint32_t other = (uint32_t)rng_below(&rng, n + 1);
        order[n] = order[other];
        order[other] = n;
    }
    for (uint32_t lap = 0; lap < 2; lap++) {
        start = engine_now(c.engine);
        for (uint32_t n = 0; n < count; n++)
            load(&c, order[n] * stride);
    }
    uint64_t mean = (engine_now(c.engine) - start) * 100 / CYCLE / count;
    free(order);
    chase_close(&c);
    return mean;
}

/* Up to a level's capacity each load takes its latency; with one line a set more, that of the next
 * level. */
static void each_level_is_a_plateau_of_its_latency(void **state)
{
    static const struct {
        uint64_t footprint, cycles;
    } rows[] = {
        {1 * KIB, L1},   {4 * KIB, L1},            /* full */
        {5 * KIB, L2},                             /* a line more in each of 16 sets */
        {16 * KIB, L2},  {32 * KIB, L2},
        {36 * KIB, L3},
        {128 * KIB, L3}, {256 * KIB, L3},
        {272 * KIB, BELOW + 100}, {1024 * KIB, BELOW + 100},
    };
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        uint64_t mean = mean_latency(CACHES "dram.latency=50ns", rows[n].footprint, LINE);
        if (mean != rows[n].cycles * 100)
            fail_msg("%llu KiB: %llu.%02llu cycles, expected %llu",
                     (unsigned long long)rows[n].footprint / KIB, (unsigned long long)mean / 100,
                     (unsigned long long)mean % 100, (unsigned long long)rows[n].cycles);
    }
}

/* Rows always closed: activate, read, burst = 38 cycles of 833 ps, and 10 ns of the controller's;
 * the core sees the data at its next edge, the DRAM the request at its own. */
static void memory_is_a_plateau_within_a_cycle_of_each_clock(void **state)
{
    const uint64_t least = BELOW * 100 + (38 * 833 + 10000) * 100 / CYCLE;
    (void)state;
    uint64_t mean = mean_latency(CACHES "dram.model=ddr dram.page_policy=closed dram.refresh=no",
                                 2048 * KIB, LINE);
    assert_true(mean >= least);
    assert_true(mean <= least + 833 * 100 / CYCLE + 100);
}

/* One line of each page: no cache is large enough to be left, but the TLBs are. */
static void tlb_reach_is_a_step_of_its_own(void **state)
{
    /* A line in each page of 4 KiB is always in the same set: caches with enough ways. */
#define TLBS                                                                                       \
    "l1d.size=256KiB l1d.ways=64 l1d.latency=3 l2.size=2MiB l2.ways=64 dtlb.entries=16 "           \
    "tlb.entries=64 tlb.ways=4 tlb.latency=9 walker.walk_level=l1d walker.step_latency=1 "
    (void)state;
    uint64_t stride = 4096 + LINE;
    assert_int_equal(mean_latency(TLBS, 15 * stride, stride), 300);
    assert_int_equal(mean_latency(TLBS, 16 * stride, stride), 300);
    assert_int_equal(mean_latency(TLBS, 17 * stride, stride), 900 + 300);
    assert_int_equal(mean_latency(TLBS, 60 * stride, stride), 900 + 300);
    /* the last entry of the tree is in the first level: 3 + 1 cycles */
    assert_int_equal(mean_latency(TLBS, 128 * stride, stride), 900 + 400 + 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_is_a_plateau_of_its_latency),
        cmocka_unit_test(memory_is_a_plateau_within_a_cycle_of_each_clock),
        cmocka_unit_test(tlb_reach_is_a_step_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
