#include "models/cache/mshr.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "sim/base/err.h"

void mshr_file_init(struct mshr_file *f, uint32_t count, void *owner)
{
    *f = (struct mshr_file){.count = count};
    f->entry = xcalloc(count, sizeof *f->entry);
    f->place = xmalloc(count * sizeof *f->place);
    f->line = xmalloc(count * sizeof *f->line);
    for (uint32_t i = 0; i < count; i++) {
        f->entry[i].owner = owner;
        f->entry[i].place = i;
        f->place[i] = &f->entry[i];
    }
}

void mshr_file_free(struct mshr_file *f)
{
    free(f->entry);
    free(f->place);
    free(f->line);
}

struct mshr *mshr_alloc(struct mshr_file *f, uint64_t line)
{
    if (f->used == f->count)
        return NULL;
    struct mshr *m = f->place[f->used];
    assert(!m->event.pending);
    f->line[f->used++] = line;
    m->line = line;
    m->state = MSHR_LOOKUP;
    m->dirty = m->prefetch = m->named = m->dropped = m->passed = m->warmed = m->owned = false;
    m->counted = false;
    m->first_ticks = m->last_ticks = MSHR_UNKNOWN;
    m->target_count = 0;
    m->targets = NULL;
    m->last_target = &m->targets;
    return m;
}

void mshr_release(struct mshr_file *f, struct mshr *m)
{
    assert(!m->targets && f->used > 0);
    uint32_t last = --f->used, place = m->place;
    f->line[place] = f->line[last];
    f->place[place] = f->place[last];
    f->place[place]->place = place;
    f->place[last] = m;
    m->place = last;
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
