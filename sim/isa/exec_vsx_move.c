/* Moves between register banks, and VSX logical, permute, splat and byte-reverse instructions
 * (Book I, chapters 4.6.15 and 7.6). */
#include "sim/isa/permute.h"
#include "sim/isa/vector.h"

EXEC(mfvsrd) { RA = VSR_D(VT, 0); }
EXEC(mfvsrld) { RA = VSR_D(VT, 1); }
EXEC(mfvsrwz) { RA = VSR_W(VT, 1); }

/* Doubleword 1 is undefined before ISA 3.1; processors clear it. */
EXEC(mtvsrd) { VT.q = (u128)RA << 64; }
EXEC(mtvsrwa) { VT.q = (u128)(uint64_t)(int32_t)(uint32_t)RA << 64; }
EXEC(mtvsrwz) { VT.q = (u128)(uint32_t)RA << 64; }
EXEC(mtvsrdd) { VT.q = (u128)RA0 << 64 | RB; }
EXEC(mtvsrws) { VT = splat_d((uint32_t)RA * EACH_WORD); }

VX_MAP(xxland, D, UNSIGNED, a & b)
VX_MAP(xxlandc, D, UNSIGNED, a & ~b)
VX_MAP(xxleqv, D, UNSIGNED, ~(a ^ b))
VX_MAP(xxlnand, D, UNSIGNED, ~(a & b))
VX_MAP(xxlorc, D, UNSIGNED, a | ~b)
VX_MAP(xxlnor, D, UNSIGNED, ~(a | b))
VX_MAP(xxlor, D, UNSIGNED, a | b)
VX_MAP(xxlxor, D, UNSIGNED, a ^ b)
EXEC(xxsel) { VT = select_bits(VA, VB, VC); }

VX_MAP1(xxbrd, D, UNSIGNED, __builtin_bswap64(b))
VX_MAP1(xxbrh, H, UNSIGNED, __builtin_bswap16(b))
VX_MAP1(xxbrw, W, UNSIGNED, __builtin_bswap32(b))

EXEC(xxbrq)
{
    uint64_t high = VSR_D(VB, 0), low = VSR_D(VB, 1);
    VSR_D(VT, 0) = __builtin_bswap64(low);
    VSR_D(VT, 1) = __builtin_bswap64(high);
}

/* The bytes wrap around from 15 to 0 where the ISA leaves a number above 12 undefined. */
EXEC(xxextractuw)
{
    u128 q = rotl128(VB.q, 8 * FIELD(12, 15));
    VT.q = q >> 96 << 64;
}

/* Bytes that would stand beyond the last one are dropped (undefined in the ISA). */
EXEC(xxinsertw)
{
    const unsigned right = 8 * FIELD(12, 15);
    const u128 mask = (u128)UINT32_MAX << 96 >> right, word = (u128)VSR_W(VB, 1) << 96 >> right;
    VT.q = (VT.q & ~mask) | word;
}

VX_MERGE(xxmrghw, W, 0)
VX_MERGE(xxmrglw, W, 2)

EXEC(xxpermdi)
{
    uint64_t high = VSR_D(VA, FIELD(22, 22)), low = VSR_D(VB, FIELD(23, 23));
    VSR_D(VT, 0) = high;
    VSR_D(VT, 1) = low;
}

/* Unlike vperm, the second half of the source is the target, and B is the control. */
EXEC(xxperm) { VT = permute(VA, VT, VB, 0); }
EXEC(xxpermr) { VT = permute(VA, VT, VB, 31); }

EXEC(xxsldwi) { VT.q = shift_left_double(VA.q, VB.q, 32 * FIELD(22, 23)); }

EXEC(xxspltib) { VT = splat_d(FIELD(13, 20) * EACH_BYTE); }
EXEC(xxspltw) { VT = splat_d(VSR_W(VB, FIELD(14, 15)) * EACH_WORD); }
