/* What fetch and the branches folded behind it keep: a part of the out-of-order core's state. */
#ifndef MODELS_PIPELINE_OOO_FETCH_STAGE_H
#define MODELS_PIPELINE_OOO_FETCH_STAGE_H

#include "models/cache/port.h"
#include "models/pipeline/pipeline.h"
#include "sim/base/err.h"

#define OOO_GROUPS   64u /* fetch groups on their way; a power of two */

/* Instructions of one block, fetched in one cycle. */
struct fetch_group {
    uint64_t first, last; /* positions; last is one past */
    uint64_t block;       /* number */
    uint64_t arrival;     /* cycle; NEVER while unknown */
};

/* Branches that are executed in the queue; see fold.c. */
#define FOLD_MAX     8u /* predicted branches in flight */
#define FOLD_SOURCES 4u /* of one branch: CR field, LR, CTR */
struct unresolved {
    uint64_t position;
    uint64_t source[FOLD_SOURCES]; /* map entries, from when dispatch has passed it */
    bool is_passed;
};
struct fold_stage {
    uint64_t deciding;    /* position of the branch that fetch waits for; NEVER: none */
    uint64_t free_cycle;  /* in which the next branch can be executed */
    uint32_t rest;        /* instructions that the branch's access can still deliver */
    uint32_t supply;      /* instructions at hand for the next fetch: a target's */
    uint32_t removed;     /* folded and not yet passed by dispatch */
    uint32_t count;
    struct unresolved unresolved[FOLD_MAX]; /* from the oldest on */
    bool at_target;       /* the block at hand came without the instruction cache */
};

struct fetch_stage {
    uint64_t position;    /* of the next instruction */
    uint64_t resume_cycle;   /* no fetch before; NEVER until something says otherwise */
    uint64_t resume_position; /* ... namely the commit of this one; NEVER: something else */
    uint64_t block_pa;    /* block at hand or on its way; NEVER: none */
    uint64_t block_bytes; /* its size: fetch_bytes or fetch_beat */
    uint64_t block_arrival; /* cycle; NEVER while unknown */
    uint64_t block;       /* its number */
    uint64_t oldest_block; /* answers to older ones are stale */
    uint64_t page;        /* effective address of one asked for or translated; NEVER: none */
    uint64_t page_cycle;  /* from which it is known; NEVER: not yet */
    uint64_t translation; /* counts those given up: answers to them are stale */
    uint64_t lost;        /* slots lost to the block on its way and not charged yet */
    uint64_t fetched;     /* instructions on the right path, for max_instructions */
    struct fetch_group groups[OOO_GROUPS];
    uint64_t group_first, group_last;
    uint32_t missing;     /* blocks whose arrival is unknown */
    uint32_t depth;       /* wrong paths that the executor is on */
    bool refused;         /* by the instruction cache or TLB, which will wake us */
    bool translating;
    bool resume_on_arrival; /* of the block at hand, by a redirect of the decoder */
    bool stuck;           /* at a mispredicted branch, or on a wrong path that cannot go on */
    bool stopped;         /* nothing more to fetch, ever */
    enum core_end why;
    uint8_t part;         /* enum cpi_part: what an empty queue is charged to */
    struct port_waiter waiter, tlb_waiter;
};

#endif
