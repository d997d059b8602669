#include "sim/isa/softfp.h"

const struct fp_format fp_half = {11, 16, 15, 24};
const struct fp_format fp_single = {24, 32, 127, 192};
const struct fp_format fp_double = {53, 64, 1023, 1536};
const struct fp_format fp_quad = {113, 128, 16383, 24576};

#define TOP   ((u128)1 << 127)
#define QUIET ((u128)1 << 126)

static unsigned clz128(u128 v)
{
    uint64_t high = (uint64_t)(v >> 64), low = (uint64_t)v;
    return high ? (unsigned)__builtin_clzll(high) : 64 + (unsigned)__builtin_clzll(low);
}

/* sig:low >> n; whatever falls out is or-ed into the last bit. */
static void shift_right_jam(struct fp *x, int32_t n)
{
    bool lost;
    if (n == 0)
        return;
    if (n < 128) {
        lost = x->low << (128 - n) != 0;
        x->low = x->low >> n | x->sig << (128 - n);
        x->sig >>= n;
    } else if (n < 256) {
        u128 out = n == 128 ? 0 : x->sig << (256 - n);
        lost = (x->low | out) != 0;
        x->low = x->sig >> (n - 128);
        x->sig = 0;
    } else {
        lost = true;
        x->sig = x->low = 0;
    }
    x->low |= lost;
}

/* Moves the first one to the top; sig:low must not be zero. */
static void normalise(struct fp *x)
{
    if (!x->sig) {
        x->sig = x->low;
        x->low = 0;
        x->exp -= 128;
    }
    unsigned n = clz128(x->sig);
    if (n) {
        x->sig = x->sig << n | x->low >> (128 - n);
        x->low <<= n;
        x->exp -= (int32_t)n;
    }
}

struct fp fp_quiet_nan(void) { return (struct fp){.kind = KIND_QNAN, .sig = TOP | QUIET}; }

static struct fp zero(bool sign) { return (struct fp){.kind = KIND_ZERO, .sign = sign}; }

static struct fp infinity(bool sign) { return (struct fp){.kind = KIND_INFINITY, .sign = sign}; }

static struct fp invalid(struct fp_env *e, uint32_t flag)
{
    e->flags |= flag;
    return fp_quiet_nan();
}

struct fp fp_negate(struct fp x)
{
    x.sign ^= !fp_is_nan(x);
    return x;
}

struct fp fp_operand(struct fp x, struct fp_env *e)
{
    if (x.kind == KIND_SNAN) {
        e->flags |= FPSCR_VXSNAN;
        x.kind = KIND_QNAN;
        x.sig |= QUIET;
    }
    return x;
}

/* The first NaN of two, quiet; any signalling one is reported. At least one must be a NaN. */
static struct fp first_nan(struct fp a, struct fp b, struct fp_env *e)
{
    a = fp_operand(a, e);
    b = fp_operand(b, e);
    return fp_is_nan(a) ? a : b;
}

struct fp fp_unpack(const struct fp_format *f, u128 bits)
{
    unsigned fraction_bits = (unsigned)f->precision - 1;
    int32_t exp_max = 2 * f->bias + 1;
    int32_t exp = (int32_t)(bits >> fraction_bits) & exp_max;
    u128 fraction = bits << (128 - fraction_bits) >> 1; /* its first bit in bit 126 */
    struct fp x = {.kind = KIND_FINITE, .sign = bits >> (f->width - 1) & 1, .sig = TOP | fraction};
    x.exp = exp - f->bias;
    if (exp == exp_max) {
        x.kind = !fraction ? KIND_INFINITY : fraction & QUIET ? KIND_QNAN : KIND_SNAN;
    } else if (exp == 0) {
        x.sig = fraction;
        x.exp = 1 - f->bias;
        if (!fraction)
            return zero(x.sign);
        normalise(&x);
    }
    return x;
}

u128 fp_pack(const struct fp_format *f, struct fp x)
{
    unsigned fraction_bits = (unsigned)f->precision - 1;
    u128 fraction_mask = ((u128)1 << fraction_bits) - 1;
    int32_t exp = 0;
    if (x.kind == KIND_FINITE) {
        exp = x.exp + f->bias;
        if (exp <= 0) {
            shift_right_jam(&x, 1 - exp);
            exp = 0;
        } else if (exp > 2 * f->bias) { /* scaled, of operands that the ISA does not allow */
            exp = 2 * f->bias + 1;
            x.sig = 0;
        }
    } else if (x.kind != KIND_ZERO) {
        exp = 2 * f->bias + 1;
        if (x.kind == KIND_INFINITY)
            x.sig = 0;
    }
    return (u128)x.sign << (f->width - 1) | (u128)(uint32_t)exp << fraction_bits |
           (x.sig >> (127 - fraction_bits) & fraction_mask);
}

/* Whether to add a unit to the last kept bit; `rest` is what lies below it in sig, low the bits
 * after. */
static bool rounds_up(const struct fp *x, u128 rest, u128 unit, enum fp_rounding mode)
{
    u128 half = unit >> 1;
    bool inexact = (rest | x->low) != 0;
    switch (mode) {
    case FP_NEAREST:      return rest > half || (rest == half && (x->low || x->sig & unit));
    case FP_NEAREST_AWAY: return rest >= half;
    case FP_UP:           return inexact && !x->sign;
    case FP_DOWN:         return inexact && x->sign;
    case FP_TO_ODD:       return inexact && !(x->sig & unit);
    default:              return false;
    }
}

/* Rounds to a multiple of `unit`, one bit of sig. Returns whether that changed the value. */
static bool round_significand(struct fp *x, u128 unit, struct fp_env *e)
{
    u128 rest = x->sig & (unit - 1);
    bool up = rounds_up(x, rest, unit, e->mode), inexact = (rest | x->low) != 0;
    if (inexact)
        e->flags |= FPSCR_XX | FPSCR_FI | (up ? FPSCR_FR : 0);
    x->sig -= rest;
    x->low = 0;
    if (up && (x->sig += unit) == 0) {
        x->sig = TOP;
        x->exp++;
    }
    return inexact;
}

/* Beyond the format, exception disabled: infinity, or the largest number when the mode points away
 * from infinity. */
static struct fp overflow(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    bool largest = e->mode == FP_TO_ZERO || e->mode == FP_TO_ODD ||
                   e->mode == (x.sign ? FP_UP : FP_DOWN);
    e->flags |= FPSCR_OX | FPSCR_XX | FPSCR_FI;
    e->flags &= ~FPSCR_FR;
    if (!largest) {
        e->flags |= FPSCR_FR;
        return infinity(x.sign);
    }
    x.exp = f->bias;
    x.sig = ~(u128)0 << (128 - f->precision);
    return x;
}

struct fp fp_round(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    int32_t exp_min = 1 - f->bias;
    bool tiny = x.exp < exp_min; /* before rounding, as the ISA has it */
    if (x.kind != KIND_FINITE) {
        x.sig &= ~(u128)0 << (128 - f->precision); /* a NaN loses the end of its payload */
        return x;
    }
    if (tiny && e->underflow_enabled) {
        e->flags |= FPSCR_UX;
        x.exp += f->wrap;
    } else if (tiny) {
        shift_right_jam(&x, exp_min - x.exp);
        x.exp = exp_min;
    }
    if (round_significand(&x, (u128)1 << (128 - f->precision), e) && tiny)
        e->flags |= FPSCR_UX;
    if (x.exp > f->bias && !e->overflow_enabled)
        return overflow(x, f, e);
    if (x.exp > f->bias) {
        e->flags |= FPSCR_OX;
        x.exp -= f->wrap;
    }
    if (!x.sig)
        return zero(x.sign);
    normalise(&x);
    return x;
}

uint32_t fp_class(struct fp x, const struct fp_format *f)
{
    enum { C = 16, FL = 8, FG = 4, FE = 2, FU = 1 };
    uint32_t less_or_greater = x.sign ? FL : FG, class;
    switch (x.kind) {
    case KIND_ZERO:     class = FE | (x.sign ? C : 0); break;
    case KIND_FINITE:   class = less_or_greater | (x.exp < 1 - f->bias ? C : 0); break;
    case KIND_INFINITY: class = less_or_greater | FU; break;
    default:          class = C | FU;
    }
    return class << FPRF_SHIFT;
}

/* |a| < |b|, both finite */
static bool is_smaller(const struct fp *a, const struct fp *b)
{
    if (a->exp != b->exp)
        return a->exp < b->exp;
    return a->sig < b->sig || (a->sig == b->sig && a->low < b->low);
}

static struct fp add_finite(struct fp a, struct fp b, struct fp_env *e)
{
    if (is_smaller(&a, &b)) {
        struct fp t = a;
        a = b;
        b = t;
    }
    shift_right_jam(&b, a.exp - b.exp);
    if (a.sign == b.sign) {
        a.low += b.low;
        u128 carry_in = a.low < b.low;
        u128 sum = a.sig + b.sig + carry_in;
        bool carry = sum < a.sig || (carry_in && sum == a.sig);
        a.sig = sum;
        if (carry) {
            shift_right_jam(&a, 1);
            a.sig |= TOP;
            a.exp++;
        }
        return a;
    }
    a.sig -= b.sig + (a.low < b.low);
    a.low -= b.low;
    if (!(a.sig | a.low))
        return zero(e->mode == FP_DOWN);
    normalise(&a);
    return a;
}

/* No NaN among the operands. */
static struct fp add_numbers(struct fp a, struct fp b, struct fp_env *e)
{
    if (a.kind == KIND_INFINITY && b.kind == KIND_INFINITY && a.sign != b.sign)
        return invalid(e, FPSCR_VXISI);
    if (a.kind == KIND_INFINITY || b.kind == KIND_INFINITY)
        return a.kind == KIND_INFINITY ? a : b;
    if (a.kind == KIND_ZERO && b.kind == KIND_ZERO)
        return zero(a.sign == b.sign ? a.sign : e->mode == FP_DOWN);
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
        return invalid(e, FPSCR_VXIMZ);
    if (a.kind == KIND_INFINITY || b.kind == KIND_INFINITY)
        return infinity(sign);
    if (a.kind == KIND_ZERO || b.kind == KIND_ZERO)
        return zero(sign);
    struct fp x = {.kind = KIND_FINITE, .sign = sign, .exp = a.exp + b.exp + 1};
    multiply_wide(a.sig, b.sig, &x.sig, &x.low);
    normalise(&x);
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
        x.sig = TOP | fraction >> 1;
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
        return invalid(e, FPSCR_VXIDI);
    if (a.kind == KIND_ZERO && b.kind == KIND_ZERO)
        return invalid(e, FPSCR_VXZDZ);
    if (a.kind == KIND_INFINITY)
        return infinity(sign);
    if (a.kind == KIND_ZERO || b.kind == KIND_INFINITY)
        return zero(sign);
    if (b.kind == KIND_ZERO) {
        e->flags |= FPSCR_ZX;
        return infinity(sign);
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
        return invalid(e, FPSCR_VXSQRT);
    return a.kind == KIND_INFINITY ? a : root_finite(a);
}

struct fp fp_round_to_integer(struct fp x, struct fp_env *e)
{
    if (x.kind != KIND_FINITE)
        return fp_operand(x, e);
    if (x.exp >= 127)
        return x;
    if (x.exp < 0) { /* the unit's bit becomes the top one */
        shift_right_jam(&x, -x.exp);
        x.exp = 0;
    }
    round_significand(&x, (u128)1 << (127 - x.exp), e);
    return x.sig ? x : zero(x.sign);
}

struct fp fp_from_int(u128 magnitude, bool sign)
{
    struct fp x = {.kind = KIND_FINITE, .sign = sign, .exp = 127, .sig = magnitude};
    if (!magnitude)
        return zero(sign);
    normalise(&x);
    return x;
}

uint64_t fp_to_int(struct fp x, unsigned bits, bool is_signed, struct fp_env *e)
{
    uint64_t max = UINT64_MAX >> (64 - bits + is_signed), min = is_signed ? ~max : 0;
    struct fp_env rounding = {.mode = e->mode};
    struct fp y = fp_round_to_integer(x, &rounding);
    u128 magnitude = 0, limit = y.sign ? (u128)0 - (u128)(s128)(int64_t)min : max;
    if (y.kind == KIND_FINITE)
        magnitude = y.exp > 64 ? TOP : y.sig >> (127 - y.exp);
    if (y.kind >= KIND_INFINITY || magnitude > limit) {
        e->flags |= FPSCR_VXCVI | (x.kind == KIND_SNAN ? FPSCR_VXSNAN : 0);
        return y.sign || fp_is_nan(y) ? min : max;
    }
    e->flags |= rounding.flags;
    return y.sign ? -(uint64_t)magnitude : (uint64_t)magnitude;
}

uint32_t fp_compare(struct fp a, struct fp b)
{
    enum { LESS = 8, GREATER = 4, EQUAL = 2, UNORDERED = 1 };
    if (fp_is_nan(a) || fp_is_nan(b))
        return UNORDERED;
    if (a.kind == KIND_ZERO && b.kind == KIND_ZERO)
        return EQUAL;
    if (a.kind == KIND_ZERO)
        return b.sign ? GREATER : LESS;
    if (b.kind == KIND_ZERO || a.sign != b.sign)
        return a.sign ? LESS : GREATER;
    bool same_kind = a.kind == b.kind, both_finite = same_kind && a.kind == KIND_FINITE;
    if (same_kind && (!both_finite || (!is_smaller(&a, &b) && !is_smaller(&b, &a))))
        return EQUAL;
    bool a_smaller = both_finite ? is_smaller(&a, &b) : a.kind < b.kind; /* finite < infinity */
    return a_smaller != a.sign ? LESS : GREATER;
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
