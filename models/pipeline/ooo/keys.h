/* What a configuration says of the out-of-order core, and what the core counts. */
#ifndef MODELS_PIPELINE_OOO_KEYS_H
#define MODELS_PIPELINE_OOO_KEYS_H

#include "models/pipeline/cache_op.h"
#include "sim/schema/hist.h"

#define OOO_KEYS(X, o)                                                                             \
    X(o, U32, fetch_width, "4", "1", "16", "instructions fetched per cycle")                       \
    X(o, SIZE, fetch_bytes, "32", "4", "256",                                                      \
      "aligned block that one instruction cache access delivers, a power of two")                  \
    X(o, SIZE, fetch_beat, "0", "0", "256",                                                        \
      "aligned bytes that are fetched when they arrive of a block that the first level did not "   \
      "have, a power of two; 0: all of the block")                                                 \
    X(o, U32, fetch_blocks, "1", "1", "4", "blocks fetched from and delivered per cycle")          \
    X(o, U32, fetch_taken, "1", "1", "4",                                                          \
      "predicted taken branches per cycle; the last of them ends the cycle's fetch")               \
    X(o, U32, fetch_ahead, "1", "1", "16",                                                         \
      "blocks missed by the instruction cache at which fetch along the predicted path halts")      \
    X(o, U32, fetch_queue, "16", "1", "256",                                                       \
      "fetched instructions that can wait for dispatch, beside those in the decode stages")        \
    X(o, BOOL, fetch_vacancies, "no", "", "",                                                      \
      "fetch takes no more than the places of the queue that were free before the cycle's "        \
      "dispatch; the queue has no other places than fetch_queue")                                  \
    X(o, BOOL, fold_branches, "no", "", "",                                                        \
      "branches are executed in the queue when they arrive; only those that write LR or CTR "      \
      "become micro-operations, and taken ones leave the queue by themselves")                     \
    X(o, U32, target_instructions, "0", "0", "8",                                                  \
      "with fold_branches: instructions that the branch target buffer holds with each target, "    \
      "up to the end of their line; 0: addresses alone")                                           \
    X(o, U32, unresolved_branches, "0", "0", "8",                                                  \
      "with fold_branches: predicted branches not yet resolved; the next waits; 0: 8")             \
    X(o, U32, unresolved_dispatch, "0", "0", "8",                                                  \
      "with fold_branches: unresolved branches that dispatch may pass; 0: all")                    \
    X(o, U32, decode_cycles, "3", "0", "32",                                                       \
      "cycles from arrival of an instruction to the first in which it may be dispatched")          \
    X(o, U32, dispatch_width, "4", "1", "16", "micro-operations renamed and dispatched per cycle") \
    X(o, U32, dispatch_cycles, "1", "1", "16",                                                     \
      "cycles from dispatch to the first in which a micro-operation may issue")                    \
    X(o, BOOL, crack_update, "yes", "", "",                                                        \
      "the new base address of an update form is a micro-operation of its own")                    \
    X(o, BOOL, crack_record, "no", "", "",                                                         \
      "the CR field that Rc = 1 sets is a micro-operation of its own (a compare)")                 \
    X(o, U32, multiple_registers, "1", "0", "4",                                                  \
      "registers that one micro-operation of a load or store multiple or string moves; 0: all of " \
      "them, and then loadm and storem have to be in oldest_first and in completes_alone")         \
    X(o, U32, multiple_cycles, "0", "0", "16",                                                     \
      "with multiple_registers = 0: cycles longer that a register makes it")                       \
    X(o, BOOL, fuse_compare, "no", "", "",                                                         \
      "a compare and the conditional branch on it that follows are one micro-operation")           \
    X(o, U32, group_slots, "0", "0", "16",                                                         \
      "micro-operations of a dispatch group, which commits as a whole, one a cycle; 0: no groups") \
    X(o, U32, group_count, "20", "1", "1024", "dispatch groups in flight")                         \
    X(o, BOOL, group_branch, "yes", "", "",                                                        \
      "the last slot of a group is for a branch alone, and a branch ends its group")               \
    X(o, STR, group_alone, "", "", "", "classes with a group or dispatch cycle to themselves")  \
    X(o, STR, group_first, "", "", "", "classes that start a group or a dispatch cycle")           \
    X(o, BOOL, branch_ends_dispatch, "no", "", "",                                                 \
      "what follows a branch is dispatched in a later cycle than it")                              \
    X(o, STR, dispatch_limits, "", "", "",                                                         \
      "KIND[+KIND...]:N ...: micro-operations for pipes of these kinds dispatched per cycle, or "  \
      "in a group")                                                                                \
    X(o, STR, dispatch_renames, "", "", "",                                                        \
      "gpr|fpr|vr:N ...: registers of these files renamed per cycle")                              \
    X(o, STR, oldest_first, "", "", "", "classes that execute only when they are the oldest")      \
    X(o, BOOL, oldest_carry, "no", "", "", "and likewise whatever reads XER.CA")                   \
    X(o, STR, completes_alone, "", "", "",                                                         \
      "classes behind which nothing is dispatched until they have committed")                      \
    X(o, U32, rob, "128", "1", "1024", "reorder buffer entries, one a micro-operation")            \
    X(o, U32, rob_reuse_cycles, "0", "0", "1",                                                     \
      "cycles from commit of an entry to the first in which dispatch finds it free")               \
    X(o, U32, branches, "0", "0", "255", "branches dispatched and not yet issued; 0: no limit")    \
    X(o, U32, rename_gpr, "96", "1", "255", "general registers renamed at a time")                 \
    X(o, U32, rename_fpr, "96", "1", "255",                                                        \
      "floating-point (vector-scalar) registers renamed at a time")                                \
    X(o, U32, rename_vr, "0", "0", "255",                                                          \
      "vector registers renamed at a time; 0: they share the floating-point registers' pool")      \
    X(o, U32, rename_cr, "32", "1", "255", "condition register fields renamed at a time")          \
    X(o, U32, rename_xer, "32", "1", "255", "XER.CA, OV and SO, each alone, renamed at a time")    \
    X(o, U32, rename_lr_ctr, "16", "1", "255", "LR, CTR and TAR, together, renamed at a time")     \
    X(o, U32, rename_fpscr, "255", "1", "255", "FPSCR renames: floating-point results in flight")  \
    X(o, U32, late_fpscr_cycles, "0", "0", "32",                                                   \
      "cycles before its result at which an instruction takes its FPSCR rename; while there is "   \
      "none its pipe stands still; 0: it takes it at dispatch")                                    \
    X(o, U32, fpscr_restart_cycles, "1", "1", "32",                                                \
      "cycles from release of an FPSCR rename to movement of a pipe that stood still")             \
    X(o, STR, bursts, "", "", "",                                                                  \
      "KIND:N ...: a pipe of these that began N in consecutive cycles begins none in the next")    \
    X(o, STR, bypasses, "", "", "",                                                                \
      "kinds in whose pipes a result that takes fewer cycles than others goes from the first "     \
      "stage to the last, and what is between them waits a cycle")                                 \
    X(o, U32, issue_width, "0", "0", "32",                                                         \
      "micro-operations issued per cycle, oldest first; 0: as many as pipes accept")               \
    X(o, CHOICE, select, "age", "age|position", "",                                                \
      "which ready micro-operation a pipe takes: the oldest, or that in the lowest queue entry")   \
    X(o, SIZE, access_bytes, "0", "0", "256",                                                      \
      "aligned bytes that an access of up to 16 bytes takes at a time from the data cache, a "     \
      "power of two; 0: all that lies in one line")                                                \
    X(o, U32, agen_cycles, "1", "1", "8", "cycles from issue of a load or store to its address")   \
    X(o, U32, load_hit_cycles, "2", "1", "32",                                                     \
      "cycles from a load's cache access to its data that the scheduler bets on")                  \
    X(o, U32, replay_cycles, "2", "0", "16",                                                       \
      "cycles during which dependents issue in vain when the bet is lost; 0: they never do")       \
    X(o, U32, data_accesses, "2", "1", "8", "data cache accesses per cycle; loads go first")       \
    X(o, U32, load_queue, "32", "1", "512", "loads dispatched and not committed")                  \
    X(o, U32, store_queue, "24", "1", "256", "stores dispatched and not committed")                \
    X(o, U32, store_buffer, "16", "1", "256", "stores committed and not yet in the data cache")    \
    X(o, U32, forward_cycles, "2", "1", "32",                                                      \
      "cycles from its access to the data of a load that finds them in an older store")            \
    X(o, CHOICE, memory_dependence, "sets", "none|wait|sets", "",                                  \
      "loads behind stores of unknown address: go at once, wait for all, or as store sets say")    \
    X(o, U32, store_sets, "1024", "1", "65536", "entries of the store set table, a power of two")  \
    X(o, COUNT, store_set_clear, "100K", "1", "",                                                  \
      "loads and stores dispatched after which all store sets are forgotten")                      \
    X(o, U32, commit_width, "4", "1", "16", "micro-operations committed per cycle, in order")      \
    X(o, U32, commit_gprs, "0", "0", "16",                                                         \
      "general registers written per cycle by what commits; 0: no limit")                          \
    X(o, BOOL, commit_taken_ends, "no", "", "",                                                    \
      "what follows a taken branch commits in a later cycle than it")                              \
    X(o, STR, commit_early, "", "", "",                                                            \
      "arithmetic classes that may commit in their last cycle in a unit, with "                    \
      "writeback_cycles counted from there")                                                       \
    X(o, U32, writeback_cycles, "1", "0", "8",                                                     \
      "cycles from a result to the first in which it may commit")                                  \
    X(o, BOOL, early_branch_registers, "no", "", "",                                               \
      "LR and CTR come to branches the cycle after the move to them stands first in its queue "    \
      "with its source known, even if it may not execute yet")                                     \
    X(o, STR, finish_cycles, "", "", "",                                                           \
      "KIND:N ...: cycles more than that for results of these pipes")                              \
    X(o, U32, redirect_cycles, "1", "0", "32",                                                     \
      "cycles from the end of a mispredicted branch to fetch of the right path")                   \
    X(o, U32, decode_redirect_cycles, "1", "0", "32",                                              \
      "cycles from arrival of a branch to fetch of a target that only the decoder knew")           \
    X(o, U32, taken_bubble_cycles, "0", "0", "8",                                                  \
      "fetch cycles lost after a predicted taken branch")                                          \
    X(o, U32, flush_cycles, "1", "0", "32",                                                        \
      "cycles from a memory-order violation to fetch of the load that committed it")               \
    X(o, U32, exception_cycles, "10", "0", "10000",                                                \
      "cycles from commit of a system call or faulting instruction to the next fetch")             \
    X(o, BOOL, wrong_path, "yes", "", "",                                                          \
      "no: fetch waits at a mispredicted branch; nothing is executed on wrong paths")              \
    CACHE_OP_KEYS(X, o)
struct ooo_keys {
    OOO_KEYS(KEY_MEMBER, ooo_keys)
};
enum { SELECT_AGE, SELECT_POSITION };
enum { MEMORY_NONE, MEMORY_WAIT, MEMORY_SETS };

/* Of [core.units], beside the pipes and classes. */
#define OOO_QUEUE_KEYS(X, o)                                                                       \
    X(o, STR, queues, "*:32", "", "",                                                              \
      "issue queues: KIND[+KIND...]:ENTRIES[*COUNT][!]; * for all kinds; COUNT queues share the "  \
      "pipes; ! issues in order")                                                                  \
    X(o, STR, inlets, "", "", "",                                                                  \
      "queues between dispatch and those: KIND[+KIND...]:ENTRIES/MOVES/WINDOW[!]; so many move "   \
      "on per cycle out of the oldest WINDOW, as soon as there is room; ! in order")               \
    X(o, STR, early_out, "", "", "",                                                               \
      "CLASS:BITS:LATENCY[:INTERVAL] ...: of multiplies (muli, mulw, muld) whose second operand "  \
      "is a signed number of at most so many bits; the first that fits counts")
struct ooo_queue_keys {
    OOO_QUEUE_KEYS(KEY_MEMBER, ooo_queue_keys)
};

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
