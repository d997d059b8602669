#include "analysis/cluster.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>


enum { D = CLUSTER_DIMENSIONS };

/* Differences of coordinates below a thousandth of the instructions are no phases: where all points
 * of a group coincide the criterion would know no bounds. */
static const double least_variance = 1e-6;
static void *allocate(size_t count, size_t size)
{
    void *p = calloc(count, size);
    if (!p)
        abort();
    return p;
}

static const double enough = 0.9; /* of the way from the worst criterion to the best */

double cluster_distance(const double *a, const double *b)
{
    double sum = 0;
    for (size_t d = 0; d < D; d++)
        sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

double *cluster_project(const struct cluster_rows *r, uint64_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *matrix = allocate(r->columns + 1, D * sizeof *matrix);
    double *points = allocate(r->rows + 1, D * sizeof *points);
    gsl_rng_set(rng, seed);
    for (size_t n = 0; n < r->columns * D; n++)
        matrix[n] = 2 * gsl_rng_uniform(rng) - 1;
    for (size_t row = 0; row < r->rows; row++) {
        double sum = 0;
        for (uint64_t n = r->start[row]; n < r->start[row + 1]; n++)
            sum += (double)r->count[n];
        for (uint64_t n = r->start[row]; n < r->start[row + 1]; n++)
            for (size_t d = 0; d < D; d++)
                points[row * D + d] += (double)r->count[n] / sum * matrix[r->column[n] * D + d];
    }
    free(matrix);
    gsl_rng_free(rng);
    return points;
}

static void centres_alloc(struct clusters *c, size_t count, size_t k)
{
    *c = (struct clusters){.k = k};
    c->centre = allocate(k, D * sizeof *c->centre);
    c->size = allocate(k, sizeof *c->size);
    c->of_point = allocate(count, sizeof *c->of_point);
}

void clusters_free(struct clusters *c)
{
    free(c->centre);
    free(c->size);
    free(c->of_point);
}

/* k-means++: each centre is a point drawn by its squared distance to those before it. */
static void seed_centres(struct clusters *c, const double *points, size_t count, gsl_rng *rng)
{
    double *distance = allocate(count, sizeof *distance);
    size_t chosen = gsl_rng_uniform_int(rng, count);
    for (size_t n = 0; n < count; n++)
        distance[n] = INFINITY;
    for (size_t k = 0;; k++) {
        memcpy(c->centre + k * D, points + chosen * D, D * sizeof *points);
        if (k + 1 == c->k)
            break;
        double sum = 0;
        for (size_t n = 0; n < count; n++) {
            distance[n] = fmin(distance[n], cluster_distance(points + n * D, c->centre + k * D));
            sum += distance[n];
        }
        double left = gsl_rng_uniform(rng) * sum;
        for (chosen = 0; chosen + 1 < count && (left -= distance[chosen]) >= 0;)
            chosen++;
    }
    free(distance);
}

size_t clusters_nearest(const struct clusters *c, const double *point)
{
    size_t nearest = 0;
    double least = INFINITY;
    for (size_t k = 0; k < c->k; k++) {
        double d = cluster_distance(point, c->centre + k * D);
        if (d < least) {
            least = d;
            nearest = k;
        }
    }
    return nearest;
}

/* Moves every point to the nearest centre; false when none had to move. */
static bool assign(struct clusters *c, const double *points, size_t count, bool first)
{
    bool moved = first;
    c->spread = 0;
    memset(c->size, 0, c->k * sizeof *c->size);
    for (size_t n = 0; n < count; n++) {
        size_t k = clusters_nearest(c, points + n * D);
        moved = moved || k != c->of_point[n];
        c->of_point[n] = k;
        c->size[k]++;
        c->spread += cluster_distance(points + n * D, c->centre + k * D);
    }
    return moved;
}

/* A centre without points stays where it is. */
static void move_centres(struct clusters *c, const double *points, size_t count)
{
    for (size_t k = 0; k < c->k; k++)
        if (c->size[k])
            memset(c->centre + k * D, 0, D * sizeof *c->centre);
    for (size_t n = 0; n < count; n++)
        for (size_t d = 0; d < D; d++)
            c->centre[c->of_point[n] * D + d] +=
                points[n * D + d] / (double)c->size[c->of_point[n]];
}

/* Of one spherical Gaussian variance for all groups. */
static double criterion(const struct clusters *c, size_t count)
{
    double r = (double)count, k = (double)c->k, likelihood = 0;
    double variance = fmax(c->spread / (D * fmax(r - k, 1)), least_variance);
    for (size_t n = 0; n < c->k; n++)
        if (c->size[n])
            likelihood += (double)c->size[n] * log((double)c->size[n] / r);
    likelihood -= r * D / 2 * log(2 * M_PI * variance) + c->spread / (2 * variance);
    return likelihood - (k * (D + 1)) / 2 * log(r);
}

void clusters_find(struct clusters *c, const double *points, size_t count, size_t k, uint64_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed + k);
    for (int restart = 0; restart < CLUSTER_RESTARTS; restart++) {
        struct clusters try;
        centres_alloc(&try, count, k);
        seed_centres(&try, points, count, rng);
        for (int round = 0; assign(&try, points, count, !round) && round < CLUSTER_ROUNDS; round++)
            move_centres(&try, points, count);
        if (!restart || try.spread < c->spread) {
            if (restart)
                clusters_free(c);
            *c = try;
        } else {
            clusters_free(&try);
        }
    }
    c->bic = criterion(c, count);
    gsl_rng_free(rng);
}

void clusters_choose(struct clusters *c, const double *points, size_t count, size_t most,
                     uint64_t seed)
{
    most = most < count ? most : count;
    struct clusters *all = allocate(most, sizeof *all);
    double worst = INFINITY, best = -INFINITY;
    size_t chosen = 0;
    for (size_t n = 0; n < most; n++) {
        clusters_find(&all[n], points, count, n + 1, seed);
        worst = fmin(worst, all[n].bic);
        best = fmax(best, all[n].bic);
    }
    while (all[chosen].bic < worst + enough * (best - worst))
        chosen++;
    *c = all[chosen];
    for (size_t n = 0; n < most; n++)
        if (n != chosen)
            clusters_free(&all[n]);
    free(all);
}
