#include "analysis/shares.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "analysis/simstat.h"

/* Correlations of the columns with each other and with y. */
struct correlations {
    double x[SHARES_MAX][SHARES_MAX], y[SHARES_MAX];
};

/* R^2 of the columns in the set, by Cholesky's decomposition of their correlations. */
static double explained(const struct correlations *c, uint32_t set)
{
    double l[SHARES_MAX][SHARES_MAX], z[SHARES_MAX], r2 = 0;
    size_t of[SHARES_MAX], n = 0;
    for (; set; set &= set - 1)
        of[n++] = (size_t)__builtin_ctz(set);
    for (size_t i = 0; i < n; i++) {
        z[i] = c->y[of[i]];
        for (size_t k = 0; k <= i; k++) {
            l[i][k] = c->x[of[i]][of[k]];
            for (size_t m = 0; m < k; m++)
                l[i][k] -= l[i][m] * l[k][m];
            l[i][k] = k < i ? l[i][k] / l[k][k] : sqrt(fmax(l[i][i], 1e-14));
            z[i] -= k < i ? l[i][k] * z[k] : 0;
        }
        z[i] /= l[i][i];
        r2 += z[i] * z[i];
    }
    return r2;
}

/* 1 / (columns * (columns - 1 over size)): how often a set of that size comes just before a given
 * column, of all orders. */
static double weight(size_t size, size_t columns)
{
    double w = 1 / (double)columns;
    for (size_t n = 0; n < size; n++)
        w *= (double)(n + 1) / (double)(columns - 1 - n);
    return w;
}

void regression_shares(double *share, const double *y, const double *const *x, size_t columns,
                       size_t rows)
{
    struct correlations c;
    double *r2 = allocate((size_t)1 << columns, sizeof *r2);
    for (size_t i = 0; i < columns; i++) {
        c.y[i] = gsl_stats_correlation(x[i], 1, y, 1, rows);
        for (size_t k = 0; k < columns; k++)
            c.x[i][k] = gsl_stats_correlation(x[i], 1, x[k], 1, rows);
    }
    for (uint32_t set = 1; set < 1u << columns; set++)
        r2[set] = explained(&c, set);
    for (size_t i = 0; i < columns; i++) {
        share[i] = 0;
        for (uint32_t set = 0; set < 1u << columns; set++)
            if (!(set >> i & 1))
                share[i] += weight((size_t)__builtin_popcount(set), columns) *
                            (r2[set | 1u << i] - r2[set]);
    }
    free(r2);
}
