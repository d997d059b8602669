/* Decimal floating point: conversions, and the parts of numbers. */
#include <string.h>

#include "sim/isa/exec_decimal.h"

/* Between formats. A NaN keeps the digits of its payload that there is room for. */
EXEC_CALL(dctdp)
{
    struct dec x = dec_unpack(&dec_short, (uint32_t)FRB);
    dec_finish(s, i, &x, 0, false);
}

EXEC_CALL(dctqpq)
{
    struct dec x = dec_get(s, i->rb, false);
    uint32_t flags = dec_quieten(&x);
    dec_finish(s, i, &x, flags, true);
}

static void narrow(const struct dec_format *f, struct dec *x, struct dec_env *e)
{
    if (x->kind == DEC_FINITE)
        dec_round(f, x, e);
    else
        dec_set_count(x, x->kind == DEC_INFINITY ? 0 : f->digits - 1);
}

EXEC_CALL(drsp)
{
    struct dec_env e = dec_environment(s);
    struct dec x = dec_get(s, i->rb, false);
    narrow(&dec_short, &x, &e);
    dec_finish_as(s, i, dec_pack(&dec_short, &x), dec_class(&dec_short, &x), e.flags, false);
}

EXEC_CALL(drdpq)
{
    struct dec_env e = dec_environment(s);
    struct dec x = dec_get(s, i->rb, true);
    e.flags = dec_quieten(&x);
    narrow(&dec_long, &x, &e);
    dec_finish_as(s, i, dec_pack(&dec_long, &x) << 64, dec_class(&dec_long, &x), e.flags, true);
}

static void from_integer(struct cpu *s, const struct insn *i, bool quad)
{
    struct dec_env e = dec_environment(s);
    uint64_t value = FRB;
    struct dec x = {.negative = value >> 63};
    unsigned count = 0;
    for (value = x.negative ? -value : value; value; value /= 10)
        x.digit[count++] = (uint8_t)(value % 10);
    dec_set_count(&x, count);
    dec_round(dec_format_of(quad), &x, &e);
    dec_finish(s, i, &x, e.flags, quad);
}

/* A NaN is the lowest integer; what is too large, the one next to it. */
static uint64_t integer_of(struct dec *x, struct dec_env *e)
{
    const unsigned most = 19; /* digits of 2^63 */
    uint64_t limit = INT64_MAX + (uint64_t)x->negative, value = 0;
    if (x->kind == DEC_FINITE) {
        dec_drop(x, -(int64_t)x->exponent, e);
        dec_pad(x, 0, most + 1);
    }
    bool fits = x->kind == DEC_FINITE && (!x->count || (x->exponent == 0 && x->count <= most));
    for (unsigned n = fits ? x->count : 0; n-- > 0;)
        value = 10 * value + x->digit[n]; /* below 10^19 */
    if (fits && value <= limit)
        return x->negative ? -value : value;
    e->flags = FPSCR_VXCVI | (x->kind == DEC_SNAN ? FPSCR_VXSNAN : 0);
    return dec_is_nan(x) ? UINT64_C(1) << 63 : limit;
}

static void to_integer(struct cpu *s, const struct insn *i, bool quad)
{
    struct dec_env e = dec_environment(s);
    struct dec x = dec_get(s, i->rb, quad);
    uint64_t value = integer_of(&x, &e);
    if (e.flags & FPSCR_FI)
        e.flags |= FPSCR_XX;
    if (fpscr_add_unclassed(s, e.flags))
        write_scalar(s, i, value);
    dec_record(s, i);
    fpscr_trap(s, i, e.flags);
}

TWICE(dcffix, from_integer)
TWICE(dctfix, to_integer)

/* As many of the rightmost digits as there is room for, as packed decimals: all of them, or one
 * less and a sign, 0xd or else 0xc or 0xf. */
static void to_packed(struct cpu *s, const struct insn *i, bool quad)
{
    struct dec x = dec_get(s, i->rb, quad);
    unsigned room = quad ? 32 : 16, has_sign = FIELD(11, 11);
    u128 bits = 0;
    for (unsigned n = room - has_sign; n-- > 0;)
        bits = bits << 4 | x.digit[n];
    if (has_sign)
        bits = bits << 4 | (x.negative ? 0xd : FIELD(12, 12) ? 0xf : 0xc);
    dec_put_bits(s, i, bits, quad);
    dec_record(s, i);
}

static void from_packed(struct cpu *s, const struct insn *i, bool quad)
{
    u128 bits = dec_get_bits(s, i->rb, quad);
    unsigned room = quad ? 32 : 16, sign = (unsigned)bits & 15;
    bool has_sign = FIELD(11, 11), valid = !has_sign || sign > 9;
    struct dec x = {.negative = has_sign && (sign == 0xb || sign == 0xd)};
    bits >>= has_sign ? 4 : 0;
    for (unsigned n = 0; n < room; n++) {
        x.digit[n] = (uint8_t)(bits >> 4 * n & 15);
        valid = valid && x.digit[n] < 10;
    }
    dec_set_count(&x, room);
    uint32_t flags = valid ? 0 : dec_conversion_fails(&x);
    dec_finish(s, i, &x, flags, quad);
}

TWICE(ddedpd, to_packed)
TWICE(denbcd, from_packed)

/* Biased exponents, and what numbers that are none stand for: infinity, a quiet and a signalling
 * NaN. */
enum { IS_INFINITY = -1, IS_QNAN = -2, IS_SNAN = -3 };

static void extract_exponent(struct cpu *s, const struct insn *i, bool quad)
{
    struct dec x = dec_get(s, i->rb, quad);
    int64_t value = x.kind == DEC_INFINITY ? IS_INFINITY : x.kind == DEC_QNAN ? IS_QNAN : IS_SNAN;
    if (x.kind == DEC_FINITE)
        value = x.exponent + dec_format_of(quad)->bias;
    write_scalar(s, i, (uint64_t)value);
    dec_record(s, i);
}

static void insert_exponent(struct cpu *s, const struct insn *i, bool quad)
{
    const struct dec_format *f = dec_format_of(quad);
    struct dec x = dec_get(s, i->rb, quad);
    int64_t value = (int64_t)FRA;
    if (value >= 0 && value <= dec_highest(f) + f->bias) {
        x.kind = DEC_FINITE;
        x.exponent = (int32_t)value - f->bias;
    } else {
        x.kind = value == IS_INFINITY ? DEC_INFINITY : value == IS_SNAN ? DEC_SNAN : DEC_QNAN;
    }
    dec_put_bits(s, i, dec_pack(f, &x), quad);
    dec_record(s, i);
}

/* Digits alone; those of infinities and NaNs are one less. */
static void shift(struct cpu *s, const struct insn *i, bool left, bool quad)
{
    const struct dec_format *f = dec_format_of(quad);
    struct dec x = dec_get(s, i->ra, quad), y = x;
    unsigned room = f->digits - (x.kind != DEC_FINITE), by = FIELD(16, 21);
    memset(y.digit, 0, sizeof y.digit);
    for (unsigned n = 0; n < room; n++) {
        unsigned from = left ? n - by : n + by; /* wraps to what is no digit */
        y.digit[n] = from < room ? x.digit[from] : 0;
    }
    dec_put_bits(s, i, dec_pack(f, &y), quad);
    dec_record(s, i);
}

TWICE(dxex, extract_exponent)
TWICE(diex, insert_exponent)
BOTH(dscli, shift, true)
BOTH(dscri, shift, false)
