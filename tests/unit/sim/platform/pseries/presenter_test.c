/* The interrupt presenter: who gets through, in which order, and what an answer takes back. */
#include "sim/platform/pseries/presenter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define DEVICE 0x1100u

static struct presenter open_one(void)
{
    struct presenter x;
    presenter_init(&x, DEVICE);
    x.cppr = 0xff;
    x.source.priority = 5;
    return x;
}

static void nothing_gets_through_at_reset(void **state)
{
    (void)state;
    struct presenter x;
    presenter_init(&x, DEVICE);
    x.source.pending = true;
    x.mfrr = 0;
    assert_false(presenter_line(&x)); /* not even the highest priority */
    x.cppr = 0xff;
    x.mfrr = PRESENTER_NONE;
    assert_false(presenter_line(&x)); /* the source is off */
}

static void only_a_higher_priority_interrupts(void **state)
{
    (void)state;
    struct presenter x = open_one();
    x.source.pending = true;
    x.cppr = 5;
    assert_false(presenter_line(&x));
    x.cppr = 6;
    assert_true(presenter_line(&x));
    assert_int_equal(presenter_look(&x), 6u << 24 | DEVICE);
    assert_true(x.source.pending); /* looking takes nothing */
}

static void an_interrupt_is_taken_once_and_masks_its_like_until_it_has_ended(void **state)
{
    (void)state;
    struct presenter x = open_one();
    x.source.pending = true;
    assert_int_equal(presenter_accept(&x), 0xffu << 24 | DEVICE);
    assert_int_equal(x.cppr, 5);
    x.source.pending = true; /* again, while the first one is dealt with */
    assert_false(presenter_line(&x));
    presenter_end(&x, 0xffu << 24 | DEVICE);
    assert_true(presenter_line(&x));
}

static void the_more_urgent_one_comes_first_and_its_own_among_equals(void **state)
{
    (void)state;
    struct presenter x = open_one();
    x.source.pending = true;
    x.mfrr = 6;
    assert_int_equal(presenter_look(&x) & 0xffffff, DEVICE);
    x.mfrr = 5;
    assert_int_equal(presenter_look(&x) & 0xffffff, PRESENTER_IPI);
    assert_int_equal(presenter_accept(&x) & 0xffffff, PRESENTER_IPI);
    assert_int_equal(x.mfrr, 5); /* until the processor takes it back */
    assert_true(x.source.pending);
}

static void without_any_the_answer_is_none(void **state)
{
    (void)state;
    struct presenter x = open_one();
    assert_int_equal(presenter_accept(&x), 0xffu << 24);
    assert_int_equal(x.cppr, 0xff);
}

static void a_source_that_is_off_keeps_its_priority_and_what_came(void **state)
{
    (void)state;
    struct presenter x = open_one();
    struct presenter_source *s = presenter_find(&x, DEVICE);
    assert_ptr_equal(s, &x.source);
    assert_null(presenter_find(&x, DEVICE + 1));
    presenter_switch(s, false);
    s->pending = true;
    assert_false(presenter_line(&x));
    presenter_switch(s, false); /* twice loses nothing */
    presenter_switch(s, true);
    assert_int_equal(s->priority, 5);
    assert_true(presenter_line(&x));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gets_through_at_reset),
        cmocka_unit_test(only_a_higher_priority_interrupts),
        cmocka_unit_test(an_interrupt_is_taken_once_and_masks_its_like_until_it_has_ended),
        cmocka_unit_test(the_more_urgent_one_comes_first_and_its_own_among_equals),
        cmocka_unit_test(without_any_the_answer_is_none),
        cmocka_unit_test(a_source_that_is_off_keeps_its_priority_and_what_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
