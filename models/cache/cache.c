#include "models/cache/cache.h"

#include <assert.h>
#include <stdlib.h>

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

/* A hit of a request with a block in an exclusive cache: a line comes from above or goes there. */
static void hand_over(struct cache *c, uint64_t *word, struct mem_request *r)
{
    if (!mem_brings_line(r))
        cache_move_up(c, word, r);
}

enum port_reply cache_access(void *node, struct mem_request *r, uint64_t now)
{
    struct cache *c = node;
    assert(r->bytes > 0 && tags_line(&c->tags, r->pa) == tags_line(&c->tags, r->pa + r->bytes - 1));
    assert(r->block <= c->tags.line_bytes);
    if (c->align)
        now = clock_edge(c->clock, now);
    uint32_t set = tags_set(&c->tags, r->pa);
    int32_t way = tags_find(&c->tags, set, r->pa);
    if (way == TAGS_ABSENT)
        return cache_miss(c, r, now);
    uint64_t *word = tags_word(&c->tags, set, (uint32_t)way);
    if (mem_writes(r) && !write_hit(c, r, word, now))
        return PORT_BUSY;
    if (*word & LINE_PREFETCHED && cache_uses(r))
        cache_prefetch_used(c, word);
    tags_touch(&c->tags, set, (uint32_t)way, r);
    if (r->block && c->exclusive)
        hand_over(c, word, r);
    cache_count(c, r, CACHE_HIT);
    c->stats.hits++;
    uint64_t ready = cache_claim_bank(c, r->pa, now) + c->latency_ticks;
    cache_answer(r, ready, ready, 1);
    return PORT_HIT;
}

static void cache_wait(void *node, struct port_waiter *w)
{
    struct cache *c = node;
    assert(!w->waiting);
    w->waiting = true;
    w->next = NULL;
    *c->last_refused = w;
    c->last_refused = &w->next;
}

static void derive(struct cache *c)
{
    const struct cache_keys *k = &c->keys;
    c->write_back = k->write == CACHE_WRITE_BACK;
    c->inclusive = k->inclusion == CACHE_INCLUSIVE;
    c->exclusive = k->inclusion == CACHE_EXCLUSIVE;
    c->claims = c->write_back && k->write_allocate && !c->below.is_inclusive;
    c->latency_ticks = clock_ticks(c->clock, k->latency);
    c->miss_ticks = clock_ticks(c->clock, k->miss_latency);
    c->fill_ticks = clock_ticks(c->clock, k->fill_latency);
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
    c->last_refused = &c->refused;
    derive(c);
    tags_init(&c->tags, (uint32_t)(k->size / k->line / k->ways), k->ways, (uint32_t)k->line,
              setup->plugins->repl, setup->plugins->repl_keys, setup->seed);
    c->bank = xcalloc(k->banks, sizeof *c->bank);
    mshr_file_init(&c->mshrs, k->mshrs, c);
    mshr_queue_init(&c->to_send);
    mshr_queue_init(&c->stalled);
    write_buffer_init(&c->writes, k->write_buffer);
    cache_down_init(c);
    cache_prefetch_init(c, setup->plugins);
    return c;
}

void cache_destroy(struct cache *c)
{
    if (!c)
        return;
    tags_free(&c->tags);
    free(c->bank);
    mshr_file_free(&c->mshrs);
    write_buffer_free(&c->writes);
    cache_prefetch_free(c);
    free(c->uppers);
    free(c);
}

struct mem_port cache_port(struct cache *c)
{
    return (struct mem_port){
        .access = c->prefetch.ops || c->keys.trace ? cache_access_observed : cache_access,
        .wait = cache_wait,
        .warm = cache_warm,
        .node = c,
        .takes_victims = c->exclusive,
        .is_inclusive = c->inclusive || c->below.is_inclusive,
    };
}

struct mem_upper cache_upper(struct cache *c) { return (struct mem_upper){cache_invalidate, c}; }

const struct cache_stats *cache_statistics(const struct cache *c) { return &c->stats; }
const struct cache_keys *cache_settings(const struct cache *c) { return &c->keys; }
void cache_set_trace(struct cache *c, struct cache_trace trace) { c->trace = trace; }

void cache_add_upper(struct cache *c, struct mem_upper upper)
{
    c->uppers = xrealloc(c->uppers, (c->upper_count + 1) * sizeof *c->uppers);
    c->uppers[c->upper_count++] = upper;
}

bool cache_holds(const struct cache *c, uint64_t pa)
{
    return tags_find(&c->tags, tags_set(&c->tags, pa), pa) != TAGS_ABSENT;
}
