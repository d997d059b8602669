/* All of branch prediction that a pipeline sees: direction, loop and indirect predictor, BTB and
 * return stack together.
 *
 * A prediction has two parts. The fetch stage knows only the address: a BTB hit that is predicted
 * taken redirects fetch at once. The decoder sees the instruction: it knows direct targets and
 * returns, and may correct the fetch stage some cycles later. What neither knows (direction, a
 * register target) is settled when the branch executes. */
#ifndef MODELS_PIPELINE_BPRED_BRANCH_UNIT_H
#define MODELS_PIPELINE_BPRED_BRANCH_UNIT_H

#include "models/pipeline/bpred/bpred.h"
#include "models/pipeline/bpred/loop.h"
#include "models/pipeline/bpred/ras.h"
#include "models/pipeline/indirect/indirect.h"
#include "sim/isa/insn.h"
#include "sim/schema/config.h"

#define BPRED_KEYS(X, o)                                                                           \
    X(o, STR, direction, "bimodal", "", "", bpred_help)                                            \
    X(o, U32, loop_entries, "0", "0", "16384",                                                     \
      "loop predictor beside the direction predictor: entries, 4 times a power of two; 0: none")   \
    X(o, CHOICE, indirect, "btb", indirect_choices, "",                                            \
      "targets of bcctr, bctar and what of bclr is no return: the last one (btb), by a table "     \
      "indexed with history (count cache), or ITTAGE")                                             \
    X(o, U32, btb_entries, "512", "0", "1048576", "branch target buffer entries; 0: none")         \
    X(o, U32, btb_ways, "4", "1", "64", "ways of the branch target buffer")                        \
    X(o, BOOL, btb_registers, "yes", "", "",                                                       \
      "branches through a register enter it, too; no: it is a target cache of direct branches")    \
    X(o, U32, ras_entries, "16", "0", "256", "return stack entries; 0: none")                      \
    X(o, CHOICE, ras_repair, "top", "none|top|full", "",                                           \
      "how a wrong path's damage to the return stack is undone: not, its top alone, or all of it") \
    X(o, BOOL, use_hints, "yes", "", "",                                                           \
      "obey the static hints in BO where the predictor is static")                           \
    X(o, BOOL, hints_override, "no", "", "",                                                       \
      "... and where it is not: a hint decides alone (POWER4 and later)")                          \
    X(o, BOOL, hint_y, "no", "", "",                                                               \
      "without use_hints: the last bit of BO reverses the static rule (before PowerPC 2.00)")

#define BPRED_STATS(X, o)                                                                          \
    X(o, branches, COUNT, "branches retired")                                                      \
    X(o, taken, COUNT, "taken branches retired")                                                   \
    X(o, conditional, COUNT, "conditional branches retired")                                       \
    X(o, mispredicts, COUNT, "branches whose fetch path was wrong until they executed")            \
    X(o, direction_mispredicts, COUNT, "mispredicts by a wrong direction")                         \
    X(o, target_mispredicts, COUNT, "mispredicts by a wrong or unknown target")                    \
    X(o, decode_redirects, COUNT, "branches whose target only the decoder knew (BTB misses)")      \
    X(o, returns, COUNT, "returns retired")                                                        \
    X(o, return_mispredicts, COUNT, "returns mispredicted")                                        \
    X(o, indirect, COUNT, "taken branches through a register retired that are no returns")         \
    X(o, indirect_mispredicts, COUNT, "... of them with a wrong or unknown target")                \
    X(o, loop_overrides, COUNT, "directions that the loop predictor changed")                      \
    X(o, loop_mispredicts, COUNT, "... of them wrong")

struct bpred_keys {
    BPRED_KEYS(KEY_MEMBER, bpred_keys)
};
struct bpred_stats {
    BPRED_STATS(STAT_MEMBER, bpred_stats)
};
extern const struct key_row bpred_key_rows[];
extern const struct stat_row bpred_stat_rows[];

/* What the instruction word alone says. BO: ISA Book I, 2.4, figure 40. */
enum branch_shape {
    BRANCH_CONDITIONAL = 1 << 0, /* the direction predictor is asked */
    BRANCH_DIRECT      = 1 << 1,
    BRANCH_CALL        = 1 << 2,
    BRANCH_RETURN      = 1 << 3,
    BRANCH_INDIRECT    = 1 << 4, /* neither direct nor a return */
};

/* One branch in flight; kept by the pipeline until the branch retires or is squashed. What simple
 * predictors use comes first: it may fit into one host line. */
struct prediction {
    uint64_t fetch_next;  /* where fetch goes on at once */
    uint64_t decode_next; /* where it goes on after decode */
    uint8_t shape;        /* enum branch_shape */
    bool table_taken;     /* what the direction predictor said before the loop predictor */
    bool taken;           /* predicted direction; true for unconditional branches */
    bool btb_hit;
    uint32_t loop_counted; /* place in the loop predictor's log */
    struct ras_checkpoint ras;
    struct bpred_state state;
    struct indirect_state indirect;
    struct loop_lookup loop;
};

struct branch_unit;

/* The n-th direction predictor in the order of bpred.def; NULL past the end. */
const struct bpred_ops *branch_unit_direction(uint32_t n);

/* Bits that the hardware would hold: entries of the BTB have full tags and true LRU. */
struct branch_storage {
    uint64_t direction, loop, indirect, btb, ras;
};
struct branch_storage branch_unit_storage(const struct branch_unit *u);

struct branch_unit *branch_unit_create(struct config *c, const char *section, struct err *e);
void branch_unit_destroy(struct branch_unit *u);
struct bpred_stats *branch_unit_stats(struct branch_unit *u);

/* For a row with F_BRANCH, when it is fetched, on the right or a wrong path. */
void branch_unit_predict(struct branch_unit *u, const struct insn *i, struct prediction *p);
/* The branch proved to go elsewhere than decode_next: undoes what it and all younger ones did to
 * histories and stack and applies its real outcome. Before or after branch_unit_retire. */
void branch_unit_repair(struct branch_unit *u, const struct insn *i, const struct prediction *p,
                        bool taken, uint64_t next_pc);
/* Direction and target were known, and not guessed, when the branch was predicted: the prediction
 * is what they say. */
void branch_unit_correct(struct branch_unit *u, const struct insn *i, struct prediction *p,
                         bool taken, uint64_t next_pc);
/* A branch through a register gets its target from a stack or table. */
bool branch_unit_finds_target(const struct branch_unit *u, const struct insn *i);
/* The branch retires: trains the tables and counts. */
void branch_unit_retire(struct branch_unit *u, const struct insn *i, const struct prediction *p,
                        bool taken, uint64_t next_pc);
/* Functional warming: the whole life of a branch that is alone in the pipeline, but that nothing is
 * counted. */
void branch_unit_warm(struct branch_unit *u, const struct insn *i, bool taken, uint64_t next_pc);

#endif
