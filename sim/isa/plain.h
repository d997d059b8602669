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

/* What becomes of an instruction: go on with the next, the access needs another way, so does all of
 * it, branch where the record says, branch to *v. */
enum plain_end { PLAIN_DONE, PLAIN_NO_LOAD, PLAIN_NO_STORE, PLAIN_STEP, PLAIN_TAKEN, PLAIN_JUMP };

/* The field of this instruction that names what the last one wrote; of a branch, CR is its BI. */
enum plain_from { FROM_NONE, FROM_RA, FROM_RB, FROM_RT, FROM_CR, FROM_COUNT };

/* Whether the program is one of 64 bits in the host's order, and stays so. */
enum plain_mode { MODE_ANY, MODE_HOST };

/* *v: what the last one wrote, and then what this one does; the address if there is no access. */
#define PLAIN(name)                                                                                \
    static inline __attribute__((always_inline)) enum plain_end plain_##name(                      \
        struct cpu *s, const struct insn *i, enum plain_from from __attribute__((unused)),         \
        enum plain_mode mode __attribute__((unused)), uint64_t *v)
/* An address as it is in this mode. */
#define CUT(ea) (mode == MODE_HOST ? (ea) : (ea) & s->ea_mask)

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

#endif
