/* The access of a cache with a prefetcher, in place of cache_access, so that a cache without one
 * pays nothing for it. */
#include "models/cache/cache_impl.h"

/* What the access is going to find. */
struct sight {
    enum cache_outcome outcome;
    bool is_prefetched; /* the line, there or on its way, because of a prefetch and not used yet */
};

static struct sight look(const struct cache *c, const struct mem_request *r)
{
    uint32_t set = tags_set(&c->tags, r->pa);
    int32_t way = tags_find(&c->tags, set, r->pa);
    const struct mshr *m;
    if (way != TAGS_ABSENT)
        return (struct sight){CACHE_HIT,
                              *tags_word(&c->tags, set, (uint32_t)way) & LINE_PREFETCHED};
    m = mshr_find(&c->mshrs, tags_line(&c->tags, r->pa));
    return m ? (struct sight){CACHE_DELAYED_HIT, m->prefetch} : (struct sight){CACHE_MISS, false};
}

enum cache_outcome cache_sight(const struct cache *c, const struct mem_request *r)
{
    return look(c, r).outcome;
}

enum port_reply cache_access_observed(void *node, struct mem_request *r, uint64_t now)
{
    struct cache *c = node;
    struct sight s = look(c, r);
    enum port_reply reply = c->coherent ? cache_access_coherent(c, r, now)
                                        : cache_access(c, r, now);
    if (reply == PORT_BUSY)
        return reply;
    if (cache_demand(r))
        cache_prefetch_observe(c, r, s.outcome == CACHE_MISS, s.is_prefetched, now);
    return reply;
}
