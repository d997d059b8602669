/* What each prefetcher names, and what all of prefetch.def owe the cache. */
#include "models/cache/prefetch/prefetch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/cache/port.h"
#include "sim/base/err.h"
#include "sim/base/rng.h"
#include "sim/schema/config.h"

enum { LINE = 64, PAGE = PREFETCH_PAGE_BYTES, BASE = 0x100000 };

static void *make(const struct prefetch_ops *ops, const char *const *settings)
{
    struct err e;
    void *keys = xcalloc(1, ops->keys_bytes + 1);
    struct config *c = config_create(NULL);
    for (; settings && *settings; settings++) {
        char *assignment = xasprintf("cache.%s", *settings);
        assert_true(config_override(c, assignment, &e));
        free(assignment);
    }
    assert_true(config_bind(c, "cache", ops->keys, keys, &e));
    void *p = ops->create(&(struct prefetch_setup){.line_bytes = LINE, .keys = keys});
    config_destroy(c);
    free(keys);
    return p;
}

enum kind { HIT, MISS, FIRST_USE };

static struct prefetch_list look(const struct prefetch_ops *ops, void *p, uint64_t pa, uint64_t pc,
                                 enum kind kind)
{
    struct prefetch_list wanted = {.limit = PREFETCH_LIST_MAX};
    struct prefetch_access a = {.pa = pa,
                                .pc = pc,
                                .command = MEM_LOAD,
                                .is_miss = kind == MISS,
                                .is_first_use = kind == FIRST_USE};
    ops->observe(p, &a, &wanted);
    return wanted;
}

static bool names(const struct prefetch_list *l, uint64_t pa)
{
    for (uint32_t n = 0; n < l->count; n++)
        if ((l->pa[n] ^ pa) < LINE)
            return true;
    return false;
}

static void names_are_found_and_strangers_are_not(void **state)
{
    (void)state;
    for (uint32_t n = 0; prefetch_at(n); n++) {
        assert_ptr_equal(prefetch_find(prefetch_at(n)->name), prefetch_at(n));
        assert_non_null(strstr(prefetch_help, prefetch_at(n)->name));
    }
    assert_null(prefetch_find("none"));
    assert_null(prefetch_find("oracle"));
}

/* A cache without limits: everything that is named comes at once and stays. Returns how many of the
 * last `lines` of a walk over `step` lines at a time were there before their use. */
static uint32_t covered(const struct prefetch_ops *ops, int64_t step, uint32_t lines)
{
    static bool present[1 << 16], prefetched[1 << 16];
    void *p = make(ops, NULL);
    uint32_t useful = 0;
    memset(present, 0, sizeof present);
    memset(prefetched, 0, sizeof prefetched);
    int64_t line = step > 0 ? 1000 : 60000;
    for (uint32_t n = 0; n < 2 * lines; n++, line += step) {
        enum kind kind = !present[line] ? MISS : prefetched[line] ? FIRST_USE : HIT;
        struct prefetch_list l = look(ops, p, (uint64_t)line * LINE, 0x400, kind);
        useful += n >= lines && kind == FIRST_USE;
        if (kind == MISS && ops->filled)
            ops->filled(p, (uint64_t)line * LINE, false);
        present[line] = true;
        prefetched[line] = false;
        for (uint32_t i = 0; i < l.count; i++) {
            uint64_t wanted = l.pa[i] / LINE;
            if (wanted >= 1 << 16 || present[wanted])
                continue;
            present[wanted] = prefetched[wanted] = true;
            if (ops->filled)
                ops->filled(p, l.pa[i], true);
        }
    }
    ops->destroy(p);
    return useful;
}

static void every_prefetcher_covers_a_walk_upwards(void **state)
{
    (void)state;
    for (uint32_t n = 0; prefetch_at(n); n++)
        assert_in_range(covered(prefetch_at(n), 1, 2000), 1900, 2000);
}

static void those_that_learn_a_direction_cover_a_walk_down_and_strides(void **state)
{
    (void)state;
    static const char *const learners[] = {"stride", "stream", "spp"};
    for (uint32_t n = 0; n < 3; n++) {
        assert_in_range(covered(prefetch_find(learners[n]), -1, 2000), 1900, 2000);
        if (strcmp(learners[n], "stream"))
            assert_in_range(covered(prefetch_find(learners[n]), 3, 2000), 1800, 2000);
    }
    assert_in_range(covered(prefetch_find("best_offset"), 3, 6000), 5500, 6000);
    assert_int_equal(covered(prefetch_find("next_line"), -1, 2000), 0);
}

static void none_names_more_than_it_may(void **state)
{
    (void)state;
    for (uint32_t n = 0; prefetch_at(n); n++) {
        const struct prefetch_ops *ops = prefetch_at(n);
        void *p = make(ops, NULL);
        uint32_t refused = 0;
        for (uint32_t i = 0; i < 5000; i++) {
            struct prefetch_list l = {.limit = i & 1};
            struct prefetch_access a = {
                .pa = i * LINE, .pc = 4, .command = MEM_LOAD, .is_miss = true};
            ops->observe(p, &a, &l);
            assert_true(l.count <= l.limit);
            refused += l.refused;
            if (ops->filled)
                ops->filled(p, i * LINE, i % 3 == 0);
            if (ops->evicted)
                ops->evicted(p, i / 2 * LINE);
        }
        assert_true(refused > 0);
        ops->destroy(p);
    }
}

static void next_line_follows_misses_and_first_uses_alone(void **state)
{
    (void)state;
    const struct prefetch_ops *ops = prefetch_find("next_line");
    const char *settings[] = {"next_line_degree=2", NULL};
    void *p = make(ops, settings);
    for (int kind = HIT; kind <= FIRST_USE; kind++) {
        struct prefetch_list l = look(ops, p, BASE + 8, 0, (enum kind)kind);
        assert_int_equal(l.count, kind == HIT ? 0 : 2);
        assert_true(kind == HIT || names(&l, BASE + LINE));
        assert_true(kind == HIT || names(&l, BASE + 2 * LINE));
    }
    ops->destroy(p);
}

static void a_stride_is_trusted_when_seen_for_the_third_time(void **state)
{
    (void)state;
    const struct prefetch_ops *ops = prefetch_find("stride");
    const char *settings[] = {"stride_distance=4", "stride_degree=2", NULL};
    void *p = make(ops, settings);
    for (uint64_t n = 0; n < 6; n++) {
        struct prefetch_list l = look(ops, p, BASE + n * 200, 0x400, HIT);
        assert_int_equal(look(ops, p, BASE + n * n * 200, 0x404, MISS).count, 0); /* another's */
        assert_int_equal(l.count, n < 3 ? 0 : 2);
        assert_true(n < 3 || (l.pa[0] == BASE + (n + 4) * 200 && l.pa[1] == BASE + (n + 5) * 200));
    }
    look(ops, p, BASE, 0x400, HIT); /* confidence 3 to 2: one exception */
    struct prefetch_list l = look(ops, p, BASE + 200, 0x400, HIT);
    assert_int_equal(l.count, 2);
    ops->destroy(p);
}

static void a_stride_within_a_line_counts_as_a_line_and_speaks_once_a_line(void **state)
{
    (void)state;
    const struct prefetch_ops *ops = prefetch_find("stride");
    const char *settings[] = {"stride_distance=1", NULL};
    void *p = make(ops, settings);
    for (uint64_t n = 64; n-- > 0;) { /* downwards, by 8 bytes */
        struct prefetch_list l = look(ops, p, BASE + n * 8, 0x400, HIT);
        bool is_new_line = n % 8 == 7;
        assert_int_equal(l.count, n < 61 && is_new_line);
        if (l.count)
            assert_int_equal(l.pa[0] / LINE, (BASE + n * 8) / LINE - 1);
    }
    ops->destroy(p);
}

static void a_stream_is_confirmed_by_its_third_line_and_runs_ahead_to_its_distance(void **state)
{
    (void)state;
    const struct prefetch_ops *ops = prefetch_find("stream");
    const char *settings[] = {"stream_distance=4", "stream_degree=3", NULL};
    void *p = make(ops, settings);
    /* Lines 0, 1, 2: then 3, 4, 5 are named; at 3: 6, 7, which is as far as it may; then one each.
     */
    static const uint32_t first[] = {0, 0, 3, 6, 8, 9}, counts[] = {0, 0, 3, 2, 1, 1};
    for (uint32_t n = 0; n < 6; n++) {
        struct prefetch_list l = look(ops, p, BASE + n * LINE, 0, n < 3 ? MISS : FIRST_USE);
        assert_int_equal(l.count, counts[n]);
        for (uint32_t i = 0; i < l.count; i++)
            assert_int_equal(l.pa[i], BASE + (first[n] + i) * LINE);
        assert_int_equal(look(ops, p, BASE + n * LINE, 0, HIT).count, 0);
    }
    ops->destroy(p);
}

static void streams_far_apart_are_followed_together_up_to_their_number(void **state)
{
    (void)state;
    const struct prefetch_ops *ops = prefetch_find("stream");
    for (uint64_t streams = 4; streams <= 5; streams++) {
        const char *settings[] = {"stream_count=4", NULL};
        void *p = make(ops, settings);
        uint32_t named = 0;
        for (uint64_t n = 0; n < 8; n++)
            for (uint64_t s = 0; s < streams; s++)
                named += look(ops, p, BASE + (s << 20) + n * LINE, 0, MISS).count;
        assert_true(streams == 4 ? named > 0 : named == 0);
        ops->destroy(p);
    }
}

/* Every access is a miss whose line arrives `late` accesses later. */
static uint64_t offset_learnt(uint64_t step, uint64_t late)
{
    const struct prefetch_ops *ops = prefetch_find("best_offset");
    void *p = make(ops, NULL);
    struct prefetch_list l;
    uint64_t offset = 0; /* of the latest prefetch, in bytes; 0: none */
    for (uint64_t n = 0; n < 20000; n++) {
        uint64_t pa = BASE + n * step * LINE;
        if (n >= late)
            ops->filled(p, pa - late * step * LINE + offset, offset > 0);
        l = look(ops, p, pa, 0, MISS);
        offset = l.count ? l.pa[0] - pa : 0;
    }
    ops->destroy(p);
    return offset / LINE;
}

static void best_offset_learns_an_offset_that_is_early_enough(void **state)
{
    (void)state;
    /* A base is known `late` accesses after its use: the smallest offset that can score is the
     * first multiple of the step, in the list of offsets, from late x step on. */
    assert_int_equal(offset_learnt(1, 1), 1);
    assert_int_equal(offset_learnt(1, 7), 8);
    assert_int_equal(offset_learnt(3, 1), 3);
    assert_int_equal(offset_learnt(3, 3), 9);
    assert_int_equal(offset_learnt(7, 1), 0); /* no multiple of 7 has small prime factors only */
}

static void best_offset_is_silent_where_nothing_repeats(void **state)
{
    (void)state;
    const struct prefetch_ops *ops = prefetch_find("best_offset");
    void *p = make(ops, NULL);
    struct rng rng = rng_seeded(3);
    uint32_t named = 0;
    for (uint32_t n = 0; n < 20000; n++) {
        uint64_t pa = rng_below(&rng, UINT64_C(1) << 32);
        named += n > 10000 ? look(ops, p, pa, 0, MISS).count : 0;
        if (n <= 10000)
            look(ops, p, pa, 0, MISS);
        ops->filled(p, pa, false);
    }
    assert_int_equal(named, 0);
    ops->destroy(p);
}

/* Visits the lines of one page at offsets 0, 1, 3, 6, 7, 9, 12, ... (deltas 1, 2, 3). */
static uint32_t visit_pattern(const struct prefetch_ops *ops, void *p, uint64_t page)
{
    uint32_t foreseen = 0;
    struct prefetch_list before = {.count = 0};
    bool seen[PAGE / LINE] = {false};
    for (uint32_t n = 0, line = 0; line < PAGE / LINE; line += n % 3 + 1, n++) {
        foreseen += seen[line];
        before = look(ops, p, page * PAGE + line * LINE, 0, seen[line] ? FIRST_USE : MISS);
        for (uint32_t i = 0; i < before.count; i++)
            if (before.pa[i] / PAGE == page)
                seen[before.pa[i] % PAGE / LINE] = true;
    }
    return foreseen;
}

static void a_signature_foresees_a_pattern_of_deltas_in_pages_never_seen(void **state)
{
    (void)state;
    const struct prefetch_ops *ops = prefetch_find("spp");
    void *p = make(ops, NULL);
    for (uint64_t page = 0; page < 20; page++)
        visit_pattern(ops, p, 7 * page + 1);
    /* 33 lines are used: (64 - 1) / 6 patterns of three and the rest. The first few of a page have
     * no signature yet. */
    assert_in_range(visit_pattern(ops, p, 1001), 27, 32);
    ops->destroy(p);
}

static void a_path_that_leaves_its_page_goes_on_in_the_next(void **state)
{
    (void)state;
    const struct prefetch_ops *ops = prefetch_find("spp");
    void *p = make(ops, NULL);
    for (uint64_t line = 0; line < 4 * PAGE / LINE; line++)
        look(ops, p, BASE + line * LINE, 0, MISS);
    struct prefetch_list l = look(ops, p, BASE + 4 * PAGE, 0, MISS); /* the very first there */
    assert_true(names(&l, BASE + 4 * PAGE + LINE));
    ops->destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_and_strangers_are_not),
        cmocka_unit_test(every_prefetcher_covers_a_walk_upwards),
        cmocka_unit_test(those_that_learn_a_direction_cover_a_walk_down_and_strides),
        cmocka_unit_test(none_names_more_than_it_may),
        cmocka_unit_test(next_line_follows_misses_and_first_uses_alone),
        cmocka_unit_test(a_stride_is_trusted_when_seen_for_the_third_time),
        cmocka_unit_test(a_stride_within_a_line_counts_as_a_line_and_speaks_once_a_line),
        cmocka_unit_test(a_stream_is_confirmed_by_its_third_line_and_runs_ahead_to_its_distance),
        cmocka_unit_test(streams_far_apart_are_followed_together_up_to_their_number),
        cmocka_unit_test(best_offset_learns_an_offset_that_is_early_enough),
        cmocka_unit_test(best_offset_is_silent_where_nothing_repeats),
        cmocka_unit_test(a_signature_foresees_a_pattern_of_deltas_in_pages_never_seen),
        cmocka_unit_test(a_path_that_leaves_its_page_goes_on_in_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
