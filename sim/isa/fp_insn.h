/* What floating-point instructions of several facilities share beyond the arithmetic of softfp.h:
 * the ends of scalar instructions, estimates, tests, comparisons, minimum and maximum. */
#ifndef SIM_ISA_FP_INSN_H
#define SIM_ISA_FP_INSN_H

#include "sim/isa/fpscr.h"

/* A scalar instruction's end: FPSCR, target, exception, and CR1 of a record form when there was
 * none. */
void fp_finish_scalar(struct cpu *s, const struct insn *i, struct fp x, const struct fp_format *f,
                      uint32_t flags, bool rc);

/* To an integral value. Only `is_exact` forms tell XX, FI and FR. */
void fp_round_scalar(struct cpu *s, const struct insn *i, enum fp_rounding mode, bool is_exact,
                     bool rc);

/* Reciprocal and reciprocal square root estimates. The ISA leaves the precision open (within 1/256
 * and 1/32 of the value); these are 1/x and 1/sqrt(x), each step rounded, as QEMU has them. */
typedef struct fp fp_estimate(struct fp x, const struct fp_format *f, struct fp_env *e);
fp_estimate fp_reciprocal, fp_reciprocal_root;
fp_estimate fp_reciprocal_root_single; /* the root rounded to single: vectors of singles */
fp_estimate fp_reciprocal_microwatt, fp_reciprocal_root_microwatt;
void fp_scalar_estimate(struct cpu *s, const struct insn *i, fp_estimate *estimate,
                        const struct fp_format *f, bool rc);

/* ftdiv, ftsqrt and their VSX forms: the CR field that says whether software must look after the
 * operands. */
uint8_t fp_test_divide(const struct fp_format *f, uint64_t a, uint64_t b);
uint8_t fp_test_root(const struct fp_format *f, uint64_t b);

/* Maximum or minimum of two numbers: a quiet NaN loses against a number (IEEE 754-2008), or as C's
 * `a >= b ? a : b` and `a < b ? a : b`, or as Java's Math.max. The last two return NaNs as they
 * are. */
typedef struct fp fp_min_max(struct fp a, struct fp b, bool is_max, struct fp_env *e);
fp_min_max fp_min_max_ieee, fp_min_max_c, fp_min_max_java;

/* One of the classes that DCMX selects: NaN, +infinity, -infinity, +0, -0, +denormal, -denormal. */
bool fp_test_class(struct fp x, const struct fp_format *f, uint32_t dcmx);

/* xsxsigdp: the fraction with the implied bit. */
static inline uint64_t fp_significand_double(uint64_t x)
{
    uint64_t exponent = x >> 52 & 0x7ff;
    return (x & UINT64_C(0x000fffffffffffff)) |
           (uint64_t)(exponent != 0 && exponent != 0x7ff) << 52;
}

/* Relation of two operands as a CR field, and the exceptions that comparing them makes; ordered
 * compares report quiet NaNs. */
uint32_t fp_compare_flags(const struct cpu *s, struct fp a, struct fp b, bool is_ordered,
                          uint32_t *flags);
/* Compare into CR field BF and FPCC. */
void fp_compare_unpacked(struct cpu *s, const struct insn *i, struct fp a, struct fp b,
                         bool is_ordered);
void fp_compare_slow(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b, bool is_ordered);

#endif
