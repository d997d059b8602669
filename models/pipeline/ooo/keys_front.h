/* Of the keys of the out-of-order core those of its front end: fetch, decode, dispatch. Part of
 * keys.h. */
#ifndef MODELS_PIPELINE_OOO_KEYS_FRONT_H
#define MODELS_PIPELINE_OOO_KEYS_FRONT_H

#define OOO_FRONT_KEYS(X, o)                                                                       \
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
    X(o, U32, dispatch_width, "4", "1", "16",                                                      \
      "micro-operations renamed and dispatched per cycle; more exactly slots, see core.units.int") \
    X(o, U32, dispatch_cycles, "1", "1", "16",                                                     \
      "cycles from dispatch to the first in which a micro-operation may issue")                    \
    X(o, BOOL, crack_update, "yes", "", "",                                                        \
      "the new base address of an update form is a micro-operation of its own")                    \
    X(o, STR, crack_record, "no", "", "",                                                          \
      "the CR field that Rc = 1 sets is a micro-operation of its own (a compare): no, yes, or "    \
      "the classes of which that is true")                                                         \
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
      "classes behind which nothing is dispatched until they have committed")

#endif
