/* The least possible misses, against trying out every choice there is. */
#include "analysis/optimal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"

/* What optimal.c needs of simstat, whose header cannot stand beside cmocka's `fail`. */
void *allocate(size_t count, size_t size);
void *allocate(size_t count, size_t size) { return calloc(count, size); }

enum { WAYS_MAX = 3 };
#define EMPTY UINT64_MAX

struct search {
    const uint64_t *lines;
    const bool *is_free;
    size_t count;
    uint32_t ways;
    bool passes;
};

/* Least misses from access i on, with these lines in the one set; tries every way as victim. */
static uint64_t search(const struct search *s, size_t i, const uint64_t *set)
{
    uint64_t least = UINT64_MAX;
    if (i == s->count)
        return 0;
    for (uint32_t way = 0; way < s->ways; way++)
        if (set[way] == s->lines[i])
            return search(s, i + 1, set);
    for (uint32_t way = 0; way < s->ways + s->passes; way++) {
        uint64_t next[WAYS_MAX];
        memcpy(next, set, sizeof next);
        if (way < s->ways)
            next[way] = s->lines[i];
        uint64_t misses = !s->is_free[i] + search(s, i + 1, next);
        least = misses < least ? misses : least;
    }
    return least;
}

static void the_least_misses_are_those_of_the_best_choice_on_tiny_streams(void **state)
{
    (void)state;
    struct rng rng = rng_seeded(1);
    for (int n = 0; n < 1500; n++) {
        uint64_t lines[11], set[WAYS_MAX] = {EMPTY, EMPTY, EMPTY};
        size_t count = 1 + rng_below(&rng, 11);
        uint32_t ways = 1 + (uint32_t)rng_below(&rng, WAYS_MAX);
        uint64_t different = 2 + rng_below(&rng, 5);
        for (size_t i = 0; i < count; i++)
            lines[i] = rng_below(&rng, different);
        bool is_free[11];
        for (size_t i = 0; i < count; i++)
            is_free[i] = n % 2 && rng_below(&rng, 3) == 0;
        struct search s = {lines, is_free, count, ways, false};
        struct optimal o = optimal_misses(lines, n % 2 ? is_free : NULL, count, 1, ways);
        assert_int_equal(o.filled, search(&s, 0, set));
        s.passes = true;
        assert_int_equal(o.passed, search(&s, 0, set));
        assert_true(o.passed <= o.filled && o.filled <= o.lru);
        assert_true(n % 2 || o.cold <= o.passed);
    }
}

static void sets_are_counted_apart(void **state)
{
    (void)state;
    /* Lines 0 2 4 share a set of two ways, 1 does not: 0 2 4 miss, then 0 or 2 is still there. */
    static const uint64_t lines[] = {0, 1, 2, 4, 1, 0, 2};
    struct optimal o = optimal_misses(lines, NULL, 7, 2, 2);
    assert_int_equal(o.cold, 4);
    assert_int_equal(o.filled, 5);
    assert_int_equal(o.passed, 4); /* 4 passes by: 0 and 2 stay */
    assert_int_equal(o.lru, 6);
}

static void a_cycle_of_one_line_too_many_defeats_lru_alone(void **state)
{
    (void)state;
    uint64_t lines[5 * 100];
    for (uint64_t i = 0; i < 500; i++)
        lines[i] = i % 5;
    struct optimal o = optimal_misses(lines, NULL, 500, 1, 4);
    assert_int_equal(o.lru, 500);
    assert_int_equal(o.passed, 5 + 99); /* one of five passes by each time */
    assert_in_range(o.filled, 5 + 99, 5 + 500 / 4);
}

static void many_lines_and_none_at_all_are_counted(void **state)
{
    (void)state;
    uint64_t *lines = allocate(300000, sizeof *lines);
    for (uint64_t i = 0; i < 300000; i++)
        lines[i] = (i % 100000) << 17;
    struct optimal o = optimal_misses(lines, NULL, 300000, 1024, 2);
    assert_int_equal(o.cold, 100000);
    assert_int_equal(optimal_misses(lines, NULL, 0, 4, 4).lru, 0);
    free(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_misses_are_those_of_the_best_choice_on_tiny_streams),
        cmocka_unit_test(sets_are_counted_apart),
        cmocka_unit_test(a_cycle_of_one_line_too_many_defeats_lru_alone),
        cmocka_unit_test(many_lines_and_none_at_all_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
