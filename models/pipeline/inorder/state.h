/* Private to the in-order pipeline: its state.
 *
 * Instructions live in a ring from fetch to retirement. Positions count up for ever: head <= issue
 * <= tail; [head, issue) are executing, [issue, tail) wait to issue. All times are core cycles. */
#ifndef MODELS_PIPELINE_INORDER_STATE_H
#define MODELS_PIPELINE_INORDER_STATE_H

#include "models/pipeline/bpred/branch_unit.h"
#include "models/pipeline/cpi.h"
#include "models/pipeline/hists.h"
#include "models/pipeline/inorder/keys.h"
#include "models/pipeline/inorder/slot.h"
#include "models/pipeline/profile.h"
#include "models/pipeline/units.h"

/* What is used of it most begins a host line. */
struct branch_slot {
    alignas(HOST_LINE) struct prediction branch;
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
    uint64_t next_cycle; /* that `tick` stands for, while it is pending */
    uint64_t cycle;      /* the one being simulated, or the last one that was */
    uint64_t charged;    /* cycles charged so far: cycle + 1 between cycles */
    uint64_t wake;       /* earliest cycle in which something can happen */
    uint64_t idle_wake;  /* of a cycle in which no stage knows any; 0: the next one is looked at */
    uint64_t head, issue, tail;
    struct slot *slots; /* a ring just large enough: it should stay in the host's first cache */
    struct slot *last_slot; /* of the ring */
    struct branch_slot *predictions; /* of the branches among them, by the same index */
    uint64_t slot_mask;
    struct register_state reg[REG_PADDED_COUNT];
    uint64_t issue_from; /* no instruction can issue before this cycle; `blame` says why */
    uint64_t barrier;    /* position of an issued sync that has not retired; NEVER: none */
    uint64_t loads[INORDER_LOADS]; /* positions of loads that have not asked for all their data */
    uint64_t load_first, load_last;
    uint32_t loads_in_flight;
    struct store stores[INORDER_STORES]; /* used as a ring of the first store_mask + 1 */
    uint64_t store_mask;
    uint64_t store_first, store_last;
    struct translation load_translation, store_translation;
    bool data_blocked;   /* the data cache refused; data_waiter will be woken */
    struct port_waiter data_waiter;
    struct pending_request requests[INORDER_REQUESTS];
    struct pending_request *free_requests;
    struct fetch_stage fetch;
    struct distance last_distance[ARRIVALS];
    /* Where this cycle's lost issue slots go; stays valid while nothing changes. */
    uint64_t *blame;
    uint64_t blame_bit;  /* of cpi.touched; 0: a request's `pending`, see `unsettled` */
    uint64_t unsettled;  /* slots kept in `pending` members */
    struct core_reports reports;
    bool is_watched;     /* somebody is told of each instruction that retires */
    bool has_extras;     /* ... or issues, or multiplies go by the size of their operands */
    bool has_epilogue;   /* a cycle has an end that is not the stages'; see inorder.c */
    bool has_news;       /* a marker or interval for a report, or the end may have come */
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

static inline struct slot *slot_behind(struct inorder *p, struct slot *s)
{
    return s == p->last_slot ? p->slots : s + 1;
}

static inline struct prediction *prediction_at(struct inorder *p, uint64_t position)
{
    return &p->predictions[position & p->slot_mask].branch;
}

#endif
