/* Vector loads, stores and alignment support (Book I, chapter 6.7). */
#include "sim/isa/vector.h"

#define EA_X ((RA0 + RB) & s->ea_mask)
/* The low bits of the address of a quadword are ignored. */
#define EA_Q (EA_X & ~UINT64_C(15))

/* Where the element at byte address ea stands in its quadword's register: in little-endian mode
 * the quadword is loaded as a number, so that the byte at the lowest address is the last
 * element. */
static inline unsigned element_at(const struct cpu *s, uint64_t ea, unsigned bytes)
{
    unsigned n = (unsigned)(ea & 15) / bytes;
    return s->big_endian ? n : 16 / bytes - 1 - n;
}

/* The low bits of the address are ignored. */
EXEC(lvebx)
{
    uint64_t ea = EA_X;
    VSR_B(VT, element_at(s, ea, 1)) = load8(s, i, ea);
}

EXEC(lvehx)
{
    uint64_t ea = EA_X & ~UINT64_C(1);
    VSR_H(VT, element_at(s, ea, 2)) = load16(s, i, ea);
}

EXEC(lvewx)
{
    uint64_t ea = EA_X & ~UINT64_C(3);
    VSR_W(VT, element_at(s, ea, 4)) = load32(s, i, ea);
}

EXEC_LOAD(lvx, EA_Q, 16) { set_vector(&VT, load_vector(s, i, ea)); }
EXEC_LOAD(lvxl, EA_Q, 16) { set_vector(&VT, load_vector(s, i, ea)); }

EXEC(stvebx)
{
    uint64_t ea = EA_X;
    store8(s, i, ea, VSR_B(VT, element_at(s, ea, 1)));
}

EXEC(stvehx)
{
    uint64_t ea = EA_X & ~UINT64_C(1);
    store16(s, i, ea, VSR_H(VT, element_at(s, ea, 2)));
}

EXEC(stvewx)
{
    uint64_t ea = EA_X & ~UINT64_C(3);
    store32(s, i, ea, VSR_W(VT, element_at(s, ea, 4)));
}

EXEC_STORE(stvx, EA_Q, 16) { store_vector(s, i, ea, whole(VT)); }
EXEC_STORE(stvxl, EA_Q, 16) { store_vector(s, i, ea, whole(VT)); }

/* The bytes first, first + 1, ... first + 15. */
static inline union vsr counting_bytes(uint64_t first)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), ramp = UINT64_C(0x0001020304050607);
    union vsr v;
    VSR_D(v, 0) = first * ones + ramp;
    VSR_D(v, 1) = first * ones + ramp + 8 * ones;
    return v;
}

EXEC(lvsl) { VT = counting_bytes((RA0 + RB) & 15); }
EXEC(lvsr) { VT = counting_bytes(16 - ((RA0 + RB) & 15)); }

/* Data stream touch. */
EXEC(dst) {}
EXEC(dstt) {}
EXEC(dstst) {}
EXEC(dststt) {}
EXEC(dss) {}
EXEC(dssall) {}
