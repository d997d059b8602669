/* Move to and from special purpose registers and the condition register (Book I, 3.3.17), time base
 * (Book II, 6). */
#include "sim/isa/exec.h"
#include "sim/isa/spr.h"

/* Every function call saves LR and every call through a pointer sets CTR: those do not search. */

EXEC_IF(mtspr, i->imm == SPR_LR || i->imm == SPR_CTR)
{
    if (i->imm == SPR_CTR)
        s->ctr = RS;
    else if (i->imm == SPR_LR)
        s->lr = RS;
    else
        spr_set(s, i, RS);
}

EXEC_IF(mfspr, i->imm == SPR_LR)
{
    if (i->imm == SPR_LR)
        RT = s->lr;
    else
        RT = spr_get(s, i, RT);
}

/* The time base registers under the number that mfspr has for them too. */
EXEC_CALL(mftb) { RT = spr_get(s, i, RT); }

/* Condition register. FXM: one bit a field, bit 12 of the word for field 0. */

EXEC_CALL(mtcrf)
{
    uint32_t value = (uint32_t)RS;
    for (uint32_t n = 0; n < 8; n++)
        if (FIELD(12 + n, 12 + n))
            s->cr[n] = value >> (28 - 4 * n) & 15;
}

EXEC_CALL(mfcr) { RT = cpu_get_cr(s); }

/* With exactly one bit of FXM set they move that field; otherwise, undefined, nothing. */

static inline bool one_field(const struct insn *i, uint32_t *field)
{
    uint32_t fxm = FIELD(12, 19);
    *field = (uint32_t)__builtin_clz(fxm | 1) - 24;
    return is_pow2(fxm);
}

EXEC(mtocrf)
{
    uint32_t n;
    if (one_field(i, &n))
        s->cr[n] = (uint32_t)RS >> (28 - 4 * n) & 15;
}

EXEC(mfocrf)
{
    uint32_t n;
    if (one_field(i, &n))
        RT = (uint32_t)s->cr[n] << (28 - 4 * n);
}

EXEC(mcrxr)
{
    s->cr[BF_FIELD] = (uint8_t)(s->so << 3 | s->ov << 2 | s->ca << 1);
    s->so = s->ov = s->ca = 0;
}

EXEC(mcrxrx)
{
    s->cr[BF_FIELD] = (uint8_t)(s->ov << 3 | s->ov32 << 2 | s->ca << 1 | s->ca32);
}

EXEC(setb)
{
    uint32_t field = s->cr[BFA_FIELD];
    RT = field & CR_LT ? UINT64_MAX : field >> 2 & 1;
}
