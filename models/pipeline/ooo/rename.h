/* Rename registers, and the micro-operation that takes them. */
#ifndef MODELS_PIPELINE_OOO_RENAME_H
#define MODELS_PIPELINE_OOO_RENAME_H

#include "models/pipeline/ooo/ooo.h"
#include "sim/base/bits.h"

/* The pools' free registers are kept in one word, nine bits each, so that one subtraction takes
 * from all: the ninth bit of a pool that has not enough disappears. */
#define RENAME_POOL_BITS 9
#define RENAME_GUARDS    UINT64_C(0x4020100804020100)

OOO_HOT bool rename_suffices(uint64_t left, uint64_t cost)
{
    return (((left | RENAME_GUARDS) - cost) & RENAME_GUARDS) == RENAME_GUARDS;
}

/* What needs more registers than a pool has goes alone, and free of charge. */
OOO_HOT bool rename_has_room(const struct ooo *p, uint64_t *cost)
{
    if (__builtin_expect(rename_suffices(p->renames_free, *cost), 1))
        return true;
    if (p->rob_tail != p->rob_head)
        return false;
    *cost = 0;
    return true;
}

/* The micro-operation at the end of the reorder buffer. The members that every one needs; the
 * others are set when they are used. */
OOO_HOT struct uop *rename_make(struct ooo *p, const struct step *t, uint64_t cost)
{
    uint64_t position = p->rob_tail;
    struct uop *u = uop_at(p, position);
    u->shape = t->shape;
    u->position = position;
    u->inst = p->dispatch;
    u->ready_cycle = p->cycle + p->keys.dispatch_cycles;
    u->done_cycle = NEVER;
    u->life = ++p->life;
    u->renames = cost;
    p->renames_free -= cost;
    p->stats.uops_dispatched++;
    return u;
}

#endif
