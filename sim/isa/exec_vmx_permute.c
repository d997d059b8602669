/* Vector permute and formatting instructions (Book I, chapter 6.8). */
#include "sim/isa/permute.h"
#include "sim/isa/vector.h"

/* Each element x of VA and then of VB, of the kind `from`, becomes an element of half its size. */
#define VX_PACK(name, to, from, sign, value)                                                       \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB;                                                          \
        union vsr vt;                                                                              \
        for EACH(n, from) {                                                                        \
            const sign##_##from x = ELEMENT(from, sign, vb, n);                                    \
            VSR_##to(vt, COUNT_##from + n) = (UNSIGNED_##to)(value);                               \
        }                                                                                          \
        for EACH(n, from) {                                                                        \
            const sign##_##from x = ELEMENT(from, sign, va, n);                                    \
            VSR_##to(vt, n) = (UNSIGNED_##to)(value);                                              \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

/* 8:8:8:8 bits to 1:5:5:5. */
static inline uint32_t pack_pixel(uint32_t x)
{
    return (x >> 24 & 1) << 15 | (x >> 19 & 31) << 10 | (x >> 11 & 31) << 5 | (x >> 3 & 31);
}

VX_PACK(vpkpx, H, W, UNSIGNED, pack_pixel(x))
VX_PACK(vpksdss, W, D, SIGNED, SATURATED(W, SIGNED, x))
VX_PACK(vpksdus, W, D, SIGNED, SATURATED(W, UNSIGNED, x))
VX_PACK(vpkshss, B, H, SIGNED, SATURATED(B, SIGNED, x))
VX_PACK(vpkshus, B, H, SIGNED, SATURATED(B, UNSIGNED, x))
VX_PACK(vpkswss, H, W, SIGNED, SATURATED(H, SIGNED, x))
VX_PACK(vpkswus, H, W, SIGNED, SATURATED(H, UNSIGNED, x))
VX_PACK(vpkudum, W, D, UNSIGNED, x)
VX_PACK(vpkudus, W, D, UNSIGNED, SATURATED(W, UNSIGNED, (int64_t)min_u64(x, INT64_MAX)))
VX_PACK(vpkuhum, B, H, UNSIGNED, x)
VX_PACK(vpkuhus, B, H, UNSIGNED, SATURATED(B, UNSIGNED, x))
VX_PACK(vpkuwum, H, W, UNSIGNED, x)
VX_PACK(vpkuwus, H, W, UNSIGNED, SATURATED(H, UNSIGNED, x))

/* Half of VB's elements, from number `first` on, become elements of twice their size. */
#define VX_UNPACK(name, to, from, first, value)                                                    \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr vb = VB;                                                                   \
        union vsr vt;                                                                              \
        for EACH(n, to) {                                                                          \
            const SIGNED_##from x = ELEMENT(from, SIGNED, vb, (first) + n);                        \
            VSR_##to(vt, n) = (UNSIGNED_##to)(value);                                              \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

/* 1:5:5:5 bits to 8:8:8:8, the first one sign-extended, the others zero-extended. */
static inline uint32_t unpack_pixel(int32_t x)
{
    uint32_t u = (uint32_t)x;
    return (u & 0xff8000) << 9 | (u >> 10 & 31) << 16 | (u >> 5 & 31) << 8 | (u & 31);
}

VX_UNPACK(vupkhpx, W, H, 0, unpack_pixel(x))
VX_UNPACK(vupklpx, W, H, 4, unpack_pixel(x))
VX_UNPACK(vupkhsb, H, B, 0, x)
VX_UNPACK(vupkhsh, W, H, 0, x)
VX_UNPACK(vupkhsw, D, W, 0, x)
VX_UNPACK(vupklsb, H, B, 8, x)
VX_UNPACK(vupklsh, W, H, 4, x)
VX_UNPACK(vupklsw, D, W, 2, x)

VX_MERGE(vmrghb, B, 0)
VX_MERGE(vmrghh, H, 0)
VX_MERGE(vmrghw, W, 0)
VX_MERGE(vmrglb, B, 8)
VX_MERGE(vmrglh, H, 4)
VX_MERGE(vmrglw, W, 2)

EXEC(vmrgew)
{
    const union vsr va = VA, vb = VB;
    VT = (union vsr){.d = {(va.d[0] >> 32 << 32) | vb.d[0] >> 32,
                           (va.d[1] >> 32 << 32) | vb.d[1] >> 32}};
}

EXEC(vmrgow)
{
    const union vsr va = VA, vb = VB;
    VT = (union vsr){.d = {va.d[0] << 32 | (uint32_t)vb.d[0], va.d[1] << 32 | (uint32_t)vb.d[1]}};
}

#define SIM_FIELD sign_extend(FIELD(11, 15), 5)

EXEC(vspltb) { VT = splat_d(VSR_B(VB, FIELD(12, 15)) * EACH_BYTE); }
EXEC(vsplth) { VT = splat_d(VSR_H(VB, FIELD(13, 15)) * EACH_HALF); }
EXEC(vspltw) { VT = splat_d(VSR_W(VB, FIELD(14, 15)) * EACH_WORD); }
EXEC(vspltisb) { VT = splat_d((uint8_t)SIM_FIELD * EACH_BYTE); }
EXEC(vspltish) { VT = splat_d((uint16_t)SIM_FIELD * EACH_HALF); }
EXEC(vspltisw) { VT = splat_d((uint32_t)SIM_FIELD * EACH_WORD); }

EXEC(vperm) { VT = permute(VA, VB, VC, 0); }
EXEC(vpermr) { VT = permute(VA, VB, VC, 31); }
EXEC(vsel) { VT = select_bits(VA, VB, VC); }

EXEC(vpermxor)
{
    const union vsr va = VA, vb = VB, vc = VC;
    union vsr vt;
    for EACH(n, B)
        VSR_B(vt, n) = VSR_B(va, VSR_B(vc, n) >> 4) ^ VSR_B(vb, VSR_B(vc, n) & 15);
    VT = vt;
}

/* Bit shifts by the low three bits of VRB's last byte, octet shifts by the four bits before
 * them. */
EXEC(vsl) { VT.q = VA.q << (VSR_B(VB, 15) & 7); }
EXEC(vsr) { VT.q = VA.q >> (VSR_B(VB, 15) & 7); }
EXEC(vslo) { VT.q = VA.q << (VSR_B(VB, 15) & 0x78); }
EXEC(vsro) { VT.q = VA.q >> (VSR_B(VB, 15) & 0x78); }
EXEC(vsldoi) { VT.q = shift_left_double(VA.q, VB.q, 8 * FIELD(22, 25)); }

/* Each byte is shifted by a count of its own; the bits that come in are its neighbour's. */
EXEC(vslv)
{
    const union vsr va = VA, vb = VB, next = {.q = va.q << 8};
    union vsr vt;
    for EACH(n, B)
        VSR_B(vt, n) = (uint8_t)((VSR_B(va, n) << 8 | VSR_B(next, n)) >> (8 - (VSR_B(vb, n) & 7)));
    VT = vt;
}

EXEC(vsrv)
{
    const union vsr va = VA, vb = VB, previous = {.q = va.q >> 8};
    union vsr vt;
    for EACH(n, B)
        VSR_B(vt, n) = (uint8_t)((VSR_B(previous, n) << 8 | VSR_B(va, n)) >> (VSR_B(vb, n) & 7));
    VT = vt;
}

/* The element of so many bits whose first byte is number UIM, right-justified in doubleword 0.
 * Bytes wrap around from 15 to 0 where the ISA leaves a UIM too large undefined. */
static inline union vsr extract_element(u128 q, unsigned uim, unsigned bits)
{
    return (union vsr){.q = rotl128(q, 8 * uim) >> (128 - bits) << 64};
}

EXEC(vextractub) { VT = extract_element(VB.q, FIELD(12, 15), 8); }
EXEC(vextractuh) { VT = extract_element(VB.q, FIELD(12, 15), 16); }
EXEC(vextractuw) { VT = extract_element(VB.q, FIELD(12, 15), 32); }
EXEC(vextractd) { VT = extract_element(VB.q, FIELD(12, 15), 64); }

/* The low bits of `value` replace those at byte UIM of q; what would stand beyond byte 15 is
 * dropped (undefined in the ISA). */
static inline u128 insert_element(u128 q, uint64_t value, unsigned uim, unsigned bits)
{
    u128 ones = ~(u128)0 << (128 - bits) >> 8 * uim;
    return (q & ~ones) | (u128)value << (128 - bits) >> 8 * uim;
}

EXEC(vinsertb) { VT.q = insert_element(VT.q, VSR_B(VB, 7), FIELD(12, 15), 8); }
EXEC(vinserth) { VT.q = insert_element(VT.q, VSR_H(VB, 3), FIELD(12, 15), 16); }
EXEC(vinsertw) { VT.q = insert_element(VT.q, VSR_W(VB, 1), FIELD(12, 15), 32); }
EXEC(vinsertd) { VT.q = insert_element(VT.q, VSR_D(VB, 0), FIELD(12, 15), 64); }

/* Bytes to a GPR: byte number RA counted from the left or from the right. Where the ISA leaves
 * an index too large undefined, the shift wraps and brings in signs. */
static inline uint64_t extract_right(u128 q, uint64_t index, unsigned bits)
{
    return (uint64_t)((s128)q >> 8 * (index & 15)) & (UINT64_MAX >> (64 - bits));
}

static inline uint64_t extract_left(u128 q, uint64_t index, unsigned bits)
{
    return extract_right(q, 16 - bits / 8 - index, bits);
}

EXEC(vextublx) { RT = extract_left(VB.q, RA, 8); }
EXEC(vextubrx) { RT = extract_right(VB.q, RA, 8); }
EXEC(vextuhlx) { RT = extract_left(VB.q, RA, 16); }
EXEC(vextuhrx) { RT = extract_right(VB.q, RA, 16); }
EXEC(vextuwlx) { RT = extract_left(VB.q, RA, 32); }
EXEC(vextuwrx) { RT = extract_right(VB.q, RA, 32); }
