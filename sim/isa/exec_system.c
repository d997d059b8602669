/* Instructions of privileged software (Power ISA 3.0B, Book III). */
#include "sim/isa/exec.h"

/* A body after which nothing that was looked up before may be used: the chain ends. It may change
 * s->nia. */
#define EXEC_CONTEXT(name)                                                                         \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        s->nia = (i->pc + 4) & s->ea_mask;                                                         \
        step_##name(s, i);                                                                         \
        return chain_leave(s, i, s->nia);                                                          \
    }                                                                                              \
    __attribute__((noinline)) void step_##name(EXEC_PARAMS)

static inline void need_state(struct cpu *s, const struct insn *i, uint64_t with)
{
    if (s->sup.msr & MSR_PR || ~s->sup.msr & with)
        cpu_raise(s, i, EXC_PRIVILEGED, i->pc, 0);
    need_right_path(s, i);
}

static inline void need_privilege(struct cpu *s, const struct insn *i) { need_state(s, i, 0); }
static inline void need_hypervisor(struct cpu *s, const struct insn *i)
{
    need_state(s, i, MSR_HV);
}

/* Problem state has interrupts on and is translated. */
static uint64_t complete_msr(uint64_t msr)
{
    return msr & MSR_PR ? msr | MSR_EE | MSR_IR | MSR_DR : msr;
}

/* 3.3.1 System Linkage Instructions */

/* HV cannot be gained, nor ME changed without it. */
static void return_to(struct cpu *s, uint64_t nia, uint64_t msr)
{
    uint64_t fixed = s->sup.msr & MSR_HV ? 0 : MSR_HV | MSR_ME;
    msr = (msr & s->sup.msr_bits & ~fixed) | (s->sup.msr & fixed);
    cpu_set_msr(s, complete_msr(msr));
    s->nia = nia & s->ea_mask & ~UINT64_C(3);
}

EXEC_CONTEXT(rfid)
{
    need_privilege(s, i);
    return_to(s, s->sup.srr0, s->sup.srr1);
}

EXEC_CONTEXT(hrfid)
{
    need_hypervisor(s, i);
    return_to(s, s->sup.hsrr0, s->sup.hsrr1);
}

EXEC_CONTEXT(rfscv)
{
    need_privilege(s, i);
    return_to(s, s->lr, s->ctr);
}

/* 3.3.2: goes on behind it when an interrupt is pending, masked or not. Power-saving levels that
 * lose state (PSSCR[EC]) are not modelled: they wait like the others. */
EXEC_CONTEXT(stop)
{
    need_privilege(s, i);
    if (s->interrupt_pending && !s->interrupt_pending(s->board))
        s->nia = i->pc;
}

/* 4.4.1: addresses are real ones (MSR[DR] must be 0) */

#define EA_X ((RA0 + RB) & s->ea_mask)

#define EXEC_INHIBITED(name, access)                                                               \
    EXEC_CALL(name)                                                                                \
    {                                                                                              \
        need_hypervisor(s, i);                                                                     \
        access;                                                                                    \
    }

EXEC_INHIBITED(lbzcix, RT = load8(s, i, EA_X))
EXEC_INHIBITED(lhzcix, RT = load16(s, i, EA_X))
EXEC_INHIBITED(lwzcix, RT = load32(s, i, EA_X))
EXEC_INHIBITED(ldcix,  RT = load64(s, i, EA_X))
EXEC_INHIBITED(stbcix, store8(s, i, EA_X, (uint8_t)RS))
EXEC_INHIBITED(sthcix, store16(s, i, EA_X, (uint16_t)RS))
EXEC_INHIBITED(stwcix, store32(s, i, EA_X, (uint32_t)RS))
EXEC_INHIBITED(stdcix, store64(s, i, EA_X, RS))

/* 4.4.3: with L = 1 only EE and RI change. */
static void move_to_msr(struct cpu *s, const struct insn *i, uint64_t movable)
{
    need_privilege(s, i);
    if (FIELD(15, 15))
        movable = MSR_EE | MSR_RI;
    uint64_t msr = (s->sup.msr & ~movable) | (RS & movable);
    cpu_set_msr(s, FIELD(15, 15) ? msr : complete_msr(msr));
}

/* HV, ME and LE change by interrupts and rfid alone; mtmsr leaves the high word. */
#define MTMSRD_BITS (s->sup.msr_bits & ~(MSR_HV | MSR_ME | MSR_LE))

EXEC_CONTEXT(mtmsrd) { move_to_msr(s, i, MTMSRD_BITS); }
EXEC_CONTEXT(mtmsr)  { move_to_msr(s, i, MTMSRD_BITS & UINT32_MAX); }

EXEC_CALL(mfmsr)
{
    if (s->sup.msr & MSR_PR)
        cpu_raise(s, i, EXC_PRIVILEGED, i->pc, 0);
    RT = s->sup.msr;
}

/* 5.9.3: whatever is named, all translations kept by the simulator are dropped; which entries a
 * modelled TLB keeps is the timing model's business. */

static void forget(struct cpu *s, const struct insn *i)
{
    need_privilege(s, i);
    cpu_forget_translations(s);
}

EXEC_CONTEXT(slbia)  { forget(s, i); }
EXEC_CONTEXT(tlbie)  { forget(s, i); }
EXEC_CONTEXT(tlbiel) { forget(s, i); }
EXEC_CALL(tlbsync)   { need_privilege(s, i); }
EXEC_CALL(ptesync)   { need_privilege(s, i); }

/* 10.3: a processor alone can only send to itself. Type 5 (bits 32:36 of RB) is a doorbell, the
 * low bits name the thread. */
#define DOORBELL_TYPE UINT64_C(5)

static bool is_for_me(const struct cpu *s, uint64_t message)
{
    bool is_broadcast = message >> 25 & 3;
    return (message >> 27 & 31) == DOORBELL_TYPE &&
           (is_broadcast || (message & 0xfffff) == s->sup.pir);
}

static void ring(struct cpu *s, uint64_t message, uint32_t doorbell, bool on)
{
    if (!is_for_me(s, message))
        return;
    s->sup.doorbells = on ? s->sup.doorbells | doorbell : s->sup.doorbells & ~doorbell;
    if (s->interrupts_changed)
        s->interrupts_changed(s->board);
}

EXEC_CONTEXT(msgsnd)
{
    need_hypervisor(s, i);
    ring(s, RB, DOORBELL_HYPERVISOR, true);
}

EXEC_CONTEXT(msgclr)
{
    need_hypervisor(s, i);
    ring(s, RB, DOORBELL_HYPERVISOR, false);
}

EXEC_CONTEXT(msgsndp)
{
    need_privilege(s, i);
    ring(s, RB, DOORBELL_PRIVILEGED, true);
}

EXEC_CONTEXT(msgclrp)
{
    need_privilege(s, i);
    ring(s, RB, DOORBELL_PRIVILEGED, false);
}

EXEC_CALL(msgsync) { need_hypervisor(s, i); }
