#include "sim/isa/softfp.h"

#include "sim/isa/softfp_impl.h"

const struct fp_format fp_half = {11, 16, 15, 24};
const struct fp_format fp_single = {24, 32, 127, 192};
const struct fp_format fp_double = {53, 64, 1023, 1536};
const struct fp_format fp_quad = {113, 128, 16383, 24576};

struct fp fp_quiet_nan(void) { return (struct fp){.kind = KIND_QNAN, .sig = FP_TOP | FP_QUIET}; }

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
        x.sig |= FP_QUIET;
    }
    return x;
}

struct fp fp_unpack(const struct fp_format *f, u128 bits)
{
    unsigned fraction_bits = (unsigned)f->precision - 1;
    int32_t exp_max = 2 * f->bias + 1;
    int32_t exp = (int32_t)(bits >> fraction_bits) & exp_max;
    u128 fraction = bits << (128 - fraction_bits) >> 1; /* its first bit in bit 126 */
    struct fp x = {.kind = KIND_FINITE, .sign = bits >> (f->width - 1) & 1,
                   .sig = FP_TOP | fraction};
    x.exp = exp - f->bias;
    if (exp == exp_max) {
        x.kind = !fraction ? KIND_INFINITY : fraction & FP_QUIET ? KIND_QNAN : KIND_SNAN;
    } else if (exp == 0) {
        x.sig = fraction;
        x.exp = 1 - f->bias;
        if (!fraction)
            return fp_zero(x.sign);
        fp_normalise(&x);
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
            fp_shift_right_jam(&x, 1 - exp);
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

bool fp_round_significand(struct fp *x, u128 unit, struct fp_env *e)
{
    u128 rest = x->sig & (unit - 1);
    bool up = rounds_up(x, rest, unit, e->mode), inexact = (rest | x->low) != 0;
    if (inexact)
        e->flags |= FPSCR_XX | FPSCR_FI | (up ? FPSCR_FR : 0);
    x->sig -= rest;
    x->low = 0;
    if (up && (x->sig += unit) == 0) {
        x->sig = FP_TOP;
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
        return fp_infinity(x.sign);
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
        fp_shift_right_jam(&x, exp_min - x.exp);
        x.exp = exp_min;
    }
    if (fp_round_significand(&x, (u128)1 << (128 - f->precision), e) && tiny)
        e->flags |= FPSCR_UX;
    if (x.exp > f->bias && !e->overflow_enabled)
        return overflow(x, f, e);
    if (x.exp > f->bias) {
        e->flags |= FPSCR_OX;
        x.exp -= f->wrap;
    }
    if (!x.sig)
        return fp_zero(x.sign);
    fp_normalise(&x);
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
    default:            class = C | FU;
    }
    return class << FPRF_SHIFT;
}
