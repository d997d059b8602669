/* An exclusive level, and stores of whole lines: who has a line, who owes its data to memory. */
#include "tests/unit/models/cache/rig.h"

static struct rig *exclusive(uint32_t levels)
{
    struct rig *g = rig_new(levels);
    g->keys[1].inclusion = CACHE_EXCLUSIVE;
    return g;
}

/* The first level's sets are 256 bytes apart and have two ways. */
static void displace(struct rig *g, uint64_t pa)
{
    rig_load_line(g, MEM_LOAD, pa + 0x10000);
    rig_load_line(g, MEM_LOAD, pa + 0x10100);
}

static void a_line_from_memory_goes_to_the_upper_level_alone(void **state)
{
    (void)state;
    struct rig *g = exclusive(2);
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x0);
    assert_true(cache_holds(g->cache[0], 0x0));
    assert_false(cache_holds(g->cache[1], 0x0));
    assert_int_equal(rig_stats(g, 1)->passed_fills, 1);
    assert_laws(g);
    rig_free(g);
}

static void a_clean_victim_moves_down_and_up_again_without_memory(void **state)
{
    (void)state;
    struct rig *g = exclusive(2);
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x0);
    displace(g, 0x0);
    assert_false(cache_holds(g->cache[0], 0x0));
    assert_true(cache_holds(g->cache[1], 0x0));
    assert_int_equal(rig_stats(g, 0)->clean_victims, 1);
    rig_load_line(g, MEM_LOAD, 0x0);
    assert_true(cache_holds(g->cache[0], 0x0));
    assert_false(cache_holds(g->cache[1], 0x0));
    assert_int_equal(rig_stats(g, 1)->moved_up, 1);
    assert_int_equal(memory_statistics(g->memory)->reads, 3);
    assert_int_equal(memory_statistics(g->memory)->writes, 0);
    assert_laws(g);
    rig_free(g);
}

static void a_modified_line_that_moves_up_is_written_to_memory_once_and_at_last(void **state)
{
    (void)state;
    struct rig *g = exclusive(2);
    g->keys[1].size = 128; /* one set of two ways */
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x0);
    displace(g, 0x0);
    assert_int_equal(rig_stats(g, 0)->writebacks, 1);
    rig_load_line(g, MEM_LOAD, 0x0); /* only read, and still to be written */
    assert_int_equal(memory_statistics(g->memory)->writes, 0);
    displace(g, 0x0);
    assert_int_equal(rig_stats(g, 0)->writebacks, 2);
    displace(g, 0x40000);
    displace(g, 0x80000);
    displace(g, 0xc0000);
    assert_false(cache_holds(g->cache[1], 0x0));
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_laws(g);
    rig_free(g);
}

/* As from any second level: 2 for the first lookup, 3 for the hit below. */
static void moving_up_takes_the_time_of_a_hit(void **state)
{
    (void)state;
    struct rig *g = exclusive(2);
    struct probe p;
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x0);
    displace(g, 0x0);
    uint64_t cycle = engine_now(g->engine) / CYCLE;
    probe_access(g, &p, MEM_LOAD, 0x0);
    assert_ready_at(g, &p, cycle + 5);
    assert_int_equal(p.request.level, 2);
    rig_free(g);
}

static void both_levels_together_hold_as_many_lines_as_they_have_room_for(void **state)
{
    (void)state;
    struct rig *g = exclusive(2);
    rig_build(g);
    uint64_t lines = 8 + 32; /* 512 and 2048 bytes */
    for (uint64_t n = 0; n < lines; n++)
        rig_load_line(g, MEM_LOAD, n * 64);
    for (uint64_t n = 0; n < lines; n++)
        assert_true(cache_holds(g->cache[0], n * 64) != cache_holds(g->cache[1], n * 64));
    assert_laws(g);
    rig_free(g);
}

static void an_exclusive_level_that_a_core_asks_itself_keeps_its_lines(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    g->keys[0].inclusion = CACHE_EXCLUSIVE;
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x0);
    assert_int_equal(probe_access(g, &p, MEM_LOAD, 0x0), PORT_HIT);
    rig_free(g);
}

static void a_line_evicted_by_an_exclusive_level_goes_on_to_the_next(void **state)
{
    (void)state;
    struct rig *g = exclusive(3);
    g->keys[1].size = 128;
    g->keys[2].inclusion = CACHE_EXCLUSIVE;
    rig_build(g);
    for (uint64_t n = 0; n < 12; n++) /* 8, 2 and the rest in the third */
        rig_load_line(g, MEM_LOAD, n * 64);
    for (uint64_t n = 0; n < 12; n++)
        assert_int_equal(cache_holds(g->cache[0], n * 64) + cache_holds(g->cache[1], n * 64) +
                             cache_holds(g->cache[2], n * 64),
                         1);
    assert_int_equal(rig_stats(g, 2)->resident_lines, 2);
    assert_laws(g);
    rig_free(g);
}

static void store_line(struct rig *g, uint64_t pa)
{
    struct mem_request r = {.pa = pa, .bytes = 64, .command = MEM_STORE};
    assert_int_equal(g->port.access(g->port.node, &r, engine_now(g->engine)), PORT_HIT);
    engine_run(g->engine);
}

static void a_store_of_a_whole_line_fetches_nothing(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    rig_build(g);
    store_line(g, 0x40);
    assert_true(cache_holds(g->cache[0], 0x40));
    assert_int_equal(memory_statistics(g->memory)->reads, 0);
    displace(g, 0x40);
    assert_int_equal(rig_stats(g, 0)->writebacks, 1);
    assert_laws(g);
    rig_free(g);
}

static void above_an_inclusive_level_it_fetches_so_that_the_line_is_there_too(void **state)
{
    (void)state;
    struct rig *g = rig_new(3);
    g->keys[2].inclusion = CACHE_INCLUSIVE;
    rig_build(g);
    store_line(g, 0x40);
    assert_true(cache_holds(g->cache[0], 0x40) && cache_holds(g->cache[2], 0x40));
    assert_int_equal(memory_statistics(g->memory)->reads, 1);
    assert_laws(g);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_from_memory_goes_to_the_upper_level_alone),
        cmocka_unit_test(a_clean_victim_moves_down_and_up_again_without_memory),
        cmocka_unit_test(a_modified_line_that_moves_up_is_written_to_memory_once_and_at_last),
        cmocka_unit_test(moving_up_takes_the_time_of_a_hit),
        cmocka_unit_test(both_levels_together_hold_as_many_lines_as_they_have_room_for),
        cmocka_unit_test(an_exclusive_level_that_a_core_asks_itself_keeps_its_lines),
        cmocka_unit_test(a_line_evicted_by_an_exclusive_level_goes_on_to_the_next),
        cmocka_unit_test(a_store_of_a_whole_line_fetches_nothing),
        cmocka_unit_test(above_an_inclusive_level_it_fetches_so_that_the_line_is_there_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
