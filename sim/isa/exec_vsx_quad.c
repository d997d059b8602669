/* Quad-precision floating point (Book I, chapter 7.6): always by the core. */
#include "sim/isa/exec_fp.h"

#define SIGN     ((u128)1 << 127)
#define FRACTION (((u128)1 << 112) - 1)
#define EXPONENT(q) ((uint32_t)((q) >> 112) & 0x7fff)

EXEC(xsabsqp)   { VT.q = VB.q & ~SIGN; }
EXEC(xsnabsqp)  { VT.q = VB.q | SIGN; }
EXEC(xsnegqp)   { VT.q = VB.q ^ SIGN; }
EXEC(xscpsgnqp) { VT.q = (VA.q & SIGN) | (VB.q & ~SIGN); }

static void finish(struct cpu *s, const struct insn *i, struct fp x, uint32_t flags)
{
    if (fpscr_add_result(s, flags, fp_class(x, &fp_quad)))
        VT.q = fp_pack(&fp_quad, x);
    fpscr_trap(s, i, flags);
}

/* Bit 31, the mnemonic's o, rounds to odd whatever FPSCR says. */
static struct fp_env environment(const struct cpu *s, const struct insn *i)
{
    struct fp_env e = fpscr_env(s);
    if (i->word & 1)
        e.mode = FP_TO_ODD;
    return e;
}

static void arith(struct cpu *s, const struct insn *i, enum fp_op op, u128 a, u128 b, u128 c)
{
    struct fp_env e = environment(s, i);
    struct fp x = fp_arith(op, fp_unpack(&fp_quad, a), fp_unpack(&fp_quad, b),
                           fp_unpack(&fp_quad, c), &fp_quad, &e);
    finish(s, i, x, e.flags);
}

/* Each has a twin whose mnemonic ends in o. */
#define ARITH(name, op, a, b, c)                                                                   \
    EXEC_CALL(name)    { arith(s, i, op, a, b, c); }                                               \
    EXEC_CALL(name##o) { arith(s, i, op, a, b, c); }
ARITH(xsaddqp, FP_ADD, VA.q, VB.q, 0)
ARITH(xssubqp, FP_SUB, VA.q, VB.q, 0)
ARITH(xsmulqp, FP_MUL, VA.q, VB.q, 0)
ARITH(xsdivqp, FP_DIV, VA.q, VB.q, 0)
ARITH(xssqrtqp, FP_SQRT, 0, VB.q, 0)
ARITH(xsmaddqp, FP_MADD, VA.q, VT.q, VB.q)
ARITH(xsmsubqp, FP_MSUB, VA.q, VT.q, VB.q)
ARITH(xsnmaddqp, FP_NMADD, VA.q, VT.q, VB.q)
ARITH(xsnmsubqp, FP_NMSUB, VA.q, VT.q, VB.q)
#undef ARITH

static void compare(struct cpu *s, const struct insn *i, bool is_ordered)
{
    fp_compare_unpacked(s, i, fp_unpack(&fp_quad, VA.q), fp_unpack(&fp_quad, VB.q), is_ordered);
}

EXEC_CALL(xscmpoqp) { compare(s, i, true); }
EXEC_CALL(xscmpuqp) { compare(s, i, false); }

EXEC(xscmpexpqp)
{
    u128 a = VA.q & ~SIGN, b = VB.q & ~SIGN, infinity = (u128)0x7fff << 112;
    uint8_t cc = EXPONENT(a) < EXPONENT(b) ? CR_LT : EXPONENT(a) > EXPONENT(b) ? CR_GT : CR_EQ;
    if (a > infinity || b > infinity)
        cc = CR_SO;
    s->cr[BF_FIELD] = cc;
    fpscr_set_fpcc(s, cc);
}

EXEC_CALL(xscvdpqp)
{
    struct fp_env e = {0};
    struct fp x = fp_operand(fp_unpack(&fp_double, FRB), &e);
    finish(s, i, x, e.flags);
}

static void to_double(struct cpu *s, const struct insn *i)
{
    struct fp_env e = environment(s, i);
    struct fp x = fp_round(fp_operand(fp_unpack(&fp_quad, VB.q), &e), &fp_double, &e);
    fp_finish_scalar(s, i, x, &fp_double, e.flags, false);
}

EXEC_CALL(xscvqpdp)  { to_double(s, i); }
EXEC_CALL(xscvqpdpo) { to_double(s, i); }

/* RMC with R: the rounding mode of xsrqpi and xsrqpxp. With R=0 RMC 1 and 2 are reserved. */
static enum fp_rounding rounding_mode(const struct cpu *s, const struct insn *i)
{
    uint32_t rmc = FIELD(21, 22);
    if (FIELD(15, 15))
        return (enum fp_rounding)rmc;
    if (rmc == 3)
        return fpscr_env(s).mode;
    return rmc ? FP_NEAREST : FP_NEAREST_AWAY;
}

static void to_integral(struct cpu *s, const struct insn *i, uint32_t reported)
{
    struct fp_env e = {.mode = rounding_mode(s, i)};
    struct fp x = fp_round_to_integer(fp_unpack(&fp_quad, VB.q), &e);
    finish(s, i, x, e.flags & reported);
}

EXEC_CALL(xsrqpi)  { to_integral(s, i, FPSCR_VXSNAN); }
EXEC_CALL(xsrqpix) { to_integral(s, i, UINT32_MAX); } /* tells that the result is inexact */

/* To the significand of the double-extended format; the exponent's range is the same. */
EXEC_CALL(xsrqpxp)
{
    static const struct fp_format extended = {64, 80, 16383, 24576};
    struct fp_env e = fpscr_env(s);
    e.mode = rounding_mode(s, i);
    struct fp x = fp_round(fp_operand(fp_unpack(&fp_quad, VB.q), &e), &extended, &e);
    finish(s, i, x, e.flags);
}

static void to_fixed(struct cpu *s, const struct insn *i, unsigned bits, bool is_signed)
{
    struct fp_env e = {.mode = FP_TO_ZERO};
    uint64_t n = fp_to_int(fp_unpack(&fp_quad, VB.q), bits, is_signed, &e);
    if (fpscr_add_unclassed(s, e.flags))
        write_scalar(s, i, n);
    fpscr_trap(s, i, e.flags);
}

EXEC_CALL(xscvqpsdz) { to_fixed(s, i, 64, true); }
EXEC_CALL(xscvqpswz) { to_fixed(s, i, 32, true); }
EXEC_CALL(xscvqpudz) { to_fixed(s, i, 64, false); }
EXEC_CALL(xscvqpuwz) { to_fixed(s, i, 32, false); }
EXEC_CALL(xscvudqp)  { finish(s, i, fp_from_int(FRB, false), 0); }

EXEC_CALL(xscvsdqp)
{
    uint64_t n = FRB;
    bool is_negative = n >> 63;
    finish(s, i, fp_from_int(is_negative ? -n : n, is_negative), 0);
}

EXEC(xsiexpqp) { VT.q = (VA.q & (SIGN | FRACTION)) | (u128)(FRB & 0x7fff) << 112; }
EXEC(xsxexpqp) { write_scalar(s, i, EXPONENT(VB.q)); }

EXEC(xsxsigqp)
{
    u128 b = VB.q;
    bool is_normal = EXPONENT(b) != 0 && EXPONENT(b) != 0x7fff;
    VT.q = (b & FRACTION) | (u128)is_normal << 112;
}

EXEC_CALL(xststdcqp)
{
    struct fp x = fp_unpack(&fp_quad, VB.q);
    bool match = fp_test_class(x, &fp_quad, FIELD(9, 15));
    uint8_t cc = (uint8_t)((x.sign ? CR_LT : 0) | (match ? CR_EQ : 0));
    s->cr[BF_FIELD] = cc;
    fpscr_set_fpcc(s, cc);
}
