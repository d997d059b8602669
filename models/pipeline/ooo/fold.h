/* Branches that are executed in the queue between fetch and dispatch; part of ooo.h. */
#ifndef MODELS_PIPELINE_OOO_FOLD_H
#define MODELS_PIPELINE_OOO_FOLD_H

#include "models/pipeline/ooo/ooo.h"

bool ooo_fold_check(struct ooo *p, struct err *e);
/* Predicts or resolves the branch that fetch waits for, when it has arrived. */
void ooo_fold_decide(struct ooo *p);
/* Resolves those whose sources are known by now. */
void ooo_fold_resolve(struct ooo *p);
/* Takes away folded branches at the head of the queue. */
void ooo_fold_skip(struct ooo *p);
/* The branch at the head of the queue is dispatched; false when it cannot go in this cycle. */
bool ooo_fold_dispatch(struct ooo *p, struct inst *s);
/* There are as many unresolved branches before the head of the queue as may be passed. */
static inline bool ooo_fold_blocks(const struct ooo *p)
{
    uint32_t most = p->keys.unresolved_dispatch;
    return most && p->fold.count > most && p->fold.unresolved[most].position < p->dispatch;
}
void ooo_fold_retire(struct ooo *p);
/* All instructions from `position` on are squashed, or fetched again. */
void ooo_fold_squash(struct ooo *p, uint64_t position);

#endif
