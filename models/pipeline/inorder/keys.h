/* Keys of the in-order pipeline: of [core], and of [core.units] beside those of all pipelines. */
#ifndef MODELS_PIPELINE_INORDER_KEYS_H
#define MODELS_PIPELINE_INORDER_KEYS_H

#include "models/pipeline/cache_op.h"
#include "sim/schema/config.h"

#define INORDER_KEYS(X, o)                                                                         \
    X(o, U32, fetch_width, "1", "1", "16", "instructions fetched per cycle")                       \
    X(o, SIZE, fetch_bytes, "16", "4", "256",                                                      \
      "aligned block that one instruction cache access delivers, a power of two")                  \
    X(o, U32, fetch_queue, "8", "1", "64",                                                         \
      "decoded instructions that can wait for issue, beside those in the decode stages; with "     \
      "early_branches: all that wait")                                                             \
    X(o, U32, decode_cycles, "2", "0", "32",                                                       \
      "cycles from arrival of an instruction to the first in which it may issue")                  \
    X(o, U32, issue_width, "1", "1", "8", "instructions issued per cycle, in order")               \
    X(o, U32, retire_width, "2", "1", "8", "instructions retired per cycle, in order")             \
    X(o, U32, window, "16", "1", "64", "instructions issued and not yet retired")                  \
    X(o, BOOL, bypass, "yes", "", "", "no: results are usable only when they are written back")    \
    X(o, U32, writeback_cycles, "1", "0", "8", "cycles from a result to its write-back")           \
    X(o, U32, redirect_cycles, "1", "0", "32",                                                     \
      "cycles from the end of a mispredicted branch to fetch of the right path")                   \
    X(o, U32, decode_redirect_cycles, "1", "0", "32",                                              \
      "cycles from arrival of a branch to fetch of a target that only the decoder knew")           \
    X(o, U32, early_branches, "0", "0", "8",                                                       \
      "places of the queue, from the next to issue on, in which branches are looked at: one whose "\
      "direction and target are known is decided there, another predicted, never taken while its " \
      "target is unknown (there is no BTB then, and no taken_bubble_cycles); 0: branches are "     \
      "predicted when fetched, decided when executed")                                             \
    X(o, U32, taken_bubble_cycles, "0", "0", "8",                                                  \
      "fetch cycles lost after a predicted taken branch")                                          \
    X(o, U32, exception_cycles, "10", "0", "10000",                                                \
      "cycles from retirement of a system call or faulting instruction to the next fetch")         \
    X(o, U32, agen_cycles, "1", "1", "8", "cycles from issue of a load to its cache access")       \
    X(o, U32, data_accesses, "1", "1", "8", "data cache accesses per cycle")                       \
    X(o, SIZE, access_bytes, "0", "0", "256",                                                      \
      "aligned block that one access of a load or store covers, a power of two, each access "      \
      "keeping its pipe for a cycle; 0: a cache line, and accesses keep no pipe")                  \
    X(o, U32, load_queue, "8", "1", "64", "loads issued and not yet retired")                      \
    X(o, U32, store_buffer, "8", "1", "64", "stores issued and not yet in the data cache")         \
    X(o, U32, forward_cycles, "1", "1", "32",                                                      \
      "cycles from its access to the data of a load that finds them in the store buffer")          \
    CACHE_OP_KEYS(X, o)

struct inorder_keys {
    INORDER_KEYS(KEY_MEMBER, inorder_keys)
};

/* Keys of [core.units]: multipliers that see how large their operands are, as signed numbers. */
#define INORDER_UNIT_KEYS(X, o)                                                                    \
    X(o, STR, multiply_16x16, "", "", "",                                                          \
      "multiplies whose operands both have at most 16 bits: LATENCY [INTERVAL]; empty: as others") \
    X(o, STR, multiply_32x16, "", "", "",                                                          \
      "... of whose operands only one has at most 16 bits")

struct inorder_unit_keys {
    INORDER_UNIT_KEYS(KEY_MEMBER, inorder_unit_keys)
};

#endif
