/* Tag comparison of the data cache: what the request in r0 finds in cache and TLB. */
#include "models/pipeline/scalar/lsu_step.h"
#include "sim/isa/state.h"

static void find_line(struct scalar_dcache *c, struct dcache_compared *t)
{
    const struct access *r = &c->r0;
    struct dcache_work *w = &c->work;
    uint64_t line = r->pa >> c->line_bits;
    uint32_t ways = c->keys.ways;
    bool late = c->filling && t->set == c->fill_set && r->flags & SI_LOAD &&
                !(r->flags & SI_TOUCH) &&
                !(c->rows_valid >> scalar_dcache_row(c, r->pa) & 1);
    bool follows = r->flags & AC_QUAD && r->flags & SI_LOAD && !scalar_access_first(r) &&
                   c->quad_hit;
    for (uint32_t n = 0; n < ways; n++) {
        bool match = (c->valid[t->set * ways + n] && c->read[n] == line) ||
                     (follows && n == c->quad_way);
        if (!match)
            continue;
        bool pending = late && n == c->fill_way;
        w->way = n;
        t->hit = !pending;
        w->on_its_way = pending;
    }
    w->hit = t->hit;
}

bool scalar_dcache_find_page(const struct scalar_dcache *c, struct dcache_work *w, uint64_t ea)
{
    uint64_t page = ea / FRAME_BYTES;
    w->tlb_set = (uint32_t)page & (c->dtlb_sets - 1);
    for (uint32_t n = 0; n < DTLB_WAYS; n++) {
        const struct dtlb_entry *d = &c->dtlb[w->tlb_set * DTLB_WAYS + n];
        if (d->valid && d->page == page) {
            w->tlb_way = n;
            w->tlb_hit = true;
        }
    }
    return w->tlb_hit;
}

static bool same_page(const struct scalar_dcache *c, const struct dcache_work *w)
{
    if (!(w->r.flags & AC_MAPPED))
        return w->r.pa / FRAME_BYTES == c->bus.pa / FRAME_BYTES;
    return c->state == DC_STORE && c->store_tlb_hit && w->tlb_hit &&
           w->tlb_set == c->store_tlb_set && w->tlb_way == c->store_tlb_way;
}

/* Sorts the request into what is done at once, what takes the state machine, and TLB misses. */
static void classify(struct scalar_dcache *c, struct dcache_compared *t)
{
    const struct access *r = &c->r0;
    struct dcache_work *w = &c->work;
    bool there_in_tlb = c->dtlb_used && scalar_dcache_find_page(c, w, r->ea);
    bool mapped = !(r->flags & AC_MAPPED) || there_in_tlb;
    bool there = t->hit || w->on_its_way;
    w->same_page = same_page(c, w);
    if (r->flags & SI_SYNC) {
        w->sync = true;
    } else if (r->flags & SI_TOUCH) {
        t->nothing = !mapped;
        t->load_hit = mapped && there;
        w->miss = mapped && !there;
    } else if (r->flags & SI_MMU) {
        return;
    } else if (!mapped) {
        t->failed = true;
    } else if (r->flags & SI_FLUSH) {
        t->nothing = !t->hit;
        w->flush = t->hit;
    } else if (!(r->flags & SI_LOAD)) {
        w->store = true;
    } else {
        t->load_hit = t->hit;
        w->miss = !t->hit;
    }
    w->on_its_way &= w->miss;
}

static void count(struct scalar_dcache *c, const struct dcache_compared *t)
{
    const struct dcache_work *w = &c->work;
    struct scalar_dcache_stats *n = &c->stats;
    if (t->failed || t->nothing || w->flush || w->sync)
        return;
    if (w->store) {
        n->stores++;
        n->store_hits += t->hit;
    } else if (t->load_hit || w->miss) {
        n->loads++;
        n->load_hits += t->load_hit;
        n->load_misses += w->miss;
    }
}

void scalar_dcache_compare(struct scalar_dcache *c, struct dcache_compared *t)
{
    find_line(c, t);
    classify(c, t);
    count(c, t);
}
