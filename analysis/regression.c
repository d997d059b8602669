#include "analysis/regression.h"

#include <gsl/gsl_multifit.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/simstat.h"

/* A column is a function of others when less than this part of its variance is its own. Counts are
 * exact and ratios of counts good to 1e-16; squared sums of 1e5 of them stay far below this. */
#define OWN_VARIANCE_MIN 1e-10

bool regression_is_constant(const double *x, size_t rows)
{
    for (size_t i = 1; i < rows; i++)
        if (x[i] != x[0])
            return false;
    return true;
}

static double dot(const double *a, const double *b, size_t rows)
{
    double sum = 0;
    for (size_t i = 0; i < rows; i++)
        sum += a[i] * b[i];
    return sum;
}

static void normalise(double *v, size_t rows, double length)
{
    for (size_t i = 0; i < rows; i++)
        v[i] /= length;
}

/* Takes what the orthonormal columns before it explain out of v; twice, against rounding. */
static void orthogonalise(double *v, const double *basis, size_t before, size_t rows)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < before; k++) {
            double along = dot(v, basis + k * rows, rows);
            for (size_t i = 0; i < rows; i++)
                v[i] -= along * basis[k * rows + i];
        }
}

size_t regression_dependence(const double *const *x, size_t columns, size_t rows)
{
    double *basis = allocate(columns * rows + 1, sizeof *basis);
    size_t found = REGRESSION_INDEPENDENT;
    for (size_t k = 0; k < columns && found == REGRESSION_INDEPENDENT; k++) {
        double *v = basis + k * rows, mean = gsl_stats_mean(x[k], 1, rows);
        for (size_t i = 0; i < rows; i++)
            v[i] = x[k][i] - mean;
        normalise(v, rows, sqrt(dot(v, v, rows)));
        orthogonalise(v, basis, k, rows);
        double own = dot(v, v, rows);
        if (own < OWN_VARIANCE_MIN)
            found = k;
        normalise(v, rows, sqrt(own));
    }
    free(basis);
    return found;
}

/* From the fit of all terms: c^2 / (X'X)^-1 is the sum of squares lost without a term, and the
 * same inverse over the spread of its column the inflation of its variance. */
static void describe_term(struct regression_term *t, double inverse, const double *x,
                          const double *y, size_t rows, double total)
{
    double spread = gsl_stats_tss(x, 1, rows), r = gsl_stats_correlation(x, 1, y, 1, rows);
    t->alone = r * r;
    t->unique = t->coefficient * t->coefficient / inverse / total;
    t->vif = inverse * spread;
}

/* Coefficients and the inverse of X'X, whose scale by the variance of the residuals GSL leaves to
 * the caller when the weights are given; they are all 1. */
static double solve(const gsl_matrix *m, const double *y, size_t rows, gsl_vector *c,
                    gsl_matrix *inverse)
{
    double left;
    gsl_vector *weights = gsl_vector_alloc(rows);
    gsl_vector_const_view values = gsl_vector_const_view_array(y, rows);
    gsl_multifit_linear_workspace *w = gsl_multifit_linear_alloc(rows, m->size2);
    gsl_vector_set_all(weights, 1);
    if (gsl_multifit_wlinear(m, weights, &values.vector, c, inverse, &left, w))
        fail("the fit failed: GSL found no least squares solution");
    gsl_multifit_linear_free(w);
    gsl_vector_free(weights);
    return left;
}

void regression_fit(struct regression *r, const double *y, const double *const *x, size_t columns,
                    size_t rows)
{
    size_t count = columns + 1;
    double total = gsl_stats_tss(y, 1, rows);
    gsl_matrix *m = gsl_matrix_alloc(rows, count), *inverse = gsl_matrix_alloc(count, count);
    gsl_vector *c = gsl_vector_alloc(count);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < count; k++)
            gsl_matrix_set(m, i, k, k ? x[k - 1][i] : 1);
    double left = solve(m, y, rows, c, inverse), freedom = (double)(rows - count);
    r->sigma = sqrt(left / freedom);
    r->r2 = 1 - left / total;
    r->adjusted_r2 = 1 - left / freedom / (total / (double)(rows - 1));
    r->terms = allocate(count, sizeof *r->terms);
    for (size_t k = 0; k < count; k++) {
        struct regression_term *t = k ? &r->terms[k - 1] : &r->constant;
        double own = gsl_matrix_get(inverse, k, k);
        *t = (struct regression_term){gsl_vector_get(c, k), r->sigma * sqrt(own), 0, 0, 0};
        if (k)
            describe_term(t, own, x[k - 1], y, rows, total);
    }
    gsl_vector_const_view values = gsl_vector_const_view_array(y, rows);
    r->residuals = allocate(rows, sizeof *r->residuals);
    gsl_vector_view residuals = gsl_vector_view_array(r->residuals, rows);
    gsl_multifit_linear_residuals(m, &values.vector, c, &residuals.vector);
    gsl_vector_free(c);
    gsl_matrix_free(inverse);
    gsl_matrix_free(m);
}

void regression_free(struct regression *r)
{
    free(r->terms);
    free(r->residuals);
}

/* The state of Lawson's and Hanson's active set method (Solving Least Squares Problems, 1974,
 * chapter 23). */
struct nonnegative {
    const double *y, *const *x;
    size_t columns, rows;
    bool *kept;          /* [columns]: may be more than 0 */
    double *coefficient; /* [columns] */
    double *residual;    /* [rows] */
};

/* Unconstrained, of the kept columns: coefficients at `wanted`, and the residuals. */
static void solve_kept(struct nonnegative *n, double *wanted)
{
    const double **x = allocate(n->columns + 1, sizeof *x);
    struct regression r;
    size_t count = 0;
    for (size_t k = 0; k < n->columns; k++)
        if (n->kept[k])
            x[count++] = n->x[k];
    regression_fit(&r, n->y, x, count, n->rows);
    for (size_t k = n->columns; k-- > 0;)
        wanted[k] = n->kept[k] ? r.terms[--count].coefficient : 0;
    for (size_t i = 0; i < n->rows; i++)
        n->residual[i] = r.residuals[i];
    regression_free(&r);
    free(x);
}

/* The column that is left out and explains most of what is left; n->columns: none does. */
static size_t best_column(const struct nonnegative *n)
{
    size_t best = n->columns;
    double most = 1e-9; /* correlations below are rounding */
    for (size_t k = 0; k < n->columns; k++) {
        double r = n->kept[k] ? 0 : gsl_stats_correlation(n->x[k], 1, n->residual, 1, n->rows);
        if (r > most) {
            most = r;
            best = k;
        }
    }
    return best;
}

/* Goes towards `wanted` as far as no coefficient falls below 0; what stops it is left out. False
 * when all of the way was gone. */
static bool step_back(struct nonnegative *n, const double *wanted)
{
    double way = 1;
    size_t stop = n->columns;
    for (size_t k = 0; k < n->columns; k++) {
        double part = n->kept[k] && wanted[k] <= 0
                          ? n->coefficient[k] / (n->coefficient[k] - wanted[k]) : 1;
        if (n->kept[k] && wanted[k] <= 0 && !(part >= way && stop < n->columns)) {
            way = part >= 0 ? part : 0;
            stop = k;
        }
    }
    for (size_t k = 0; k < n->columns; k++)
        n->coefficient[k] += way * (wanted[k] - n->coefficient[k]);
    if (stop == n->columns)
        return false;
    n->kept[stop] = false;
    n->coefficient[stop] = 0;
    return true;
}

void regression_nonnegative(bool *kept, const double *y, const double *const *x, size_t columns,
                            size_t rows)
{
    struct nonnegative n = {.y = y, .x = x, .columns = columns, .rows = rows, .kept = kept,
                            .coefficient = allocate(columns + 1, sizeof(double)),
                            .residual = allocate(rows + 1, sizeof(double))};
    double *wanted = allocate(columns + 1, sizeof *wanted);
    for (size_t k = 0; k < columns; k++)
        kept[k] = false;
    solve_kept(&n, wanted);
    for (size_t turn = 0, next; turn < 3 * columns + 1; turn++) { /* usually one a column */
        next = best_column(&n);
        if (next == columns)
            break;
        kept[next] = true;
        do
            solve_kept(&n, wanted);
        while (step_back(&n, wanted));
    }
    free(wanted);
    free(n.coefficient);
    free(n.residual);
}
