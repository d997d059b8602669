#include "sim/engine/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/base/rng.h"

struct probe {
    struct event event;
    char name;
    struct log *log;
    void (*action)(struct probe *p, uint64_t now);
    struct probe *other;
};

struct log {
    struct engine *engine;
    char names[64];
    uint64_t ticks[64];
    uint32_t count;
};

static void probe_run(struct event *ev, uint64_t now)
{
    struct probe *p = ev->owner;
    p->log->names[p->log->count] = p->name;
    p->log->ticks[p->log->count++] = now;
    if (p->action)
        p->action(p, now);
}

static struct probe probe(struct log *log, char name)
{
    return (struct probe){.event.fn = probe_run, .name = name, .log = log};
}

static void add(struct probe *p, uint64_t when, uint32_t phase)
{
    p->event.owner = p;
    engine_schedule(p->log->engine, &p->event, when, phase);
}

static int setup(void **state)
{
    struct log *log = xcalloc(1, sizeof *log);
    log->engine = engine_create();
    *state = log;
    return 0;
}

static int teardown(void **state)
{
    struct log *log = *state;
    engine_destroy(log->engine);
    free(log);
    return 0;
}

static void events_run_in_order_of_ticks_within_and_across_slots(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a'), b = probe(log, 'b'), c = probe(log, 'c'), d = probe(log, 'd');
    add(&d, 700, PHASE_MEMORY);
    add(&b, 11, PHASE_MEMORY);
    add(&c, 12, PHASE_MEMORY);
    add(&a, 10, PHASE_STATS);
    assert_int_equal(engine_next_tick(log->engine), 10);
    assert_int_equal(engine_run(log->engine), ENGINE_EMPTY);
    assert_string_equal(log->names, "abcd");
    assert_int_equal(log->ticks[0], 10);
    assert_int_equal(engine_now(log->engine), 700);
    assert_true(engine_next_tick(log->engine) == UINT64_MAX);
}

static void ties_break_by_phase_then_by_order_of_scheduling(void **state)
{
    struct log *log = *state;
    struct probe s = probe(log, 's'), c0 = probe(log, '0'), c1 = probe(log, '1');
    struct probe x = probe(log, 'x'), y = probe(log, 'y'), m = probe(log, 'm');
    add(&s, 50, PHASE_STATS);
    add(&c1, 50, PHASE_CORE + 1);
    add(&x, 50, PHASE_DEVICE);
    add(&c0, 50, PHASE_CORE + 0);
    add(&y, 50, PHASE_DEVICE);
    add(&m, 50, PHASE_MEMORY);
    engine_run(log->engine);
    assert_string_equal(log->names, "mxy01s");
}

static void an_event_beyond_the_wheel_keeps_its_place_among_later_scheduled_near_ones(void **state)
{
    struct log *log = *state;
    struct probe far = probe(log, 'f'), step = probe(log, 's');
    struct probe before = probe(log, 'b'), tie = probe(log, 't'), after = probe(log, 'a');
    add(&far, 5000000, PHASE_MEMORY);
    add(&step, 4999900, PHASE_MEMORY);
    assert_int_equal(engine_run_until(log->engine, 4999950), ENGINE_LIMIT);
    add(&after, 5000001, PHASE_MEMORY);
    add(&tie, 5000000, PHASE_MEMORY);
    add(&before, 4999999, PHASE_MEMORY);
    engine_run(log->engine);
    assert_string_equal(log->names, "sbfta");
}

static void run_until_includes_its_limit_and_leaves_now_there(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a'), b = probe(log, 'b');
    add(&a, 100, PHASE_STATS);
    add(&b, 101, PHASE_MEMORY);
    assert_int_equal(engine_run_until(log->engine, 99), ENGINE_LIMIT);
    assert_int_equal(log->count, 0);
    assert_int_equal(engine_now(log->engine), 99);
    assert_int_equal(engine_run_until(log->engine, 100), ENGINE_LIMIT);
    assert_string_equal(log->names, "a");
    assert_int_equal(engine_run_until(log->engine, 200), ENGINE_EMPTY);
    assert_int_equal(engine_now(log->engine), 200);
}

static void cancelled_events_do_not_run_and_may_be_scheduled_again(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a'), b = probe(log, 'b'), far = probe(log, 'f');
    add(&a, 10, PHASE_CORE);
    add(&b, 10, PHASE_CORE);
    add(&far, 9000000, PHASE_CORE);
    assert_true(engine_cancel(log->engine, &a.event));
    assert_false(engine_cancel(log->engine, &a.event));
    assert_true(engine_cancel(log->engine, &far.event));
    assert_false(event_pending(&far.event));
    add(&a, 20, PHASE_CORE);
    engine_run(log->engine);
    assert_string_equal(log->names, "ba");
}

static void cancel_other(struct probe *p, uint64_t now)
{
    (void)now;
    assert_true(engine_cancel(p->log->engine, &p->other->event));
    assert_false(engine_cancel(p->log->engine, &p->event)); /* the running one is not pending */
}

static void a_callback_may_cancel_an_event_of_its_own_tick(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a'), victim = probe(log, 'v'), c = probe(log, 'c');
    a.action = cancel_other;
    a.other = &victim;
    add(&a, 10, PHASE_CORE);
    add(&victim, 10, PHASE_CORE);
    add(&c, 10, PHASE_CORE);
    engine_run(log->engine);
    assert_string_equal(log->names, "ac");
}

static void add_other_now(struct probe *p, uint64_t now) { add(p->other, now, PHASE_MEMORY); }

static void an_event_for_a_phase_gone_by_runs_next(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a'), late = probe(log, 'l'), c = probe(log, 'c');
    a.action = add_other_now;
    a.other = &late;
    add(&a, 10, PHASE_CORE);
    add(&c, 10, PHASE_CORE);
    engine_run(log->engine);
    assert_string_equal(log->names, "alc");
    assert_int_equal(log->ticks[1], 10);
}

static void rescheduling_moves_an_event_and_renews_its_sequence(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a'), b = probe(log, 'b'), c = probe(log, 'c');
    add(&a, 10, PHASE_CORE);
    add(&b, 20, PHASE_CORE);
    add(&c, 9000000, PHASE_CORE);
    engine_reschedule(log->engine, &a.event, 20, PHASE_CORE);
    engine_reschedule(log->engine, &c.event, 5, PHASE_CORE);
    assert_int_equal(engine_next_tick(log->engine), 5);
    engine_run(log->engine);
    assert_string_equal(log->names, "cba");
}

static void advance_is_refused_exactly_when_an_event_precedes(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a');
    add(&a, 1000, PHASE_CORE + 1);
    assert_true(engine_advance(log->engine, 999, PHASE_STATS));
    assert_int_equal(engine_now(log->engine), 999);
    assert_false(engine_advance(log->engine, 1001, PHASE_MEMORY));
    assert_false(engine_advance(log->engine, 1000, PHASE_CORE + 2));
    assert_false(engine_advance(log->engine, 1000, PHASE_CORE + 1)); /* it was there first */
    assert_int_equal(engine_now(log->engine), 999);
    assert_true(engine_advance(log->engine, 1000, PHASE_CORE + 0));
    engine_cancel(log->engine, &a.event);
    assert_true(engine_advance(log->engine, 5000000, PHASE_MEMORY));
}

static void advance_to_limit(struct probe *p, uint64_t now)
{
    while (engine_advance(p->log->engine, now + 1, PHASE_CORE))
        now++;
    add(p, now + 1, PHASE_CORE);
}

static void advance_stops_at_the_limit_of_the_run(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a');
    a.action = advance_to_limit;
    add(&a, 10, PHASE_CORE);
    assert_int_equal(engine_run_until(log->engine, 5000), ENGINE_LIMIT);
    assert_int_equal(log->count, 1);
    assert_int_equal(event_when(&a.event), 5001);
}

static void stop_then_advance(struct probe *p, uint64_t now)
{
    engine_stop(p->log->engine);
    assert_false(engine_advance(p->log->engine, now + 1, PHASE_CORE));
}

static void stop_ends_the_run_and_keeps_what_is_pending(void **state)
{
    struct log *log = *state;
    struct probe a = probe(log, 'a'), b = probe(log, 'b');
    a.action = stop_then_advance;
    add(&a, 10, PHASE_CORE);
    add(&b, 10, PHASE_CORE);
    assert_int_equal(engine_run_until(log->engine, 100), ENGINE_STOPPED);
    assert_int_equal(engine_now(log->engine), 10);
    assert_string_equal(log->names, "a");
    assert_int_equal(engine_run(log->engine), ENGINE_EMPTY);
    assert_string_equal(log->names, "ab");
}

/* Random work against a list kept by linear search: every pop must be the least (tick, phase,
 * sequence) there. */
#define RANDOM_EVENTS 300
struct random_event {
    struct event event;
    uint64_t when, phase, sequence;
    struct random_run *run;
};
struct random_run {
    struct engine *engine;
    struct rng rng;
    struct random_event events[RANDOM_EVENTS];
    uint64_t sequence, popped, last;
};

static bool precedes(const struct random_event *a, const struct random_event *b)
{
    if (a->when != b->when)
        return a->when < b->when;
    return a->phase != b->phase ? a->phase < b->phase : a->sequence < b->sequence;
}

static void random_schedule(struct random_run *run, struct random_event *r)
{
    static const uint64_t reach[] = {2, 300, 5000, 300000, 1100000, 40000000};
    r->when = engine_now(run->engine) + rng_below(&run->rng, reach[rng_below(&run->rng, 6)]);
    r->phase = rng_below(&run->rng, 4);
    r->sequence = run->sequence++;
    engine_reschedule(run->engine, &r->event, r->when, (uint32_t)r->phase);
}

static void random_fire(struct event *ev, uint64_t now)
{
    struct random_event *r = ev->owner;
    struct random_run *run = r->run;
    assert_int_equal(now, r->when);
    if (run->popped % 4 == 0) /* a sample: 300 comparisons each */
        for (uint32_t i = 0; i < RANDOM_EVENTS; i++)
            if (event_pending(&run->events[i].event))
                assert_true(precedes(r, &run->events[i]));
    assert_true(now >= run->last);
    run->last = now;
    run->popped++;
    for (uint64_t n = rng_below(&run->rng, 3); n > 0; n--)
        random_schedule(run, &run->events[rng_below(&run->rng, RANDOM_EVENTS)]);
    if (rng_below(&run->rng, 8) == 0)
        engine_cancel(run->engine, &run->events[rng_below(&run->rng, RANDOM_EVENTS)].event);
}

static void millions_of_random_events_run_in_total_order(void **state)
{
    (void)state;
    struct random_run *run = xcalloc(1, sizeof *run);
    run->engine = engine_create();
    run->rng = rng_seeded(7);
    for (uint32_t i = 0; i < RANDOM_EVENTS; i++) {
        run->events[i].event = (struct event){.fn = random_fire, .owner = &run->events[i]};
        run->events[i].run = run;
    }
    while (run->popped < 2000000) {
        random_schedule(run, &run->events[rng_below(&run->rng, RANDOM_EVENTS)]);
        uint64_t next = UINT64_MAX;
        if (run->popped % 64 == 0) {
            for (uint32_t i = 0; i < RANDOM_EVENTS; i++)
                if (event_pending(&run->events[i].event))
                    next = min_u64(next, run->events[i].when);
            assert_int_equal(engine_next_tick(run->engine), next);
        }
        engine_run_one(run->engine);
    }
    engine_destroy(run->engine);
    free(run);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(events_run_in_order_of_ticks_within_and_across_slots),
        TEST(ties_break_by_phase_then_by_order_of_scheduling),
        TEST(an_event_beyond_the_wheel_keeps_its_place_among_later_scheduled_near_ones),
        TEST(run_until_includes_its_limit_and_leaves_now_there),
        TEST(cancelled_events_do_not_run_and_may_be_scheduled_again),
        TEST(a_callback_may_cancel_an_event_of_its_own_tick),
        TEST(an_event_for_a_phase_gone_by_runs_next),
        TEST(rescheduling_moves_an_event_and_renews_its_sequence),
        TEST(advance_is_refused_exactly_when_an_event_precedes),
        TEST(advance_stops_at_the_limit_of_the_run),
        TEST(stop_ends_the_run_and_keeps_what_is_pending),
        TEST(millions_of_random_events_run_in_total_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
