/* Functional warming: what instructions that are executed without time leave behind in the caches,
 * TLBs, page-walk caches and branch predictors of a core, as the pipeline's own accesses would, in
 * the order of the program.
 *
 * - Fetch opens a block where the pipeline would: at the first instruction in it, and behind each
 *   taken branch.
 * - A load or store asks the TLB once for each page and the cache once for each line; touches,
 *   dcbf, dcbst, icbi and dcbz do what they do in time.
 * - A branch is predicted, repaired when wrong, and trains at once.
 *
 * What only time brings is left out: wrong paths, loads that a store in flight serves, prefetchers,
 * open rows of DRAM, store sets, target instruction caches. */
#ifndef MODELS_PIPELINE_WARMING_H
#define MODELS_PIPELINE_WARMING_H

#include "models/cache/port.h"
#include "sim/exec/op.h"

struct branch_unit;
struct core_env;

struct warming {
    struct mem_port fetch, data; /* without `warm` where there is nothing to warm; so the TLBs */
    struct tlb_port itlb, dtlb;
    struct branch_unit *branches;
    uint32_t fetch_line, data_line; /* bytes */
    struct mem_request request; /* the one at hand: most of it never changes */
    uint64_t block_bytes; /* that one access of fetch delivers, a power of two */
    uint64_t block_pa;    /* of the one at hand; UINT64_MAX: none */
};

/* Of a core; what is given must outlive it. */
struct warming warming_of(const struct core_env *env, struct branch_unit *branches,
                          uint64_t block_bytes);

/* Other instructions have been executed since the last one. */
static inline void warming_restart(struct warming *w) { w->block_pa = UINT64_MAX; }

void warming_fetch(struct warming *w, const struct op *op);
/* For an instruction that is more than a step straight on. */
void warming_special(struct warming *w, struct op *op);

/* An instruction has been executed, or has raised an exception. May change *op to what a pipeline
 * makes of it. */
static inline void warming_op(struct warming *w, struct op *op)
{
    if ((op->fetch_pa & ~(w->block_bytes - 1)) != w->block_pa)
        warming_fetch(w, op);
    if (op->flags)
        warming_special(w, op);
}

#endif
