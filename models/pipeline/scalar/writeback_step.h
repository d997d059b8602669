/* Write-back: in-order completion of at most one operation a cycle. Inline in the loop over
 * cycles. */
#ifndef MODELS_PIPELINE_SCALAR_WRITEBACK_STEP_H
#define MODELS_PIPELINE_SCALAR_WRITEBACK_STEP_H

#include "models/pipeline/scalar/lsu_step.h"

/* execute.c. An instruction with a flag of its own, or one that somebody is told of. */
void scalar_complete_special(struct scalar *p, const struct flight *f, bool second, bool last);

static inline void scalar_complete(struct scalar *p, const struct flight *f, bool second,
                                   bool last)
{
    uint32_t flags = f->op.flags;
    p->changed = true;
    if (__builtin_expect(flags & (OP_FAULT | OP_SERIAL | OP_MARKER) || p->is_watched, 0)) {
        scalar_complete_special(p, f, second, last);
        return;
    }
    struct core_stats *n = &p->core.stats;
    p->stats.completions++;
    if (!last)
        return;
    n->instructions++;
    n->loads += (flags & OP_LOAD) != 0;
    n->stores += (flags & OP_STORE) != 0;
    n->touches += flags & OP_LOAD && f->op.cache == OP_CACHE_TOUCH;
}

static inline void scalar_complete_branch(struct scalar *p, const struct executed *e)
{
    struct bpred_stats *b = &p->branches;
    bool taken = e->op_flags & OP_TAKEN;
    uint64_t pc = e->flight->op.pc;
    if (e->insn->flags & SI_BRANCH)
        p->wires.branch = (struct btc_entry){
            .pc = pc, .taken = taken,
            .target = (e->insn->absolute ? 0 : pc) + (uint64_t)e->insn->target};
    b->branches++;
    b->taken += taken;
    b->conditional += e->insn->word >> 26 != 18;
    if (!e->redirect)
        return;
    b->mispredicts++;
    if (p->hists.on) /* it is counted after this */
        core_hists_mispredict(&p->hists, p->core.stats.instructions + 1);
    if (e->insn->flags & SI_REGISTER)
        b->target_mispredicts++;
    else
        b->direction_mispredicts++;
}

/* What completes in this cycle: the latches say so, of one unit at most. */
static inline void scalar_writeback(struct scalar *p)
{
    const struct executed *e = &p->e2.x;
    struct wires *w = &p->wires;
    w->complete_tag = NO_TAG;
    w->flush = w->system = w->inval = false;
    w->branch.pc = BTC_INVALID;
    if (p->e2.valid) {
        w->complete_tag = e->tag;
        w->flush = e->redirect;
        w->flush_pc = e->next_pc;
        w->system = e->op_flags & OP_SYSTEM;
        if (e->restart)
            return;
        w->inval = e->insn->flags & SI_BEGINS;
        if (e->insn->flags & (SI_BRANCH | SI_REGISTER))
            scalar_complete_branch(p, e);
        scalar_complete(p, e->flight, false, true);
    } else if (scalar_lsu_completes(p)) {
        const struct lsu_request *r = p->lsu.complete ? p->lsu.complete : p->lsu.s2.r;
        w->complete_tag = r->tag;
        scalar_complete(p, r->flight, r->a.flags & AC_SECOND, r->a.flags & AC_LAST);
    } else if (p->fpu.complete) {
        w->complete_tag = p->fpu.done_tag;
        scalar_complete(p, p->fpu.done_flight, false, true);
    }
}

#endif
