/* The devices of one channel: which rows are open, and from when on each command may be given. The
 * constraints are the rows of timing.def. Times are cycles of the DRAM clock. */
#ifndef MODELS_CACHE_DRAM_BANK_H
#define MODELS_CACHE_DRAM_BANK_H

#include <stdbool.h>

#include "models/cache/dram/standard.h"

enum dram_op { DRAM_ACT, DRAM_PRE, DRAM_RD, DRAM_WR, DRAM_REF, DRAM_OPS };
enum dram_scope { DRAM_SCOPE_BANK, DRAM_SCOPE_GROUP, DRAM_SCOPE_RANK, DRAM_SCOPE_OTHER };

/* As given to the devices; for observers. */
struct dram_command {
    uint64_t cycle, row; /* row: of ACT, RD, WR */
    uint32_t channel, rank, group, bank; /* bank: within its group */
    enum dram_op op;
    bool automatic; /* a precharge with a read or write: no command of its own */
};

#define DRAM_CLOSED UINT64_MAX /* a row */
#define DRAM_NEVER  UINT64_MAX /* a cycle */
#define DRAM_WINDOW 4          /* activates within tFAW */

struct dram_bank {
    uint64_t row;             /* open, or DRAM_CLOSED */
    uint64_t next[DRAM_OPS];  /* first cycle in which the command may come, as far as it knows */
    uint64_t used;            /* cycle of the last read or write */
    uint32_t rank, group, number; /* number: within the group */
};

struct dram_group {
    uint64_t next[DRAM_OPS];
};

struct dram_rank {
    uint64_t next[DRAM_OPS];
    uint64_t window[DRAM_WINDOW]; /* cycle + tFAW of the last activates, a ring */
    uint32_t oldest;
    uint32_t open; /* banks */
};

/* A row of timing.def, as a number. */
struct dram_rule {
    uint32_t cycles;
    uint8_t from, to, scope;
};
enum {
#define CONSTRAINT(from, to, scope, cycles) DRAM_RULE_##from##_##to##_##scope,
#include "models/cache/dram/timing.def"
#undef CONSTRAINT
    DRAM_RULES
};

struct dram_devices {
    struct dram_timing t;
    uint32_t ranks, banks; /* banks: of a rank, all groups */
    struct dram_rule rule[DRAM_RULES];
    struct dram_bank *bank;   /* [rank * banks + group * t.banks + number] */
    struct dram_group *group; /* [rank * t.groups + group] */
    struct dram_rank *rank;
};

void dram_devices_init(struct dram_devices *d, const struct dram_timing *t, uint32_t ranks);
void dram_devices_free(struct dram_devices *d);

static inline uint32_t dram_bank_index(const struct dram_devices *d, uint32_t rank, uint32_t group,
                                       uint32_t number)
{
    return rank * d->banks + group * d->t.banks + number;
}

/* The rows of timing.def for these devices; one that comes out negative forbids nothing. */
void dram_rules(const struct dram_timing *t, struct dram_rule rule[DRAM_RULES]);

/* First cycle in which the devices allow the command; its row must be open, or closed, as it needs.
 * Not of REF. */
static inline uint64_t dram_earliest(const struct dram_devices *d, const struct dram_bank *b,
                                     enum dram_op op)
{
    const struct dram_rank *r = &d->rank[b->rank];
    uint64_t group = d->group[b->rank * d->t.groups + b->group].next[op];
    uint64_t when = b->next[op] > r->next[op] ? b->next[op] : r->next[op];
    when = when > group ? when : group;
    if (op == DRAM_ACT && when < r->window[r->oldest])
        when = r->window[r->oldest];
    return when;
}

/* Gives a command; `row` of an ACT. */
void dram_issue(struct dram_devices *d, struct dram_bank *b, enum dram_op op, uint64_t cycle,
                uint64_t row);
/* Refreshes a rank, all of whose banks are closed. */
static inline uint64_t dram_refresh_earliest(const struct dram_devices *d, uint32_t rank)
{
    return d->rank[rank].next[DRAM_REF];
}
void dram_refresh(struct dram_devices *d, uint32_t rank, uint64_t cycle);

#endif
