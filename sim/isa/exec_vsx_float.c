/* VSX scalar floating point (Book I, chapter 7.6). Doubleword 0 of a vector-scalar register is
 * what FRA, FRB, FRC, FRT name: the numbers predecoded for XA, XB, XT reach all 64. */
#include "sim/isa/exec_fp_fixed.h"
#include "sim/isa/exec_fp_kinds.h"
#include "sim/isa/fp_format.h"

#define SIGN     UINT64_C(0x8000000000000000)
#define FRACTION UINT64_C(0x000fffffffffffff)

EXEC(xsabsdp)   { write_scalar(s, i, FRB & ~SIGN); }
EXEC(xsnabsdp)  { write_scalar(s, i, FRB | SIGN); }
EXEC(xsnegdp)   { write_scalar(s, i, FRB ^ SIGN); }
EXEC(xscpsgndp) { write_scalar(s, i, (FRA & SIGN) | (FRB & ~SIGN)); }

EXEC_FP(xsadddp, FP_ADD, false, FRA, FRB, 0, false)
EXEC_FP(xsaddsp, FP_ADD, true, FRA, FRB, 0, false)
EXEC_FP(xssubdp, FP_SUB, false, FRA, FRB, 0, false)
EXEC_FP(xssubsp, FP_SUB, true, FRA, FRB, 0, false)
EXEC_FP(xsmuldp, FP_MUL, false, FRA, FRB, 0, false)
EXEC_FP(xsmulsp, FP_MUL, true, FRA, FRB, 0, false)
EXEC_FP(xsdivdp, FP_DIV, false, FRA, FRB, 0, false)
EXEC_FP(xsdivsp, FP_DIV, true, FRA, FRB, 0, false)
EXEC_FP(xssqrtdp, FP_SQRT, false, 0, FRB, 0, false)
EXEC_FP(xssqrtsp, FP_SQRT, true, 0, FRB, 0, false)
EXEC_FP(xsrsp, FP_MOVE, true, 0, FRB, 0, false)

/* The A form adds to the target, the M form multiplies by it. */
#define MULTIPLY_ADD(name, op)                                                                     \
    EXEC_MULADD(name##adp, op, false, FRA, FRT, FRB, false)                                        \
    EXEC_MULADD(name##mdp, op, false, FRA, FRB, FRT, false)                                        \
    EXEC_MULADD(name##asp, op, true, FRA, FRT, FRB, false)                                         \
    EXEC_MULADD(name##msp, op, true, FRA, FRB, FRT, false)
MULTIPLY_ADD(xsmadd, FP_MADD)
MULTIPLY_ADD(xsmsub, FP_MSUB)
MULTIPLY_ADD(xsnmadd, FP_NMADD)
MULTIPLY_ADD(xsnmsub, FP_NMSUB)
#undef MULTIPLY_ADD

EXEC_CALL(xsredp)     { fp_scalar_estimate(s, i, fp_reciprocal, &fp_double, false); }
EXEC_CALL(xsresp)     { fp_scalar_estimate(s, i, fp_reciprocal, &fp_single, false); }
EXEC_CALL(xsrsqrtedp) { fp_scalar_estimate(s, i, fp_reciprocal_root, &fp_double, false); }
EXEC_CALL(xsrsqrtesp) { fp_scalar_estimate(s, i, fp_reciprocal_root, &fp_single, false); }
EXEC_CALL(xstdivdp)   { s->cr[BF_FIELD] = fp_test_divide(&fp_double, FRA, FRB); }
EXEC_CALL(xstsqrtdp)  { s->cr[BF_FIELD] = fp_test_root(&fp_double, FRB); }

EXEC(xscmpudp) { fp_compare_scalar(s, i, FRA, FRB, false); }
EXEC(xscmpodp) { fp_compare_scalar(s, i, FRA, FRB, true); }

EXEC(xscmpexpdp)
{
    uint64_t a = FRA & ~SIGN, b = FRB & ~SIGN, infinity = UINT64_C(0x7ff) << 52;
    uint64_t ea = a >> 52, eb = b >> 52;
    uint8_t cc = ea < eb ? CR_LT : ea > eb ? CR_GT : CR_EQ;
    if (a > infinity || b > infinity)
        cc = CR_SO;
    s->cr[BF_FIELD] = cc;
    fpscr_set_fpcc(s, cc);
}

/* xscmpeqdp ...: a mask of ones when one of the bits of `wanted` describes the operands. */
static void compare_to_mask(struct cpu *s, const struct insn *i, uint32_t wanted, bool is_ordered)
{
    uint32_t flags, cc = fp_compare_flags(s, fp_unpack(&fp_double, FRA), fp_unpack(&fp_double, FRB),
                                          is_ordered, &flags);
    bool suppressed = fpscr_suppresses(s, flags);
    fpscr_add_exceptions(s, flags);
    if (!suppressed)
        write_scalar(s, i, cc & wanted ? UINT64_MAX : 0);
    fpscr_trap(s, i, flags);
}

EXEC_CALL(xscmpeqdp) { compare_to_mask(s, i, CR_EQ, false); }
EXEC_CALL(xscmpgedp) { compare_to_mask(s, i, CR_GT | CR_EQ, true); }
EXEC_CALL(xscmpgtdp) { compare_to_mask(s, i, CR_GT, true); }

static void min_max(struct cpu *s, const struct insn *i, fp_min_max *choose, bool is_max)
{
    struct fp_env e = {0};
    struct fp x = choose(fp_unpack(&fp_double, FRA), fp_unpack(&fp_double, FRB), is_max, &e);
    bool suppressed = fpscr_suppresses(s, e.flags);
    fpscr_add_exceptions(s, e.flags);
    if (!suppressed)
        write_scalar(s, i, (uint64_t)fp_pack(&fp_double, x));
    fpscr_trap(s, i, e.flags);
}

EXEC_CALL(xsmaxdp)  { min_max(s, i, fp_min_max_ieee, true); }
EXEC_CALL(xsmindp)  { min_max(s, i, fp_min_max_ieee, false); }
EXEC_CALL(xsmaxcdp) { min_max(s, i, fp_min_max_c, true); }
EXEC_CALL(xsmincdp) { min_max(s, i, fp_min_max_c, false); }
EXEC_CALL(xsmaxjdp) { min_max(s, i, fp_min_max_java, true); }
EXEC_CALL(xsminjdp) { min_max(s, i, fp_min_max_java, false); }

/* Between formats. The single result of xscvdpsp stands in word 0 and, as processors do, in word 1
 * too. */
static void convert(struct cpu *s, const struct insn *i, const struct fp_format *from,
                    const struct fp_format *to, uint64_t bits)
{
    struct fp_env e = fpscr_env(s);
    struct fp x = fp_round(fp_operand(fp_unpack(from, bits), &e), to, &e);
    uint64_t result = (uint64_t)fp_pack(to, x);
    if (to == &fp_single)
        result = splat_word(result);
    if (fpscr_add_result(s, e.flags, fp_class(x, to)))
        write_scalar(s, i, result);
    fpscr_trap(s, i, e.flags);
}

EXEC_CALL(xscvdpsp) { convert(s, i, &fp_double, &fp_single, FRB); }
EXEC_CALL(xscvspdp) { convert(s, i, &fp_single, &fp_double, VSR_W(VB, 0)); }
EXEC_CALL(xscvdphp) { convert(s, i, &fp_double, &fp_half, FRB); }
EXEC_CALL(xscvhpdp) { convert(s, i, &fp_half, &fp_double, VSR_H(VB, 3)); }
EXEC(xscvspdpn)     { write_scalar(s, i, fp_single_to_double(VSR_W(VB, 0))); }
EXEC(xscvdpspn)     { write_scalar(s, i, splat_word(fp_double_to_single(FRB))); }

EXEC_CALL(xsrdpi)  { fp_round_scalar(s, i, FP_NEAREST_AWAY, false, false); }
EXEC_CALL(xsrdpic) { fp_round_scalar(s, i, fpscr_env(s).mode, true, false); }
EXEC_CALL(xsrdpim) { fp_round_scalar(s, i, FP_DOWN, false, false); }
EXEC_CALL(xsrdpip) { fp_round_scalar(s, i, FP_UP, false, false); }
EXEC_CALL(xsrdpiz) { fp_round_scalar(s, i, FP_TO_ZERO, false, false); }

EXEC(xscvdpsxds) { fp_to_fixed_vsx(s, i, 64, true); }
EXEC(xscvdpsxws) { fp_to_fixed_vsx(s, i, 32, true); }
EXEC(xscvdpuxds) { fp_to_fixed_vsx(s, i, 64, false); }
EXEC(xscvdpuxws) { fp_to_fixed_vsx(s, i, 32, false); }
EXEC(xscvsxddp)  { fp_from_fixed(s, i, true, false, false); }
EXEC(xscvsxdsp)  { fp_from_fixed(s, i, true, true, false); }
EXEC(xscvuxddp)  { fp_from_fixed(s, i, false, false, false); }
EXEC(xscvuxdsp)  { fp_from_fixed(s, i, false, true, false); }

EXEC(xsiexpdp) { write_scalar(s, i, (RA & (SIGN | FRACTION)) | (RB & 0x7ff) << 52); }
EXEC(xsxexpdp) { RT = FRB >> 52 & 0x7ff; }
EXEC(xsxsigdp) { RT = fp_significand_double(FRB); }

EXEC_CALL(xststdcdp)
{
    struct fp x = fp_unpack(&fp_double, FRB);
    uint8_t cc = (uint8_t)((x.sign ? CR_LT : 0) |
                           (fp_test_class(x, &fp_double, FIELD(9, 15)) ? CR_EQ : 0));
    s->cr[BF_FIELD] = cc;
    fpscr_set_fpcc(s, cc);
}

/* Also says, by the last bit, that the double is not a value of the single format. */
EXEC_CALL(xststdcsp)
{
    struct fp x = fp_unpack(&fp_double, FRB);
    struct fp_env e = {0};
    bool is_single = fp_pack(&fp_double, fp_round(x, &fp_single, &e)) == FRB;
    uint8_t cc = (uint8_t)((x.sign ? CR_LT : 0) | (is_single ? 0 : CR_SO) |
                           (fp_test_class(x, &fp_single, FIELD(9, 15)) ? CR_EQ : 0));
    s->cr[BF_FIELD] = cc;
    fpscr_set_fpcc(s, cc);
}
