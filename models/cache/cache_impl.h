/* Inside of a cache; for models/cache/cache*.c only. cache.c has the hit path and the life cycle,
 * cache_observe.c the same with a prefetcher that looks on, cache_miss.c what happens to an access
 * that finds no line, cache_down.c what is sent below, cache_fill.c what arrives from there,
 * cache_prefetch.c what is fetched ahead, cache_flush.c what instructions send away,
 * cache_coherent.c what other cores want, cache_warm.c accesses without time, cache_keys.c and
 * cache_stats.c what is said of it elsewhere; cache_parts.h lists what they do for each other,
 * cache_lines.h what several of them do alike. */
#ifndef MODELS_CACHE_CACHE_IMPL_H
#define MODELS_CACHE_CACHE_IMPL_H

#include "models/cache/cache_parts.h"
#include "models/cache/mshr.h"
#include "models/cache/tags.h"
#include "models/cache/waiters.h"
#include "models/cache/write_buffer.h"
#include "sim/base/bits.h"
#include "sim/engine/event.h"

struct cache_bank {
    uint64_t tick; /* of the cycle being filled */
    uint32_t used; /* accesses in it */
};

struct cache {
    /* Parameters. */
    struct cache_keys keys;
    struct clock clock;
    bool align, write_back, inclusive, exclusive;
    bool coherent;
    bool claims; /* a line that a store overwrites wholly need not be fetched */
    struct engine *engine;
    struct mem_port below;
    struct mem_upper *uppers; /* told of invalidations, and of evictions when inclusive */
    uint32_t upper_count;

    /* Derived. */
    uint64_t latency_ticks, miss_ticks, fill_ticks, line_ticks;
    uint64_t bank_mask;
    unsigned bank_shift, bus_shift;
    uint32_t beats; /* of the bus, per line */

    /* State. */
    struct tags tags;
    struct cache_bank *bank;
    struct mshr_file mshrs;
    uint64_t full_since; /* tick at which the last MSHR was taken, while all are in use */
    struct mshr_queue to_send, stalled;
    struct port_waiter send_waiter; /* for to_send */
    struct write_buffer writes;
    struct event write_event;        /* the next entry may be sent, or the oldest is free */
    struct port_waiter write_waiter; /* for the oldest unsent write */
    struct waiters refused;
    struct event relief; /* something was freed that a stalled line or a refused requester needs */
    struct prefetch_unit prefetch;
    uint64_t *lost; /* coherent: for each way the line that another core took out of it */

    struct cache_stats stats;
    struct cache_hists hists;
    uint64_t mshrs_since; /* tick from which on so many of them have been in use */
};

/* Before their number changes. */
static inline void cache_observe_mshrs(struct cache *c)
{
    uint64_t now = engine_now(c->engine);
    hist_add_times(&c->hists.mshrs, c->mshrs.used, now - c->mshrs_since);
    c->mshrs_since = now;
}

static inline bool cache_demand(const struct mem_request *r) { return r->command <= MEM_STORE; }
_Static_assert(MEM_FETCH < MEM_STORE && MEM_LOAD < MEM_STORE && MEM_STORE < MEM_WRITE,
               "cache_demand and cache_uses rely on the order of commands");

/* What counts as the use of a prefetched line: all but a write-back and a touch, which only say
 * that it may be used. A prefetch for a cache above takes the line there. */
static inline bool cache_uses(const struct mem_request *r)
{
    return r->command <= MEM_WRITE || (r->command == MEM_PREFETCH && r->block);
}

static inline struct cache_bank *cache_bank_of(const struct cache *c, uint64_t pa)
{
    return &c->bank[pa >> c->bank_shift & c->bank_mask];
}

/* Takes a port of the bank of pa: the tick at which the access starts, `now` or later. */
uint64_t cache_bank_conflict(struct cache *c, struct cache_bank *b, uint64_t now);
static inline uint64_t cache_claim_bank(struct cache *c, uint64_t pa, uint64_t now)
{
    struct cache_bank *b = cache_bank_of(c, pa);
    if (b->tick >= now)
        return cache_bank_conflict(c, b, now);
    b->tick = now;
    b->used = 1;
    return now;
}

static inline void cache_answer(struct mem_request *r, uint64_t ready, uint64_t complete,
                                uint8_t level)
{
    r->ready = ready;
    r->complete = complete;
    r->level = level;
}

/* A line on its way goes up with r, modified if it is, and will not stay here. */
static inline void cache_hand_up(struct mshr *m, struct mem_request *r)
{
    m->passed = true;
    r->dirty = m->dirty;
    m->dirty = false;
}

/* Adds an accepted access to the statistics. */
static inline void cache_count(struct cache *c, const struct mem_request *r,
                               enum cache_outcome outcome)
{
    c->stats.accesses++;
    c->stats.outcome[outcome][r->command]++;
    c->stats.bytes[r->command] += r->block > r->bytes ? r->block : r->bytes;
}

/* The first use of a line that a prefetch brought. */
void cache_prefetch_used(struct cache *c, uint64_t *word);

enum port_reply cache_access(void *node, struct mem_request *r, uint64_t now);
/* cache_observe.c. */
enum port_reply cache_access_observed(void *node, struct mem_request *r, uint64_t now);

/* Of a cache that is coherent: as cache_access. */
enum port_reply cache_access_coherent(void *node, struct mem_request *r, uint64_t now);

#endif
