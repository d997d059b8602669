/* What a cache sends to the level below: its misses, oldest first, and its write buffer. */
#include <assert.h>

#include "models/cache/cache_impl.h"

/* Asks below for a line; false when it must wait for a write of the same line, or is refused, which
 * holds up all. */
static bool send_miss(struct cache *c, struct mshr *m, uint64_t now)
{
    if (write_buffer_blocks(&c->writes, m->line, c->tags.line_bytes))
        return false;
    enum port_reply reply = c->below.access(c->below.node, &m->request, now);
    if (reply == PORT_BUSY) {
        c->below.wait(c->below.node, &c->send_waiter);
        return false;
    }
    m->state = MSHR_SENT;
    m->counted = !m->request.holds;
    c->stats.fill_bytes_in_flight += m->counted ? c->tags.line_bytes : 0;
    if (reply == PORT_HIT)
        cache_arrived(c, m);
    return true;
}

/* Sends what can be sent of the misses that wait, those of use or the prefetches. */
static void send_some(struct cache *c, bool prefetches, uint64_t now)
{
    struct mshr **link = &c->to_send.first;
    while (*link && !c->send_waiter.waiting)
        if ((*link)->prefetch == prefetches && send_miss(c, *link, now))
            mshr_queue_take(&c->to_send, link);
        else
            link = &(*link)->next;
}

static void send_misses(struct cache *c, uint64_t now)
{
    send_some(c, false, now);
    send_some(c, true, now);
}

void cache_looked_up(struct cache *c, struct mshr *m, uint64_t now)
{
    bool is_first = !c->to_send.first && !c->send_waiter.waiting;
    m->state = MSHR_QUEUED;
    if (is_first && send_miss(c, m, now))
        return;
    mshr_queue_push(&c->to_send, m);
    if (!is_first)
        send_misses(c, now);
}

static void send_woken(struct port_waiter *w, uint64_t now) { send_misses(w->owner, now); }

/* An unsent write that has nothing to write any more is over at once. */
static bool skip_taken(struct cache *c, const struct write_entry *w, uint64_t now)
{
    if (!w || !w->taken)
        return false;
    c->stats.writes_waiting--;
    c->stats.writes_taken++;
    write_buffer_sent(&c->writes, now);
    return true;
}

/* Offers the oldest unsent write; false when there is none, it is too early, or it is refused. */
static bool send_write(struct cache *c, uint64_t now)
{
    const struct write_entry *w = write_buffer_unsent(&c->writes);
    if (skip_taken(c, w, now))
        return true;
    if (!w || w->tick > now || c->write_waiter.waiting)
        return false;
    struct mem_request r = {
        .pa = w->pa,
        .bytes = w->bytes,
        .block = w->block,
        .command = w->command,
        .core = w->core,
        .dirty = w->dirty,
    };
    if (c->below.access(c->below.node, &r, now) == PORT_BUSY) {
        c->below.wait(c->below.node, &c->write_waiter);
        return false;
    }
    c->stats.writes_waiting--;
    if (w->command == MEM_WRITEBACK)
        c->stats.writebacks++;
    else if (w->command == MEM_EVICT)
        c->stats.clean_victims++;
    else if (mem_sends_away(&r))
        c->stats.flushes_sent++;
    else
        c->stats.writes_through++;
    c->stats.down_bytes += mem_sends_away(&r) && !r.dirty ? 0 : max_u64(w->bytes, w->block);
    write_buffer_sent(&c->writes, clock_edge(c->clock, max_u64(r.ready, now)));
    if (c->coherent)
        cache_gone(c, tags_line(&c->tags, r.pa));
    return true;
}

/* Brings the write buffer up to date and sets its event for the next thing that time alone
 * brings. */
static void drain(struct cache *c, uint64_t now)
{
    const struct write_entry *w;
    bool sent = false;
    while (send_write(c, now))
        sent = true;
    while ((w = write_buffer_oldest(&c->writes)) && w->tick <= now) {
        write_buffer_pop(&c->writes);
        cache_relieve(c);
    }
    uint64_t next = w ? w->tick : UINT64_MAX;
    w = write_buffer_unsent(&c->writes);
    if (w && !c->write_waiter.waiting)
        next = min_u64(next, w->tick);
    if (next == UINT64_MAX)
        engine_cancel(c->engine, &c->write_event);
    else if (!event_pending(&c->write_event) || event_when(&c->write_event) != next)
        engine_reschedule(c->engine, &c->write_event, next, PHASE_MEMORY);
    if (sent && c->to_send.first) /* one of them may have waited for this write */
        send_misses(c, now);
}

static void write_event(struct event *ev, uint64_t now) { drain(ev->owner, now); }
static void write_woken(struct port_waiter *w, uint64_t now) { drain(w->owner, now); }

void cache_queue_write(struct cache *c, struct write_entry entry)
{
    c->stats.writes_queued++;
    c->stats.writes_waiting++;
    write_buffer_push(&c->writes, entry);
    drain(c, engine_now(c->engine));
}

void cache_pass_down(struct cache *c, const struct mem_request *r, uint64_t tick)
{
    cache_queue_write(c, (struct write_entry){
                             .pa = r->pa,
                             .bytes = r->bytes,
                             .block = r->command == MEM_WRITEBACK ? r->block : 0,
                             .command = r->command == MEM_WRITEBACK ? MEM_WRITEBACK : MEM_WRITE,
                             .core = r->core,
                             .tick = tick,
                         });
}

/* Stalled lines first: they hold an MSHR that a refused requester may be waiting for. */
static void relief_event(struct event *ev, uint64_t now)
{
    struct cache *c = ev->owner;
    cache_retry_stalled(c, now);
    waiters_wake(&c->refused, now);
}

/* By an event of its own, so that nobody is called back in the middle of an access. */
void cache_relieve(struct cache *c)
{
    if ((c->refused.first || c->stalled.first) && !event_pending(&c->relief))
        engine_schedule(c->engine, &c->relief, engine_now(c->engine), PHASE_MEMORY);
}

void cache_down_init(struct cache *c)
{
    c->write_event = (struct event){.fn = write_event, .owner = c};
    c->relief = (struct event){.fn = relief_event, .owner = c};
    c->send_waiter = (struct port_waiter){.wake = send_woken, .owner = c};
    c->write_waiter = (struct port_waiter){.wake = write_woken, .owner = c};
}
