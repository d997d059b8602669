/* What a pipeline tells of an instruction that leaves it. */
#ifndef MODELS_PIPELINE_RETIREMENT_H
#define MODELS_PIPELINE_RETIREMENT_H

#include <stdbool.h>
#include <stdint.h>

struct op;

/* One retired instruction, for whoever records them; times are core cycles. */
struct retirement {
    const struct op *op;
    uint64_t fetch_cycle; /* delivered by the instruction cache access of this cycle */
    uint64_t ready_cycle; /* decoded: first cycle in which it could issue */
    uint64_t dispatch_cycle; /* of its last part; 0 where the pipeline has no such stage */
    uint64_t issue_cycle, done_cycle, retire_cycle;
    bool partial; /* the first half of an instruction that completes twice */
    bool mispredicted; /* a branch: fetch went on elsewhere until it had executed */
    uint8_t level; /* a load: the farthest level that served it, 1 being the first */
    uint64_t load_cycles; /* a load: from issue to its data */
};

#endif
