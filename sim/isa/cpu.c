#include "sim/isa/insn.h"
#include "sim/isa/state.h"

void cpu_raise(struct cpu *s, const struct insn *i, enum exception kind, uint64_t ea,
               uint32_t detail)
{
    s->exception.kind = kind;
    s->exception.ea = ea;
    s->exception.detail = kind == EXC_ILLEGAL && i ? i->word : detail;
    if (i) {
        /* A system call has completed; anything else has not happened. */
        bool completes = kind == EXC_SYSCALL || kind == EXC_SYSCALL_V;
        s->nia = completes ? (i->pc + 4) & s->ea_mask : i->pc;
        s->icount += ((i->pc - s->run_pc) >> 2) + completes;
        s->run_pc = s->nia;
    }
    longjmp(s->unwind, 1);
}

uint32_t cpu_get_cr(const struct cpu *s)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < 8; n++)
        value = value << 4 | s->cr[n];
    return value;
}

void cpu_set_cr(struct cpu *s, uint32_t value)
{
    for (unsigned n = 0; n < 8; n++)
        s->cr[n] = value >> (28 - 4 * n) & 15;
}

/* XER: SO 32, OV 33, CA 34, OV32 44, CA32 45, byte count 57:63. */
uint64_t cpu_get_xer(const struct cpu *s)
{
    uint64_t xer = (uint64_t)s->so << 31 | (uint64_t)s->ov << 30 | (uint64_t)s->ca << 29 |
                   (uint64_t)s->ov32 << 19 | (uint64_t)s->ca32 << 18 | s->xer_count;
    return xer & ~(uint64_t)s->xer_absent;
}

void cpu_set_xer(struct cpu *s, uint64_t value)
{
    s->so = value >> 31 & 1;
    s->ov = value >> 30 & 1;
    s->ca = value >> 29 & 1;
    s->ov32 = value >> 19 & 1;
    s->ca32 = value >> 18 & 1;
    s->xer_count = value & 127;
}
