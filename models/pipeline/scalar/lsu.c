#include "models/pipeline/scalar/lsu.h"

#include "models/pipeline/scalar/lsu_step.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

#define HASH_CYCLES 9u /* from a hash instruction to its access */

/* The next doubleword of an access that crosses one. */
static void second_part(struct lsu_request *r)
{
    struct access *a = &r->a;
    uint64_t next = align_down(a->ea, SCALAR_ROW) + SCALAR_ROW;
    a->flags &= ~(uint32_t)AC_INCOMPLETE;
    a->pa = next & (FRAME_BYTES - 1) ? align_down(a->pa, SCALAR_ROW) + SCALAR_ROW
                                     : r->flight->op.second_page_pa;
    a->ea = next;
}

/* What the first latch works on in this cycle; true when it asks the cache. */
static bool first_stage_request(struct scalar *p)
{
    struct scalar_lsu *u = &p->lsu;
    struct lsu1 *s = &u->s1;
    if (!s->busy) {
        s->r = u->in;
        return s->r && s->r->a.flags & AC_CACHE;
    }
    if (s->r->a.flags & AC_CACHE && !s->issued)
        return true;
    if (!(s->r->a.flags & (AC_INCOMPLETE | AC_CONVERT))) {
        s->r = NULL;
        return false;
    }
    struct lsu_request *own = scalar_lsu_slot(u);
    *own = *s->r;
    s->r = own;
    if (own->a.flags & AC_INCOMPLETE) {
        second_part(own);
        return true;
    }
    own->a.flags &= ~(uint32_t)AC_CACHE; /* converts */
    return false;
}

/* A hash is computed before its access; the request waits in the first latch. */
static bool wait_for_hash(struct scalar_lsu *u)
{
    if (!u->hash_cycles && !u->s1.busy) {
        u->hash_cycles = HASH_CYCLES;
        return true;
    }
    return u->hash_cycles != 0;
}

/* Returns whether a request goes to the cache: the one that the latch then holds. `held`: the
 * stages behind do not move. */
static bool first_stage(struct scalar *p, bool held)
{
    struct scalar_lsu *u = &p->lsu;
    struct lsu1 *s = &u->s1;
    if (held) {
        if (s->issued && p->dcache.failed) {
            s->issued = false;
            s->busy = true;
        }
        return false;
    }
    if (u->in || s->busy || s->r)
        p->changed = true;
    bool issue = first_stage_request(p);
    uint32_t flags = s->r ? s->r->a.flags : 0;
    if (issue && flags & SI_HASH) {
        s->busy = wait_for_hash(u);
        issue = !s->busy;
    } else {
        s->busy = (issue && flags & (AC_INCOMPLETE | AC_CONVERT)) || flags & SI_MMU;
    }
    s->issued = issue;
    return issue;
}

static void second_stage(struct scalar *p, bool held)
{
    const struct lsu1 *s = &p->lsu.s1;
    struct lsu2 *t = &p->lsu.s2;
    uint32_t flags = s->r ? s->r->a.flags : 0;
    bool asks = flags & AC_CACHE, mmu = flags & SI_MMU, was_valid = t->r;
    if (held || p->fpu.holds)
        return;
    if (asks && !s->issued) {
        t->r = NULL;
        t->wait_cache = t->wait_mmu = t->one_cycle = false;
        return;
    }
    t->r = s->r;
    t->wait_cache = asks && !mmu && !(flags & (AC_CONVERT | AC_INCOMPLETE));
    t->wait_mmu = t->busy = mmu;
    t->one_cycle = s->r && !asks && !mmu;
    if (t->wait_cache && flags & SI_HASH && flags & SI_LOAD) {
        t->wait_cache = false;
        t->busy = true; /* compares, then completes */
    }
    if (was_valid || s->r)
        p->changed = true;
}

/* The table walk answers what waits for it; what asks the cache again for that. */
static const struct access *finish_walk(struct scalar *p)
{
    struct lsu2 *t = &p->lsu.s2;
    bool waited = t->wait_mmu;
    p->lsu.walking = t->wait_mmu = false;
    p->changed = true;
    if (!waited)
        return NULL;
    if (!(t->r->a.flags & SI_MMU))
        return &t->r->a;
    p->lsu.complete = t->r;
    t->r = NULL;
    t->busy = false;
    return NULL;
}

/* The second latch is held by what waits for data but not for the table walk: hashchk. */
static void compare_hash(struct scalar *p)
{
    struct scalar_lsu *u = &p->lsu;
    uint32_t flags = u->s2.r ? u->s2.r->a.flags : 0;
    bool hash = flags & SI_HASH && flags & SI_LOAD;
    if (hash && !p->dcache.done)
        return;
    u->s2.busy = false;
    u->complete = hash ? u->s2.r : NULL;
    p->changed = true;
}

/* What is left needs no more than scalar_lsu_pass. */
static bool is_flowing(const struct scalar *p)
{
    const struct scalar_lsu *u = &p->lsu;
    return !(u->s1.busy | u->s2.busy | u->walking) && !u->complete && !u->hash_cycles &&
           !(u->s1.r && u->s1.r->a.flags & (SI_HASH | SI_MMU)) && !scalar_mmu_active(&p->mmu);
}

const struct access *scalar_lsu_run(struct scalar *p, struct access *walk)
{
    struct scalar_lsu *u = &p->lsu;
    struct lsu2 *t = &u->s2;
    const struct access *request = NULL;
    bool failed = p->dcache.failed, was_busy = t->busy, waited = t->wait_mmu;
    u->complete = NULL;
    bool starts = t->r && t->r->a.flags & SI_MMU && !u->walking;
    bool held = p->dcache.full || p->dcache.failed || t->busy;
    second_stage(p, held);
    if (first_stage(p, held))
        request = &u->s1.r->a;
    u->walking |= failed || starts;
    if (p->mmu.done) {
        const struct access *again = finish_walk(p);
        request = again ? again : request;
    }
    if (was_busy && !waited)
        compare_hash(p);
    if (failed) {
        t->wait_mmu = t->busy = true;
        p->changed = true;
    }
    if (scalar_mmu_cycle(p, failed, starts, walk))
        request = walk;
    if (u->hash_cycles)
        u->hash_cycles--;
    u->active = u->s1.r || u->s1.busy || t->r || t->busy || t->one_cycle || t->wait_cache ||
                u->complete || p->dcache.failed || scalar_mmu_active(&p->mmu);
    u->flows = is_flowing(p);
    return request;
}
