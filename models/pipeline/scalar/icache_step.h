/* The frequent cycles of the instruction cache: an instruction that is there goes on to decode1, or
 * waits for it. Inline in the loop over cycles; everything else is in icache.c. */
#ifndef MODELS_PIPELINE_SCALAR_ICACHE_STEP_H
#define MODELS_PIPELINE_SCALAR_ICACHE_STEP_H

#include "models/pipeline/scalar/fetch_step.h"

/* icache.c. The cycle whatever happens in it; the tags of the line being looked for; what an
 * address further on reads; the tree of a line. */
void scalar_icache_run(struct scalar *p, const struct bus_request *snooped);
bool scalar_icache_search(struct scalar_icache *c, uint64_t pa, uint32_t *way);
void scalar_icache_read(struct scalar_icache *c, uint32_t set, uint32_t victim);
void scalar_icache_touch(struct scalar_icache *c, uint32_t line);
/* icache.c. A write that memory accepts in this cycle, or NULL, and those of the two before. */
void scalar_icache_snoop(struct scalar_icache *c, const struct bus_request *written);

static inline uint32_t scalar_icache_set(const struct scalar_icache *c, uint64_t pa)
{
    return (uint32_t)(pa >> c->line_bits) & c->set_mask;
}

/* Whether the address in fetch can be delivered, and from which way. */
static inline bool scalar_icache_find(struct scalar_icache *c, uint64_t pa, uint32_t *way)
{
    if (c->stalled_hit) {
        *way = c->stalled_way;
        return true;
    }
    if (__builtin_expect(pa >> c->line_bits == c->known_line, 1)) {
        *way = c->known_way;
        return true;
    }
    return scalar_icache_search(c, pa, way);
}

/* The lookup alone, for stages that want to know of a stall before the cache moves on. */
static inline void scalar_icache_lookup(struct scalar *p)
{
    struct wires *w = &p->wires;
    bool request = p->fetch.request && !w->fetch_flush;
    w->fetch_hit = request && scalar_icache_find(&p->icache, p->fetch.at->pa, &w->fetch_way);
    w->fetch_stall = (request && !w->fetch_hit) || w->decode1_busy;
}

/* A request is counted when it leaves fetch: delivered or withdrawn. */
static inline void scalar_icache_count(struct scalar_icache *c)
{
    c->stats.accesses++;
    c->stats.misses += c->waited;
    c->stats.hits += !c->waited;
    c->waited = false;
}

/* Nearly always the line touched last, whose tree says so already. */
static inline void scalar_icache_use(struct scalar_icache *c, uint32_t set, uint32_t way)
{
    uint32_t line = set * c->keys.ways + way;
    if (line != c->touched)
        scalar_icache_touch(c, line);
}

static inline void scalar_icache_withdraw(struct scalar_icache *c)
{
    c->stats.accesses++;
    c->stats.abandoned++;
    c->waited = false;
}

/* What decode1 sees in the next cycle, if it is anything. */
static inline void scalar_icache_show(struct scalar *p)
{
    struct scalar_icache *c = &p->icache;
    c->out = p->fetch.at;
    c->out->fetch_cycle = p->cycle;
    c->out_set = scalar_icache_set(c, c->out->pa);
}

/* The instruction goes on to decode1, or is withdrawn, and the next one is asked for. */
static inline void scalar_icache_move(struct scalar *p, bool delivered)
{
    struct scalar_icache *c = &p->icache;
    if (c->out_valid)
        scalar_icache_use(c, c->out_set, c->out_way);
    if (delivered) {
        scalar_icache_count(c);
        c->out_way = p->wires.fetch_way;
    } else if (p->fetch.request) {
        scalar_icache_withdraw(c);
    }
    c->out_valid = delivered;
    c->stalled_hit = false;
    if (!p->wires.decode1_busy)
        scalar_icache_show(p);
    scalar_fetch(p);
    uint32_t set = scalar_icache_set(c, p->fetch.at->pa);
    if (set != c->read_set)
        scalar_icache_read(c, set, 0);
    p->changed = true;
}

/* decode1 stalls; the hit is remembered. */
static inline void scalar_icache_hold(struct scalar *p)
{
    struct scalar_icache *c = &p->icache;
    if (c->out_valid)
        scalar_icache_use(c, c->out_set, c->out_way);
    if (!c->stalled_hit) {
        c->stalled_hit = true;
        c->stalled_way = p->wires.fetch_way;
        p->changed = true;
    }
    scalar_btc_cycle(p);
}

/* `snooped`: a write that memory accepts in this cycle, or NULL. */
static inline void scalar_icache_cycle(struct scalar *p, const struct bus_request *snooped)
{
    struct scalar_icache *c = &p->icache;
    const struct wires *w = &p->wires;
    bool known = w->fetch_hit | w->fetch_flush;
    if (__builtin_expect(c->state != IC_IDLE || !known || w->inval, 0)) {
        scalar_icache_run(p, snooped);
        return;
    }
    if (w->fetch_hit & w->decode1_busy)
        scalar_icache_hold(p);
    else
        scalar_icache_move(p, w->fetch_hit);
    if (c->snoops || snooped) {
        scalar_icache_snoop(c, snooped);
        p->changed = true;
    }
}

#endif
