#include "sim/isa/supervisor.h"

#include "sim/isa/code.h"
#include "sim/isa/state.h"

/* Bits under which other pages, or the same ones in another byte order, are seen. */
#define MSR_VIEW (MSR_HV | MSR_PR | MSR_IR | MSR_DR | MSR_LE)

uint64_t cpu_timebase(const struct cpu *s)
{
    return (s->timebase ? s->timebase(s->board) : 0) + s->sup.timebase_offset;
}

uint64_t cpu_decrementer(const struct cpu *s)
{
    uint64_t left = s->sup.dec_zero - cpu_timebase(s);
    return s->sup.lpcr & LPCR_LD ? left : (uint64_t)(int32_t)left;
}

uint64_t cpu_hypervisor_decrementer(const struct cpu *s)
{
    return s->sup.hdec_zero - cpu_timebase(s);
}

void cpu_forget_translations(struct cpu *s)
{
    if (s->code) /* else it has translated nothing yet */
        code_forget_translations(s->code);
}

void cpu_set_msr(struct cpu *s, uint64_t msr)
{
    struct supervisor *u = &s->sup;
    uint64_t changed = u->msr ^ msr;
    u->msr = msr;
    s->is_64bit = msr & MSR_SF;
    s->ea_mask = s->is_64bit ? UINT64_MAX : UINT32_MAX;
    s->big_endian = !(msr & MSR_LE);
    s->swap = s->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    s->fp_exceptions_enabled = msr & (MSR_FE0 | MSR_FE1);
    u->radix.is_relocated[RADIX_DATA] = msr & MSR_DR;
    u->radix.is_relocated[RADIX_FETCH] = msr & MSR_IR;
    u->radix.is_problem = msr & MSR_PR;
    u->radix.is_hypervisor = msr & MSR_HV;
    if (changed & MSR_VIEW)
        cpu_forget_translations(s);
    if (changed & msr & MSR_EE && s->interrupts_changed)
        s->interrupts_changed(s->board);
}
