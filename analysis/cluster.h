/* Points in groups: random projection of sparse vectors, k-means with k-means++ seeding, and the
 * Bayesian information criterion that says how many groups there are (Sherwood et al., ASPLOS 2002;
 * Pelleg and Moore, ICML 2000). Everything random comes from one seed. Knows nothing of result
 * files. */
#ifndef ANALYSIS_CLUSTER_H
#define ANALYSIS_CLUSTER_H

#include <stddef.h>
#include <stdint.h>

enum { CLUSTER_DIMENSIONS = 15, CLUSTER_RESTARTS = 7, CLUSTER_ROUNDS = 100 };

/* Rows of counts, compressed: row n has the columns column[start[n]] ... */
struct cluster_rows {
    const uint64_t *start; /* [rows + 1] */
    const uint32_t *column;
    const uint64_t *count;
    size_t rows, columns;
};

/* Each row divided by its sum, times a matrix of numbers from -1 to 1: points[rows]
 * [CLUSTER_DIMENSIONS]; the caller frees. */
double *cluster_project(const struct cluster_rows *r, uint64_t seed);

struct clusters {
    size_t k;
    double *centre;   /* [k][CLUSTER_DIMENSIONS] */
    size_t *of_point; /* [points] */
    size_t *size;     /* [k]: points */
    double spread;    /* squared distances to the own centre, summed */
    double bic;
};

/* The best of several runs of k-means. k at most the number of points; groups may be empty when
 * points coincide. The caller frees with clusters_free. */
void clusters_find(struct clusters *c, const double *points, size_t count, size_t k,
                   uint64_t seed);
/* The smallest k up to `most` whose criterion comes up to 90 % of the way from the worst to the
 * best of them, as SimPoint does it. */
void clusters_choose(struct clusters *c, const double *points, size_t count, size_t most,
                     uint64_t seed);
void clusters_free(struct clusters *c);

/* Squared distance of a point to a centre. */
double cluster_distance(const double *a, const double *b);
/* The nearest centre. */
size_t clusters_nearest(const struct clusters *c, const double *point);

#endif
