#include "tests/isa/values.h"

#include <stdbool.h>

#include "sim/base/bits.h"
#include "sim/isa/decfp.h"

/* A floating-point format: widths of exponent and of the part of the fraction that stands in
 * the first 64 bits. */
struct format {
    unsigned bits, exponent_bits;
};
static const struct format half = {16, 5}, single = {32, 8}, dbl = {64, 11}, quad = {64, 15};

static uint64_t ones(unsigned n) { return n ? UINT64_MAX >> (64 - n) : 0; }

static unsigned below(struct values *v, unsigned n) { return (unsigned)value_below(v, n); }

void values_new_case(struct values *v)
{
    bool near_one = value_once_in(v, 4);
    v->shared_exponent = near_one ? 0x4000 + value_below(v, 64) - 32 : value_below(v, 0x8000);
}

/* `width` bits: the patterns on which carries, signs, shifts and roundings turn. */
static uint64_t pattern(struct values *v, unsigned width)
{
    uint64_t r = rng_next(&v->rng), bit = UINT64_C(1) << below(v, width);
    switch (below(v, 9)) {
    case 0:  return 0;
    case 1:  return ones(width);
    case 2:  return bit;
    case 3:  return bit - 1;
    case 4:  return ~(bit - 1) & ones(width);
    case 5:  return (r & rng_next(&v->rng) & rng_next(&v->rng)) & ones(width);
    case 6:  return (UINT64_C(1) << (width - 1)) - (r & 1);
    default: return r & ones(width);
    }
}

static uint64_t decimal(struct values *v)
{
    uint64_t d = 0;
    for (unsigned n = 0; n < 16; n++)
        d = d << 4 | (value_once_in(v, 3) ? 9 * value_below(v, 2) : value_below(v, 10));
    return d;
}

uint64_t value_int(struct values *v)
{
    uint64_t r = rng_next(&v->rng);
    switch (below(v, 10)) {
    case 0:  return value_below(v, 33) - 16;
    case 1:  return (uint64_t)(int64_t)(int32_t)pattern(v, 32);
    case 2:  return pattern(v, 32);
    case 3:  return pattern(v, 32) | r << 32;
    case 4:  return (r & 0xff) * UINT64_C(0x0101010101010101);
    case 5:  return decimal(v);
    case 6:  return value_below(v, 130);
    default: return pattern(v, 64);
    }
}

/* A number of the format in the low bits: zeros, denormals, infinities, NaNs, the largest,
 * integers, near another operand. */
static uint64_t floating(struct values *v, struct format f)
{
    unsigned fraction_bits = f.bits - 1 - f.exponent_bits;
    uint64_t all = ones(f.exponent_bits), bias = all >> 1, fraction = pattern(v, fraction_bits);
    uint64_t exponent, sign = value_below(v, 2);
    switch (below(v, 12)) {
    case 0:  exponent = 0; fraction = 0; break;
    case 1:  exponent = 0; break;
    case 2:  exponent = all; fraction = 0; break;
    case 3:  exponent = all; break;
    case 4:  exponent = all - 1 - value_below(v, 2); break;
    case 5:  exponent = 1 + value_below(v, 3); break;
    case 6:  exponent = bias + value_below(v, fraction_bits + 3); break;
    case 7:  exponent = bias - 2 + value_below(v, 4); break;
    case 8:  exponent = value_below(v, all); break;
    default: exponent = v->shared_exponent - 0x3fff + bias + value_below(v, 5) - 2;
    }
    return sign << (f.bits - 1) | (exponent & all) << fraction_bits | fraction;
}

/* A double that single precision can hold, or nearly: what scalar single-precision instructions
 * expect. */
static uint64_t single_as_double(struct values *v)
{
    uint64_t exponent = 1023 - 150 + value_below(v, 150 + 129);
    uint64_t fraction = pattern(v, 23) << 29;
    switch (below(v, 4)) { /* halfway between two singles, and just off it */
    case 0: fraction |= UINT64_C(1) << 28; break;
    case 1: fraction |= (UINT64_C(1) << 28) - 1 + 2 * value_below(v, 2); break;
    default: break;
    }
    return value_below(v, 2) << 63 | exponent << 52 | fraction;
}

static uint64_t lanes(struct values *v, struct format f)
{
    uint64_t d = 0;
    for (unsigned n = 0; n < 64; n += f.bits)
        d |= floating(v, f) << n;
    return d;
}

/* Signed packed decimal: 31 digits and a sign code in the last place, seldom an invalid one. */
static void signed_decimal(struct values *v, uint64_t d[2])
{
    static const uint8_t signs[] = {0xc, 0xd, 0xc, 0xd, 0xf, 0xb, 0xa, 0xe};
    d[0] = value_once_in(v, 2) ? decimal(v) : 0;
    d[1] = (decimal(v) & ~UINT64_C(15)) | signs[below(v, sizeof signs)];
    if (value_once_in(v, 16))
        d[below(v, 2)] |= UINT64_C(0xf) << 4 * below(v, 16);
    if (value_once_in(v, 16))
        d[0] = 0, d[1] &= 15;
}

/* Digits in places of `bits` bits, 64 in all, under the same zone. */
static uint64_t zoned(struct values *v, unsigned bits, uint64_t zone)
{
    uint64_t d = 0;
    for (unsigned n = 0; n < 64; n += bits)
        d |= (zone | value_below(v, 10)) << n;
    return d;
}

void value_decimal(struct values *v, uint64_t d[2])
{
    unsigned kind = below(v, 12), zone = kind & 1 ? 0xf0 : 0x30;
    switch (kind) {
    case 0: /* national */
        d[0] = zoned(v, 16, 0x30);
        d[1] = (zoned(v, 16, 0x30) & ~UINT64_C(0xffff)) | (value_once_in(v, 2) ? '+' : '-');
        break;
    case 1:
    case 2:
    case 3:
        d[0] = zoned(v, 8, zone);
        d[1] = (zoned(v, 8, zone) & ~UINT64_C(0xf0)) | value_below(v, 16) << 4;
        break;
    case 4: /* bcds., bcdtrunc.: byte 7 or bytes 6 and 7 are the count */
    case 5:
        d[0] = (rng_next(&v->rng) << 16) | ((value_below(v, 72) - 36) & 0xff);
        d[1] = rng_next(&v->rng);
        break;
    case 6: /* a binary number near the largest that 31 digits hold, and any other */
        d[0] = UINT64_C(0x7e37be2022) - value_below(v, 2);
        d[1] = value_once_in(v, 2) ? UINT64_C(0xc0914b267fffffff) + value_below(v, 3)
                                   : rng_next(&v->rng);
        break;
    case 7: /* unsigned */
        d[0] = value_once_in(v, 2) ? decimal(v) : 0;
        d[1] = decimal(v);
        break;
    default:
        signed_decimal(v, d);
    }
}

/* Each byte from a short list: saturation, compares, table look-ups, characters. */
static uint64_t bytes(struct values *v)
{
    static const uint8_t often[] = {0, 1, 0x7f, 0x80, 0xff, 0x10, 0x1f, 0x0f, '0', '9', '+', '-'};
    uint64_t d = 0;
    for (unsigned n = 0; n < 8; n++)
        d = d << 8 | (value_once_in(v, 2) ? often[below(v, sizeof often)] : value_below(v, 256));
    return d;
}

void value_vector(struct values *v, uint64_t d[2])
{
    unsigned kind = below(v, 16);
    if (kind == 0) {
        signed_decimal(v, d);
        return;
    }
    for (unsigned n = 0; n < 2; n++)
        switch (kind) {
        case 1:  d[n] = lanes(v, half); break;
        case 2:
        case 3:  d[n] = lanes(v, single); break;
        case 4:
        case 5:  d[n] = single_as_double(v); break;
        case 6:
        case 7:
        case 8:
        case 9:  d[n] = floating(v, dbl); break;
        case 10:
        case 11: d[n] = n ? pattern(v, 64) : floating(v, quad); break;
        case 12: d[n] = bytes(v); break;
        case 13: d[n] = rng_next(&v->rng); break;
        default: d[n] = value_int(v);
        }
}

/* Around zero, near another operand's, or where the format ends. */
static int32_t dec_exponent(struct values *v, const struct dec_format *f)
{
    int32_t near = (int32_t)(v->shared_exponent & 63) - 32, span = (int32_t)below(v, 3 * f->digits);
    switch (below(v, 8)) {
    case 0:  return dec_lowest(f) + span;
    case 1:  return dec_highest(f) - span;
    case 2:  return (int32_t)below(v, (unsigned)(dec_highest(f) + f->bias)) - f->bias;
    case 3:  return (dec_lowest(f) + near) / 2; /* products that underflow */
    case 4:  return (dec_highest(f) + near) / 2;
    default: return near + span - (int32_t)f->digits;
    }
}

void value_decfloat(struct values *v, bool pair, uint64_t d[2])
{
    const struct dec_format *f = pair ? &dec_extended : &dec_long;
    static const uint8_t likely[] = {0, 9, 5, 4};
    unsigned kind = below(v, 24), digit = likely[below(v, 4)], count = below(v, f->digits + 1);
    bool mixed = value_once_in(v, 2);
    struct dec x = {.negative = below(v, 2), .exponent = dec_exponent(v, f)};
    for (unsigned n = 0; n < count; n++)
        x.digit[n] = (uint8_t)(mixed || value_once_in(v, 8) ? below(v, 10) : digit);
    if (kind < 6)
        x.kind = kind < 2 ? DEC_INFINITY : kind < 4 ? DEC_QNAN : DEC_SNAN;
    if (x.kind != DEC_FINITE)
        count = x.kind == DEC_INFINITY ? 0 : (unsigned)min_u64(count, dec_short.digits - 1);
    dec_set_count(&x, count); /* payloads fit into every format: the oracle drops others */
    u128 bits = dec_pack(f, &x);
    d[0] = (uint64_t)(pair ? bits >> 64 : bits);
    d[1] = (uint64_t)bits;
}

void value_packed(struct values *v, bool has_sign, uint64_t d[2])
{
    d[0] = decimal(v);
    d[1] = decimal(v);
    if (!has_sign)
        return;
    if (value_once_in(v, 2))
        d[below(v, 2)] ^= rng_next(&v->rng) & 15;
    if (value_once_in(v, 8))
        d[below(v, 2)] |= UINT64_C(15) << 4 * below(v, 16); /* the oracle takes a ten */
    if (value_once_in(v, 8))
        d[0] = 0;
}

uint64_t value_dec_exponent(struct values *v, bool pair)
{
    const struct dec_format *f = pair ? &dec_extended : &dec_long;
    unsigned limit = (unsigned)(dec_highest(f) + f->bias);
    switch (below(v, 4)) {
    case 0:  return (uint64_t)below(v, 6) - 5;
    case 1:  return limit + below(v, 3) - 1;
    default: return below(v, limit);
    }
}
