#include "models/cache/hierarchy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/cache/cache.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"
#include "sim/engine/event.h"
#include "sim/schema/stats.h"

#define CYCLE 1000

struct machine {
    struct config *config;
    struct engine *engine;
    struct hierarchy *hierarchy;
    struct err err;
};

/* Assignments separated by spaces, as on the command line. */
static struct machine machine(const char *assignments, uint32_t cores)
{
    struct machine m = {.config = config_create(hierarchy_sections), .engine = engine_create()};
    char *copy = xstrdup(assignments), *rest = copy;
    for (char *one; (one = strtok_r(rest, " ", &rest));)
        if (!config_override(m.config, one, &m.err))
            fail_msg("%s", m.err.text);
    m.hierarchy = hierarchy_create(
        &(struct hierarchy_setup){
            .config = m.config, .engine = m.engine, .clock = {CYCLE}, .cores = cores},
        &m.err);
    if (m.hierarchy && !config_finish(m.config, &m.err))
        fail_msg("%s", m.err.text);
    free(copy);
    return m;
}

static void machine_free(struct machine *m)
{
    hierarchy_destroy(m->hierarchy);
    config_destroy(m->config);
    engine_destroy(m->engine);
}

static void refused(const char *assignments, const char *key, const char *why)
{
    struct machine m = machine(assignments, 1);
    assert_null(m.hierarchy);
    assert_non_null(strstr(m.err.text, key));
    if (!strstr(m.err.text, why))
        fail_msg("'%s' does not say '%s'", m.err.text, why);
    machine_free(&m);
}

static void a_geometry_that_cannot_be_is_refused_and_its_key_named(void **state)
{
    (void)state;
    refused("l1d.line=48", "l1d.line", "must be a power of two");
    refused("l1d.size=1000", "l1d.size", "must be a multiple of the line, 64 bytes");
    refused("l1d.size=48KiB", "l1d.size",
            "8 ways (default) x 64 bytes (default) x a power of two of sets: 32KiB or 64KiB");
    refused("l1d.size=256 l1d.ways=8", "l1d.size",
            "8 ways (command line) x 64 bytes (default) x a power of two of sets: 512");
    refused("l2.size=32KiB l2.bus=12", "l2.bus", "must be a power of two");
    refused("l2.size=32KiB l2.banks=3", "l2.banks", "must be a power of two");
    refused("l2.size=32KiB l2.bank_bytes=24", "l2.bank_bytes", "must be a power of two");
    refused("l3.size=32KiB l3.replacement=mru",
            "l3.replacement", "must be one of lru, plru, fifo, random");
    refused("l1i.line=128 l2.size=32KiB l2.line=64",
            "l1i.line", "the line below, 64 bytes in [l2]");
}

static void a_lower_level_that_nobody_gave_a_size_is_refused(void **state)
{
    (void)state;
    refused("l1d.size=32KiB l2.latency=9", "[l2] size = 32KiB (default)",
            "is not larger than [l1d] above it, 32 KiB: set l2.size");
    refused("l2.size=512KiB l3.latency=30", "[l3] size = 32KiB (default)",
            "is not larger than [l2] above it, 512 KiB: set l3.size");
    struct machine m = machine("l2.size=512KiB l3.size=32KiB", 1); /* whoever says so gets it */
    assert_non_null(m.hierarchy);
    machine_free(&m);
}

static void plug_ins_that_cannot_be_are_refused_and_their_key_named(void **state)
{
    (void)state;
    refused("l1d.prefetcher=oracle", "l1d.prefetcher",
            "must be one of none, next_line, stride, stream, best_offset, spp");
    refused("l1d.prefetcher=stride l1d.mshrs=1", "prefetch_reserve",
            "must leave prefetches one of the 1 MSHRs");
    refused("l1d.prefetcher=stride l1d.prefetch_low=80", "l1d.prefetch_low",
            "must not exceed prefetch_high, 75");
    refused("l2.size=32KiB l2.replacement=drrip l2.rrip_bits=9", "l2.rrip_bits", "8");
}

static void an_exclusive_level_wants_modified_lines_of_its_length_from_above(void **state)
{
    (void)state;
    const char *needs = "exclusive needs write = back and write_allocate = yes";
    refused("l2.size=32KiB l2.inclusion=exclusive l2.write=through", "l2.inclusion", needs);
    refused("l2.size=32KiB l2.inclusion=exclusive l2.write_allocate=no", "l2.inclusion", needs);
    refused("l2.size=32KiB l2.inclusion=exclusive l2.line=128 l1d.line=64",
            "l1d.line", "must be 128 bytes");
    refused("l2.size=32KiB l2.inclusion=exclusive l1d.write=through", "l1d.write", "must be back");
}

static void a_size_with_ways_that_are_no_power_of_two_is_accepted(void **state)
{
    (void)state;
    struct machine m = machine("l3.size=10MiB l3.ways=20 l3.line=128", 1);
    assert_non_null(m.hierarchy);
    machine_free(&m);
}

struct waiting {
    struct mem_request request;
    bool answered;
};

static void answered(struct mem_request *r) { ((struct waiting *)r->owner)->answered = true; }

/* How far down the first load of all goes: the number of caches on its way, and the memory. */
static uint8_t level_of_first_load(const char *assignments)
{
    struct machine m = machine(assignments, 1);
    struct waiting load = {{.bytes = 8, .command = MEM_LOAD, .done = answered}, false};
    struct mem_port port = hierarchy_ports(m.hierarchy, 0).data;
    load.request.owner = &load;
    enum port_reply reply = port.access(port.node, &load.request, 0);
    engine_run(m.engine);
    assert_true(load.answered == (reply == PORT_MISS));
    machine_free(&m);
    return load.request.level;
}

static void a_level_exists_when_its_section_does_and_is_not_taken_away(void **state)
{
    (void)state;
    assert_int_equal(level_of_first_load(""), 1);
    assert_int_equal(level_of_first_load("l1d.size=16KiB"), 2);
    assert_int_equal(level_of_first_load("l1d.size=16KiB l3.size=2MiB"), 3);
    assert_int_equal(level_of_first_load("l1d.size=16KiB l2.size=256KiB l3.size=2MiB"), 4);
    assert_int_equal(level_of_first_load("l1d.size=16KiB l2.size=256KiB l2.present=no"), 2);
}

static void fetches_and_loads_meet_in_the_second_level(void **state)
{
    (void)state;
    struct machine m = machine("l1i.miss_latency=1 l1d.miss_latency=1 "
                               "l2.size=32KiB l2.latency=9", 1);
    struct waiting fetch = {{.pa = 64, .bytes = 4, .command = MEM_FETCH, .done = answered}, false};
    struct waiting load = {{.pa = 72, .bytes = 8, .command = MEM_LOAD, .done = answered}, false};
    struct hierarchy_ports ports = hierarchy_ports(m.hierarchy, 0);
    fetch.request.owner = &fetch;
    load.request.owner = &load;
    assert_int_equal(ports.fetch.access(ports.fetch.node, &fetch.request, 0), PORT_MISS);
    engine_run(m.engine);
    assert_true(fetch.answered);
    assert_int_equal(fetch.request.level, 3);
    uint64_t now = engine_now(m.engine);
    assert_int_equal(ports.data.access(ports.data.node, &load.request, now), PORT_MISS);
    engine_run(m.engine);
    assert_true(load.answered);
    assert_int_equal(load.request.level, 2);
    assert_int_equal(load.request.ready, now + (1 + 9) * CYCLE);
    machine_free(&m);
}

static void cores_have_their_own_first_level_and_share_the_second(void **state)
{
    (void)state;
    struct machine m = machine("l1d.size=16KiB l2.size=256KiB", 2);
    assert_null(hierarchy_cache(m.hierarchy, "l1d"));
    assert_non_null(hierarchy_cache(m.hierarchy, "l1d.1"));
    for (uint32_t core = 0; core < 2; core++) {
        struct mem_request r = {.bytes = 8, .command = MEM_PREFETCH, .core = (uint8_t)core};
        struct mem_port port = hierarchy_ports(m.hierarchy, core).data;
        port.access(port.node, &r, engine_now(m.engine));
        engine_run(m.engine);
    }
    const struct cache_stats *l2 = cache_statistics(hierarchy_cache(m.hierarchy, "l2"));
    assert_int_equal(l2->accesses, 2);
    assert_int_equal(l2->hits, 1);
    machine_free(&m);
}

static void check_laws(const struct stats *s)
{
    uint64_t *values = xcalloc(stats_count(s), sizeof *values);
    stats_snapshot(s, values);
    for (uint32_t i = 0; i < stats_law_count(s); i++) {
        struct law_info law = stats_law_check(s, i, values);
        if (!law.held)
            fail_msg("%s: %s = %lld, %s = %lld", law.name, law.left, (long long)law.left_value,
                     law.right, (long long)law.right_value);
    }
    free(values);
}

static void run_with_laws(const char *assignments, uint32_t cores)
{
    struct machine m = machine(assignments, cores);
    struct stats *s = stats_create();
    struct rng rng = rng_seeded(1);
    hierarchy_register(m.hierarchy, s);
    assert_true(stats_law_count(s) >= (2 * cores + 2) * 10 + 3 * 2);
    for (int i = 0; i < 20000; i++) {
        uint8_t core = (uint8_t)(i % (int)cores);
        struct hierarchy_ports ports = hierarchy_ports(m.hierarchy, core);
        struct mem_port port = rng_below(&rng, 3) ? ports.data : ports.fetch;
        struct mem_request r = {
            .pa = rng_below(&rng, 65536) & ~UINT64_C(7), .bytes = 8, .core = core};
        r.command = port.node == ports.fetch.node ? MEM_FETCH : i % 3 ? MEM_LOAD : MEM_STORE;
        port.access(port.node, &r, engine_now(m.engine)); /* posted; a refusal is no matter here */
        engine_run_until(m.engine, engine_now(m.engine) + 7 * CYCLE);
        if (i % 100 == 0)
            check_laws(s);
    }
    int32_t hits = stats_find(s, cores > 1 ? "l1d.1.load_hits" : "l1d.load_hits");
    assert_true(hits >= 0 && *stats_get(s, (uint32_t)hits).value > 0);
    check_laws(s);
    stats_destroy(s);
    machine_free(&m);
}

static void the_registered_laws_hold_between_all_levels_at_any_moment(void **state)
{
    (void)state;
#define LEVELS "l1i.size=2KiB l1d.size=2KiB l2.size=8KiB l3.size=32KiB dram.bandwidth=4GiB "
    run_with_laws(LEVELS "l2.inclusion=inclusive l2.clock_divider=2", 2);
    run_with_laws(LEVELS "l2.inclusion=exclusive l3.inclusion=exclusive", 1);
    run_with_laws(LEVELS "l1i.prefetcher=next_line l1d.prefetcher=stream l2.prefetcher=spp "
                         "l3.prefetcher=best_offset l2.inclusion=exclusive l3.inclusion=inclusive",
                  1);
    run_with_laws(LEVELS "l1d.write=through l1d.write_allocate=no l2.prefetcher=next_line "
                         "l2.replacement=ship l3.replacement=drrip", 2);
#undef LEVELS
}

static void the_line_to_be_respected_is_that_of_the_first_level(void **state)
{
    (void)state;
    struct machine m = machine("l1i.line=32 l2.size=32KiB l2.line=128", 1);
    assert_int_equal(hierarchy_ports(m.hierarchy, 0).fetch_line, 32);
    assert_int_equal(hierarchy_ports(m.hierarchy, 0).data_line, 128);
    machine_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_geometry_that_cannot_be_is_refused_and_its_key_named),
        cmocka_unit_test(a_lower_level_that_nobody_gave_a_size_is_refused),
        cmocka_unit_test(plug_ins_that_cannot_be_are_refused_and_their_key_named),
        cmocka_unit_test(an_exclusive_level_wants_modified_lines_of_its_length_from_above),
        cmocka_unit_test(a_size_with_ways_that_are_no_power_of_two_is_accepted),
        cmocka_unit_test(a_level_exists_when_its_section_does_and_is_not_taken_away),
        cmocka_unit_test(fetches_and_loads_meet_in_the_second_level),
        cmocka_unit_test(cores_have_their_own_first_level_and_share_the_second),
        cmocka_unit_test(the_registered_laws_hold_between_all_levels_at_any_moment),
        cmocka_unit_test(the_line_to_be_respected_is_that_of_the_first_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
