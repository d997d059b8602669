/* Operations of Microwatt's floating-point unit, the states each passes through between decoding
 * its operands and its end (microwatt_round.h). The path depends on exponents, on cancellation, on
 * how rounding goes. */
#ifndef MODELS_PIPELINE_SCALAR_MICROWATT_OPERATIONS_H
#define MODELS_PIPELINE_SCALAR_MICROWATT_OPERATIONS_H

#include "models/pipeline/scalar/microwatt_round.h"

enum number_kind { ZERO, FINITE, INFINITE, NAN_KIND };

/* An operand in double format. */
struct number {
    enum number_kind kind;
    bool negative, denormal, has_zero_exponent;
    int32_t exponent;
    uint64_t m; /* significand, fixed point as R; below one when denormal */
};

/* Operands are finite and not zero; a multiply-add whose addend is zero is fpu_multiply. */
void fpu_add(struct fpu *u, const struct number *a, const struct number *b, bool a_larger);
void fpu_multiply(struct fpu *u, const struct number *a, const struct number *c);
void fpu_multiply_add(struct fpu *u, const struct number *a, const struct number *b,
                      const struct number *c);
void fpu_divide(struct fpu *u, const struct number *a, const struct number *b);
void fpu_square_root(struct fpu *u, struct number *b);
void fpu_root_estimate(struct fpu *u, struct number *b);
void fpu_estimate(struct fpu *u, const struct number *b);
void fpu_round_to_integer(struct fpu *u, const struct number *b);
void fpu_convert_to_integer(struct fpu *u, const struct number *b);
void fpu_convert_from_integer(struct fpu *u, uint64_t v);

#endif
