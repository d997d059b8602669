/* Private to the in-order pipeline: what it keeps of an instruction in flight, of a store, of a
 * request, and of its fetch stage. All times are core cycles. */
#ifndef MODELS_PIPELINE_INORDER_SLOT_H
#define MODELS_PIPELINE_INORDER_SLOT_H

#include <stdalign.h>

#include "models/pipeline/pipeline.h"
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
    struct insn_needs needs; /* of op.deps: issue need not look there */
    uint64_t pending;      /* issue slots lost to it and not charged yet */
    uint8_t wait_part;     /* enum cpi_part: what waiting for its result is charged to */
    uint8_t front_part;    /* enum cpi_part: what delayed its fetch */
    uint8_t early;         /* enum early_state */
    bool mispredicted;
    uint8_t small;         /* enum multiply_size; 0 where it does not matter */
    uint8_t level;         /* load: farthest level that served it; 0: an older store had it all */
    uint16_t outstanding;  /* load: parts asked for and not answered */
    uint64_t fetch_cycle;  /* kept for those who watch: inorder.is_watched */
    uint64_t issue_cycle;  /* the same */
    uint64_t access_cycle; /* load: first in which it may ask the cache */
    uint64_t data_cycle;   /* load: when the last part so far arrives */
    uint64_t access_pa;    /* load: next byte to ask for */
    uint32_t access_left;  /* load: bytes still to ask for */
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
    uint8_t first_pipe, end_pipe;     /* one behind the last */
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

/* What comes at some tick. The distances of each kind repeat: the last one's division is
 * remembered. */
enum arrival { ARRIVAL_BLOCK, ARRIVAL_DATA, ARRIVAL_OTHER, ARRIVALS };

struct distance {
    uint64_t ticks, cycles;
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

#endif
