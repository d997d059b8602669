/* VMX single-precision arithmetic (Book I, chapter 6.10): rounds to nearest, touches no FPSCR.
 * With VSCR[NJ] denormal operands and results count as zeros. All by the exact core: compilers for
 * machines with VSX do not emit it. */
#include "sim/isa/exec_fp.h"
#include "sim/isa/vector.h"

static struct fp zero_of(bool sign) { return (struct fp){.kind = KIND_ZERO, .sign = sign}; }

static bool is_java(const struct cpu *s) { return !(s->vscr & VSCR_NJ); }

static struct fp get(const struct cpu *s, const union vsr *v, int n)
{
    struct fp x = fp_unpack(&fp_single, VSR_W(*v, n));
    return x.kind == KIND_FINITE && x.exp < 1 - fp_single.bias && !is_java(s) ? zero_of(x.sign) : x;
}

/* In non-Java mode every tiny result becomes zero: enabling underflow makes the core tell it. */
static struct fp_env environment(const struct cpu *s)
{
    return (struct fp_env){.underflow_enabled = !is_java(s)};
}

static uint32_t put(struct fp x, const struct fp_env *e)
{
    bool flush = e->underflow_enabled && e->flags & FPSCR_UX;
    return (uint32_t)fp_pack(&fp_single, flush ? zero_of(x.sign) : x);
}

static void arith(struct cpu *s, const struct insn *i, enum fp_op op, const union vsr *c)
{
    union vsr result;
    for (int n = 0; n < 4; n++) {
        struct fp_env e = environment(s);
        struct fp x = fp_arith(op, get(s, &VA, n), get(s, &VB, n), get(s, c, n), &fp_single, &e);
        VSR_W(result, n) = put(x, &e);
    }
    VT = result;
}

EXEC_CALL(vaddfp)   { arith(s, i, FP_ADD, &VB); }
EXEC_CALL(vsubfp)   { arith(s, i, FP_SUB, &VB); }
EXEC_CALL(vmaddfp)  { arith(s, i, FP_MADD, &VC); }
EXEC_CALL(vnmsubfp) { arith(s, i, FP_NMSUB, &VC); }

/* A NaN wins over a number here. */
static void min_max(struct cpu *s, const struct insn *i, bool is_max)
{
    union vsr result;
    for (int n = 0; n < 4; n++) {
        struct fp_env e = {0};
        struct fp x = fp_min_max_java(get(s, &VA, n), get(s, &VB, n), is_max, &e);
        VSR_W(result, n) = (uint32_t)fp_pack(&fp_single, fp_operand(x, &e));
    }
    VT = result;
}

EXEC_CALL(vmaxfp) { min_max(s, i, true); }
EXEC_CALL(vminfp) { min_max(s, i, false); }

static void round_elements(struct cpu *s, const struct insn *i, enum fp_rounding mode)
{
    union vsr result;
    for (int n = 0; n < 4; n++) {
        struct fp_env e = {.mode = mode};
        VSR_W(result, n) = (uint32_t)fp_pack(&fp_single, fp_round_to_integer(get(s, &VB, n), &e));
    }
    VT = result;
}

EXEC_CALL(vrfim) { round_elements(s, i, FP_DOWN); }
EXEC_CALL(vrfin) { round_elements(s, i, FP_NEAREST); }
EXEC_CALL(vrfip) { round_elements(s, i, FP_UP); }
EXEC_CALL(vrfiz) { round_elements(s, i, FP_TO_ZERO); }

/* UIM, the A field, is a power of two: the integers are fixed-point numbers. */
static void from_fixed(struct cpu *s, const struct insn *i, bool is_signed)
{
    union vsr result;
    for (int n = 0; n < 4; n++) {
        uint32_t w = VSR_W(VB, n);
        bool sign = is_signed && w >> 31;
        struct fp_env e = {0};
        struct fp x = fp_from_int(sign ? -w : w, sign);
        x.exp -= (int32_t)FIELD(11, 15);
        VSR_W(result, n) = (uint32_t)fp_pack(&fp_single, fp_round(x, &fp_single, &e));
    }
    VT = result;
}

EXEC_CALL(vcfsx) { from_fixed(s, i, true); }
EXEC_CALL(vcfux) { from_fixed(s, i, false); }

/* Truncates and saturates; a NaN gives zero. */
static void to_fixed(struct cpu *s, const struct insn *i, bool is_signed)
{
    union vsr result;
    for (int n = 0; n < 4; n++) {
        struct fp x = get(s, &VB, n);
        struct fp_env e = {.mode = FP_TO_ZERO};
        x.exp += (int32_t)FIELD(11, 15);
        VSR_W(result, n) = fp_is_nan(x) ? 0 : (uint32_t)fp_to_int(x, 32, is_signed, &e);
        if (e.flags & FPSCR_VXCVI)
            s->vscr |= VSCR_SAT;
    }
    VT = result;
}

EXEC_CALL(vctsxs) { to_fixed(s, i, true); }
EXEC_CALL(vctuxs) { to_fixed(s, i, false); }

static void compare(struct cpu *s, const struct insn *i, uint32_t wanted)
{
    union vsr result;
    for (int n = 0; n < 4; n++)
        VSR_W(result, n) = fp_compare(get(s, &VA, n), get(s, &VB, n)) & wanted ? UINT32_MAX : 0;
    VT = result;
    if (FIELD(21, 21))
        set_cr6_compare(s, result);
}

EXEC_CALL(vcmpeqfp) { compare(s, i, CR_EQ); }
EXEC_CALL(vcmpgefp) { compare(s, i, CR_GT | CR_EQ); }
EXEC_CALL(vcmpgtfp) { compare(s, i, CR_GT); }

/* Is A within -B..B? Bit 0 of an element says not below B, bit 1 not above -B; CR6 that all are
 * within. */
EXEC_CALL(vcmpbfp)
{
    union vsr result;
    for (int n = 0; n < 4; n++) {
        struct fp a = get(s, &VA, n), b = get(s, &VB, n);
        bool is_le = fp_compare(a, b) & (CR_LT | CR_EQ);
        bool is_ge = fp_compare(a, fp_negate(b)) & (CR_GT | CR_EQ);
        VSR_W(result, n) = (is_le ? 0 : UINT32_C(1) << 31) | (is_ge ? 0 : UINT32_C(1) << 30);
    }
    VT = result;
    if (FIELD(21, 21))
        s->cr[6] = result.q == 0 ? CR_EQ : 0;
}

static void estimate(struct cpu *s, const struct insn *i, fp_estimate *f)
{
    union vsr result;
    for (int n = 0; n < 4; n++) {
        struct fp_env e = environment(s);
        struct fp x = f(get(s, &VB, n), &fp_single, &e);
        VSR_W(result, n) = put(x, &e);
    }
    VT = result;
}

static struct fp from_double(double d) { return fp_unpack(&fp_double, bits_of(d)); }

/* 2^x by its series; basic arithmetic only, so that every host agrees. The bound is 1/16, this is
 * near the last bit. */
static struct fp exponential(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    enum { TERMS = 16, RANGE = 256 };
    const double ln2 = 0x1.62e42fefa39efp-1;
    if (fp_is_nan(x))
        return fp_operand(x, e);
    double d = double_of((uint64_t)fp_pack(&fp_double, x)), sum = 1;
    if (d > RANGE || d < -RANGE)
        d = x.sign ? -RANGE : RANGE;
    int whole = (int)d - (d < (int)d);
    for (int n = TERMS; n > 0; n--)
        sum = 1 + sum * ((d - whole) * ln2) / n;
    struct fp y = from_double(sum);
    y.exp += whole;
    if (x.kind == KIND_INFINITY)
        y = x.sign ? zero_of(false) : x;
    return fp_round(y, f, e);
}

/* log2 of x = 2^e * m: e + 2/ln 2 * atanh((m - 1) / (m + 1)), m within a factor of root 2 of 1. */
static struct fp logarithm(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    enum { LAST_POWER = 25 };
    const double two_over_ln2 = 0x1.71547652b82fep+1;
    if (fp_is_nan(x))
        return fp_operand(x, e);
    if (x.kind == KIND_ZERO)
        return (struct fp){.kind = KIND_INFINITY, .sign = true};
    if (x.sign)
        return fp_quiet_nan();
    if (x.kind == KIND_INFINITY)
        return x;
    int exp = x.exp;
    x.exp = 0;
    double m = double_of((uint64_t)fp_pack(&fp_double, x)), sum = 0;
    if (m > 0x1.6a09e6p+0) {
        m /= 2;
        exp++;
    }
    double z = (m - 1) / (m + 1);
    for (int n = LAST_POWER; n > 0; n -= 2)
        sum = sum * z * z + 1.0 / n;
    return fp_round(from_double(exp + two_over_ln2 * z * sum), f, e);
}

EXEC_CALL(vexptefp)  { estimate(s, i, exponential); }
EXEC_CALL(vlogefp)   { estimate(s, i, logarithm); }
EXEC_CALL(vrefp)     { estimate(s, i, fp_reciprocal); }
EXEC_CALL(vrsqrtefp) { estimate(s, i, fp_reciprocal_root_single); }
