/* Which lines are there: replacement, inclusion, prefetches, warming. */
#include "tests/unit/models/cache/rig.h"

#include <string.h>

#include "models/cache/tags.h"
#include "sim/base/bits.h"

/* Fills a set of two ways with a then b, uses a again, brings c, and says what is left of a. */
static bool oldest_survives_its_use(const char *policy)
{
    struct rig *g = rig_new(1);
    g->keys[0].replacement = policy;
    rig_build(g);
    rig_load_line(g, MEM_LOAD, 0x000);
    rig_load_line(g, MEM_LOAD, 0x100);
    rig_load_line(g, MEM_LOAD, 0x000);
    rig_load_line(g, MEM_LOAD, 0x200);
    bool a = cache_holds(g->cache[0], 0x000), b = cache_holds(g->cache[0], 0x100);
    assert_true(cache_holds(g->cache[0], 0x200));
    assert_true(a != b);
    rig_free(g);
    return a;
}

static void lru_and_plru_keep_what_was_used_and_fifo_does_not(void **state)
{
    (void)state;
    assert_true(oldest_survives_its_use("lru"));
    assert_true(oldest_survives_its_use("plru"));
    assert_false(oldest_survives_its_use("fifo"));
}

/* A set of lines in order of use, kept by moving array elements: obviously right and slow. */
struct naive_set {
    uint64_t line[64];
    uint32_t used;
};

static bool naive_access(struct naive_set *s, uint32_t ways, uint64_t line)
{
    uint32_t at = 0;
    while (at < s->used && s->line[at] != line)
        at++;
    bool hit = at < s->used;
    if (!hit)
        at = s->used < ways ? s->used++ : ways - 1;
    memmove(s->line + 1, s->line, at * sizeof *s->line);
    s->line[0] = line;
    return hit;
}

static void compare_with_naive(uint32_t sets, uint32_t ways, uint32_t line_bytes)
{
    struct tags t;
    struct naive_set *naive = xcalloc(sets, sizeof *naive);
    struct rng rng = rng_seeded(sets + ways);
    tags_init(&t, sets, ways, line_bytes, repl_find("lru"), NULL, 1);
    for (int i = 0; i < 100000; i++) {
        uint64_t pa = rng_below(&rng, (uint64_t)sets * ways * line_bytes * 3 / 2);
        struct mem_request access = {.pa = pa, .command = MEM_LOAD};
        uint32_t set = tags_set(&t, pa);
        int32_t way = tags_find(&t, set, pa);
        bool hit = naive_access(&naive[pa / line_bytes % sets], ways, pa / line_bytes);
        assert_true(hit == (way != TAGS_ABSENT));
        if (hit)
            tags_touch(&t, set, (uint32_t)way, &access);
        else
            tags_install(&t, set, tags_victim(&t, set, &access), pa, i % 2 ? LINE_DIRTY : 0,
                         &access);
    }
    tags_free(&t);
    free(naive);
}

static void lru_equals_a_naive_model_on_random_streams_of_many_geometries(void **state)
{
    (void)state;
    compare_with_naive(1, 1, 16);
    compare_with_naive(64, 1, 32);
    compare_with_naive(16, 2, 64);
    compare_with_naive(8, 3, 64);
    compare_with_naive(64, 8, 128);
    compare_with_naive(1, 16, 64);
    compare_with_naive(4, 16, 4096);
    compare_with_naive(2, 20, 128);
    compare_with_naive(1, 64, 64);
}

static void an_inclusive_level_takes_its_victim_out_of_the_level_above(void **state)
{
    (void)state;
    for (int inclusive = 0; inclusive < 2; inclusive++) {
        struct rig *g = rig_new(2);
        g->keys[1].size = 128; /* one set of two ways, so that its victims are still above */
        g->keys[1].inclusion = inclusive ? CACHE_INCLUSIVE : CACHE_MOSTLY_INCLUSIVE;
        rig_build(g);
        rig_load_line(g, MEM_LOAD, 0x00);
        rig_load_line(g, MEM_STORE, 0x40);
        rig_load_line(g, MEM_LOAD, 0x80);
        assert_true(cache_holds(g->cache[0], 0x00) == !inclusive);
        assert_int_equal(rig_stats(g, 0)->invalidations, inclusive);
        rig_load_line(g, MEM_LOAD, 0xc0); /* 0x40 is dirty above only: its data must not be lost */
        assert_int_equal(memory_statistics(g->memory)->writes, inclusive);
        assert_laws(g);
        rig_free(g);
    }
}

static void an_inclusive_third_level_reaches_the_first_through_a_second_that_is_not(void **state)
{
    (void)state;
    struct rig *g = rig_new(3);
    g->keys[1].size = 128;
    g->keys[2].size = 256;
    g->keys[2].ways = 4;
    g->keys[2].inclusion = CACHE_INCLUSIVE;
    rig_build(g);
    for (uint64_t pa = 0; pa < 4 * 64; pa += 64)
        rig_load_line(g, MEM_STORE, pa);
    assert_true(cache_holds(g->cache[0], 0x0) && !cache_holds(g->cache[1], 0x0));
    rig_load_line(g, MEM_LOAD, 0x1040);
    assert_false(cache_holds(g->cache[2], 0x0));
    assert_false(cache_holds(g->cache[0], 0x0));
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_laws(g);
    rig_free(g);
}

/* Whatever an inclusive level does not hold is not above it either, but for what is on its way. */
static void inclusion_holds_after_random_accesses(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    struct rng rng = rng_seeded(4);
    g->keys[0].size = 2048;
    g->keys[1].size = 4096;
    g->keys[1].replacement = "random";
    g->keys[1].inclusion = CACHE_INCLUSIVE;
    g->keys[0].bus = 4; /* fills take long, so that lines leave below while on their way */
    rig_build(g);
    struct probe p[8];
    for (int round = 0; round < 20000; round++) {
        for (int i = 0; i < 8; i++)
            probe_access(g, &p[i], rng_below(&rng, 2) ? MEM_LOAD : MEM_STORE,
                         rng_below(&rng, 16384) & ~UINT64_C(7));
        engine_run(g->engine);
        for (uint64_t pa = 0; round % 100 == 0 && pa < 16384; pa += 64)
            assert_true(cache_holds(g->cache[1], pa) || !cache_holds(g->cache[0], pa));
    }
    assert_true(rig_stats(g, 0)->dropped_fills > 0);
    assert_laws(g);
    rig_free(g);
}

static void a_line_invalidated_on_its_way_answers_but_does_not_stay(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    rig_build(g);
    probe_access(g, &p, MEM_STORE, 0x0);
    rig_run_to(g, 50);
    struct mem_upper upper = cache_upper(g->cache[0]);
    assert_false(upper.invalidate(upper.node, 0x0, 64));
    assert_ready_at(g, &p, 102);
    assert_false(cache_holds(g->cache[0], 0x0));
    assert_int_equal(memory_statistics(g->memory)->writes, 1); /* the store is not lost */
    assert_int_equal(rig_stats(g, 0)->dropped_fills, 1);
    assert_laws(g);
    rig_free(g);
}

static void prefetch(struct rig *g, uint64_t pa)
{
    struct mem_request r = {.pa = pa, .bytes = 8, .command = MEM_PREFETCH}; /* posted */
    assert_int_equal(g->port.access(g->port.node, &r, engine_now(g->engine)), PORT_HIT);
}

static void a_prefetched_line_is_useful_once_and_useless_when_evicted_unused(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    rig_build(g);
    prefetch(g, 0x000);
    prefetch(g, 0x100);
    rig_run_to(g, 200);
    assert_int_equal(rig_stats(g, 0)->prefetch_resident, 2);
    probe_access(g, &p, MEM_LOAD, 0x000);
    probe_access(g, &p, MEM_LOAD, 0x008);
    assert_int_equal(rig_stats(g, 0)->prefetch_useful, 1);
    rig_load_line(g, MEM_LOAD, 0x200);
    assert_int_equal(rig_stats(g, 0)->prefetch_useless, 1);
    prefetch(g, 0x040);
    probe_access(g, &p, MEM_LOAD, 0x040);
    assert_int_equal(rig_stats(g, 0)->prefetch_late, 1);
    assert_int_equal(rig_stats(g, 0)->prefetch_useful, 2);
    engine_run(g->engine);
    assert_int_equal(rig_stats(g, 0)->prefetch_fills, 2);
    assert_laws(g);
    rig_free(g);
}

static void warm(struct rig *g, enum mem_command command, uint64_t pa)
{
    struct mem_request r = {.pa = pa, .bytes = 8, .command = (uint8_t)command};
    g->port.warm(g->port.node, &r);
}

static void warming_leaves_the_contents_that_timed_accesses_would(void **state)
{
    (void)state;
    struct rig *timed = rig_new(2), *warmed = rig_new(2);
    struct rng rng = rng_seeded(3);
    rig_build(timed);
    rig_build(warmed);
    for (int i = 0; i < 20000; i++) {
        uint64_t pa = rng_below(&rng, 8192) & ~UINT64_C(7);
        enum mem_command command = rng_below(&rng, 3) ? MEM_LOAD : MEM_STORE;
        rig_load_line(timed, command, pa);
        warm(warmed, command, pa);
    }
    for (uint32_t level = 0; level < 2; level++)
        for (uint64_t pa = 0; pa < 8192; pa += 64)
            assert_true(cache_holds(timed->cache[level], pa) ==
                        cache_holds(warmed->cache[level], pa));
    assert_int_equal(rig_stats(warmed, 0)->accesses, 0);
    assert_int_equal(rig_stats(warmed, 0)->evictions, rig_stats(timed, 0)->evictions);
    assert_laws(warmed);
    rig_free(timed);
    rig_free(warmed);
}

static void a_line_warmed_while_on_its_way_is_not_put_in_twice(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    rig_build(g);
    probe_access(g, &p, MEM_STORE, 0x0);
    rig_run_to(g, 50);
    warm(g, MEM_LOAD, 0x0);
    assert_ready_at(g, &p, 102);
    assert_int_equal(rig_stats(g, 0)->resident_lines, 1);
    rig_load_line(g, MEM_LOAD, 0x100);
    rig_load_line(g, MEM_LOAD, 0x200);
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_laws(g);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lru_and_plru_keep_what_was_used_and_fifo_does_not),
        cmocka_unit_test(lru_equals_a_naive_model_on_random_streams_of_many_geometries),
        cmocka_unit_test(an_inclusive_level_takes_its_victim_out_of_the_level_above),
        cmocka_unit_test(an_inclusive_third_level_reaches_the_first_through_a_second_that_is_not),
        cmocka_unit_test(inclusion_holds_after_random_accesses),
        cmocka_unit_test(a_line_invalidated_on_its_way_answers_but_does_not_stay),
        cmocka_unit_test(a_prefetched_line_is_useful_once_and_useless_when_evicted_unused),
        cmocka_unit_test(warming_leaves_the_contents_that_timed_accesses_would),
        cmocka_unit_test(a_line_warmed_while_on_its_way_is_not_put_in_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
