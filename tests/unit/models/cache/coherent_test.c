/* Each transition of MESI between the caches of two or three cores, with the cycle of its answer.
 * Latencies: L1 1 to a miss's request, 4 to a hit's data; the shared L2 10 to a hit's data, 1 to
 * its own miss's request; memory 80; in the directory 8 for an upgrade, 16 for the answers of
 * others, 24 for modified data of another. */
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
#include "sim/base/err.h"
#include "sim/engine/event.h"
#include "sim/schema/stats.h"

#define CYCLE 1000
#define LINE  UINT64_C(0x10000)

struct rig {
    struct config *config;
    struct engine *engine;
    struct hierarchy *hierarchy;
    struct stats *stats;
    uint64_t now; /* in cycles; the accesses of a test stand 1000 apart */
};

static struct hierarchy *build(struct config *config, struct engine *engine, const char *text,
                               uint32_t cores, struct err *e)
{
    char *copy = strdup(text), *rest = copy;
    for (char *one; (one = strtok_r(rest, " ", &rest));)
        if (!config_override(config, one, e))
            fail_msg("%s", e->text);
    free(copy);
    return hierarchy_create(&(struct hierarchy_setup){.config = config, .engine = engine,
                                                      .clock = {CYCLE}, .cores = cores},
                            e);
}

static struct rig rig(const char *text, uint32_t cores)
{
    struct err e = {0};
    struct rig g = {.config = config_create(hierarchy_sections), .engine = engine_create()};
    char *all = xasprintf("directory.upgrade_latency=8 directory.snoop_latency=16 "
                          "directory.intervention_latency=24 %s %s",
                          strstr(text, "l2.") ? "" : "l2.size=32KiB l2.latency=10", text);
    g.hierarchy = build(g.config, g.engine, all, cores, &e);
    free(all);
    if (!g.hierarchy)
        fail_msg("%s", e.text);
    g.stats = stats_create();
    hierarchy_register(g.hierarchy, g.stats);
    return g;
}

static uint64_t stat(const struct rig *g, const char *name)
{
    int32_t n = stats_find(g->stats, name);
    if (n < 0)
        fail_msg("%s", name);
    return *stats_get(g->stats, (uint32_t)n).value;
}

/* All laws hold, then all is freed. */
static void end(struct rig *g)
{
    uint64_t *values = calloc(stats_count(g->stats), sizeof *values);
    hierarchy_audit(g->hierarchy);
    stats_snapshot(g->stats, values);
    for (uint32_t n = 0; n < stats_law_count(g->stats); n++)
        if (!stats_law_check(g->stats, n, values).held)
            fail_msg("%s", stats_law_check(g->stats, n, values).name);
    free(values);
    stats_destroy(g->stats);
    hierarchy_destroy(g->hierarchy);
    config_destroy(g->config);
    engine_destroy(g->engine);
}

static void done(struct mem_request *r) { *(uint64_t *)r->owner = r->ready; }

/* Hands an access over now; *ready becomes the tick of its data. */
static void start(struct rig *g, uint32_t core, uint8_t command, uint64_t pa,
                  struct mem_request *r, uint64_t *ready)
{
    struct hierarchy_ports ports = hierarchy_ports(g->hierarchy, core);
    struct mem_port port = command == MEM_FETCH ? ports.fetch : ports.data;
    *ready = UINT64_MAX;
    *r = (struct mem_request){.pa = pa, .bytes = 8, .command = command, .core = (uint8_t)core,
                              .done = done, .owner = ready};
    enum port_reply reply = port.access(port.node, r, g->now * CYCLE);
    assert_int_not_equal(reply, PORT_BUSY);
    if (reply == PORT_HIT)
        *ready = r->ready;
}

/* Cycles from an access to its data; everything is quiet before and after. */
static uint64_t cycles(struct rig *g, uint32_t core, uint8_t command, uint64_t pa)
{
    struct mem_request r;
    uint64_t ready, begun = g->now;
    start(g, core, command, pa, &r, &ready);
    g->now += 1000;
    engine_run_until(g->engine, g->now * CYCLE);
    assert_true(ready != UINT64_MAX);
    return ready / CYCLE - begun;
}

static void assert_held_by(const struct rig *g, uint64_t heads, int32_t owner)
{
    int32_t is;
    assert_int_equal(directory_holders(hierarchy_directory(g->hierarchy), LINE, &is), heads);
    assert_int_equal(is, owner);
}

static void a_line_that_nobody_else_has_is_owned_and_written_without_asking(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8", 2);
    assert_int_equal(cycles(&g, 0, MEM_LOAD, LINE), 1 + 1 + 80); /* I to E */
    assert_held_by(&g, 1, 0);
    assert_int_equal(cycles(&g, 0, MEM_STORE, LINE), 4); /* E to M */
    assert_int_equal(cycles(&g, 0, MEM_LOAD, LINE + 8), 4);
    assert_int_equal(stat(&g, "directory.reads"), 1);
    assert_int_equal(stat(&g, "directory.upgrades"), 0);
    end(&g);
}

static void a_reader_of_a_line_owned_unmodified_waits_for_the_owner_and_both_share(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8", 2);
    cycles(&g, 0, MEM_LOAD, LINE);
    assert_int_equal(cycles(&g, 1, MEM_LOAD, LINE), 1 + 16); /* E to S; the L2 has it after 10 */
    assert_held_by(&g, 3, -1);
    assert_int_equal(stat(&g, "l1d.0.downgrades"), 1);
    assert_int_equal(stat(&g, "directory.clean_snoops"), 1);
    assert_int_equal(stat(&g, "directory.interventions"), 0);
    end(&g);
}

static void a_third_reader_of_a_shared_line_asks_nobody(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8", 3);
    cycles(&g, 0, MEM_LOAD, LINE);
    cycles(&g, 1, MEM_LOAD, LINE);
    assert_int_equal(cycles(&g, 2, MEM_LOAD, LINE), 1 + 10);
    assert_held_by(&g, 7, -1);
    assert_int_equal(stat(&g, "directory.snoops"), 1);
    end(&g);
}

static void a_reader_of_modified_data_gets_them_from_the_owner_and_they_go_down(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8", 2);
    assert_int_equal(cycles(&g, 0, MEM_STORE, LINE), 1 + 1 + 80); /* I to M */
    assert_held_by(&g, 1, 0);
    assert_int_equal(cycles(&g, 1, MEM_LOAD, LINE), 1 + 24); /* M to S */
    assert_held_by(&g, 3, -1);
    assert_int_equal(stat(&g, "directory.interventions"), 1);
    assert_int_equal(stat(&g, "directory.written_bytes"), 64);
    assert_int_equal(stat(&g, "l2.writeback_hits"), 1);
    assert_int_equal(cycles(&g, 0, MEM_LOAD, LINE), 4); /* it still has it */
    end(&g);
}

static void a_store_to_modified_data_of_another_core_takes_them_and_nothing_goes_down(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8", 2);
    cycles(&g, 0, MEM_STORE, LINE);
    assert_int_equal(cycles(&g, 1, MEM_STORE, LINE), 1 + 24); /* M to I, I to M */
    assert_held_by(&g, 2, 1);
    assert_int_equal(stat(&g, "directory.written_bytes"), 0);
    assert_int_equal(stat(&g, "directory.supplied_bytes"), 64);
    assert_int_equal(stat(&g, "l1d.0.coherence_invalidations"), 1);
    end(&g);
}

static void a_store_to_a_shared_line_waits_until_the_others_have_lost_it(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8", 3);
    for (uint32_t core = 0; core < 3; core++)
        cycles(&g, core, MEM_LOAD, LINE);
    assert_int_equal(cycles(&g, 1, MEM_STORE, LINE), 1 + 16); /* S to M, S to I */
    assert_held_by(&g, 2, 1);
    assert_int_equal(stat(&g, "l1d.1.upgrade_misses"), 1);
    assert_int_equal(stat(&g, "l1d.1.upgrades"), 1);
    assert_int_equal(stat(&g, "l1d.1.fill_bytes"), 64); /* of the load alone */
    assert_int_equal(cycles(&g, 1, MEM_STORE, LINE), 4);
    assert_int_equal(cycles(&g, 2, MEM_LOAD, LINE), 1 + 24);
    assert_int_equal(stat(&g, "l1d.2.coherence_misses"), 1);
    assert_int_equal(stat(&g, "l1d.1.coherence_misses"), 0);
    end(&g);
}

static void a_store_to_a_line_that_others_share_takes_it_from_them(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8", 3);
    cycles(&g, 0, MEM_LOAD, LINE);
    cycles(&g, 1, MEM_LOAD, LINE);
    assert_int_equal(cycles(&g, 2, MEM_STORE, LINE), 1 + 16); /* I to M; the L2 has it after 10 */
    assert_held_by(&g, 4, 2);
    assert_int_equal(stat(&g, "directory.reads_to_own"), 1);
    assert_int_equal(stat(&g, "directory.invalidations"), 2);
    end(&g);
}

/* One way of one set: another line of core 1 displaces its copy, and the directory knows. */
static void the_last_of_those_that_shared_a_line_needs_nobody_elses_answer_to_write_it(void **state)
{
    (void)state;
    struct rig g = rig("l1d.size=64 l1d.ways=1", 2);
    cycles(&g, 0, MEM_LOAD, LINE);
    cycles(&g, 1, MEM_LOAD, LINE);
    cycles(&g, 1, MEM_LOAD, LINE + 64);
    assert_held_by(&g, 1, -1);
    assert_int_equal(cycles(&g, 0, MEM_STORE, LINE), 1 + 8); /* S to M */
    assert_held_by(&g, 1, 0);
    end(&g);
}

static void a_modified_line_that_is_displaced_is_nobodys_when_it_has_gone_down(void **state)
{
    (void)state;
    struct rig g = rig("l1d.size=64 l1d.ways=1", 2);
    cycles(&g, 0, MEM_STORE, LINE);
    cycles(&g, 0, MEM_LOAD, LINE + 64); /* M to I */
    assert_held_by(&g, 0, -1);
    assert_int_equal(cycles(&g, 1, MEM_LOAD, LINE), 1 + 10);
    assert_held_by(&g, 2, 1); /* I to E */
    end(&g);
}

/* Both ask the directory at 1. The first has its data at 82 and the line, in beats of 32 bytes, at
 * 83; the second is served then, with data that the first has modified. */
static void of_two_stores_at_a_time_one_waits_until_the_other_has_the_line(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8", 2);
    struct mem_request r[2];
    uint64_t ready[2];
    start(&g, 0, MEM_STORE, LINE, &r[0], &ready[0]);
    start(&g, 1, MEM_STORE, LINE, &r[1], &ready[1]);
    engine_run_until(g.engine, 1000 * CYCLE);
    assert_int_equal(ready[0], (1 + 1 + 80) * CYCLE);
    assert_int_equal(ready[1], (1 + 1 + 80 + 1 + 24) * CYCLE);
    assert_int_equal(stat(&g, "directory.waits"), 1);
    assert_held_by(&g, 2, 1);
    end(&g);
}

/* A private L2 answers its own L1 for all that it owns: 1 to the request, 10 to its data. */
static void a_private_second_level_owns_for_the_first(void **state)
{
    (void)state;
    struct rig g = rig("l1d.size=64 l1d.ways=1 l2.shared=no l2.latency=10 "
                       "l3.size=32KiB l3.latency=20", 2);
    assert_int_equal(cycles(&g, 0, MEM_LOAD, LINE), 1 + 1 + 1 + 80);
    cycles(&g, 0, MEM_LOAD, LINE + 64); /* displaces it in the L1 alone */
    assert_held_by(&g, 1, 0);
    assert_int_equal(cycles(&g, 0, MEM_STORE, LINE), 1 + 10);
    assert_int_equal(stat(&g, "directory.upgrades"), 0);
    /* 1 and 1 to the directory; the data stand in the L1 */
    assert_int_equal(cycles(&g, 1, MEM_LOAD, LINE), 1 + 1 + 24);
    assert_int_equal(stat(&g, "l2.0.downgrades"), 1);
    assert_int_equal(stat(&g, "l3.writeback_hits"), 1);
    /* S in both levels: the right to write comes through both */
    assert_int_equal(cycles(&g, 1, MEM_STORE, LINE), 1 + 1 + 16);
    assert_int_equal(stat(&g, "l1d.0.coherence_invalidations"), 1);
    assert_int_equal(stat(&g, "l2.0.coherence_invalidations"), 1);
    end(&g);
}

static void memory_itself_may_be_the_shared_level(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8 l2.size=32KiB l2.shared=no", 2);
    cycles(&g, 0, MEM_STORE, LINE);
    assert_int_equal(cycles(&g, 1, MEM_LOAD, LINE), 1 + 1 + 24);
    assert_int_equal(stat(&g, "mem.written_bytes"), 64);
    assert_int_equal(stat(&g, "mem.reads"), 1);
    end(&g);
}

static void what_is_written_through_takes_the_line_from_the_others(void **state)
{
    (void)state;
    struct rig g = rig("l1d.write=through", 2);
    cycles(&g, 0, MEM_LOAD, LINE);
    cycles(&g, 1, MEM_LOAD, LINE);
    assert_held_by(&g, 3, -1);
    cycles(&g, 0, MEM_STORE, LINE);
    assert_held_by(&g, 1, -1);
    assert_int_equal(cycles(&g, 1, MEM_LOAD, LINE), 1 + 10);
    assert_int_equal(stat(&g, "l1d.1.coherence_misses"), 1);
    end(&g);
}

static void instructions_are_shared_from_the_start(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8 l1i.ways=8", 2);
    cycles(&g, 0, MEM_FETCH, LINE);
    int32_t owner;
    assert_true(directory_holders(hierarchy_directory(g.hierarchy), LINE, &owner));
    assert_int_equal(owner, -1);
    assert_int_equal(cycles(&g, 1, MEM_FETCH, LINE), 1 + 10);
    end(&g);
}

static void what_an_inclusive_shared_level_evicts_leaves_all_cores(void **state)
{
    (void)state;
    struct rig g = rig("l1d.ways=8 l2.size=64 l2.ways=1 l2.inclusion=inclusive", 2);
    cycles(&g, 0, MEM_STORE, LINE);
    cycles(&g, 1, MEM_LOAD, LINE + 64);
    assert_held_by(&g, 0, -1);
    assert_int_equal(stat(&g, "directory.recalls"), 1);
    assert_int_equal(stat(&g, "mem.written_bytes"), 64);
    end(&g);
}

static void refused(const char *text, const char *why)
{
    struct err e = {0};
    struct config *config = config_create(hierarchy_sections);
    struct engine *engine = engine_create();
    assert_null(build(config, engine, text, 2, &e));
    if (!strstr(e.text, why))
        fail_msg("'%s' does not say '%s'", e.text, why);
    config_destroy(config);
    engine_destroy(engine);
}

static void shapes_that_cannot_be_coherent_are_refused(void **state)
{
    (void)state;
    refused("l1d.size=32KiB l2.size=1MiB l2.inclusion=exclusive", "cannot be exclusive below");
    refused("l1d.size=32KiB l2.shared=no l2.inclusion=exclusive", "cannot be exclusive");
    refused("l1d.line=32 l2.size=32KiB l2.shared=no", "lines of one length, here 64 bytes");
    refused("l1d.write_allocate=no", "a cache of one core that writes back allocates");
    refused("l1d.size=32KiB l2.shared=no l2.write=through", "below its first level writes back");
    refused("l1d.size=32KiB l2.shared=yes l3.shared=no", "below [l2], which all cores share");
    refused("l1d.size=32KiB l2.shared=no l3.shared=no", "two data caches of its own, not 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_nobody_else_has_is_owned_and_written_without_asking),
        cmocka_unit_test(a_reader_of_a_line_owned_unmodified_waits_for_the_owner_and_both_share),
        cmocka_unit_test(a_third_reader_of_a_shared_line_asks_nobody),
        cmocka_unit_test(a_reader_of_modified_data_gets_them_from_the_owner_and_they_go_down),
        cmocka_unit_test(a_store_to_modified_data_of_another_core_takes_them_and_nothing_goes_down),
        cmocka_unit_test(a_store_to_a_shared_line_waits_until_the_others_have_lost_it),
        cmocka_unit_test(a_store_to_a_line_that_others_share_takes_it_from_them),
        cmocka_unit_test(
            the_last_of_those_that_shared_a_line_needs_nobody_elses_answer_to_write_it),
        cmocka_unit_test(a_modified_line_that_is_displaced_is_nobodys_when_it_has_gone_down),
        cmocka_unit_test(of_two_stores_at_a_time_one_waits_until_the_other_has_the_line),
        cmocka_unit_test(a_private_second_level_owns_for_the_first),
        cmocka_unit_test(memory_itself_may_be_the_shared_level),
        cmocka_unit_test(what_is_written_through_takes_the_line_from_the_others),
        cmocka_unit_test(instructions_are_shared_from_the_start),
        cmocka_unit_test(what_an_inclusive_shared_level_evicts_leaves_all_cores),
        cmocka_unit_test(shapes_that_cannot_be_coherent_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
