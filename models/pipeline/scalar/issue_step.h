/* decode2: issues an operation when it can have its operands. Inline in the loop over cycles; what
 * is rare is in decode.c. */
#ifndef MODELS_PIPELINE_SCALAR_ISSUE_STEP_H
#define MODELS_PIPELINE_SCALAR_ISSUE_STEP_H

#include "models/pipeline/scalar/scalar.h"

/* decode.c. Everything in flight is squashed; what the wait for one of these registers, or for the
 * operation with a tag, is charged to. */
void scalar_squash(struct scalar *p);
void scalar_blame_register(struct scalar *p, uint64_t late);
void scalar_blame(struct scalar *p, uint8_t tag);

/* A CR field: the writer in flight is as a whole bypassed or not. */
static inline bool scalar_cr_waits(const struct scalar *p, uint32_t flags)
{
    const struct wires *w = &p->wires;
    const struct scalar_insn *writer = p->tags[p->cr_tag];
    return flags & (SI_CR_IN | SI_CR_OUT | SI_RC) && writer &&
           writer->flags & (SI_CR_OUT | SI_RC) && p->cr_tag != w->complete_tag &&
           p->cr_tag != w->cr_bypass1 && p->cr_tag != w->cr_bypass2;
}

static inline bool scalar_ov_waits(const struct scalar *p, uint32_t flags)
{
    const struct scalar_insn *writer = p->tags[p->ov_tag];
    return flags & SI_OV_IN && writer && writer->flags & SI_OV_OUT &&
           p->ov_tag != p->wires.complete_tag;
}

/* A register whose last writer is in flight can be had when that is on a bypass or completes
 * now. */
static inline bool scalar_can_issue(struct scalar *p)
{
    const struct decode2_stage *d = &p->decode2;
    const struct scalar_insn *i = d->insn->insn;
    const struct wires *w = &p->wires;
    uint64_t late = i->waits_for[d->second] & p->pending &
                    ~(p->owns[w->bypass1] | p->owns[w->bypass2] | p->owns[w->complete_tag]);
    if (late)
        scalar_blame_register(p, late);
    else if (scalar_cr_waits(p, i->flags))
        scalar_blame(p, p->cr_tag);
    else if (scalar_ov_waits(p, i->flags))
        scalar_blame(p, p->ov_tag);
    else if ((d->serial || d->was_serial) && p->tags[p->last_tag] &&
             p->last_tag != w->complete_tag)
        p->blame = PART_SERIAL;
    else
        return true;
    return false;
}

static inline void scalar_release_tag(struct scalar *p, uint8_t n)
{
    p->pending &= ~p->owns[n];
    p->owns[n] = 0;
    p->tags[n] = NULL;
}

static inline void scalar_claim_tag(struct scalar *p, const struct scalar_insn *i, bool second)
{
    uint8_t n = p->next_tag;
    uint64_t writes = i->writes[second];
    for (uint32_t other = 0; p->pending & writes && other < TAGS; other++)
        p->owns[other] &= ~writes;
    p->owns[n] = writes;
    p->pending |= writes;
    p->tags[n] = i;
    if (i->flags & (SI_CR_OUT | SI_RC))
        p->cr_tag = n;
    if (i->flags & SI_OV_OUT)
        p->ov_tag = n;
    p->last_tag = n;
    p->next_tag = (uint8_t)((n + 1) % TAGS);
}

/* Loads decode2 with what decode1 holds; nothing when that is empty. */
static inline bool scalar_accept(struct scalar *p)
{
    const struct decode1_stage *d1 = &p->decode1;
    struct decode2_stage *d = &p->decode2;
    if (!d1->valid)
        return false;
    d->insn = d1->insn;
    d->insn->decode_cycle = p->cycle;
    d->second = d1->second;
    d->predicted_taken = d1->predicted_taken;
    d->was_serial = d->serial;
    d->serial = d->insn->insn->flags & SI_SERIAL;
    return true;
}

static inline void scalar_decode2(struct scalar *p)
{
    struct decode2_stage *d = &p->decode2;
    struct wires *w = &p->wires;
    if (__builtin_expect(w->flush, 0)) {
        scalar_squash(p);
        return;
    }
    if (!w->deferred) {
        bool was_valid = d->valid, have = d->busy || scalar_accept(p);
        d->valid = have && scalar_can_issue(p);
        d->busy = have && !d->valid;
        p->changed |= d->valid | was_valid;
    }
    if (w->complete_tag != NO_TAG)
        scalar_release_tag(p, w->complete_tag);
    if (!w->deferred && d->valid) {
        d->tag = p->next_tag;
        scalar_claim_tag(p, d->insn->insn, d->second);
    }
}

#endif
