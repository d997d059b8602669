/* Private to the in-order pipeline: its state. One file a stage; inorder.c has the order.
 *
 *   fetch -> (queue) -> issue -> execute -> retire;  loads and stores pass the lsu in between.
 *     wrong       early: branches that wait in the queue
 *
 * What happens in nearly every cycle stands in issue.h, retire.h and fetch.h, inline in the loop
 * over cycles (a tenth of the host's time); the rest of each stage in its .c file.
 *
 * Instructions live in a ring from fetch to retirement. Positions count up for ever: head <= issue
 * <= tail; [head, issue) are executing, [issue, tail) wait to issue. All times are core cycles. */
#ifndef MODELS_PIPELINE_INORDER_INORDER_H
#define MODELS_PIPELINE_INORDER_INORDER_H

#include "models/pipeline/bpred/branch_unit.h"
#include "models/pipeline/cpi.h"
#include "models/pipeline/hists.h"
#include "models/pipeline/inorder/keys.h"
#include "models/pipeline/inorder/slot.h"
#include "models/pipeline/profile.h"
#include "models/pipeline/units.h"

struct inorder {
    struct core core; /* first: a struct core * is a struct inorder * */
    /* parameters */
    struct core_env env;
    struct inorder_keys keys;
    uint64_t queue_room; /* instructions between fetch and issue */
    struct units units;
    struct issue_class class[CLASS_COUNT];
    struct issue_class multiply[3]; /* by enum multiply_size; result 0: as its class */
    struct branch_unit *branches;
    /* state */
    struct event tick;
    uint64_t cycle;      /* the one being simulated, or the last one that was */
    uint64_t charged;    /* cycles charged so far: cycle + 1 between cycles */
    uint64_t wake;       /* earliest cycle in which something can happen */
    uint64_t head, issue, tail;
    struct slot *slots; /* a ring just large enough: it should stay in the host's first cache */
    struct prediction *predictions; /* of the branches among them, by the same index */
    uint64_t slot_mask;
    struct register_state reg[REG_PADDED_COUNT];
    uint64_t issue_from; /* no instruction can issue before this cycle; `blame` says why */
    uint64_t barrier;    /* position of an issued sync that has not retired; NEVER: none */
    uint64_t loads[INORDER_LOADS]; /* positions of loads that have not asked for all their data */
    uint64_t load_first, load_last;
    uint32_t loads_in_flight;
    struct store stores[INORDER_STORES];
    uint64_t store_first, store_last;
    struct translation load_translation, store_translation;
    bool data_blocked;   /* the data cache refused; data_waiter will be woken */
    struct port_waiter data_waiter;
    struct pending_request requests[INORDER_REQUESTS];
    struct pending_request *free_requests;
    struct fetch_stage fetch;
    uint64_t asked_ticks, asked_cycles; /* see inorder_cycle_of */
    /* Where this cycle's lost issue slots go; stays valid while nothing changes. */
    uint64_t *blame;
    uint64_t unsettled;  /* slots kept in `pending` members */
    struct core_reports reports;
    bool is_watched;     /* somebody is told of each instruction that retires */
    const struct insn *marker; /* retired in this cycle; NULL: none */
    enum core_end end;
    /* statistics */
    struct cpi cpi;
    struct core_hists hists;
};

static inline struct slot *slot_at(struct inorder *p, uint64_t position)
{
    return &p->slots[position & p->slot_mask];
}

static inline struct prediction *prediction_at(struct inorder *p, uint64_t position)
{
    return &p->predictions[position & p->slot_mask];
}

/* A stage knows that something can happen in `cycle` and not before. */
static inline void inorder_want(struct inorder *p, uint64_t cycle)
{
    if (cycle < p->wake)
        p->wake = cycle;
}

/* A stage has changed something: the next cycle must be looked at. */
static inline void inorder_progress(struct inorder *p) { p->wake = p->cycle + 1; }

/* The first cycle at or after a tick that is not past. Distances repeat: the last one's division
 * is remembered. */
static inline uint64_t inorder_cycle_of(struct inorder *p, uint64_t tick)
{
    uint64_t period = p->env.clock.period_ticks, distance = tick - p->cycle * period;
    if (distance != p->asked_ticks) {
        p->asked_ticks = distance;
        p->asked_cycles = (distance + period - 1) / period;
    }
    return p->cycle + p->asked_cycles;
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
    if (p->blame < p->cpi.slots || p->blame >= p->cpi.slots + PART_COUNT)
        p->unsettled += slots;
    else
        p->cpi.touched |= UINT64_C(1) << (p->blame - p->cpi.slots);
}

/* fetch.c. Up to `room` instructions of the right path; `room` is not 0. */
void inorder_fetch_right(struct inorder *p, uint32_t room);
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
