/* What every pipeline counts, and the names of a core among several. */
#ifndef MODELS_PIPELINE_CORE_STATS_H
#define MODELS_PIPELINE_CORE_STATS_H

#include "sim/exec/op.h"
#include "sim/schema/stats.h"

struct core_env;

#define CORE_STATS(X, o)                                                                           \
    X(o, instructions, INSTRUCTIONS, "instructions retired")                                       \
    X(o, cycles, CYCLES, "core cycles")                                                            \
    X(o, loads, INSTRUCTIONS, "loads retired")                                                     \
    X(o, stores, INSTRUCTIONS, "stores retired")                                                   \
    X(o, exceptions, COUNT, "instructions that raised an exception instead of completing")         \
    X(o, serialising, INSTRUCTIONS, "serialising instructions retired")                            \
    X(o, fetch_blocks, COUNT, "blocks fetched from the instruction cache, wrong path included")    \
    X(o, wrong_path_fetched, INSTRUCTIONS, "instructions fetched on wrong paths")                  \
    X(o, split_accesses, COUNT, "loads and stores that crossed a cache line")                      \
    X(o, forwarded_loads, COUNT, "loads whose data came from the store buffer")                    \
    X(o, forward_stalls, COUNT, "loads that waited for a partly overlapping store")                \
    X(o, touches, COUNT, "touch instructions that asked a cache for their line")                   \
    X(o, touches_dropped, COUNT, "of these, refused by a cache without a free MSHR and forgotten")
struct core_stats {
    CORE_STATS(STAT_MEMBER, core_stats)
};
extern const struct stat_row core_stat_rows[];

/* An instruction with these flags (enum op_flag) retires; it is counted among `instructions` with
 * the others of its cycle. */
static inline void core_stats_count(struct core_stats *n, uint32_t flags)
{
    if (flags & OP_FAULT) {
        n->exceptions++;
        n->instructions--;
        return;
    }
    if (flags & OP_LOAD)
        n->loads++;
    if (flags & OP_STORE)
        n->stores++;
    if (flags & OP_SERIAL)
        n->serialising++;
}

/* Names under which a core's statistics are registered. */
struct core_names {
    char core[16], bpred[16], cpi[16];
};
struct core_names core_names(const struct core_env *env);

#endif
