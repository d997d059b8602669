/* Private to the out-of-order pipeline: its state, cut by stage. One file a stage; ooo.c has their
 * order.
 *
 *   fetch -> deliver -> (queue) -> dispatch -> (issue queues) -> issue -> commit
 *                                     loads and stores pass lsq.c and stores.c before they commit
 *
 * An instruction lives in the ring of struct inst from fetch to commit, as the executor has left
 * it: positions head <= dispatch <= fetch <= executed count up, and go back when what follows is
 * squashed. A violation of memory order sets fetch back without executing anything again. Its
 * micro-operations live in the reorder buffer, a ring of struct uop. All times are core cycles. */
#ifndef MODELS_PIPELINE_OOO_OOO_H
#define MODELS_PIPELINE_OOO_OOO_H

#include "models/pipeline/bpred/branch_unit.h"
#include "models/pipeline/hists.h"
#include "models/pipeline/ooo/flow.h"
#include "models/pipeline/ooo/inlet.h"
#include "models/pipeline/ooo/counts.h"
#include "models/pipeline/ooo/keys.h"
#include "models/pipeline/ooo/fetch_stage.h"
#include "models/pipeline/ooo/parts.h"
#include "models/pipeline/pipeline.h"
#include "models/pipeline/profile.h"
#include "sim/base/bits.h"

/* Of what is done once for each instruction: a call would cost as much as the rest. */
#define OOO_HOT static inline __attribute__((always_inline))

struct ooo {
    struct core core; /* first: a struct core * is a struct ooo * */
    /* parameters */
    struct core_env env;
    struct ooo_keys keys;
    struct units units;
    struct queues queues;
    struct early_out early;
    struct issue_limits limits;
    struct inlets inlets;
    struct flows flows;
    struct branch_unit *branches;
    uint32_t queue_room;  /* instructions between fetch and dispatch */
    uint32_t words;       /* of a window_set in use */
    uint32_t window_bits; /* of uop.index */
    uint64_t uop_mask, inst_mask, store_mask;
    /* time */
    struct event tick;
    uint64_t cycle;       /* the one being simulated, or the last one that was */
    uint64_t charged;     /* cycles charged so far: cycle + 1 between cycles */
    uint64_t wake;        /* earliest cycle in which something can happen */
    uint64_t cycles_per_tick; /* times 2^64, rounded up; see ooo_cycle_of */
    /* instructions */
    struct inst *insts;
    struct prediction *predictions; /* of the branches among them, by the same index */
    struct decision *decisions;     /* the same; NULL without fold_branches */
    uint64_t head, dispatch, executed; /* positions; the fetch stage has its own */
    struct fetch_stage fetch;
    struct fold_stage fold;
    uint64_t queued;               /* instructions in the queue before this cycle's dispatch */
    /* micro-operations */
    struct uop *uops;
    struct memory_uop *memory;     /* of the loads and stores among them, by the same index */
    struct link *links;            /* UOP_LINKS of each; see uop.h */
    uint64_t (*undo)[INSN_MAX_OUT]; /* see undo_at */
    uint16_t *lists;               /* first link of each list of waiters; see wake.c */
    uint64_t rob_head, rob_tail;
    uint64_t rob_end;              /* where rob_tail may not go beyond in this cycle */
    uint32_t committed;            /* in this cycle */
    uint64_t rob_done, commit_until; /* see group.c: older ones are done, and may commit */
    struct group_rules rules;
    uint32_t groups;               /* dispatch groups in flight */
    uint64_t life;                 /* of the youngest uop ever dispatched */
    uint64_t map[MAP_REGS];        /* register to its youngest writer; see rename.c */
    uint64_t rename_cost[MAP_REGS], renames_free;
    uint64_t dispatch_renames;     /* per cycle, from each pool; 0: no limit */
    uint64_t renames_left;         /* of these in this cycle */
    struct plan plan;              /* of the instruction that is being dispatched */
    struct step *kept;             /* OOO_KEPT of them */
    uint64_t completes_alone;      /* position + 1 of what dispatch waits for; 0: nothing */
    uint32_t plan_step;            /* its next step; 0: not decoded yet */
    uint32_t branches_waiting;     /* dispatched and not issued */
    uint64_t barrier;              /* position + 1 of the youngest sync; 0: none */
    struct calendar calendar;
    struct window_set branch_moves; /* those with TRAIT_EARLY */
    /* loads and stores */
    struct window_set access;      /* loads and stores that want the TLB or the data cache */
    uint32_t loads_in_flight;
    struct store *stores;
    uint64_t store_first, store_commit, store_last; /* drained, committed and dispatched so far */
    uint64_t store_known;          /* older ones have their addresses */
    uint16_t *store_filter;        /* stores by a hash of their addresses */
    struct store_sets sets;
    bool data_blocked, dtlb_blocked; /* refused; a waiter will be woken */
    struct port_waiter data_waiter, dtlb_waiter;
    struct pending_request *requests, *free_requests;
    /* What ended dispatch in the cycle looked at last; stays valid while nothing changes. */
    uint64_t *stall;               /* counter */
    enum cpi_part stall_part;      /* PART_COUNT: no resource of its own */
    uint64_t unsettled;            /* slots kept in `lost` members */
    struct core_reports reports;
    const struct insn *marker;     /* committed in this cycle; NULL: none */
    enum core_end end;
    /* statistics */
    struct ooo_stats stats;
    struct {
        uint64_t load_cycles;
        uint8_t level;
    } committing; /* of the oldest instruction's loads; level 0: older stores had it all */
    bool observed;      /* somebody wants to know of each instruction that retires */
    struct core_hists hists;
    struct ooo_hists queue_hists;
    struct cpi cpi;
};

/* A stage knows that something can happen in `cycle` and not before. */
static inline void ooo_want(struct ooo *p, uint64_t cycle)
{
    if (cycle < p->wake)
        p->wake = cycle;
}

/* A stage has changed something: the next cycle must be looked at. */
static inline void ooo_progress(struct ooo *p) { p->wake = p->cycle + 1; }

/* The first cycle at or after a tick that is not past. Below 2^32 a multiplication by the
 * reciprocal, rounded up to 64 bits behind the point, is as exact as the division. */
static inline uint64_t ooo_cycle_of(const struct ooo *p, uint64_t tick)
{
    uint64_t period = p->env.clock.period_ticks;
    uint64_t ticks = tick - p->cycle * period + period - 1;
    if (__builtin_expect(ticks > UINT32_MAX, 0))
        return p->cycle + ticks / period;
    return p->cycle + (uint64_t)((u128)ticks * p->cycles_per_tick >> 64);
}

/* ooo.c. First thing in every callback from outside: charges the cycles slept through and sees to
 * it that the core looks at the first cycle from now on. */
void ooo_woken(struct ooo *p, uint64_t now);

#include "models/pipeline/ooo/rings.h"
#include "models/pipeline/ooo/stages.h"

#endif
