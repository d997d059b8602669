/* Fetch: the next address and what the branch target cache says about it. Inline in the loop over
 * cycles. */
#ifndef MODELS_PIPELINE_SCALAR_FETCH_STEP_H
#define MODELS_PIPELINE_SCALAR_FETCH_STEP_H

#include "models/pipeline/scalar/scalar.h"
#include "sim/exec/quick.h"

/* fetch.c. The branch target cache learns of wires.branch, or is made invalid. */
void scalar_btc_write(struct scalar *p);

/* The next instruction to ask the instruction cache for. */
static inline struct fetched *scalar_fetch_at(struct scalar *p, uint64_t pc)
{
    const struct op_source *s = &p->env.source;
    const struct insn *i = s->quick ? code_at_hand(s->quick->cpu, pc) : NULL;
    if (__builtin_expect(!i, 0))
        i = s->peek(s->source, pc);
    struct fetched *at = &p->fetch.slot[p->fetch.slots++ % FETCHED];
    at->pc = pc;
    at->pa = i ? code_pa(i) : pc;
    at->insn = i ? scalar_insn_of(p->insns, i) : &scalar_insn_unknown;
    at->predicted = false;
    at->taken = at->insn->flags & SI_STATIC;
    return at;
}

/* Goes on to the next address, with what the branch target cache says about it. */
static inline void scalar_fetch_advance(struct scalar *p, uint64_t pc, bool redirected)
{
    struct fetch_stage *f = &p->fetch;
    const struct btc_entry *entry = f->btc_read;
    bool hit = f->btc_applies && entry->pc == pc && !redirected;
    f->at = scalar_fetch_at(p, pc);
    f->next_pc = pc + 4;
    f->btc_applies = true;
    f->btc_read = &f->btc[(f->next_pc >> 2) & f->btc_mask];
    if (hit) {
        f->at->predicted = f->at->taken = entry->taken;
        if (entry->taken) {
            f->next_pc = entry->target;
            f->btc_applies = false;
        }
    }
    f->request = true;
    p->changed = true;
}

/* Last, because a read in the cycle of a write sees the old entry. */
static inline void scalar_btc_cycle(struct scalar *p)
{
    if (p->wires.branch.pc != BTC_INVALID || p->wires.inval)
        scalar_btc_write(p);
}

static inline void scalar_fetch(struct scalar *p)
{
    const struct wires *w = &p->wires;
    struct fetch_stage *f = &p->fetch;
    bool redirected = w->flush | w->redirect;
    if (w->flush && w->system) { /* an interrupt: the vector goes through one more cycle */
        f->request = false;
        f->next_pc = w->flush_pc;
        f->btc_applies = false;
        p->changed = true;
    } else if (redirected || (!(f->request && w->fetch_stall) && p->cycle >= p->first_cycle)) {
        uint64_t pc = w->flush ? w->flush_pc : w->redirect ? w->redirect_pc : f->next_pc;
        scalar_fetch_advance(p, pc, redirected);
    }
    scalar_btc_cycle(p);
}

#endif
