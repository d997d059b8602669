/* decode1: static prediction, cracking, prefixes. Inline in the loop over cycles; what is rare is
 * in decode.c. */
#ifndef MODELS_PIPELINE_SCALAR_DECODE_STEP_H
#define MODELS_PIPELINE_SCALAR_DECODE_STEP_H

#include "models/pipeline/scalar/scalar.h"

/* decode.c. A word that is a prefix or follows one. */
void scalar_take_prefix(struct decode1_stage *d);

static inline void scalar_take_word(struct scalar *p, bool taken)
{
    struct decode1_stage *d = &p->decode1;
    struct fetched *f = p->icache.out;
    bool valid = p->icache.out_valid;
    p->changed |= valid | d->valid;
    d->valid = valid;
    d->first = f->insn->flags & SI_TWICE;
    d->second = false;
    d->insn = f;
    d->predicted_taken = taken;
    if (__builtin_expect(valid && (d->prefixed || f->insn->flags & SI_PREFIX), 0))
        scalar_take_prefix(d);
}

static inline void scalar_decode1(struct scalar *p)
{
    struct decode1_stage *d = &p->decode1;
    const struct fetched *f = p->icache.out;
    struct wires *w = &p->wires;
    bool first = d->valid & d->first, stall = w->decode1_stall;
    w->decode1_busy = stall | first;
    bool taken = p->icache.out_valid & f->taken;
    bool redirects = taken && !w->flush && !w->decode1_busy && !f->predicted;
    w->fetch_flush = w->flush | redirects | w->redirect;
    if (w->flush) {
        d->valid = d->prefixed = false;
    } else if (!stall && first) {
        d->first = false;
        d->second = p->changed = true;
    } else if (!stall) {
        scalar_take_word(p, taken);
    }
    if (redirects) {
        d->redirect_pc = (f->insn->absolute ? 0 : f->pc) + (uint64_t)f->insn->target;
        p->branches.decode_redirects++;
    }
    p->changed |= redirects | d->redirect;
    d->redirect = redirects;
}

#endif
