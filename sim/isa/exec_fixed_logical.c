/* Fixed-point logical instructions and BCD assist (Book I, 3.3.13 and 3.3.15). */
#include "sim/isa/exec.h"
#include "sim/isa/fixed.h"

#define BYTES_OF(v) ((v) * UINT64_C(0x0101010101010101))

EXEC(andi_)  { RA = RS & UI; set_cr0(s, RA); }
EXEC(andis_) { RA = RS & UI << 16; set_cr0(s, RA); }
EXEC(ori)    { RA = RS | UI; }
EXEC(oris)   { RA = RS | UI << 16; }
EXEC(xori)   { RA = RS ^ UI; }
EXEC(xoris)  { RA = RS ^ UI << 16; }
EXEC(and)    { finish_ra(s, i, RS & RB); }
EXEC(xor)    { finish_ra(s, i, RS ^ RB); }
EXEC(nand)   { finish_ra(s, i, ~(RS & RB)); }
EXEC(or)     { finish_ra(s, i, RS | RB); }
EXEC(orc)    { finish_ra(s, i, RS | ~RB); }
EXEC(nor)    { finish_ra(s, i, ~(RS | RB)); }
EXEC(eqv)    { finish_ra(s, i, ~(RS ^ RB)); }
EXEC(andc)   { finish_ra(s, i, RS & ~RB); }
EXEC(extsb)  { finish_ra(s, i, (uint64_t)(int8_t)RS); }
EXEC(extsh)  { finish_ra(s, i, (uint64_t)(int16_t)RS); }
EXEC(extsw)  { finish_ra(s, i, (uint64_t)(int32_t)RS); }

/* Bytes that are equal become ones: a difference is folded into the lowest bit of its byte. */
EXEC(cmpb)
{
    uint64_t differs = RS ^ RB;
    differs |= differs >> 4 & BYTES_OF(UINT64_C(0x0f));
    differs |= differs >> 2 & BYTES_OF(UINT64_C(0x03));
    differs |= differs >> 1;
    RA = ~((differs & BYTES_OF(UINT64_C(1))) * 0xff);
}

/* Counts. The host's count of a zero is undefined. */

static inline uint32_t clz_w(uint32_t v) { return v ? (uint32_t)__builtin_clz(v) : 32; }
static inline uint32_t clz_d(uint64_t v) { return v ? (uint32_t)__builtin_clzll(v) : 64; }
static inline uint32_t ctz_w(uint32_t v) { return v ? (uint32_t)__builtin_ctz(v) : 32; }
static inline uint32_t ctz_d(uint64_t v) { return v ? (uint32_t)__builtin_ctzll(v) : 64; }

/* The number of ones of each byte, in that byte. */
static inline uint64_t count_bytes(uint64_t v)
{
    v -= v >> 1 & BYTES_OF(UINT64_C(0x55));
    v = (v & BYTES_OF(UINT64_C(0x33))) + (v >> 2 & BYTES_OF(UINT64_C(0x33)));
    return (v + (v >> 4)) & BYTES_OF(UINT64_C(0x0f));
}

EXEC(cntlzw)  { finish_ra(s, i, clz_w((uint32_t)RS)); }
EXEC(cntlzd)  { finish_ra(s, i, clz_d(RS)); }
EXEC(cnttzw)  { finish_ra(s, i, ctz_w((uint32_t)RS)); }
EXEC(cnttzd)  { finish_ra(s, i, ctz_d(RS)); }
EXEC(popcntb) { RA = count_bytes(RS); }
EXEC(popcntd) { RA = BYTES_OF(count_bytes(RS)) >> 56; }

EXEC(popcntw)
{
    uint64_t bytes = count_bytes(RS);
    bytes += bytes >> 8;
    RA = (bytes + (bytes >> 16)) & UINT64_C(0x3f0000003f);
}

/* Parity of the lowest bits of the bytes. */
EXEC(prtyw)
{
    uint64_t v = RS ^ RS >> 16;
    RA = (v ^ v >> 8) & UINT64_C(0x100000001);
}

EXEC(prtyd) { RA = (uint64_t)__builtin_parityll(RS & BYTES_OF(UINT64_C(1))); }

/* Eight bits of RB, chosen by the bytes of RS; a choice above 63 gives 0. */
EXEC_CALL(bpermd)
{
    uint64_t perm = 0;
    for (int shift = 56; shift >= 0; shift -= 8) {
        uint32_t bit = RS >> shift & 0xff;
        perm = perm << 1 | (bit < 64 ? RB >> (63 - bit) & 1 : 0);
    }
    RA = perm;
}

/* BCD assist. A declet (10 bits, densely packed) holds three decimal digits. Each word of a
 * register holds two declets in its low 20 bits, or six digits in its low 24. Which digits are
 * large (8 or 9: one bit instead of three) is told by declet bits v, wx and st, counted as pqr stu
 * v wxy. */

static uint32_t digits_of_declet(uint32_t d)
{
    uint32_t pqr = d >> 7 & 7, stu = d >> 4 & 7, wxy = d & 7;
    uint32_t large_r = 8 | (pqr & 1), large_u = 8 | (stu & 1), y = wxy & 1, large_y = 8 | y;
    uint32_t v_wx = d >> 1 & 7;
    if (v_wx < 4)
        return pqr << 8 | stu << 4 | wxy;
    if (v_wx == 4)
        return pqr << 8 | stu << 4 | large_y;
    if (v_wx == 5)
        return pqr << 8 | large_u << 4 | (stu & 6) | y;
    if (v_wx == 6)
        return large_r << 8 | stu << 4 | (pqr & 6) | y;
    switch (stu >> 1) {
    case 0:
        return large_r << 8 | large_u << 4 | (pqr & 6) | y;
    case 1:
        return large_r << 8 | ((pqr & 6) | (stu & 1)) << 4 | large_y;
    case 2:
        return pqr << 8 | large_u << 4 | large_y;
    default:
        return large_r << 8 | large_u << 4 | large_y;
    }
}

static uint32_t declet_of_digits(uint32_t digits)
{
    uint32_t a = digits >> 8 & 15, b = digits >> 4 & 15, c = digits & 15;
    uint32_t d = (a & 1) << 7 | (b & 1) << 4 | (c & 1); /* r, u and y are always these */
    switch (a >> 3 << 2 | b >> 3 << 1 | c >> 3) {
    case 0:
        return d | (a & 6) << 7 | (b & 6) << 4 | (c & 6);
    case 1:
        return d | (a & 6) << 7 | (b & 6) << 4 | 0x8;
    case 2:
        return d | (a & 6) << 7 | (c & 6) << 4 | 0xa;
    case 3:
        return d | (a & 6) << 7 | 0x4e;
    case 4:
        return d | (c & 6) << 7 | (b & 6) << 4 | 0xc;
    case 5:
        return d | (b & 6) << 7 | 0x2e;
    case 6:
        return d | (c & 6) << 7 | 0x0e;
    default:
        return d | 0x6e;
    }
}

EXEC_CALL(cdtbcd)
{
    uint64_t bcd = 0;
    for (int shift = 0; shift < 64; shift += 32) {
        uint32_t high = digits_of_declet(RS >> (shift + 10) & 0x3ff);
        bcd |= (uint64_t)(high << 12 | digits_of_declet(RS >> shift & 0x3ff)) << shift;
    }
    RA = bcd;
}

EXEC_CALL(cbcdtd)
{
    uint64_t dpd = 0;
    for (int shift = 0; shift < 64; shift += 32) {
        uint32_t high = declet_of_digits(RS >> (shift + 12) & 0xfff);
        dpd |= (uint64_t)(high << 10 | declet_of_digits(RS >> shift & 0xfff)) << shift;
    }
    RA = dpd;
}

/* A six in each digit that the addition did not carry out of. */
EXEC(addg6s)
{
    uint64_t sum = RA + RB, carries = (RA & RB) | ((RA | RB) & ~sum);
    RT = ~((carries >> 3 & UINT64_C(0x1111111111111111)) * 15) & UINT64_C(0x6666666666666666);
}
