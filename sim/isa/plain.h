/* For fuse.c: frequent instructions as they mostly are (no OE, no Rc, no LK, access to a page that
 * the soft TLB knows), as pieces of handlers that execute several. What an instruction leaves in a
 * register is handed to the next one in a host register as well: the host takes some seven cycles
 * to read back what it has just written to memory.
 *
 * The meaning of all forms stands in exec_*.c; fuse_test.c compares each piece with that. */
#ifndef SIM_ISA_PLAIN_H
#define SIM_ISA_PLAIN_H

#include "sim/isa/fixed.h"
#include "sim/isa/vector.h"

/* What becomes of an instruction: go on with the next, the access needs another way, branch where
 * the record says, branch to *v. */
enum plain_end { PLAIN_DONE, PLAIN_NO_LOAD, PLAIN_NO_STORE, PLAIN_TAKEN, PLAIN_JUMP };

/* The field of this instruction that names what the last one wrote; of a branch, CR is its BI. */
enum plain_from { FROM_NONE, FROM_RA, FROM_RB, FROM_RT, FROM_CR, FROM_COUNT };

/* *v: what the last one wrote, and then what this one does; the address if there is no access. */
#define PLAIN(name)                                                                                \
    static inline __attribute__((always_inline)) enum plain_end plain_##name(                      \
        struct cpu *s, const struct insn *i, enum plain_from from __attribute__((unused)),         \
        uint64_t *v)

/* The registers of the fields RA, RB and RT (as a source). */
#define A (from == FROM_RA ? *v : s->gpr[i->ra])
#define B (from == FROM_RB ? *v : s->gpr[i->rb])
#define S (from == FROM_RT ? *v : s->gpr[i->rt])

/* One result into the register that the field `out` names. */
#define VALUE(name, out, value)                                                                    \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        s->gpr[i->out] = *v = (value);                                                             \
        return PLAIN_DONE;                                                                         \
    }

VALUE(addi, rt, A + SI)
VALUE(addis, rt, A + (SI << 16))
VALUE(add, rt, A + B)
VALUE(subf, rt, B - A)
VALUE(neg, rt, -A)
VALUE(mulli, rt, A * SI)
VALUE(mulld, rt, A * B)
VALUE(mullw, rt, (uint64_t)((int64_t)(int32_t)A * (int32_t)B))
VALUE(ori, ra, S | UI)
VALUE(oris, ra, S | UI << 16)
VALUE(xori, ra, S ^ UI)
VALUE(and, ra, S & B)
VALUE(andc, ra, S & ~B)
VALUE(xor, ra, S ^ B)
VALUE(or, ra, S | B)
VALUE(nor, ra, ~(S | B))
VALUE(extsb, ra, (uint64_t)(int8_t)S)
VALUE(extsh, ra, (uint64_t)(int16_t)S)
VALUE(extsw, ra, (uint64_t)(int32_t)S)
/* The shift amounts of the rotates stand in rb; imm is the mask, of words its lower half. */
static inline uint64_t plain_rotl(uint64_t x, uint32_t n) { return x << (n & 63) | x >> (-n & 63); }
VALUE(rlwinm, ra, ((uint32_t)S << (i->rb & 31) | (uint32_t)S >> (-i->rb & 31)) & (uint32_t)i->imm)
VALUE(rldicl, ra, plain_rotl(S, i->rb) & (uint64_t)i->imm)
VALUE(rldicr, ra, plain_rotl(S, i->rb) & (uint64_t)i->imm)
VALUE(rldic, ra, plain_rotl(S, i->rb) & (uint64_t)i->imm)
VALUE(slw, ra, B & 32 ? 0 : (uint32_t)(S << (B & 31)))
VALUE(srw, ra, B & 32 ? 0 : (uint32_t)S >> (B & 31))
VALUE(sld, ra, B & 64 ? 0 : S << (B & 63))
VALUE(srd, ra, B & 64 ? 0 : S >> (B & 63))
VALUE(mflr, rt, s->lr)

PLAIN(mtlr)
{
    s->lr = S;
    return PLAIN_DONE;
}

PLAIN(mtctr)
{
    s->ctr = S;
    return PLAIN_DONE;
}

/* Compares hand on the field that they set. Arithmetic, not a choice: see exec_fixed_compare.c. */
#define COMPARE(name, type, half, x, y)                                                            \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        type a = (type)(x), b = (type)(y);                                                         \
        if (!(i->rt & 1)) {                                                                        \
            a = (half)a;                                                                           \
            b = (half)b;                                                                           \
        }                                                                                          \
        uint8_t field = (uint8_t)((CR_EQ + 6 * (a < b) + 2 * (a > b)) | s->so);                    \
        s->cr[BF_FIELD] = field;                                                                   \
        *v = field;                                                                                \
        return PLAIN_DONE;                                                                         \
    }

COMPARE(cmpi, int64_t, int32_t, A, SI)
COMPARE(cmp, int64_t, int32_t, A, B)
COMPARE(cmpli, uint64_t, uint32_t, A, UI)
COMPARE(cmpl, uint64_t, uint32_t, A, B)

PLAIN(andi_)
{
    uint64_t result = S & UI;
    s->gpr[i->ra] = result;
    set_cr0(s, result);
    *v = s->cr[0];
    return PLAIN_DONE;
}

/* Branches to what is known; calls leave the address behind. */

PLAIN(b)
{
    (void)s, (void)i, (void)v;
    return PLAIN_TAKEN;
}

PLAIN(bl)
{
    (void)v;
    s->lr = (i->pc + 4) & s->ea_mask;
    return PLAIN_TAKEN;
}

PLAIN(bc)
{
    uint8_t field = from == FROM_CR ? (uint8_t)*v : s->cr[i->ra];
    return (field & i->rb) == i->rc ? PLAIN_TAKEN : PLAIN_DONE;
}

PLAIN(bdnz)
{
    (void)i, (void)v;
    return --s->ctr & s->ea_mask ? PLAIN_TAKEN : PLAIN_DONE;
}

/* Branches to what a register holds. */
#define JUMP(name, register, link)                                                                 \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        (void)i;                                                                                   \
        *v = s->register & s->ea_mask & ~UINT64_C(3);                                              \
        link;                                                                                      \
        return PLAIN_JUMP;                                                                         \
    }

JUMP(blr, lr, (void)0)
JUMP(bctr, ctr, (void)0)
JUMP(bctrl, ctr, s->lr = (i->pc + 4) & s->ea_mask)

#endif
