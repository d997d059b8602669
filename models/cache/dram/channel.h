/* One channel: its queues, and the commands it gives to its devices, one a cycle at most.
 *
 * At any time the next command is planned: of the bursts whose turn it is (reads, or writes while a
 * drain goes on) each bank has a first one by the scheduler's order; of these the command that the
 * devices allow soonest is next. A rank whose refresh is due takes no more bursts: its rows are
 * closed as soon as may be, and it is refreshed.
 * Times are cycles of the DRAM clock unless they say ticks. */
#ifndef MODELS_CACHE_DRAM_CHANNEL_H
#define MODELS_CACHE_DRAM_CHANNEL_H

#include "models/cache/dram/address.h"
#include "models/cache/dram/bank.h"
#include "models/cache/dram/dram.h"
#include "models/cache/dram/sched.h"
#include "sim/engine/clock.h"
#include "sim/engine/event.h"

struct dram_job;

struct dram_burst {
    struct dram_choice choice;
    struct dram_job *job; /* what it is a part of; NULL for writes */
    uint64_t row, arrived;
    uint32_t bank;     /* index among the devices' */
    bool critical;     /* has the wanted bytes */
    bool whole;        /* a write of all its bytes */
    bool opened, closed; /* its bank got an activate, a precharge, for it */
    struct dram_burst *next;
};

enum dram_side { DRAM_READS, DRAM_WRITES, DRAM_SIDES };

struct dram_queue {
    struct dram_burst *first, **last; /* oldest first */
    uint32_t count, room;
};

struct dram_plan {
    uint64_t cycle;           /* DRAM_NEVER: nothing to do */
    struct dram_burst *burst; /* for which the command is, or NULL */
    struct dram_bank *bank;   /* of the burst, or to be closed; NULL: refresh */
    uint32_t rank;
    enum dram_op op;
};

struct dram_channel {
    /* Parameters. */
    const struct dram_keys *keys;
    const struct dram_sched_ops *sched;
    struct dram_devices devices;
    struct engine *engine;
    struct clock clock;
    uint32_t number;
    void (*burst_done)(struct dram_burst *b, uint64_t data_cycle); /* a read: all of it has come */
    void (*freed)(void *owner, uint64_t now); /* a queue has room again */
    void (*observe)(void *ctx, const struct dram_command *c);
    void *owner, *ctx;
    struct dram_stats *stats;

    /* State. */
    struct dram_queue queue[DRAM_SIDES];
    struct dram_burst *bursts, *free;
    bool draining;
    bool pressed; /* a write was refused: one must go, whatever the marks say */
    uint64_t cursor; /* no command before this cycle: all earlier ones are given */
    uint64_t orders;
    struct dram_plan plan;
    bool planned;
    uint64_t scans;
    struct dram_first {
        uint64_t scan;
        struct dram_burst *burst;
    } *firsts;         /* [bank]: the first by the scheduler's order, found in this scan */
    uint32_t *touched; /* banks with one */
    uint64_t *due;     /* [rank]: of the next refresh */
    bool *refreshing;  /* [rank]: it is due */
    struct event event;
};

struct dram_channel_setup {
    const struct dram_keys *keys;
    const struct dram_timing *timing;
    const struct dram_sched_ops *sched;
    struct engine *engine;
    struct dram_stats *stats;
    uint32_t number;
    uint32_t pool; /* bursts beyond a queue's room, for a request longer than it */
    void (*burst_done)(struct dram_burst *b, uint64_t data_cycle);
    void (*freed)(void *owner, uint64_t now);
    void (*observe)(void *ctx, const struct dram_command *c);
    void *owner, *ctx;
};

void dram_channel_init(struct dram_channel *c, const struct dram_channel_setup *setup);
void dram_channel_free(struct dram_channel *c);

/* Whether so many bursts more are taken; an empty queue takes any number. */
static inline bool dram_channel_room(const struct dram_channel *c, enum dram_side side,
                                     uint32_t bursts)
{
    const struct dram_queue *q = &c->queue[side];
    return !q->count || q->count + bursts <= q->room;
}

/* The queued write to the burst at pa, or NULL. */
struct dram_burst *dram_channel_find_write(const struct dram_channel *c, uint64_t pa);

/* Says that a write found no room: the drain of writes begins. */
void dram_channel_press(struct dram_channel *c, uint64_t now);

/* Queues a burst that arrives at `now` (ticks); the caller has made sure of room. */
struct dram_burst *dram_channel_add(struct dram_channel *c, enum dram_side side, uint64_t pa,
                                    const struct dram_address *a, uint64_t now);

/* plan.c: fills in c->plan. */
void dram_plan_next(struct dram_channel *c);

#endif
