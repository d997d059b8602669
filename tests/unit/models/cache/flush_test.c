/* Lines that instructions send away: dcbf, dcbst, icbi as a cache sees them. L1's lookup of a miss
 * takes 2 cycles, and so does L2's and L3's; memory takes 100. */
#include "tests/unit/models/cache/rig.h"

/* Of the block at pa, from a core. */
static enum port_reply ask(const struct rig *g, enum mem_command command, uint64_t pa)
{
    struct mem_request r = {.pa = pa, .bytes = 1, .command = (uint8_t)command};
    return g->port.access(g->port.node, &r, engine_now(g->engine));
}

static uint64_t cycle_now(const struct rig *g) { return engine_now(g->engine) / CYCLE; }

static void a_load_after_a_flush_misses(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x40);
    assert_int_equal(ask(g, MEM_FLUSH, 0x78), PORT_HIT);
    assert_false(cache_holds(g->cache[0], 0x40));
    uint64_t now = cycle_now(g);
    assert_int_equal(probe_access(g, &p, MEM_LOAD, 0x40), PORT_MISS);
    assert_ready_at(g, &p, now + 102);
    assert_int_equal(memory_statistics(g->memory)->writes, 0); /* it was as in memory */
    assert_laws(g);
    rig_free(g);
}

static void modified_data_go_from_the_first_level_to_memory(void **state)
{
    (void)state;
    struct rig *g = rig_new(3);
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x40);
    uint64_t now = cycle_now(g);
    assert_int_equal(ask(g, MEM_FLUSH, 0x40), PORT_HIT);
    rig_run_to(g, now + 5);
    assert_int_equal(memory_statistics(g->memory)->writes, 0);
    rig_run_to(g, now + 6);
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    for (uint32_t i = 0; i < 3; i++)
        assert_false(cache_holds(g->cache[i], 0x40));
    assert_int_equal(rig_stats(g, 2)->bytes[MEM_FLUSH], 64);
    assert_laws(g);
    rig_free(g);
}

/* The data were modified in the second level, and left the first one long ago. */
static void a_flush_finds_the_line_below(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x000);
    rig_load_line(g, MEM_LOAD, 0x100);
    rig_load_line(g, MEM_LOAD, 0x200);
    assert_false(cache_holds(g->cache[0], 0x000));
    assert_true(cache_holds(g->cache[1], 0x000));
    ask(g, MEM_FLUSH, 0x000);
    engine_run(g->engine);
    assert_false(cache_holds(g->cache[1], 0x000));
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_int_equal(rig_stats(g, 1)->bytes[MEM_FLUSH], 0); /* the first level sent none */
    assert_laws(g);
    rig_free(g);
}

static void a_cleaned_line_stays_and_is_written_once(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x40);
    ask(g, MEM_CLEAN, 0x40);
    engine_run(g->engine);
    assert_true(cache_holds(g->cache[0], 0x40));
    assert_true(cache_holds(g->cache[1], 0x40));
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    ask(g, MEM_FLUSH, 0x40);
    engine_run(g->engine);
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_laws(g);
    rig_free(g);
}

/* The wider line of the second level is clean; what came from above is all there is to write. */
static void lines_of_different_length_are_written_as_far_as_modified(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    g->keys[0].line = g->keys[0].bus = 32;
    g->keys[0].size = 256;
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x20);
    ask(g, MEM_CLEAN, 0x20);
    engine_run(g->engine);
    assert_int_equal(memory_statistics(g->memory)->written_bytes, 32);
    assert_true(cache_holds(g->cache[1], 0x20));
    assert_laws(g);
    rig_free(g);
}

struct retry {
    struct port_waiter waiter;
    uint64_t woken_cycle;
};

static void woken(struct port_waiter *w, uint64_t now)
{
    ((struct retry *)w->owner)->woken_cycle = now / CYCLE;
}

static void a_line_on_its_way_is_awaited(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    struct retry retry = {.waiter = {.wake = woken, .owner = &retry}};
    rig_build(g);
    probe_access(g, &p, MEM_STORE, 0x40);
    assert_int_equal(ask(g, MEM_FLUSH, 0x40), PORT_BUSY);
    g->port.wait(g->port.node, &retry.waiter);
    rig_run_to(g, 101);
    assert_int_equal(retry.woken_cycle, 0);
    rig_run_to(g, 102);
    assert_int_equal(retry.woken_cycle, 102);
    assert_int_equal(ask(g, MEM_FLUSH, 0x40), PORT_HIT);
    engine_run(g->engine);
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_int_equal(rig_stats(g, 0)->refusals_target, 1);
    assert_laws(g);
    rig_free(g);
}

static void a_full_write_buffer_refuses_a_flush(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    g->keys[0].write_buffer = 1;
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x00);
    rig_load_line(g, MEM_STORE, 0x40);
    assert_int_equal(ask(g, MEM_FLUSH, 0x00), PORT_HIT);
    assert_int_equal(ask(g, MEM_FLUSH, 0x40), PORT_BUSY);
    assert_true(cache_holds(g->cache[0], 0x40));
    engine_run(g->engine);
    assert_laws(g);
    rig_free(g);
}

static void an_inclusive_cache_takes_the_line_from_those_above(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    g->keys[1].inclusion = CACHE_INCLUSIVE;
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x40);
    struct mem_port below = cache_port(g->cache[1]); /* another core's, say */
    struct mem_request r = {.pa = 0x40, .bytes = 1, .command = MEM_FLUSH};
    assert_int_equal(below.access(below.node, &r, engine_now(g->engine)), PORT_HIT);
    assert_false(cache_holds(g->cache[0], 0x40));
    engine_run(g->engine);
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    rig_free(g);
}

static void an_invalidation_takes_an_unmodified_line_from_the_first_level_alone(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    rig_build(g);
    rig_load_line(g, MEM_FETCH, 0x40);
    rig_load_line(g, MEM_STORE, 0x80);
    ask(g, MEM_INVALIDATE, 0x40);
    ask(g, MEM_INVALIDATE, 0x80);
    engine_run(g->engine);
    assert_false(cache_holds(g->cache[0], 0x40));
    assert_true(cache_holds(g->cache[0], 0x80));
    assert_true(cache_holds(g->cache[1], 0x40));
    struct mem_port below = cache_port(g->cache[1]);
    struct mem_request r = {.pa = 0x40, .bytes = 1, .command = MEM_INVALIDATE};
    below.access(below.node, &r, engine_now(g->engine)); /* it has one above: it serves data */
    assert_true(cache_holds(g->cache[1], 0x40));
    rig_free(g);
}

static void a_fetch_on_its_way_when_invalidated_is_not_kept(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    rig_build(g);
    probe_access(g, &p, MEM_FETCH, 0x40);
    rig_run_to(g, 50);
    assert_int_equal(ask(g, MEM_INVALIDATE, 0x40), PORT_HIT);
    assert_ready_at(g, &p, 102);
    assert_false(cache_holds(g->cache[0], 0x40));
    assert_int_equal(rig_stats(g, 0)->dropped_fills, 1);
    assert_laws(g);
    rig_free(g);
}

static void warming_sends_away_without_time(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    rig_build(g);
    struct mem_request r = {.pa = 0x40, .bytes = 8, .command = MEM_STORE};
    g->port.warm(g->port.node, &r);
    assert_true(cache_holds(g->cache[0], 0x40));
    r = (struct mem_request){.pa = 0x40, .bytes = 1, .command = MEM_FLUSH};
    g->port.warm(g->port.node, &r);
    assert_false(cache_holds(g->cache[0], 0x40));
    assert_false(cache_holds(g->cache[1], 0x40));
    assert_laws(g);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_load_after_a_flush_misses),
        cmocka_unit_test(modified_data_go_from_the_first_level_to_memory),
        cmocka_unit_test(a_flush_finds_the_line_below),
        cmocka_unit_test(a_cleaned_line_stays_and_is_written_once),
        cmocka_unit_test(lines_of_different_length_are_written_as_far_as_modified),
        cmocka_unit_test(a_line_on_its_way_is_awaited),
        cmocka_unit_test(a_full_write_buffer_refuses_a_flush),
        cmocka_unit_test(an_inclusive_cache_takes_the_line_from_those_above),
        cmocka_unit_test(an_invalidation_takes_an_unmodified_line_from_the_first_level_alone),
        cmocka_unit_test(a_fetch_on_its_way_when_invalidated_is_not_kept),
        cmocka_unit_test(warming_sends_away_without_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
