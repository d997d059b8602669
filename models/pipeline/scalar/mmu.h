/* Address translation of the scalar pipeline behind its data TLB: a TLB of small pages, a cache of
 * the table walk's upper levels, and the walk itself, which loads through the data cache while the
 * load/store unit waits. */
#ifndef MODELS_PIPELINE_SCALAR_MMU_H
#define MODELS_PIPELINE_SCALAR_MMU_H

#include <stdbool.h>
#include <stdint.h>

enum mmu_state { MMU_IDLE, MMU_INVALIDATE, MMU_FINISH };

struct scalar_mmu {
    enum mmu_state state;
    bool done; /* answers the load/store unit in this cycle */
    uint64_t until;
};

struct scalar;
struct dcache_request;
/* `miss`: the data TLB missed in this cycle; `operation`: tlbie or a move to PID or PTCR starts. */
void scalar_mmu_cycle(struct scalar *p, bool miss, bool operation, struct dcache_request *walk);

#endif
