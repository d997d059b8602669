/* A TLB that is not asked while the processor is in real mode: what stands between a core and its
 * TLB when system.kind = bare. The mode is the executor's, which is ahead of the core by what is in
 * flight: the few accesses around a change of mode may be taken for the other one. */
#ifndef SIM_REAL_TLB_H
#define SIM_REAL_TLB_H

#include "models/cache/port.h"

struct real_tlb {
    struct tlb_port inner;
    const bool *is_relocated; /* kept by reference */
};

/* The port of *t, which it fills and which must outlive it; `inner` as it is when there is none. */
struct tlb_port real_tlb_port(struct real_tlb *t, struct tlb_port inner, const bool *is_relocated);

#endif
