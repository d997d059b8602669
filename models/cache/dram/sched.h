/* Schedulers: which of the bursts that wait for a channel has its next command given first. A
 * scheduler is one file that exports one struct dram_sched_ops, and one row in sched.def.
 *
 * The channel knows for each burst the command it needs next and when the devices allow it; at the
 * first cycle in which any may go it asks the scheduler which. It keeps a row open for bursts that
 * hit it, however old the others are, up to the starvation limit. */
#ifndef MODELS_CACHE_DRAM_SCHED_H
#define MODELS_CACHE_DRAM_SCHED_H

#include <stdbool.h>
#include <stdint.h>

/* A burst as schedulers see it. */
struct dram_choice {
    uint64_t order; /* of arrival at the channel: smaller is older */
    uint64_t pa;
    uint64_t waited; /* cycles so far */
    uint32_t rank, group, bank;
    uint8_t core;
    bool hit;     /* its row is open: a read or write may be given now */
    bool starved; /* has waited for longer than the starvation limit */
};

struct dram_sched_ops {
    const char *name; /* as written in the .ini */
    /* Whether a goes before b, both being ready; a strict order. */
    bool (*before)(const struct dram_choice *a, const struct dram_choice *b);
    /* The oldest burst alone gets commands: nothing passes anything. */
    bool in_order;
};

#define SCHED(name) extern const struct dram_sched_ops dram_sched_##name;
#include "models/cache/dram/sched.def"
#undef SCHED

/* The schedulers of sched.def in order; NULL when index is past the last. */
const struct dram_sched_ops *dram_sched_at(uint32_t index);
/* By name; NULL when there is none. */
const struct dram_sched_ops *dram_sched_find(const char *name);

#endif
