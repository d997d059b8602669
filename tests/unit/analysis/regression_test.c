/* Least squares, against certified figures of an ill-conditioned problem. */
#include "analysis/regression.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

/* What regression.c needs of simstat, whose header cannot stand beside cmocka's `fail`. */
_Noreturn void fail(const char *format, ...);
_Noreturn void fail(const char *format, ...)
{
    (void)format;
    abort();
}
void *allocate(size_t count, size_t size);
void *allocate(size_t count, size_t size) { return calloc(count, size); }

#include <cmocka.h>

enum { ROWS = 16, COLUMNS = 6 };

/* J. W. Longley, JASA 62 (1967), as in NIST's Statistical Reference Datasets; y first. */
static const double longley[ROWS][COLUMNS + 1] = {
    {60323, 83.0, 234289, 2356, 1590, 107608, 1947},
    {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
    {60171, 88.2, 258054, 3682, 1616, 109773, 1949},
    {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
    {63221, 96.2, 328975, 2099, 3099, 112075, 1951},
    {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
    {64989, 99.0, 365385, 1870, 3547, 115094, 1953},
    {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
    {66019, 101.2, 397469, 2904, 3048, 117388, 1955},
    {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
    {68169, 108.4, 442769, 2936, 2798, 120445, 1957},
    {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
    {68655, 112.6, 482704, 3813, 2552, 123366, 1959},
    {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
    {69331, 115.7, 518173, 4806, 2572, 127852, 1961},
    {70551, 116.9, 554894, 4007, 2827, 130081, 1962},
};

/* NIST's certified coefficients and standard errors, the constant first. */
static const double certified[COLUMNS + 1][2] = {
    {-3482258.63459582, 890420.383607373},       {15.0618722713733, 84.9149257747669},
    {-0.0358191792925910, 0.0334910077722432},   {-2.02022980381683, 0.488399681651699},
    {-1.03322686717359, 0.214274163161675},      {-0.0511041056535807, 0.226073200069370},
    {1829.15146461355, 455.478499142212},
};

struct problem {
    double y[ROWS], columns[COLUMNS][ROWS];
    const double *x[COLUMNS];
};

static void load(struct problem *p)
{
    for (int i = 0; i < ROWS; i++) {
        p->y[i] = longley[i][0];
        for (int k = 0; k < COLUMNS; k++)
            p->columns[k][i] = longley[i][k + 1];
    }
    for (int k = 0; k < COLUMNS; k++)
        p->x[k] = p->columns[k];
}

static void assert_near(double value, double wanted, double relative)
{
    if (!(fabs(value - wanted) <= relative * fabs(wanted)))
        fail_msg("%.15g, not %.15g", value, wanted);
}

static void longleys_figures_are_the_certified_ones(void **state)
{
    (void)state;
    struct problem p;
    struct regression r;
    load(&p);
    regression_fit(&r, p.y, p.x, COLUMNS, ROWS);
    assert_near(r.constant.coefficient, certified[0][0], 1e-7);
    assert_near(r.constant.error, certified[0][1], 1e-7);
    for (int k = 0; k < COLUMNS; k++) {
        assert_near(r.terms[k].coefficient, certified[k + 1][0], 1e-7);
        assert_near(r.terms[k].error, certified[k + 1][1], 1e-7);
    }
    assert_near(r.r2, 0.995479004577296, 1e-9);
    assert_near(r.sigma, 304.854073561965, 1e-8);
    regression_free(&r);
}

/* R^2 lost without a term is that of the fit without it; likewise with one term only. */
static void shares_of_r2_are_those_of_smaller_fits(void **state)
{
    (void)state;
    struct problem p;
    struct regression all, without, alone;
    load(&p);
    regression_fit(&all, p.y, p.x, COLUMNS, ROWS);
    for (int k = 0; k < COLUMNS; k++) {
        const double *rest[COLUMNS];
        for (int n = 0, i = 0; i < COLUMNS; i++)
            if (i != k)
                rest[n++] = p.x[i];
        regression_fit(&without, p.y, rest, COLUMNS - 1, ROWS);
        regression_fit(&alone, p.y, &p.x[k], 1, ROWS);
        assert_true(fabs(all.terms[k].unique - (all.r2 - without.r2)) < 1e-9);
        assert_true(fabs(all.terms[k].alone - alone.r2) < 1e-9);
        regression_free(&without);
        regression_free(&alone);
    }
    regression_free(&all);
}

static void correlated_columns_are_independent_and_sums_are_not(void **state)
{
    (void)state;
    struct problem p;
    load(&p);
    assert_true(regression_dependence(p.x, COLUMNS, ROWS) == REGRESSION_INDEPENDENT);
    for (int i = 0; i < ROWS; i++)
        p.columns[4][i] = 3 * p.columns[1][i] - 1e-3 * p.columns[3][i] + 7;
    assert_int_equal(regression_dependence(p.x, COLUMNS, ROWS), 4);
    p.x[1] = p.x[0];
    assert_int_equal(regression_dependence(p.x, COLUMNS, ROWS), 1);
}

static void a_column_of_one_value_is_constant(void **state)
{
    (void)state;
    double x[3] = {0.1, 0.1, 0.1};
    assert_true(regression_is_constant(x, 3));
    x[2] = 0.2;
    assert_false(regression_is_constant(x, 3));
}

/* The best fit without negative coefficients among all sets of columns, as bits. */
static int best_of_all_sets(const struct problem *p)
{
    double least = INFINITY;
    int best = 0;
    for (int set = 0; set < 1 << COLUMNS; set++) {
        const double *x[COLUMNS];
        struct regression r;
        size_t count = 0;
        double left = 0;
        bool legal = true;
        for (int k = 0; k < COLUMNS; k++)
            if (set >> k & 1)
                x[count++] = p->x[k];
        regression_fit(&r, p->y, x, count, ROWS);
        for (size_t k = 0; k < count; k++)
            legal = legal && r.terms[k].coefficient > 0;
        for (int i = 0; i < ROWS; i++)
            left += r.residuals[i] * r.residuals[i];
        if (legal && left < least) {
            least = left;
            best = set;
        }
        regression_free(&r);
    }
    return best;
}

/* With columns negated, other ones would be negative. */
static void costs_of_0_or_more_are_the_best_of_all_sets(void **state)
{
    (void)state;
    struct problem p;
    for (int turned = 0; turned < 1 << COLUMNS; turned++) {
        bool kept[COLUMNS];
        int set = 0;
        load(&p);
        for (int k = 0; k < COLUMNS; k++)
            for (int i = 0; i < ROWS && turned >> k & 1; i++)
                p.columns[k][i] *= -1;
        regression_nonnegative(kept, p.y, p.x, COLUMNS, ROWS);
        for (int k = 0; k < COLUMNS; k++)
            set |= kept[k] << k;
        assert_int_equal(set, best_of_all_sets(&p));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(longleys_figures_are_the_certified_ones),
        cmocka_unit_test(shares_of_r2_are_those_of_smaller_fits),
        cmocka_unit_test(correlated_columns_are_independent_and_sums_are_not),
        cmocka_unit_test(costs_of_0_or_more_are_the_best_of_all_sets),
        cmocka_unit_test(a_column_of_one_value_is_constant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
