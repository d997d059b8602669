#include "sim/platform/interrupt.h"

#include "sim/isa/facility.h"

enum target { TO_SRR, TO_HSRR, TO_HV };

static const struct {
    uint16_t vector;
    uint8_t target;
    const char *text;
} interrupts[] = {
#define INTERRUPT(name, vector, registers, text) {vector, TO_##registers, text},
#include "sim/platform/interrupt.def"
#undef INTERRUPT
};

/* Bits 33:36 and 42:47 of SRR1 tell more about the interrupt. */
#define SRR1_INFO UINT64_C(0x783f0000)
#define SRR1_FP_ENABLED UINT64_C(0x100000)
#define SRR1_ILLEGAL    UINT64_C(0x80000)
#define SRR1_PRIVILEGED UINT64_C(0x40000)
#define SRR1_TRAP       UINT64_C(0x20000)
/* Of DSISR, and where they apply of SRR1 after an instruction storage interrupt. */
#define FAULT_UNMAPPED  UINT64_C(0x40000000)
#define FAULT_NO_EXEC   UINT64_C(0x10000000)
#define FAULT_PROTECTED UINT64_C(0x08000000)
#define FAULT_STORE     UINT64_C(0x02000000)
#define FAULT_KEY       UINT64_C(0x00200000)
#define FAULT_CONFIG    UINT64_C(0x00080000)
#define FAULT_RC        UINT64_C(0x00040000)
/* Interrupt cause of FSCR, bits 0:7. */
#define FSCR_CAUSE_SHIFT 56
#define FSCR_CAUSE_SCV   UINT64_C(12)

/* Where vectors lie when LPCR[AIL] keeps translation on (6.4.1). */
#define AIL_SHIFT     23
#define AIL_2_OFFSET  UINT64_C(0x18000)
#define AIL_3_OFFSET  UINT64_C(0xc000000000004000)
#define SCV_VECTOR    UINT64_C(0x17000)
#define SCV_VECTOR_3  UINT64_C(0xc000000000003000)

const char *interrupt_text(enum interrupt which) { return interrupts[which].text; }

/* Translation stays on when AIL says so and it was on; never on the way into hypervisor state. */
static uint32_t location(const struct cpu *s, uint8_t target)
{
    const struct supervisor *u = &s->sup;
    uint32_t ail = (uint32_t)((u->lpcr & LPCR_AIL) >> AIL_SHIFT);
    bool is_on = (u->msr & (MSR_IR | MSR_DR)) == (MSR_IR | MSR_DR);
    bool gains_hv = target != TO_SRR && !(u->msr & MSR_HV);
    return ail >= 2 && is_on && !gains_hv && target != TO_HV ? ail : 0;
}

/* 6.5: what the MSR becomes. */
static uint64_t interrupted_msr(const struct cpu *s, uint8_t target, uint32_t ail)
{
    const struct supervisor *u = &s->sup;
    uint64_t msr = MSR_SF | (u->msr & (MSR_HV | MSR_ME));
    if (target != TO_SRR) /* a partition has no such state */
        msr |= MSR_HV & u->msr_bits;
    if (target == TO_HSRR) /* these can be returned from, whatever was under way */
        msr |= u->msr & MSR_RI;
    if (ail)
        msr |= MSR_IR | MSR_DR;
    bool is_little = msr & MSR_HV ? u->hid0 & HID0_HILE : u->lpcr & LPCR_ILE;
    return is_little ? msr | MSR_LE : msr;
}

void interrupt_take(struct cpu *s, enum interrupt which, uint64_t bits)
{
    static const uint64_t offsets[] = {0, 0, AIL_2_OFFSET, AIL_3_OFFSET};
    struct supervisor *u = &s->sup;
    uint8_t target = interrupts[which].target;
    uint32_t ail = location(s, target);
    uint64_t saved = (u->msr & ~SRR1_INFO) | bits, msr = interrupted_msr(s, target, ail);
    if (target == TO_HSRR) {
        u->hsrr0 = s->nia;
        u->hsrr1 = saved;
    } else {
        u->srr0 = s->nia;
        u->srr1 = saved;
    }
    if (which == INTERRUPT_MACHINE_CHECK)
        msr &= ~MSR_ME;
    cpu_set_msr(s, msr);
    s->nia = offsets[ail] + interrupts[which].vector;
}

static uint64_t fault_bits(uint32_t result)
{
    switch ((enum mmu_result)result) {
    case MMU_PROTECTED: return FAULT_PROTECTED;
    case MMU_KEY:       return FAULT_KEY;
    case MMU_NO_EXEC:   return FAULT_NO_EXEC;
    case MMU_RC_CLEAR:  return FAULT_RC;
    case MMU_BAD_TABLE: return FAULT_CONFIG;
    default:            return FAULT_UNMAPPED;
    }
}

/* Nothing answers at the real address: DAR tells the effective one. */
static enum interrupt machine_check(struct cpu *s, uint64_t ea)
{
    s->sup.dar = ea;
    if (s->sup.msr & MSR_ME)
        interrupt_take(s, INTERRUPT_MACHINE_CHECK, 0);
    return INTERRUPT_MACHINE_CHECK;
}

static enum interrupt take(struct cpu *s, enum interrupt which, uint64_t bits)
{
    interrupt_take(s, which, bits);
    return which;
}

static enum interrupt data_storage(struct cpu *s, const struct exception_record *x)
{
    struct supervisor *u = &s->sup;
    if (x->detail == MMU_BUS_ERROR)
        return machine_check(s, x->ea);
    u->dar = x->ea;
    if (x->detail == MMU_NO_SEGMENT)
        return take(s, INTERRUPT_DSEGI, 0);
    u->dsisr = fault_bits(x->detail) | (x->is_store ? FAULT_STORE : 0);
    return take(s, INTERRUPT_DSI, 0);
}

static enum interrupt instruction_storage(struct cpu *s, const struct exception_record *x)
{
    if (x->detail == MMU_BUS_ERROR)
        return machine_check(s, x->ea);
    if (x->detail == MMU_NO_SEGMENT)
        return take(s, INTERRUPT_ISEGI, 0);
    return take(s, INTERRUPT_ISI, fault_bits(x->detail));
}

static enum interrupt facility_unavailable(struct cpu *s, uint32_t facility)
{
    switch ((enum facility)facility) {
    case FACILITY_FP:
        return take(s, INTERRUPT_FP_UNAVAILABLE, 0);
    case FACILITY_VEC:
        return take(s, INTERRUPT_VEC_UNAVAILABLE, 0);
    case FACILITY_VSX:
        return take(s, INTERRUPT_VSX_UNAVAILABLE, 0);
    default:
        s->sup.fscr = (s->sup.fscr & (UINT64_MAX >> 8)) | FSCR_CAUSE_SCV << FSCR_CAUSE_SHIFT;
        return take(s, INTERRUPT_FACILITY, 0);
    }
}

static enum interrupt system_call(struct cpu *s, uint32_t level)
{
    return take(s, level == 1 ? INTERRUPT_HYPERCALL : INTERRUPT_SYSCALL, 0);
}

/* 6.5.14, 6.5.15: scv saves to LR and CTR, and leaves EE and RI. When it is switched off it has not
 * happened. */
static enum interrupt system_call_vectored(struct cpu *s, uint32_t level)
{
    struct supervisor *u = &s->sup;
    if (!(u->fscr & FSCR_SCV)) {
        s->nia -= 4;
        s->icount--;
        return facility_unavailable(s, FACILITY_SCV);
    }
    uint32_t ail = location(s, TO_SRR);
    s->lr = s->nia;
    s->ctr = u->msr & ~SRR1_INFO;
    cpu_set_msr(s, interrupted_msr(s, TO_SRR, ail) | (u->msr & (MSR_EE | MSR_RI)));
    s->nia = (ail == 3 ? SCV_VECTOR_3 : SCV_VECTOR) + level * UINT64_C(32);
    return INTERRUPT_SYSCALL;
}

static enum interrupt illegal(struct cpu *s, uint32_t word)
{
    if (!s->sup.has_emulation_assist)
        return take(s, INTERRUPT_PROGRAM, SRR1_ILLEGAL);
    s->sup.heir = word;
    return take(s, INTERRUPT_EMULATION, 0);
}

enum interrupt interrupt_of_exception(struct cpu *s)
{
    const struct exception_record x = s->exception;
    switch (x.kind) {
    case EXC_SYSCALL:     return system_call(s, x.detail);
    case EXC_SYSCALL_V:   return system_call_vectored(s, x.detail);
    case EXC_PRIVILEGED:  return take(s, INTERRUPT_PROGRAM, SRR1_PRIVILEGED);
    case EXC_TRAP:        return take(s, INTERRUPT_PROGRAM, SRR1_TRAP);
    case EXC_FP_ENABLED:  return take(s, INTERRUPT_PROGRAM, SRR1_FP_ENABLED);
    case EXC_DSI:         return data_storage(s, &x);
    case EXC_ISI:         return instruction_storage(s, &x);
    case EXC_UNAVAILABLE: return facility_unavailable(s, x.detail);
    case EXC_ALIGNMENT:
        s->sup.dar = x.ea;
        return take(s, INTERRUPT_ALIGNMENT, 0);
    default:
        return illegal(s, x.detail);
    }
}

static bool is_negative(uint64_t decrementer) { return (int64_t)decrementer < 0; }

/* What waits, in the order of 6.7.2, masked or not. */
static enum interrupt pending(const struct cpu *s, const struct interrupt_lines *lines,
                              bool (*is_open)(const struct cpu *s, enum interrupt which))
{
    const struct supervisor *u = &s->sup;
    enum interrupt external = u->lpcr & LPCR_LPES ? INTERRUPT_EXTERNAL : INTERRUPT_EXTERNAL_HV;
    const struct {
        bool waits;
        enum interrupt which;
    } rows[] = {
        {lines->external, external},
        {u->lpcr & LPCR_HDICE && is_negative(cpu_hypervisor_decrementer(s)),
         INTERRUPT_HDECREMENTER},
        {is_negative(cpu_decrementer(s)), INTERRUPT_DECREMENTER},
        {u->doorbells & DOORBELL_PRIVILEGED, INTERRUPT_DOORBELL},
        {u->doorbells & DOORBELL_HYPERVISOR, INTERRUPT_HDOORBELL},
    };
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if (rows[n].waits && is_open(s, rows[n].which))
            return rows[n].which;
    return INTERRUPT_COUNT;
}

static bool always(const struct cpu *s, enum interrupt which)
{
    (void)s;
    (void)which;
    return true;
}

/* The hypervisor's get through whenever something else runs. */
static bool is_unmasked(const struct cpu *s, enum interrupt which)
{
    return s->sup.msr & MSR_EE || (interrupts[which].target == TO_HSRR && !(s->sup.msr & MSR_HV));
}

bool interrupt_is_pending(const struct cpu *s, const struct interrupt_lines *lines)
{
    return pending(s, lines, always) != INTERRUPT_COUNT;
}

enum interrupt interrupt_poll(struct cpu *s, const struct interrupt_lines *lines)
{
    enum interrupt which = pending(s, lines, is_unmasked);
    if (which == INTERRUPT_COUNT)
        return which;
    if (which == INTERRUPT_DOORBELL) /* taking it is the answer */
        s->sup.doorbells &= ~(uint32_t)DOORBELL_PRIVILEGED;
    if (which == INTERRUPT_HDOORBELL)
        s->sup.doorbells &= ~(uint32_t)DOORBELL_HYPERVISOR;
    return take(s, which, 0);
}

/* When a decrementer goes below zero; one that is there already interrupts now. */
static uint64_t next_of(const struct cpu *s, uint64_t decrementer)
{
    uint64_t now = cpu_timebase(s);
    return is_negative(decrementer) ? now : now + decrementer + 1;
}

uint64_t interrupt_next_timebase(const struct cpu *s)
{
    uint64_t next = UINT64_MAX;
    if (is_unmasked(s, INTERRUPT_DECREMENTER))
        next = next_of(s, cpu_decrementer(s));
    if (s->sup.lpcr & LPCR_HDICE && is_unmasked(s, INTERRUPT_HDECREMENTER))
        next = min_u64(next, next_of(s, cpu_hypervisor_decrementer(s)));
    return next;
}
