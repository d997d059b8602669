#include "models/cache/directory_impl.h"

#include <assert.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

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

void transaction_end_if_done(struct transaction *t)
{
    struct directory *d = t->directory;
    struct directory_line *l = t->line;
    if (t->writes || t->asker || (t->is_served && !t->has_settled))
        return;
    if (t->recalled) { /* only now, so that the asker has made its use of it */
        t->recalled = false;
        t->writes = directory_take_from(d, l, UINT64_MAX);
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
        directory_forget_unheld(d, l);
    }
    directory_relieve(d);
}

/* All is known: fixes the answer of the asker, whose times are those of the data. */
static void answer(struct transaction *t, uint64_t ready, uint64_t complete, uint8_t level)
{
    struct directory *d = t->directory;
    struct directory_line *l = t->line;
    struct mem_request *r = t->asker;
    bool writes = r->command == MEM_STORE, alone = !(l->holders & ~head_bit(t->head));
    bool was_owner = l->owner == (int32_t)t->head;
    r->ready = max_u64(ready, t->earliest);
    r->complete = max_u64(complete, r->ready);
    r->level = level;
    r->owned = d->heads[t->head].owns &&
               (writes || was_owner || (alone && r->command != MEM_FETCH));
    l->holders |= head_bit(t->head);
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
    transaction_end_if_done(t);
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
        asked = l->holders & ~head_bit(t->head);
        dirty = directory_take_from(d, l, ~head_bit(t->head));
    } else if (l->owner != NO_OWNER && l->owner != (int32_t)t->head) {
        asked = true;
        dirty = directory_snoop(d, l, (uint32_t)l->owner, ASK_TO_SHARE);
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

enum port_reply directory_fetch(struct directory_head *h, struct mem_request *r, uint64_t now)
{
    struct directory *d = h->directory;
    struct directory_line *l = directory_line_get(&d->lines, directory_line_of(d, r->pa));
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

void directory_write_below(struct directory *d, struct directory_line *l, uint64_t now)
{
    struct transaction *t = l->busy ? l->busy : begin(d, l);
    t->writes = true;
    waiter_woken(&t->waiter, now);
}

void directory_make_transactions(struct directory *d)
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
