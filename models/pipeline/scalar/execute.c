/* execute1, execute2, write-back, and the floating-point unit as far as they see it. */
#include "models/pipeline/scalar/microwatt.h"
#include "models/pipeline/scalar/scalar.h"
#include "sim/exec/quick.h"
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

static void complete(struct scalar *p, uint32_t flight, bool second, bool last)
{
    const struct flight *f = &p->flights[flight];
    p->stats.completions += !(f->op.flags & OP_FAULT);
    p->changed = true;
    if (last)
        count(p, f);
    if (p->env.hooks.retired)
        announce(p, f, second, last);
    if (f->op.flags & OP_MARKER)
        p->marker = f->op.insn;
}

static void complete_branch(struct scalar *p, const struct execute2_stage *e)
{
    if (e->insn->flags & SI_BRANCH)
        p->wires.branch = (struct btc_entry){
            .pc = e->pc, .taken = e->taken,
            .target = (e->insn->absolute ? 0 : e->pc) + (uint64_t)e->insn->target};
    struct bpred_stats *b = &p->branches;
    b->branches++;
    b->taken += e->taken;
    b->conditional += e->insn->word >> 26 != 18;
    b->mispredicts += e->redirect;
    if (e->redirect && p->hists.on) /* it is counted after this */
        core_hists_mispredict(&p->hists, p->core.stats.instructions + 1);
    if (e->insn->flags & SI_REGISTER)
        b->target_mispredicts += e->redirect;
    else
        b->direction_mispredicts += e->redirect;
}

/* What completes in this cycle: the latches say so, of one unit at most. */
void scalar_writeback(struct scalar *p)
{
    const struct execute2_stage *e = &p->e2;
    struct wires *w = &p->wires;
    w->complete_tag = NO_TAG;
    w->flush = w->system = w->inval = false;
    w->branch.pc = BTC_INVALID;
    if (e->valid) {
        w->complete_tag = e->tag;
        w->flush = e->redirect;
        w->flush_pc = e->next_pc;
        w->system = e->system;
        if (e->restart)
            return;
        w->inval = e->insn->flags & SI_BEGINS;
        if (e->insn->flags & (SI_BRANCH | SI_REGISTER))
            complete_branch(p, e);
        complete(p, e->flight, false, true);
    } else if (scalar_lsu_completes(p)) {
        w->complete_tag = p->lsu.s2.r.tag;
        complete(p, p->lsu.s2.r.flight, p->lsu.s2.r.second, p->lsu.s2.r.last);
    } else if (p->fpu.complete) {
        w->complete_tag = p->fpu.done_tag;
        complete(p, p->fpu.done_flight, false, true);
    }
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
static void refetch(struct scalar *p, uint64_t pc)
{
    struct execute1_stage *e = &p->e1;
    p->have_op = true;
    e->next_pc = pc;
    e->redirect = e->valid = e->restart = true;
}

/* Gets the instruction in decode2 executed; false when the program is elsewhere or at its end. */
static bool execute_op(struct scalar *p)
{
    const struct op_source *s = &p->env.source;
    struct flight *f = &p->flights[p->flight];
    if (!p->have_op) {
        if (p->executed >= p->env.max_instructions)
            return stop(p, CORE_LIMIT);
        enum exec_status status = s->quick && exec_next_keeping(s->quick, &f->op)
                                      ? EXEC_OK : s->next(s->source, &f->op, true);
        if (status == EXEC_HALTED)
            return stop(p, CORE_HALTED);
        if (status != EXEC_OK)
            return false;
        p->executed += !(f->op.flags & OP_FAULT);
    }
    p->have_op = false;
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

/* The request of a load, store or other instruction for the load/store unit. */
static struct lsu_request memory_request(struct scalar *p, const struct flight *f)
{
    const struct decode2_stage *d = &p->decode2;
    const struct scalar_insn *i = d->insn.insn;
    uint32_t flags = i->flags;
    bool update = d->second && !(flags & SI_PAIR), pair = flags & SI_PAIR;
    uint32_t bytes = pair ? 8 : f->op.bytes, offset = f->op.ea & 7;
    struct lsu_request r = {
        .insn = i, .valid = true, .flight = p->flight, .tag = d->tag, .second = d->second,
        .last = !(flags & SI_TWICE) || d->second, .ea = f->op.ea, .pa = f->op.pa,
        .second_page_pa = f->op.second_page_pa, .update = update,
        .quad = pair && !(f->op.ea & 15), .mmu = flags & SI_MMU,
        .convert = flags & SI_SINGLE && flags & SI_LOAD && !update};
    r.cache = !update && flags & (SI_LOAD | SI_STORE | SI_SYNC | SI_ZERO | SI_PROBE);
    r.mapped = flags & (SI_LOAD | SI_STORE | SI_ZERO) && f->op.operands &&
               f->op.operands->is_translated;
    if (flags & SI_ZERO) {
        r.ea += zero_offset(&f->op);
        r.pa += zero_offset(&f->op);
    }
    if (r.mmu && f->op.operands) {
        p->lsu.operation = *f->op.operands;
        r.ea = r.pa = f->op.operands->b; /* of the page that tlbie is about */
    }
    r.incomplete = r.cache && bytes && !(flags & (SI_ZERO | SI_TOUCH | SI_FLUSH)) &&
                   offset + bytes > 8;
    if (d->second && pair) {
        r.ea += 8;
        r.pa = r.ea & (FRAME_BYTES - 1) ? r.pa + 8 : f->op.second_page_pa;
    }
    return r;
}

static bool redirects(const struct decode2_stage *d, const struct op *op)
{
    uint32_t flags = d->insn.insn->flags;
    if (op->flags & OP_SYSTEM || flags & SI_REDIRECT)
        return true;
    if (flags & SI_BRANCH)
        return ((op->flags & OP_TAKEN) != 0) != d->predicted_taken;
    return flags & SI_REGISTER && op->flags & OP_TAKEN;
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

static void start_unit(struct scalar *p, const struct flight *f)
{
    struct execute1_stage *e = &p->e1;
    const struct scalar_insn *i = e->insn;
    struct wires *w = &p->wires;
    if (i->unit == SCALAR_LSU && !e->system) {
        p->lsu.in = memory_request(p, f);
    } else if (i->unit == SCALAR_FPU && !e->system) {
        w->start_fpu = true;
        w->fpu_cycles = unit_cycles(p, i, f->op.operands);
    } else if (i->cycles > 1) {
        uint32_t overflow = i->flags & SI_OV_OUT ? 1 : 0;
        e->busy = true;
        e->busy_until = p->cycle + i->cycles - 1 + overflow;
    } else {
        e->valid = true;
    }
}

/* execute1 takes the instruction in decode2; sets the bypasses of this cycle. */
static void take(struct scalar *p)
{
    const struct decode2_stage *d = &p->decode2;
    const struct scalar_insn *i = d->insn.insn;
    struct execute1_stage *e = &p->e1;
    struct wires *w = &p->wires;
    bool second = d->second;
    *e = (struct execute1_stage){.insn = i, .tag = d->tag, .pc = d->insn.pc};
    if (second)
        p->flight = (p->flight + FLIGHTS - 1) % FLIGHTS;
    else if (!execute_op(p))
        return;
    struct flight *f = &p->flights[p->flight];
    e->flight = p->flight;
    e->next_pc = f->op.next_pc;
    if (!second && f->op.pc != d->insn.pc) {
        refetch(p, f->op.pc);
        return;
    }
    if (!second) {
        f->fetch_cycle = d->insn.fetch_cycle;
        f->decode_cycle = d->insn.decode_cycle;
    }
    f->execute_cycle[second] = p->cycle;
    e->taken = f->op.flags & OP_TAKEN;
    e->system = f->op.flags & OP_SYSTEM;
    e->redirect = redirects(d, &f->op);
    start_unit(p, f);
    p->flight = (p->flight + 1) % FLIGHTS;
    if (i->unit == SCALAR_ALU && i->latency == 1 && i->cycles == 1) {
        w->bypass1 = d->tag;
        if (i->flags & SI_CR_OUT)
            w->cr_bypass1 = d->tag;
    }
    p->cpi.slots[PART_BASE]++;
    if (p->env.profile)
        profile_take(p->env.profile, f->op.insn, !second, 1);
    w->issued = true;
    p->changed = true;
}

/* A multi-cycle operation: the result is there in its last cycle. */
static void finish_operation(struct scalar *p)
{
    struct execute1_stage *e = &p->e1;
    if (p->cycle < e->busy_until)
        return;
    e->busy = false;
    e->valid = true;
    if (!(e->insn->flags & SI_OV_OUT))
        p->wires.bypass1 = e->tag;
    p->changed = true;
}

static void move_to_execute2(struct scalar *p)
{
    const struct execute1_stage *e = &p->e1;
    struct execute2_stage *x = &p->e2;
    bool moves = e->valid && !p->wires.unit_stall && !p->wires.flush;
    x->valid = moves;
    if (!moves)
        return;
    *x = (struct execute2_stage){.insn = e->insn, .flight = e->flight, .pc = e->pc,
                                 .next_pc = e->next_pc, .valid = true, .redirect = e->redirect,
                                 .taken = e->taken, .system = e->system,
                                 .restart = e->restart, .tag = e->tag};
    p->changed = true;
}

void scalar_execute(struct scalar *p)
{
    struct execute1_stage *e = &p->e1;
    struct wires *w = &p->wires;
    bool was_valid = e->valid, redirecting = e->valid && e->redirect;
    w->bypass1 = w->bypass2 = w->cr_bypass1 = w->cr_bypass2 = NO_TAG;
    w->issued = w->start_fpu = false;
    p->lsu.in.valid = false;
    if (was_valid && e->insn->latency < 3) {
        w->bypass2 = e->tag;
        if (e->insn->flags & (SI_CR_OUT | SI_RC))
            w->cr_bypass2 = e->tag;
    }
    move_to_execute2(p);
    if (w->flush) {
        e->valid = e->busy = false;
    } else if (e->busy) {
        finish_operation(p);
    } else if (!w->busy) {
        e->valid = false;
        if (p->decode2.valid && !redirecting && !p->stopped)
            take(p);
    }
}

/* One state a cycle; the result leaves when the load/store unit does not hold write-back. */
void scalar_fpu(struct scalar *p)
{
    struct fpu_stage *u = &p->fpu;
    const struct wires *w = &p->wires;
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
        u->flight = p->e1.flight;
        u->tag = p->e1.tag;
    }
}
