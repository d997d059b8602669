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

#include "sim/isa/exec.h"
#include "sim/isa/fp_host.h"
#include "sim/isa/fp_insn.h"
#include "sim/isa/fp_muladd.h"

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

/* CR1 of a record form: FX, FEX, VX, OX. */
static inline void set_cr1(struct cpu *s) { s->cr[1] = s->fpscr >> 28 & 15; }

/* Doubleword 1 of a scalar result is undefined before ISA 3.1; processors clear it. */
static inline void write_scalar(struct cpu *s, const struct insn *i, uint64_t bits)
{
    VT.q = (u128)bits << 64;
}

/* A scalar instruction as its caller knows it: enum fp_op and these bits. */
enum { FP_AS_SINGLE = 1 << 8, FP_AS_RECORD = 1 << 9, FP_OP_MASK = 0xff };

/* Operation, FPSCR, target, exception, CR1: the whole instruction, by the core. */
void fp_arith_slow(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b, uint64_t c,
                   uint32_t how);

/* Whether the host's result r can be the ISA's. The smallest normal binade is left to the core: a
 * tiny result may have been rounded up into it. Of singles, rounding to double (r) and then to
 * single is wrong only when the first rounding gives a number halfway between two singles: those
 * are left to the core, exact halves among them. */
static inline __attribute__((always_inline)) bool is_in_range(enum fp_op op, bool is_single,
                                                              double a, double b, double c,
                                                              double r)
{
    bool is_half = is_single && op != FP_MOVE && (bits_of(r) & 0x1fffffff) == 0x10000000;
    bool is_normal = is_single ? has_exponent((double)(float)r, 1023 - 125, 1023 + 127)
                               : has_exponent(r, 2, 0x7fe);
    return __builtin_expect(is_normal && !is_half, 1) || (r == 0 && is_exact_zero(op, a, b, c));
}

static inline __attribute__((always_inline)) bool is_exact(enum fp_op op, bool is_single, double a,
                                                           double b, double c, double r)
{
    return is_single ? fp_is_exact(op, a, b, c, (double)(float)r)
                     : is_exact_double(op, a, b, c, r);
}

static inline __attribute__((always_inline)) bool host_can(const struct cpu *s, enum fp_op op)
{
    return fpscr_is_quiet(s) && (op < FP_MADD || op > FP_NMSUB || host_has_muladd());
}

/* The host's result r of a scalar instruction, which is right. */
static inline __attribute__((always_inline)) void fp_keep(struct cpu *s, const struct insn *i,
                                                          enum fp_op op, bool is_single, uint64_t a,
                                                          uint64_t b, uint64_t c, double r)
{
    s->fp_pending.op = (uint8_t)op;
    s->fp_pending.is_single = is_single;
    s->fp_pending.has_fpcc = s->fp_pending.fpcc = 0;
    s->fp_pending.a = a;
    s->fp_pending.b = b;
    s->fp_pending.c = c;
    write_scalar(s, i, bits_of(is_single ? (double)(float)r : r));
}

static inline __attribute__((always_inline)) void fp_scalar(struct cpu *s, const struct insn *i,
                                                            enum fp_op op, bool is_single,
                                                            uint64_t a, uint64_t b, uint64_t c,
                                                            bool rc)
{
    double da = double_of(a), db = double_of(b), dc = double_of(c), r = 0;
    bool is_right = host_can(s, op);
    if (is_right) {
        r = host_arith(op, da, db, dc);
        is_right = is_in_range(op, is_single, da, db, dc, r) &&
                   (fpscr_has_xx(s) || is_exact(op, is_single, da, db, dc, r));
    }
    if (is_right) {
        fp_keep(s, i, op, is_single, a, b, c, r);
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
