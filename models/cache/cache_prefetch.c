#include "models/cache/cache_prefetch.h"

#include <assert.h>
#include <stdlib.h>

#include "models/cache/cache_impl.h"
#include "sim/base/err.h"

/* Lines that may be named for one access, by level of the throttle. */
static const uint8_t limits[] = {1, 1, 2, 4, PREFETCH_LIST_MAX};
enum { LOWEST, HIGHEST = ARRAY_LEN(limits) - 1 };
/* Even across pages: a prefetcher that runs down from address 0 shall not come in from the top. */
#define PREFETCH_REACH_BYTES (UINT64_C(1) << 40)
#define SKIPPED_AT_LOWEST    15 /* accesses between two that may name a line */

static struct prefetch_entry *at(const struct cache *c, uint32_t place)
{
    const struct prefetch_unit *u = &c->prefetch;
    uint32_t i = u->head + place, size = u->keys.prefetch_queue;
    return &u->queue[i < size ? i : i - size];
}

static void pop(struct cache *c)
{
    struct prefetch_unit *u = &c->prefetch;
    u->head = u->head + 1 < u->keys.prefetch_queue ? u->head + 1 : 0;
    u->waiting--;
    c->stats.prefetch_waiting--;
}

static bool is_coming(const struct cache *c, uint64_t line)
{
    return tags_find(&c->tags, tags_set(&c->tags, line), line) != TAGS_ABSENT ||
           mshr_find(&c->mshrs, line);
}

static bool may_take_mshr(const struct cache *c)
{
    return c->mshrs.count - c->mshrs.used > c->prefetch.keys.prefetch_reserve;
}

static void ask_below(struct cache *c, const struct prefetch_entry *e, uint64_t now)
{
    struct mem_request r = {
        .pa = e->line,
        .pc = e->pc,
        .bytes = TAGS_MIN_LINE, /* no byte is more urgent than the others */
        .command = MEM_PREFETCH,
        .core = e->core,
    };
    struct mshr *m = cache_take_mshr(c, e->line, now);
    m->named = true;
    c->stats.prefetch_sent++;
    cache_start_fetch(c, m, &r, now, now);
}

/* One line of the queue a cycle. Without an MSHR to spare it stops: the next one freed goes on. */
static void prefetch_event(struct event *ev, uint64_t now)
{
    struct cache *c = ev->owner;
    struct prefetch_unit *u = &c->prefetch;
    const struct prefetch_entry *oldest = at(c, 0);
    if (is_coming(c, oldest->line))
        c->stats.prefetch_redundant++;
    else if (may_take_mshr(c))
        ask_below(c, oldest, now);
    else
        return;
    pop(c);
    if (u->waiting)
        engine_schedule(c->engine, &u->event, now + c->clock.period_ticks, PHASE_MEMORY);
}

void cache_prefetch_resume(struct cache *c, uint64_t from)
{
    struct prefetch_unit *u = &c->prefetch;
    if (u->waiting && !event_pending(&u->event) && may_take_mshr(c))
        engine_schedule(c->engine, &u->event, clock_edge(c->clock, from), PHASE_MEMORY);
}

static bool is_queued(const struct cache *c, uint64_t line)
{
    for (uint32_t n = 0; n < c->prefetch.waiting; n++)
        if (at(c, n)->line == line)
            return true;
    return false;
}

static void push(struct cache *c, uint64_t pa, const struct mem_request *trigger)
{
    struct prefetch_unit *u = &c->prefetch;
    struct prefetch_entry e = {tags_line(&c->tags, pa), trigger->pc, trigger->core};
    c->stats.prefetch_named++;
    uint64_t reach = u->keys.prefetch_cross_page ? PREFETCH_REACH_BYTES : PREFETCH_PAGE_BYTES;
    if ((pa ^ trigger->pa) >= reach) {
        c->stats.prefetch_off_page++;
        return;
    }
    if (is_coming(c, e.line) || is_queued(c, e.line)) {
        c->stats.prefetch_redundant++;
        return;
    }
    if (u->waiting == u->keys.prefetch_queue) {
        c->stats.prefetch_overflows++;
        pop(c);
    }
    *at(c, u->waiting++) = e;
    c->stats.prefetch_waiting++;
}

static uint32_t limit(struct prefetch_unit *u)
{
    if (u->level != LOWEST)
        return limits[u->level];
    if (u->skipped++ < SKIPPED_AT_LOWEST)
        return 0;
    u->skipped = 0;
    return limits[LOWEST];
}

void cache_prefetch_observe(struct cache *c, const struct mem_request *r, bool is_miss,
                            bool is_first_use, uint64_t now)
{
    struct prefetch_unit *u = &c->prefetch;
    struct prefetch_list wanted;
    struct prefetch_access a = {.pa = r->pa,
                                .pc = r->pc,
                                .command = r->command,
                                .is_miss = is_miss,
                                .is_first_use = is_first_use};
    wanted.count = wanted.refused = 0;
    wanted.limit = limit(u);
    u->ops->observe(u->prefetcher, &a, &wanted);
    c->stats.prefetch_throttled += u->level == HIGHEST ? 0 : wanted.refused;
    for (uint32_t n = 0; n < wanted.count; n++)
        push(c, wanted.pa[n], r);
    cache_prefetch_resume(c, now + c->clock.period_ticks);
}

void cache_prefetch_fate(struct cache *c, bool is_used)
{
    struct prefetch_unit *u = &c->prefetch;
    u->used += is_used;
    u->gone += !is_used;
    if (!u->ops || !u->keys.prefetch_window || u->used + u->gone < u->keys.prefetch_window)
        return;
    uint64_t percent = UINT64_C(100) * u->used / (u->used + u->gone);
    if (percent < u->keys.prefetch_low && u->level > LOWEST)
        u->level--;
    else if (percent >= u->keys.prefetch_high && u->level < HIGHEST)
        u->level++;
    u->used = u->gone = 0;
}

void cache_prefetch_init(struct cache *c, const struct cache_plugins *plugins)
{
    struct prefetch_unit *u = &c->prefetch;
    u->ops = plugins->prefetch;
    u->keys = plugins->prefetch_keys;
    u->level = HIGHEST;
    u->event = (struct event){.fn = prefetch_event, .owner = c};
    if (!u->ops)
        return;
    assert(u->keys.prefetch_reserve < c->mshrs.count);
    u->queue = xcalloc(u->keys.prefetch_queue, sizeof *u->queue);
    u->prefetcher = u->ops->create(&(struct prefetch_setup){.line_bytes = c->tags.line_bytes,
                                                            .keys = plugins->prefetcher_keys});
}

void cache_prefetch_free(struct cache *c)
{
    if (c->prefetch.ops)
        c->prefetch.ops->destroy(c->prefetch.prefetcher);
    free(c->prefetch.queue);
}
