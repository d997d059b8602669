/* Issue queues as the configuration describes them. A queue holds micro-operations for pipes of
 * one or several kinds; [core.units] queues says which:
 *
 *   queues = alu+mul+bru:32 lsu:24          two queues
 *   queues = alu+lsu:11*4 bru:16            four equal queues that divide the pipes among them, one
 *                                           alu and one lsu each when there are four of a kind
 *   queues = fpu:2! alu+lsu+bru:6           the fpu's queue issues in order
 *
 * A port is a queue's share of the pipes of one kind: micro-operations that are ready stand in its
 * set until a pipe takes them. */
#ifndef MODELS_PIPELINE_OOO_QUEUES_H
#define MODELS_PIPELINE_OOO_QUEUES_H

#include "models/pipeline/ooo/window.h"
#include "models/pipeline/units.h"

#define QUEUES_MAX      32u
#define QUEUES_ENTRIES  256u
#define QUEUES_MAX_PORTS 64u

struct queue {
    uint32_t entries, used;
    bool in_order;
    uint32_t first, last;                /* of an in-order queue: places in order[] */
    uint16_t order[QUEUES_ENTRIES];      /* uops from first to last */
    uint64_t taken[QUEUES_ENTRIES / 64]; /* entries, for selection by position */
    uint16_t uop[QUEUES_ENTRIES];        /* index of the one in each */
};

struct port {
    struct window_set ready; /* by reorder buffer index, or by queue entry */
    uint8_t queue, first, count, kind; /* pipes of the kind */
    uint8_t number;
};

struct queues {
    struct queue queue[QUEUES_MAX];
    struct port port[QUEUES_MAX_PORTS];
    uint32_t queue_count, port_count;
    uint64_t ready; /* bit n: port n has members in its set */
    bool any_in_order;
    bool have_places; /* it matters where in a queue a micro-operation stands */
    /* By kind: its ports stand one after the other. */
    uint8_t first_port[UNITS_MAX_KINDS], ports[UNITS_MAX_KINDS];
};

bool queues_create(struct queues *q, const struct units *u, const char *text,
                   const struct config *c, const char *section, struct err *e);

/* Takes the lowest free entry; there is one. */
static inline uint32_t queue_take_entry(struct queue *q, uint32_t uop)
{
    uint32_t w = 0;
    while (!~q->taken[w])
        w++;
    uint32_t entry = w * 64 + (uint32_t)__builtin_ctzll(~q->taken[w]);
    q->taken[w] |= UINT64_C(1) << (entry & 63);
    q->uop[entry] = (uint16_t)uop;
    return entry;
}

static inline void queue_give_entry(struct queue *q, uint32_t entry)
{
    q->taken[entry >> 6] &= ~(UINT64_C(1) << (entry & 63));
}

#endif
