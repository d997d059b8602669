/* What designs promise: balance, orthogonality, repeatability. */
#include "sim/sweep/design.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static uint32_t *draw(enum design design, const uint32_t *counts, uint32_t factors, uint64_t seed,
                      uint32_t *points)
{
    struct err e = {0};
    uint32_t *levels = NULL;
    assert_true(design_draw(design, counts, factors, seed, points, &levels, &e));
    return levels;
}

/* Any two factors take each pair of levels equally often: their effects can be told apart. */
static void plackett_burman_designs_are_orthogonal(void **state)
{
    (void)state;
    uint32_t counts[35];
    for (size_t f = 0; f < 35; f++)
        counts[f] = 3;
    for (uint32_t factors = 1; factors <= 35; factors++) {
        uint32_t points = 0;
        uint32_t *x = draw(DESIGN_PLACKETT_BURMAN, counts, factors, 1, &points);
        assert_true(points >= 2 * (factors + 1));
        for (uint32_t a = 0; a < factors; a++)
            for (uint32_t b = 0; b < a; b++) {
                int32_t product = 0, sum = 0;
                for (uint32_t p = 0; p < points; p++) {
                    int32_t xa = x[p * factors + a] ? 1 : -1, xb = x[p * factors + b] ? 1 : -1;
                    product += xa * xb;
                    sum += xa;
                }
                assert_int_equal(product, 0);
                assert_int_equal(sum, 0);
            }
        for (uint32_t n = 0; n < points * factors; n++)
            assert_true(x[n] == 0 || x[n] == 2);
        free(x);
    }
}

static void too_many_factors_for_plackett_burman_are_refused(void **state)
{
    (void)state;
    struct err e = {0};
    uint32_t counts[36], points = 0, *levels = NULL;
    for (size_t f = 0; f < 36; f++)
        counts[f] = 2;
    assert_false(design_draw(DESIGN_PLACKETT_BURMAN, counts, 36, 1, &points, &levels, &e));
    assert_string_equal(e.text, "36 factors, at most 35");
}

static void a_latin_design_takes_each_level_equally_often(void **state)
{
    (void)state;
    const uint32_t counts[] = {2, 3, 4};
    uint32_t points = 24;
    uint32_t *x = draw(DESIGN_LATIN, counts, 3, 7, &points);
    for (uint32_t f = 0; f < 3; f++) {
        uint32_t seen[4] = {0};
        for (uint32_t p = 0; p < points; p++)
            seen[x[p * 3 + f]]++;
        for (uint32_t level = 0; level < counts[f]; level++)
            assert_int_equal(seen[level], points / counts[f]);
    }
    free(x);
}

static void sobol_points_fill_the_grid_evenly(void **state)
{
    (void)state;
    const uint32_t counts[] = {4, 4};
    uint32_t points = 64, seen[16] = {0};
    uint32_t *x = draw(DESIGN_SOBOL, counts, 2, 1, &points);
    for (uint32_t p = 0; p < points; p++)
        seen[4 * x[2 * p] + x[2 * p + 1]]++;
    for (uint32_t n = 0; n < 16; n++) /* GSL leaves the origin out: one cell may differ by one */
        assert_in_range(seen[n], 3, 5);
    free(x);
}

static void a_seed_repeats_and_another_differs(void **state)
{
    (void)state;
    const uint32_t counts[] = {10, 10, 10};
    for (uint32_t design = DESIGN_LATIN; design <= DESIGN_RANDOM; design++) {
        uint32_t points = 50;
        uint32_t *a = draw((enum design)design, counts, 3, 1, &points);
        uint32_t *b = draw((enum design)design, counts, 3, 1, &points);
        uint32_t *c = draw((enum design)design, counts, 3, 2, &points);
        assert_memory_equal(a, b, 150 * sizeof *a);
        assert_memory_not_equal(a, c, 150 * sizeof *a);
        for (uint32_t n = 0; n < 150; n++)
            assert_true(a[n] < 10);
        free(a);
        free(b);
        free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plackett_burman_designs_are_orthogonal),
        cmocka_unit_test(too_many_factors_for_plackett_burman_are_refused),
        cmocka_unit_test(a_latin_design_takes_each_level_equally_often),
        cmocka_unit_test(sobol_points_fill_the_grid_evenly),
        cmocka_unit_test(a_seed_repeats_and_another_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
