/* Microwatt's estimates: the ISA leaves their precision open, and what a program computes from them
 * depends on it. Each is an entry of 19 bits of the unit's table (fpu.vhdl, inverse_table), found
 * from the operand's first bits; the formulas below give all its 1024 entries. */
#include "sim/isa/fp_insn.h"

#define ENTRY_BITS 19

/* entry * 2^-19 * 2^exp; the entry's top bit is set. */
static struct fp from_entry(uint64_t entry, bool sign, int32_t exp, const struct fp_format *f,
                            struct fp_env *e)
{
    struct fp x = {.kind = KIND_FINITE, .sign = sign, .exp = exp - 1,
                   .sig = (u128)entry << (128 - ENTRY_BITS)};
    return fp_round(x, f, e);
}

struct fp fp_reciprocal_microwatt(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    if (x.kind != KIND_FINITE)
        return fp_reciprocal(x, f, e);
    uint32_t part = (uint32_t)(x.sig >> 119) & 255;
    return from_entry((UINT64_C(1) << 28) / (513 + 2 * part), x.sign, -x.exp, f, e);
}

/* The integer root of a number below 2^36. */
static uint64_t root(uint64_t n)
{
    uint64_t r = 0;
    for (uint64_t bit = UINT64_C(1) << 17; bit; bit >>= 1)
        if ((r | bit) * (r | bit) <= n)
            r |= bit;
    return r;
}

struct fp fp_reciprocal_root_microwatt(struct fp x, const struct fp_format *f, struct fp_env *e)
{
    if (x.kind != KIND_FINITE || x.sign)
        return fp_reciprocal_root(x, f, e);
    uint32_t odd = (uint32_t)x.exp & 1;
    uint32_t part = (uint32_t)(x.sig >> (119 - odd)) - 256; /* of a number from 1 to 4 */
    uint64_t entry = 2 * root((UINT64_C(1) << 45) / (513 + 2 * part));
    return from_entry(entry, false, -(x.exp - (int32_t)odd) / 2, f, e);
}
