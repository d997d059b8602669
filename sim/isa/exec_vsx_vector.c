/* VSX vector floating point (Book I, chapter 7.6). FR, FI and FPRF stay as they are; exceptions of
 * all elements are collected, and an enabled one among them leaves the whole target unwritten. */
#include "sim/isa/exec_fp_kinds.h"
#include "sim/isa/vector.h"

#define SIGN_D UINT64_C(0x8000000000000000)
#define SIGN_W UINT32_C(0x80000000)

VX_MAP1(xvabsdp, D, UNSIGNED, b & ~SIGN_D)
VX_MAP1(xvabssp, W, UNSIGNED, b & ~SIGN_W)
VX_MAP1(xvnabsdp, D, UNSIGNED, b | SIGN_D)
VX_MAP1(xvnabssp, W, UNSIGNED, b | SIGN_W)
VX_MAP1(xvnegdp, D, UNSIGNED, b ^ SIGN_D)
VX_MAP1(xvnegsp, W, UNSIGNED, b ^ SIGN_W)
VX_MAP(xvcpsgndp, D, UNSIGNED, (a & SIGN_D) | (b & ~SIGN_D))
VX_MAP(xvcpsgnsp, W, UNSIGNED, (a & SIGN_W) | (b & ~SIGN_W))

static void finish(struct cpu *s, const struct insn *i, union vsr result, uint32_t flags)
{
    bool suppressed = fpscr_enabled(s, flags) != 0;
    fpscr_add_exceptions(s, flags);
    if (!suppressed)
        VT = result;
    fpscr_trap(s, i, flags);
}

static uint64_t get_element(const union vsr *v, bool is_single, int n)
{
    return is_single ? VSR_W(*v, n) : VSR_D(*v, n);
}

static void set_element(union vsr *v, bool is_single, int n, uint64_t bits)
{
    if (is_single)
        VSR_W(*v, n) = (uint32_t)bits;
    else
        VSR_D(*v, n) = bits;
}

static const struct fp_format *format_of(bool is_single)
{
    return is_single ? &fp_single : &fp_double;
}

static __attribute__((noinline)) void arith_slow(struct cpu *s, const struct insn *i, enum fp_op op,
                                                 bool is_single, const union vsr *addend,
                                                 const union vsr *factor)
{
    const struct fp_format *f = format_of(is_single);
    struct fp_env e = fpscr_env(s);
    union vsr result;
    for (int n = 0; n < (is_single ? 4 : 2); n++) {
        struct fp x = fp_arith(op, fp_unpack(f, get_element(&VA, is_single, n)),
                               fp_unpack(f, get_element(addend, is_single, n)),
                               fp_unpack(f, get_element(factor, is_single, n)), f, &e);
        set_element(&result, is_single, n, (uint64_t)fp_pack(f, x));
    }
    finish(s, i, result, e.flags);
}

static inline double get_double(const union vsr *v, bool is_single, int n)
{
    return is_single ? (double)float_of(VSR_W(*v, n)) : double_of(VSR_D(*v, n));
}

/* VA op b, or VA * c + b, as scalars do it in exec_fp.h: in the chain by the host, all elements or
 * none; in the step with all answers to whether that is right. */
#define VECTOR_ARITH(name, op, is_single, y, z, target, arith, is_plainly)                         \
    static inline target __attribute__((always_inline)) bool try_##name(struct cpu *s,             \
                                                                        const struct insn *i)      \
    {                                                                                              \
        uint64_t d[2] = {0, 0};                                                                    \
        bool is_right = fpscr_is_quiet(s);                                                         \
        _Pragma("GCC unroll 4") for (int n = 0; n < ((is_single) ? 4 : 2); n++)                    \
        {                                                                                          \
            double a = get_double(&VA, is_single, n), b = get_double(&y, is_single, n);            \
            double c = get_double(&z, is_single, n), r = arith(op, a, b, c);                       \
            is_right = is_right && is_in_range(op, is_single, a, b, c, r) &&                       \
                       (fpscr_has_xx(s) || (!(is_single) && is_plainly(op, a, b, c, r)));          \
            if (is_single)                                                                         \
                d[n / 2] = d[n / 2] << 32 | bits_of_float((float)r);                               \
            else                                                                                   \
                d[n] = bits_of(r);                                                                 \
        }                                                                                          \
        if (is_right)                                                                              \
            VT.q = (u128)d[0] << 64 | d[1];                                                        \
        return is_right;                                                                           \
    }                                                                                              \
    void step_##name(struct cpu *s, const struct insn *i)                                          \
    {                                                                                              \
        arith_step(s, i, op, is_single, &y, &z);                                                   \
    }

static inline __attribute__((always_inline)) void arith_step(struct cpu *s, const struct insn *i,
                                                             enum fp_op op, bool is_single,
                                                             const union vsr *y,
                                                             const union vsr *z)
{
    union vsr result;
    bool is_right = host_can(s, op);
    for (int n = 0; is_right && n < (is_single ? 4 : 2); n++) {
        double a = get_double(&VA, is_single, n), b = get_double(y, is_single, n);
        double c = get_double(z, is_single, n), r = host_arith(op, a, b, c);
        is_right = is_in_range(op, is_single, a, b, c, r) &&
                   (fpscr_has_xx(s) || is_exact(op, is_single, a, b, c, r));
        set_element(&result, is_single, n, is_single ? bits_of_float((float)r) : bits_of(r));
    }
    if (is_right)
        VT = result;
    else
        arith_slow(s, i, op, is_single, y, z);
}

#define HOST_ARITH(name, op, is_single)                                                            \
    VECTOR_ARITH(name, op, is_single, VB, VB, , host_arith, is_plainly_exact)                      \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        FP_TRY(name)                                                                               \
    }
#define HOST_MULADD(name, op, is_single, y, z)                                                     \
    VECTOR_ARITH(name, op, is_single, y, z, WITH_FMA, host_muladd, is_muladd_plainly_exact)        \
    FP_CHAIN_MULADD(name)

#define ARITH(name, op)                                                                            \
    HOST_ARITH(name##dp, op, false)                                                                \
    HOST_ARITH(name##sp, op, true)
/* The A form adds to the target, the M form multiplies by it. */
#define MULTIPLY_ADD(name, op)                                                                     \
    HOST_MULADD(name##adp, op, false, VT, VB)                                                      \
    HOST_MULADD(name##mdp, op, false, VB, VT)                                                      \
    HOST_MULADD(name##asp, op, true, VT, VB)                                                       \
    HOST_MULADD(name##msp, op, true, VB, VT)
ARITH(xvadd, FP_ADD)
ARITH(xvsub, FP_SUB)
ARITH(xvmul, FP_MUL)
ARITH(xvdiv, FP_DIV)
ARITH(xvsqrt, FP_SQRT)
MULTIPLY_ADD(xvmadd, FP_MADD)
MULTIPLY_ADD(xvmsub, FP_MSUB)
MULTIPLY_ADD(xvnmadd, FP_NMADD)
MULTIPLY_ADD(xvnmsub, FP_NMSUB)
#undef ARITH
#undef MULTIPLY_ADD

static void estimate(struct cpu *s, const struct insn *i, fp_estimate *f, bool is_single)
{
    const struct fp_format *format = format_of(is_single);
    struct fp_env e = fpscr_env(s);
    union vsr result;
    for (int n = 0; n < (is_single ? 4 : 2); n++) {
        struct fp x = f(fp_unpack(format, get_element(&VB, is_single, n)), format, &e);
        set_element(&result, is_single, n, (uint64_t)fp_pack(format, x));
    }
    finish(s, i, result, e.flags);
}

EXEC_CALL(xvredp)     { estimate(s, i, fp_reciprocal, false); }
EXEC_CALL(xvresp)     { estimate(s, i, fp_reciprocal, true); }
EXEC_CALL(xvrsqrtedp) { estimate(s, i, fp_reciprocal_root, false); }
EXEC_CALL(xvrsqrtesp) { estimate(s, i, fp_reciprocal_root_single, true); }

/* The conditions of all elements, or-ed. */
static void test(struct cpu *s, const struct insn *i, bool is_single, bool is_root)
{
    const struct fp_format *f = format_of(is_single);
    uint8_t cc = 0;
    for (int n = 0; n < (is_single ? 4 : 2); n++) {
        uint64_t b = get_element(&VB, is_single, n);
        cc |= is_root ? fp_test_root(f, b) : fp_test_divide(f, get_element(&VA, is_single, n), b);
    }
    s->cr[BF_FIELD] = cc;
}

EXEC_CALL(xvtdivdp)  { test(s, i, false, false); }
EXEC_CALL(xvtdivsp)  { test(s, i, true, false); }
EXEC_CALL(xvtsqrtdp) { test(s, i, false, true); }
EXEC_CALL(xvtsqrtsp) { test(s, i, true, true); }

/* Elements become ones where a bit of `wanted` describes the operands; CR6 when Rc says so. */
static void compare(struct cpu *s, const struct insn *i, bool is_single, uint32_t wanted,
                    bool is_ordered)
{
    const struct fp_format *f = format_of(is_single);
    uint32_t all_flags = 0, flags;
    union vsr result;
    for (int n = 0; n < (is_single ? 4 : 2); n++) {
        uint32_t cc = fp_compare_flags(s, fp_unpack(f, get_element(&VA, is_single, n)),
                                       fp_unpack(f, get_element(&VB, is_single, n)), is_ordered,
                                       &flags);
        set_element(&result, is_single, n, cc & wanted ? UINT64_MAX : 0);
        all_flags |= flags;
    }
    if (FIELD(21, 21) && !fpscr_suppresses(s, all_flags))
        set_cr6_compare(s, result);
    finish(s, i, result, all_flags);
}

EXEC_CALL(xvcmpeqdp) { compare(s, i, false, CR_EQ, false); }
EXEC_CALL(xvcmpeqsp) { compare(s, i, true, CR_EQ, false); }
EXEC_CALL(xvcmpgedp) { compare(s, i, false, CR_GT | CR_EQ, true); }
EXEC_CALL(xvcmpgesp) { compare(s, i, true, CR_GT | CR_EQ, true); }
EXEC_CALL(xvcmpgtdp) { compare(s, i, false, CR_GT, true); }
EXEC_CALL(xvcmpgtsp) { compare(s, i, true, CR_GT, true); }

static void min_max(struct cpu *s, const struct insn *i, bool is_single, bool is_max)
{
    const struct fp_format *f = format_of(is_single);
    struct fp_env e = {0};
    union vsr result;
    for (int n = 0; n < (is_single ? 4 : 2); n++) {
        struct fp x = fp_min_max_ieee(fp_unpack(f, get_element(&VA, is_single, n)),
                                      fp_unpack(f, get_element(&VB, is_single, n)), is_max, &e);
        set_element(&result, is_single, n, (uint64_t)fp_pack(f, x));
    }
    finish(s, i, result, e.flags);
}

EXEC_CALL(xvmaxdp) { min_max(s, i, false, true); }
EXEC_CALL(xvmaxsp) { min_max(s, i, true, true); }
EXEC_CALL(xvmindp) { min_max(s, i, false, false); }
EXEC_CALL(xvminsp) { min_max(s, i, true, false); }

/* xvtstdc*: DCMX is in three pieces. */
static void test_class(struct cpu *s, const struct insn *i, bool is_single)
{
    const struct fp_format *f = format_of(is_single);
    uint32_t dcmx = FIELD(25, 25) << 6 | FIELD(29, 29) << 5 | FIELD(11, 15);
    union vsr result;
    for (int n = 0; n < (is_single ? 4 : 2); n++) {
        bool match = fp_test_class(fp_unpack(f, get_element(&VB, is_single, n)), f, dcmx);
        set_element(&result, is_single, n, match ? UINT64_MAX : 0);
    }
    VT = result;
}

EXEC_CALL(xvtstdcdp) { test_class(s, i, false); }
EXEC_CALL(xvtstdcsp) { test_class(s, i, true); }

#define FRACTION_W UINT32_C(0x007fffff)
#define FRACTION_D UINT64_C(0x000fffffffffffff)

static inline uint32_t significand_single(uint32_t x)
{
    uint32_t exponent = x >> 23 & 0xff;
    return (x & FRACTION_W) | (uint32_t)(exponent != 0 && exponent != 0xff) << 23;
}

VX_MAP(xviexpdp, D, UNSIGNED, (a & (SIGN_D | FRACTION_D)) | (b & 0x7ff) << 52)
VX_MAP(xviexpsp, W, UNSIGNED, (a & (SIGN_W | FRACTION_W)) | (b & 0xff) << 23)
VX_MAP1(xvxexpdp, D, UNSIGNED, b >> 52 & 0x7ff)
VX_MAP1(xvxexpsp, W, UNSIGNED, b >> 23 & 0xff)
VX_MAP1(xvxsigdp, D, UNSIGNED, fp_significand_double(b))
VX_MAP1(xvxsigsp, W, UNSIGNED, significand_single(b))
