/* Inside of a directory; for models/cache/directory*.c only. directory.c has the life cycle,
 * directory_port.c what the caches above ask and tell, directory_snoop.c what they are asked to
 * share or give up, directory_transaction.c a request for a line from its arrival to its answer,
 * directory_laws.c statistics and what is checked at the end; directory_lines.h is the table of
 * lines. */
#ifndef MODELS_CACHE_DIRECTORY_IMPL_H
#define MODELS_CACHE_DIRECTORY_IMPL_H

#include "models/cache/directory.h"
#include "models/cache/directory_lines.h"
#include "models/cache/waiters.h"
#include "sim/engine/event.h"

/* What a directory is for one cache above it. */
struct directory_head {
    struct directory *directory;
    uint32_t number;
    bool owns;
    struct mem_upper upper;
};

/* One line that is busy: a request is being served, or data that became shared have to be written
 * below first. */
struct transaction {
    struct directory *directory;
    struct directory_line *line;
    uint32_t head;              /* whose request is served */
    bool is_served;             /* else nobody's, or the next one's event is pending */
    bool has_settled;           /* its line is in the cache that asked, or given up */
    bool writes;                /* modified data are to be written below */
    bool asks;                  /* the request is to be sent below */
    bool recalled;              /* the shared level has evicted the line meanwhile */
    uint64_t earliest;          /* no answer before: others have to give up or share the line */
    struct mem_request *asker;  /* being served, not answered; NULL */
    struct mem_request *waiting, **last; /* those behind it; their `level` is the head */
    struct mem_request below;
    struct event event;         /* answers the asker, or begins with the next one */
    struct port_waiter waiter;
    struct transaction *next_free;
};

struct directory {
    struct directory_setup setup;
    uint64_t upgrade_ticks, snoop_ticks, intervention_ticks;
    struct directory_head *heads;
    struct directory_lines lines;
    struct transaction *transactions, *free;
    struct waiters refused;          /* those above whose writes were refused */
    struct port_waiter below_waiter; /* for these */
    bool refused_below, comes_again; /* the last of them: why */
    struct event relief;
    struct directory_stats stats;
};

/* What a cache above is asked for, about a line. */
enum directory_ask { ASK_TO_SHARE, ASK_TO_GIVE_UP, ASK_TO_EVICT };

static inline uint64_t head_bit(uint32_t head) { return UINT64_C(1) << head; }

static inline uint64_t directory_line_of(const struct directory *d, uint64_t pa)
{
    return pa & ~(uint64_t)(d->setup.line - 1);
}

static inline void directory_line_leaves(struct directory_line *l, uint32_t head)
{
    l->holders &= ~head_bit(head);
    if (l->owner == (int32_t)head)
        l->owner = NO_OWNER;
}

/* Whether a fetch of that head is under way: what it holds is not settled. */
static inline bool directory_is_unsettled(const struct directory_line *l, uint32_t head)
{
    const struct transaction *t = l->busy;
    return t && t->is_served && !t->has_settled && t->head == head;
}

static inline void directory_forget_unheld(struct directory *d, struct directory_line *l)
{
    if (!l->holders && !l->busy)
        directory_line_remove(&d->lines, l);
}

/* directory_port.c. */
void directory_port_init(struct directory *d);
/* Something was freed that a refused write may need. */
void directory_relieve(struct directory *d);

/* directory_snoop.c. What is asked of a head is done at once; true when there was modified data. */
bool directory_snoop(struct directory *d, struct directory_line *l, uint32_t head,
                     enum directory_ask what);
/* Takes the line from those of `heads` that hold it. */
bool directory_take_from(struct directory *d, struct directory_line *l, uint64_t heads);
bool directory_recall(void *node, uint64_t pa, uint32_t block);

/* directory_transaction.c. */
void directory_make_transactions(struct directory *d);
enum port_reply directory_fetch(struct directory_head *h, struct mem_request *r, uint64_t now);
/* Modified data that a cache has given up are to go below. */
void directory_write_below(struct directory *d, struct directory_line *l, uint64_t now);
/* Goes on to the next request when all is done for this one. */
void transaction_end_if_done(struct transaction *t);

#endif
