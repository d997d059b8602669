/* The values of an axis: lists, ranges, units, and what is refused. */
#include "sim/sweep/values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* The values joined by blanks, or the error. */
static void expect(const char *text, const char *wanted)
{
    struct err e = {0};
    char **values, joined[2000] = "";
    uint32_t count;
    bool ok = values_expand(text, "here", &values, &count, &e);
    for (uint32_t n = 0; n < count; n++) {
        if (ok)
            strcat(strcat(joined, n ? " " : ""), values[n]);
        free(values[n]);
    }
    free(values);
    assert_string_equal(ok ? joined : e.text, wanted);
}

static void a_list_keeps_its_words(void **state)
{
    (void)state;
    expect("lru, random ,fifo", "lru random fifo");
    expect("7", "7");
    expect("a b, c", "a b c");
}

static void an_arithmetic_range_ends_where_its_steps_meet_the_last(void **state)
{
    (void)state;
    expect("8 .. 14 + 2", "8 10 12 14");
    expect("8 .. 13 + 2", "8 10 12");
    expect("5 .. 5 + 1", "5");
}

static void a_geometric_range_multiplies(void **state)
{
    (void)state;
    expect("256KiB .. 2MiB * 2", "256KiB 512KiB 1MiB 2MiB");
    expect("1 .. 100 * 10", "1 10 100");
}

static void ranges_take_units(void **state)
{
    (void)state;
    expect("1GHz .. 2GHz + 500MHz", "1GHz 1.5GHz 2GHz");
    expect("10ns .. 30ns + 10ns", "10ns 20ns 30ns");
    expect("1M .. 4M * 2", "1M 2M 4M");
}

static void ranges_and_words_mix(void **state)
{
    (void)state;
    expect("1, 4 .. 8 * 2, 100", "1 4 8 100");
}

static void the_largest_number_ends_a_range(void **state)
{
    (void)state;
    expect("9223372036854775808 .. 18446744073709551615 * 2", "9223372036854775808");
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static const char write[] = "; write FIRST .. LAST + STEP or FIRST .. LAST * FACTOR";
    const struct {
        const char *text, *why;
    } bad[] = {
        {"1 .. 8", "here: 1 .. 8: the step is missing"},
        {"8 .. 1 + 1", "here: 8 .. 1: goes downwards"},
        {"1 .. 8 + 0", "here: 1 .. 8: a step that leads nowhere"},
        {"1 .. 8 * 1", "here: 1 .. 8: a step that leads nowhere"},
        {"0 .. 8 * 2", "here: 0 .. 8: a step that leads nowhere"},
        {"small .. large + 1", "here: small .. large: no numbers of one kind"},
        {"1KiB .. 2GHz * 2", "here: 1KiB .. 2GHz: no numbers of one kind"},
    };
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        struct err e = {0};
        char **values;
        uint32_t count;
        assert_false(values_expand(bad[n].text, "here", &values, &count, &e));
        char *at = strstr(e.text, write);
        assert_non_null(at);
        *at = 0;
        assert_string_equal(e.text, bad[n].why);
        free(values);
    }
    expect("1, , 2", "here: an empty value");
    expect("1 .. 1000000 + 1", "here: more than 100000 values");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_its_words),
        cmocka_unit_test(an_arithmetic_range_ends_where_its_steps_meet_the_last),
        cmocka_unit_test(a_geometric_range_multiplies),
        cmocka_unit_test(ranges_take_units),
        cmocka_unit_test(ranges_and_words_mix),
        cmocka_unit_test(the_largest_number_ends_a_range),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
