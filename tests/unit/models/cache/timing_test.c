/* When data are ready. Numbers of the rig: hit 3 cycles, miss sent after 2, memory 100. */
#include "tests/unit/models/cache/rig.h"

static void a_hit_is_ready_after_the_hit_latency_and_without_a_callback(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x1000);
    uint64_t t = engine_now(g->engine) / CYCLE;
    assert_int_equal(probe_access(g, &p, MEM_LOAD, 0x1038), PORT_HIT);
    assert_ready_at(g, &p, t + 3);
    assert_int_equal(p.request.level, 1);
    assert_true(engine_next_tick(g->engine) == UINT64_MAX);
    rig_free(g);
}

static void a_miss_takes_lookup_memory_and_fill_latency(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    g->keys[0].fill_latency = 4;
    rig_build(g);
    assert_int_equal(probe_access(g, &p, MEM_LOAD, 0x1000), PORT_MISS);
    assert_ready_at(g, &p, 2 + 100 + 4);
    assert_int_equal(p.request.level, 2);
    assert_true(cache_holds(g->cache[0], 0x103f));
    assert_int_equal(rig_stats(g, 0)->miss_cycles, 106);
    rig_free(g);
}

/* The word that was asked for is answered before its line counts as here. */
static void a_line_enters_some_time_after_its_data(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    g->keys[0].line_latency = 3;
    rig_build(g);
    probe_access(g, &p, MEM_LOAD, 0x1000);
    rig_run_to(g, 102);
    assert_true(p.answered && p.answered_tick == 102 * CYCLE);
    rig_run_to(g, 102 + 2);
    assert_false(cache_holds(g->cache[0], 0x1000));
    assert_int_equal(rig_stats(g, 0)->mshrs_in_use, 1);
    rig_run_to(g, 102 + 3);
    assert_true(cache_holds(g->cache[0], 0x1000));
    assert_int_equal(rig_stats(g, 0)->mshrs_in_use, 0);
    rig_free(g);
}

static void a_miss_through_two_levels_adds_both_lookups(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    struct probe p;
    g->keys[1].miss_latency = 7;
    rig_build(g);
    probe_access(g, &p, MEM_FETCH, 0x1000);
    assert_ready_at(g, &p, 2 + 7 + 100);
    assert_int_equal(p.request.level, 3);
    rig_free(g);
}

static void a_hit_in_the_second_level_takes_its_latency_after_the_first_lookup(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    struct probe p;
    g->keys[1].latency = 11;
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x1000);
    rig_load_line(g, MEM_LOAD, 0x1100); /* with these two lines, set 0 of the first level is full */
    rig_load_line(g, MEM_LOAD, 0x1200);
    assert_false(cache_holds(g->cache[0], 0x1000));
    assert_true(cache_holds(g->cache[1], 0x1000));
    uint64_t t = engine_now(g->engine) / CYCLE;
    probe_access(g, &p, MEM_LOAD, 0x1000);
    assert_ready_at(g, &p, t + 2 + 11);
    assert_int_equal(p.request.level, 2);
    rig_free(g);
}

static void a_slower_clock_below_starts_at_its_next_edge(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    struct probe p;
    g->keys[1].clock_divider = 3;
    g->keys[0].miss_latency = 2;
    g->keys[1].miss_latency = 1;
    rig_build(g);
    probe_access(g, &p, MEM_LOAD, 0x1000);
    /* Sent at 2, seen at 3, sent to memory at 6, back at 106, at the second level's edge 108. */
    assert_ready_at(g, &p, 108);
    rig_free(g);
}

static void a_line_in_flight_answers_a_later_access_at_its_arrival(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe first, early, known, late;
    rig_build(g);
    probe_access(g, &first, MEM_LOAD, 0x1000);
    rig_run_to(g, 1);
    assert_int_equal(probe_access(g, &early, MEM_LOAD, 0x1008), PORT_MISS);
    rig_run_to(g, 50); /* memory has told when it will answer */
    assert_int_equal(probe_access(g, &known, MEM_LOAD, 0x1010), PORT_HIT);
    assert_ready_at(g, &known, 102);
    assert_int_equal(known.request.level, 2);
    rig_run_to(g, 101);
    assert_int_equal(probe_access(g, &late, MEM_LOAD, 0x1018), PORT_HIT);
    assert_ready_at(g, &late, 104); /* no earlier than a hit would be */
    assert_ready_at(g, &early, 102);
    assert_int_equal(rig_stats(g, 0)->misses, 1);
    assert_int_equal(rig_stats(g, 0)->delayed_hits, 3);
    assert_int_equal(memory_statistics(g->memory)->reads, 1);
    rig_free(g);
}

static void an_access_beyond_the_ports_of_a_bank_is_delayed_by_a_cycle(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p[5];
    g->keys[0].ports = 2;
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x1000);
    uint64_t t = engine_now(g->engine) / CYCLE;
    for (int i = 0; i < 5; i++)
        probe_access(g, &p[i], MEM_LOAD, 0x1000);
    assert_ready_at(g, &p[1], t + 3);
    assert_ready_at(g, &p[2], t + 4);
    assert_ready_at(g, &p[3], t + 4);
    assert_ready_at(g, &p[4], t + 5);
    assert_int_equal(rig_stats(g, 0)->bank_conflict_cycles, 1 + 1 + 2);
    rig_run_to(g, t + 1); /* the cycle already has the two that were put off */
    probe_access(g, &p[0], MEM_LOAD, 0x1000);
    assert_ready_at(g, &p[0], t + 5);
    rig_free(g);
}

static void accesses_to_different_banks_do_not_conflict(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe a, b, c;
    g->keys[0].ports = 1;
    g->keys[0].banks = 2;
    g->keys[0].bank_bytes = 8;
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x1000);
    uint64_t t = engine_now(g->engine) / CYCLE;
    probe_access(g, &a, MEM_LOAD, 0x1000);
    probe_access(g, &b, MEM_LOAD, 0x1008);
    probe_access(g, &c, MEM_LOAD, 0x1010);
    assert_ready_at(g, &a, t + 3);
    assert_ready_at(g, &b, t + 3);
    assert_ready_at(g, &c, t + 4);
    rig_free(g);
}

static void a_bank_conflict_delays_a_miss_too(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe a, b;
    g->keys[0].ports = 1;
    rig_build(g);
    rig_run_to(g, 10);
    probe_access(g, &a, MEM_LOAD, 0x1000);
    probe_access(g, &b, MEM_LOAD, 0x2000);
    assert_ready_at(g, &a, 10 + 2 + 100);
    assert_ready_at(g, &b, 10 + 1 + 2 + 100);
    rig_free(g);
}

/* A line of 64 bytes over a bus of 16 comes in 4 beats. */
static void the_critical_word_comes_first_and_the_line_wraps(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe wanted, next, before;
    g->keys[0].bus = 16;
    rig_build(g);
    probe_access(g, &wanted, MEM_LOAD, 0x1020);
    probe_access(g, &next, MEM_LOAD, 0x1030);
    probe_access(g, &before, MEM_LOAD, 0x1018);
    assert_ready_at(g, &wanted, 102);
    assert_ready_at(g, &next, 103);
    rig_run_to(g, 104);
    assert_false(cache_holds(g->cache[0], 0x1020));
    assert_ready_at(g, &before, 105);
    assert_true(cache_holds(g->cache[0], 0x1020));
    rig_free(g);
}

static void without_critical_word_first_all_wait_for_the_whole_line(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe wanted, other;
    g->keys[0].bus = 16;
    g->keys[0].fill_order = CACHE_FILL_LINE;
    rig_build(g);
    probe_access(g, &wanted, MEM_LOAD, 0x1020);
    probe_access(g, &other, MEM_LOAD, 0x1000);
    assert_ready_at(g, &wanted, 105);
    assert_ready_at(g, &other, 105);
    rig_free(g);
}

static void a_wide_bus_does_not_make_a_slow_memory_send_the_rest_sooner(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe wanted, other;
    g->memory_keys.bandwidth = 3200000000; /* 64 bytes in 20 ns */
    rig_build(g);
    probe_access(g, &wanted, MEM_LOAD, 0x1020);
    probe_access(g, &other, MEM_LOAD, 0x1000);
    assert_ready_at(g, &wanted, 102);
    assert_ready_at(g, &other, 122);
    rig_free(g);
}

static void memory_bandwidth_spaces_lines(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p[3];
    g->memory_keys.bandwidth = 6400000000; /* 64 bytes in 10 ns */
    rig_build(g);
    for (uint64_t i = 0; i < 3; i++)
        probe_access(g, &p[i], MEM_LOAD, i * 64);
    assert_ready_at(g, &p[0], 102);
    assert_ready_at(g, &p[1], 112);
    assert_ready_at(g, &p[2], 122);
    assert_int_equal(memory_statistics(g->memory)->queue_ticks, 30 * CYCLE);
    assert_int_equal(memory_statistics(g->memory)->busy_ticks, 30 * CYCLE);
    rig_free(g);
}

static void a_store_miss_fetches_the_line_and_a_store_hit_takes_the_hit_latency(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe miss, hit;
    rig_build(g);
    assert_int_equal(probe_access(g, &miss, MEM_STORE, 0x1000), PORT_MISS);
    assert_ready_at(g, &miss, 102);
    assert_int_equal(probe_access(g, &hit, MEM_STORE, 0x1000), PORT_HIT);
    assert_ready_at(g, &hit, 105);
    assert_int_equal(memory_statistics(g->memory)->writes, 0);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hit_is_ready_after_the_hit_latency_and_without_a_callback),
        cmocka_unit_test(a_miss_takes_lookup_memory_and_fill_latency),
        cmocka_unit_test(a_line_enters_some_time_after_its_data),
        cmocka_unit_test(a_miss_through_two_levels_adds_both_lookups),
        cmocka_unit_test(a_hit_in_the_second_level_takes_its_latency_after_the_first_lookup),
        cmocka_unit_test(a_slower_clock_below_starts_at_its_next_edge),
        cmocka_unit_test(a_line_in_flight_answers_a_later_access_at_its_arrival),
        cmocka_unit_test(an_access_beyond_the_ports_of_a_bank_is_delayed_by_a_cycle),
        cmocka_unit_test(accesses_to_different_banks_do_not_conflict),
        cmocka_unit_test(a_bank_conflict_delays_a_miss_too),
        cmocka_unit_test(the_critical_word_comes_first_and_the_line_wraps),
        cmocka_unit_test(without_critical_word_first_all_wait_for_the_whole_line),
        cmocka_unit_test(a_wide_bus_does_not_make_a_slow_memory_send_the_rest_sooner),
        cmocka_unit_test(memory_bandwidth_spaces_lines),
        cmocka_unit_test(a_store_miss_fetches_the_line_and_a_store_hit_takes_the_hit_latency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
