/* What several files of fixed-point bodies share. */
#ifndef SIM_ISA_FIXED_H
#define SIM_ISA_FIXED_H

#include "sim/isa/exec.h"

/* OV of an OE form: of the 64-bit and of the 32-bit result; the current mode chooses. */
static inline void set_ov(struct cpu *s, bool ov, bool ov32)
{
    s->ov32 = ov32;
    s->ov = s->is_64bit ? ov : ov32;
    s->so |= s->ov;
}

/* The ends of bodies with Rc: the result into RT (arithmetic) or RA (logical, rotate, shift). */

static inline void finish_rt(struct cpu *s, const struct insn *i, uint64_t result)
{
    if (RC_BIT)
        set_cr0(s, result);
    RT = result;
}

static inline void finish_ra(struct cpu *s, const struct insn *i, uint64_t result)
{
    if (RC_BIT)
        set_cr0(s, result);
    RA = result;
}

#endif
