/* Double-precision arithmetic of the host, and what tells whether a result of it is exact. For
 * exec_fp.h, which says when the host may be asked. */
#ifndef SIM_ISA_FP_HOST_H
#define SIM_ISA_FP_HOST_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/isa/softfp.h"

static inline double double_of(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static inline uint64_t bits_of(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return bits;
}

static inline float float_of(uint32_t bits)
{
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

static inline uint32_t bits_of_float(float f)
{
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    return bits;
}

/* The exponent field is in [low, high]. */
static inline bool has_exponent(double d, uint64_t low, uint64_t high)
{
    return (bits_of(d) >> 52 & 0x7ff) - low <= high - low;
}

/* Whether fp_host_muladd is one instruction of this host; without it the core is as fast. */
static inline bool host_has_muladd(void)
{
#if defined(__FP_FAST_FMA) || defined(__aarch64__)
    return true;
#elif defined(__x86_64__)
    return __builtin_cpu_supports("fma");
#else
    return false;
#endif
}
double fp_host_muladd(double a, double b, double c); /* a * c + b */

/* Whether `result`, computed by the host from finite operands, is the exact one. May say no of a
 * product of long significands that happens to be. */
bool fp_is_exact(enum fp_op op, double a, double b, double c, double result);

static inline __attribute__((always_inline)) double host_arith(enum fp_op op, double a, double b,
                                                               double c)
{
    switch (op) {
    case FP_ADD:   return a + b;
    case FP_SUB:   return a - b;
    case FP_MUL:   return a * b;
    case FP_DIV:   return a / b;
    case FP_SQRT:  return sqrt(b);
    case FP_MADD:  return fp_host_muladd(a, b, c);
    case FP_MSUB:  return fp_host_muladd(a, -b, c);
    case FP_NMADD: return -fp_host_muladd(a, b, c);
    case FP_NMSUB: return -fp_host_muladd(a, -b, c);
    default:       return b;
    }
}

/* Given that the result is zero: was it exact? A sum of floating-point numbers never underflows to
 * zero; a product does. */
static inline __attribute__((always_inline)) bool is_exact_zero(enum fp_op op, double a, double b,
                                                                double c)
{
    switch (op) {
    case FP_ADD: case FP_SUB: return true;
    case FP_MUL:              return a == 0 || b == 0;
    case FP_DIV:              return a == 0;
    case FP_SQRT: case FP_MOVE: return b == 0;
    default:                  return a == 0 || c == 0;
    }
}

/* Knuth's two-sum: what rounding took from a + b = sum is itself a number. */
static inline bool fp_is_sum_exact(double a, double b, double sum)
{
    double b_part = sum - a, a_part = sum - b_part;
    return (a - a_part) + (b - b_part) == 0;
}

/* The short answers without any call, which may be a wrong no. */
static inline bool is_plainly_exact(enum fp_op op, double a, double b, double c, double result)
{
    (void)c;
    return (op == FP_ADD || op == FP_SUB) && fp_is_sum_exact(a, op == FP_ADD ? b : -b, result);
}

/* As fp_is_exact of host_arith's result; the short answers without a call. */
static inline __attribute__((always_inline)) bool is_exact_double(enum fp_op op, double a, double b,
                                                                  double c, double result)
{
    switch (op) {
    case FP_ADD: return fp_is_sum_exact(a, b, result);
    case FP_SUB: return fp_is_sum_exact(a, -b, result);
    default:     return fp_is_exact(op, a, b, c, result);
    }
}

#endif
