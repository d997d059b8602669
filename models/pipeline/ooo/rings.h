/* What stands at a position of one of the rings, and requests to take; part of ooo.h. */
#ifndef MODELS_PIPELINE_OOO_RINGS_H
#define MODELS_PIPELINE_OOO_RINGS_H

#include "models/pipeline/ooo/ooo.h"

static inline struct inst *inst_at(struct ooo *p, uint64_t position)
{
    return &p->insts[position & p->inst_mask];
}

/* Position behind its last micro-operation, when it is dispatched. */
static inline uint64_t ooo_uop_end(const struct inst *s) { return s->uop_first + s->uops; }

static inline struct prediction *prediction_at(struct ooo *p, uint64_t position)
{
    return &p->predictions[position & p->inst_mask];
}

static inline struct decision *decision_at(struct ooo *p, uint64_t position)
{
    return &p->decisions[position & p->inst_mask];
}

static inline uint32_t uop_index(const struct ooo *p __attribute__((unused)), const struct uop *u)
{
    return u->index;
}

/* What map[] held before the uop's n-th result. */
static inline uint64_t *undo_at(struct ooo *p, struct uop *u, uint32_t n)
{
    return n ? &p->undo[uop_index(p, u)][n] : &u->undo;
}

static inline struct uop *uop_at(struct ooo *p, uint64_t position)
{
    return &p->uops[position & p->uop_mask];
}

static inline struct memory_uop *memory_of(const struct ooo *p __attribute__((unused)),
                                           const struct uop *u)
{
    return u->memory;
}

static inline struct store *store_at(struct ooo *p, uint64_t number)
{
    return &p->stores[number & p->store_mask];
}

/* In which its result, which is known, may commit. */
static inline uint64_t ooo_final_cycle(const struct ooo *p, const struct uop *u)
{
    return u->done_cycle + p->keys.writeback_cycles + u->finish;
}

/* NULL when all are in flight; the answer to any of them wakes the core, which asks again. */
static inline struct pending_request *ooo_request(struct ooo *p, uint64_t tag)
{
    struct pending_request *q = p->free_requests;
    if (!q)
        return NULL;
    p->free_requests = q->next_free;
    q->tag = tag;
    return q;
}

static inline void ooo_release(struct ooo *p, struct pending_request *r)
{
    r->next_free = p->free_requests;
    p->free_requests = r;
}

#endif
