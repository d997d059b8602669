#include "sim/isa/exec_fp.h"

#include "sim/isa/exec_fp_fixed.h"

WITH_FMA double fp_host_muladd(double a, double b, double c)
{
    return __builtin_fma(a, c, b);
}

/* Significant bits of a finite number's significand: 1 for a power of two, 53 at most. */
static uint32_t significant_bits(double d)
{
    return 53 - (uint32_t)__builtin_ctzll((bits_of(d) & UINT64_C(0x000fffffffffffff)) |
                                          UINT64_C(1) << 52);
}

/* a * b fits into a double, far from both ends of its range. */
static bool is_product_exact(double a, double b)
{
    return a == 0 || b == 0 ||
           (significant_bits(a) + significant_bits(b) <= 53 && has_exponent(a * b, 64, 0x7f0));
}

WITH_FMA static bool is_fused_exact(double a, double b, double c, double result)
{
    return is_muladd_exact(a, b, c, result);
}

bool fp_is_exact(enum fp_op op, double a, double b, double c, double result)
{
    switch (op) {
    case FP_ADD:   return a + b == result && fp_is_sum_exact(a, b, result);
    case FP_SUB:   return a - b == result && fp_is_sum_exact(a, -b, result);
    case FP_MUL:   return is_product_exact(a, b) && a * b == result;
    case FP_DIV:   return is_product_exact(result, b) && result * b == a;
    case FP_SQRT:  return is_product_exact(result, result) && result * result == b;
    case FP_MADD:  return is_fused_exact(a, b, c, result);
    case FP_MSUB:  return is_fused_exact(a, -b, c, result);
    case FP_NMADD: return is_fused_exact(a, b, c, -result);
    case FP_NMSUB: return is_fused_exact(a, -b, c, -result);
    default:       return result == b;
    }
}

void fp_finish_scalar(struct cpu *s, const struct insn *i, struct fp x, const struct fp_format *f,
                      uint32_t flags, bool rc)
{
    if (fpscr_add_result(s, flags, fp_class(x, f)))
        write_scalar(s, i, (uint64_t)fp_pack(&fp_double, x));
    fpscr_trap(s, i, flags);
    if (rc)
        set_cr1(s);
}

void fp_arith_slow(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b, uint64_t c,
                   uint32_t how)
{
    const struct fp_format *f = how & FP_AS_SINGLE ? &fp_single : &fp_double;
    struct fp_env e = fpscr_env(s);
    struct fp x = fp_arith((enum fp_op)(how & FP_OP_MASK), fp_unpack(&fp_double, a),
                           fp_unpack(&fp_double, b), fp_unpack(&fp_double, c), f, &e);
    fp_finish_scalar(s, i, x, f, e.flags, how & FP_AS_RECORD);
}

void fp_to_fixed_slow(struct cpu *s, const struct insn *i, unsigned bits, bool is_signed,
                      bool truncates, bool rc)
{
    struct fp_env e = {.mode = truncates ? FP_TO_ZERO : fpscr_env(s).mode};
    uint64_t n = fp_to_int(fp_unpack(&fp_double, FRB), bits, is_signed, &e);
    if (fpscr_add_unclassed(s, e.flags))
        write_scalar(s, i, place_fixed(s, FRB, n, bits));
    fpscr_trap(s, i, e.flags);
    if (rc)
        set_cr1(s);
}

void fp_to_fixed_vsx_slow(struct cpu *s, const struct insn *i, unsigned bits, bool is_signed)
{
    struct fp_env e = {.mode = FP_TO_ZERO};
    uint64_t n = fp_to_int(fp_unpack(&fp_double, FRB), bits, is_signed, &e);
    if (fpscr_add_unclassed(s, e.flags))
        write_scalar(s, i, bits == 32 ? splat_word(n) : n);
    fpscr_trap(s, i, e.flags);
}

void fp_from_fixed_slow(struct cpu *s, const struct insn *i, bool is_signed, bool is_single,
                        bool rc)
{
    uint64_t n = FRB;
    bool is_negative = is_signed && n >> 63;
    const struct fp_format *f = is_single ? &fp_single : &fp_double;
    struct fp_env e = fpscr_env(s);
    struct fp x = fp_round(fp_from_int(is_negative ? -n : n, is_negative), f, &e);
    fp_finish_scalar(s, i, x, f, e.flags, rc);
}

void fp_round_scalar(struct cpu *s, const struct insn *i, enum fp_rounding mode, bool is_exact,
                     bool rc)
{
    struct fp_env e = {.mode = mode};
    struct fp x = fp_round_to_integer(fp_unpack(&fp_double, FRB), &e);
    if (!is_exact)
        e.flags &= FPSCR_VXSNAN;
    fp_finish_scalar(s, i, x, &fp_double, e.flags, rc);
}

struct fp fp_reciprocal(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    struct fp one = fp_from_int(1, false);
    return fp_round(fp_div(one, x, e), f, e);
}

struct fp fp_reciprocal_root(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    return fp_reciprocal(fp_round(fp_sqrt(x, e), &fp_double, e), f, e);
}

struct fp fp_reciprocal_root_single(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    return fp_reciprocal(fp_round(fp_sqrt(x, e), &fp_single, e), f, e);
}

void fp_scalar_estimate(struct cpu *s, const struct insn *i, fp_estimate *estimate,
                        const struct fp_format *f, bool rc)
{
    struct fp_env e = fpscr_env(s);
    struct fp x = estimate(fp_unpack(&fp_double, FRB), f, &e);
    fp_finish_scalar(s, i, x, f, e.flags, rc);
}

static uint8_t test_result(bool fe, bool fg) { return (uint8_t)(8 | (fg ? 4 : 0) | (fe ? 2 : 0)); }

/* e_a, e_b of the manual: denormal numbers have the exponent one below the smallest normal one. */
static int32_t biased_exponent(const struct fp_format *f, uint64_t x)
{
    return (int32_t)(x >> (f->precision - 1)) & (2 * f->bias + 1);
}

uint8_t fp_test_divide(const struct fp_format *f, uint64_t a, uint64_t b)
{
    struct fp x = fp_unpack(f, a), y = fp_unpack(f, b);
    int32_t e_a = biased_exponent(f, a) - f->bias, e_b = biased_exponent(f, b) - f->bias;
    int32_t min = 1 - f->bias, max = f->bias;
    bool is_special = x.kind >= KIND_INFINITY || y.kind != KIND_FINITE;
    bool is_hard = e_b <= min || e_b >= max - 2 ||
                   (x.kind != KIND_ZERO && (e_a - e_b >= max || e_a - e_b <= min + 1 ||
                                          e_a <= min + f->precision - 1));
    bool fg = x.kind == KIND_INFINITY || y.kind == KIND_INFINITY || y.kind == KIND_ZERO ||
              (y.kind == KIND_FINITE && e_b < min);
    return test_result(is_special || is_hard, fg);
}

uint8_t fp_test_root(const struct fp_format *f, uint64_t b)
{
    struct fp y = fp_unpack(f, b);
    int32_t e_b = biased_exponent(f, b) - f->bias, min = 1 - f->bias;
    bool fe = y.kind != KIND_FINITE || y.sign || e_b <= min + f->precision - 1;
    bool fg = y.kind == KIND_INFINITY || y.kind == KIND_ZERO ||
              (y.kind == KIND_FINITE && e_b < min);
    return test_result(fe, fg);
}

struct fp fp_min_max_ieee(struct fp a, struct fp b, bool is_max, struct fp_env *e)
{
    bool is_a_number = !fp_is_nan(a), is_b_number = !fp_is_nan(b);
    if (a.kind == KIND_SNAN || b.kind == KIND_SNAN || (!is_a_number && !is_b_number)) {
        struct fp qa = fp_operand(a, e), qb = fp_operand(b, e);
        return is_a_number ? qb : qa;
    }
    if (!is_a_number || !is_b_number)
        return is_a_number ? a : b;
    return fp_min_max_java(a, b, is_max, e);
}

struct fp fp_min_max_c(struct fp a, struct fp b, bool is_max, struct fp_env *e)
{
    if (a.kind == KIND_SNAN || b.kind == KIND_SNAN)
        e->flags |= FPSCR_VXSNAN;
    return fp_compare(a, b) & (is_max ? CR_GT | CR_EQ : CR_LT) ? a : b;
}

struct fp fp_min_max_java(struct fp a, struct fp b, bool is_max, struct fp_env *e)
{
    if (a.kind == KIND_SNAN || b.kind == KIND_SNAN)
        e->flags |= FPSCR_VXSNAN;
    if (fp_is_nan(a) || fp_is_nan(b))
        return fp_is_nan(a) ? a : b;
    if (a.kind == KIND_ZERO && b.kind == KIND_ZERO) /* -0 is less than +0 here */
        return a.sign == is_max ? b : a;
    return fp_compare(a, b) == (is_max ? CR_GT : CR_LT) ? a : b;
}

bool fp_test_class(struct fp x, const struct fp_format *f, uint32_t dcmx)
{
    enum { NEG_DENORMAL = 1, POS_DENORMAL = 2, NEG_ZERO = 4, POS_ZERO = 8, NEG_INFINITY = 16,
           POS_INFINITY = 32, NAN_CLASS = 64 };
    if (fp_is_nan(x))
        return dcmx & NAN_CLASS;
    if (x.kind == KIND_INFINITY)
        return dcmx & (x.sign ? NEG_INFINITY : POS_INFINITY);
    if (x.kind == KIND_ZERO)
        return dcmx & (x.sign ? NEG_ZERO : POS_ZERO);
    return x.exp < 1 - f->bias && dcmx & (x.sign ? NEG_DENORMAL : POS_DENORMAL);
}

uint32_t fp_compare_flags(const struct cpu *s, struct fp a, struct fp b, bool is_ordered,
                          uint32_t *flags)
{
    uint32_t cc = fp_compare(a, b);
    *flags = 0;
    if (a.kind == KIND_SNAN || b.kind == KIND_SNAN)
        *flags = FPSCR_VXSNAN | (is_ordered && !(s->fpscr & FPSCR_VE) ? FPSCR_VXVC : 0);
    else if (cc == CR_SO && is_ordered)
        *flags = FPSCR_VXVC;
    return cc;
}

void fp_compare_unpacked(struct cpu *s, const struct insn *i, struct fp a, struct fp b,
                         bool is_ordered)
{
    uint32_t flags, cc = fp_compare_flags(s, a, b, is_ordered, &flags);
    s->cr[BF_FIELD] = (uint8_t)cc;
    fpscr_set_fpcc(s, cc);
    fpscr_add_exceptions(s, flags);
    fpscr_trap(s, i, flags);
}

void fp_compare_slow(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b, bool is_ordered)
{
    fp_compare_unpacked(s, i, fp_unpack(&fp_double, a), fp_unpack(&fp_double, b), is_ordered);
}
