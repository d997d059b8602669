#include "models/pipeline/scalar/mmu.h"

#include "models/pipeline/scalar/scalar.h"

#define INVALIDATE_CYCLES 64u /* one set of the second-level TLB a cycle */

void scalar_mmu_cycle(struct scalar *p, bool miss, bool operation, struct dcache_request *walk)
{
    struct scalar_mmu *m = &p->mmu;
    enum mmu_state was = m->state;
    walk->valid = false;
    m->done = false;
    switch (m->state) {
    case MMU_IDLE:
        if (miss || operation) {
            bool tlbie = operation && p->lsu.s2.r.insn->class != CLASS_MTSPR;
            m->until = p->cycle + 1 + (tlbie ? INVALIDATE_CYCLES : 0);
            m->state = MMU_INVALIDATE;
        }
        break;
    case MMU_INVALIDATE:
        if (p->cycle >= m->until) {
            m->state = MMU_FINISH;
            m->done = true;
        }
        break;
    case MMU_FINISH:
        m->state = MMU_IDLE;
        break;
    }
    if (m->state != was)
        p->changed = true;
}
