#include "models/cache/directory.h"

#include <assert.h>
#include <stdlib.h>

#include "models/cache/directory_lines.h"
#include "models/cache/named_laws.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/engine/event.h"

const struct key_row directory_key_rows[] = {DIRECTORY_KEYS(KEY_ROW, directory_keys) KEY_END};
static const struct stat_row stat_rows[] = {DIRECTORY_STATS(STAT_ROW, directory_stats) STAT_END};

struct head {
    struct directory *directory;
    uint32_t number;
    bool owns;
    struct mem_upper upper;
};

/* One line that is busy: a request is being served, or data that became shared have to be written
 * below first. */
struct transaction {
    struct directory *directory;
    struct directory_line *line;
    uint32_t head;              /* whose request is served */
    bool is_served;             /* else nobody's, or the next one's event is pending */
    bool has_settled;           /* its line is in the cache that asked, or given up */
    bool writes;                /* modified data are to be written below */
    bool asks;                  /* the request is to be sent below */
    bool recalled;              /* the shared level has evicted the line meanwhile */
    uint64_t earliest;          /* no answer before: others have to give up or share the line */
    struct mem_request *asker;  /* being served, not answered; NULL */
    struct mem_request *waiting, **last; /* those behind it; their `level` is the head */
    struct mem_request below;
    struct event event;         /* answers the asker, or begins with the next one */
    struct port_waiter waiter;
    struct transaction *next_free;
};

struct directory {
    struct directory_setup setup;
    uint64_t upgrade_ticks, snoop_ticks, intervention_ticks;
    struct head *heads;
    uint32_t head_count;
    struct directory_lines lines;
    struct transaction *transactions, *free;
    struct port_waiter *refused, **last_refused; /* those above whose writes were refused */
    struct port_waiter below_waiter;             /* for these */
    bool refused_below, comes_again;             /* the last of them: why */
    struct event relief;
    struct directory_stats stats;
};

static uint64_t bit(uint32_t head) { return UINT64_C(1) << head; }

static uint64_t line_of(const struct directory *d, uint64_t pa)
{
    return pa & ~(uint64_t)(d->setup.line - 1);
}

static void leaves(struct directory_line *l, uint32_t head)
{
    l->holders &= ~bit(head);
    if (l->owner == (int32_t)head)
        l->owner = NO_OWNER;
}

/* Whether a fetch of that head is under way: what it holds is not settled. */
static bool is_unsettled(const struct directory_line *l, uint32_t head)
{
    const struct transaction *t = l->busy;
    return t && t->is_served && !t->has_settled && t->head == head;
}

static void forget_unheld(struct directory *d, struct directory_line *l)
{
    if (!l->holders && !l->busy)
        directory_line_remove(&d->lines, l);
}

/* Requests of a head that wait here for the right to write alone. */
static uint64_t waiting_upgrades(const struct directory_line *l, uint32_t head)
{
    const struct transaction *t = l->busy;
    uint64_t count = t && t->asker && !t->is_served && t->head == head && t->asker->holds;
    for (const struct mem_request *r = t ? t->waiting : NULL; r; r = r->next)
        count += r->level == head && r->holds;
    return count;
}

enum ask { ASK_TO_SHARE, ASK_TO_GIVE_UP, ASK_TO_EVICT };

/* Asks one head; true when it had modified data. A request of its that waits here for the right to
 * write alone may need the data from now on. */
static bool ask(struct directory *d, struct directory_line *l, uint32_t head, enum ask what)
{
    const struct mem_upper *u = &d->heads[head].upper;
    uint64_t upgrades = waiting_upgrades(l, head);
    bool dirty = what == ASK_TO_EVICT
                     ? u->invalidate(u->node, l->pa, d->setup.line)
                     : u->snoop(u->node, l->pa, d->setup.line,
                                what == ASK_TO_SHARE ? SNOOP_SHARE : SNOOP_TAKE);
    d->stats.pending_bytes += (upgrades - waiting_upgrades(l, head)) * d->setup.line;
    if (l->owner == (int32_t)head)
        l->owner = NO_OWNER;
    if (!u->holds(u->node, l->pa, d->setup.line))
        leaves(l, head);
    return dirty;
}

static bool snoop(struct directory *d, struct directory_line *l, uint32_t head, enum ask what)
{
    d->stats.snoops++;
    d->stats.invalidations += what == ASK_TO_GIVE_UP;
    return ask(d, l, head, what);
}

/* Takes the line from all but one; true when one of them had modified data. */
static bool take_from(struct directory *d, struct directory_line *l, uint64_t heads)
{
    bool dirty = false;
    for (heads &= l->holders; heads; heads &= heads - 1)
        dirty |= snoop(d, l, (uint32_t)__builtin_ctzll(heads), ASK_TO_GIVE_UP);
    return dirty;
}

static void relieve(struct directory *d)
{
    if (d->refused && !event_pending(&d->relief))
        engine_schedule(d->setup.engine, &d->relief, engine_now(d->setup.engine), PHASE_MEMORY);
}

static struct transaction *begin(struct directory *d, struct directory_line *l)
{
    struct transaction *t = d->free;
    assert(t && !l->busy);
    d->free = t->next_free;
    t->line = l;
    t->is_served = t->has_settled = t->writes = t->asks = t->recalled = false;
    t->asker = t->waiting = NULL;
    t->last = &t->waiting;
    l->busy = t;
    return t;
}

static void serve_next(struct transaction *t)
{
    struct directory *d = t->directory;
    t->asker = t->waiting;
    t->waiting = t->asker->next;
    if (!t->waiting)
        t->last = &t->waiting;
    t->head = t->asker->level;
    t->is_served = t->has_settled = false;
    engine_schedule(d->setup.engine, &t->event, engine_now(d->setup.engine), PHASE_MEMORY);
}

/* Goes on to the next request when all is done for this one. */
static void end_if_done(struct transaction *t)
{
    struct directory *d = t->directory;
    struct directory_line *l = t->line;
    if (t->writes || t->asker || (t->is_served && !t->has_settled))
        return;
    if (t->recalled) { /* only now, so that the asker has made its use of it */
        t->recalled = false;
        t->writes = take_from(d, l, UINT64_MAX);
        if (t->writes) {
            t->waiter.wake(&t->waiter, engine_now(d->setup.engine));
            return;
        }
    }
    if (t->waiting) {
        serve_next(t);
    } else {
        l->busy = NULL;
        t->next_free = d->free;
        d->free = t;
        forget_unheld(d, l);
    }
    relieve(d);
}

/* All is known: fixes the answer of the asker, whose times are those of the data. */
static void answer(struct transaction *t, uint64_t ready, uint64_t complete, uint8_t level)
{
    struct directory *d = t->directory;
    struct directory_line *l = t->line;
    struct mem_request *r = t->asker;
    bool writes = r->command == MEM_STORE, alone = !(l->holders & ~bit(t->head));
    bool was_owner = l->owner == (int32_t)t->head;
    r->ready = max_u64(ready, t->earliest);
    r->complete = max_u64(complete, r->ready);
    r->level = level;
    r->owned = d->heads[t->head].owns &&
               (writes || was_owner || (alone && r->command != MEM_FETCH));
    l->holders |= bit(t->head);
    if (r->owned)
        l->owner = (int32_t)t->head;
    d->stats.requests_in_flight--;
    d->stats.grants_owned += r->owned;
    d->stats.grants_shared += !r->owned;
}

static void settle_pending(struct transaction *t)
{
    struct directory *d = t->directory;
    if (!t->asker->holds)
        d->stats.pending_bytes -= d->setup.line;
}

/* Tries to send what has to go below; true when the asker has its answer. */
static bool go_on(struct transaction *t, uint64_t now)
{
    struct directory *d = t->directory;
    const struct mem_port *below = &d->setup.below;
    uint32_t line = d->setup.line;
    if (t->waiter.waiting)
        return false;
    if (t->writes) {
        struct mem_request w = {.pa = t->line->pa, .bytes = line, .block = line,
                                .command = MEM_WRITEBACK};
        if (below->access(below->node, &w, now) == PORT_BUSY) {
            below->wait(below->node, &t->waiter);
            return false;
        }
        d->stats.written_bytes += line;
        t->writes = false;
    }
    if (!t->asks)
        return false;
    enum port_reply reply = below->access(below->node, &t->below, now);
    if (reply == PORT_BUSY) {
        below->wait(below->node, &t->waiter);
        return false;
    }
    settle_pending(t);
    t->asks = false;
    if (reply == PORT_HIT)
        answer(t, t->below.ready, t->below.complete, t->below.level);
    return reply == PORT_HIT;
}

static void call_back(struct transaction *t)
{
    struct mem_request *r = t->asker;
    t->asker = NULL;
    r->done(r);
}

/* The answer is known and due at its `ready`. */
static void call_back_then(struct transaction *t, uint64_t now)
{
    if (t->asker->ready > now)
        engine_schedule(t->directory->setup.engine, &t->event, t->asker->ready, PHASE_MEMORY);
    else
        call_back(t);
}

static void below_done(struct mem_request *r)
{
    struct transaction *t = r->owner;
    answer(t, r->ready, r->complete, r->level);
    call_back_then(t, r->ready);
}

static void waiter_woken(struct port_waiter *w, uint64_t now)
{
    struct transaction *t = w->owner;
    if (go_on(t, now))
        call_back_then(t, now);
    end_if_done(t);
}

/* Another cache has the line modified: it goes from there, and down when it becomes shared. */
static void supply(struct transaction *t, bool shares, uint64_t now)
{
    struct directory *d = t->directory;
    uint64_t ready = now + d->intervention_ticks;
    settle_pending(t);
    d->stats.interventions++;
    d->stats.supplied_bytes += t->asker->holds ? 0 : d->setup.line;
    t->asker->dirty = !shares;
    t->writes = shares;
    answer(t, ready, ready, MEM_LEVEL_PEER);
}

static void count_request(struct directory *d, const struct mem_request *r)
{
    if (r->command != MEM_STORE)
        d->stats.reads++;
    else if (r->holds)
        d->stats.upgrades++;
    else
        d->stats.reads_to_own++;
}

/* Does to the other caches what the request asks for; true when one had modified data. */
static bool ask_others(struct transaction *t, uint64_t now)
{
    struct directory *d = t->directory;
    struct directory_line *l = t->line;
    bool dirty = false, asked = false;
    if (t->asker->command == MEM_STORE) {
        asked = l->holders & ~bit(t->head);
        dirty = take_from(d, l, ~bit(t->head));
    } else if (l->owner != NO_OWNER && l->owner != (int32_t)t->head) {
        asked = true;
        dirty = snoop(d, l, (uint32_t)l->owner, ASK_TO_SHARE);
    }
    d->stats.clean_snoops += asked && !dirty;
    t->earliest = now + (asked && !dirty ? d->snoop_ticks : 0);
    return dirty;
}

/* True when the answer is known. */
static bool serve(struct transaction *t, uint64_t now)
{
    struct directory *d = t->directory;
    struct mem_request *r = t->asker;
    t->is_served = true;
    d->stats.requests_in_flight++;
    count_request(d, r);
    if (ask_others(t, now)) {
        supply(t, r->command != MEM_STORE, now);
        if (t->writes)
            go_on(t, now);
        return true;
    }
    if (r->holds) {
        answer(t, now + d->upgrade_ticks, now + d->upgrade_ticks, 1);
        return true;
    }
    t->asks = true;
    t->below = (struct mem_request){.pa = r->pa, .pc = r->pc, .bytes = r->bytes,
                                    .block = r->block, .command = r->command, .core = r->core,
                                    .done = below_done, .owner = t};
    return go_on(t, now);
}

static void transaction_event(struct event *ev, uint64_t now)
{
    struct transaction *t = ev->owner;
    if (t->is_served)
        call_back(t);
    else if (serve(t, now))
        call_back_then(t, now);
}

static enum port_reply fetch(struct head *h, struct mem_request *r, uint64_t now)
{
    struct directory *d = h->directory;
    struct directory_line *l = directory_line_get(&d->lines, line_of(d, r->pa));
    struct transaction *t = l->busy;
    assert(r->block == d->setup.line && r->done);
    d->stats.pending_bytes += r->holds ? 0 : d->setup.line;
    if (t) {
        r->level = (uint8_t)h->number;
        r->next = NULL;
        *t->last = r;
        t->last = &r->next;
        d->stats.waits++;
        return PORT_MISS;
    }
    t = begin(d, l);
    t->head = h->number;
    t->asker = r;
    if (!serve(t, now))
        return PORT_MISS;
    t->asker = NULL;
    return PORT_HIT;
}

static enum port_reply refused_below(struct directory *d)
{
    d->refused_below = true;
    return PORT_BUSY;
}

/* Modified data of another cache go down before what has found them, which has to come again. */
static enum port_reply write_below(struct directory *d, struct directory_line *l, uint64_t now)
{
    struct transaction *t = l->busy ? l->busy : begin(d, l);
    t->writes = true;
    waiter_woken(&t->waiter, now);
    d->comes_again = true;
    return PORT_BUSY;
}

/* What is written through: refused while another core's fetch of the line is under way, and until
 * modified data of another one have gone down. */
static enum port_reply write_through(struct head *h, struct mem_request *r, uint64_t now)
{
    struct directory *d = h->directory;
    const struct mem_port *below = &d->setup.below;
    struct directory_line *l = directory_line_find(&d->lines, line_of(d, r->pa));
    if (l && l->busy && !(l->busy->is_served && l->busy->head == h->number))
        return PORT_BUSY;
    if (l && l->holders & ~bit(h->number) && take_from(d, l, ~bit(h->number)))
        return write_below(d, l, now);
    if (l)
        forget_unheld(d, l);
    return below->access(below->node, r, now) == PORT_BUSY ? refused_below(d) : PORT_HIT;
}

/* A line that is on its way to another core is no longer what was flushed, and stays. */
static enum port_reply flush(struct head *h, struct mem_request *r, uint64_t now)
{
    struct directory *d = h->directory;
    const struct mem_port *below = &d->setup.below;
    struct directory_line *l = directory_line_find(&d->lines, line_of(d, r->pa));
    uint64_t others = l ? l->holders & ~bit(h->number) : 0;
    bool dirty = false;
    if (l && l->busy && is_unsettled(l, l->busy->head))
        others &= ~bit(l->busy->head);
    if (r->command == MEM_FLUSH && others)
        dirty = take_from(d, l, others);
    else if (others && l->owner != NO_OWNER && others & bit((uint32_t)l->owner))
        dirty = snoop(d, l, (uint32_t)l->owner, ASK_TO_SHARE);
    if (dirty)
        return write_below(d, l, now);
    if (l)
        forget_unheld(d, l);
    struct mem_request w = *r;
    if (!below->is_cache)
        w.command = MEM_WRITEBACK;
    if ((below->is_cache || r->dirty) && below->access(below->node, &w, now) == PORT_BUSY)
        return refused_below(d);
    r->ready = r->complete = below->is_cache || r->dirty ? w.ready : now;
    r->level = 1;
    return PORT_HIT;
}

static enum port_reply head_access(void *node, struct mem_request *r, uint64_t now)
{
    struct head *h = node;
    struct directory *d = h->directory;
    const struct mem_port *below = &d->setup.below;
    if (mem_sends_away(r))
        return flush(h, r, now);
    if (r->command == MEM_WRITE)
        return write_through(h, r, now);
    if (mem_writes(r))
        return below->access(below->node, r, now) == PORT_BUSY ? refused_below(d) : PORT_HIT;
    return fetch(h, r, now);
}

static void wake_refused(struct directory *d, uint64_t now)
{
    struct port_waiter *w = d->refused;
    d->refused = NULL;
    d->last_refused = &d->refused;
    while (w) {
        struct port_waiter *next = w->next;
        w->waiting = false;
        w->wake(w, now);
        w = next;
    }
}

static void relief_event(struct event *ev, uint64_t now) { wake_refused(ev->owner, now); }
static void below_woken(struct port_waiter *w, uint64_t now) { wake_refused(w->owner, now); }

static void head_wait(void *node, struct port_waiter *w)
{
    struct directory *d = ((struct head *)node)->directory;
    const struct mem_port *below = &d->setup.below;
    assert(!w->waiting);
    w->waiting = true;
    w->next = NULL;
    *d->last_refused = w;
    d->last_refused = &w->next;
    if (d->refused_below && !d->below_waiter.waiting)
        below->wait(below->node, &d->below_waiter);
    if (d->comes_again)
        relieve(d);
    d->refused_below = d->comes_again = false;
}

static void head_left(void *node, uint64_t pa)
{
    const struct head *h = node;
    struct directory *d = h->directory;
    struct directory_line *l = directory_line_find(&d->lines, line_of(d, pa));
    if (!l || !(l->holders & bit(h->number)))
        return;
    if (is_unsettled(l, h->number))
        return; /* it is on its way again */
    d->stats.departures++;
    leaves(l, h->number);
    forget_unheld(d, l);
}

static void head_settled(void *node, uint64_t pa)
{
    const struct head *h = node;
    struct directory *d = h->directory;
    struct directory_line *l = directory_line_find(&d->lines, line_of(d, pa));
    assert(l && l->busy && l->busy->is_served && l->busy->head == h->number);
    l->busy->has_settled = true;
    if (!h->upper.holds(h->upper.node, l->pa, d->setup.line))
        leaves(l, h->number);
    end_if_done(l->busy);
}

/* The shared level evicts a block: all lines of it go. One on its way goes when it has arrived; its
 * data, when modified by then, come down again. */
static bool recall(void *node, uint64_t pa, uint32_t block)
{
    struct directory *d = node;
    bool dirty = false;
    for (uint64_t at = align_down(pa, block); at < align_down(pa, block) + block;
         at += d->setup.line) {
        struct directory_line *l = directory_line_find(&d->lines, at);
        if (!l)
            continue;
        uint64_t heads = l->holders;
        if (l->busy && l->busy->is_served) {
            l->busy->recalled = true;
            heads &= ~bit(l->busy->head);
        }
        d->stats.recalls++;
        for (; heads; heads &= heads - 1)
            dirty |= ask(d, l, (uint32_t)__builtin_ctzll(heads), ASK_TO_EVICT);
        forget_unheld(d, l);
    }
    return dirty;
}

static void make_transactions(struct directory *d)
{
    d->transactions = xcalloc(d->setup.transactions, sizeof *d->transactions);
    for (uint32_t n = d->setup.transactions; n-- > 0;) {
        struct transaction *t = &d->transactions[n];
        *t = (struct transaction){.directory = d, .next_free = d->free};
        t->event = (struct event){.fn = transaction_event, .owner = t};
        t->waiter = (struct port_waiter){.wake = waiter_woken, .owner = t};
        d->free = t;
    }
}

struct directory *directory_create(const struct directory_setup *setup)
{
    struct directory *d = xcalloc(1, sizeof *d);
    d->setup = *setup;
    d->upgrade_ticks = clock_ticks(setup->clock, setup->keys->upgrade_latency);
    d->snoop_ticks = clock_ticks(setup->clock, setup->keys->snoop_latency);
    d->intervention_ticks = clock_ticks(setup->clock, setup->keys->intervention_latency);
    d->heads = xcalloc(setup->heads, sizeof *d->heads);
    for (uint32_t n = 0; n < setup->heads; n++)
        d->heads[n] = (struct head){.directory = d, .number = n};
    directory_lines_init(&d->lines, setup->lines + setup->transactions);
    make_transactions(d);
    d->last_refused = &d->refused;
    d->below_waiter = (struct port_waiter){.wake = below_woken, .owner = d};
    d->relief = (struct event){.fn = relief_event, .owner = d};
    return d;
}

void directory_destroy(struct directory *d)
{
    if (!d)
        return;
    directory_lines_free(&d->lines);
    free(d->heads);
    free(d->transactions);
    free(d);
}

struct mem_port directory_port(struct directory *d, uint32_t head)
{
    return (struct mem_port){.access = head_access, .wait = head_wait, .left = head_left,
                             .settled = head_settled, .node = &d->heads[head], .is_cache = true,
                             .is_inclusive = d->setup.below.is_inclusive};
}

void directory_set_head(struct directory *d, uint32_t head, struct mem_upper upper, bool owns)
{
    d->heads[head].upper = upper;
    d->heads[head].owns = owns;
    d->head_count = (uint32_t)max_u64(d->head_count, head + 1);
}

struct mem_upper directory_upper(struct directory *d)
{
    return (struct mem_upper){.invalidate = recall, .node = d};
}

uint64_t directory_holders(const struct directory *d, uint64_t pa, int32_t *owner)
{
    const struct directory_line *l = directory_line_find(&d->lines, line_of(d, pa));
    *owner = l ? l->owner : NO_OWNER;
    return l ? l->holders : 0;
}

void directory_audit(struct directory *d)
{
    struct directory_stats *s = &d->stats;
    s->tracked_holders = s->found_holders = s->untracked_lines = s->broken_owners = 0;
    for (uint64_t n = 0; n < d->lines.buckets; n++)
        for (const struct directory_line *l = d->lines.bucket[n]; l; l = l->next)
            for (uint64_t heads = l->holders; heads; heads &= heads - 1) {
                const struct head *h = &d->heads[__builtin_ctzll(heads)];
                if (is_unsettled(l, h->number))
                    continue;
                s->tracked_holders++;
                s->found_holders += h->upper.holds(h->upper.node, l->pa, d->setup.line);
            }
}

void directory_audit_line(struct directory *d, uint32_t head, uint64_t pa, bool is_owned)
{
    const struct directory_line *l = directory_line_find(&d->lines, line_of(d, pa));
    if (!l || !(l->holders & bit(head)))
        d->stats.untracked_lines++;
    else if (is_owned)
        d->stats.broken_owners += l->owner != (int32_t)head || l->holders & ~bit(head);
}

static const struct law_row laws[] = {
    {"every request is granted or in flight",
     "@.grants_shared + @.grants_owned + @.requests_in_flight",
     "@.reads + @.reads_to_own + @.upgrades"},
    {"what the directory knows of is in the caches", "@.found_holders", "@.tracked_holders"},
    {"what is in the caches is known to the directory", "@.untracked_lines", "0"},
    {"a line that is owned is in one cache", "@.broken_owners", "0"},
    {NULL, NULL, NULL},
};

void directory_register(const struct directory *d, struct stats *s, const char *name)
{
    stats_add(s, name, stat_rows, &d->stats);
    named_laws(s, name, laws);
}
