#include "sim/sweep/design.h"

#include <gsl/gsl_qrng.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/rng.h"

enum { SOBOL_FACTORS = 40 }; /* GSL's table */

static bool draw_sobol(const uint32_t *level_counts, uint32_t factors, uint32_t points,
                       uint32_t *levels, struct err *e)
{
    double u[SOBOL_FACTORS];
    if (factors > SOBOL_FACTORS)
        return err_set(e, "%u factors, at most %d", factors, SOBOL_FACTORS);
    gsl_qrng *q = gsl_qrng_alloc(gsl_qrng_sobol, factors);
    for (uint32_t p = 0; p < points; p++) {
        gsl_qrng_get(q, u);
        for (uint32_t f = 0; f < factors; f++)
            levels[(size_t)p * factors + f] = (uint32_t)(u[f] * level_counts[f]);
    }
    gsl_qrng_free(q);
    return true;
}

static void draw_random(struct rng *r, const uint32_t *level_counts, uint32_t factors,
                        uint32_t points, uint32_t *levels)
{
    for (size_t n = 0; n < (size_t)points * factors; n++)
        levels[n] = (uint32_t)rng_below(r, level_counts[n % factors]);
}

/* Each factor's levels in equal shares, in an order of its own. */
static void draw_latin(struct rng *r, const uint32_t *level_counts, uint32_t factors,
                       uint32_t points, uint32_t *levels)
{
    for (uint32_t f = 0; f < factors; f++) {
        for (uint32_t p = 0; p < points; p++)
            levels[(size_t)p * factors + f] = (uint32_t)((uint64_t)p * level_counts[f] / points);
        for (uint32_t p = points; p > 1; p--) { /* Fisher and Yates */
            uint32_t *a = &levels[(size_t)(p - 1) * factors + f];
            uint32_t *b = &levels[(size_t)rng_below(r, p) * factors + f], swap = *a;
            *a = *b;
            *b = swap;
        }
    }
}

/* First rows of the cyclic designs (Plackett and Burman 1946, table 1): + is the high level. Other
 * sizes are not offered. */
static const char *const generators[] = {
    "+++-+--", "++-+++---+-", "++++-+-++--+---", "++--++++-+-+----++-",
    "+++++-+-++--++--+-+----", "----+-+-+++-++---+++++--++-+--+",
    "-+-+++---+++++-+++--+----+-+-++--+-"};

/* Row r, column f of the design with n runs: the generator shifted cyclically, a last row of low
 * levels, and then all of it again with the levels exchanged (foldover): main effects are clear of
 * two-factor interactions. */
static bool is_high(const char *generator, uint32_t n, uint32_t row, uint32_t f)
{
    bool folded = row >= n;
    uint32_t r = folded ? row - n : row;
    bool high = r < n - 1 && generator[(f + n - 1 - r) % (n - 1)] == '+';
    return high != folded;
}

static bool draw_plackett_burman(const uint32_t *level_counts, uint32_t factors, uint32_t *points,
                                 uint32_t **levels, struct err *e)
{
    const char *generator = NULL;
    uint32_t n = 0;
    for (size_t g = 0; g < ARRAY_LEN(generators) && !generator; g++) {
        n = 0;
        while (generators[g][n])
            n++;
        n++;
        if (factors < n)
            generator = generators[g];
    }
    if (!generator)
        return err_set(e, "%u factors, at most %u", factors, n - 1);
    *points = 2 * n;
    *levels = xcalloc((uint64_t)*points * factors, sizeof **levels);
    for (uint32_t row = 0; row < *points; row++)
        for (uint32_t f = 0; f < factors; f++)
            (*levels)[(size_t)row * factors + f] =
                is_high(generator, n, row, f) ? level_counts[f] - 1 : 0;
    return true;
}

bool design_draw(enum design design, const uint32_t *level_counts, uint32_t factors, uint64_t seed,
                 uint32_t *points, uint32_t **levels, struct err *e)
{
    struct rng r = rng_seeded(seed);
    if (!factors)
        return err_set(e, "needs an axis with more than one value");
    if (design == DESIGN_PLACKETT_BURMAN)
        return draw_plackett_burman(level_counts, factors, points, levels, e);
    if (!*points)
        return err_set(e, "needs points = N, how many to draw");
    *levels = xcalloc((uint64_t)*points * factors, sizeof **levels);
    if (design == DESIGN_SOBOL)
        return draw_sobol(level_counts, factors, *points, *levels, e);
    if (design == DESIGN_LATIN)
        draw_latin(&r, level_counts, factors, *points, *levels);
    else
        draw_random(&r, level_counts, factors, *points, *levels);
    return true;
}
