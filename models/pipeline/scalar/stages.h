/* The latches of the scalar pipeline between decode1 and write-back, and the wires between its
 * stages. */
#ifndef MODELS_PIPELINE_SCALAR_STAGES_H
#define MODELS_PIPELINE_SCALAR_STAGES_H

#include "models/pipeline/scalar/bus.h"
#include "models/pipeline/scalar/fetch.h"
#include "models/pipeline/scalar/insn.h"
#include "sim/exec/op.h"

/* An instruction from execution to its last completion. */
struct flight {
    struct op op;
    uint64_t fetch_cycle, decode_cycle, execute_cycle[2]; /* [1]: of its second operation */
};
#define FLIGHTS 8u

/* Operations in flight between decode2 and write-back have tags; whoever reads a register looks for
 * its last writer. */
#define TAGS 4u
#define NO_TAG TAGS

struct decode1_stage {
    struct fetched *insn;
    bool valid;
    bool first, second; /* operation of a cracked instruction */
    bool predicted_taken;
    bool prefixed;      /* the word before was a prefix */
    bool redirect;      /* of fetch, to redirect_pc, in this cycle */
    struct fetched *prefix;
    uint64_t redirect_pc;
};

struct decode2_stage {
    struct fetched *insn;
    bool valid;         /* issued: execute1 may take it */
    bool busy;          /* holds an instruction that waits for operands */
    bool second, predicted_taken;
    bool serial, was_serial; /* this one, the one before it */
    uint8_t tag;
};

/* What execute1 hands on. */
struct executed {
    const struct scalar_insn *insn;
    struct flight *flight;
    uint64_t next_pc;
    uint8_t tag, op_flags; /* enum op_flag */
    bool redirect;
    bool restart; /* of fetch alone: nothing completes */
};

struct execute1_stage {
    struct executed x;
    uint64_t busy_until; /* occupied by a multi-cycle operation; its last cycle */
    bool busy, valid;
};

struct execute2_stage {
    struct executed x;
    bool valid;
};

/* The floating-point unit: one operation at a time. */
struct fpu_stage {
    uint64_t last_cycle; /* of the state sequence */
    const struct flight *flight;
    uint8_t tag;
    bool on;             /* has something to do in the next cycle */
    bool active, busy, holds, done, complete;
    /* of the operation that is done: the next one may have begun before it completes */
    uint8_t done_tag;
    const struct flight *done_flight;
};

/* What stages tell each other within one cycle. */
struct wires {
    struct bus_answer bus[BUS_MASTERS];
    bool flush, system;           /* flush: execute2 restarts fetch at flush_pc */
    uint64_t flush_pc;
    bool redirect;                /* decode1 sends fetch to redirect_pc */
    uint64_t redirect_pc;
    bool unit_stall;              /* holds execute2 */
    bool memory_stall;            /* the part of it that the load/store unit makes */
    bool busy;                    /* execute1 takes nothing */
    bool deferred, decode1_stall, decode1_busy;
    bool fetch_flush, fetch_stall;
    bool fetch_hit;
    uint32_t fetch_way;
    uint8_t complete_tag, bypass1, bypass2, cr_bypass1, cr_bypass2;
    bool issued;
    struct btc_entry branch;      /* completes: goes into the branch target cache */
    bool inval;                   /* of the instruction cache and the branch target cache */
    bool start_fpu;
    uint32_t fpu_cycles;
};

#endif
