/* Private to the in-order pipeline: its state, cut by stage. One file a stage; inorder.c has the
 * order.
 *
 *   fetch -> (queue) -> issue -> execute -> retire;  loads and stores pass the lsu in between.
 *               early: branches that wait in the queue
 *
 * Instructions live in a ring from fetch to retirement. Positions count up for ever: head <= issue
 * <= tail; [head, issue) are executing, [issue, tail) wait to issue. All times are core cycles. */
#ifndef MODELS_PIPELINE_INORDER_INORDER_H
#define MODELS_PIPELINE_INORDER_INORDER_H

#include <stdalign.h>

#include "models/pipeline/bpred/branch_unit.h"
#include "models/pipeline/cpi.h"
#include "models/pipeline/hists.h"
#include "models/pipeline/inorder/keys.h"
#include "models/pipeline/pipeline.h"
#include "models/pipeline/profile.h"
#include "models/pipeline/units.h"
#include "sim/base/err.h"

#define NEVER            UINT64_MAX
#define INORDER_SLOTS    1024u /* most slots a configuration may ask for */
#define INORDER_LOADS    64u
#define INORDER_STORES   64u
#define INORDER_REQUESTS 128u

/* slot.small. A size that has no latency of its own is taken for the next larger one. */
enum multiply_size { MULTIPLY_32X32, MULTIPLY_32X16, MULTIPLY_16X16 };

/* What became of a branch in the queue (core.early_branches). */
enum early_state {
    EARLY_OFF,     /* no branch, or not looked at early */
    EARLY_NEW,     /* not seen yet */
    EARLY_WRONG,   /* predicted wrongly, or its target is not known */
    EARLY_SETTLED, /* fetch goes where it should */
};

/* Instructions that are neither loads nor watched touch its first two host lines only. */
struct slot {
    alignas(HOST_LINE) struct op op;
    uint64_t ready_cycle;  /* first in which it may issue */
    uint64_t done_cycle;   /* first in which it may retire; NEVER while unknown */
    uint64_t pending;      /* issue slots lost to it and not charged yet */
    uint8_t wait_part;     /* enum cpi_part: what waiting for its result is charged to */
    uint8_t front_part;    /* enum cpi_part: what delayed its fetch */
    /* Side by side: a plain instruction clears them with one store. */
    uint8_t small;         /* enum multiply_size; 0 where it does not matter */
    uint8_t early;         /* enum early_state */
    bool mispredicted;
    uint8_t level;         /* load: farthest level that served it; 0: an older store had it all */
    uint16_t outstanding;  /* load: parts asked for and not answered */
    uint32_t access_left;  /* load: bytes still to ask for */
    uint64_t access_cycle; /* load: first in which it may ask the cache */
    uint64_t data_cycle;   /* load: when the last part so far arrives */
    uint64_t access_pa;    /* load: next byte to ask for */
    uint64_t fetch_cycle, issue_cycle; /* kept for those who watch: inorder.is_watched */
};

/* When and by whom a register is written. While it is not ready its writer is in flight, and says
 * what waiting for it is charged to. */
struct register_state {
    uint64_t ready;  /* cycle from which a dependent may issue; NEVER while unknown */
    uint64_t writer; /* position of the youngest; NEVER: an update form's address, see issue.c */
};

/* What issue wants to know of a class, in one place: times in cycles after the one of issue. */
struct issue_class {
    uint16_t result, usable, written; /* usable by dependents; may retire */
    uint16_t interval;
    uint8_t first_pipe, pipes;
    uint8_t wait_part;                /* enum cpi_part: what waiting for the result is charged to */
};

/* A store from issue until the data cache has taken it. */
struct store {
    uint64_t position;     /* of its slot; drained only when that has retired */
    uint64_t pa, pc;       /* pa: next byte to write */
    uint64_t first_pa, second_page_pa;
    uint64_t ea;           /* of its first byte */
    uint32_t left, bytes;
    uint32_t block;        /* aligned bytes that one access covers */
    uint8_t command;       /* enum mem_command; see cache_op.h */
};

/* What a stage asks of a TLB before its cache access: one page at a time. */
struct translation {
    uint64_t page;       /* effective address of the 4 KiB asked about; NEVER: none */
    uint64_t cycle;      /* from which the cache may be asked; NEVER while unknown */
    uint64_t generation; /* counts those given up: answers to them are stale */
    bool delayed;        /* the page was not there at once */
    struct port_waiter waiter;
};

/* A request in flight, with its way back to whom it is for. */
struct pending_request {
    union {
        struct mem_request request; /* first: a callback gets its address */
        struct tlb_request translated;
    };
    struct inorder *core;
    struct translation *translation; /* of a tlb_request */
    uint64_t tag; /* load: its slot's position; fetch, translation: its generation */
    struct pending_request *next_free;
};

struct fetch_stage {
    uint64_t resume_cycle;   /* no fetch before; NEVER until a slot's retirement says otherwise */
    uint64_t resume_position; /* ... namely this one's */
    uint64_t block_pa;       /* block being delivered; NEVER: none */
    uint64_t block_delay;    /* cycles from delivery to arrival in the queue */
    uint64_t generation;     /* counts redirects: answers to older requests are stale */
    uint64_t wrong_position; /* of the branch that the wrong path follows */
    /* Next on the wrong path; NEVER: it ended in nothing that can be fetched. */
    uint64_t wrong_pc;
    uint64_t wrong_from;     /* cycle; the wrong path is not fetched before */
    uint64_t wrong_count;    /* wrong-path instructions in the queue */
    /* So many slots from `tail` on hold executed instructions that left the queue when an older
     * branch was predicted taken, wrongly: they are fetched again before any other. */
    uint64_t again;
    uint64_t redirect_cycle; /* when the wrong path ends; NEVER while unknown */
    uint64_t pending;        /* issue slots lost to the block on its way */
    uint64_t fetched;        /* instructions, for max_instructions */
    /* The slot behind all these holds an executed instruction, not yet in the queue. */
    bool have_op;
    bool waiting;            /* for a block */
    bool wrong_path;
    bool stopped;            /* nothing more to fetch, ever */
    enum core_end why;
    uint8_t part;            /* enum cpi_part: what an empty queue is charged to */
    struct port_waiter waiter;
    struct translation translation;
};

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

void inorder_fetch(struct inorder *p);
/* The mispredicted branch at `position` ends in `cycle`: fetch goes on along the right path. */
void inorder_redirect(struct inorder *p, uint64_t cycle);
/* A slot that fetch waits for has retired. */
void inorder_fetch_resume(struct inorder *p, uint64_t cycle);

/* Leaves the wrong path or what was fetched behind a branch: a block on its way is not waited
 * for. */
void inorder_fetch_forget(struct inorder *p);
/* From the cycle `from` on fetch goes along pc, wrongly, after the branch at `position`, until the
 * cycle `until`. */
void inorder_wrong_path(struct inorder *p, uint64_t position, uint64_t pc, uint64_t from,
                        uint64_t until);

/* early.c: looks at the branches in the first places of the queue. */
void inorder_look_early(struct inorder *p);
/* The branch executes, wrongly predicted until now. */
void inorder_early_end(struct inorder *p, struct slot *s);

void inorder_issue(struct inorder *p);
/* Results of the slot: dependents may issue from `cycle` on. */
void inorder_publish(struct inorder *p, uint64_t position, uint64_t cycle);

void inorder_loads(struct inorder *p, uint32_t *accesses);
void inorder_stores(struct inorder *p, uint32_t *accesses);
void inorder_load_start(struct inorder *p, uint64_t position);
void inorder_store_start(struct inorder *p, uint64_t position);
/* Accesses that a load or store takes by core.access_bytes, at least 1. */
uint32_t inorder_accesses(const struct inorder *p, const struct op *op);
void inorder_data_wake(struct port_waiter *w, uint64_t now);
void inorder_fetch_wake(struct port_waiter *w, uint64_t now);

void inorder_retire(struct inorder *p);

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
