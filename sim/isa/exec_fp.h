/* Scalar floating-point arithmetic for instruction bodies: the fast path on the host's arithmetic.
 *
 * The host is asked only when its answer is provably the ISA's: FPSCR rounds to nearest and enables
 * nothing, the result is a normal number well inside the format or an exact zero, which also says
 * that no operand was a NaN or infinity, and no sticky bit changes: XX is set already, or the
 * result is shown to be exact (fp_is_exact). FR, FI and FPRF are left pending (fpscr.h). All else
 * is the slow path: softfp.h. The host's rounding mode is its default, and the compiler neither
 * contracts nor reorders under -std=c17. */
#ifndef SIM_ISA_EXEC_FP_H
#define SIM_ISA_EXEC_FP_H

#include <math.h>

#include "sim/isa/exec.h"
#include "sim/isa/fp_insn.h"

/* Rounding to nearest, nothing enabled. */
static inline bool fpscr_is_quiet(const struct cpu *s)
{
    return __builtin_expect(!(s->fpscr & (FPSCR_ENABLES | FPSCR_RN)), 1);
}

/* An inexact result changes no sticky bit. */
static inline bool fpscr_has_xx(const struct cpu *s)
{
    return __builtin_expect((s->fpscr & FPSCR_XX) != 0, 1);
}

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

/* CR1 of a record form: FX, FEX, VX, OX. */
static inline void set_cr1(struct cpu *s) { s->cr[1] = s->fpscr >> 28 & 15; }

/* Doubleword 1 of a scalar result is undefined before ISA 3.1; processors clear it. */
static inline void write_scalar(struct cpu *s, const struct insn *i, uint64_t bits)
{
    VT.q = (u128)bits << 64;
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

/* A scalar instruction as its caller knows it: enum fp_op and these bits. */
enum { FP_AS_SINGLE = 1 << 8, FP_AS_RECORD = 1 << 9, FP_OP_MASK = 0xff };

/* Operation, FPSCR, target, exception, CR1: the whole instruction, by the core. */
void fp_arith_slow(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b, uint64_t c,
                   uint32_t how);

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

/* The exponent field is in [low, high]. */
static inline bool has_exponent(double d, uint64_t low, uint64_t high)
{
    return (bits_of(d) >> 52 & 0x7ff) - low <= high - low;
}

/* The smallest normal binade is left to the core: a tiny result may have been rounded up into it.
 */
static inline __attribute__((always_inline)) bool host_double(const struct cpu *s, enum fp_op op,
                                                              double a, double b, double c,
                                                              double *result)
{
    double r = *result = host_arith(op, a, b, c);
    return (__builtin_expect(has_exponent(r, 2, 0x7fe), 1) ||
            (r == 0 && is_exact_zero(op, a, b, c))) &&
           (fpscr_has_xx(s) || is_exact_double(op, a, b, c, r));
}

/* Rounding to double and then to single is wrong only when the first rounding gives a number
 * halfway between two singles: those are left to the core, exact halves among them. */
static inline __attribute__((always_inline)) bool host_single(const struct cpu *s, enum fp_op op,
                                                              double a, double b, double c,
                                                              double *result)
{
    double r = host_arith(op, a, b, c);
    double rounded = *result = (double)(float)r;
    bool is_half = op != FP_MOVE && (bits_of(r) & 0x1fffffff) == 0x10000000;
    return ((__builtin_expect(has_exponent(rounded, 1023 - 125, 1023 + 127), 1) && !is_half) ||
            (r == 0 && is_exact_zero(op, a, b, c))) &&
           (fpscr_has_xx(s) || fp_is_exact(op, a, b, c, rounded));
}

static inline __attribute__((always_inline)) bool host_can(const struct cpu *s, enum fp_op op)
{
    return fpscr_is_quiet(s) && (op < FP_MADD || op > FP_NMSUB || host_has_muladd());
}

static inline __attribute__((always_inline)) void fp_scalar(struct cpu *s, const struct insn *i,
                                                            enum fp_op op, bool is_single,
                                                            uint64_t a, uint64_t b, uint64_t c,
                                                            bool rc)
{
    double da = double_of(a), db = double_of(b), dc = double_of(c), r;
    if (host_can(s, op) &&
        (is_single ? host_single(s, op, da, db, dc, &r) : host_double(s, op, da, db, dc, &r))) {
        s->fp_pending.op = (uint8_t)op;
        s->fp_pending.is_single = is_single;
        s->fp_pending.has_fpcc = s->fp_pending.fpcc = 0;
        s->fp_pending.a = a;
        s->fp_pending.b = b;
        s->fp_pending.c = c;
        write_scalar(s, i, bits_of(r));
        if (rc)
            set_cr1(s);
    } else {
        fp_arith_slow(s, i, a, b, c,
                      op | (is_single ? FP_AS_SINGLE : 0u) | (rc ? FP_AS_RECORD : 0u));
    }
}

static inline __attribute__((always_inline)) void fp_compare_scalar(struct cpu *s,
                                                                    const struct insn *i,
                                                                    uint64_t a, uint64_t b,
                                                                    bool is_ordered)
{
    double da = double_of(a), db = double_of(b);
    if (__builtin_expect(__builtin_isunordered(da, db), 0)) {
        fp_compare_slow(s, i, a, b, is_ordered);
        return;
    }
    uint8_t cc = (uint8_t)(da < db ? CR_LT : da > db ? CR_GT : CR_EQ);
    s->cr[BF_FIELD] = cc;
    fpscr_set_fpcc(s, cc);
}

#endif
