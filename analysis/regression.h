/* Ordinary least squares of one quantity on several others plus a constant, with what says how far
 * the result can be trusted. Knows nothing of result files. */
#ifndef ANALYSIS_REGRESSION_H
#define ANALYSIS_REGRESSION_H

#include <stdbool.h>
#include <stddef.h>

struct regression_term {
    double coefficient, error; /* standard error: of independent residuals of one variance */
    double alone;              /* R^2 of a fit with this term only */
    double unique;             /* R^2 lost when it is left out */
    double vif;                /* variance inflation: 1 / (1 - R^2 of this term on the others) */
};

struct regression {
    struct regression_term constant, *terms; /* of the constant only coefficient and error */
    double *residuals;                       /* [rows] */
    double r2, adjusted_r2, sigma;           /* sigma: standard error of the residuals */
};

/* What regression_dependence answers for a column that may stay. */
#define REGRESSION_INDEPENDENT ((size_t)-1)

bool regression_is_constant(const double *x, size_t rows);

/* x[columns] are arrays of `rows` values. The first column that, but for rounding, is a linear
 * function of those before it; REGRESSION_INDEPENDENT when there is none. None may be constant. */
size_t regression_dependence(const double *const *x, size_t columns, size_t rows);

/* The columns must be independent, y not constant, and rows > columns + 1. The caller frees with
 * regression_free. */
void regression_fit(struct regression *r, const double *y, const double *const *x, size_t columns,
                    size_t rows);
void regression_free(struct regression *r);

/* Least squares with coefficients of 0 or more (the constant is free): says which columns have more
 * than 0. The solution is regression_fit of these alone. */
void regression_nonnegative(bool *kept, const double *y, const double *const *x, size_t columns,
                            size_t rows);

#endif
