/* Instructions and what they become: parts of the out-of-order core's state, which ooo.h puts
 * together. */
#ifndef MODELS_PIPELINE_OOO_PARTS_H
#define MODELS_PIPELINE_OOO_PARTS_H

#include "models/cache/port.h"
#include "models/pipeline/ooo/queues.h"
#include "models/pipeline/ooo/uop.h"
#include "models/pipeline/pipeline.h"
#include "sim/base/err.h"

#define OOO_REQUESTS 256u

/* In two of the host's cache lines; a run's instructions go through all of the ring. */
struct inst {
    struct op op;
    uint64_t fetch_cycle;
    uint64_t ready_cycle; /* first in which it may be dispatched; NEVER until it is delivered */
    uint64_t dispatch_cycle; /* of its last micro-operation */
    uint64_t uop_first;   /* when dispatched: position in the reorder buffer ... */
    uint8_t uops;         /* ... and how many; of the second of two fused ones none */
    uint8_t mark;         /* of the wrong path behind it; 0: none is executed */
    uint8_t depth;        /* wrong paths it is on */
    uint8_t early;        /* row of early_out that it fits, + 1 */
    bool predicted;       /* it is a branch fetched before: its prediction stands */
    bool mispredicted;    /* and not resolved yet */
    uint8_t front_part;   /* enum cpi_part: what delayed its fetch */
    bool folded;          /* a branch without a micro-operation */
};
_Static_assert(sizeof(struct inst) == 2 * HOST_LINE, "an instruction in flight fills its lines");

/* Of a branch in the queue; see fold.c. */
struct decision {
    uint64_t decided_cycle; /* when fetch went on behind it */
    uint64_t known_cycle;   /* ... and when it was resolved; NEVER until then */
};

/* What an instruction is to dispatch: one micro-operation or several. One of the host's cache
 * lines, as decode keeps many of them. */
struct step {
    struct uop_shape shape;
    uint64_t cost;      /* registers from each pool; see rename.c */
    uint32_t bytes;     /* of a load or store ... */
    uint8_t offset;     /* ... and where in the instruction's access they begin */
    uint8_t port;       /* the only one it may go to, + 1; 0: dispatch chooses */
    uint8_t slots;      /* of dispatch_width that it takes */
    uint8_t in_count, in[INSN_MAX_IN];
    uint8_t early;      /* of what it was made, beside the configuration: as in struct inst, ... */
    uint8_t op_flags;   /* ... enum op_flag without OP_TAKEN, `bytes` and ... */
    uint32_t word;
};
_Static_assert(sizeof(struct step) == HOST_LINE, "a step fills a line");
#define STEPS_MAX (32 + UNITS_MAX_STEPS + 2)
struct plan {
    uint16_t count;
    uint16_t insts;         /* instructions that it is for: 2 when fused */
    uint16_t flags;         /* enum uop_flag: of the last step this time, beside its own */
    const struct step *steps; /* step[] or what was kept of an earlier time */
    struct step step[STEPS_MAX];
};
/* Steps of instructions that are one micro-operation, for the next time, by the address. */
#define OOO_KEPT 2048u

/* Rules for what is dispatched in one cycle; see group.c. */
struct group_rules {
    bool exist, of_dispatch; /* of_dispatch: these, or others that only some machines have */
    uint8_t finish[UNITS_MAX_KINDS];
    bool alone[CLASS_COUNT], first[CLASS_COUNT];
    bool commits, early[CLASS_COUNT]; /* there are rules for commit, and one of them */
    bool of_commit;          /* these, or others that only some machines have */
    bool record[CLASS_COUNT]; /* crack_record */
    bool serial, oldest[CLASS_COUNT], completes[CLASS_COUNT]; /* of serialisation */
    uint8_t limit_of[UNITS_MAX_KINDS]; /* kinds that share a limit: the first one's number */
    uint32_t limit[UNITS_MAX_KINDS];   /* micro-operations, by that number */
    /* of this cycle */
    uint32_t used, used_of[UNITS_MAX_KINDS];
    bool closed;
};

/* Ports that several kinds of pipes share; see limits.c. */
#define ISSUE_LIMITS 4u
struct issue_limits {
    uint32_t count;
    struct issue_limit {
        uint8_t weight[UNITS_MAX_KINDS];
        uint8_t most, left; /* left: in this cycle */
    } row[ISSUE_LIMITS];
};

/* Latencies by the second operand of a multiply; see early.c. */
#define EARLY_ROWS 8u
struct early_out {
    uint32_t count;
    struct early_row {
        uint8_t class, bits;
        struct unit_step step;
    } row[EARLY_ROWS];
};

/* A request in flight, with its way back to whom it is for. */
struct pending_request {
    struct mem_request request;
    struct tlb_request translation;
    struct ooo *core;
    uint64_t tag;         /* fetch: number of the block; load or store: position of its uop ... */
    uint64_t life;        /* ... and its life */
    struct pending_request *next_free;
};

#endif
