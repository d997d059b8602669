#include "sim/isa/fpscr.h"

static void set_fields(struct cpu *s, uint32_t mask, uint32_t value)
{
    s->fpscr = (s->fpscr & ~(uint64_t)mask) | (value & mask);
}

static void update_summaries(struct cpu *s)
{
    uint32_t fpscr = (uint32_t)s->fpscr & ~(FPSCR_VX | FPSCR_FEX);
    if (fpscr & FPSCR_VX_ALL)
        fpscr |= FPSCR_VX;
    if (fpscr >> FPSCR_ENABLE_SHIFT & fpscr & FPSCR_ENABLES)
        fpscr |= FPSCR_FEX;
    set_fields(s, FPSCR_VX | FPSCR_FEX, fpscr);
}

/* Does the pending operation again, exactly. It raised nothing new then and does not now. */
static void replay(struct cpu *s)
{
    const struct fp_pending *p = &s->fp_pending;
    const struct fp_format *f = p->is_single ? &fp_single : &fp_double;
    struct fp_env e = fpscr_env(s);
    struct fp x = fp_arith((enum fp_op)p->op, fp_unpack(&fp_double, p->a),
                           fp_unpack(&fp_double, p->b), fp_unpack(&fp_double, p->c), f, &e);
    set_fields(s, FPSCR_FR | FPSCR_FI | FPSCR_FPRF, e.flags | fp_class(x, f));
}

void fpscr_settle(struct cpu *s)
{
    struct fp_pending *p = &s->fp_pending;
    if (p->op)
        replay(s);
    if (p->has_fpcc)
        set_fields(s, FPSCR_FPCC, (uint32_t)p->fpcc << FPRF_SHIFT);
    p->op = p->has_fpcc = 0;
}

uint64_t fpscr_read(struct cpu *s)
{
    fpscr_settle(s);
    return s->fpscr;
}

void fpscr_write(struct cpu *s, uint64_t value)
{
    s->fp_pending.op = s->fp_pending.has_fpcc = 0;
    s->fpscr = value & FPSCR_IMPLEMENTED;
    update_summaries(s);
}

void fpscr_add_exceptions(struct cpu *s, uint32_t flags)
{
    uint32_t sticky = flags & FPSCR_STICKY;
    if (!(sticky & ~(uint32_t)s->fpscr))
        return;
    s->fpscr |= sticky | FPSCR_FX;
    update_summaries(s);
}

bool fpscr_add_unclassed(struct cpu *s, uint32_t flags)
{
    fpscr_settle(s);
    set_fields(s, FPSCR_FR | FPSCR_FI, flags);
    fpscr_add_exceptions(s, flags);
    return !fpscr_suppresses(s, flags);
}

bool fpscr_add_result(struct cpu *s, uint32_t flags, uint32_t fprf)
{
    if (fpscr_suppresses(s, flags))
        return fpscr_add_unclassed(s, flags);
    s->fp_pending.op = s->fp_pending.has_fpcc = 0; /* what they would settle is overwritten */
    set_fields(s, FPSCR_FR | FPSCR_FI | FPSCR_FPRF, (flags & (FPSCR_FR | FPSCR_FI)) | fprf);
    fpscr_add_exceptions(s, flags);
    return true;
}
