/* Integer divide and modulo in Microwatt's floating-point unit: normalise, approximate 1/divisor by
 * a table and Newton-Raphson, multiply, correct. How many rounds and corrections that takes depends
 * on the operands, so the datapath is followed as far as its tests need it: numbers in 8.56 fixed
 * point, products in 16.112. Figures from the core's VHDL (fpu.vhdl, commit f341bed). */
#include "models/pipeline/scalar/microwatt.h"

#include "sim/base/bits.h"

#define UNIT 56 /* bit of the value 1 */
#define MULTIPLY 4u /* cycles of a state that starts the multiplier and waits for it */
#define MULTIPLY_STARTED 3u /* ... when the state before it has started it */
#define HALF (UINT64_C(1) << (UNIT - 1))

struct divide {
    bool is_signed, is_32bit, is_extended, is_modulo;
    bool negative;                 /* result */
    uint64_t dividend, divisor;    /* magnitudes */
    int32_t dividend_top, divisor_top; /* bit of the leading one */
    uint64_t normal;               /* divisor in [1, 2], rounded up */
    uint64_t inverse;
    uint64_t remainder, r, s;      /* r:s: the wide one */
    u128 addend;                   /* the dividend where the multiplier adds */
    uint64_t quotient;
    uint32_t cycles;
};

static uint64_t product_high(uint64_t a, uint64_t b)
{
    return (uint64_t)((u128)a * b >> UNIT);
}

/* Left for a positive shift; 0 beyond the shifter's reach. */
static uint64_t shift_pair(uint64_t r, uint64_t s, int32_t shift)
{
    if (shift < -63 || shift > 63)
        return 0;
    if (shift <= 0)
        return r >> -shift;
    uint64_t low = shift <= UNIT ? s >> (UNIT - shift) : s << (shift - UNIT);
    return r << shift | low;
}

static void normalise_divisor(struct divide *d)
{
    int32_t shift = UNIT - d->divisor_top;
    bool lost = shift < 0 && d->divisor & ((UINT64_C(1) << -shift) - 1);
    d->normal = shift_pair(d->divisor, 0, shift) + lost;
}

/* 1/x for the middle of each of 256 parts of [1, 2), as 0.19, by the upper 8 fraction bits. */
static uint64_t estimate(uint64_t normal)
{
    uint64_t part = normal >> (UNIT - 8) & 255;
    return ((UINT64_C(1) << 19) * 512 / (513 + 2 * part)) << (UNIT - 19);
}

/* What is left to one after normalising: small dividends need fewer exact bits. */
static uint32_t rounds(const struct divide *d)
{
    if (d->is_extended || d->dividend_top >= 32)
        return 3;
    return d->dividend_top >= 16 ? 2 : 1;
}

static uint64_t correction(uint64_t normal, uint64_t inverse)
{
    u128 two = (u128)1 << (2 * UNIT + 1);
    return (uint64_t)((two - (u128)normal * inverse) >> UNIT);
}

static void find_inverse(struct divide *d)
{
    uint64_t y, p;
    d->cycles += 1;
    if (d->normal >> (UNIT + 1)) {
        d->inverse = HALF;
        d->cycles += 1;
        return;
    }
    y = estimate(d->normal);
    p = correction(d->normal, y);
    d->cycles += MULTIPLY_STARTED;
    for (uint32_t left = rounds(d); left; left--) {
        p = product_high(y, p);
        d->cycles += MULTIPLY;
        y = p;
        if (left > 1) {
            p = correction(d->normal, y);
            d->cycles += MULTIPLY;
        }
    }
    d->cycles += 1;
    if (!(y >> (UNIT - 1) & 3)) { /* a guess below one half would not converge */
        y = HALF;
        d->cycles += 1;
    }
    d->inverse = y;
}

static void find_remainder(struct divide *d)
{
    u128 left = d->addend - (u128)d->quotient * d->divisor;
    d->remainder = (uint64_t)left;
    d->r = (uint64_t)(left >> UNIT);
    d->s = (uint64_t)left & ((UINT64_C(1) << UNIT) - 1);
    d->cycles += MULTIPLY;
}

static void finish_quotient(struct divide *d) { d->cycles += d->is_signed ? 3 : 2; }

static void finish_modulo(struct divide *d)
{
    if (d->remainder == d->divisor) {
        d->cycles += 2; /* zero */
        return;
    }
    d->cycles += 1;
    if (d->remainder > d->divisor)
        d->cycles += d->negative ? 3 : 1;
    else if (d->negative)
        d->cycles += 2;
    d->cycles += 1;
}

/* Quotient of what fits 64 bits: an estimate, and a second one for what that left over. */
static void divide_plain(struct divide *d)
{
    d->addend = d->dividend;
    d->quotient = shift_pair(product_high(d->inverse, d->dividend), 0, -d->divisor_top);
    d->cycles += MULTIPLY + 1;
    find_remainder(d);
    d->cycles += 1;
    if (d->remainder > d->divisor) {
        uint64_t more = product_high(d->inverse, d->remainder);
        d->quotient += shift_pair(more, 0, -d->divisor_top);
        d->cycles += MULTIPLY_STARTED + 2;
        find_remainder(d);
        d->cycles += 1;
    }
    if (d->is_modulo)
        finish_modulo(d);
    else
        finish_quotient(d);
}

/* Extended by 64 bits: rounds until less than two divisors are left. */
static void divide_extended(struct divide *d)
{
    d->addend = (u128)d->dividend << 64;
    uint64_t left = shift_pair(d->dividend, 0, 64 - d->divisor_top);
    d->quotient = 0;
    d->cycles += 2;
    if (d->dividend_top == d->divisor_top) { /* the quotient's top bit is handled apart */
        left -= shift_pair(d->divisor, 0, 63 - d->divisor_top);
        d->quotient = UINT64_C(1) << 63;
        d->cycles += 3;
    }
    d->cycles += MULTIPLY;
    for (;;) {
        d->quotient += product_high(left, d->inverse);
        d->cycles += 1;
        find_remainder(d);
        left = shift_pair(d->r, d->s, UNIT - d->divisor_top);
        d->cycles += 2;
        if (left < 2)
            break;
        d->cycles += MULTIPLY_STARTED;
    }
    finish_quotient(d);
}

static uint64_t magnitude(uint64_t value, bool is_signed, bool is_32bit, bool *negative)
{
    uint64_t v = is_32bit ? (is_signed ? (uint64_t)sign_extend(value, 32) : (uint32_t)value)
                          : value;
    *negative = is_signed && v >> 63;
    return *negative ? 0 - v : v;
}

static void divide(struct divide *d)
{
    bool below = d->dividend < d->divisor;
    d->dividend_top = (int32_t)ilog2(d->dividend);
    d->divisor_top = (int32_t)ilog2(d->divisor);
    d->cycles = 7;
    if (d->is_extended ? !below : below && !d->is_modulo) {
        d->cycles += 2; /* the result is zero, also of one that overflows */
        return;
    }
    normalise_divisor(d);
    find_inverse(d);
    d->cycles += 1;
    if (!d->is_extended) {
        divide_plain(d);
    } else if (d->is_32bit) {
        d->dividend <<= 32;
        d->cycles += 1;
        divide_plain(d);
    } else {
        divide_extended(d);
    }
}

uint32_t microwatt_divide_cycles(uint32_t word, uint64_t a, uint64_t b)
{
    /* divw, divd and their relatives by bits of the extended opcode: OE (bit 21) is no part of it
     * but for modulo. */
    uint32_t extended = word >> 1 & 511;
    bool negative_a, negative_b;
    struct divide d = {.is_modulo = extended == 265 || extended == 267};
    if (d.is_modulo) {
        d.is_signed = word >> 10 & 1;
        d.is_32bit = extended == 267;
    } else {
        d.is_signed = extended & 32;
        d.is_32bit = (extended & 3) == 3;
        d.is_extended = !(extended & 64);
    }
    d.dividend = magnitude(a, d.is_signed, d.is_32bit, &negative_a);
    d.divisor = magnitude(b, d.is_signed, d.is_32bit, &negative_b);
    d.negative = d.is_modulo ? negative_a : negative_a != negative_b;
    if (!d.dividend || !d.divisor)
        return 3;
    divide(&d);
    return d.cycles;
}
