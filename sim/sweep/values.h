/* The values of an axis: `1, 2, 4`, `8 .. 14 + 2`, `256KiB .. 2MiB * 2`, and lists of such. */
#ifndef SIM_SWEEP_VALUES_H
#define SIM_SWEEP_VALUES_H

#include "sim/base/err.h"

enum { VALUES_MAX = 100000 }; /* of one axis */

/* Texts as a configuration takes them; the caller frees each and the array. False with *e starting
 * with `where`. */
bool values_expand(const char *text, const char *where, char ***values, uint32_t *count,
                   struct err *e);

/* The number that a text with a unit stands for, in a type that takes both texts (whole numbers,
 * sizes, frequencies, durations). False when there is none. */
bool values_numbers(const char *a, const char *b, uint64_t *na, uint64_t *nb);

#endif
