#include "sim/isa/decfp.h"

#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/fpscr_bits.h"

const struct dec_format dec_short = {32, 7, 6, 101, 192};
const struct dec_format dec_long = {64, 16, 8, 398, 576};
const struct dec_format dec_extended = {128, 34, 12, 6176, 9216};

/* Three digits in ten bits (Book I, appendix B): bits 0 to 2, 4 to 6 and 7 to 9 hold digits up to
 * 7; large ones leave their places to others, and bits 3 and behind say which they are. */
static unsigned declet_pack(const uint8_t *d)
{
    unsigned a = d[2], b = d[1], c = d[0];
    unsigned large = (a > 7 ? 4u : 0u) | (b > 7 ? 2u : 0u) | (c > 7 ? 1u : 0u);
    unsigned ends = (a & 1) << 7 | (b & 1) << 4 | (c & 1); /* every digit's last bit */
    unsigned a6 = (a & 6) << 7, b6 = (b & 6) << 4, c6 = c & 6;
    switch (large) {
    case 0:  return ends | a6 | b6 | c6;
    case 1:  return ends | a6 | b6 | 0x008;
    case 2:  return ends | a6 | c6 << 4 | 0x00a;
    case 4:  return ends | c6 << 7 | b6 | 0x00c;
    case 6:  return ends | c6 << 7 | 0x00e;
    case 5:  return ends | b6 << 3 | 0x02e;
    case 3:  return ends | a6 | 0x04e;
    default: return ends | 0x06e;
    }
}

static void declet_unpack(unsigned w, uint8_t *d)
{
    unsigned p = w >> 7 & 6, s = w >> 4 & 6, w6 = w & 6;
    unsigned a = w >> 7 & 1, b = w >> 4 & 1, c = w & 1;
    unsigned which = !(w & 8) ? 0 : w6 != 6 ? 1 + w6 / 2 : 4 + s / 2;
    static const uint8_t large[] = {0, 1, 2, 4, 6, 5, 3, 7};
    unsigned l = large[which];
    a += l & 4 ? 8 : p;
    b += l & 2 ? 8 : l == 5 ? p : s;
    c += l & 1 ? 8 : l == 0 ? w6 : l == 2 ? s : p;
    d[2] = (uint8_t)a;
    d[1] = (uint8_t)b;
    d[0] = (uint8_t)c;
}

u128 dec_pack_digits(const uint8_t *digit, unsigned count)
{
    u128 bits = 0;
    for (unsigned n = 0; n < count / 3; n++)
        bits |= (u128)declet_pack(digit + 3 * n) << 10 * n;
    return bits;
}

void dec_unpack_digits(u128 bits, uint8_t *digit, unsigned count)
{
    for (unsigned n = 0; n < count / 3; n++)
        declet_unpack((unsigned)(bits >> 10 * n) & 1023, digit + 3 * n);
}

void dec_set_count(struct dec *x, unsigned count)
{
    while (count && !x->digit[count - 1])
        count--;
    x->count = count;
    memset(x->digit + count, 0, DEC_ROOM - count);
}

/* Sign; five bits of combination: two of the exponent and the leftmost digit, or what else it is;
 * the exponent's other bits; the other digits. */
struct dec dec_unpack(const struct dec_format *f, u128 bits)
{
    struct dec x = {.kind = DEC_FINITE};
    unsigned low = (f->digits - 1) / 3 * 10, w = f->exponent_bits;
    unsigned combination = (unsigned)(bits >> (f->bits - 6)) & 31;
    uint32_t exponent = (uint32_t)(bits >> low) & ((1u << w) - 1);
    x.negative = bits >> (f->bits - 1) & 1;
    dec_unpack_digits(bits, x.digit, f->digits - 1);
    if (combination >= 30) {
        bool signals = exponent >> (w - 1) & 1;
        x.kind = combination == 30 ? DEC_INFINITY : signals ? DEC_SNAN : DEC_QNAN;
    } else {
        bool large = combination >= 24;
        x.digit[f->digits - 1] = (uint8_t)(large ? 8 + (combination & 1) : combination & 7);
        exponent |= (large ? combination >> 1 & 3 : combination >> 3) << w;
        x.exponent = (int32_t)exponent - f->bias;
    }
    dec_set_count(&x, f->digits);
    return x;
}

u128 dec_pack(const struct dec_format *f, const struct dec *x)
{
    unsigned low = (f->digits - 1) / 3 * 10, w = f->exponent_bits;
    unsigned first = x->digit[f->digits - 1], combination = 30;
    uint32_t exponent = 0;
    u128 digits = dec_pack_digits(x->digit, f->digits - 1);
    if (x->kind == DEC_FINITE) {
        exponent = (uint32_t)(x->exponent + f->bias);
        uint32_t high = exponent >> w;
        combination = first > 7 ? 24 | high << 1 | (first & 1) : high << 3 | first;
        exponent &= (1u << w) - 1;
    } else if (x->kind != DEC_INFINITY) {
        combination = 31;
        exponent = x->kind == DEC_SNAN ? 1u << (w - 1) : 0;
    }
    return (u128)x->negative << (f->bits - 1) | (u128)combination << (f->bits - 6) |
           (u128)exponent << low | digits;
}

bool dec_is_tiny(const struct dec_format *f, const struct dec *x)
{
    return x->count && x->exponent + (int32_t)x->count < dec_lowest(f) + (int32_t)f->digits;
}

uint32_t dec_class(const struct dec_format *f, const struct dec *x)
{
    enum { C = 16, FL = 8, FG = 4, FE = 2, FU = 1 };
    uint32_t less_or_greater = x->negative ? FL : FG, class;
    if (dec_is_nan(x))
        class = FU | (x->kind == DEC_QNAN ? C : 0);
    else if (x->kind == DEC_INFINITY)
        class = less_or_greater | FU;
    else if (!x->count)
        class = FE | (x->negative ? C : 0);
    else
        class = less_or_greater | (dec_is_tiny(f, x) ? C : 0);
    return class << FPRF_SHIFT;
}

/* Does what is dropped make the rest one more? `half`: -1 less than half a unit, 0 half, 1 more. */
static bool rounds_up(const struct dec *x, unsigned last, int half, enum dec_mode mode)
{
    switch (mode) {
    case DEC_EVEN:         return half > 0 || (half == 0 && last & 1);
    case DEC_UP:           return !x->negative;
    case DEC_DOWN:         return x->negative;
    case DEC_TIES_AWAY:    return half >= 0;
    case DEC_TIES_TO_ZERO: return half > 0;
    case DEC_AWAY:         return true;
    case DEC_PREPARE:      return last == 0 || last == 5;
    default:               return false;
    }
}

static void increment(struct dec *x)
{
    unsigned n = 0;
    while (x->digit[n] == 9)
        x->digit[n++] = 0;
    x->digit[n]++;
    x->count = n >= x->count ? n + 1 : x->count;
}

void dec_drop(struct dec *x, int64_t digits, struct dec_env *e)
{
    if (digits <= 0)
        return;
    unsigned n = digits > DEC_ROOM - 1 ? DEC_ROOM - 1 : (unsigned)digits;
    int half = x->digit[n - 1] > 5 ? 1 : x->digit[n - 1] == 5 ? 0 : -1;
    bool exact = x->digit[n - 1] == 0;
    for (unsigned m = 0; m + 1 < n; m++)
        if (x->digit[m]) {
            exact = false;
            half = half == 0 ? 1 : half;
        }
    unsigned count = x->count > n ? x->count - n : 0;
    memmove(x->digit, x->digit + n, DEC_ROOM - n);
    memset(x->digit + (DEC_ROOM - n), 0, n);
    dec_set_count(x, count);
    x->exponent += (int32_t)digits;
    if (exact)
        return;
    e->flags |= FPSCR_FI;
    if (rounds_up(x, x->digit[0], half, e->mode)) {
        e->flags |= FPSCR_FR;
        increment(x);
    }
}

void dec_pad(struct dec *x, int32_t exponent, unsigned most)
{
    if (!x->count)
        x->exponent = x->exponent > exponent ? exponent : x->exponent;
    if (x->exponent <= exponent || x->count >= most)
        return;
    uint32_t n = (uint32_t)min_u64((uint64_t)(x->exponent - exponent), most - x->count);
    memmove(x->digit + n, x->digit, x->count);
    memset(x->digit, 0, n);
    x->count += n;
    x->exponent -= (int32_t)n;
}

static int32_t clamp(int32_t x, int32_t lowest, int32_t highest)
{
    return x < lowest ? lowest : x > highest ? highest : x;
}

/* The largest number, or infinity. */
static void overflow(const struct dec_format *f, struct dec *x, struct dec_env *e)
{
    bool largest = e->mode == DEC_TO_ZERO || e->mode == DEC_PREPARE ||
                   e->mode == (x->negative ? DEC_UP : DEC_DOWN);
    *x = (struct dec){.kind = largest ? DEC_FINITE : DEC_INFINITY, .negative = x->negative};
    e->flags &= ~FPSCR_FR;
    e->flags |= FPSCR_OX | FPSCR_XX | FPSCR_FI | (largest ? 0 : FPSCR_FR);
    if (!largest)
        return;
    memset(x->digit, 9, f->digits);
    x->count = f->digits;
    x->exponent = dec_highest(f);
}

/* To the format's digits, and not below its lowest exponent; a carry may leave one more zero. */
static void shorten(const struct dec_format *f, struct dec *x, struct dec_env *e)
{
    int64_t extra = (int64_t)x->count - f->digits, below = dec_lowest(f) - (int64_t)x->exponent;
    dec_drop(x, extra > below ? extra : below, e);
    dec_drop(x, (int64_t)x->count - f->digits, e);
}

void dec_round(const struct dec_format *f, struct dec *x, struct dec_env *e)
{
    if (x->kind != DEC_FINITE)
        return;
    if (!x->count) {
        x->exponent = clamp(x->exponent, dec_lowest(f), dec_highest(f));
        return;
    }
    bool tiny = dec_is_tiny(f, x);
    if (tiny && e->underflow_enabled)
        x->exponent += f->wrap;
    struct dec exact = *x;
    struct dec_env before = *e;
    shorten(f, x, e);
    int32_t top = dec_highest(f) + (int32_t)f->digits;
    if (x->count && x->exponent + (int32_t)x->count > top) {
        if (!e->overflow_enabled) {
            overflow(f, x, e);
            return;
        }
        *x = exact;
        *e = before;
        x->exponent -= f->wrap;
        shorten(f, x, e);
        e->flags |= FPSCR_OX;
    }
    dec_pad(x, dec_highest(f), f->digits);
    if (tiny && (e->underflow_enabled || e->flags & FPSCR_FI))
        e->flags |= FPSCR_UX;
    if (e->flags & FPSCR_FI)
        e->flags |= FPSCR_XX;
    if (!x->count)
        x->exponent = clamp(x->exponent, dec_lowest(f), dec_highest(f));
}
