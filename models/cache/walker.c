#include "models/cache/walker.h"

#include <assert.h>
#include <stdlib.h>

#include "models/cache/named_laws.h"
#include "models/cache/waiters.h"
#include "models/cache/walk_cache.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/engine/event.h"
#include "sim/schema/stats.h"

#define ENTRY_BYTES 8

struct walk {
    struct page_walk path;
    struct tlb_request first; /* what it was started for; a copy, the asker may be gone */
    uint64_t mask;            /* the bits that are the number of the page */
    uint32_t step;            /* entry being read, or next to be */
    bool reading;             /* the event is the end of a step, not the start of the walk */
    uint32_t askers;
    uint64_t start_tick;
    struct tlb_request *targets, **last_target;
    struct mem_request request;
    struct event event; /* the next step */
    struct port_waiter waiter;
    struct walker *walker;
    struct walk *next; /* under way, or free */
};

struct walker {
    struct walker_setup setup;
    struct walker_keys keys;
    uint64_t step_ticks;
    struct walk *walks; /* [keys.walkers] */
    struct walk *active, *free;
    uint64_t full_since; /* tick at which the last free walker was taken */
    struct walk_cache cache;
    struct waiters refused;
    struct walker_stats stats;
};

const struct key_row walker_key_rows[] = {WALKER_KEYS(KEY_ROW, walker_keys) KEY_END};
static const struct stat_row stat_rows[] = {WALKER_STATS(STAT_ROW, walker_stats) STAT_END};

static const struct law_row laws[] = {
    {"a request starts a walk or joins one", "@.walks + @.merged", "@.requests"},
    {"a walk started ends", "@.walks_ended + @.walking", "@.walks"},
    {"a table entry is cached, read or waited for",
     "@.cached_entries + @.loads + @.loads_waiting", "@.entries"},
    {NULL, NULL, NULL},
};

static const struct formula_row formulas[] = {
    {"mean_walk_cycles", "@.walk_cycles / @.walks_ended", "core cycles of a walk"},
    {"loads_per_walk", "@.loads / @.walks", "table entries read for a walk"},
    {NULL, NULL, NULL},
};

static bool same_page(const struct walk *k, const struct tlb_request *r)
{
    return !(((k->first.ea ^ r->ea) | (k->first.pa ^ r->pa)) & k->mask);
}

static struct walk *find_walk(const struct walker *w, const struct tlb_request *r)
{
    struct walk *k = w->active;
    while (k && !same_page(k, r))
        k = k->next;
    return k;
}

/* The first step that the page-walk cache does not spare. */
static uint32_t first_step(struct walker *w, const struct page_walk *path, uint64_t ea)
{
    for (uint32_t step = path->loads; step-- > 1;) {
        struct walk_cache_entry *e =
            walk_cache_find(&w->cache, path->space, ea, path->shift[step - 1]);
        if (e) {
            walk_cache_touch(&w->cache, e);
            return step;
        }
    }
    return 0;
}

static void release(struct walk *k, uint64_t now)
{
    struct walker *w = k->walker;
    struct walk **link = &w->active;
    while (*link != k)
        link = &(*link)->next;
    *link = k->next;
    if (!w->free)
        w->stats.busy_cycles += clock_cycles(w->setup.clock, now - w->full_since);
    k->next = w->free;
    w->free = k;
    w->stats.walking--;
    w->stats.walks_ended++;
    w->stats.walk_cycles += clock_cycles(w->setup.clock, now - k->start_tick);
}

/* All entries are read. What is called back may ask again, and find the walker free. */
static void end_walk(struct walk *k, uint64_t now)
{
    struct walker *w = k->walker;
    struct tlb_request *r = k->targets, *next;
    release(k, now);
    w->setup.found(w->setup.owner, &k->first, k->path.page_shift, k->askers, now);
    for (; r; r = next) {
        next = r->next;
        r->ready = now;
        r->done(r);
    }
    waiters_wake(&w->refused, now);
}

/* It is known when the entry arrives: from the next edge of the core's clock the walk goes on. */
static void load_answered(struct walk *k)
{
    struct walker *w = k->walker;
    uint64_t tick = clock_edge(w->setup.clock, k->request.ready) + w->step_ticks;
    k->reading = true;
    engine_schedule(w->setup.engine, &k->event, tick, PHASE_MEMORY);
}

static void load_done(struct mem_request *r) { load_answered(r->owner); }

static void entry_read(struct walk *k)
{
    struct walker *w = k->walker;
    k->reading = false;
    w->stats.loads++;
    w->stats.loads_waiting--;
    if (k->step + 1 < k->path.loads)
        walk_cache_put(&w->cache, k->path.space, k->first.ea, k->path.shift[k->step]);
    k->step++;
}

static void load_entry(struct walk *k, uint64_t now)
{
    const struct mem_port *m = &k->walker->setup.memory;
    k->request = (struct mem_request){
        .pa = k->path.pa[k->step],
        .bytes = ENTRY_BYTES,
        .command = MEM_LOAD,
        .core = k->walker->setup.core,
        .is_walk = true,
        .done = load_done,
        .owner = k,
    };
    switch (m->access(m->node, &k->request, now)) {
    case PORT_HIT:
        k->walker->stats.load_bytes += ENTRY_BYTES;
        load_answered(k);
        break;
    case PORT_MISS:
        k->walker->stats.load_bytes += ENTRY_BYTES;
        break;
    case PORT_BUSY:
        m->wait(m->node, &k->waiter);
        break;
    }
}

static void load_again(struct port_waiter *waiter, uint64_t now) { load_entry(waiter->owner, now); }

static void next_step(struct event *ev, uint64_t now)
{
    struct walk *k = ev->owner;
    if (k->reading)
        entry_read(k);
    if (k->step < k->path.loads)
        load_entry(k, now);
    else
        end_walk(k, now);
}

static struct walk *start_walk(struct walker *w, const struct tlb_request *r, uint64_t now,
                               uint64_t start)
{
    struct walk *k = w->free;
    w->free = k->next;
    if (!w->free)
        w->full_since = now;
    k->next = w->active;
    w->active = k;
    w->setup.tables.walk(w->setup.tables.ctx, w->setup.core, r->ea, &k->path);
    k->first = *r;
    k->mask = ~UINT64_C(0) << k->path.page_shift;
    k->askers = 0;
    k->start_tick = start;
    k->targets = NULL;
    k->last_target = &k->targets;
    k->step = first_step(w, &k->path, r->ea);
    w->stats.walks++;
    w->stats.walking++;
    w->stats.entries += k->path.loads;
    w->stats.cached_entries += k->step;
    w->stats.loads_waiting += k->path.loads - k->step;
    engine_schedule(w->setup.engine, &k->event, start, PHASE_MEMORY);
    return k;
}

enum port_reply walker_ask(struct walker *w, struct tlb_request *r, uint32_t askers, uint64_t now,
                           uint64_t start)
{
    struct walk *k = find_walk(w, r);
    if (!k && !w->free) {
        w->stats.refusals++;
        return PORT_BUSY;
    }
    w->stats.requests++;
    if (k)
        w->stats.merged++;
    else
        k = start_walk(w, r, now, start);
    k->askers |= askers;
    if (!r->done) {
        r->ready = start;
        return PORT_HIT;
    }
    r->next = NULL;
    *k->last_target = r;
    k->last_target = &r->next;
    return PORT_MISS;
}

void walker_wait(struct walker *w, struct port_waiter *waiter)
{
    assert(!w->free);
    waiters_add(&w->refused, waiter);
}

unsigned walker_warm(struct walker *w, const struct tlb_request *r)
{
    const struct mem_port *m = &w->setup.memory;
    struct page_walk path;
    w->setup.tables.walk(w->setup.tables.ctx, w->setup.core, r->ea, &path);
    for (uint32_t step = first_step(w, &path, r->ea); step < path.loads; step++) {
        struct mem_request load = {.pa = path.pa[step], .bytes = ENTRY_BYTES,
                                   .command = MEM_LOAD, .core = w->setup.core};
        if (m->warm)
            m->warm(m->node, &load);
        if (step + 1u < path.loads)
            walk_cache_put(&w->cache, path.space, r->ea, path.shift[step]);
    }
    return path.page_shift;
}

struct walker *walker_create(const struct walker_setup *setup)
{
    struct walker *w = xcalloc(1, sizeof *w);
    w->setup = *setup;
    w->keys = *setup->keys;
    w->step_ticks = clock_ticks(setup->clock, w->keys.step_latency);
    w->walks = xcalloc(w->keys.walkers, sizeof *w->walks);
    w->cache.count = w->keys.walk_cache;
    w->cache.entry = xcalloc(max_u64(w->keys.walk_cache, 1), sizeof *w->cache.entry);
    waiters_init(&w->refused);
    for (uint32_t n = w->keys.walkers; n-- > 0;) {
        struct walk *k = &w->walks[n];
        *k = (struct walk){.walker = w, .next = w->free};
        k->event = (struct event){.fn = next_step, .owner = k};
        k->waiter = (struct port_waiter){.wake = load_again, .owner = k};
        w->free = k;
    }
    return w;
}

void walker_destroy(struct walker *w)
{
    if (!w)
        return;
    free(w->walks);
    free(w->cache.entry);
    free(w);
}

void walker_register(const struct walker *w, struct stats *s, const char *name)
{
    stats_add(s, name, stat_rows, &w->stats);
    named_formulas(s, name, formulas);
    named_laws(s, name, laws);
}
