/* Floating-Point Status and Control Register Instructions (Book I, 4.6.10). */
#include "sim/isa/exec_fp.h"

#define CONTROL (FPSCR_DRN | FPSCR_ENABLES | FPSCR_NI | FPSCR_RN)

/* Where field n of the low word (w = 0) or the high word (w = 1) stands; n counts from the left. */
static unsigned field_shift(unsigned n, unsigned w) { return 4 * (7 - n) + 32 * w; }

static void replace(struct cpu *s, uint64_t mask, uint64_t value)
{
    fpscr_write(s, (fpscr_read(s) & ~mask) | (value & mask));
}

/* Of the instructions that may set exception or enable bits: FEX then raises, whoever set its
 * parts. */
static void finish(struct cpu *s, const struct insn *i)
{
    if (RC_BIT)
        set_cr1(s);
    if (s->fp_exceptions_enabled && s->fpscr & FPSCR_FEX)
        cpu_raise(s, i, EXC_FP_ENABLED, 0, 0);
}

EXEC(mffs)
{
    write_scalar(s, i, fpscr_read(s));
    if (RC_BIT)
        set_cr1(s);
}

EXEC(mffsl) { write_scalar(s, i, fpscr_read(s) & (CONTROL | FPSCR_FR | FPSCR_FI | FPSCR_FPRF)); }

EXEC(mffsce)
{
    write_scalar(s, i, fpscr_read(s));
    replace(s, FPSCR_ENABLES, 0);
}

/* The control bits to FRT, then those under `mask` anew. */
static void exchange_control(struct cpu *s, const struct insn *i, uint64_t mask, uint64_t value)
{
    write_scalar(s, i, fpscr_read(s) & CONTROL);
    replace(s, mask, value);
}

EXEC(mffscdrn)  { exchange_control(s, i, FPSCR_DRN, FRB); }
EXEC(mffscdrni) { exchange_control(s, i, FPSCR_DRN, (uint64_t)FIELD(18, 20) << 32); }
EXEC(mffscrn)   { exchange_control(s, i, FPSCR_RN, FRB); }
EXEC(mffscrni)  { exchange_control(s, i, FPSCR_RN, FIELD(19, 20)); }

EXEC(mcrfs)
{
    unsigned shift = field_shift(BFA_FIELD, 0);
    s->cr[BF_FIELD] = fpscr_read(s) >> shift & 15;
    replace(s, (UINT64_C(15) << shift) & (FPSCR_FX | FPSCR_STICKY), 0);
}

EXEC(mtfsfi)
{
    unsigned shift = field_shift(BF_FIELD, FIELD(15, 15));
    replace(s, UINT64_C(15) << shift, (uint64_t)FIELD(16, 19) << shift);
    finish(s, i);
}

EXEC(mtfsf)
{
    uint64_t mask = 0;
    for (unsigned n = 0; n < 8; n++)
        if (FIELD(7 + n, 7 + n))
            mask |= UINT64_C(15) << field_shift(n, FIELD(15, 15));
    if (FIELD(6, 6))
        mask = UINT64_MAX;
    replace(s, mask, FRB);
    finish(s, i);
}

EXEC(mtfsb0)
{
    replace(s, UINT64_C(1) << (31 - FIELD(6, 10)), 0);
    finish(s, i);
}

/* Setting an exception bit is an exception: FX. */
EXEC(mtfsb1)
{
    uint32_t bit = UINT32_C(1) << (31 - FIELD(6, 10));
    uint32_t fx = bit & FPSCR_STICKY && !(s->fpscr & bit) ? FPSCR_FX : 0;
    replace(s, bit | fx, bit | fx);
    finish(s, i);
}
