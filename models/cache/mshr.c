#include "models/cache/mshr.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "sim/base/err.h"

void mshr_file_init(struct mshr_file *f, uint32_t count, void *owner)
{
    *f = (struct mshr_file){.count = count};
    f->line = xmalloc(count * sizeof *f->line);
    f->entry = xcalloc(count, sizeof *f->entry);
    for (uint32_t i = count; i-- > 0;) {
        f->line[i] = MSHR_FREE;
        f->entry[i].owner = owner;
        f->entry[i].next = f->free;
        f->free = &f->entry[i];
    }
}

void mshr_file_free(struct mshr_file *f)
{
    free(f->line);
    free(f->entry);
}

struct mshr *mshr_find(const struct mshr_file *f, uint64_t line)
{
    if (!f->used)
        return NULL;
    for (uint32_t i = 0; i < f->count; i++)
        if (f->line[i] == line)
            return &f->entry[i];
    return NULL;
}

struct mshr *mshr_alloc(struct mshr_file *f, uint64_t line)
{
    struct mshr *m = f->free;
    if (!m)
        return NULL;
    f->free = m->next;
    f->used++;
    f->line[m - f->entry] = line;
    assert(!m->event.pending);
    *m = (struct mshr){
        .line = line,
        .first_ticks = MSHR_UNKNOWN,
        .last_ticks = MSHR_UNKNOWN,
        .event = m->event,
        .owner = m->owner,
    };
    m->last_target = &m->targets;
    return m;
}

void mshr_release(struct mshr_file *f, struct mshr *m)
{
    assert(!m->targets && f->used > 0);
    f->line[m - f->entry] = MSHR_FREE;
    m->next = f->free;
    f->free = m;
    f->used--;
}

void mshr_add_target(struct mshr *m, struct mem_request *r)
{
    r->next = NULL;
    *m->last_target = r;
    m->last_target = &r->next;
}

void mshr_queue_init(struct mshr_queue *q) { *q = (struct mshr_queue){NULL, &q->first}; }

void mshr_queue_push(struct mshr_queue *q, struct mshr *m)
{
    m->next = NULL;
    *q->last = m;
    q->last = &m->next;
}

struct mshr *mshr_queue_take(struct mshr_queue *q, struct mshr **link)
{
    struct mshr *m = *link;
    *link = m->next;
    if (!*link)
        q->last = link;
    m->next = NULL;
    return m;
}
