/* Instructions of privileged software (Power ISA 3.0B, Book III). */
#include "sim/isa/exec.h"

/* A body after which nothing that was looked up before may be used: the chain ends. */
#define EXEC_CONTEXT(name)                                                                         \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        s->nia = (i->pc + 4) & s->ea_mask;                                                         \
        step_##name(s, i);                                                                         \
        s->icount += ((i->pc - s->run_pc) >> 2) + 1;                                               \
        s->run_pc = s->nia;                                                                        \
        return NULL;                                                                               \
    }                                                                                              \
    __attribute__((noinline)) void step_##name(EXEC_PARAMS)

static inline void need_privilege(struct cpu *s, const struct insn *i)
{
    if (s->sup.msr & MSR_PR)
        cpu_raise(s, i, EXC_PRIVILEGED, i->pc, 0);
}

/* 4.4.3: problem state has interrupts on and is translated. With L = 1 only EE and RI change. */
static void move_to_msr(struct cpu *s, const struct insn *i, uint64_t movable)
{
    need_privilege(s, i);
    need_right_path(s, i);
    if (FIELD(15, 15))
        movable = MSR_EE | MSR_RI;
    uint64_t msr = (s->sup.msr & ~movable) | (RS & movable);
    if (msr & MSR_PR && !FIELD(15, 15))
        msr |= MSR_EE | MSR_IR | MSR_DR;
    cpu_set_msr(s, msr);
}

/* HV, ME and LE change by interrupts and rfid alone; mtmsr leaves the high word. */
#define MTMSRD_BITS (MSR_BITS & ~(MSR_HV | MSR_ME | MSR_LE))

EXEC_CONTEXT(mtmsrd) { move_to_msr(s, i, MTMSRD_BITS); }
EXEC_CONTEXT(mtmsr)  { move_to_msr(s, i, MTMSRD_BITS & UINT32_MAX); }

EXEC_CALL(mfmsr)
{
    need_privilege(s, i);
    RT = s->sup.msr;
}
