/* What is rare in execute1 and write-back, units that take longer, and the floating-point unit as
 * far as they see it. */
#include "models/pipeline/scalar/execute_step.h"
#include "models/pipeline/scalar/lsu_step.h"
#include "models/pipeline/scalar/microwatt.h"
#include "models/pipeline/scalar/writeback_step.h"
#include "sim/isa/state.h"

static void count(struct scalar *p, const struct flight *f)
{
    const struct op *op = &f->op;
    struct core_stats *n = &p->core.stats;
    if (op->flags & OP_FAULT) {
        n->exceptions++;
        return;
    }
    n->instructions++;
    n->loads += (op->flags & OP_LOAD) != 0;
    n->stores += (op->flags & OP_STORE) != 0;
    n->touches += op->flags & OP_LOAD && op->cache == OP_CACHE_TOUCH;
    n->serialising += (op->flags & OP_SERIAL) != 0;
    if (p->hists.on)
        hist_add(&p->hists.fetch_to_retire, p->cycle - f->fetch_cycle);
}

static void announce(const struct scalar *p, const struct flight *f, bool second, bool last)
{
    const struct core_hooks *h = &p->env.hooks;
    struct retirement r = {.op = &f->op, .fetch_cycle = f->fetch_cycle,
                           .ready_cycle = f->decode_cycle,
                           .issue_cycle = f->execute_cycle[second],
                           .done_cycle = p->cycle, .retire_cycle = p->cycle, .partial = !last};
    h->retired(h->owner, &r);
}

void scalar_complete_special(struct scalar *p, const struct flight *f, bool second, bool last)
{
    p->stats.completions += !(f->op.flags & OP_FAULT);
    if (last)
        count(p, f);
    if (p->env.hooks.retired)
        announce(p, f, second, last);
    if (f->op.flags & OP_MARKER)
        p->marker = f->op.insn;
}

static bool stop(struct scalar *p, enum core_end why)
{
    p->stopped = true;
    p->why = why;
    p->changed = true;
    return false;
}

/* Fetch has gone elsewhere than the program (a signal, a rewritten instruction): start anew there.
 * The operation waits until it comes by. */
void scalar_refetch(struct scalar *p, struct flight *f)
{
    struct execute1_stage *e = &p->e1;
    p->have_op = true;
    e->x.flight = f;
    e->x.next_pc = f->op.pc;
    e->x.op_flags = 0;
    e->x.redirect = e->x.restart = e->valid = true;
}

bool scalar_ask_source(struct scalar *p, struct op *op)
{
    const struct op_source *s = &p->env.source;
    if (p->executed >= p->env.max_instructions)
        return stop(p, CORE_LIMIT);
    enum exec_status status = s->next(s->source, op, true);
    if (status == EXEC_HALTED)
        return stop(p, CORE_HALTED);
    if (status != EXEC_OK)
        return false;
    p->executed += !(op->flags & OP_FAULT);
    return true;
}

/* dcbz begins with the doubleword that its address names, and goes round its block. */
static uint64_t zero_offset(const struct op *op)
{
    const struct op_operands *o = op->operands;
    if (!o)
        return 0;
    return ((op->insn->ra ? o->a : 0) + o->b) & (op->bytes - 1);
}

void scalar_show_zero(struct scalar *p)
{
    struct scalar_dcache *c = &p->dcache;
    uint32_t word = p->decode2.insn->insn->word, ra = word >> 16 & 31, rb = word >> 11 & 31;
    const struct exec *x = p->env.source.quick;
    bool waits = p->pending & p->decode2.insn->insn->waits_for[0] && p->decode2.busy;
    if (!x || waits || p->lsu.s1.busy || p->lsu.walking)
        return;
    c->shown_at = (ra ? x->cpu->gpr[ra] : 0) + x->cpu->gpr[rb];
    c->shows = c->active = p->changed = true;
    c->settled = false;
}

/* The request of a load, store or other instruction for the load/store unit. */
static void request_memory(struct scalar *p, const struct flight *f)
{
    const struct decode2_stage *d = &p->decode2;
    const struct scalar_insn *i = d->insn->insn;
    const struct op_operands *o = f->op.operands;
    uint32_t flags = i->access[d->second];
    bool pair = i->flags & SI_PAIR;
    uint32_t bytes = pair ? 8 : f->op.bytes, offset = f->op.ea & 7;
    struct lsu_request *r = scalar_lsu_slot(&p->lsu);
    struct access *a = &r->a;
    r->insn = i;
    r->flight = f;
    r->tag = d->tag;
    a->ea = f->op.ea;
    a->pa = f->op.pa;
    if (!o || !o->is_translated)
        flags &= ~(uint32_t)AC_MAPPED;
    if (flags & SI_ZERO) {
        a->ea += zero_offset(&f->op);
        a->pa += zero_offset(&f->op);
    }
    if (flags & SI_MMU && o) {
        p->lsu.operation = *o;
        a->ea = a->pa = o->b; /* of the page that tlbie is about */
    }
    if (pair && !(a->ea & 15))
        flags |= AC_QUAD;
    if (flags & AC_CACHE && bytes && !(flags & (SI_ZERO | SI_TOUCH | SI_FLUSH)) &&
        offset + bytes > 8)
        flags |= AC_INCOMPLETE;
    if (pair && d->second) {
        a->ea += 8;
        a->pa = a->ea & (FRAME_BYTES - 1) ? a->pa + 8 : f->op.second_page_pa;
    }
    a->flags = flags;
    p->lsu.in = r;
}

/* Cycles that the floating-point unit, which also divides, is busy. */
static uint32_t unit_cycles(const struct scalar *p, const struct scalar_insn *i,
                            const struct op_operands *o)
{
    if (p->keys.operand_timing == OPERAND_TIMING_NONE || !o)
        return p->units.class[i->class].latency;
    if (i->class >= CLASS_DIVW && i->class <= CLASS_MOD)
        return microwatt_divide_cycles(i->word, o->a, o->b);
    if (i->word >> 26 != 59 && i->word >> 26 != 63) /* vector-scalar: that core has none */
        return p->units.class[i->class].latency;
    return microwatt_float_cycles(i->word, o);
}

void scalar_start_unit(struct scalar *p, const struct flight *f)
{
    struct execute1_stage *e = &p->e1;
    const struct scalar_insn *i = e->x.insn;
    struct wires *w = &p->wires;
    if (i->unit == SCALAR_LSU && !(e->x.op_flags & OP_SYSTEM)) {
        request_memory(p, f);
    } else if (i->unit == SCALAR_FPU && !(e->x.op_flags & OP_SYSTEM)) {
        p->fpu.on = w->start_fpu = true;
        w->fpu_cycles = unit_cycles(p, i, f->op.operands);
    } else if (i->cycles > 1) {
        uint32_t overflow = i->flags & SI_OV_OUT ? 1 : 0;
        e->busy = true;
        e->busy_until = p->cycle + i->cycles - 1 + overflow;
    } else {
        e->valid = true;
    }
}

void scalar_fpu(struct scalar *p)
{
    struct fpu_stage *u = &p->fpu;
    struct wires *w = &p->wires;
    bool stall = w->memory_stall, was_complete = u->complete;
    u->complete = false;
    if (was_complete)
        u->done = false;
    if (u->active && p->cycle >= u->last_cycle) {
        u->active = u->busy = u->holds = false;
        u->done = true;
        u->done_flight = u->flight;
        u->done_tag = u->tag;
        p->changed = true;
    } else if (u->active && !stall && !u->holds) {
        u->holds = true;
        p->changed = true;
    }
    if (u->done && !stall) {
        u->complete = true;
        p->changed = true;
    }
    if (w->start_fpu) {
        u->active = u->busy = true;
        u->last_cycle = p->cycle + w->fpu_cycles;
        u->flight = p->e1.x.flight;
        u->tag = p->e1.x.tag;
        w->start_fpu = false;
    }
    u->on = u->active | u->done | u->complete;
}
