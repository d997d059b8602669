/* Miss status holding registers: the lines a cache has asked for, and who waits for each. */
#ifndef MODELS_CACHE_MSHR_H
#define MODELS_CACHE_MSHR_H

#include <stddef.h>

#include "models/cache/port.h"
#include "sim/engine/event.h"

#define MSHR_UNKNOWN UINT64_MAX /* a time of arrival */

enum mshr_state {
    MSHR_LOOKUP,  /* the tags are being read; the event sends the request */
    MSHR_QUEUED,  /* in the queue of those to be sent */
    MSHR_SENT,    /* accepted below */
    MSHR_FILLING, /* time of arrival known; the event answers targets, then fills */
    MSHR_STALLED, /* all arrived, no room for the victim */
};

struct mshr {
    uint64_t line;
    enum mshr_state state;
    bool dirty;                       /* a write has merged */
    bool prefetch;                    /* a prefetch of this cache that nobody has used so far */
    bool named;                       /* by the prefetcher */
    bool dropped;                     /* invalidated on its way: answer, do not fill */
    bool passed;                      /* to be handed up and not kept */
    bool warmed;                      /* functional warming has brought it meanwhile */
    bool owned;                       /* coherent: the line may be written */
    bool counted;                     /* its bytes are on their way: stats.fill_bytes_in_flight */
    uint64_t asked_ticks;             /* when the first access came */
    uint64_t first_ticks, last_ticks; /* first and last beat usable; MSHR_UNKNOWN before */
    uint32_t target_count;
    struct mem_request *targets, **last_target; /* those to be called back, oldest first */
    struct mem_request request;                 /* to the level below */
    struct event event;
    struct mshr *next; /* in a queue */
    void *owner;       /* the cache */
    uint32_t place;    /* in the file */
};

struct mshr_queue {
    struct mshr *first, **last;
};

struct mshr_file {
    uint32_t count, used;
    struct mshr *entry;
    struct mshr **place; /* [count]: those in use, in no order, then those that are free */
    uint64_t *line;      /* [used]: of place[i]; apart, to be searched fast */
};

void mshr_file_init(struct mshr_file *f, uint32_t count, void *owner);
void mshr_file_free(struct mshr_file *f);

/* Most that are found were taken last. */
static inline struct mshr *mshr_find(const struct mshr_file *f, uint64_t line)
{
    for (uint32_t i = f->used; i-- > 0;)
        if (f->line[i] == line)
            return f->place[i];
    return NULL;
}

/* NULL when all are in use. State, flags and targets are those of a new entry, its times of arrival
 * unknown; the rest is of the one before. */
struct mshr *mshr_alloc(struct mshr_file *f, uint64_t line);
void mshr_release(struct mshr_file *f, struct mshr *m);

static inline void mshr_add_target(struct mshr *m, struct mem_request *r)
{
    r->next = NULL;
    *m->last_target = r;
    m->last_target = &r->next;
}

void mshr_queue_init(struct mshr_queue *q);
void mshr_queue_push(struct mshr_queue *q, struct mshr *m);
/* Takes out the entry that *link points at. */
struct mshr *mshr_queue_take(struct mshr_queue *q, struct mshr **link);

#endif
