/* A latched scalar pipeline: one instruction a stage, no queue between fetch and issue, so that a
 * stall holds the stages behind it in the very cycle in which it arises; first-level caches that
 * are stages of the pipeline and stall it; one memory port for both. Beside `inorder` because such
 * a machine's timing is that of its latches: what a stage holds, when it lets go, what a stall
 * signal reaches; a queue with ready times cannot say it.
 *
 *   fetch -> icache -> decode1 -> decode2 -> execute1 -> execute2 -> write-back
 *                                               `-> load/store unit and dcache -'
 *                                               `-> floating-point unit --------'
 *
 * decode2 issues in order, at most one a cycle, when the operands are in the register file or on a
 * bypass; execute1 takes it when no unit is busy. An instruction executes (the op source is asked)
 * when execute1 takes it: everything younger has only been fetched, right or wrong, so wrong paths
 * touch the instruction cache and nothing else. Completion is in order, at most one a cycle.
 *
 * A cycle evaluates the stages from write-back to fetch on the latches as the cycle found them;
 * what one stage tells another within the cycle stands in struct wires. All times are core cycles.
 *
 * Not modelled: instruction address translation, cache-inhibited accesses, interrupts between
 * instructions other than by a restart of fetch, big-endian fetch. */
#ifndef MODELS_PIPELINE_SCALAR_SCALAR_H
#define MODELS_PIPELINE_SCALAR_SCALAR_H

#include "models/pipeline/bpred/branch_unit.h"
#include "models/pipeline/hists.h"
#include "models/pipeline/profile.h"
#include "models/pipeline/pipeline.h"
#include "models/pipeline/scalar/dcache.h"
#include "models/pipeline/scalar/lsu.h"
#include "models/pipeline/scalar/mmu.h"
#include "models/pipeline/scalar/stages.h"

#define NEVER UINT64_MAX

#define SCALAR_KEYS(X, o)                                                                          \
    X(o, U32, btc_entries, "1024", "2", "1048576",                                                 \
      "branch target cache entries, a power of two; last outcome and target of direct branches")   \
    X(o, U32, reset_cycles, "0", "0", "1000", "cycles from reset to the first fetch")              \
    X(o, U32, bit_sort_cycles, "0", "0", "1000",                                                   \
      "occupancy of pdepd, pextd and cfuged; 0: that of their class")                              \
    X(o, CHOICE, operand_timing, "none", "none|microwatt", "",                                     \
      "none: floating point and divides take the cycles of their class; microwatt: the state "     \
      "sequence of that core's floating-point unit, found from the operands")
enum { OPERAND_TIMING_NONE, OPERAND_TIMING_MICROWATT };

struct scalar_keys {
    SCALAR_KEYS(KEY_MEMBER, scalar_keys)
};

#define SCALAR_STATS(X, o)                                                                         \
    X(o, completions, COUNT, "completions; a cracked instruction has two")
struct scalar_stats {
    SCALAR_STATS(STAT_MEMBER, scalar_stats)
};

struct scalar {
    struct core core; /* first: a struct core * is a struct scalar * */
    /* parameters */
    struct core_env env;
    struct scalar_keys keys;
    struct units units;
    struct scalar_insns *insns;
    /* state */
    struct event tick;
    uint64_t cycle, charged, first_cycle;
    bool changed;          /* something other than a countdown moved in this cycle */
    struct wires wires;
    struct fetch_stage fetch;
    struct scalar_icache icache;
    struct decode1_stage decode1;
    struct decode2_stage decode2;
    const struct scalar_insn *tags[TAGS]; /* NULL: free */
    uint8_t next_tag, last_tag, cr_tag, ov_tag;
    uint64_t pending;        /* registers with a writer in flight, a bit each ... */
    uint64_t owns[TAGS + 1]; /* ... by the youngest one; NO_TAG has none */
    struct execute1_stage e1;
    struct execute2_stage e2;
    struct fpu_stage fpu;
    struct scalar_lsu lsu;
    struct scalar_mmu mmu;
    struct scalar_dcache dcache;
    struct scalar_bus bus;
    struct flight flights[FLIGHTS];
    uint32_t flight;       /* the next one */
    bool have_op;          /* flights[flight] is executed and waits for fetch to get there */
    const struct insn *marker; /* completed in this cycle; NULL: none */
    bool is_watched;       /* somebody wants to hear of each completion */
    bool stopped;
    enum core_end why, end;
    uint64_t executed;     /* instructions, for max_instructions */
    struct core_reports reports;
    /* enum cpi_part: what decode2's operands wait for; why the front end is empty; where the last
     * cycle went in which nothing was executed */
    uint8_t blame, refill, lost;
    /* statistics */
    struct bpred_stats branches;
    struct scalar_stats stats;
    struct cpi cpi;
    struct core_hists hists;
};

/* cycle.c: the loop over cycles, as an event. */
void scalar_tick(struct event *ev, uint64_t now);

#endif
