/* The frequent cycles of load/store unit and data cache: requests that move on latch by latch, and
 * loads whose line is there. Inline in the loop over cycles; everything else is in lsu.c and
 * dcache.c. */
#ifndef MODELS_PIPELINE_SCALAR_LSU_STEP_H
#define MODELS_PIPELINE_SCALAR_LSU_STEP_H

#include "models/pipeline/scalar/scalar.h"

/* The cycle whatever happens in it; of the load/store unit what it or the table walk, whose request
 * has to stand somewhere, asks the data cache. */
const struct access *scalar_lsu_run(struct scalar *p, struct access *walk);
void scalar_dcache_run(struct scalar *p, const struct access *in);
/* dcache.c */
void scalar_dcache_touch_trees(struct scalar_dcache *c);
/* dcache_compare.c. Looks for the page in the data TLB. */
bool scalar_dcache_find_page(const struct scalar_dcache *c, struct dcache_work *w, uint64_t ea);

/* Signals of this cycle, from the latches. */
static inline bool scalar_lsu_completes(const struct scalar *p)
{
    const struct lsu2 *s = &p->lsu.s2;
    return s->one_cycle || (s->wait_cache && p->dcache.done) || p->lsu.complete;
}

/* Room for another request. */
static inline struct lsu_request *scalar_lsu_slot(struct scalar_lsu *u)
{
    return &u->slot[u->slots++ % LSU_REQUESTS];
}

/* The request in r0 is a load with nothing special about it, and its line is there. */
static inline bool scalar_dcache_is_hit(struct scalar_dcache *c, uint32_t set, uint32_t *way)
{
    const struct access *r = &c->r0;
    if ((r->flags & (SI_ACCESS | AC_QUAD | AC_WALK)) != SI_LOAD)
        return false;
    const uint64_t *tags = &c->tags[set * c->keys.ways];
    const bool *valid = &c->valid[set * c->keys.ways];
    uint64_t line = r->pa >> c->line_bits;
    uint32_t n = 0;
    while (tags[n] != line || !valid[n])
        if (++n == c->keys.ways)
            return false;
    *way = n;
    if (c->dtlb_used) {
        c->work.tlb_hit = false;
        if (!scalar_dcache_find_page(c, &c->work, r->ea) && r->flags & AC_MAPPED)
            return false;
    }
    return true;
}

/* The hit completes; the trees see it in the next cycle. */
static inline void scalar_dcache_hit(struct scalar_dcache *c, uint32_t set, uint32_t way)
{
    c->stats.loads++;
    c->stats.load_hits++;
    c->hit_set = set;
    c->hit_way = c->quad_way = way;
    c->quad_hit = true;
    if (!c->dtlb_used)
        return;
    c->tlb_touched = c->work.tlb_hit;
    c->tlb_hit_set = c->work.tlb_set;
    c->tlb_hit_way = c->work.tlb_way;
}

static inline void scalar_dcache_accept(struct scalar_dcache *c, const struct access *in)
{
    c->r0_full = in;
    if (in)
        c->r0 = *in;
}

/* `in`: what it is asked in this cycle; NULL: nothing. */
static inline void scalar_dcache_cycle(struct scalar *p, const struct access *in)
{
    struct scalar_dcache *c = &p->dcache;
    bool compares = c->r0_full;
    uint32_t set = scalar_dcache_set(c, c->r0.pa), way = 0;
    if (!c->settled || p->fpu.holds || (compares && !scalar_dcache_is_hit(c, set, &way))) {
        scalar_dcache_run(p, in);
        return;
    }
    if (c->touched | c->tlb_touched)
        scalar_dcache_touch_trees(c);
    c->done = c->touched = compares;
    c->walk_done = c->tlb_touched = false;
    if (compares)
        scalar_dcache_hit(c, set, way);
    scalar_dcache_accept(c, in);
    c->active = compares || in;
    p->changed = true;
}

static inline const struct access *scalar_lsu_pass(struct scalar *p)
{
    struct scalar_lsu *u = &p->lsu;
    const struct lsu_request *r = u->s1.r, *in = u->in;
    p->changed |= r || in || u->s2.r;
    u->s2.r = r;
    u->s2.wait_cache = r && (r->a.flags & (AC_CACHE | AC_CONVERT | AC_INCOMPLETE)) == AC_CACHE;
    u->s2.one_cycle = r && !(r->a.flags & AC_CACHE);
    u->s1.r = in;
    u->s1.issued = in && in->a.flags & AC_CACHE;
    u->s1.busy = u->s1.issued && in->a.flags & (AC_CONVERT | AC_INCOMPLETE);
    u->flows = !u->s1.busy;
    u->active = r || in;
    return u->s1.issued ? &in->a : NULL;
}

static inline void scalar_lsu_cycle(struct scalar *p)
{
    const struct scalar_lsu *u = &p->lsu;
    const struct scalar_dcache *c = &p->dcache;
    struct access walk;
    const struct access *request = NULL;
    if (u->active || u->in || c->failed) {
        bool flows = u->flows & !(c->full | c->failed | p->fpu.holds);
        if (flows && !(u->in && u->in->a.flags & (SI_HASH | SI_MMU)))
            request = scalar_lsu_pass(p);
        else
            request = scalar_lsu_run(p, &walk);
    }
    if (c->active || request)
        scalar_dcache_cycle(p, request);
}

#endif
