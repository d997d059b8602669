/* What instructions send away: a line written back and given up (dcbf), written back and kept
 * (dcbst), or given up here alone (icbi). The first two go down behind this cache's earlier writes,
 * modified data with them; the last cache sends the data alone. */
#include "models/cache/cache_impl.h"

/* The line of r in the tags, NULL when it is not there. */
static uint64_t *find(struct cache *c, const struct mem_request *r)
{
    uint32_t set = tags_set(&c->tags, r->pa);
    int32_t way = tags_find(&c->tags, set, r->pa);
    return way == TAGS_ABSENT ? NULL : tags_word(&c->tags, set, (uint32_t)way);
}

/* A cache with others above it serves data as well: there instructions are seen as they are
 * written, and nothing need go. */
static void invalidate(struct cache *c, const struct mem_request *r, uint64_t *word)
{
    struct mshr *m = mshr_find(&c->mshrs, tags_line(&c->tags, r->pa));
    if (c->upper_count)
        return;
    if (word && !(*word & LINE_DIRTY)) {
        c->stats.invalidations++;
        cache_take_out(c, word);
    }
    if (m && m->state != MSHR_LOOKUP && m->state != MSHR_QUEUED)
        m->dropped = true; /* its copy was taken before */
}

/* Does to this level what the request says; true when the line was modified. */
static bool leave(struct cache *c, const struct mem_request *r, uint64_t *word)
{
    bool dirty = word && *word & LINE_DIRTY;
    if (r->command == MEM_CLEAN) {
        if (word)
            *word &= ~(uint64_t)LINE_DIRTY;
        return dirty;
    }
    if (word) {
        c->stats.invalidations++;
        cache_take_out(c, word);
    }
    if (c->inclusive)
        dirty |= cache_invalidate_above(c, tags_line(&c->tags, r->pa), c->tags.line_bytes);
    return dirty;
}

/* What goes down: the whole line when it was modified here, else what came from above. */
static struct write_entry entry_for(const struct cache *c, const struct mem_request *r,
                                    bool was_dirty, uint64_t tick)
{
    uint32_t bytes = was_dirty || !r->block ? c->tags.line_bytes : r->block;
    return (struct write_entry){
        .pa = align_down(r->pa, bytes),
        .bytes = bytes,
        .block = bytes,
        .command = c->below.is_cache ? r->command : MEM_WRITEBACK,
        .core = r->core,
        .dirty = was_dirty || r->dirty,
        .tick = tick,
    };
}

static void count(struct cache *c, const struct mem_request *r, bool is_hit)
{
    c->stats.accesses++;
    c->stats.outcome[is_hit ? CACHE_HIT : CACHE_MISS][r->command]++;
    c->stats.bytes[r->command] += r->dirty ? r->block : 0;
    c->stats.hits += is_hit;
    c->stats.misses += !is_hit;
    c->stats.passed_flushes += !is_hit;
}

enum port_reply cache_flush(struct cache *c, struct mem_request *r, uint64_t now)
{
    bool goes_down = r->command != MEM_INVALIDATE;
    if (goes_down && mshr_find(&c->mshrs, tags_line(&c->tags, r->pa))) {
        c->stats.refusals_target++;
        return PORT_BUSY;
    }
    if (goes_down && write_buffer_full(&c->writes)) {
        c->stats.refusals_write_buffer++;
        return PORT_BUSY;
    }
    uint64_t *word = find(c, r), start = cache_claim_bank(c, r->pa, now);
    count(c, r, word);
    cache_answer(r, start + c->latency_ticks, start + c->latency_ticks, 1);
    if (!goes_down) {
        invalidate(c, r, word);
    } else {
        struct write_entry e = entry_for(c, r, leave(c, r, word), start + c->miss_ticks);
        if (c->below.is_cache || e.dirty)
            cache_queue_write(c, e);
    }
    if (c->coherent)
        cache_gone(c, tags_line(&c->tags, r->pa));
    return PORT_HIT;
}

void cache_warm_flush(struct cache *c, const struct mem_request *r)
{
    uint64_t *word = find(c, r);
    if (r->command == MEM_INVALIDATE) {
        invalidate(c, r, word);
        return;
    }
    struct write_entry e = entry_for(c, r, leave(c, r, word), 0);
    struct mem_request down = {.pa = e.pa, .bytes = e.bytes, .block = e.block,
                               .command = e.command, .core = e.core, .dirty = e.dirty};
    if (c->below.warm && (c->below.is_cache || e.dirty))
        c->below.warm(c->below.node, &down);
}
