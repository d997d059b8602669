/* Multiply-add on hosts that do it in one instruction, in line: for functions that run only when
 * host_has_muladd. */
#ifndef SIM_ISA_FP_MULADD_H
#define SIM_ISA_FP_MULADD_H

#include "sim/isa/fp_host.h"

#if defined(__x86_64__) && !defined(__FMA__)
#define WITH_FMA __attribute__((target("fma")))
#else
#define WITH_FMA
#endif

/* As host_arith. */
static inline WITH_FMA __attribute__((always_inline)) double host_muladd(enum fp_op op, double a,
                                                                         double b, double c)
{
    double r = __builtin_fma(a, c, op == FP_MSUB || op == FP_NMSUB ? -b : b);
    return op == FP_NMADD || op == FP_NMSUB ? -r : r;
}

/* As far from the ends of the range as is asked here, what rounding takes from a product is a
 * number, which the fused operation finds. */
static inline WITH_FMA __attribute__((always_inline)) bool is_muladd_exact(double a, double b,
                                                                           double c, double result)
{
    double product = a * c;
    bool is_exact = has_exponent(product, 64, 0x7f0) ? __builtin_fma(a, c, -product) == 0
                                                     : a == 0 || c == 0;
    return is_exact && product + b == result && fp_is_sum_exact(product, b, result);
}

/* As is_plainly_exact, of what host_muladd gives. */
static inline WITH_FMA __attribute__((always_inline)) bool is_muladd_plainly_exact(enum fp_op op,
                                                                                   double a,
                                                                                   double b,
                                                                                   double c,
                                                                                   double result)
{
    return is_muladd_exact(a, op == FP_MSUB || op == FP_NMSUB ? -b : b, c,
                           op == FP_NMADD || op == FP_NMSUB ? -result : result);
}

#endif
