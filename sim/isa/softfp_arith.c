/* Operations of arithmetic: exact, or as good as exact for the rounding that follows. */
#include "sim/isa/softfp.h"
#include "sim/isa/softfp_impl.h"

/* The first NaN of two, quiet; any signalling one is reported. At least one must be a NaN. */
static struct fp first_nan(struct fp a, struct fp b, struct fp_env *e)
{
    a = fp_operand(a, e);
    b = fp_operand(b, e);
    return fp_is_nan(a) ? a : b;
}

static struct fp add_finite(struct fp a, struct fp b, struct fp_env *e)
{
    if (fp_is_smaller(&a, &b)) {
        struct fp t = a;
        a = b;
        b = t;
    }
    fp_shift_right_jam(&b, a.exp - b.exp);
    if (a.sign == b.sign) {
        a.low += b.low;
        u128 carry_in = a.low < b.low;
        u128 sum = a.sig + b.sig + carry_in;
        bool carry = sum < a.sig || (carry_in && sum == a.sig);
        a.sig = sum;
        if (carry) {
            fp_shift_right_jam(&a, 1);
            a.sig |= FP_TOP;
            a.exp++;
        }
        return a;
    }
    a.sig -= b.sig + (a.low < b.low);
    a.low -= b.low;
    if (!(a.sig | a.low))
        return fp_zero(e->mode == FP_DOWN);
    fp_normalise(&a);
    return a;
}

/* No NaN among the operands. */
static struct fp add_numbers(struct fp a, struct fp b, struct fp_env *e)
{
    if (a.kind == KIND_INFINITY && b.kind == KIND_INFINITY && a.sign != b.sign)
        return fp_invalid(e, FPSCR_VXISI);
    if (a.kind == KIND_INFINITY || b.kind == KIND_INFINITY)
        return a.kind == KIND_INFINITY ? a : b;
    if (a.kind == KIND_ZERO && b.kind == KIND_ZERO)
        return fp_zero(a.sign == b.sign ? a.sign : e->mode == FP_DOWN);
    if (a.kind == KIND_ZERO || b.kind == KIND_ZERO)
        return a.kind == KIND_ZERO ? b : a;
    return add_finite(a, b, e);
}

/* 128 x 128 -> 256 bits */
static void multiply_wide(u128 a, u128 b, u128 *high, u128 *low)
{
    u128 a1 = a >> 64, a0 = (uint64_t)a, b1 = b >> 64, b0 = (uint64_t)b;
    u128 middle = a1 * b0 + (a0 * b0 >> 64); /* cannot overflow */
    u128 middle2 = a0 * b1 + (uint64_t)middle;
    *low = middle2 << 64 | (uint64_t)(a0 * b0);
    *high = a1 * b1 + (middle >> 64) + (middle2 >> 64);
}

static struct fp multiply_numbers(struct fp a, struct fp b, struct fp_env *e)
{
    bool sign = a.sign ^ b.sign;
    if ((a.kind == KIND_INFINITY && b.kind == KIND_ZERO) ||
        (a.kind == KIND_ZERO && b.kind == KIND_INFINITY))
        return fp_invalid(e, FPSCR_VXIMZ);
    if (a.kind == KIND_INFINITY || b.kind == KIND_INFINITY)
        return fp_infinity(sign);
    if (a.kind == KIND_ZERO || b.kind == KIND_ZERO)
        return fp_zero(sign);
    struct fp x = {.kind = KIND_FINITE, .sign = sign, .exp = a.exp + b.exp + 1};
    multiply_wide(a.sig, b.sig, &x.sig, &x.low);
    fp_normalise(&x);
    return x;
}

struct fp fp_add(struct fp a, struct fp b, struct fp_env *e)
{
    return fp_is_nan(a) || fp_is_nan(b) ? first_nan(a, b, e) : add_numbers(a, b, e);
}

struct fp fp_mul(struct fp a, struct fp b, struct fp_env *e)
{
    return fp_is_nan(a) || fp_is_nan(b) ? first_nan(a, b, e) : multiply_numbers(a, b, e);
}

struct fp fp_muladd(struct fp a, struct fp b, struct fp c, struct fp_env *e)
{
    struct fp product = fp_quiet_nan();
    if (!fp_is_nan(a) && !fp_is_nan(c))
        product = multiply_numbers(a, c, e); /* infinity times zero is told even when b is a NaN */
    if (fp_is_nan(a) || fp_is_nan(b) || fp_is_nan(c))
        return first_nan(a, first_nan(b, c, e), e);
    return fp_is_nan(product) ? product : add_numbers(product, b, e);
}

/* floor(rem * 2^64 / d) for rem < d, d with its top bit set; *rem becomes the remainder. Knuth's
 * algorithm D. */
static uint64_t quotient_digit(u128 *rem, u128 d)
{
    uint64_t d1 = (uint64_t)(d >> 64), d0 = (uint64_t)d;
    u128 q = *rem / d1, r = *rem % d1;
    while (!(r >> 64) && (q >> 64 || q * d0 > r << 64)) {
        q--;
        r += d1;
    }
    *rem = (*rem << 64) - q * d;
    return (uint64_t)q;
}

static struct fp divide_finite(struct fp a, struct fp b)
{
    struct fp x = {.kind = KIND_FINITE, .sign = a.sign ^ b.sign, .exp = a.exp - b.exp};
    bool whole = a.sig >= b.sig;
    u128 rem = whole ? a.sig - b.sig : a.sig;
    u128 fraction = (u128)quotient_digit(&rem, b.sig) << 64;
    fraction |= quotient_digit(&rem, b.sig);
    if (whole) {
        x.sig = FP_TOP | fraction >> 1;
        x.low = fraction << 127;
    } else {
        x.sig = fraction; /* at least a half */
        x.exp--;
    }
    x.low |= rem != 0;
    return x;
}

struct fp fp_div(struct fp a, struct fp b, struct fp_env *e)
{
    bool sign = a.sign ^ b.sign;
    if (fp_is_nan(a) || fp_is_nan(b))
        return first_nan(a, b, e);
    if (a.kind == KIND_INFINITY && b.kind == KIND_INFINITY)
        return fp_invalid(e, FPSCR_VXIDI);
    if (a.kind == KIND_ZERO && b.kind == KIND_ZERO)
        return fp_invalid(e, FPSCR_VXZDZ);
    if (a.kind == KIND_INFINITY)
        return fp_infinity(sign);
    if (a.kind == KIND_ZERO || b.kind == KIND_INFINITY)
        return fp_zero(sign);
    if (b.kind == KIND_ZERO) {
        e->flags |= FPSCR_ZX;
        return fp_infinity(sign);
    }
    return divide_finite(a, b);
}

/* Two bits of the radicand give one of the root. 116 of them: enough for quad, and the remainder
 * stays below 2^128. */
static struct fp root_finite(struct fp a)
{
    enum { BITS = 116 };
    u128 radicand = a.exp & 1 ? a.sig : a.sig >> 1; /* two integral bits, even exponent */
    u128 rem = 0, root = 0;
    for (unsigned n = 0; n < BITS; n++) {
        rem = rem << 2 | radicand >> 126;
        radicand <<= 2;
        u128 trial = root << 2 | 1;
        root <<= 1;
        if (rem >= trial) {
            rem -= trial;
            root |= 1;
        }
    }
    return (struct fp){.kind = KIND_FINITE, .exp = a.exp >> 1, .sig = root << (128 - BITS),
                       .low = rem != 0};
}

struct fp fp_sqrt(struct fp a, struct fp_env *e)
{
    if (fp_is_nan(a))
        return fp_operand(a, e);
    if (a.kind == KIND_ZERO)
        return a;
    if (a.sign)
        return fp_invalid(e, FPSCR_VXSQRT);
    return a.kind == KIND_INFINITY ? a : root_finite(a);
}

struct fp fp_arith(enum fp_op op, struct fp a, struct fp b, struct fp c, const struct fp_format *f,
                   struct fp_env *e)
{
    struct fp x;
    switch (op) {
    case FP_ADD:  x = fp_add(a, b, e); break;
    case FP_SUB:  x = fp_add(a, fp_negate(b), e); break;
    case FP_MUL:  x = fp_mul(a, b, e); break;
    case FP_DIV:  x = fp_div(a, b, e); break;
    case FP_SQRT: x = fp_sqrt(b, e); break;
    case FP_MADD: case FP_NMADD: x = fp_muladd(a, b, c, e); break;
    case FP_MSUB: case FP_NMSUB: x = fp_muladd(a, fp_negate(b), c, e); break;
    default:      x = fp_operand(b, e); break;
    }
    x = fp_round(x, f, e);
    return op == FP_NMADD || op == FP_NMSUB ? fp_negate(x) : x;
}
