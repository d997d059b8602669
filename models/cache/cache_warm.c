/* Functional warming: an access that changes which lines are there, in what order of use and which
 * of them modified, as a timed one would that has the cache to itself; it takes no time, and is not
 * counted but in what the laws of the contents want (fills, evictions, lines there).
 *
 * What is on its way meanwhile stays so: a line that is warmed before it arrives is dropped then.
 * Prefetchers see nothing and nothing is prefetched: what they would have named, and how much of it
 * would have come soon enough, hangs on the times of misses that are not known here. A line that
 * they have brought before is used like any other. */
#include "models/cache/cache_lines.h"

static void ask_below(const struct cache *c, struct mem_request *r)
{
    if (c->below.warm)
        c->below.warm(c->below.node, r);
}

/* As cache_pass_down. */
static void pass_down(const struct cache *c, const struct mem_request *r)
{
    bool is_line = r->command == MEM_WRITEBACK;
    ask_below(c, &(struct mem_request){.pa = r->pa, .bytes = r->bytes,
                                       .block = is_line ? r->block : 0,
                                       .command = is_line ? MEM_WRITEBACK : MEM_WRITE,
                                       .core = r->core});
}

/* The line that r is of, from below; true when it comes modified. */
static bool fetch(const struct cache *c, const struct mem_request *r)
{
    struct mem_request line = {.pa = r->pa, .pc = r->pc, .bytes = r->bytes,
                               .block = c->tags.line_bytes, .core = r->core,
                               .command = mem_writes(r) ? MEM_STORE : r->command};
    ask_below(c, &line);
    return line.dirty;
}

/* Puts the line in, and its victim goes down: last, since it may come back here through the level
 * below. */
static void replace(struct cache *c, uint32_t set, const struct mem_request *r, bool dirty)
{
    uint32_t way = tags_victim(&c->tags, set, r);
    uint64_t *word = tags_word(&c->tags, set, way), victim = *word;
    bool is_victim_dirty = victim != TAG_EMPTY && cache_evict(c, word);
    struct mshr *m = mshr_find(&c->mshrs, tags_line(&c->tags, r->pa));
    cache_put(c, set, way, r, dirty ? LINE_DIRTY : 0);
    c->stats.warm_fills++;
    if (m)
        m->warmed = true;
    if (victim == TAG_EMPTY || !(is_victim_dirty || c->below.takes_victims))
        return;
    ask_below(c, &(struct mem_request){.pa = tags_line(&c->tags, victim),
                                       .bytes = c->tags.line_bytes, .block = c->tags.line_bytes,
                                       .command = is_victim_dirty ? MEM_WRITEBACK : MEM_EVICT,
                                       .core = r->core});
}

static void miss(struct cache *c, struct mem_request *r, uint32_t set)
{
    bool writes = mem_writes(r), whole = cache_brings_whole(c, r), dirty = writes && c->write_back;
    if ((writes && !c->keys.write_allocate) || (whole && cache_lets_pass(c))) {
        pass_down(c, r);
        return;
    }
    if (!whole && writes && !c->write_back)
        pass_down(c, r);
    if (!whole)
        dirty |= fetch(c, r);
    if (c->exclusive && r->block && !whole) { /* goes up and is not kept */
        r->dirty = dirty;
        return;
    }
    replace(c, set, r, dirty);
    if (whole && !c->write_back)
        pass_down(c, r);
}

/* Most accesses of a run: the line of its set that was used last, again, and at most it becomes
 * modified. */
static inline bool repeat(struct cache *c, const struct mem_request *r, uint32_t set)
{
    uint64_t *word = tags_word(&c->tags, set, c->tags.recent[set]);
    if (!tags_match(&c->tags, *word, r->pa) || *word & LINE_PREFETCHED || !cache_demand(r) ||
        !c->tags.repeat_is_noop || !c->write_back || c->exclusive)
        return false;
    *word |= mem_writes(r) ? LINE_DIRTY : 0u;
    return true;
}

void cache_warm(void *node, struct mem_request *r)
{
    struct cache *c = node;
    uint32_t set = tags_set(&c->tags, r->pa);
    if (repeat(c, r, set))
        return;
    if (__builtin_expect(mem_sends_away(r), 0)) {
        cache_warm_flush(c, r);
        return;
    }
    int32_t way = tags_find(&c->tags, set, r->pa);
    if (way == TAGS_ABSENT) {
        miss(c, r, set);
        return;
    }
    uint64_t *word = tags_word(&c->tags, set, (uint32_t)way);
    if (mem_writes(r) && c->write_back)
        *word |= LINE_DIRTY;
    else if (mem_writes(r))
        pass_down(c, r);
    if (*word & LINE_PREFETCHED && cache_uses(r))
        cache_prefetch_used(c, word);
    tags_touch(&c->tags, set, (uint32_t)way, r);
    if (c->exclusive && r->block && !mem_brings_line(r))
        cache_move_up(c, word, r);
}
