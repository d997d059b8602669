#include "sim/engine/event.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

/* A slot is about one cycle of a fast core wide, so that it rarely holds more than a few events;
 * 4096 of them reach past the latency of a DRAM access. 64 words of 64 bits make the search for the
 * next used slot two steps. */
#define SLOT_SHIFT    8
#define SLOTS         4096u
#define SEQUENCE_BITS 52
static_assert(PHASE_COUNT <= 1 << (64 - SEQUENCE_BITS), "a phase must fit above the sequence");

struct event_queue {
    struct event *first; /* the earliest of all; it stays in its slot or heap */
    struct event *far;   /* root of the heap of events that were beyond the wheel when scheduled */
    uint64_t sequence;
    uint64_t limit; /* last tick the current run may reach; UINT64_MAX: any */
    bool running, stopped;
    uint64_t used_words;       /* bit w: used[w] is not zero */
    uint64_t used[SLOTS / 64]; /* bit s: slot[s] is not empty */
    struct event *slot[SLOTS]; /* roots */
};

static bool before(const struct event *a, const struct event *b)
{
    return a->when < b->when || (a->when == b->when && a->order < b->order);
}

/* Pairing heap (Fredman et al. 1986). `prev` of a leftmost child is its parent, of a root NULL. */
static struct event *meld(struct event *a, struct event *b)
{
    if (!a || !b)
        return a ? a : b;
    if (before(b, a)) {
        struct event *t = a;
        a = b;
        b = t;
    }
    b->prev = a;
    b->next = a->child;
    if (b->next)
        b->next->prev = b;
    a->child = b;
    return a;
}

/* Melds a list of siblings into one root: pairs from left to right, then the pairs from right to
 * left. */
static struct event *meld_siblings(struct event *list)
{
    struct event *pairs = NULL, *root = NULL;
    while (list) {
        struct event *a = list, *b = a->next;
        list = b ? b->next : NULL;
        a->next = a->prev = NULL;
        if (b)
            b->next = b->prev = NULL;
        a = meld(a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs) {
        struct event *rest = pairs->next;
        pairs->next = NULL;
        root = meld(root, pairs);
        pairs = rest;
    }
    return root;
}

/* Takes ev out of the heap under `root` and returns the new root. */
static struct event *heap_remove(struct event *root, struct event *ev)
{
    struct event *orphans = meld_siblings(ev->child);
    ev->child = NULL;
    if (ev == root)
        return orphans;
    if (ev->prev->child == ev)
        ev->prev->child = ev->next;
    else
        ev->prev->next = ev->next;
    if (ev->next)
        ev->next->prev = ev->prev;
    ev->next = ev->prev = NULL;
    return meld(root, orphans);
}

static uint32_t slot_of(uint64_t when) { return (uint32_t)(when >> SLOT_SHIFT) % SLOTS; }

static void mark_used(struct event_queue *q, uint32_t slot)
{
    q->used[slot / 64] |= UINT64_C(1) << slot % 64;
    q->used_words |= UINT64_C(1) << slot / 64;
}

static void mark_empty(struct event_queue *q, uint32_t slot)
{
    q->used[slot / 64] &= ~(UINT64_C(1) << slot % 64);
    if (!q->used[slot / 64])
        q->used_words &= ~(UINT64_C(1) << slot / 64);
}

/* Earliest event of the wheel: the root of the first used slot at or after that of `now`, going
 * round. */
static struct event *wheel_first(const struct event_queue *q, uint64_t now)
{
    if (!q->used_words)
        return NULL;
    uint32_t start = slot_of(now), word = start / 64;
    uint64_t bits = q->used[word] >> start % 64 << start % 64;
    if (!bits) {
        /* Later words first, then from word 0; the low part of the starting word comes last of
         * all. */
        uint64_t later = word == 63 ? 0 : q->used_words >> (word + 1) << (word + 1);
        word = (uint32_t)__builtin_ctzll(later ? later : q->used_words);
        bits = q->used[word];
    }
    return q->slot[word * 64 + (uint32_t)__builtin_ctzll(bits)];
}

/* Keeps the cached bound of engine_advance current; to be called whenever first, limit or stopped
 * change. */
static void set_bound(struct engine *e)
{
    const struct event_queue *q = e->queue;
    if (q->stopped) {
        e->bound_when = 0;
        e->bound_phase = 0;
        return;
    }
    e->bound_when = q->limit == UINT64_MAX ? UINT64_MAX : q->limit + 1;
    e->bound_phase = 0;
    if (q->first && q->first->when < e->bound_when) {
        e->bound_when = q->first->when;
        e->bound_phase = (uint32_t)(q->first->order >> SEQUENCE_BITS);
    }
}

static void find_first(struct engine *e)
{
    struct event_queue *q = e->queue;
    q->first = wheel_first(q, e->now);
    if (q->far && (!q->first || before(q->far, q->first)))
        q->first = q->far;
    set_bound(e);
}

/* Takes a pending event out without looking for the new first. */
static void take_out(struct event_queue *q, struct event *ev)
{
    uint32_t slot = slot_of(ev->when);
    ev->pending = false;
    if (ev->far) {
        q->far = heap_remove(q->far, ev);
        return;
    }
    q->slot[slot] = heap_remove(q->slot[slot], ev);
    if (!q->slot[slot])
        mark_empty(q, slot);
}

struct engine *engine_create(void)
{
    struct engine *e = xcalloc(1, sizeof *e);
    e->queue = xcalloc(1, sizeof *e->queue);
    e->queue->limit = UINT64_MAX;
    set_bound(e);
    return e;
}

void engine_destroy(struct engine *e)
{
    if (!e)
        return;
    free(e->queue);
    free(e);
}

void engine_schedule(struct engine *e, struct event *ev, uint64_t when, uint32_t phase)
{
    struct event_queue *q = e->queue;
    assert(!ev->pending && ev->fn && when >= e->now && phase < PHASE_COUNT);
    ev->when = when;
    ev->order = (uint64_t)phase << SEQUENCE_BITS | q->sequence++;
    ev->child = ev->next = ev->prev = NULL;
    ev->pending = true;
    /* A slot never holds events of two rounds of the wheel: all are later than now, which only
     * grows. */
    ev->far = (when >> SLOT_SHIFT) - (e->now >> SLOT_SHIFT) >= SLOTS;
    if (!ev->far) {
        uint32_t slot = slot_of(when);
        q->slot[slot] = meld(q->slot[slot], ev);
        mark_used(q, slot);
    } else {
        q->far = meld(q->far, ev);
    }
    if (!q->first || before(ev, q->first)) {
        q->first = ev;
        set_bound(e);
    }
}

bool engine_cancel(struct engine *e, struct event *ev)
{
    if (!ev->pending)
        return false;
    take_out(e->queue, ev);
    if (ev == e->queue->first)
        find_first(e);
    return true;
}

void engine_reschedule(struct engine *e, struct event *ev, uint64_t when, uint32_t phase)
{
    engine_cancel(e, ev);
    engine_schedule(e, ev, when, phase);
}

uint64_t engine_next_tick(const struct engine *e)
{
    return e->queue->first ? e->queue->first->when : UINT64_MAX;
}

bool engine_run_one(struct engine *e)
{
    struct event *ev = e->queue->first;
    if (!ev)
        return false;
    take_out(e->queue, ev);
    e->now = ev->when;
    find_first(e);
    ev->fn(ev, e->now);
    return true;
}

static enum engine_end run(struct engine *e, uint64_t limit)
{
    struct event_queue *q = e->queue;
    enum engine_end end = ENGINE_EMPTY;
    assert(!q->running && limit >= e->now);
    q->running = true;
    q->stopped = false;
    q->limit = limit;
    set_bound(e);
    while (!q->stopped && q->first && q->first->when <= limit)
        engine_run_one(e);
    if (q->stopped)
        end = ENGINE_STOPPED;
    else if (q->first)
        end = ENGINE_LIMIT;
    q->running = q->stopped = false;
    q->limit = UINT64_MAX;
    set_bound(e);
    return end;
}

enum engine_end engine_run(struct engine *e) { return run(e, UINT64_MAX); }

enum engine_end engine_run_until(struct engine *e, uint64_t limit)
{
    enum engine_end end = run(e, limit);
    if (end != ENGINE_STOPPED)
        e->now = limit;
    return end;
}

void engine_stop(struct engine *e)
{
    e->queue->stopped = true;
    set_bound(e);
}
