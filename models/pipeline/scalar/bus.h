/* One memory port shared by the first-level caches: fixed priority, held by a master for as long as
 * it has a cycle open (a whole line, a run of stores), one request accepted a cycle, answers in the
 * order of the requests and at most one a cycle. */
#ifndef MODELS_PIPELINE_SCALAR_BUS_H
#define MODELS_PIPELINE_SCALAR_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/schema/schema.h"

#define SCALAR_BUS_KEYS(X, o)                                                                      \
    X(o, U32, read_cycles, "2", "1", "1000", "cycles from a read request to its answer")           \
    X(o, U32, write_cycles, "1", "1", "1000", "cycles from a write request to its answer")         \
    X(o, U32, extra_cycles, "0", "0", "1000",                                                      \
      "added to every answer; requests still go out one a cycle")
struct scalar_bus_keys {
    SCALAR_BUS_KEYS(KEY_MEMBER, scalar_bus_keys)
};
extern const struct key_row scalar_bus_key_rows[];

#define SCALAR_BUS_STATS(X, o)                                                                     \
    X(o, reads, COUNT, "doublewords read from memory")                                             \
    X(o, writes, COUNT, "writes to memory")                                                        \
    X(o, busy, CYCLES, "cycles in which a cache held the bus")
struct scalar_bus_stats {
    SCALAR_BUS_STATS(STAT_MEMBER, scalar_bus_stats)
};
extern const struct stat_row scalar_bus_stat_rows[];

enum scalar_master { BUS_DATA, BUS_FETCH, BUS_MASTERS }; /* in order of priority */

/* What a master drives; registers of the master. */
struct bus_request {
    bool cycle, strobe, write;
    uint64_t pa;
};

/* What it sees in the same cycle. */
struct bus_answer {
    bool ack, stall;
};

#define BUS_PENDING 16u /* more than masters ever have open: 8 of a line, 7 stores */

struct scalar_bus {
    struct scalar_bus_keys keys;
    uint32_t selected;
    bool quiet;                  /* no master wanted it in the last cycle: they have been told */
    uint64_t last_ack;           /* cycle of the latest answer promised */
    uint64_t ack[BUS_PENDING];   /* a ring of cycles */
    uint32_t first, last;
    struct scalar_bus_stats stats;
};

/* One cycle: `answer` for each master; returns the request that memory accepts in it, or NULL. */
const struct bus_request *scalar_bus_cycle(struct scalar_bus *b, uint64_t cycle,
                                           const struct bus_request *const request[BUS_MASTERS],
                                           struct bus_answer answer[BUS_MASTERS]);

/* Cycle of the next answer, UINT64_MAX when none is due. */
static inline uint64_t scalar_bus_next(const struct scalar_bus *b)
{
    return b->first == b->last ? UINT64_MAX : b->ack[b->first % BUS_PENDING];
}

#endif
