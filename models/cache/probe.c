#include "models/cache/probe.h"

#include <stdlib.h>

#include "sim/base/err.h"

/* A request under way. */
struct probed {
    void (*done)(struct mem_request *r);
    void *owner;
    uint64_t ticket;
    struct probe *probe;
    struct probed *next_free, *next; /* of all there are */
};

struct probe {
    uint32_t node;
    const struct cache *cache;
    struct mem_port below;
    struct probe_watch watch;
    struct probed *free, *all;
};

/* As many as were ever under way at once are kept. */
static struct probed *take(struct probe *p)
{
    struct probed *q = p->free;
    if (q) {
        p->free = q->next_free;
        return q;
    }
    q = xcalloc(1, sizeof *q);
    q->probe = p;
    q->next = p->all;
    return p->all = q;
}

static void answered(struct mem_request *r)
{
    struct probed *q = r->owner;
    struct probe *p = q->probe;
    p->watch.answered(p->watch.owner, q->ticket, r);
    r->done = q->done;
    r->owner = q->owner;
    q->next_free = p->free;
    p->free = q;
    r->done(r);
}

static enum port_reply probe_access(void *node, struct mem_request *r, uint64_t now)
{
    struct probe *p = node;
    enum cache_outcome outcome = p->cache ? cache_sight(p->cache, r) : CACHE_OUTCOMES;
    enum port_reply reply = p->below.access(p->below.node, r, now);
    if (reply == PORT_BUSY || !p->watch.accepted)
        return reply;
    uint64_t ticket = p->watch.accepted(p->watch.owner, p->node, r, outcome, reply == PORT_HIT,
                                        now);
    if (reply == PORT_HIT)
        return reply;
    struct probed *q = take(p);
    q->done = r->done;
    q->owner = r->owner;
    q->ticket = ticket;
    r->done = answered;
    r->owner = q;
    return reply;
}

static void probe_wait(void *node, struct port_waiter *w)
{
    struct probe *p = node;
    p->below.wait(p->below.node, w);
}

static void probe_warm(void *node, struct mem_request *r)
{
    struct probe *p = node;
    p->below.warm(p->below.node, r);
}

static void probe_left(void *node, uint64_t pa)
{
    struct probe *p = node;
    p->below.left(p->below.node, pa);
}

struct probe *probe_create(uint32_t node, const struct cache *cache, struct mem_port below)
{
    struct probe *p = xcalloc(1, sizeof *p);
    *p = (struct probe){.node = node, .cache = cache, .below = below};
    return p;
}

void probe_destroy(struct probe *p)
{
    if (!p)
        return;
    for (struct probed *q = p->all, *next; q; q = next) {
        next = q->next;
        free(q);
    }
    free(p);
}

struct mem_port probe_port(struct probe *p)
{
    struct mem_port port = p->below;
    port.access = probe_access;
    port.wait = probe_wait;
    port.warm = p->below.warm ? probe_warm : NULL;
    port.left = p->below.left ? probe_left : NULL;
    port.node = p;
    return port;
}

void probe_set_watch(struct probe *p, struct probe_watch watch) { p->watch = watch; }
