/* Real mode and radix translation of one processor on a board (Power ISA 3.0B, Book III, 5.7):
 * process-scoped tables found through the partition and process tables. Partition-scoped
 * translation (LPIDR other than 0: a guest below a hypervisor) is refused as an unsupported
 * configuration. Keeps nothing of what it has read: soft TLBs and predecoded pages do, so whoever
 * changes a register of the context or obeys a tlbie flushes those. */
#ifndef SIM_MEM_RADIX_H
#define SIM_MEM_RADIX_H

#include "sim/mem/mmu.h"

/* The registers that decide about a translation; the processor's own copy. */
struct radix_context {
    uint64_t ptcr, pid, lpid, amr, iamr;
    bool is_relocated[2];  /* MSR[DR], MSR[IR]: by radix_side */
    bool is_problem;       /* MSR[PR] */
    bool is_hypervisor;    /* MSR[HV] */
};
enum radix_side { RADIX_DATA, RADIX_FETCH };

struct radix_mmu;

/* `ram_bytes` of memory from address 0 on; nothing else answers. `context` is kept by reference.
 * With updates_rc the reference and change bits of an entry are set by the walk, else a clear one
 * is a fault (MMU_RC_CLEAR). */
/* Where a walk for the data at ea would read, from the top; false when it finds no page. */
#define RADIX_LEVELS 8
struct radix_path {
    uint64_t partition_pa, process_pa;
    uint32_t levels;
    uint64_t pa[RADIX_LEVELS];
    uint8_t left[RADIX_LEVELS]; /* bits of the address below the entry's: log2 of what it maps */
    uint8_t bits[RADIX_LEVELS]; /* of the index into the next table; 0: a leaf */
};
bool radix_mmu_path(struct radix_mmu *r, uint64_t ea, struct radix_path *path);

struct radix_mmu *radix_mmu_create(struct phys *phys, uint64_t ram_bytes,
                           const struct radix_context *context, bool updates_rc);
void radix_mmu_destroy(struct radix_mmu *r);
struct mmu *radix_mmu_base(struct radix_mmu *r);

#endif
