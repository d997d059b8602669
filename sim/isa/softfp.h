/* Exact binary floating point on integers: the reference for every floating-point instruction.
 *
 * A number is unpacked from its format into a sign, an exponent and a 256-bit significand; an
 * operation gives its exact result, or one whose last bit stands for all that follow (enough for
 * any rounding to at most 126 bits); fp_round rounds it once to the precision and range of the
 * result's format. Exceptions come out as FPSCR bits; what becomes of them is the business of
 * fpscr.h. Nothing here depends on the host's floating point. */
#ifndef SIM_ISA_SOFTFP_H
#define SIM_ISA_SOFTFP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/bits.h"
#include "sim/isa/fpscr_bits.h"

struct fp_format {
    int16_t precision; /* bits of the significand, the implied one included */
    int16_t width;     /* bits of the whole format */
    int16_t bias;      /* also the largest exponent */
    int16_t wrap;      /* how far an enabled overflow or underflow scales the exponent */
};
extern const struct fp_format fp_half, fp_single, fp_double, fp_quad;

/* The first four are FPSCR[RN]; the others are asked for by instructions. */
enum fp_rounding { FP_NEAREST, FP_TO_ZERO, FP_UP, FP_DOWN, FP_NEAREST_AWAY, FP_TO_ODD };

enum fp_kind { KIND_ZERO, KIND_FINITE, KIND_INFINITY, KIND_QNAN, KIND_SNAN };

/* FINITE: sig:low is 1.xxx with the 1 in bit 127 of sig; the value is that times 2^exp. NaNs keep
 * their fraction left-justified below bit 127 of sig, so that a change of format pads or truncates
 * it on the right. */
struct fp {
    enum fp_kind kind;
    bool sign;
    int32_t exp;
    u128 sig, low;
};

struct fp_env {
    enum fp_rounding mode;
    bool overflow_enabled, underflow_enabled; /* FPSCR[OE], FPSCR[UE] */
    uint32_t flags; /* out, accumulated: FPSCR sticky bits, FI, FR */
};

static inline bool fp_is_nan(struct fp x) { return x.kind >= KIND_QNAN; }
struct fp fp_quiet_nan(void);

struct fp fp_unpack(const struct fp_format *f, u128 bits);
/* x must fit the format's precision; a value below its normal range becomes denormal. */
u128 fp_pack(const struct fp_format *f, struct fp x);

/* The one rounding of a result. With an enabled overflow or underflow the value comes back scaled,
 * and so may lie outside the format. */
struct fp fp_round(struct fp x, const struct fp_format *f, struct fp_env *e);
/* FPSCR[FPRF] of a rounded value. */
uint32_t fp_class(struct fp x, const struct fp_format *f);

/* Operations, not yet rounded. A NaN operand is the result, made quiet: the first in the order of
 * the arguments. */
struct fp fp_add(struct fp a, struct fp b, struct fp_env *e);
struct fp fp_mul(struct fp a, struct fp b, struct fp_env *e);
struct fp fp_div(struct fp a, struct fp b, struct fp_env *e);
struct fp fp_sqrt(struct fp a, struct fp_env *e);
/* a * c + b: the ISA's order of operands (FRA, FRB, FRC), which decides between NaNs. */
struct fp fp_muladd(struct fp a, struct fp b, struct fp c, struct fp_env *e);
/* x itself; a signalling NaN made quiet. */
struct fp fp_operand(struct fp x, struct fp_env *e);

struct fp fp_negate(struct fp x); /* NaNs keep their sign */
/* To an integral value in e->mode. The ISA's instructions differ in whether FI and FR tell. */
struct fp fp_round_to_integer(struct fp x, struct fp_env *e);
struct fp fp_from_int(u128 magnitude, bool sign);
/* To a 32- or 64-bit integer in e->mode, saturating with VXCVI. */
uint64_t fp_to_int(struct fp x, unsigned bits, bool is_signed, struct fp_env *e);

/* As the four bits of a CR field: less, greater, equal, unordered. */
uint32_t fp_compare(struct fp a, struct fp b);

/* The arithmetic instructions. N forms negate after rounding. FP_MOVE only rounds: frsp and
 * conversions. */
enum fp_op {
    FP_NO_OP, FP_ADD, FP_SUB, FP_MUL, FP_DIV, FP_SQRT, FP_MADD, FP_MSUB, FP_NMADD, FP_NMSUB, FP_MOVE
};
/* Operation and rounding. Operands an operation does not have are ignored; see fp_muladd for the
 * order. */
struct fp fp_arith(enum fp_op op, struct fp a, struct fp b, struct fp c, const struct fp_format *f,
                   struct fp_env *e);

#endif
