/* What functional warming leaves in a cache for the timed accesses behind it, and in the
 * statistics. That contents are those of timed accesses: oracle_test.c. */
#include "tests/unit/models/cache/rig.h"

/* Of four sets: lines that fall into the first. */
#define SET0(n) (UINT64_C(0x100) * (n))

static void warm(struct rig *g, enum mem_command command, uint64_t pa, uint32_t bytes)
{
    struct mem_request r = {.pa = pa, .bytes = bytes, .command = (uint8_t)command};
    g->port.warm(g->port.node, &r);
    assert_laws(g);
}

static enum port_reply load(struct rig *g, uint64_t pa)
{
    struct probe p;
    enum port_reply reply = probe_access(g, &p, MEM_LOAD, pa);
    engine_run(g->engine);
    assert_laws(g);
    return reply;
}

static void a_line_warmed_hits_afterwards_and_only_that_is_counted(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    rig_build(g);
    warm(g, MEM_LOAD, SET0(0), 8);
    assert_int_equal(engine_now(g->engine), 0);
    for (uint32_t level = 0; level < 2; level++) {
        const struct cache_stats *s = rig_stats(g, level);
        assert_int_equal(s->accesses + s->mshr_allocations + s->line_fills + s->fill_bytes, 0);
        assert_int_equal(s->warm_fills, 1);
    }
    assert_int_equal(memory_statistics(g->memory)->reads, 0);
    assert_int_equal(load(g, SET0(0) + 56), PORT_HIT);
    assert_int_equal(load(g, SET0(1)), PORT_MISS);
    assert_int_equal(rig_stats(g, 0)->hits, 1);
    assert_int_equal(rig_stats(g, 0)->misses, 1);
    rig_free(g);
}

static void a_line_modified_while_warming_is_written_back_when_it_leaves(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    rig_build(g);
    warm(g, MEM_LOAD, SET0(0), 8);
    warm(g, MEM_STORE, SET0(1), 8);
    load(g, SET0(2));
    assert_int_equal(memory_statistics(g->memory)->writes, 0); /* the first was clean */
    load(g, SET0(3));
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_int_equal(rig_stats(g, 0)->writebacks, 1);
    rig_free(g);
}

static void a_line_modified_before_leaves_while_warming_and_takes_no_time(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    rig_build(g);
    rig_load_line(g, MEM_STORE, SET0(0));
    warm(g, MEM_LOAD, SET0(1), 8);
    warm(g, MEM_LOAD, SET0(2), 8);
    assert_false(cache_holds(g->cache[0], SET0(0)));
    assert_int_equal(rig_stats(g, 0)->writes_queued, 0);
    /* but it is modified in the second level, two lines a set further from leaving it */
    for (uint64_t n = 1; n <= 2; n++)
        load(g, SET0(0) + n * 0x400);
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    rig_free(g);
}

static void what_was_used_last_while_warming_stays(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    rig_build(g);
    warm(g, MEM_LOAD, SET0(0), 8);
    warm(g, MEM_LOAD, SET0(1), 8);
    warm(g, MEM_LOAD, SET0(0), 8);
    load(g, SET0(2));
    assert_true(cache_holds(g->cache[0], SET0(0)));
    assert_false(cache_holds(g->cache[0], SET0(1)));
    rig_free(g);
}

static void a_line_stored_as_a_whole_is_not_fetched_below(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    rig_build(g);
    warm(g, MEM_STORE, SET0(0), 64);
    warm(g, MEM_STORE, SET0(1), 8);
    assert_true(cache_holds(g->cache[0], SET0(0)) && cache_holds(g->cache[0], SET0(1)));
    assert_false(cache_holds(g->cache[1], SET0(0)));
    assert_true(cache_holds(g->cache[1], SET0(1)));
    rig_free(g);
}

static void a_line_goes_up_from_an_exclusive_level_modified_as_it_is(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    g->keys[1].inclusion = CACHE_EXCLUSIVE;
    rig_build(g);
    warm(g, MEM_STORE, SET0(0), 8);
    warm(g, MEM_LOAD, SET0(1), 8);
    warm(g, MEM_LOAD, SET0(2), 8); /* the first goes down ... */
    assert_true(cache_holds(g->cache[1], SET0(0)));
    warm(g, MEM_LOAD, SET0(0), 8); /* ... comes up again, and the second goes */
    assert_false(cache_holds(g->cache[1], SET0(0)));
    assert_true(cache_holds(g->cache[1], SET0(1)));
    struct mem_upper upper = cache_upper(g->cache[0]);
    assert_true(upper.invalidate(upper.node, SET0(0), 64)); /* true: it was dirty */
    rig_free(g);
}

static void a_prefetched_line_that_is_used_while_warming_was_useful(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    rig_build(g);
    for (uint64_t n = 0; n < 2; n++) {
        struct mem_request r = {.pa = SET0(n), .bytes = 8, .command = MEM_PREFETCH};
        g->port.access(g->port.node, &r, engine_now(g->engine));
        engine_run(g->engine);
    }
    warm(g, MEM_LOAD, SET0(0), 8);
    assert_int_equal(rig_stats(g, 0)->prefetch_useful, 1);
    warm(g, MEM_LOAD, SET0(2), 8);
    assert_int_equal(rig_stats(g, 0)->prefetch_useless, 1);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_warmed_hits_afterwards_and_only_that_is_counted),
        cmocka_unit_test(a_line_modified_while_warming_is_written_back_when_it_leaves),
        cmocka_unit_test(a_line_modified_before_leaves_while_warming_and_takes_no_time),
        cmocka_unit_test(what_was_used_last_while_warming_stays),
        cmocka_unit_test(a_line_stored_as_a_whole_is_not_fetched_below),
        cmocka_unit_test(a_line_goes_up_from_an_exclusive_level_modified_as_it_is),
        cmocka_unit_test(a_prefetched_line_that_is_used_while_warming_was_useful),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
