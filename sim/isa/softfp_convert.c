/* To and from integers, and comparisons. */
#include "sim/isa/softfp.h"
#include "sim/isa/softfp_impl.h"

struct fp fp_round_to_integer(struct fp x, struct fp_env *e)
{
    if (x.kind != KIND_FINITE)
        return fp_operand(x, e);
    if (x.exp >= 127)
        return x;
    if (x.exp < 0) { /* the unit's bit becomes the top one */
        fp_shift_right_jam(&x, -x.exp);
        x.exp = 0;
    }
    fp_round_significand(&x, (u128)1 << (127 - x.exp), e);
    return x.sig ? x : fp_zero(x.sign);
}

struct fp fp_from_int(u128 magnitude, bool sign)
{
    struct fp x = {.kind = KIND_FINITE, .sign = sign, .exp = 127, .sig = magnitude};
    if (!magnitude)
        return fp_zero(sign);
    fp_normalise(&x);
    return x;
}

uint64_t fp_to_int(struct fp x, unsigned bits, bool is_signed, struct fp_env *e)
{
    uint64_t max = UINT64_MAX >> (64 - bits + is_signed), min = is_signed ? ~max : 0;
    struct fp_env rounding = {.mode = e->mode};
    struct fp y = fp_round_to_integer(x, &rounding);
    u128 magnitude = 0, limit = y.sign ? (u128)0 - (u128)(s128)(int64_t)min : max;
    if (y.kind == KIND_FINITE)
        magnitude = y.exp > 64 ? FP_TOP : y.sig >> (127 - y.exp);
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
    if (same_kind && (!both_finite || (!fp_is_smaller(&a, &b) && !fp_is_smaller(&b, &a))))
        return EQUAL;
    bool a_smaller = both_finite ? fp_is_smaller(&a, &b) : a.kind < b.kind; /* finite < infinity */
    return a_smaller != a.sign ? LESS : GREATER;
}
