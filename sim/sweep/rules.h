/* The exclude rules of a sweep: `l2.size >= 1MiB & l2.ways < 8 | workload = sort`. A point is left
 * out when all comparisons of one rule hold. The right side is a value or another axis; texts with
 * units compare as numbers, others only for equality. `workload` is the name of the case. */
#ifndef SIM_SWEEP_RULES_H
#define SIM_SWEEP_RULES_H

#include "sim/sweep/plan.h"

/* False with *e when a rule names no axis, or has no comparison. */
bool rules_check(const struct plan *p, struct err *e);
bool rules_exclude(const struct plan *p, const struct combination *c);

#endif
