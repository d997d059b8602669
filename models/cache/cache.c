#include "models/cache/cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "models/cache/cache_impl.h"
#include "sim/base/err.h"

uint64_t cache_bank_conflict(struct cache *c, struct cache_bank *b, uint64_t now)
{
    if (b->used < c->keys.ports) {
        b->used++;
    } else {
        b->tick += c->clock.period_ticks;
        b->used = 1;
    }
    c->stats.bank_conflict_cycles += clock_cycles(c->clock, b->tick - now);
    return b->tick;
}

void cache_prefetch_used(struct cache *c, uint64_t *word)
{
    *word &= ~(uint64_t)LINE_PREFETCHED;
    c->stats.prefetch_useful++;
    c->stats.prefetch_resident--;
    cache_prefetch_fate(c, true);
}

/* A write hit: marks the line, or passes the data down. False when the write buffer is full. */
static bool write_hit(struct cache *c, const struct mem_request *r, uint64_t *word, uint64_t now)
{
    if (c->write_back) {
        *word |= LINE_DIRTY;
        return true;
    }
    if (write_buffer_full(&c->writes)) {
        c->stats.refusals_write_buffer++;
        return false;
    }
    cache_pass_down(c, r, now + c->miss_ticks);
    return true;
}

static inline void count_hit(struct cache *c, struct mem_request *r, uint64_t start)
{
    cache_count(c, r, CACHE_HIT);
    c->stats.hits++;
    cache_answer(r, start + c->latency_ticks, start + c->latency_ticks, 1);
}

/* The policy is told last, so that nothing need be kept over the call. */
static inline enum port_reply hit(struct cache *c, struct mem_request *r, uint32_t set,
                                  uint32_t way, uint64_t start)
{
    count_hit(c, r, start);
    tags_touch(&c->tags, set, way, r);
    return PORT_HIT;
}

static inline void check(const struct cache *c, const struct mem_request *r)
{
    uint32_t line = c->tags.line_bytes, offset = (uint32_t)r->pa & (line - 1);
    assert(r->bytes - 1 < line - offset && r->block <= line);
    (void)offset;
}

/* Of a coherent cache: a line that it shares is going to be written, here or above. */
static bool lacks_right(const struct cache *c, const struct mem_request *r, uint64_t word)
{
    bool writes = r->command == MEM_STORE || r->command == MEM_WRITE;
    assert(r->command != MEM_WRITEBACK || word & LINE_OWNED);
    return c->write_back && writes && !(word & LINE_OWNED);
}

enum port_reply cache_access(void *node, struct mem_request *r, uint64_t now)
{
    struct cache *c = node;
    check(c, r);
    if (c->align)
        now = clock_edge(c->clock, now);
    if (__builtin_expect(mem_sends_away(r), 0))
        return cache_flush(c, r, now);
    uint32_t set = tags_set(&c->tags, r->pa);
    int32_t way = tags_find(&c->tags, set, r->pa);
    if (way == TAGS_ABSENT)
        return cache_miss(c, r, now);
    uint64_t *word = tags_word(&c->tags, set, (uint32_t)way);
    if (__builtin_expect(c->coherent, 0) && lacks_right(c, r, *word))
        return cache_upgrade(c, r, now);
    if (mem_writes(r) && !write_hit(c, r, word, now))
        return PORT_BUSY;
    if (*word & LINE_PREFETCHED && cache_uses(r))
        cache_prefetch_used(c, word);
    hit(c, r, set, (uint32_t)way, cache_claim_bank(c, r->pa, now));
    if (r->block && c->exclusive && !mem_brings_line(r))
        cache_move_up(c, word, r);
    r->owned = *word & LINE_OWNED;
    return PORT_HIT;
}

/* Takes a port of the bank at once; false when there is none. */
static inline bool take_port(const struct cache *c, struct cache_bank *b, uint64_t now)
{
    if (b->tick >= now && (b->tick > now || b->used == c->keys.ports))
        return false;
    b->used = b->tick < now ? 1 : b->used + 1;
    b->tick = now;
    return true;
}

/* A demand access that the usual case covers, to the line in `way`. */
static inline bool is_usual(const struct cache *c, const struct mem_request *r, uint32_t set,
                            uint32_t way)
{
    uint64_t word = *tags_word(&c->tags, set, way);
    return tags_match(&c->tags, word, r->pa) && cache_demand(r) && !(word & LINE_PREFETCHED);
}

/* For a cache that is_simple: accesses that hit, and nothing else is to be said of them. Most of a
 * run's end here. */
static __attribute__((noinline)) enum port_reply usual_access(struct cache *c,
                                                              struct mem_request *r, uint64_t now)
{
    uint32_t set = tags_set(&c->tags, r->pa);
    int32_t way = tags_find(&c->tags, set, r->pa);
    if (way == TAGS_ABSENT && !mem_sends_away(r))
        return cache_miss(c, r, now);
    if (way == TAGS_ABSENT || !is_usual(c, r, set, (uint32_t)way) ||
        !take_port(c, cache_bank_of(c, r->pa), now))
        return cache_access(c, r, now);
    if (mem_writes(r))
        *tags_word(&c->tags, set, (uint32_t)way) |= LINE_DIRTY;
    return hit(c, r, set, (uint32_t)way, now);
}

/* And of these, most go to the line of its set that was used last: without search and policy. */
static enum port_reply simple_access(void *node, struct mem_request *r, uint64_t now)
{
    struct cache *c = node;
    uint32_t set = tags_set(&c->tags, r->pa), way = c->tags.recent[set];
    check(c, r);
    if (!is_usual(c, r, set, way) || !c->tags.repeat_is_noop ||
        !take_port(c, cache_bank_of(c, r->pa), now))
        return usual_access(c, r, now);
    if (mem_writes(r))
        *tags_word(&c->tags, set, way) |= LINE_DIRTY;
    count_hit(c, r, now);
    return PORT_HIT;
}

/* The same of a coherent cache, which writes at once what it owns. A request of a cache above that
 * holds the line moves no bytes. */
enum port_reply cache_access_coherent(void *node, struct mem_request *r, uint64_t now)
{
    struct cache *c = node;
    uint32_t set = tags_set(&c->tags, r->pa), way = c->tags.recent[set];
    uint64_t *word = tags_word(&c->tags, set, way);
    bool may = c->write_back && !c->align && (!mem_writes(r) || *word & LINE_OWNED);
    if (may && !r->block && is_usual(c, r, set, way) && c->tags.repeat_is_noop &&
        take_port(c, cache_bank_of(c, r->pa), now)) {
        *word |= mem_writes(r) ? LINE_DIRTY : 0u;
        count_hit(c, r, now);
        return PORT_HIT;
    }
    enum port_reply reply = cache_access(c, r, now);
    if (reply != PORT_BUSY && r->holds)
        c->stats.bytes[r->command] -= max_u64(r->block, r->bytes);
    return reply;
}

/* What simple_access does not look at. */
static bool is_simple(const struct cache *c) { return c->write_back && !c->exclusive && !c->align; }

static void cache_wait(void *node, struct port_waiter *w)
{
    struct cache *c = node;
    waiters_add(&c->refused, w);
}

static void derive(struct cache *c)
{
    const struct cache_keys *k = &c->keys;
    c->write_back = k->write == CACHE_WRITE_BACK;
    c->inclusive = k->inclusion == CACHE_INCLUSIVE;
    c->exclusive = k->inclusion == CACHE_EXCLUSIVE;
    c->claims = c->write_back && k->write_allocate && !c->below.is_inclusive && !c->coherent;
    c->latency_ticks = clock_ticks(c->clock, k->latency);
    c->miss_ticks = clock_ticks(c->clock, k->miss_latency);
    c->fill_ticks = clock_ticks(c->clock, k->fill_latency);
    c->line_ticks = clock_ticks(c->clock, k->line_latency);
    c->bank_mask = k->banks - 1;
    c->bank_shift = ilog2(k->bank_bytes);
    c->bus_shift = ilog2(k->bus);
    c->beats = (uint32_t)max_u64(k->line / k->bus, 1);
}

struct cache *cache_create(const struct cache_setup *setup)
{
    const struct cache_keys *k = setup->keys;
    struct cache *c = xcalloc(1, sizeof *c);
    c->keys = *k;
    c->clock = setup->clock;
    c->align = setup->align;
    c->engine = setup->engine;
    c->below = setup->below;
    c->coherent = setup->coherent;
    waiters_init(&c->refused);
    derive(c);
    tags_init(&c->tags, (uint32_t)(k->size / k->line / k->ways), k->ways, (uint32_t)k->line,
              setup->plugins->repl, setup->plugins->repl_keys, setup->seed);
    c->bank = xcalloc(k->banks, sizeof *c->bank);
    if (c->coherent) {
        c->lost = xmalloc(k->size / k->line * sizeof *c->lost);
        memset(c->lost, 0xff, k->size / k->line * sizeof *c->lost);
    }
    mshr_file_init(&c->mshrs, k->mshrs, c);
    mshr_queue_init(&c->to_send);
    mshr_queue_init(&c->stalled);
    write_buffer_init(&c->writes, k->write_buffer);
    cache_down_init(c);
    cache_hists_create(c);
    cache_prefetch_init(c, setup->plugins);
    return c;
}

void cache_destroy(struct cache *c)
{
    if (!c)
        return;
    tags_free(&c->tags);
    free(c->bank);
    free(c->lost);
    mshr_file_free(&c->mshrs);
    cache_hists_destroy(c);
    write_buffer_free(&c->writes);
    cache_prefetch_free(c);
    free(c->uppers);
    free(c);
}

struct mem_port cache_port(struct cache *c)
{
    return (struct mem_port){
        .access = c->prefetch.ops ? cache_access_observed
                  : c->coherent   ? cache_access_coherent
                  : is_simple(c)  ? simple_access
                                  : cache_access,
        .wait = cache_wait,
        .warm = c->coherent ? NULL : cache_warm, /* a directory would not know */
        .left = c->coherent ? cache_left : NULL,
        .node = c,
        .takes_victims = c->exclusive,
        .is_inclusive = c->inclusive || c->below.is_inclusive,
        .is_cache = true,
    };
}

struct mem_upper cache_upper(struct cache *c)
{
    return (struct mem_upper){.invalidate = cache_invalidate,
                              .snoop = c->coherent ? cache_snoop : NULL,
                              .holds = c->coherent ? cache_has : NULL,
                              .node = c};
}

const struct cache_stats *cache_statistics(const struct cache *c) { return &c->stats; }
const struct cache_keys *cache_settings(const struct cache *c) { return &c->keys; }

void cache_add_upper(struct cache *c, struct mem_upper upper)
{
    c->uppers = xrealloc(c->uppers, (c->upper_count + 1) * sizeof *c->uppers);
    c->uppers[c->upper_count++] = upper;
}

bool cache_holds(const struct cache *c, uint64_t pa)
{
    return tags_find(&c->tags, tags_set(&c->tags, pa), pa) != TAGS_ABSENT;
}
