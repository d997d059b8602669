/* How a way of the tags changes hands: for cache_miss.c and cache_fill.c, which do it in time, and
 * cache_warm.c, which does it at once. */
#ifndef MODELS_CACHE_CACHE_LINES_H
#define MODELS_CACHE_CACHE_LINES_H

#include "models/cache/cache_impl.h"

/* Of an access that misses: it brings the whole line, so that none need be fetched. */
static inline bool cache_brings_whole(const struct cache *c, const struct mem_request *r)
{
    return mem_brings_line(r) ? r->block == c->tags.line_bytes
                              : r->command == MEM_STORE && !r->block && c->claims &&
                                    r->bytes == c->tags.line_bytes;
}

/* Then it passes by. To take it could send two lines down, for which there may never be room: the
 * line itself, and a victim's that was dirty in a cache above. */
static inline bool cache_lets_pass(const struct cache *c)
{
    return !c->write_back && c->inclusive;
}

/* Empties a way, which is in use, to be filled; true when its line is dirty. */
static inline bool cache_evict(struct cache *c, uint64_t *word)
{
    uint64_t line = tags_line(&c->tags, *word);
    c->stats.evictions++;
    bool dirty = cache_take_out(c, word);
    if (c->inclusive)
        dirty |= cache_invalidate_above(c, line, c->tags.line_bytes);
    return dirty;
}

/* Puts the line that `access` is of into an empty way. */
static inline void cache_put(struct cache *c, uint32_t set, uint32_t way,
                             const struct mem_request *access, uint32_t flags)
{
    tags_install(&c->tags, set, way, access->pa, flags, access);
    c->stats.fills++;
    c->stats.resident_lines++;
    if (flags & LINE_PREFETCHED) {
        c->stats.prefetch_fills++;
        c->stats.prefetch_resident++;
        c->stats.prefetch_in_flight--;
    }
}

#endif
