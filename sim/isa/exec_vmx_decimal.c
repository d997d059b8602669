/* Decimal integer instructions (Book I, chapters 6.16 and 6.17). A packed number has 31 digits
 * and a sign nibble at the right end; an unsigned one has 32 digits. All record in CR6: LT, GT,
 * EQ of the result, SO for overflow or invalid data. An invalid source leaves the result
 * undefined: all ones here. */
#include "sim/isa/vector.h"

#define PS_BIT FIELD(22, 22) /* preferred plus sign: 0xc or 0xf */

/* A quadword of 32 nibbles d. */
static inline u128 nibbles(unsigned d)
{
    uint64_t half = d * UINT64_C(0x1111111111111111);
    return (u128)half << 64 | half;
}

/* By n digits, up to 32. */
static inline u128 shift_digits_left(u128 q, unsigned n) { return n < 32 ? q << 4 * n : 0; }
static inline u128 shift_digits_right(u128 q, unsigned n) { return n < 32 ? q >> 4 * n : 0; }

/* No nibble is above 9: none has the bit of 8 and one of those of 4 and 2. */
static inline bool digits_valid(u128 digits)
{
    u128 high = digits >> 3 & nibbles(1), middle = (digits >> 2 | digits >> 1) & nibbles(1);
    return !(high & middle);
}

struct decimal {
    u128 digits; /* without the sign */
    bool negative, valid;
};

static struct decimal decimal_read(union vsr v)
{
    unsigned sign = VSR_B(v, 15) & 15;
    struct decimal d = {.digits = v.q >> 4, .negative = sign == 0xb || sign == 0xd};
    d.valid = sign > 9 && digits_valid(d.digits);
    return d;
}

/* Sum of two numbers of up to 31 digits: both are added with 6 more in each place, so that
 * decimal carries are binary ones; the 6 is taken back where none came. */
static u128 digits_add(u128 a, u128 b)
{
    const u128 places = nibbles(1) & ~(u128)1;
    u128 with_sixes = a + (nibbles(6) >> 4), sum = with_sixes + b;
    u128 no_carry = ~(with_sixes ^ b ^ sum) & places;
    return sum - (no_carry >> 2 | no_carry >> 3);
}

/* a - b for a >= b. */
static u128 digits_subtract(u128 a, u128 b)
{
    u128 difference = a - b, borrow = (a ^ b ^ difference) & (nibbles(1) & ~(u128)1);
    return difference - (borrow >> 2 | borrow >> 3);
}

static u128 digits_from_binary(u128 value)
{
    u128 digits = 0;
    for (unsigned n = 0; value; n++, value /= 10)
        digits |= (u128)(unsigned)(value % 10) << 4 * n;
    return digits;
}

static u128 binary_from_digits(u128 digits)
{
    u128 value = 0;
    for (int n = 31; n >= 0; n--)
        value = value * 10 + ((unsigned)(digits >> 4 * n) & 15);
    return value;
}

static void set_cr6(struct cpu *s, bool zero, bool negative, bool overflow)
{
    unsigned order = zero ? CR_EQ : negative ? CR_LT : CR_GT;
    s->cr[6] = (uint8_t)(order | (overflow ? CR_SO : 0));
}

static void set_invalid(struct cpu *s, const struct insn *i)
{
    VT.q = ~(u128)0;
    s->cr[6] = CR_SO;
}

static inline u128 packed(u128 digits, bool negative, bool ps)
{
    return digits << 4 | (negative ? 0xd : ps ? 0xf : 0xc);
}

/* Overflow cuts the result to 31 digits; CR6 and the sign are of the whole one. Zero is
 * positive. */
static void add_signed(struct cpu *s, const struct insn *i, struct decimal a, struct decimal b)
{
    bool negative = a.negative;
    u128 sum;
    if (!a.valid || !b.valid) {
        set_invalid(s, i);
        return;
    }
    if (a.negative == b.negative) {
        sum = digits_add(a.digits, b.digits);
    } else {
        negative = a.digits < b.digits ? b.negative : a.negative;
        sum = a.digits < b.digits ? digits_subtract(b.digits, a.digits)
                                  : digits_subtract(a.digits, b.digits);
    }
    set_cr6(s, !sum, negative, sum >> 124);
    VT.q = packed(sum, negative && sum, PS_BIT);
}

EXEC_CALL(bcdadd_) { add_signed(s, i, decimal_read(VA), decimal_read(VB)); }

EXEC_CALL(bcdsub_)
{
    struct decimal b = decimal_read(VB);
    b.negative = !b.negative;
    add_signed(s, i, decimal_read(VA), b);
}

/* Writes a packed result whose order with zero goes to CR6; `ps` chooses the plus sign. */
static void finish(struct cpu *s, const struct insn *i, struct decimal d, bool overflow, bool ps)
{
    if (!d.valid) {
        set_invalid(s, i);
        return;
    }
    set_cr6(s, !(d.digits << 4), d.negative, overflow);
    VT.q = packed(d.digits, d.negative, ps);
}

/* National: seven halfwords '0' to '9' and one '+' or '-', in UTF-16. */
EXEC_CALL(bcdcfn_)
{
    const union vsr vb = VB;
    unsigned sign = VSR_H(vb, 7);
    struct decimal d = {.negative = sign == '-', .valid = sign == '+' || sign == '-'};
    for (int n = 0; n < 7; n++) {
        unsigned digit = VSR_H(vb, n) - (unsigned)'0';
        d.valid &= digit <= 9;
        d.digits = d.digits << 4 | (digit & 15);
    }
    finish(s, i, d, false, PS_BIT);
}

EXEC_CALL(bcdctn_)
{
    struct decimal d = decimal_read(VB);
    if (!d.valid) {
        set_invalid(s, i);
        return;
    }
    for (int n = 0; n < 7; n++)
        VSR_H(VT, n) = (uint16_t)('0' + ((unsigned)(d.digits >> 4 * (6 - n)) & 15));
    VSR_H(VT, 7) = d.negative ? '-' : '+';
    set_cr6(s, !d.digits, d.negative, d.digits >> 28);
}

/* Zoned: sixteen bytes, each a zone (3 in ASCII, f in EBCDIC, by PS) and a digit; the last zone
 * is the sign. PS is spent on the zone, so the plus sign is 0xc. */
EXEC_CALL(bcdcfz_)
{
    const union vsr vb = VB;
    bool ebcdic = PS_BIT;
    unsigned sign = VSR_B(vb, 15) >> 4, zone = ebcdic ? 0xf : 3;
    struct decimal d = {.valid = !ebcdic || sign > 9};
    d.negative = ebcdic ? sign == 0xb || sign == 0xd : sign & 4;
    for (int n = 0; n < 16; n++) {
        unsigned digit = VSR_B(vb, n) & 15;
        d.valid &= digit <= 9 && (n == 15 || VSR_B(vb, n) >> 4 == (int)zone);
        d.digits = d.digits << 4 | digit;
    }
    finish(s, i, d, false, false);
}

EXEC_CALL(bcdctz_)
{
    struct decimal d = decimal_read(VB);
    bool ebcdic = PS_BIT;
    unsigned zone = ebcdic ? 0xf0 : 0x30, plus = ebcdic ? 0xc0 : 0x30, minus = ebcdic ? 0xd0 : 0x70;
    if (!d.valid) {
        set_invalid(s, i);
        return;
    }
    for (unsigned n = 0; n < 16; n++) {
        unsigned left = n < 15 ? zone : d.negative ? minus : plus;
        VSR_B(VT, n) = (uint8_t)(left | ((unsigned)(d.digits >> 4 * (15 - n)) & 15));
    }
    set_cr6(s, !d.digits, d.negative, d.digits >> 64);
}

/* Signed quadword to packed. What does not fit leaves the result undefined: its low digits here. */
EXEC_CALL(bcdcfsq_)
{
    const u128 limit = (u128)UINT64_C(1000000000000000) * UINT64_C(10000000000000000);
    bool negative = VB.q >> 127;
    u128 magnitude = negative ? -VB.q : VB.q;
    set_cr6(s, !magnitude, negative, magnitude >= limit);
    VT.q = packed(digits_from_binary(magnitude % limit), negative, PS_BIT);
}

EXEC_CALL(bcdctsq_)
{
    struct decimal d = decimal_read(VB);
    if (!d.valid) {
        set_invalid(s, i);
        return;
    }
    u128 value = binary_from_digits(d.digits);
    set_cr6(s, !d.digits, d.negative, false);
    VT.q = d.negative ? -value : value;
}

EXEC_CALL(bcdcpsgn_)
{
    struct decimal a = decimal_read(VA), b = decimal_read(VB);
    if (!a.valid || !b.valid) {
        set_invalid(s, i);
        return;
    }
    set_cr6(s, !a.digits, b.negative, false);
    VT.q = a.digits << 4 | (VB.q & 15);
}

EXEC_CALL(bcdsetsgn_) { finish(s, i, decimal_read(VB), false, PS_BIT); }

/* Shift count of bcds., bcdus. and bcdsr.: byte 7 of VRA, positive to the left. */
static inline int shift_count(union vsr v, int most)
{
    int n = (int8_t)VSR_B(v, 7);
    return n > most ? most : n < -most ? -most : n;
}

#define PACKED_DIGITS (~(u128)0 >> 4)

static struct decimal shift_left(struct decimal d, unsigned n, bool *overflow)
{
    *overflow = shift_digits_right(d.digits, 31 - n) != 0;
    d.digits = shift_digits_left(d.digits, n) & PACKED_DIGITS;
    return d;
}

EXEC_CALL(bcds_)
{
    struct decimal d = decimal_read(VB);
    int n = shift_count(VA, 31);
    bool overflow = false;
    if (n > 0)
        d = shift_left(d, (unsigned)n, &overflow);
    else
        d.digits = shift_digits_right(d.digits, (unsigned)-n);
    finish(s, i, d, overflow, PS_BIT);
}

/* Right shifts round half away from zero. */
EXEC_CALL(bcdsr_)
{
    struct decimal d = decimal_read(VB);
    int n = shift_count(VA, 31);
    bool overflow = false;
    if (n > 0) {
        d = shift_left(d, (unsigned)n, &overflow);
    } else if (n < 0) {
        unsigned last_out = (unsigned)shift_digits_right(d.digits, (unsigned)-n - 1) & 15;
        d.digits = digits_add(shift_digits_right(d.digits, (unsigned)-n), last_out >= 5);
    }
    finish(s, i, d, overflow, PS_BIT);
}

static void finish_unsigned(struct cpu *s, const struct insn *i, u128 digits, bool overflow)
{
    if (!digits_valid(VB.q)) {
        set_invalid(s, i);
        return;
    }
    set_cr6(s, !digits, false, overflow);
    VT.q = digits;
}

EXEC_CALL(bcdus_)
{
    int n = shift_count(VA, 32);
    u128 digits = n < 0 ? shift_digits_right(VB.q, (unsigned)-n)
                        : shift_digits_left(VB.q, (unsigned)n);
    finish_unsigned(s, i, digits, n > 0 && shift_digits_right(VB.q, 32 - (unsigned)n) != 0);
}

/* Halfword 3 of VRA: how many digits stay. */
EXEC_CALL(bcdtrunc_)
{
    struct decimal d = decimal_read(VB);
    unsigned n = (unsigned)min_u64(VSR_H(VA, 3), 31);
    bool overflow = shift_digits_right(d.digits, n) != 0;
    d.digits &= ~shift_digits_left(~(u128)0, n);
    finish(s, i, d, overflow, PS_BIT);
}

EXEC_CALL(bcdutrunc_)
{
    unsigned n = (unsigned)min_u64(VSR_H(VA, 3), 32);
    u128 digits = VB.q & ~shift_digits_left(~(u128)0, n);
    finish_unsigned(s, i, digits, digits != VB.q);
}

/* VA * 10 + carry in; `carry` is the digit that falls out, floor of that sum / 2^128. */
static inline u128 times_ten(u128 a, unsigned carry_in, unsigned *carry)
{
    u128 low = (u128)(uint64_t)a * 10 + carry_in;
    u128 high = (u128)(uint64_t)(a >> 64) * 10 + (low >> 64);
    *carry = (unsigned)(high >> 64);
    return high << 64 | (uint64_t)low;
}

EXEC(vmul10uq) { VT.q = VA.q * 10; }
EXEC(vmul10euq) { VT.q = VA.q * 10 + (VSR_B(VB, 15) & 15); }

EXEC_CALL(vmul10cuq)
{
    unsigned carry;
    times_ten(VA.q, 0, &carry);
    VT.q = carry;
}

EXEC_CALL(vmul10ecuq)
{
    unsigned carry;
    times_ten(VA.q, VSR_B(VB, 15) & 15, &carry);
    VT.q = carry;
}
