/* An access whose line is not in the tags: it merges with a fetch on its way, starts one, brings
 * the line itself (a write-back), or passes by (a write without allocation). Each path first
 * makes sure of every resource it needs, so that a refusal leaves no trace but its count. */
#include <assert.h>

#include "models/cache/cache_lines.h"

static enum port_reply refuse(uint64_t *reason)
{
    (*reason)++;
    return PORT_BUSY;
}

/* The requester need not wait for the line: nobody is called back, or the data went down. */
static bool posted(const struct cache *c, const struct mem_request *r)
{
    return !r->done || (mem_writes(r) && !c->write_back);
}

static enum port_reply answer_taken(struct cache *c, struct mem_request *r, uint64_t start)
{
    cache_answer(r, start + c->latency_ticks, start + c->latency_ticks, 1);
    return PORT_HIT;
}

/* What a use means for a fetch: it is wanted now, and no longer only a prefetch. */
static void use_joins(struct cache *c, struct mshr *m, const struct mem_request *r)
{
    if (m->prefetch && cache_uses(r)) {
        m->prefetch = false;
        c->stats.prefetch_late++;
        c->stats.prefetch_useful++;
        c->stats.prefetch_in_flight--;
        cache_prefetch_fate(c, true);
    }
}

enum port_reply cache_merge(struct cache *c, struct mshr *m, struct mem_request *r, uint64_t now)
{
    bool through = mem_writes(r) && !c->write_back;
    if (through && write_buffer_full(&c->writes))
        return refuse(&c->stats.refusals_write_buffer);
    if (c->coherent && !through && !cache_may_merge(m, r))
        return refuse(&c->stats.refusals_target);
    if (!posted(c, r) && m->target_count == c->keys.targets)
        return refuse(&c->stats.refusals_target);
    cache_count(c, r, CACHE_DELAYED_HIT);
    c->stats.delayed_hits++;
    use_joins(c, m, r);
    uint64_t start = cache_claim_bank(c, r->pa, now);
    if (through)
        cache_pass_down(c, r, start + c->miss_ticks);
    else if (mem_writes(r))
        m->dirty = true;
    if (posted(c, r))
        return answer_taken(c, r, start);
    m->target_count++;
    if (m->first_ticks != MSHR_UNKNOWN) {
        cache_answer_filling(c, m, r, start + c->latency_ticks);
        if (c->exclusive && r->block)
            cache_hand_up(m, r);
        return PORT_HIT;
    }
    r->ready = start + c->latency_ticks; /* no sooner than a hit */
    mshr_add_target(m, r);
    return PORT_MISS;
}

/* What to ask below: whoever writes, here or above, wants the line for writing. What writes through
 * a coherent cache asks the others when it arrives below. */
static uint8_t fetch_command(const struct cache *c, const struct mem_request *r)
{
    if (c->coherent && !c->write_back && r->command != MEM_FETCH)
        return r->command == MEM_PREFETCH ? MEM_PREFETCH : MEM_LOAD;
    return r->command == MEM_WRITE || r->command == MEM_WRITEBACK ? MEM_STORE : r->command;
}

void cache_start_fetch(struct cache *c, struct mshr *m, const struct mem_request *r, uint64_t now,
                       uint64_t start)
{
    m->prefetch = r->command == MEM_PREFETCH && !r->block; /* with a block: of a cache above */
    c->stats.prefetch_issued += m->prefetch;
    c->stats.prefetch_in_flight += m->prefetch;
    m->dirty = mem_writes(r) && c->write_back;
    m->asked_ticks = now;
    m->request = (struct mem_request){
        .pa = r->pa,
        .pc = r->pc,
        .bytes = r->bytes,
        .block = c->tags.line_bytes,
        .command = fetch_command(c, r),
        .core = r->core,
        .is_walk = r->is_walk,
        .done = cache_arrived_done,
        .owner = m,
    };
    m->event.fn = cache_mshr_event;
    m->event.owner = m;
    engine_schedule(c->engine, &m->event, start + c->miss_ticks, PHASE_MEMORY);
}

struct mshr *cache_take_mshr(struct cache *c, uint64_t pa, uint64_t now)
{
    if (c->mshrs.used == c->mshrs.count)
        return NULL;
    cache_observe_mshrs(c);
    struct mshr *m = mshr_alloc(&c->mshrs, tags_line(&c->tags, pa));
    if (c->mshrs.used == c->mshrs.count)
        c->full_since = now;
    c->stats.mshr_allocations++;
    c->stats.mshrs_in_use++;
    return m;
}

enum port_reply cache_fetch(struct cache *c, struct mem_request *r, uint64_t now)
{
    bool through = mem_writes(r) && !c->write_back;
    if (through && write_buffer_full(&c->writes))
        return refuse(&c->stats.refusals_write_buffer);
    struct mshr *m = cache_take_mshr(c, r->pa, now);
    if (!m)
        return refuse(&c->stats.refusals_mshr);
    cache_count(c, r, CACHE_MISS);
    c->stats.misses++;
    if (c->coherent)
        cache_note_miss(c, r);
    uint64_t start = cache_claim_bank(c, r->pa, now);
    cache_start_fetch(c, m, r, now, start);
    c->stats.prefetch_hints += m->prefetch;
    if (through)
        cache_pass_down(c, r, start + c->miss_ticks);
    if (posted(c, r))
        return answer_taken(c, r, start);
    m->target_count = 1;
    r->ready = 0;
    mshr_add_target(m, r);
    return PORT_MISS;
}

static enum port_reply pass_by(struct cache *c, struct mem_request *r, uint64_t now)
{
    if (write_buffer_full(&c->writes))
        return refuse(&c->stats.refusals_write_buffer);
    cache_count(c, r, CACHE_MISS);
    c->stats.misses++;
    c->stats.passed_writes++;
    uint64_t start = cache_claim_bank(c, r->pa, now);
    cache_pass_down(c, r, start + c->miss_ticks);
    return answer_taken(c, r, start);
}

/* A whole line from above, or a store of one, needs no fetch. Refused while the write buffer is
 * full, whether or not the victim is dirty: choosing one may change the policy's state, and a
 * refusal must not. */
static enum port_reply take_line(struct cache *c, struct mem_request *r, uint64_t now)
{
    if (write_buffer_full(&c->writes))
        return refuse(&c->stats.refusals_write_buffer);
    cache_count(c, r, CACHE_MISS);
    c->stats.misses++;
    c->stats.write_fills++;
    uint64_t start = cache_claim_bank(c, r->pa, now);
    uint32_t set = tags_set(&c->tags, r->pa);
    cache_replace(c, set, tags_victim(&c->tags, set, r), r,
                  mem_writes(r) && c->write_back ? LINE_DIRTY | (c->coherent ? LINE_OWNED : 0u)
                                                 : 0u);
    if (!c->write_back)
        cache_pass_down(c, r, start + c->miss_ticks);
    return answer_taken(c, r, start);
}

enum port_reply cache_miss(struct cache *c, struct mem_request *r, uint64_t now)
{
    struct mshr *m = mshr_find(&c->mshrs, tags_line(&c->tags, r->pa));
    if (m)
        return cache_merge(c, m, r, now);
    if (mem_writes(r) && !c->keys.write_allocate)
        return pass_by(c, r, now);
    bool whole = cache_brings_whole(c, r);
    if (whole && cache_lets_pass(c))
        return pass_by(c, r, now);
    if (whole)
        return take_line(c, r, now);
    return cache_fetch(c, r, now);
}
