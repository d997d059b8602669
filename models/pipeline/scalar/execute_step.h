/* execute1 and execute2, and the floating-point unit as far as they see it. Inline in the loop over
 * cycles; what is rare is in execute.c. */
#ifndef MODELS_PIPELINE_SCALAR_EXECUTE_STEP_H
#define MODELS_PIPELINE_SCALAR_EXECUTE_STEP_H

#include "models/pipeline/profile.h"
#include "models/pipeline/scalar/scalar.h"
#include "sim/exec/quick.h"

/* execute.c. The source is asked by its function; fetch starts anew with f; a unit of its own or
 * several cycles; a cycle of the floating-point unit. */
bool scalar_ask_source(struct scalar *p, struct op *op);
void scalar_refetch(struct scalar *p, struct flight *f);
void scalar_start_unit(struct scalar *p, const struct flight *f);
void scalar_fpu(struct scalar *p);
/* execute1 holds a dcbz that it does not take. */
void scalar_show_zero(struct scalar *p);

/* Gets the instruction in decode2 executed; false when the program is elsewhere or at its end. */
static inline bool scalar_execute_op(struct scalar *p, struct op *op)
{
    struct exec *quick = p->env.source.quick;
    if (__builtin_expect(p->have_op, 0)) {
        p->have_op = false;
        return true;
    }
    if (p->executed >= p->env.max_instructions || !quick || !exec_next_keeping(quick, op))
        return scalar_ask_source(p, op);
    p->executed += !(op->flags & OP_FAULT);
    return true;
}

static inline bool scalar_redirects(const struct decode2_stage *d, const struct op *op)
{
    uint32_t flags = d->insn->insn->flags;
    if (op->flags & OP_SYSTEM || flags & SI_REDIRECT)
        return true;
    if (flags & SI_BRANCH)
        return (op->flags & OP_TAKEN) != d->predicted_taken;
    return flags & SI_REGISTER && op->flags & OP_TAKEN;
}
_Static_assert(OP_TAKEN == 1, "scalar_redirects compares it with a bool");

/* What execute1 knows of an operation when that has executed; sets the bypasses of this cycle. */
static inline void scalar_begin(struct scalar *p, struct flight *f)
{
    const struct decode2_stage *d = &p->decode2;
    struct execute1_stage *e = &p->e1;
    uint32_t flags = e->x.insn->flags;
    e->x.flight = f;
    e->x.next_pc = f->op.next_pc;
    e->x.op_flags = f->op.flags;
    e->x.restart = false;
    e->x.redirect = scalar_redirects(d, &f->op);
    if (!(flags & SI_BYPASS1)) {
        scalar_start_unit(p, f);
        return;
    }
    e->valid = true;
    p->wires.bypass1 = d->tag;
    if (flags & SI_CR_OUT)
        p->wires.cr_bypass1 = d->tag;
}

/* execute1 takes the instruction in decode2. */
static inline void scalar_take(struct scalar *p)
{
    const struct decode2_stage *d = &p->decode2;
    const struct scalar_insn *i = d->insn->insn;
    struct execute1_stage *e = &p->e1;
    bool second = d->second;
    e->x.insn = i;
    e->x.tag = d->tag;
    if (second)
        p->flight = (p->flight + FLIGHTS - 1) % FLIGHTS;
    else if (!scalar_execute_op(p, &p->flights[p->flight].op))
        return;
    struct flight *f = &p->flights[p->flight];
    if (__builtin_expect(!second && f->op.pc != d->insn->pc, 0)) {
        scalar_refetch(p, f);
        return;
    }
    if (!second) {
        f->fetch_cycle = d->insn->fetch_cycle;
        f->decode_cycle = d->insn->decode_cycle;
    }
    f->execute_cycle[second] = p->cycle;
    scalar_begin(p, f);
    p->flight = (p->flight + 1) % FLIGHTS;
    p->cpi.slots[PART_BASE]++;
    if (p->env.profile)
        profile_take(p->env.profile, f->op.insn, !second, 1);
    p->wires.issued = p->changed = true;
}

/* A multi-cycle operation: the result is there in its last cycle. */
static inline void scalar_finish_operation(struct scalar *p)
{
    struct execute1_stage *e = &p->e1;
    if (p->cycle < e->busy_until)
        return;
    e->busy = false;
    e->valid = true;
    if (!(e->x.insn->flags & SI_OV_OUT))
        p->wires.bypass1 = e->x.tag;
    p->changed = true;
}

static inline void scalar_execute(struct scalar *p)
{
    struct execute1_stage *e = &p->e1;
    struct wires *w = &p->wires;
    bool was_valid = e->valid, redirecting = was_valid && e->x.redirect;
    w->bypass1 = w->bypass2 = w->cr_bypass1 = w->cr_bypass2 = NO_TAG;
    w->issued = false;
    p->lsu.in = NULL;
    p->e2.valid = false;
    if (was_valid && e->x.insn->flags & SI_BYPASS2) {
        w->bypass2 = e->x.tag;
        if (e->x.insn->flags & (SI_CR_OUT | SI_RC))
            w->cr_bypass2 = e->x.tag;
    }
    if (was_valid && !w->unit_stall && !w->flush) {
        p->e2.x = e->x;
        p->e2.valid = p->changed = true;
    }
    if (w->flush) {
        e->valid = e->busy = false;
    } else if (e->busy) {
        scalar_finish_operation(p);
    } else if (!w->busy) {
        e->valid = false;
        if (p->decode2.valid && !redirecting && !p->stopped)
            scalar_take(p);
    }
}

/* One state a cycle; the result leaves when the load/store unit does not hold write-back. */
static inline void scalar_fpu_cycle(struct scalar *p)
{
    if (p->fpu.on)
        scalar_fpu(p);
}

#endif
