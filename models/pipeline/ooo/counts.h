/* What the out-of-order core counts. */
#ifndef MODELS_PIPELINE_OOO_COUNTS_H
#define MODELS_PIPELINE_OOO_COUNTS_H

#include "sim/schema/hist.h"

#define OOO_STATS(X, o)                                                                            \
    X(o, uops, COUNT, "micro-operations committed")                                                \
    X(o, uops_dispatched, COUNT, "micro-operations dispatched, wrong paths included")              \
    X(o, uops_issued, COUNT, "micro-operations issued, wrong paths included")                      \
    X(o, fused, COUNT, "branches committed that were fused with a compare")                        \
    X(o, folded, COUNT, "branches committed that were no micro-operation")                         \
    X(o, target_hits, COUNT, "taken branches with their target's instructions at hand")            \
    X(o, cracked, INSTRUCTIONS, "instructions committed as several micro-operations")              \
    X(o, squashed_instructions, INSTRUCTIONS, "instructions fetched and squashed")                 \
    X(o, squashed_uops, COUNT, "micro-operations dispatched and squashed")                         \
    X(o, branch_squashes, COUNT, "squashes by a resolved branch, on right and wrong paths")        \
    X(o, wrong_paths, COUNT, "wrong paths executed")                                               \
    X(o, wrong_paths_refused, COUNT, "mispredicted branches without an executed wrong path")       \
    X(o, wrong_path_loads, COUNT, "accesses to the data cache by loads later squashed")            \
    X(o, violations, COUNT, "loads that had gone before an older store to the same bytes")         \
    X(o, replays, COUNT, "issues in vain, of dependents of loads that were late")                  \
    X(o, fpscr_stall_cycles, CYCLES, "a pipe stood still for want of an FPSCR rename")             \
    X(o, late_loads, COUNT, "loads whose data came later than the scheduler had bet on")           \
    X(o, dependence_waits, COUNT, "loads held back for a store by the dependence predictor")       \
    X(o, rob_occupancy, COUNT, "reorder buffer entries in use, summed over cycles")                \
    X(o, load_queue_occupancy, COUNT, "load queue entries in use, summed over cycles")             \
    X(o, store_queue_occupancy, COUNT, "store queue entries in use, summed over cycles")           \
    X(o, stall_front, CYCLES, "cycles in which dispatch ended for want of instructions")           \
    X(o, stall_group, CYCLES, "cycles in which dispatch ended by a rule or at the last group")     \
    X(o, stall_rob, CYCLES, "cycles in which dispatch ended at a full reorder buffer")             \
    X(o, stall_queue, CYCLES, "cycles in which dispatch ended at a full issue queue")              \
    X(o, stall_serial, CYCLES, "cycles in which dispatch ended behind what completes alone")       \
    X(o, stall_branches, CYCLES, "cycles in which dispatch ended at the last unresolved branch")   \
    X(o, stall_rename, CYCLES, "cycles in which dispatch ended for want of a rename register")     \
    X(o, stall_load_queue, CYCLES, "cycles in which dispatch ended at a full load queue")          \
    X(o, stall_store_queue, CYCLES, "cycles in which dispatch ended at a full store queue")
struct ooo_stats {
    OOO_STATS(STAT_MEMBER, ooo_stats)
};

#define OOO_HISTS(X, o)                                                                            \
    X(o, rob, COUNT, CYCLES, "reorder buffer entries in use")                                      \
    X(o, issue_queues, COUNT, CYCLES, "issue queue entries in use, of all queues together")        \
    X(o, load_queue, COUNT, CYCLES, "load queue entries in use")                                   \
    X(o, store_queue, COUNT, CYCLES, "store queue entries in use")
struct ooo_hists {
    OOO_HISTS(HIST_MEMBER, ooo_hists)
};

#endif
