#include "models/pipeline/scalar/mmu.h"

#include "models/pipeline/scalar/scalar.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

#define PTCR 464u

static void drop(struct mmu_array *a, bool all, uint32_t pid)
{
    for (uint32_t s = 0; s < MMU_SETS; s++)
        for (uint32_t n = 0; n < MMU_WAYS; n++)
            a->entry[s][n].valid &= !all && a->entry[s][n].pid != pid;
}

/* tlbie: a set a cycle, or one page of the TLB alone. */
static void invalidate_arrays(struct scalar_mmu *m, const struct scalar_insn *i,
                              const struct op_operands *o)
{
    uint32_t scope = (uint32_t)o->b >> 10 & 3, ric = i->word >> 18 & 3, pid = o->c >> 32 & 0xfff;
    bool is_slbia = i->word >> 7 & 1, tlb = !is_slbia && !(ric & 1), all = scope & 2;
    m->invalidate_all = is_slbia || scope || o->b >> 5 & 7;
    m->tlb.left = !tlb ? 0 : scope ? MMU_SETS + !all : mmu_probe_cycles(m, o->b, pid);
    m->walk_cache.left = is_slbia ? 0 : scope ? MMU_SETS + 1 : (o->b >> 5 & 7) == 1 ? 4 : 0;
    if (tlb && scope)
        drop(&m->tlb, all, pid);
    if (!is_slbia && scope && ric)
        drop(&m->walk_cache, all, pid);
    if (tlb && !scope) {
        struct mmu_entry *set = m->tlb.entry[mmu_tlb_set(o->b, pid)];
        for (uint32_t n = 0; n < MMU_WAYS; n++)
            set[n].valid &= set[n].page != (o->b << 12 >> 12) >> FRAME_BITS;
    }
    if (ric & 2)
        m->partition_known = m->process_known[0] = m->process_known[1] = false;
}

static void start_operation(struct scalar *p)
{
    struct scalar_mmu *m = &p->mmu;
    const struct lsu_request *r = p->lsu.s2.r;
    m->ea = p->lsu.operation.b;
    m->is_move = r->insn->class == CLASS_MTSPR && !(r->insn->flags & SI_PROBE);
    m->state = MMU_INVALIDATE;
    m->invalidate = true;
    if (!m->is_move) {
        invalidate_arrays(m, r->insn, &p->lsu.operation);
        return;
    }
    m->invalidate_all = true;
    m->process_known[0] = false;
    if ((ppc_field(r->insn->word, 16, 20) << 5 | ppc_field(r->insn->word, 11, 15)) == PTCR)
        m->partition_known = m->process_known[1] = false;
    else
        m->pid = p->lsu.operation.c & 0xfff;
}

static void start_walk(struct scalar *p)
{
    struct scalar_mmu *m = &p->mmu;
    const struct op_source *s = &p->env.source;
    m->ea = p->lsu.s2.r->a.ea;
    m->walk.levels = 0;
    if (s->walk)
        s->walk(s->source, m->ea, &m->walk);
    mmu_search_start(m);
    m->state = m->partition_known ? MMU_SEARCH : MMU_PARTITION_READ;
}

/* Of a search, as its latches stand at the start of a cycle. */
struct known {
    bool hit, miss;
    uint8_t size;
};

static struct known known_of(const struct mmu_array *a)
{
    return (struct known){.hit = a->hit, .miss = a->miss, .size = a->size};
}

/* What the searches found says where the walk begins. */
static void leave_search(struct scalar_mmu *m, const struct known *tlb, const struct known *w)
{
    bool tlb_known = tlb->hit || tlb->miss;
    if (tlb->hit) {
        m->state = MMU_LOAD_TLB;
    } else if (w->hit && tlb_known) {
        m->level = 0;
        while (m->level + 1 < m->walk.levels && m->walk.level[m->level].shift > 9 * w->size)
            m->level++;
        m->state = MMU_LOOKUP;
    } else if (tlb_known && w->miss) {
        m->level = 0;
        m->state = m->process_known[m->ea >> 63] ? MMU_SEGMENT : MMU_PROCESS_READ;
    }
}

static void take_entry(struct scalar_mmu *m)
{
    uint32_t shift = m->walk.level[m->level].shift, bits = m->walk.level[m->level].bits;
    bool last = m->level + 1 >= m->walk.levels;
    if (last) {
        m->write_tlb = m->walk.levels && !shift;
        m->state = MMU_LOAD_TLB;
        return;
    }
    if ((shift == 9 || shift == 18 || shift == 27) && bits == 9) {
        m->write_walk_cache = true;
        m->write_level = shift / 9 - 1;
    }
    m->level++;
    m->state = MMU_LOOKUP;
}

static void load_tlb(struct scalar *p)
{
    struct scalar_dcache *c = &p->dcache;
    uint64_t page = p->mmu.ea / FRAME_BYTES;
    uint32_t set = (uint32_t)page & (c->dtlb_sets - 1);
    c->dtlb[set * DTLB_WAYS + c->tlb_victim] = (struct dtlb_entry){.page = page, .valid = true};
    c->dtlb_used = true;
    c->store_tlb_hit = false;
    p->mmu.state = MMU_FINISH;
}

/* In the cycle after an invalidation began; of a single page what the probe had found. */
static void invalidate_data_tlb(struct scalar *p)
{
    struct scalar_dcache *c = &p->dcache;
    uint64_t page = p->mmu.ea / FRAME_BYTES;
    for (uint32_t n = 0; n < c->dtlb_sets * DTLB_WAYS; n++)
        if (p->mmu.invalidate_all || c->dtlb[n].page == page)
            c->dtlb[n].valid = false;
    c->store_tlb_hit = false;
    scalar_btc_clear(&p->fetch);
    p->mmu.invalidate = false;
}

static bool invalidated(struct scalar_mmu *m)
{
    bool done = m->is_move || (!m->tlb.left && !m->walk_cache.left);
    m->tlb.left -= m->tlb.left != 0;
    m->walk_cache.left -= m->walk_cache.left != 0;
    return done;
}

struct inputs {
    bool miss, operation;
    struct known tlb, walk_cache;
};

static void load(struct scalar_mmu *m, uint64_t pa, enum mmu_state next,
                 struct access *read)
{
    *read = (struct access){.flags = SI_LOAD | AC_WALK, .ea = pa, .pa = pa};
    m->state = next;
}

/* The states that load an entry of a table, or wait for it. */
static void step_read(struct scalar_mmu *m, bool has_come, struct access *read)
{
    if (m->state == MMU_PARTITION_READ) {
        load(m, m->walk.partition_pa, MMU_PARTITION_WAIT, read);
    } else if (m->state == MMU_PROCESS_READ) {
        load(m, m->walk.process_pa, MMU_PROCESS_WAIT, read);
    } else if (m->state == MMU_LOOKUP) {
        load(m, m->walk.level[m->level].pa, MMU_READ_WAIT, read);
    } else if (!has_come) {
        return;
    } else if (m->state == MMU_PARTITION_WAIT) {
        m->partition_known = true;
        m->state = MMU_SEARCH;
    } else if (m->state == MMU_PROCESS_WAIT) {
        m->process_known[m->ea >> 63] = true;
        m->state = MMU_SEGMENT;
    } else {
        take_entry(m);
    }
}

static void step(struct scalar *p, const struct inputs *in, struct access *read)
{
    struct scalar_mmu *m = &p->mmu;
    switch (m->state) {
    case MMU_IDLE:
        if (in->operation)
            start_operation(p);
        else if (in->miss)
            start_walk(p);
        break;
    case MMU_INVALIDATE:
        if (invalidated(m))
            m->state = MMU_FINISH;
        break;
    case MMU_SEARCH:
        leave_search(m, &in->tlb, &in->walk_cache);
        break;
    case MMU_SEGMENT:
        m->state = m->walk.levels ? MMU_LOOKUP : MMU_LOAD_TLB;
        break;
    case MMU_LOAD_TLB:
        load_tlb(p);
        break;
    case MMU_FINISH:
        m->write_tlb = false;
        m->state = MMU_IDLE;
        break;
    default:
        step_read(m, p->dcache.walk_done, read);
    }
}

bool scalar_mmu_cycle(struct scalar *p, bool miss, bool operation, struct access *read)
{
    struct scalar_mmu *m = &p->mmu;
    if (!miss && !operation && !scalar_mmu_active(m))
        return false;
    read->flags = 0;
    struct inputs in = {.miss = miss, .operation = operation, .tlb = known_of(&m->tlb),
                        .walk_cache = known_of(&m->walk_cache)};
    bool invalidates = m->invalidate;
    mmu_search_cycle(m);
    m->write_walk_cache = false;
    step(p, &in, read);
    m->done = m->state == MMU_FINISH;
    if (invalidates)
        invalidate_data_tlb(p);
    p->changed = true;
    return read->flags;
}
