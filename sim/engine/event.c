#include "sim/engine/event.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

/* A slot is about one cycle of a fast core wide, so that it rarely holds more than a few events;
 * 4096 of them reach past the latency of a DRAM access. 64 words of 64 bits make the search for the
 * next used slot two steps. */
#define SLOT_SHIFT 8
#define SLOTS      4096u
/* While no more than this wait, a sorted list is cheaper than anything else: a core that waits for
 * one miss has two or three. */
#define NEAR       8u
static_assert(PHASE_COUNT <= 1 << (64 - EVENT_SEQUENCE_BITS),
              "a phase must fit above the sequence");

struct event_queue {
    struct event end;   /* at the first tick that the run may not reach, 0 when it is to stop; in no
                           slot or heap */
    struct event *near; /* the earliest of a list in order, by `next` and `prev` */
    uint32_t near_count;
    struct event *far; /* root of the heap of events that were beyond the wheel when scheduled */
    uint64_t sequence;
    bool running;
    uint64_t used_words;       /* bit w: used[w] is not zero */
    uint64_t used[SLOTS / 64]; /* bit s: slot[s] is not empty */
    struct event *slot[SLOTS]; /* roots */
};

static bool before(const struct event *a, const struct event *b)
{
    return a->when < b->when || (a->when == b->when && a->order < b->order);
}

static struct event *earlier(struct event *a, struct event *b) { return before(b, a) ? b : a; }

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

/* Earliest event of the wheel, which is not empty: the root of the first used slot at or after that
 * of `now`, going round. */
static inline struct event *wheel_first(const struct event_queue *q, uint64_t now)
{
    uint32_t start = slot_of(now), word = start / 64;
    uint64_t bits = q->used[word] & UINT64_MAX << start % 64;
    if (!bits) {
        /* Later words first, then from word 0; the low part of the starting word comes last of
         * all. */
        uint64_t later = q->used_words & ~UINT64_C(1) << word;
        word = (uint32_t)__builtin_ctzll(later ? later : q->used_words);
        bits = q->used[word];
    }
    return q->slot[word * 64 + (uint32_t)__builtin_ctzll(bits)];
}

static inline void find_first(struct engine *e)
{
    struct event_queue *q = e->queue;
    struct event *first = q->near ? q->near : &q->end;
    if (q->used_words)
        first = earlier(first, wheel_first(q, e->now));
    if (q->far)
        first = earlier(first, q->far);
    e->first = first->when < q->end.when ? first : &q->end;
}

static void set_end(struct engine *e, uint64_t tick)
{
    e->queue->end.when = tick;
    find_first(e);
}

static void near_put(struct event_queue *q, struct event *ev)
{
    struct event *previous = NULL, *next = q->near;
    while (next && before(next, ev)) {
        previous = next;
        next = next->next;
    }
    ev->prev = previous;
    ev->next = next;
    if (previous)
        previous->next = ev;
    else
        q->near = ev;
    if (next)
        next->prev = ev;
    q->near_count++;
}

static void near_take(struct event_queue *q, struct event *ev)
{
    struct event *previous = ev->prev, *next = ev->next;
    if (previous)
        previous->next = next;
    else
        q->near = next;
    if (next)
        next->prev = previous;
    ev->next = ev->prev = NULL;
    q->near_count--;
}

static void wheel_put(struct event_queue *q, struct event *ev)
{
    uint32_t slot = slot_of(ev->when);
    if (q->slot[slot]) {
        q->slot[slot] = meld(q->slot[slot], ev);
    } else {
        q->slot[slot] = ev;
        mark_used(q, slot);
    }
}

static void put_in(struct event_queue *q, struct event *ev, uint64_t now)
{
    /* A slot never holds events of two rounds of the wheel: all are later than now, which only
     * grows. */
    if ((ev->when >> SLOT_SHIFT) - (now >> SLOT_SHIFT) >= SLOTS) {
        ev->place = EVENT_FAR;
        q->far = meld(q->far, ev);
    } else if (q->near_count < NEAR) {
        ev->place = EVENT_NEAR;
        near_put(q, ev);
    } else {
        ev->place = EVENT_WHEEL;
        wheel_put(q, ev);
    }
}

/* Takes a pending event out without looking for the new first. */
static inline void take_out(struct event_queue *q, struct event *ev)
{
    ev->pending = false;
    if (__builtin_expect(ev->place == EVENT_NEAR, 1)) {
        near_take(q, ev);
        return;
    }
    uint32_t slot = slot_of(ev->when);
    struct event **root = ev->place == EVENT_FAR ? &q->far : &q->slot[slot];
    *root = heap_remove(*root, ev);
    if (!*root && ev->place == EVENT_WHEEL)
        mark_empty(q, slot);
}

struct engine *engine_create(void)
{
    struct engine *e = xcalloc(1, sizeof *e);
    e->queue = xcalloc(1, sizeof *e->queue);
    set_end(e, UINT64_MAX);
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
    assert(!ev->pending && ev->fn && when >= e->now && when != UINT64_MAX && phase < PHASE_COUNT);
    ev->when = when;
    ev->order = (uint64_t)phase << EVENT_SEQUENCE_BITS | q->sequence++;
    ev->pending = true;
    put_in(q, ev, e->now);
    if (before(ev, e->first))
        e->first = ev;
}

bool engine_cancel(struct engine *e, struct event *ev)
{
    if (!ev->pending)
        return false;
    take_out(e->queue, ev);
    if (ev == e->first)
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
    const struct event_queue *q = e->queue;
    uint64_t tick = q->used_words ? wheel_first(q, e->now)->when : UINT64_MAX;
    if (q->near)
        tick = min_u64(tick, q->near->when);
    return q->far ? min_u64(tick, q->far->when) : tick;
}

/* Of the first of all, which then is the first of its list. */
static inline void take_first(struct event_queue *q, struct event *ev)
{
    if (__builtin_expect(ev->place != EVENT_NEAR, 0)) {
        take_out(q, ev);
        return;
    }
    ev->pending = false;
    q->near = ev->next;
    q->near_count--;
    if (q->near)
        q->near->prev = NULL;
    ev->next = NULL;
}

bool engine_run_one(struct engine *e)
{
    struct event *ev = e->first;
    if (ev == &e->queue->end)
        return false;
    take_first(e->queue, ev);
    e->now = ev->when;
    find_first(e);
    ev->fn(ev, e->now);
    return true;
}

static enum engine_end run(struct engine *e, uint64_t limit)
{
    struct event_queue *q = e->queue;
    assert(!q->running && limit >= e->now);
    q->running = true;
    set_end(e, limit == UINT64_MAX ? limit : limit + 1);
    while (engine_run_one(e))
        ;
    bool stopped = q->end.when == 0;
    q->running = false;
    set_end(e, UINT64_MAX);
    return stopped ? ENGINE_STOPPED : e->first == &q->end ? ENGINE_EMPTY : ENGINE_LIMIT;
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
    if (e->queue->running)
        set_end(e, 0);
}
