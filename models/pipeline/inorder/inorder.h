/* Private to the in-order pipeline: what its stages do for each other. One file a stage; inorder.c
 * has the order.
 *
 *   fetch -> (queue) -> issue -> execute -> retire;  loads and stores pass the lsu in between.
 *     wrong       early: branches that wait in the queue
 *
 * Link-time optimisation makes the stages part of the loop over cycles, a tenth of the host's
 * time: what few instructions need is kept out of it by `noinline`. */
#ifndef MODELS_PIPELINE_INORDER_INORDER_H
#define MODELS_PIPELINE_INORDER_INORDER_H

#include "models/pipeline/inorder/state.h"

/* A stage knows that something can happen in `cycle` and not before. */
static inline void inorder_want(struct inorder *p, uint64_t cycle)
{
    if (cycle < p->wake)
        p->wake = cycle;
}

/* A stage has changed something: the next cycle must be looked at, whatever the others want. */
static inline void inorder_progress(struct inorder *p) { p->wake = 0; }

/* The first cycle at or after a tick that is not past, when something of that kind comes. */
static inline uint64_t inorder_cycle_of(struct inorder *p, enum arrival kind, uint64_t tick)
{
    uint64_t period = p->env.clock.period_ticks, distance = tick - p->cycle * period;
    struct distance *last = &p->last_distance[kind];
    if (__builtin_expect(distance != last->ticks, 0))
        *last = (struct distance){distance, (distance + period - 1) / period};
    return p->cycle + last->cycles;
}

/* First thing in every callback from outside: charges the cycles slept through and sees to it that
 * the core looks at the first cycle from now on. */
void inorder_woken(struct inorder *p, uint64_t now);

/* NULL when all are in flight; the answer to any of them wakes the core, which asks again. */
static inline struct pending_request *inorder_request(struct inorder *p, uint64_t tag)
{
    struct pending_request *q = p->free_requests;
    if (!q)
        return NULL;
    p->free_requests = q->next_free;
    q->tag = tag;
    return q;
}

static inline void inorder_release(struct inorder *p, struct pending_request *r)
{
    r->next_free = p->free_requests;
    p->free_requests = r;
}

/* Slots lost to a request whose level is now known. */
void inorder_settle(struct inorder *p, uint64_t *pending, enum cpi_part part);

/* Issue slots into which nothing was issued: to the part to blame, or to the request whose level is
 * not known yet. */
static inline void inorder_lose(struct inorder *p, uint64_t slots)
{
    *p->blame += slots;
    p->cpi.touched |= p->blame_bit;
    if (!p->blame_bit)
        p->unsettled += slots;
}

/* The stages, once a cycle each. Retirement only when something has been issued. */
void inorder_retire(struct inorder *p);
void inorder_issue(struct inorder *p);
void inorder_fetch(struct inorder *p);

/* Asks for the block of pa, which is not the one at hand; true when it can be delivered in this
 * cycle. */
bool inorder_open_block(struct inorder *p, uint64_t pa, uint64_t pc);
/* A slot that fetch waits for has retired. */
void inorder_fetch_resume(struct inorder *p, uint64_t cycle);
void inorder_fetch_wake(struct port_waiter *w, uint64_t now);
/* Leaves the wrong path or what was fetched behind a branch: a block on its way is not waited
 * for. */
void inorder_fetch_forget(struct inorder *p);
/* Whether pa lies in the block being delivered; NEVER is far from all. */
static inline bool inorder_is_at_hand(const struct inorder *p, uint64_t pa)
{
    return (pa ^ p->fetch.block_pa) < p->keys.fetch_bytes;
}

/* wrong.c. From the cycle `from` on fetch goes along pc, wrongly, after the branch at `position`,
 * until the cycle `until`. */
void inorder_wrong_path(struct inorder *p, uint64_t position, uint64_t pc, uint64_t from,
                        uint64_t until);
void inorder_fetch_wrong(struct inorder *p, uint32_t room);
/* The mispredicted branch at `position` ends in `cycle`: fetch goes on along the right path. */
void inorder_redirect(struct inorder *p, uint64_t cycle);
/* Leaves the wrong path: what was fetched on it disappears. */
void inorder_wrong_end(struct inorder *p);

/* early.c: looks at the branches in the first places of the queue. */
void inorder_look_early(struct inorder *p);
/* The branch executes, wrongly predicted until now. */
void inorder_early_end(struct inorder *p, struct slot *s);

/* Results of the slot: dependents may issue from `cycle` on. */
void inorder_publish(struct inorder *p, uint64_t position, uint64_t cycle);

void inorder_loads(struct inorder *p, uint32_t *accesses);
void inorder_stores(struct inorder *p, uint32_t *accesses);
void inorder_load_start(struct inorder *p, uint64_t position);
void inorder_store_start(struct inorder *p, uint64_t position);
/* Accesses that a load or store takes by core.access_bytes, at least 1. */
uint32_t inorder_accesses(const struct inorder *p, const struct op *op);
void inorder_data_wake(struct port_waiter *w, uint64_t now);

/* translate.c. The page of r->ea: true when the cache may be asked for it in this cycle. */
bool inorder_ask_tlb(struct inorder *p, struct translation *t, const struct tlb_port *port,
                     const struct tlb_request *r);
void inorder_translation_init(struct inorder *p, struct translation *t);
/* Forgets the page, used or no longer wanted. */
static inline void inorder_translation_end(struct translation *t)
{
    t->generation += t->cycle == NEVER;
    t->page = NEVER;
    t->cycle = 0;
    t->delayed = false;
}

/* Whether somebody waits for a translation. */
static inline bool inorder_translating(const struct inorder *p, const struct translation *t)
{
    return t->waiter.waiting || t->cycle > p->cycle;
}

#endif
