/* FPSCR: reading, writing, and what an instruction's result does to it (Book I, 4.2.2 and 4.4).
 *
 * FR, FI and FPRF tell about the last result only, and programs hardly ever look. The fast path of
 * arithmetic (exec_fp.h) leaves the operation and its operands in s->fp_pending instead;
 * fpscr_settle finds the bits when somebody looks. All other bits of s->fpscr are always right.
 * The board sets s->fp_exceptions_enabled from MSR[FE0,FE1]; under Linux it is true from the
 * start, so that enabling an exception in FPSCR is all that a program does. */
#ifndef SIM_ISA_FPSCR_H
#define SIM_ISA_FPSCR_H

#include "sim/isa/softfp.h"
#include "sim/isa/state.h"

/* Must be called before FR, FI or FPRF in s->fpscr are read, or RN is changed. */
void fpscr_settle(struct cpu *s);
uint64_t fpscr_read(struct cpu *s);
/* FEX and VX are computed, reserved bits dropped. Raises nothing: see fpscr_trap. */
void fpscr_write(struct cpu *s, uint64_t value);

/* Records the flags of a result, FI and FR apart: sticky bits, FX, VX, FEX. */
void fpscr_add_exceptions(struct cpu *s, uint32_t flags);
/* A scalar result: sets FR and FI, and FPRF unless an enabled exception suppresses the result.
 * Returns whether the target is to be written. */
bool fpscr_add_result(struct cpu *s, uint32_t flags, uint32_t fprf);
/* The same for a result whose class FPRF does not tell. */
bool fpscr_add_unclassed(struct cpu *s, uint32_t flags);

/* The exceptions among `flags` that FPSCR enables, as bits VX OX UX ZX XX. */
static inline uint32_t fpscr_enabled(const struct cpu *s, uint32_t flags)
{
    uint32_t summary = flags | (flags & FPSCR_VX_ALL ? FPSCR_VX : 0);
    return summary & ((uint32_t)s->fpscr & FPSCR_ENABLES) << FPSCR_ENABLE_SHIFT;
}

/* An enabled invalid operation or division by zero leaves the target unwritten. */
static inline bool fpscr_suppresses(const struct cpu *s, uint32_t flags)
{
    return (fpscr_enabled(s, flags) & (FPSCR_VX | FPSCR_ZX)) != 0;
}

/* The last thing an instruction does: raises when one of its exceptions is enabled. */
static inline void fpscr_trap(struct cpu *s, const struct insn *i, uint32_t flags)
{
    if (s->fp_exceptions_enabled && fpscr_enabled(s, flags))
        cpu_raise(s, i, EXC_FP_ENABLED, 0, 0);
}

static inline struct fp_env fpscr_env(const struct cpu *s)
{
    uint32_t fpscr = (uint32_t)s->fpscr;
    return (struct fp_env){.mode = (enum fp_rounding)(fpscr & FPSCR_RN),
                           .overflow_enabled = (fpscr & FPSCR_OE) != 0,
                           .underflow_enabled = (fpscr & FPSCR_UE) != 0};
}

static inline void fpscr_set_fpcc(struct cpu *s, uint32_t cc)
{
    s->fp_pending.has_fpcc = 1;
    s->fp_pending.fpcc = (uint8_t)cc;
}

#endif
