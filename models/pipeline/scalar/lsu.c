#include "models/pipeline/scalar/lsu.h"

#include "models/pipeline/scalar/writeback_step.h"
#include "models/pipeline/scalar/scalar.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

#define HASH_CYCLES 9u /* from a hash instruction to its access */

bool scalar_lsu_completes(const struct scalar *p)
{
    const struct lsu2 *s = &p->lsu.s2;
    return s->one_cycle || (s->wait_cache && p->dcache.done) || p->lsu.complete;
}

static struct dcache_request cache_request(const struct lsu_request *r)
{
    uint32_t flags = r->insn->flags;
    return (struct dcache_request){
        .valid = true, .load = flags & SI_LOAD, .zero = flags & SI_ZERO,
        .flush = flags & SI_FLUSH, .touch = flags & SI_TOUCH, .sync = flags & SI_SYNC,
        .reserve = flags & SI_RESERVE, .probe = r->mmu, .quad = r->quad,
        .first = !r->quad || !r->second, .last = !r->quad || r->second, .mapped = r->mapped,
        .ea = r->ea, .pa = r->pa};
}

/* The next doubleword of an access that crosses one. */
static void second_part(struct lsu_request *r)
{
    uint64_t next = align_down(r->ea, SCALAR_ROW) + SCALAR_ROW;
    r->incomplete = false;
    r->pa = next & (FRAME_BYTES - 1) ? align_down(r->pa, SCALAR_ROW) + SCALAR_ROW
                                     : r->second_page_pa;
    r->ea = next;
}

/* What the first latch works on in this cycle; true when it asks the cache. */
static bool first_stage_request(struct scalar_lsu *u)
{
    struct lsu1 *s = &u->s1;
    struct lsu_request *r = &s->r;
    if (!s->busy) {
        if (u->in.valid)
            *r = u->in;
        else
            r->valid = r->cache = r->mmu = false;
        return r->valid && r->cache;
    }
    if (r->cache && !s->issued)
        return true;
    if (r->incomplete) {
        second_part(r);
        return true;
    }
    if (!r->convert)
        r->valid = false;
    r->cache = false;
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
    if (u->in.valid || s->busy || s->r.valid)
        p->changed = true;
    bool issue = first_stage_request(u);
    const struct lsu_request *r = &s->r;
    if (issue && r->insn->flags & SI_HASH) {
        s->busy = wait_for_hash(u);
        issue = !s->busy;
    } else {
        s->busy = (issue && (r->incomplete || r->convert)) || (r->valid && r->mmu);
    }
    s->issued = issue;
    return issue;
}

static void second_stage(struct scalar *p, bool held)
{
    const struct lsu1 *s = &p->lsu.s1;
    struct lsu2 *t = &p->lsu.s2;
    const struct lsu_request *r = &s->r;
    bool was_valid = t->r.valid;
    if (held || p->fpu.holds)
        return;
    if (r->valid && r->cache && !s->issued) {
        t->r.valid = t->wait_cache = t->wait_mmu = t->one_cycle = false;
        return;
    }
    if (r->valid)
        t->r = *r;
    else
        t->r.valid = false;
    t->wait_cache = r->valid && r->cache && !r->convert && !r->incomplete && !r->mmu;
    t->wait_mmu = t->busy = r->valid && r->mmu;
    t->one_cycle = r->valid && !r->cache && !r->mmu;
    t->r.cache &= !r->mmu; /* a probe has no answer */
    if (t->wait_cache && r->insn->flags & SI_HASH && r->insn->flags & SI_LOAD) {
        t->wait_cache = false;
        t->busy = true; /* compares, then completes */
    }
    if (was_valid || r->valid)
        p->changed = true;
}

/* The table walk answers what waits for it. */
static void finish_walk(struct scalar *p, struct dcache_request *again)
{
    struct lsu2 *t = &p->lsu.s2;
    if (t->wait_mmu && t->r.mmu) {
        t->r.valid = t->busy = false;
        p->lsu.complete = true;
    } else if (t->wait_mmu) {
        *again = cache_request(&t->r);
    }
    t->wait_mmu = false;
    p->changed = true;
}

/* The second latch is held by what waits for data but not for the table walk: hashchk. */
static void compare_hash(struct scalar *p)
{
    struct scalar_lsu *u = &p->lsu;
    bool hash = u->s2.r.valid && u->s2.r.insn->flags & SI_HASH && u->s2.r.insn->flags & SI_LOAD;
    if (hash && !p->dcache.done)
        return;
    u->s2.busy = false;
    u->complete = hash;
    p->changed = true;
}

static void run(struct scalar *p)
{
    struct scalar_lsu *u = &p->lsu;
    struct lsu2 *t = &u->s2;
    struct dcache_request request, walk;
    bool failed = p->dcache.failed, was_busy = t->busy, waited = t->wait_mmu;
    request.valid = u->complete = false;
    bool starts = t->r.valid && t->r.mmu && !u->walking;
    bool held = p->dcache.full || p->dcache.failed || t->busy;
    second_stage(p, held);
    if (first_stage(p, held))
        request = cache_request(&u->s1.r);
    u->walking |= failed || starts;
    if (p->mmu.done) {
        finish_walk(p, &request);
        u->walking = false;
    }
    if (was_busy && !waited)
        compare_hash(p);
    if (failed) {
        t->wait_mmu = t->busy = true;
        p->changed = true;
    }
    scalar_mmu_cycle(p, failed, starts, &walk);
    if (walk.valid)
        request = walk;
    if (u->hash_cycles)
        u->hash_cycles--;
    u->active = u->s1.r.valid || u->s1.busy || t->r.valid || t->busy || t->one_cycle ||
                t->wait_cache || u->complete || p->dcache.failed || scalar_mmu_active(&p->mmu);
    scalar_dcache_cycle(p, &request);
}

void scalar_lsu_cycle(struct scalar *p)
{
    static const struct dcache_request none = {.valid = false};
    if (p->lsu.active || p->lsu.in.valid || p->dcache.failed)
        run(p);
    else
        scalar_dcache_cycle(p, &none);
}
