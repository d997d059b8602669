/* Fixed-Point Facility (Book I, chapter 3.3) without storage access. */
#include "sim/isa/exec.h"

/* OV and SO after an addition: the operands agree in sign and the result does not. */
static inline void set_ov(struct cpu *s, bool ov, bool ov32)
{
    s->ov32 = ov32;
    s->ov = s->is_64bit ? ov : ov32;
    s->so |= s->ov;
}

static inline void finish_add(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b, uint64_t sum)
{
    uint64_t overflow = (a ^ sum) & (b ^ sum);
    if (OE_BIT)
        set_ov(s, overflow >> 63, overflow >> 31 & 1);
    if (RC_BIT)
        set_cr0(s, sum);
    RT = sum;
}

EXEC(addi) { RT = RA0 + SI; }

EXEC(add)
{
    uint64_t a = RA, b = RB;
    finish_add(s, i, a, b, a + b);
}

EXEC(cmpi)
{
    bool l = FIELD(10, 10);
    int64_t a = l ? (int64_t)RA : (int32_t)(uint32_t)RA, b = i->imm;
    s->cr[BF_FIELD] = (uint8_t)((a < b ? CR_LT : a > b ? CR_GT : CR_EQ) | s->so);
}
