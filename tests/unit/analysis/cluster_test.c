/* Groups of points: made-up clouds are found again, and how many there are. */
#include "analysis/cluster.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { POINTS = 300, D = CLUSTER_DIMENSIONS };

/* Coordinates in [0, width), always the same. */
static double noise(uint64_t *state, double width)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (double)(*state >> 33) / 2147483648.0 * width;
}

/* Point n belongs to cloud n % clouds, whose corner is at 1 in the dimension of its number. */
static void make_clouds(double *points, size_t clouds, double width)
{
    uint64_t state = 1;
    for (size_t n = 0; n < POINTS; n++)
        for (size_t d = 0; d < D; d++)
            points[n * D + d] = (d == n % clouds ? 1 : 0) + noise(&state, width);
}

static void finds_as_many_groups_as_there_are_clouds(void **state)
{
    static double points[POINTS * D];
    (void)state;
    for (size_t clouds = 1; clouds <= 6; clouds++) {
        struct clusters c;
        make_clouds(points, clouds, 0.1);
        clusters_choose(&c, points, POINTS, 10, 1);
        assert_int_equal(c.k, clouds);
        for (size_t n = 0; n < POINTS; n++)
            assert_int_equal(c.of_point[n], c.of_point[n % clouds]);
        clusters_free(&c);
    }
}

static void coinciding_points_are_groups_too(void **state)
{
    static double points[POINTS * D];
    struct clusters c;
    (void)state;
    make_clouds(points, 3, 0);
    clusters_choose(&c, points, POINTS, 10, 1);
    assert_int_equal(c.k, 3);
    assert_true(c.spread < 1e-20);
    clusters_free(&c);
}

static void a_centre_is_the_mean_of_its_points(void **state)
{
    static double points[POINTS * D];
    struct clusters c;
    (void)state;
    make_clouds(points, 2, 0.2);
    clusters_find(&c, points, POINTS, 2, 7);
    for (size_t k = 0; k < 2; k++) {
        double sum = 0;
        for (size_t n = 0; n < POINTS; n++)
            sum += c.of_point[n] == k ? points[n * D + 4] : 0;
        assert_true(fabs(sum / (double)c.size[k] - c.centre[k * D + 4]) < 1e-9);
    }
    clusters_free(&c);
}

static void the_same_seed_gives_the_same_groups(void **state)
{
    static double points[POINTS * D];
    struct clusters a, b;
    (void)state;
    make_clouds(points, 5, 2);
    clusters_find(&a, points, POINTS, 4, 3);
    clusters_find(&b, points, POINTS, 4, 3);
    assert_memory_equal(a.of_point, b.of_point, POINTS * sizeof *a.of_point);
    assert_true(a.spread == b.spread);
    clusters_free(&a);
    clusters_free(&b);
}

/* Rows that differ in length only are the same point; a row of half one, half another block lies
 * between them. */
static void projection_is_linear_in_shares(void **state)
{
    static const uint64_t start[] = {0, 1, 2, 3, 5}, count[] = {10, 1000, 7, 5, 5};
    static const uint32_t column[] = {0, 0, 1, 0, 1};
    struct cluster_rows rows = {start, column, count, 4, 2};
    double *p = cluster_project(&rows, 1);
    (void)state;
    assert_true(cluster_distance(p, p + D) < 1e-12);
    assert_true(cluster_distance(p, p + 2 * D) > 0.1);
    for (size_t d = 0; d < D; d++)
        assert_true(fabs(p[3 * D + d] - (p[d] + p[2 * D + d]) / 2) < 1e-12);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_as_many_groups_as_there_are_clouds),
        cmocka_unit_test(coinciding_points_are_groups_too),
        cmocka_unit_test(a_centre_is_the_mean_of_its_points),
        cmocka_unit_test(the_same_seed_gives_the_same_groups),
        cmocka_unit_test(projection_is_linear_in_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
