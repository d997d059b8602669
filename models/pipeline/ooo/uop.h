/* Micro-operations, and what the loads and stores among them have besides: parts of the
 * out-of-order core's state, which ooo.h puts together. */
#ifndef MODELS_PIPELINE_OOO_UOP_H
#define MODELS_PIPELINE_OOO_UOP_H

#include "models/pipeline/ooo/window.h"
#include "sim/isa/insn.h"

#define NEVER         UINT64_MAX
#define CALENDAR_SPAN 16u /* cycles: few events are farther off */
#define CALENDAR_FAR  0xff
#define STORE_FILTER  1024u
#define NO_LINK       UINT16_MAX

/* A temporary joins the steps of a cracked instruction. */
enum { MAP_TEMP = REG_COUNT, MAP_REGS };

/* Links of a uop to what it waits for. One is known by number << window_bits | uop.index, so that
 * those in use, mostly of the first numbers, stand close together. */
enum {
    LINK_SOURCES = 0,             /* INSN_MAX_IN of them: registers */
    LINK_ORDER = INSN_MAX_IN,     /* of a load: a store that it is known to depend on */
    LINK_BARRIER,                 /* of a load: a sync before it */
    LINK_ACCESS,                  /* of a load that has its address: a store in its way */
    UOP_LINKS = 16
};
struct link {
    uint16_t next; /* another one; NO_LINK: the last */
    uint16_t list; /* the list it stands in */
};

enum uop_flag {
    UOP_LOAD = 1, UOP_STORE = 2,
    UOP_LAST = 4,     /* of its instruction */
    UOP_HEAD = 8,     /* has to become the oldest before it may issue */
    UOP_DRAIN = 16,   /* ... and the stores before it have to be in the cache */
    UOP_RESOLVES = 32, /* a mispredicted branch */
    UOP_VAIN = 64,    /* is or will be in a ready set without being ready */
    UOP_ISSUED = 128, UOP_FUSED = 256, UOP_CRACKED = 512,
    UOP_BASE = 1024,  /* a load or store that also makes its new base address */
    UOP_COUNTED = 2048, /* by the load queue */
    UOP_ORDERS = 4096,  /* sync, lwsync: loads behind it wait for it */
    UOP_READY = 8192,   /* in the ready set of its port */
    UOP_GROUP_END = 16384,
    UOP_BRANCH = 32768,
};

enum uop_trait {
    TRAIT_INLET = 1, /* has not come to its issue queue yet; see inlet.h */
    TRAIT_EARLY = 2, /* a move to LR or CTR that branches have not got the value of yet */
    TRAIT_FLOWS = 4, /* in a pipe that may stand still; see flow.h */
    TRAIT_FPSCR = 8, TRAIT_HOLDS_FPSCR = 16, /* it will take a rename late, or has */
};

enum uop_event { EVENT_NONE, EVENT_READY, EVENT_ACCESS, EVENT_FLOW, EVENT_RESOLVE };

/* What a micro-operation begins with. Decode makes this once for each step of an instruction;
 * dispatch copies it as a whole. */
#define UOP_SHAPE                                                                                  \
    uint16_t flags;       /* enum uop_flag */                                                      \
    uint16_t links;       /* bit n: link n stands in a list */                                     \
    uint16_t latency, interval;                                                                    \
    uint16_t kinds;       /* of pipes that can execute it */                                       \
    uint8_t kind;         /* ... the one it is for; in an inlet the first of `kinds` */            \
    uint8_t group;        /* port */                                                               \
    uint8_t finish;       /* cycles from result to commit, beyond writeback_cycles */              \
    uint8_t part;         /* enum cpi_part, what waiting for its result is charged to */           \
    uint8_t pending;      /* sources not known yet, and having to be the oldest */                 \
    uint8_t data_pending; /* the same of the data of a store */                                    \
    uint8_t event;        /* enum uop_event */                                                     \
    uint8_t event_slot;   /* of the calendar, or CALENDAR_FAR */                                   \
    uint8_t traits;       /* enum uop_trait */                                                     \
    uint8_t class;        /* enum insn_class */                                                    \
    uint8_t data_first;   /* the first source that is a store's data */                            \
    uint8_t out_count, outs[INSN_MAX_OUT];
struct uop_shape {
    UOP_SHAPE
};

struct uop {
    struct memory_uop *memory; /* its place's, as is `index` */
    uint64_t position;
    uint64_t inst;        /* position of its instruction, of the first of two that are fused */
    uint64_t ready_cycle; /* known so far: it cannot issue before */
    uint64_t done_cycle;  /* when dependents may issue; NEVER while unknown */
    uint64_t event_cycle;
    uint64_t issue_cycle;
    uint64_t renames;     /* registers it took from each pool; see rename.c */
    uint64_t vain_until;  /* with UOP_VAIN */
    uint64_t life;        /* tells it from an earlier one at the same place; 0: squashed */
    uint64_t undo;        /* of its first result: what map[] held before */
    union {
        struct uop_shape shape;
        struct {
            UOP_SHAPE
        };
    };
    uint16_t entry;       /* in its issue queue */
    uint16_t index;       /* in the reorder buffer */
};

/* What a load or a store has besides. */
struct memory_uop {
    uint64_t pa, first_pa, second_page_pa, ea; /* pa: next byte to ask for */
    uint64_t data_cycle;  /* load: when the last part so far arrives */
    uint64_t base_cycle;  /* when its new base address is known; NEVER until it issues. Of a move
                             with TRAIT_EARLY: when branches know LR or CTR */
    uint64_t lost;        /* slots lost to it and not charged yet */
    uint64_t store;       /* number of its store; of a load: of the first younger store */
    uint32_t bytes, left;
    uint16_t outstanding; /* parts asked for and not answered */
    uint8_t level, part;  /* part: enum cpi_part, what waiting for it is charged to */
    uint8_t tlb_pages, tlb_done; /* pages it touches, and how many of them are translated */
    bool tlb_waiting, is_late, is_addressed;
    bool waits_for_data;  /* of the store that it waits for */
};

/* A store from dispatch until the data cache has taken it. */
struct store {
    uint64_t uop, pc;     /* position */
    uint64_t pa, first_pa, second_page_pa; /* pa: next byte to write */
    uint64_t data_cycle;  /* NEVER until its data are known */
    uint64_t data_so_far; /* latest of those that are known */
    uint64_t violator;    /* position of the oldest load that went before it in vain; NEVER */
    uint64_t violator_life;
    uint32_t bytes, left;
    uint8_t command;      /* enum mem_command; see cache_op.h */
    bool address_known;
};
/* What a load may wait for at a store; each has a list of waiters. */
enum store_list { STORE_ADDRESS, STORE_DATA, STORE_DRAINED, STORE_LISTS };

struct store_sets {
    uint32_t *set_of_pc;  /* set + 1; 0: none */
    uint64_t *last_store; /* of a set: number + 1; 0: none */
    uint32_t mask, next_set;
    uint64_t left;        /* loads and stores until all is forgotten */
};

/* When what will happen. Most events make a uop ready, which takes nothing away and needs no
 * order. */
struct calendar {
    uint64_t occupied;     /* bit n: something is due in slot n */
    struct window_set ready[CALENDAR_SPAN], other[CALENDAR_SPAN];
    struct window_set far; /* due beyond the span */
    uint64_t far_from;     /* none of them before */
};

#endif
