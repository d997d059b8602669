/* The requesters that a node has refused, in the order of waiting (port.h). To be set up with
 * waiters_init. */
#ifndef MODELS_CACHE_WAITERS_H
#define MODELS_CACHE_WAITERS_H

#include <assert.h>
#include <stddef.h>

#include "models/cache/port.h"

struct waiters {
    struct port_waiter *first, **last;
};

static inline void waiters_init(struct waiters *q) { *q = (struct waiters){NULL, &q->first}; }

static inline void waiters_add(struct waiters *q, struct port_waiter *w)
{
    assert(!w->waiting);
    w->waiting = true;
    w->next = NULL;
    *q->last = w;
    q->last = &w->next;
}

/* Who is woken may be refused again at once: he is the first of a new queue then. */
static inline void waiters_wake(struct waiters *q, uint64_t now)
{
    struct port_waiter *w = q->first;
    waiters_init(q);
    while (w) {
        struct port_waiter *next = w->next;
        w->waiting = false;
        w->wake(w, now);
        w = next;
    }
}

#endif
