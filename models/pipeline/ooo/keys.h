/* What a configuration says of the out-of-order core. */
#ifndef MODELS_PIPELINE_OOO_KEYS_H
#define MODELS_PIPELINE_OOO_KEYS_H

#include "models/pipeline/cache_op.h"
#include "models/pipeline/ooo/keys_front.h"
#include "sim/schema/schema.h"

#define OOO_KEYS(X, o)                                                                             \
    OOO_FRONT_KEYS(X, o)                                                                           \
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
      "aligned bytes that an access of up to 8 bytes takes at a time from the data cache, a "      \
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
    X(o, STR, issue_limits, "", "", "",                                                            \
      "KIND[*N][+KIND...]:LIMIT ...: what begins in a cycle in pipes of these kinds, each of a "   \
      "kind counted N times, is at most LIMIT; a kind may stand in several")                       \
    X(o, STR, inlets, "", "", "",                                                                  \
      "queues between dispatch and those: KIND[+KIND...]:ENTRIES/MOVES/WINDOW[!]; so many move "   \
      "on per cycle out of the oldest WINDOW, as soon as there is room; ! in order")               \
    X(o, STR, early_out, "", "", "",                                                               \
      "CLASS:BITS:LATENCY[:INTERVAL] ...: of multiplies (muli, mulw, mulhwu, muld) whose second "  \
      "operand is a signed number of at most so many bits; the first that fits counts, for "       \
      "mulhwu those of mulw, too")
struct ooo_queue_keys {
    OOO_QUEUE_KEYS(KEY_MEMBER, ooo_queue_keys)
};

#endif
