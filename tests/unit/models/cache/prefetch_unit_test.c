/* What a cache makes of the lines that its prefetcher names: when they come, what they may take,
 * how they are counted. All with next_line: a miss names the line after it. */
#include "tests/unit/models/cache/rig.h"

static struct rig *prefetching(uint32_t levels)
{
    struct rig *g = rig_new(levels);
    g->keys[0].prefetcher = "next_line";
    return g;
}

/* The access of cycle 0 misses; in cycle 1 the next line takes an MSHR, 2 cycles later it is asked
 * for, 100 later it is there: in cycle 103. */
static void a_prefetched_line_is_late_before_it_arrives_and_a_hit_from_then_on(void **state)
{
    (void)state;
    for (uint64_t cycle = 102; cycle <= 104; cycle += 2) {
        struct rig *g = prefetching(1);
        struct probe first, second;
        rig_build(g);
        probe_access(g, &first, MEM_LOAD, 0x00);
        rig_run_to(g, cycle);
        probe_access(g, &second, MEM_LOAD, 0x40);
        bool is_late = cycle == 102;
        assert_ready_at(g, &second, is_late ? 105 : 107); /* hit latency 3 in either case */
        assert_int_equal(rig_stats(g, 0)->prefetch_useful, 1);
        assert_int_equal(rig_stats(g, 0)->prefetch_late, is_late);
        assert_int_equal(rig_stats(g, 0)->hits, !is_late);
        assert_int_equal(rig_stats(g, 0)->misses, 1);
        assert_laws(g);
        rig_free(g);
    }
}

static void an_access_soon_after_its_prefetch_waits_for_what_is_left(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    struct probe first, second;
    rig_build(g);
    probe_access(g, &first, MEM_LOAD, 0x00);
    rig_run_to(g, 50);
    probe_access(g, &second, MEM_LOAD, 0x40);
    assert_ready_at(g, &first, 102);
    assert_ready_at(g, &second, 103);
    rig_free(g);
}

static void prefetches_leave_a_reserve_of_mshrs_to_demand_accesses(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    struct probe first, second, third;
    g->keys[0].mshrs = 4;
    rig_set(g, 0, "next_line_degree", "8");
    rig_set(g, 0, "prefetch_reserve", "1");
    rig_build(g);
    probe_access(g, &first, MEM_LOAD, 0x000);
    rig_run_to(g, 20);
    assert_int_equal(rig_stats(g, 0)->mshrs_in_use, 3); /* of these one is the access's own */
    assert_int_equal(rig_stats(g, 0)->prefetch_waiting, 6);
    assert_int_equal(probe_access(g, &second, MEM_LOAD, 0x1000), PORT_MISS);
    assert_int_equal(probe_access(g, &third, MEM_LOAD, 0x2000), PORT_BUSY);
    assert_ready_at(g, &second, 122);
    rig_free(g);
}

static void a_freed_mshr_goes_on_with_the_queue_in_that_cycle(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    struct probe first;
    g->keys[0].mshrs = 2;
    rig_build(g);
    probe_access(g, &first, MEM_LOAD, 0x0);
    rig_run_to(g, 101);
    assert_int_equal(rig_stats(g, 0)->prefetch_sent, 0); /* the reserve is the one that is free */
    rig_run_to(g, 102);
    assert_int_equal(rig_stats(g, 0)->prefetch_sent, 1);
    rig_run_to(g, 203);
    assert_false(cache_holds(g->cache[0], 0x40));
    rig_run_to(g, 204);
    assert_true(cache_holds(g->cache[0], 0x40));
    rig_free(g);
}

static void a_prefetch_crosses_a_page_only_when_told(void **state)
{
    (void)state;
    for (int cross = 0; cross < 2; cross++) {
        struct rig *g = prefetching(1);
        rig_set(g, 0, "prefetch_cross_page", cross ? "yes" : "no");
        rig_build(g);
        rig_load_line(g, MEM_LOAD, 0xfc0);
        assert_true(cache_holds(g->cache[0], 0x1000) == cross);
        assert_int_equal(rig_stats(g, 0)->prefetch_off_page, !cross);
        assert_laws(g);
        rig_free(g);
    }
}

static void a_full_queue_loses_its_oldest_line(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    struct probe p;
    rig_set(g, 0, "next_line_degree", "3");
    rig_set(g, 0, "prefetch_queue", "2");
    rig_build(g);
    probe_access(g, &p, MEM_LOAD, 0x0);
    engine_run(g->engine);
    assert_false(cache_holds(g->cache[0], 0x40));
    assert_true(cache_holds(g->cache[0], 0x80) && cache_holds(g->cache[0], 0xc0));
    assert_int_equal(rig_stats(g, 0)->prefetch_overflows, 1);
    assert_laws(g);
    rig_free(g);
}

static void what_is_there_or_on_its_way_is_not_asked_for_again(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    struct probe p[3];
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x40); /* brings 0x80 too */
    probe_access(g, &p[0], MEM_LOAD, 0x00);
    probe_access(g, &p[1], MEM_LOAD, 0x1040);
    probe_access(g, &p[2], MEM_LOAD, 0x1000);
    engine_run(g->engine);
    assert_int_equal(rig_stats(g, 0)->prefetch_redundant, 2);
    assert_int_equal(rig_stats(g, 0)->prefetch_sent, 2);
    assert_laws(g);
    rig_free(g);
}

/* The level below has one MSHR, taken until cycle 104 (2 to get there, 2 and 100 below it). Then
 * the demand miss of cycle 5 goes: 104 + 2 + 100. The prefetch, older, waits for the next turn. */
static void a_demand_miss_overtakes_a_prefetch_that_waits_to_be_sent(void **state)
{
    (void)state;
    struct rig *g = prefetching(2);
    struct probe first, second;
    g->keys[1].mshrs = 1;
    rig_build(g);
    probe_access(g, &first, MEM_LOAD, 0x00);
    rig_run_to(g, 5);
    assert_int_equal(rig_stats(g, 0)->prefetch_in_flight, 1);
    probe_access(g, &second, MEM_LOAD, 0x1fc0);
    assert_ready_at(g, &first, 104);
    assert_ready_at(g, &second, 206);
    rig_run_to(g, 307);
    assert_false(cache_holds(g->cache[0], 0x40));
    rig_run_to(g, 308);
    assert_true(cache_holds(g->cache[0], 0x40));
    assert_laws(g);
    rig_free(g);
}

static void the_prefetch_of_a_cache_above_is_an_order_and_no_prefetch_of_this_one(void **state)
{
    (void)state;
    struct rig *g = prefetching(2);
    g->keys[1].prefetcher = "next_line";
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x0);
    /* The miss on line 0 trains both levels, and both name line 1: one of them asks memory. */
    assert_true(cache_holds(g->cache[0], 0x40) && cache_holds(g->cache[1], 0x40));
    assert_int_equal(memory_statistics(g->memory)->reads, 2);
    assert_int_equal(rig_stats(g, 0)->prefetch_resident, 1);
    assert_int_equal(rig_stats(g, 1)->prefetch_resident, 0);
    assert_int_equal(rig_stats(g, 1)->outcome[CACHE_MISS][MEM_PREFETCH], 1);
    assert_laws(g);
    rig_free(g);
}

static void a_line_that_an_upper_prefetch_takes_was_useful_below(void **state)
{
    (void)state;
    struct rig *g = prefetching(2);
    g->keys[1].prefetcher = "next_line";
    rig_set(g, 1, "next_line_degree", "2"); /* below, line 2 comes as well */
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x00);
    assert_int_equal(rig_stats(g, 1)->prefetch_resident, 1);
    rig_load_line(g, MEM_LOAD, 0x40); /* first use: above, line 2 is named, and found below */
    assert_int_equal(rig_stats(g, 1)->prefetch_useful, 1);
    assert_int_equal(rig_stats(g, 0)->prefetch_resident, 1);
    assert_laws(g);
    rig_free(g);
}

/* Lines 0 and 2 of pages: the line after each is never used and soon displaced. */
static void run_useless(struct rig *g, uint64_t from, uint64_t accesses)
{
    for (uint64_t n = from; n < from + accesses; n++)
        rig_load_line(g, MEM_LOAD, n * 128);
}

static void the_throttle_goes_down_to_one_in_sixteen_when_nothing_is_used(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    rig_set(g, 0, "prefetch_window", "16");
    rig_build(g);
    run_useless(g, 0, 300); /* 4 windows and what is still there: the lowest level */
    uint64_t before = rig_stats(g, 0)->prefetch_named;
    run_useless(g, 300, 320);
    assert_int_equal(rig_stats(g, 0)->prefetch_named - before, 320 / 16);
    assert_true(rig_stats(g, 0)->prefetch_throttled > 0);
    assert_laws(g);
    rig_free(g);
}

static void the_throttle_recovers_when_prefetches_are_used_again(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    rig_set(g, 0, "prefetch_window", "16");
    rig_build(g);
    run_useless(g, 0, 300);
    for (uint64_t n = 0; n < 2000; n++) /* every line: each prefetch is used */
        rig_load_line(g, MEM_LOAD, 0x100000 + n * 64);
    uint64_t before = rig_stats(g, 0)->prefetch_named;
    for (uint64_t n = 2000; n < 2100; n++)
        rig_load_line(g, MEM_LOAD, 0x100000 + n * 64);
    assert_int_equal(rig_stats(g, 0)->prefetch_named - before, 100);
    rig_free(g);
}

static void without_a_window_the_throttle_does_nothing(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    rig_set(g, 0, "prefetch_window", "0");
    rig_build(g);
    run_useless(g, 0, 2000);
    assert_int_equal(rig_stats(g, 0)->prefetch_named, 2000);
    assert_int_equal(rig_stats(g, 0)->prefetch_throttled, 0);
    rig_free(g);
}

static void a_prefetched_line_invalidated_on_its_way_counts_as_dropped(void **state)
{
    (void)state;
    struct rig *g = prefetching(1);
    struct probe p;
    rig_build(g);
    probe_access(g, &p, MEM_LOAD, 0x0);
    rig_run_to(g, 50);
    struct mem_upper upper = cache_upper(g->cache[0]);
    upper.invalidate(upper.node, 0x40, 64);
    engine_run(g->engine);
    assert_false(cache_holds(g->cache[0], 0x40));
    assert_int_equal(rig_stats(g, 0)->prefetch_dropped, 1);
    assert_laws(g);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prefetched_line_is_late_before_it_arrives_and_a_hit_from_then_on),
        cmocka_unit_test(an_access_soon_after_its_prefetch_waits_for_what_is_left),
        cmocka_unit_test(prefetches_leave_a_reserve_of_mshrs_to_demand_accesses),
        cmocka_unit_test(a_freed_mshr_goes_on_with_the_queue_in_that_cycle),
        cmocka_unit_test(a_prefetch_crosses_a_page_only_when_told),
        cmocka_unit_test(a_full_queue_loses_its_oldest_line),
        cmocka_unit_test(what_is_there_or_on_its_way_is_not_asked_for_again),
        cmocka_unit_test(a_demand_miss_overtakes_a_prefetch_that_waits_to_be_sent),
        cmocka_unit_test(the_prefetch_of_a_cache_above_is_an_order_and_no_prefetch_of_this_one),
        cmocka_unit_test(a_line_that_an_upper_prefetch_takes_was_useful_below),
        cmocka_unit_test(the_throttle_goes_down_to_one_in_sixteen_when_nothing_is_used),
        cmocka_unit_test(the_throttle_recovers_when_prefetches_are_used_again),
        cmocka_unit_test(without_a_window_the_throttle_does_nothing),
        cmocka_unit_test(a_prefetched_line_invalidated_on_its_way_counts_as_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
