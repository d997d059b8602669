/* Designs: which values of the axes to run when not all of them. A design works on factors, each
 * with a number of levels; a factor is one axis or a group of zipped ones.
 *
 *   sobol             a quasi-random sequence (GSL), at most 40 factors
 *   latin             a Latin hypercube: each level of each factor equally often
 *   random            each level of each factor with equal probability
 *   plackett_burman   the first and last level of each factor in a two-level screening design
 *                     (Plackett and Burman 1946), folded over; `points` is not needed */
#ifndef SIM_SWEEP_DESIGN_H
#define SIM_SWEEP_DESIGN_H

#include "sim/base/err.h"

enum design { DESIGN_PRODUCT, DESIGN_SOBOL, DESIGN_LATIN, DESIGN_RANDOM, DESIGN_PLACKETT_BURMAN };

/* levels[points][factors], freed by the caller; level_counts[factors]. *points is changed by
 * plackett_burman. Not for DESIGN_PRODUCT. */
bool design_draw(enum design design, const uint32_t *level_counts, uint32_t factors, uint64_t seed,
                 uint32_t *points, uint32_t **levels, struct err *e);

#endif
