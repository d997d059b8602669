/* Operand values that find defects: boundaries, special numbers and patterns far more often
 * than a uniform distribution would bring them. */
#ifndef TESTS_ISA_VALUES_H
#define TESTS_ISA_VALUES_H

#include <stdbool.h>

#include "sim/base/rng.h"

/* One stream of operands. Floating-point operands of a case share an exponent now and then, so
 * that sums cancel. */
struct values {
    struct rng rng;
    uint64_t shared_exponent; /* 15 bits, biased as quad precision */
};

void values_new_case(struct values *v);
uint64_t value_int(struct values *v);
/* A 128-bit register, [0] the more significant half: integers, or any of the floating-point or
 * decimal formats. */
void value_vector(struct values *v, uint64_t d[2]);

/* The same: decimal numbers in the formats of the bcd instructions, and small counts in the
 * places where they look for one. */
void value_decimal(struct values *v, uint64_t d[2]);

/* A decimal floating-point number, canonical, of doublewords (d[0]) or pairs of registers (d[0],
 * d[1]); and packed decimals of such a size; of those with a sign not all are valid, and the oracle
 * takes all without. */
void value_decfloat(struct values *v, bool pair, uint64_t d[2]);
void value_packed(struct values *v, bool has_sign, uint64_t d[2]);
/* A biased exponent, or what stands for none. */
uint64_t value_dec_exponent(struct values *v, bool pair);

static inline uint64_t value_below(struct values *v, uint64_t bound)
{
    return rng_below(&v->rng, bound);
}

/* True once in `n` times. */
static inline int value_once_in(struct values *v, uint64_t n) { return value_below(v, n) == 0; }

#endif
