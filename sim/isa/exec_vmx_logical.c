/* Vector logical, rotate and shift instructions, parity and counts of bits (Book I, chapters
 * 6.9.7 to 6.9.10, 6.13, 6.14). */
#include "sim/isa/vector.h"

VX_MAP(vand, D, UNSIGNED, a & b)
VX_MAP(vandc, D, UNSIGNED, a & ~b)
VX_MAP(veqv, D, UNSIGNED, ~(a ^ b))
VX_MAP(vnand, D, UNSIGNED, ~(a & b))
VX_MAP(vorc, D, UNSIGNED, a | ~b)
VX_MAP(vnor, D, UNSIGNED, ~(a | b))
VX_MAP(vor, D, UNSIGNED, a | b)
VX_MAP(vxor, D, UNSIGNED, a ^ b)

VX_MAP(vrlb, B, UNSIGNED, a << (b & 7) | a >> (-b & 7))
VX_MAP(vrlh, H, UNSIGNED, a << (b & 15) | a >> (-b & 15))
VX_MAP(vrlw, W, UNSIGNED, a << (b & 31) | a >> (-b & 31))
VX_MAP(vrld, D, UNSIGNED, a << (b & 63) | a >> (-b & 63))
VX_MAP(vslb, B, UNSIGNED, a << (b & 7))
VX_MAP(vslh, H, UNSIGNED, a << (b & 15))
VX_MAP(vslw, W, UNSIGNED, a << (b & 31))
VX_MAP(vsld, D, UNSIGNED, a << (b & 63))
VX_MAP(vsrb, B, UNSIGNED, a >> (b & 7))
VX_MAP(vsrh, H, UNSIGNED, a >> (b & 15))
VX_MAP(vsrw, W, UNSIGNED, a >> (b & 31))
VX_MAP(vsrd, D, UNSIGNED, a >> (b & 63))
VX_MAP(vsrab, B, SIGNED, a >> (b & 7))
VX_MAP(vsrah, H, SIGNED, a >> (b & 15))
VX_MAP(vsraw, W, SIGNED, a >> (b & 31))
VX_MAP(vsrad, D, SIGNED, a >> (b & 63))

/* The bytes 1, 2 and 3 (of a word, or of a doubleword's second half) say begin of mask, end of
 * mask, shift. */
static inline uint32_t mask_w(uint32_t b)
{
    return (uint32_t)ppc_mask64((b >> 16 & 31) + 32, (b >> 8 & 31) + 32);
}

static inline uint64_t mask_d(uint64_t b)
{
    return ppc_mask64(b >> 16 & 63, b >> 8 & 63);
}

VX_MAP(vrlwnm, W, UNSIGNED, rotl32(a, b) & mask_w(b))
VX_MAP(vrldnm, D, UNSIGNED, rotl64(a, (unsigned)b) & mask_d(b))

EXEC(vrlwmi)
{
    const union vsr va = VA, vb = VB;
    union vsr vt = VT;
    for EACH(n, W) {
        uint32_t b = VSR_W(vb, n), mask = mask_w(b);
        VSR_W(vt, n) = (VSR_W(vt, n) & ~mask) | (rotl32(VSR_W(va, n), b) & mask);
    }
    VT = vt;
}

EXEC(vrldmi)
{
    const union vsr va = VA, vb = VB;
    union vsr vt = VT;
    for EACH(n, D) {
        uint64_t b = VSR_D(vb, n), mask = mask_d(b);
        VSR_D(vt, n) = (VSR_D(vt, n) & ~mask) | (rotl64(VSR_D(va, n), (unsigned)b) & mask);
    }
    VT = vt;
}

/* Parity of the last bits of an element's bytes. */
static inline uint64_t byte_parity(uint64_t d)
{
    d ^= d >> 32;
    d ^= d >> 16;
    d ^= d >> 8;
    return d & 1;
}

VX_MAP1(vprtybw, W, UNSIGNED, byte_parity(b))
VX_MAP1(vprtybd, D, UNSIGNED, byte_parity(b))
EXEC(vprtybq) { VT.q = byte_parity(VSR_D(VB, 0) ^ VSR_D(VB, 1)); }

VX_MAP1(vclzb, B, UNSIGNED, b ? __builtin_clz(b) - 24 : 8)
VX_MAP1(vclzh, H, UNSIGNED, b ? __builtin_clz(b) - 16 : 16)
VX_MAP1(vclzw, W, UNSIGNED, b ? __builtin_clz(b) : 32)
VX_MAP1(vclzd, D, UNSIGNED, b ? __builtin_clzll(b) : 64)
VX_MAP1(vctzb, B, UNSIGNED, b ? __builtin_ctz(b) : 8)
VX_MAP1(vctzh, H, UNSIGNED, b ? __builtin_ctz(b) : 16)
VX_MAP1(vctzw, W, UNSIGNED, b ? __builtin_ctz(b) : 32)
VX_MAP1(vctzd, D, UNSIGNED, b ? __builtin_ctzll(b) : 64)

/* The number of ones in each byte, by halves: of pairs, of fours, of eights. */
static inline uint64_t popcount_bytes(uint64_t d)
{
    d -= d >> 1 & UINT64_C(0x5555555555555555);
    d = (d & UINT64_C(0x3333333333333333)) + (d >> 2 & UINT64_C(0x3333333333333333));
    return (d + (d >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
}

static inline uint64_t popcount_halves(uint64_t d)
{
    d = popcount_bytes(d);
    return (d + (d >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
}

static inline uint64_t popcount_words(uint64_t d)
{
    d = popcount_halves(d);
    return (d + (d >> 16)) & UINT64_C(0x0000ffff0000ffff);
}

VX_MAP1(vpopcntb, D, UNSIGNED, popcount_bytes(b))
VX_MAP1(vpopcnth, D, UNSIGNED, popcount_halves(b))
VX_MAP1(vpopcntw, D, UNSIGNED, popcount_words(b))
VX_MAP1(vpopcntd, D, UNSIGNED, popcount_words(b) % UINT32_MAX) /* the sum of its words */

/* The last bits of a doubleword's bytes, byte 0's the most significant. The product adds no two
 * bits at one place. */
static inline uint32_t last_bits(uint64_t d)
{
    return (uint32_t)((d & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56);
}

static inline uint32_t byte_last_bits(union vsr v)
{
    return last_bits(VSR_D(v, 0)) << 8 | last_bits(VSR_D(v, 1));
}

EXEC(vclzlsbb)
{
    uint32_t bits = byte_last_bits(VB);
    RT = bits ? (uint64_t)__builtin_clz(bits) - 16 : 16;
}

EXEC(vctzlsbb)
{
    uint32_t bits = byte_last_bits(VB);
    RT = bits ? (uint64_t)__builtin_ctz(bits) : 16;
}

/* Transposes each doubleword as an 8 x 8 matrix of bits, by exchanging blocks of 1, 2 and 4 bits
 * across the diagonal. */
static inline uint64_t transpose(uint64_t d)
{
    uint64_t x = (d ^ d >> 7) & UINT64_C(0x00aa00aa00aa00aa);
    d ^= x ^ x << 7;
    x = (d ^ d >> 14) & UINT64_C(0x0000cccc0000cccc);
    d ^= x ^ x << 14;
    x = (d ^ d >> 28) & UINT64_C(0x00000000f0f0f0f0);
    return d ^ x ^ x << 28;
}

VX_MAP1(vgbbd, D, UNSIGNED, transpose(b))

/* Bits of VA picked by the bytes of VB; a byte too large picks a zero. */
EXEC(vbpermq)
{
    const union vsr va = VA, vb = VB;
    uint64_t bits = 0;
    for (int n = 0; n < 16; n++) {
        unsigned index = VSR_B(vb, n);
        uint64_t half = index < 128 ? VSR_D(va, index >> 6) : 0;
        bits = bits << 1 | (half >> (63 - (index & 63)) & 1);
    }
    VT.q = (u128)bits << 64;
}

EXEC(vbpermd)
{
    const union vsr va = VA, vb = VB;
    union vsr vt;
    for EACH(n, D) {
        uint64_t bits = 0;
        for (int m = 0; m < 8; m++) {
            unsigned index = VSR_B(vb, 8 * n + m);
            bits = bits << 1 | (index < 64 ? VSR_D(va, n) >> (63 - index) & 1 : 0);
        }
        VSR_D(vt, n) = bits;
    }
    VT = vt;
}
