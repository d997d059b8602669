/* Retirement: in order, when the result is written back. Branch tables are trained here, never by
 * wrong paths. Inline in the loop over cycles: for inorder.c alone. */
#ifndef MODELS_PIPELINE_INORDER_RETIRE_H
#define MODELS_PIPELINE_INORDER_RETIRE_H

#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"

/* retire.c. What loads, stores, branches and what entered the system need beyond the others. */
void inorder_retire_special(struct inorder *p, const struct op *op, uint64_t position);
/* To those who watch; the instruction is the so-manyth. */
void inorder_tell(struct inorder *p, uint64_t position, uint64_t instructions);

/* A marker ends the cycle, so that its phase ends exactly there. */
static inline void inorder_retire(struct inorder *p)
{
    uint64_t first = p->head, position = first, cycle = p->cycle;
    uint64_t last = min_u64(p->issue, first + p->keys.retire_width);
    struct slot *s = slot_at(p, first);
    do {
        if (s->done_cycle > cycle) {
            inorder_want(p, s->done_cycle);
            break;
        }
        p->head = ++position;
        if (s->op.flags)
            inorder_retire_special(p, &s->op, position - 1);
        if (__builtin_expect(p->is_watched, 0))
            inorder_tell(p, position - 1, p->core.stats.instructions + (position - first));
        s = slot_behind(p, s);
    } while (position != last && !p->marker);
    if (position != first) {
        p->core.stats.instructions += position - first;
        inorder_progress(p);
        if (p->barrier < position) /* a sync goes alone: it was the last that had been issued */
            p->barrier = NEVER;
    }
    if (__builtin_expect(p->hists.on, 0))
        core_hists_cycle(&p->hists, p->core.stats.instructions);
}

#endif
