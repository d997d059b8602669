/* Compares and branches as pieces of handlers: see plain.h. */
#ifndef SIM_ISA_PLAIN_BRANCH_H
#define SIM_ISA_PLAIN_BRANCH_H

#include "sim/isa/plain.h"

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

PLAIN(cror)
{
    set_bt(s, i, cr_bit(s, i->ra) | cr_bit(s, i->rb));
    *v = s->cr[BF_FIELD];
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
    s->lr = CUT(i->pc + 4);
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
    return CUT(--s->ctr) ? PLAIN_TAKEN : PLAIN_DONE;
}

/* Branches to what a register holds. */
#define JUMP(name, register, link)                                                                 \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        (void)i;                                                                                   \
        *v = CUT(s->register) & ~UINT64_C(3);                                        \
        link;                                                                                      \
        return PLAIN_JUMP;                                                                         \
    }

JUMP(blr, lr, (void)0)
JUMP(bctr, ctr, (void)0)
JUMP(bctrl, ctr, s->lr = CUT(i->pc + 4))

#endif
