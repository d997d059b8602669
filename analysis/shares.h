/* How much of the variance that a regression explains each of its columns explains: the R^2 that it
 * adds, averaged over all orders in which the columns can be added (Lindeman, Merenda and Gold,
 * 1980). The shares are not negative and sum to the R^2 of all, also where columns go along with
 * each other. */
#ifndef ANALYSIS_SHARES_H
#define ANALYSIS_SHARES_H

#include <stddef.h>

enum { SHARES_MAX = 16 }; /* columns: all subsets of them are fitted */

/* share[columns]; x and y as for regression_fit. */
void regression_shares(double *share, const double *y, const double *const *x, size_t columns,
                       size_t rows);

#endif
