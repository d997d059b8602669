/* Loads and stores of several registers: quadword, multiple, string (Book I, 3.3.4, 3.3.6 and
 * 3.3.7). Each is one access, so that one which faults has changed nothing. */
#include "sim/isa/exec.h"

#define EA_D ((RA0 + SI) & s->ea_mask)

/* 3.3.4: the even register has the high-order doubleword in either storage order. */

EXEC_CALL(lq)
{
    u128 v = load128(s, i, EA_D);
    s->gpr[i->rt] = (uint64_t)(v >> 64);
    s->gpr[i->rt + 1] = (uint64_t)v;
}

EXEC_CALL(stq) { store128(s, i, EA_D, (u128)s->gpr[i->rt] << 64 | s->gpr[i->rt + 1]); }

/* The rest is for big-endian programs only. */
static void need_big_endian(struct cpu *s, const struct insn *i, uint64_t ea)
{
    if (!s->big_endian)
        cpu_raise(s, i, EXC_ALIGNMENT, ea, 0);
}

/* `count` bytes at ea into the low words of registers from RT on, four to each, from the left;
 * register 0 follows 31. */
static void load_string(struct cpu *s, const struct insn *i, uint64_t ea, uint32_t count)
{
    uint8_t bytes[128] = {0};
    need_big_endian(s, i, ea);
    s->ea_bytes = count;
    load_raw(s, i, ea, bytes, count);
    for (uint32_t at = 0, reg = i->rt; at < count; at += 4, reg = (reg + 1) & 31)
        s->gpr[reg] = (uint64_t)bytes[at] << 24 | (uint64_t)bytes[at + 1] << 16 |
                      (uint64_t)bytes[at + 2] << 8 | bytes[at + 3];
}

static void store_string(struct cpu *s, const struct insn *i, uint64_t ea, uint32_t count)
{
    uint8_t bytes[128];
    need_big_endian(s, i, ea);
    s->ea_bytes = count;
    for (uint32_t at = 0; at < count; at++)
        bytes[at] = (uint8_t)(s->gpr[(i->rt + at / 4) & 31] >> (24 - at % 4 * 8));
    store_raw(s, i, ea, bytes, count);
}

/* 3.3.6 Fixed-Point Load and Store Multiple Instructions */

EXEC_CALL(lmw)  { load_string(s, i, EA_D, 4 * (32u - i->rt)); }
EXEC_CALL(stmw) { store_string(s, i, EA_D, 4 * (32u - i->rt)); }

/* 3.3.7 Fixed-Point Move Assist Instructions */

#define NB    (FIELD(16, 20) ? FIELD(16, 20) : 32)
#define EA_NB (RA0 & s->ea_mask)
#define EA_X  ((RA0 + RB) & s->ea_mask)

/* A string that would be loaded over a register of its own address is an invalid form. */
static void need_apart(struct cpu *s, const struct insn *i, uint32_t reg, uint32_t count)
{
    if (((reg - i->rt) & 31) < (count + 3) / 4)
        cpu_raise(s, i, EXC_ILLEGAL, i->pc, 0);
}

EXEC_CALL(lswi)
{
    need_big_endian(s, i, EA_NB);
    need_apart(s, i, FIELD(11, 15), NB);
    load_string(s, i, EA_NB, NB);
}

EXEC_CALL(lswx)
{
    need_big_endian(s, i, EA_X);
    need_apart(s, i, FIELD(11, 15), s->xer_count);
    need_apart(s, i, i->rb, s->xer_count);
    if (s->xer_count)
        load_string(s, i, EA_X, s->xer_count);
    else
        s->ea_bytes = 0;
}

EXEC_CALL(stswi) { store_string(s, i, EA_NB, NB); }

EXEC_CALL(stswx)
{
    need_big_endian(s, i, EA_X);
    if (s->xer_count)
        store_string(s, i, EA_X, s->xer_count);
    else
        s->ea_bytes = 0;
}
