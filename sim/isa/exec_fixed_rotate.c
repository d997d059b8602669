/* Fixed-point rotate and shift (Book I, 3.3.14). Of M and MD forms the mask has been found in
 * predecoding. */
#include "sim/isa/exec.h"
#include "sim/isa/fixed.h"

#define MASK ((uint64_t)i->imm)

/* ROTL32: the word stands in both halves, which shows when the mask wraps around. */
static inline uint64_t rotl32_twice(uint64_t v, uint32_t n)
{
    uint64_t r = (uint32_t)v << (n & 31) | (uint32_t)v >> (-n & 31);
    return r << 32 | r;
}

static inline uint64_t rotl(uint64_t v, uint32_t n) { return v << (n & 63) | v >> (-n & 63); }

static inline uint64_t insert(uint64_t rotated, uint64_t into, uint64_t mask)
{
    return (rotated & mask) | (into & ~mask);
}

EXEC(rlwinm) { finish_ra(s, i, rotl32_twice(RS, i->rb) & MASK); }
EXEC(rlwnm)  { finish_ra(s, i, rotl32_twice(RS, (uint32_t)RB) & MASK); }
EXEC(rlwimi) { finish_ra(s, i, insert(rotl32_twice(RS, i->rb), RA, MASK)); }
EXEC(rldicl) { finish_ra(s, i, rotl(RS, i->rb) & MASK); }
EXEC(rldicr) { finish_ra(s, i, rotl(RS, i->rb) & MASK); }
EXEC(rldic)  { finish_ra(s, i, rotl(RS, i->rb) & MASK); }
EXEC(rldimi) { finish_ra(s, i, insert(rotl(RS, i->rb), RA, MASK)); }
EXEC(rldcl)  { finish_ra(s, i, rotl(RS, (uint32_t)RB) & ppc_mask64(i->rc, 63)); }
EXEC(rldcr)  { finish_ra(s, i, rotl(RS, (uint32_t)RB) & ppc_mask64(0, i->rc)); }

/* Shifts by up to twice the width; the host takes the amount modulo 64: the excess is a choice. */

static inline uint64_t in_range(uint64_t amount, uint64_t width, uint64_t result)
{
    return amount & width ? 0 : result;
}

EXEC(slw) { finish_ra(s, i, (uint32_t)in_range(RB, 32, RS << (RB & 31))); }
EXEC(srw) { finish_ra(s, i, in_range(RB, 32, (uint32_t)RS >> (RB & 31))); }
EXEC(sld) { finish_ra(s, i, in_range(RB, 64, RS << (RB & 63))); }
EXEC(srd) { finish_ra(s, i, in_range(RB, 64, RS >> (RB & 63))); }

/* CA: the number is negative and ones are shifted out. `amount` up to 63; the number is
 * sign-extended. */
static inline void shift_algebraic(struct cpu *s, const struct insn *i, int64_t number,
                                   uint32_t amount)
{
    uint64_t lost = (uint64_t)number & ~(UINT64_MAX << amount);
    s->ca = s->ca32 = number < 0 && lost != 0;
    finish_ra(s, i, (uint64_t)(number >> amount));
}

EXEC(srawi) { shift_algebraic(s, i, (int32_t)RS, i->rb); }
EXEC(sraw)  { shift_algebraic(s, i, (int32_t)RS, RB & 63); }
EXEC(sradi) { shift_algebraic(s, i, (int64_t)RS, i->rb); }

/* An amount above 63 leaves the sign alone. */
EXEC(srad)
{
    uint32_t amount = RB & 127;
    if (amount < 64) {
        shift_algebraic(s, i, (int64_t)RS, amount);
    } else {
        uint64_t sign = (uint64_t)((int64_t)RS >> 63);
        s->ca = s->ca32 = sign & 1;
        finish_ra(s, i, sign);
    }
}

EXEC(extswsli) { finish_ra(s, i, (uint64_t)(int32_t)RS << i->rb); }
