/* What arrives from below: answers to those who wait, then the line enters the tags and its victim
 * leaves. Also invalidation, by which lines leave without time. */
#include <assert.h>

#include "models/cache/cache_lines.h"

/* Number of the beat with this byte: the line wraps around from the beat with the byte that was
 * asked for first. */
static inline uint64_t beat_of(const struct cache *c, const struct mshr *m, uint64_t pa)
{
    return ((pa >> c->bus_shift) - (m->request.pa >> c->bus_shift)) & (c->beats - 1);
}

static uint64_t beat_ticks(const struct cache *c, const struct mshr *m, uint64_t beat)
{
    uint64_t span = m->last_ticks - m->first_ticks;
    if (beat == 0)
        return m->first_ticks;
    if (beat == c->beats - 1)
        return m->last_ticks;
    return m->first_ticks + clock_edge(c->clock, (span * beat + c->beats - 2) / (c->beats - 1));
}

/* Tick at which the last beat of a range that does not leave the line is usable. */
static uint64_t range_ticks(const struct cache *c, const struct mshr *m, uint64_t pa,
                            uint64_t bytes)
{
    uint64_t last_pa = pa + bytes - 1;
    if (m->last_ticks == m->first_ticks)
        return m->first_ticks;
    if (c->beats == 1) /* nothing is known but when the bytes asked for come, and when the last */
        return pa - m->request.pa < m->request.bytes && last_pa - m->request.pa < m->request.bytes
                   ? m->first_ticks
                   : m->last_ticks;
    /* Where the beats of the range wrap around, the last of all is among them. */
    uint64_t from = beat_of(c, m, pa), to = beat_of(c, m, last_pa);
    return beat_ticks(c, m, from <= to ? to : c->beats - 1);
}

void cache_answer_filling(const struct cache *c, const struct mshr *m, struct mem_request *r,
                          uint64_t earliest)
{
    uint64_t ready = max_u64(earliest, range_ticks(c, m, r->pa, r->bytes)), complete = ready;
    if (r->block)
        complete = max_u64(ready, range_ticks(c, m, align_down(r->pa, r->block), r->block));
    cache_answer(r, ready, complete, (uint8_t)(m->request.level + 1));
    r->owned = m->owned;
}

/* In an exclusive cache a line that a cache above waits for goes there and does not stay. */
static void hand_up(struct mshr *m)
{
    struct mem_request *r = m->targets;
    while (r && !r->block)
        r = r->next;
    if (r)
        cache_hand_up(m, r);
}

/* Tick at which the line enters the cache. */
static inline uint64_t entry_ticks(const struct cache *c, const struct mshr *m)
{
    return m->last_ticks + c->line_ticks;
}

/* The request has its answer: fixes when each beat is usable, hence when each target is
 * answered. */
void cache_arrived(struct cache *c, struct mshr *m)
{
    const struct mem_request *below = &m->request;
    uint64_t next, span = below->complete - below->ready,
                   bus = below->holds ? 0 : clock_ticks(c->clock, c->beats - 1);
    m->first_ticks = clock_edge(c->clock, below->ready) + c->fill_ticks;
    m->last_ticks = m->first_ticks + (span > bus ? clock_edge(c->clock, span) : bus);
    if (c->keys.fill_order == CACHE_FILL_LINE)
        m->first_ticks = m->last_ticks;
    next = entry_ticks(c, m);
    m->dirty |= below->dirty;
    m->owned = below->owned;
    if (c->exclusive)
        hand_up(m);
    for (struct mem_request *r = m->targets; r; r = r->next) {
        cache_answer_filling(c, m, r, r->ready); /* until now: its earliest answer */
        next = min_u64(next, r->ready);
    }
    if (m->targets && cache_demand(m->targets))
        c->stats.miss_cycles += clock_cycles(c->clock, m->targets->ready - m->asked_ticks);
    m->state = MSHR_FILLING;
    engine_schedule(c->engine, &m->event, next, PHASE_MEMORY);
}

void cache_arrived_done(struct mem_request *request)
{
    struct mshr *m = request->owner;
    cache_arrived(m->owner, m);
}

/* Calls back everybody whose data are usable; the tick of the next one, UINT64_MAX after the last.
 * A callback may access this cache again but adds no target: the time of arrival is known. */
static uint64_t answer_targets(struct mshr *m, uint64_t now)
{
    struct mem_request **link = &m->targets;
    uint64_t next = UINT64_MAX;
    while (*link) {
        struct mem_request *r = *link;
        if (r->ready > now) {
            next = min_u64(next, r->ready);
            link = &r->next;
            continue;
        }
        *link = r->next;
        r->done(r);
    }
    m->last_target = link;
    return next;
}

static void release(struct cache *c, struct mshr *m, uint64_t now)
{
    if (c->mshrs.used == c->mshrs.count)
        c->stats.mshr_full_cycles += clock_cycles(c->clock, now - min_u64(c->full_since, now));
    cache_observe_mshrs(c);
    mshr_release(&c->mshrs, m);
    c->stats.mshrs_in_use--;
    if (c->below.settled)
        c->below.settled(c->below.node, m->line);
    cache_relieve(c);
    cache_prefetch_resume(c, now);
}

bool cache_may_go_down(const struct cache *c, uint32_t set, uint32_t way)
{
    uint64_t word = *tags_word(&c->tags, set, way);
    return word != TAG_EMPTY && (word & LINE_DIRTY || c->inclusive || c->below.takes_victims);
}

/* What has left this cache goes down, dirty or not, when somebody there wants it. */
static void send_down(struct cache *c, uint64_t line, bool dirty)
{
    if (dirty || c->below.takes_victims)
        cache_queue_write(c, (struct write_entry){
                                 .pa = line,
                                 .bytes = c->tags.line_bytes,
                                 .block = c->tags.line_bytes,
                                 .command = dirty ? MEM_WRITEBACK : MEM_EVICT,
                                 .tick = engine_now(c->engine),
                             });
}

/* Takes a line out of its way and says whether it was dirty. */
bool cache_take_out(struct cache *c, uint64_t *word)
{
    bool dirty = *word & LINE_DIRTY;
    if (*word & LINE_PREFETCHED) {
        c->stats.prefetch_useless++;
        c->stats.prefetch_resident--;
        cache_prefetch_fate(c, false);
    }
    if (c->prefetch.ops && c->prefetch.ops->evicted)
        c->prefetch.ops->evicted(c->prefetch.prefetcher, tags_line(&c->tags, *word));
    tags_remove(&c->tags, word);
    c->stats.resident_lines--;
    return dirty;
}

/* The same in the caches above; true when one of them had it dirty. */
bool cache_invalidate_above(struct cache *c, uint64_t pa, uint32_t block)
{
    bool dirty = false;
    for (uint32_t i = 0; i < c->upper_count; i++)
        dirty |= c->uppers[i].invalidate(c->uppers[i].node, pa, block);
    return dirty;
}

void cache_move_up(struct cache *c, uint64_t *word, struct mem_request *r)
{
    if (*word & LINE_PREFETCHED) /* for a touch above it is of use, too */
        cache_prefetch_used(c, word);
    r->dirty = cache_take_out(c, word);
    c->stats.moved_up++;
}

void cache_replace(struct cache *c, uint32_t set, uint32_t way, const struct mem_request *access,
                   uint32_t flags)
{
    uint64_t *word = tags_word(&c->tags, set, way), victim = *word;
    bool dirty = victim != TAG_EMPTY && cache_evict(c, word);
    cache_put(c, set, way, access, flags);
    if (victim != TAG_EMPTY) /* last: sending it may come back here through the level below */
        send_down(c, tags_line(&c->tags, victim), dirty);
    if (victim != TAG_EMPTY && c->coherent && !dirty)
        cache_gone(c, tags_line(&c->tags, victim));
}

/* An arrived line that does not enter the tags. */
static void drop(struct cache *c, const struct mshr *m)
{
    c->stats.dropped_fills++;
    if (m->prefetch) {
        c->stats.prefetch_dropped++;
        c->stats.prefetch_in_flight--;
        cache_prefetch_fate(c, false);
    }
}

/* Puts an arrived line into the tags; false when there is no room for what that pushes out. */
static bool fill(struct cache *c, struct mshr *m)
{
    uint32_t set = tags_set(&c->tags, m->line);
    int32_t there = c->coherent || m->warmed ? tags_find(&c->tags, set, m->line) : TAGS_ABSENT;
    bool full = write_buffer_full(&c->writes);
    uint32_t flags = (m->dirty ? LINE_DIRTY : 0u) | (m->owned ? LINE_OWNED : 0u);
    if (there != TAGS_ABSENT) { /* an upgrade; or warmed, while it was on its way */
        *tags_word(&c->tags, set, (uint32_t)there) |= flags;
        if (c->coherent)
            c->stats.upgrades++;
        else
            drop(c, m);
        return true;
    }
    if (m->dropped) {
        if (m->dirty && full)
            return false;
        drop(c, m);
        if (m->dirty)
            send_down(c, m->line, true);
        return true;
    }
    if (m->passed && !m->dirty) {
        c->stats.passed_fills++;
        return true;
    }
    uint32_t way = tags_victim(&c->tags, set, &m->request);
    if (full && cache_may_go_down(c, set, way))
        return false;
    c->stats.line_fills++;
    cache_replace(c, set, way, &m->request, flags | (m->prefetch ? LINE_PREFETCHED : 0u));
    return true;
}

static void filling(struct cache *c, struct mshr *m, uint64_t now)
{
    uint64_t next = answer_targets(m, now);
    if (now < entry_ticks(c, m))
        next = min_u64(next, entry_ticks(c, m));
    if (next != UINT64_MAX) {
        engine_schedule(c->engine, &m->event, next, PHASE_MEMORY);
        return;
    }
    if (m->counted) {
        c->stats.fill_bytes_in_flight -= c->tags.line_bytes;
        c->stats.fill_bytes += c->tags.line_bytes;
    }
    if (c->prefetch.ops && c->prefetch.ops->filled)
        c->prefetch.ops->filled(c->prefetch.prefetcher, m->line, m->named);
    if (!fill(c, m)) {
        c->stats.fill_stalls++;
        m->state = MSHR_STALLED;
        mshr_queue_push(&c->stalled, m);
        return;
    }
    release(c, m, now);
}

void cache_retry_stalled(struct cache *c, uint64_t now)
{
    while (c->stalled.first && fill(c, c->stalled.first))
        release(c, mshr_queue_take(&c->stalled, &c->stalled.first), now);
}

void cache_mshr_event(struct event *ev, uint64_t now)
{
    struct mshr *m = ev->owner;
    struct cache *c = m->owner;
    if (m->state == MSHR_FILLING) {
        filling(c, m, now);
        return;
    }
    assert(m->state == MSHR_LOOKUP);
    cache_looked_up(c, m, now);
}

bool cache_invalidate(void *node, uint64_t pa, uint32_t block)
{
    struct cache *c = node;
    bool dirty = cache_invalidate_above(c, pa, block); /* also what is not held here */
    for (uint64_t line = align_down(pa, block); line < align_down(pa, block) + block;
         line += c->tags.line_bytes) {
        uint32_t set = tags_set(&c->tags, line);
        int32_t way = tags_find(&c->tags, set, line);
        struct mshr *m = mshr_find(&c->mshrs, line);
        if (way != TAGS_ABSENT) {
            c->stats.invalidations++;
            dirty |= cache_take_out(c, tags_word(&c->tags, set, (uint32_t)way));
        }
        if (m && c->coherent)
            dirty |= cache_snoop_mshr(c, m, true);
        else if (m && m->state != MSHR_LOOKUP && m->state != MSHR_QUEUED)
            m->dropped = true; /* the copy on its way was taken before the line left below */
    }
    return dirty;
}
