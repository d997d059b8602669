#include "models/cache/directory_impl.h"

#include <assert.h>

void directory_relieve(struct directory *d)
{
    if (d->refused.first && !event_pending(&d->relief))
        engine_schedule(d->setup.engine, &d->relief, engine_now(d->setup.engine), PHASE_MEMORY);
}

static enum port_reply refused_below(struct directory *d)
{
    d->refused_below = true;
    return PORT_BUSY;
}

/* Modified data of another cache go down before what has found them, which has to come again. */
static enum port_reply refused_until_written(struct directory *d, struct directory_line *l,
                                             uint64_t now)
{
    directory_write_below(d, l, now);
    d->comes_again = true;
    return PORT_BUSY;
}

/* What is written through: refused while another core's fetch of the line is under way, and until
 * modified data of another one have gone down. */
static enum port_reply write_through(struct directory_head *h, struct mem_request *r, uint64_t now)
{
    struct directory *d = h->directory;
    const struct mem_port *below = &d->setup.below;
    struct directory_line *l = directory_line_find(&d->lines, directory_line_of(d, r->pa));
    if (l && l->busy && !(l->busy->is_served && l->busy->head == h->number))
        return PORT_BUSY;
    if (l && l->holders & ~head_bit(h->number) && directory_take_from(d, l, ~head_bit(h->number)))
        return refused_until_written(d, l, now);
    if (l)
        directory_forget_unheld(d, l);
    return below->access(below->node, r, now) == PORT_BUSY ? refused_below(d) : PORT_HIT;
}

/* A line that is on its way to another core is no longer what was flushed, and stays. */
static enum port_reply flush(struct directory_head *h, struct mem_request *r, uint64_t now)
{
    struct directory *d = h->directory;
    const struct mem_port *below = &d->setup.below;
    struct directory_line *l = directory_line_find(&d->lines, directory_line_of(d, r->pa));
    uint64_t others = l ? l->holders & ~head_bit(h->number) : 0;
    bool dirty = false;
    if (l && l->busy && directory_is_unsettled(l, l->busy->head))
        others &= ~head_bit(l->busy->head);
    if (r->command == MEM_FLUSH && others)
        dirty = directory_take_from(d, l, others);
    else if (others && l->owner != NO_OWNER && others & head_bit((uint32_t)l->owner))
        dirty = directory_snoop(d, l, (uint32_t)l->owner, ASK_TO_SHARE);
    if (dirty)
        return refused_until_written(d, l, now);
    if (l)
        directory_forget_unheld(d, l);
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
    struct directory_head *h = node;
    struct directory *d = h->directory;
    const struct mem_port *below = &d->setup.below;
    if (mem_sends_away(r))
        return flush(h, r, now);
    if (r->command == MEM_WRITE)
        return write_through(h, r, now);
    if (mem_writes(r))
        return below->access(below->node, r, now) == PORT_BUSY ? refused_below(d) : PORT_HIT;
    return directory_fetch(h, r, now);
}

static void relief_event(struct event *ev, uint64_t now)
{
    struct directory *d = ev->owner;
    waiters_wake(&d->refused, now);
}

static void below_woken(struct port_waiter *w, uint64_t now)
{
    struct directory *d = w->owner;
    waiters_wake(&d->refused, now);
}

static void head_wait(void *node, struct port_waiter *w)
{
    struct directory *d = ((struct directory_head *)node)->directory;
    const struct mem_port *below = &d->setup.below;
    waiters_add(&d->refused, w);
    if (d->refused_below && !d->below_waiter.waiting)
        below->wait(below->node, &d->below_waiter);
    if (d->comes_again)
        directory_relieve(d);
    d->refused_below = d->comes_again = false;
}

static void head_left(void *node, uint64_t pa)
{
    const struct directory_head *h = node;
    struct directory *d = h->directory;
    struct directory_line *l = directory_line_find(&d->lines, directory_line_of(d, pa));
    if (!l || !(l->holders & head_bit(h->number)))
        return;
    if (directory_is_unsettled(l, h->number))
        return; /* it is on its way again */
    d->stats.departures++;
    directory_line_leaves(l, h->number);
    directory_forget_unheld(d, l);
}

static void head_settled(void *node, uint64_t pa)
{
    const struct directory_head *h = node;
    struct directory *d = h->directory;
    struct directory_line *l = directory_line_find(&d->lines, directory_line_of(d, pa));
    assert(l && l->busy && l->busy->is_served && l->busy->head == h->number);
    l->busy->has_settled = true;
    if (!h->upper.holds(h->upper.node, l->pa, d->setup.line))
        directory_line_leaves(l, h->number);
    transaction_end_if_done(l->busy);
}

void directory_port_init(struct directory *d)
{
    waiters_init(&d->refused);
    d->below_waiter = (struct port_waiter){.wake = below_woken, .owner = d};
    d->relief = (struct event){.fn = relief_event, .owner = d};
}

struct mem_port directory_port(struct directory *d, uint32_t head)
{
    return (struct mem_port){.access = head_access, .wait = head_wait, .left = head_left,
                             .settled = head_settled, .node = &d->heads[head], .is_cache = true,
                             .is_inclusive = d->setup.below.is_inclusive};
}
