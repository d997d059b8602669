/* Decimal floating point: arithmetic on digits. */
#include <string.h>

#include "sim/isa/decfp.h"
#include "sim/isa/fpscr_bits.h"

struct dec dec_default_nan(void) { return (struct dec){.kind = DEC_QNAN}; }

/* Digits alone; both have the same exponent. */
static int compare_digits(const struct dec *a, const struct dec *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (unsigned n = a->count; n-- > 0;)
        if (a->digit[n] != b->digit[n])
            return a->digit[n] < b->digit[n] ? -1 : 1;
    return 0;
}

/* a +- b, where a is not the smaller one for minus. */
static void combine_digits(struct dec *a, const struct dec *b, bool minus)
{
    int carry = 0;
    for (unsigned n = 0; n < DEC_ROOM; n++) {
        int sum = a->digit[n] + (minus ? -b->digit[n] : b->digit[n]) + carry;
        carry = sum < 0 ? -1 : sum > 9;
        a->digit[n] = (uint8_t)(sum - 10 * carry);
    }
    dec_set_count(a, DEC_ROOM);
}

/* Gives both the same exponent. Where they lie too far apart for that, the smaller one keeps the
 * digits in reach and a 1 behind them for the others: enough to round right. */
static void align(const struct dec_format *f, struct dec *high, struct dec *low)
{
    dec_pad(high, low->exponent, 2 * f->digits + 3);
    if (high->exponent <= low->exponent)
        return;
    struct dec_env e = {.mode = DEC_TO_ZERO};
    dec_drop(low, (int64_t)high->exponent - low->exponent - 1, &e);
    low->exponent = high->exponent - 1;
    dec_pad(low, low->exponent - 1, DEC_ROOM);
    low->exponent = high->exponent - 2;
    if (e.flags & FPSCR_FI) {
        low->digit[0] = 1;
        low->count = low->count ? low->count : 1;
    }
    dec_pad(high, high->exponent - 2, DEC_ROOM);
}

/* Exact but for digits far below those that count. Both are finite. */
static struct dec sum(const struct dec_format *f, const struct dec *a, const struct dec *b,
                      enum dec_mode mode)
{
    bool swap = a->exponent < b->exponent, minus = a->negative != b->negative;
    struct dec x = swap ? *b : *a, y = swap ? *a : *b;
    int32_t exponent = y.exponent;
    if (!x.count && !y.count) {
        x.negative = minus ? mode == DEC_DOWN : x.negative;
        x.exponent = exponent;
        return x;
    }
    if (!y.count) { /* nothing is lost, but the exponent comes as low as there are digits */
        dec_pad(&x, exponent, f->digits);
        return x;
    }
    align(f, &x, &y);
    if (minus && compare_digits(&x, &y) < 0) {
        struct dec t = x;
        x = y;
        y = t;
    }
    combine_digits(&x, &y, minus);
    if (!x.count)
        x.negative = mode == DEC_DOWN;
    return x;
}

/* The NaN that an operation makes of its operands': a signalling one first. */
static struct dec pass_nan(const struct dec *a, const struct dec *b, struct dec_env *e)
{
    if (a->kind == DEC_SNAN || b->kind == DEC_SNAN)
        e->flags |= FPSCR_VXSNAN;
    bool first = a->kind == DEC_SNAN || (b->kind != DEC_SNAN && dec_is_nan(a));
    struct dec x = first ? *a : *b;
    x.kind = DEC_QNAN;
    return x;
}

static struct dec infinity(bool negative)
{
    return (struct dec){.kind = DEC_INFINITY, .negative = negative};
}

static struct dec invalid(struct dec_env *e, uint32_t flag)
{
    e->flags |= flag;
    return dec_default_nan();
}

struct dec dec_add(const struct dec_format *f, const struct dec *a, const struct dec *b,
                   struct dec_env *e)
{
    if (dec_is_nan(a) || dec_is_nan(b))
        return pass_nan(a, b, e);
    if (a->kind == DEC_INFINITY && b->kind == DEC_INFINITY && a->negative != b->negative)
        return invalid(e, FPSCR_VXISI);
    if (a->kind == DEC_INFINITY || b->kind == DEC_INFINITY)
        return infinity(a->kind == DEC_INFINITY ? a->negative : b->negative);
    struct dec x = sum(f, a, b, e->mode);
    dec_round(f, &x, e);
    return x;
}

struct dec dec_multiply(const struct dec_format *f, const struct dec *a, const struct dec *b,
                        struct dec_env *e)
{
    bool negative = a->negative != b->negative;
    if (dec_is_nan(a) || dec_is_nan(b))
        return pass_nan(a, b, e);
    if (a->kind == DEC_INFINITY || b->kind == DEC_INFINITY)
        return dec_is_zero(a) || dec_is_zero(b) ? invalid(e, FPSCR_VXIMZ) : infinity(negative);
    struct dec x = {.negative = negative, .exponent = a->exponent + b->exponent};
    for (unsigned n = 0; n < a->count; n++) {
        unsigned carry = 0;
        for (unsigned m = 0; m < b->count || carry; m++) {
            unsigned digit = x.digit[n + m] + carry + a->digit[n] * b->digit[m];
            x.digit[n + m] = (uint8_t)(digit % 10);
            carry = digit / 10;
        }
    }
    dec_set_count(&x, DEC_ROOM);
    dec_round(f, &x, e);
    return x;
}

/* Schoolbook: the remainder takes in one digit of a after the other. *rest: it did not come out
 * even. */
static struct dec quotient(const struct dec *a, const struct dec *b, bool *rest)
{
    struct dec x = {.exponent = a->exponent - b->exponent}, r = {.kind = DEC_FINITE};
    for (unsigned n = a->count; n-- > 0;) {
        memmove(r.digit + 1, r.digit, DEC_ROOM - 1);
        r.digit[0] = a->digit[n];
        dec_set_count(&r, r.count + 1);
        while (compare_digits(&r, b) >= 0) {
            combine_digits(&r, b, true);
            x.digit[n]++;
        }
    }
    dec_set_count(&x, a->count);
    *rest = r.count > 0;
    return x;
}

static struct dec divide_finite(const struct dec_format *f, const struct dec *a,
                                const struct dec *b, struct dec_env *e)
{
    int32_t preferred = a->exponent - b->exponent;
    bool rest;
    struct dec padded = *a;
    dec_pad(&padded, INT32_MIN / 2, b->count + f->digits + 2);
    struct dec x = quotient(&padded, b, &rest);
    if (rest) { /* a digit behind all that can stay */
        dec_pad(&x, x.exponent - 1, DEC_ROOM);
        x.digit[0] = 1;
    }
    while (!rest && x.exponent < preferred && x.digit[0] == 0) {
        struct dec_env none = {.mode = DEC_TO_ZERO};
        dec_drop(&x, 1, &none);
    }
    x.negative = a->negative != b->negative;
    dec_round(f, &x, e);
    return x;
}

struct dec dec_divide(const struct dec_format *f, const struct dec *a, const struct dec *b,
                      struct dec_env *e)
{
    bool negative = a->negative != b->negative;
    if (dec_is_nan(a) || dec_is_nan(b))
        return pass_nan(a, b, e);
    if (a->kind == DEC_INFINITY)
        return b->kind == DEC_INFINITY ? invalid(e, FPSCR_VXIDI) : infinity(negative);
    struct dec zero = {.negative = negative, .exponent = a->exponent - b->exponent};
    if (b->kind == DEC_INFINITY) {
        zero.exponent = dec_lowest(f);
        return zero;
    }
    if (!b->count) {
        if (!a->count)
            return invalid(e, FPSCR_VXZDZ);
        e->flags |= FPSCR_ZX;
        return infinity(negative);
    }
    if (a->count)
        return divide_finite(f, a, b, e);
    dec_round(f, &zero, e);
    return zero;
}

int dec_compare(const struct dec_format *f, const struct dec *a, const struct dec *b)
{
    struct dec minus = *b;
    int sign_a = a->negative ? -1 : 1, sign_b = b->negative ? -1 : 1;
    if (a->kind == DEC_INFINITY && b->kind == DEC_INFINITY)
        return sign_a == sign_b ? 0 : sign_a;
    if (a->kind == DEC_INFINITY || b->kind == DEC_INFINITY)
        return a->kind == DEC_INFINITY ? sign_a : -sign_b;
    minus.negative = !b->negative;
    struct dec x = sum(f, a, &minus, DEC_EVEN);
    return !x.count ? 0 : x.negative ? -1 : 1;
}

int dec_quantize(const struct dec_format *f, struct dec *x, int32_t exponent, struct dec_env *e)
{
    if (x->kind != DEC_FINITE)
        return 0;
    dec_drop(x, (int64_t)exponent - x->exponent, e);
    dec_pad(x, exponent, f->digits);
    return x->exponent == exponent && x->count <= f->digits ? 0 : -1;
}
