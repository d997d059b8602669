/* The event queue: the one place where simulated time moves. One engine per simulation; nothing
 * here is shared between engines.
 *
 * Events run in the total order (tick, phase, sequence), sequence being the order of scheduling; a
 * run therefore repeats bit for bit. An event is embedded in its owner and never allocated by the
 * engine; zeroed memory with `fn` set is an idle event.
 *
 *   struct unit { struct event wake; ... };
 *   static void unit_wake(struct event *ev, uint64_t now) { struct unit *u = ev->owner; ... }
 *   u->wake = (struct event){.fn = unit_wake, .owner = u};
 *   engine_schedule(engine, &u->wake, now + 4000, PHASE_MEMORY);
 *
 * A unit that acts on every cycle need not pass through the queue while nobody else is due:
 *
 *   do
 *       core_cycle(core);
 *   while (engine_advance(engine, next = engine_now(engine) + period, PHASE_CORE + core->number));
 *   engine_schedule(engine, &core->tick, next, PHASE_CORE + core->number);
 *
 * Inside: a short list in order, a wheel of slots for what of the next microsecond does not fit
 * into it, and a heap for the rest. Slots and heap are pairing heaps of the same kind, so that
 * order is exact within a slot; an event is never moved from one to the other: their fronts are
 * compared. */
#ifndef SIM_ENGINE_EVENT_H
#define SIM_ENGINE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#define ENGINE_MAX_CORES 1024

/* What happens first within a tick. Core n acts in PHASE_CORE + n: cores take turns by number,
 * however long each slept. */
enum phase {
    PHASE_MEMORY, /* answers of the memory system: data are there before the cores look */
    PHASE_DEVICE, /* timers, interrupts */
    PHASE_CORE,
    PHASE_STATS = PHASE_CORE + ENGINE_MAX_CORES, /* interval samples see the finished tick */
    PHASE_COUNT
};

enum event_place { EVENT_NEAR, EVENT_WHEEL, EVENT_FAR };

struct event {
    void (*fn)(struct event *ev, uint64_t now);
    void *owner; /* for fn */

    /* The engine's; read them by event_pending and event_when. */
    uint64_t when, order; /* order: phase in the upper 12 bits, sequence below */
    struct event *child, *next, *prev; /* NULL while idle */
    bool pending;
    uint8_t place; /* enum event_place, while pending */
};

#define EVENT_SEQUENCE_BITS 52

struct event_queue;
struct engine {
    uint64_t now;
    struct event *first; /* the earliest of all, or one that stands for the end of the run */
    struct event_queue *queue;
};

enum engine_end { ENGINE_EMPTY, ENGINE_LIMIT, ENGINE_STOPPED };

static inline bool event_pending(const struct event *ev) { return ev->pending; }
static inline uint64_t event_when(const struct event *ev) { return ev->when; }

struct engine *engine_create(void);
void engine_destroy(struct engine *e); /* pending events are forgotten */

static inline uint64_t engine_now(const struct engine *e) { return e->now; }

/* now <= `when` < UINT64_MAX; the event must not be pending. One for this very tick whose phase has
 * gone by runs next. */
void engine_schedule(struct engine *e, struct event *ev, uint64_t when, uint32_t phase);
/* Takes the event out; false when it was not pending (not an error). Allowed anywhere, also in a
 * callback. */
bool engine_cancel(struct engine *e, struct event *ev);
/* Cancel, if pending, and schedule: the event gets a new sequence number. */
void engine_reschedule(struct engine *e, struct event *ev, uint64_t when, uint32_t phase);

/* Tick of the earliest pending event, UINT64_MAX when there is none. */
uint64_t engine_next_tick(const struct engine *e);

/* Runs the earliest event; false when there is none. */
bool engine_run_one(struct engine *e);
/* Runs every event due at or before `limit` and leaves now at `limit`, unless stopped. Not from a
 * callback. */
enum engine_end engine_run_until(struct engine *e, uint64_t limit);
/* Runs until no event is left or somebody calls engine_stop; now stays at the last event. Not from
 * a callback. */
enum engine_end engine_run(struct engine *e);
/* Ends engine_run or engine_run_until after the current callback; pending events stay. Without
 * effect between runs. */
void engine_stop(struct engine *e);

/* Moves now to `tick` and returns true when no pending event precedes (tick, phase) and the run may
 * go that far; otherwise changes nothing, and the caller schedules its own event and returns. An
 * event at the same tick and phase precedes: it was there first. */
static inline bool engine_advance(struct engine *e, uint64_t tick, uint32_t phase)
{
    const struct event *f = e->first;
    if (tick > f->when || (tick == f->when && phase >= f->order >> EVENT_SEQUENCE_BITS))
        return false;
    e->now = tick;
    return true;
}

#endif
