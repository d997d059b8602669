/* Fetch: which instructions enter the queue, and when. Inline in the loop over cycles: for
 * inorder.c alone. */
#ifndef MODELS_PIPELINE_INORDER_FETCH_H
#define MODELS_PIPELINE_INORDER_FETCH_H

#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"

/* Instructions that may be fetched in this cycle. Nothing leaves the queue meanwhile. */
static inline uint32_t inorder_fetch_room(const struct inorder *p)
{
    uint64_t waiting = p->tail - p->issue + p->fetch.wrong_count;
    return waiting < p->queue_room ? (uint32_t)min_u64(p->keys.fetch_width, p->queue_room - waiting)
                                   : 0;
}

/* Most cycles of a busy core have no room, and end here. */
static inline void inorder_fetch(struct inorder *p)
{
    struct fetch_stage *f = &p->fetch;
    if (f->wrong_path && p->cycle >= f->redirect_cycle)
        inorder_wrong_end(p);
    if (f->stopped && !f->again)
        return;
    uint32_t room = f->waiting ? 0 : inorder_fetch_room(p);
    if (f->wrong_path) {
        inorder_want(p, f->redirect_cycle);
        if (p->cycle < f->wrong_from)
            inorder_want(p, f->wrong_from);
        else if (room)
            inorder_fetch_wrong(p, room);
    } else if (p->cycle < f->resume_cycle) {
        inorder_want(p, f->resume_cycle);
    } else if (room) {
        inorder_fetch_right(p, room);
    }
}

#endif
