/* Tag comparison of the data cache: what the request in r0 finds in cache and TLB. */
#include "models/pipeline/scalar/dcache.h"
#include "sim/isa/state.h"

static void find_line(struct scalar_dcache *c, struct dcache_compared *t)
{
    const struct dcache_request *r = &c->r0;
    struct dcache_work *w = &c->work;
    uint64_t line = r->pa >> c->line_bits;
    uint32_t ways = c->keys.ways;
    bool late = c->filling && t->set == c->fill_set && r->load && !r->touch &&
                !(c->rows_valid >> scalar_dcache_row(c, r->pa) & 1);
    for (uint32_t n = 0; n < ways; n++) {
        bool match = (c->valid[t->set * ways + n] && c->read[n] == line) ||
                     (r->quad && r->load && !r->first && c->quad_hit && n == c->quad_way);
        if (!match)
            continue;
        bool pending = late && n == c->fill_way;
        w->way = n;
        t->hit = !pending;
        w->on_its_way = pending;
    }
    w->hit = t->hit;
}

static bool find_page(const struct scalar_dcache *c, struct dcache_work *w, uint64_t ea)
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
    if (!w->r.mapped)
        return w->r.pa / FRAME_BYTES == c->bus.pa / FRAME_BYTES;
    return c->state == DC_STORE && c->store_tlb_hit && w->tlb_hit &&
           w->tlb_set == c->store_tlb_set && w->tlb_way == c->store_tlb_way;
}

/* Sorts the request into what is done at once, what takes the state machine, and TLB misses. */
static void classify(struct scalar_dcache *c, struct dcache_compared *t)
{
    const struct dcache_request *r = &c->r0;
    struct dcache_work *w = &c->work;
    bool there_in_tlb = c->dtlb_used && find_page(c, w, r->ea), mapped = !r->mapped || there_in_tlb;
    bool there = t->hit || w->on_its_way;
    w->same_page = same_page(c, w);
    if (r->sync) {
        w->sync = true;
    } else if (r->touch) {
        t->nothing = !mapped;
        t->load_hit = mapped && there;
        w->miss = mapped && !there;
    } else if (r->probe) {
        return;
    } else if (!mapped) {
        t->failed = true;
    } else if (r->flush) {
        t->nothing = !t->hit;
        w->flush = t->hit;
    } else if (!r->load) {
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
