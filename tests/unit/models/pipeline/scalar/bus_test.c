/* The memory port of the scalar pipeline's caches. */
#include "models/pipeline/scalar/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct rig {
    struct scalar_bus bus;
    struct bus_request data, fetch;
    struct bus_answer answer[BUS_MASTERS];
};

static struct rig make(uint32_t extra)
{
    return (struct rig){.bus.keys = {.read_cycles = 2, .write_cycles = 1, .extra_cycles = extra}};
}

static void step(struct rig *r, uint64_t cycle)
{
    const struct bus_request *const request[BUS_MASTERS] = {&r->data, &r->fetch};
    scalar_bus_cycle(&r->bus, cycle, request, r->answer);
}

static void a_read_is_answered_after_its_latency(void **state)
{
    (void)state;
    for (uint32_t extra = 0; extra <= 20; extra += 20) {
        struct rig r = make(extra);
        r.fetch = (struct bus_request){.cycle = true, .strobe = true};
        step(&r, 10);
        r.fetch.strobe = false;
        step(&r, 11 + extra);
        assert_false(r.answer[BUS_FETCH].ack);
        step(&r, 12 + extra);
        assert_true(r.answer[BUS_FETCH].ack);
    }
}

static void data_come_first_when_both_want_the_bus(void **state)
{
    (void)state;
    struct rig r = make(0);
    r.data = r.fetch = (struct bus_request){.cycle = true, .strobe = true};
    step(&r, 1);
    assert_false(r.answer[BUS_DATA].stall);
    assert_true(r.answer[BUS_FETCH].stall);
}

static void the_bus_is_held_until_its_cycle_ends(void **state)
{
    (void)state;
    struct rig r = make(0);
    r.fetch = (struct bus_request){.cycle = true, .strobe = true};
    step(&r, 1);
    r.data = (struct bus_request){.cycle = true, .strobe = true};
    step(&r, 2);
    assert_true(r.answer[BUS_DATA].stall);
    r.fetch.cycle = r.fetch.strobe = false;
    step(&r, 3); /* in the very cycle in which it is free */
    assert_false(r.answer[BUS_DATA].stall);
}

static void a_write_behind_a_read_waits_for_its_answer(void **state)
{
    (void)state;
    struct rig r = make(0);
    r.data = (struct bus_request){.cycle = true, .strobe = true};
    step(&r, 1);
    r.data.write = true;
    step(&r, 2); /* alone it would be answered in 3, as the read is */
    r.data.strobe = false;
    step(&r, 3);
    assert_true(r.answer[BUS_DATA].ack);
    step(&r, 4);
    assert_true(r.answer[BUS_DATA].ack);
    step(&r, 5);
    assert_false(r.answer[BUS_DATA].ack);
    assert_int_equal(r.bus.stats.reads, 1);
    assert_int_equal(r.bus.stats.writes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_is_answered_after_its_latency),
        cmocka_unit_test(data_come_first_when_both_want_the_bus),
        cmocka_unit_test(the_bus_is_held_until_its_cycle_ends),
        cmocka_unit_test(a_write_behind_a_read_waits_for_its_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
