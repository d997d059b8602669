#include "sim/engine/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_period_is_rounded_to_the_nearest_picosecond(void **state)
{
    (void)state;
    assert_int_equal(clock_from_hz(1000000000).period_ticks, 1000);
    assert_int_equal(clock_from_hz(3000000000).period_ticks, 333);
    assert_int_equal(clock_from_hz(1500000000).period_ticks, 667);
    assert_int_equal(clock_from_hz(1).period_ticks, TICKS_PER_SECOND);
    assert_int_equal(clock_from_hz(CLOCK_MAX_HZ).period_ticks, 10);
}

static void the_next_edge_is_at_or_after_a_tick(void **state)
{
    (void)state;
    struct clock c = {333};
    assert_int_equal(clock_edge(c, 0), 0);
    assert_int_equal(clock_edge(c, 1), 333);
    assert_int_equal(clock_edge(c, 332), 333);
    assert_int_equal(clock_edge(c, 333), 333);
    assert_int_equal(clock_edge(c, 334), 666);
}

static void cycles_and_ticks_convert_both_ways(void **state)
{
    (void)state;
    struct clock c = {250};
    assert_int_equal(clock_ticks(c, 4), 1000);
    assert_int_equal(clock_cycles(c, 999), 3);
    assert_int_equal(clock_cycles(c, 1000), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_is_rounded_to_the_nearest_picosecond),
        cmocka_unit_test(the_next_edge_is_at_or_after_a_tick),
        cmocka_unit_test(cycles_and_ticks_convert_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
