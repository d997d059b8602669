/* Arithmetic over statistics, compiled once and evaluated often: full names, numbers, + - * / and
 * parentheses.
 *
 * A value stays an exact integer as long as only whole numbers are added, subtracted and
 * multiplied, so that differences of large counters lose nothing and laws compare exactly; a
 * division or a number with a fraction makes it a double. */
#ifndef SIM_SCHEMA_EQUATION_H
#define SIM_SCHEMA_EQUATION_H

#include "sim/base/bits.h"
#include "sim/base/err.h"

struct equation;

struct equation_value {
    bool exact;
    s128 whole;  /* while exact */
    double real; /* always; NaN for 0/0 and x/0 */
};

/* `find` gives the index of a full name in the later values, or -1. NULL with *e filled (the
 * column, what was expected) when the text does not parse or names something unknown. */
struct equation *equation_compile(const char *text,
                                  int32_t (*find)(void *context, const char *full), void *context,
                                  struct err *e);
void equation_destroy(struct equation *q);

/* False when it divides or holds a fraction: no equation of a law. */
bool equation_exact(const struct equation *q);
struct equation_value equation_evaluate(const struct equation *q, const uint64_t *values);

#endif
