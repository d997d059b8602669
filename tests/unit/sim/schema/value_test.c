#include "sim/schema/value.h"

#include "sim/base/bits.h"
#include "tests/unit/sim/schema/support.h"

static struct key_row row_of(enum key_type type)
{
    return (struct key_row){"k", type, 0, "", "", "", "a key"};
}

static void accepts(enum key_type type, const char *text, uint64_t expected)
{
    struct key_row row = row_of(type);
    char why[VALUE_TEXT_MAX];
    uint64_t number = 0;
    if (!value_parse(&row, text, &number, why))
        fail_msg("%s: %s", text, why);
    assert_true(number == expected);
}

static void refuses(enum key_type type, const char *text, const char *expected)
{
    struct key_row row = row_of(type);
    char why[VALUE_TEXT_MAX];
    uint64_t number = 0;
    if (value_parse(&row, text, &number, why))
        fail_msg("%s was accepted", text);
    assert_string_equal(why, expected);
}

static void every_unit_has_its_scale(void **state)
{
    (void)state;
    accepts(KEY_U32, "4294967295", UINT32_MAX);
    accepts(KEY_U32, "0x10", 16);
    accepts(KEY_U64, "18446744073709551615", UINT64_MAX);
    accepts(KEY_U64, "0xFFFFffffFFFFffff", UINT64_MAX);
    accepts(KEY_COUNT, "500", 500);
    accepts(KEY_COUNT, "100K", 100000);
    accepts(KEY_COUNT, "1.5M", 1500000);
    accepts(KEY_COUNT, "2G", 2000000000);
    accepts(KEY_COUNT, "9007199254740993", 9007199254740993); /* 2^53 + 1 */
    accepts(KEY_SIZE, "512", 512);
    accepts(KEY_SIZE, "32KiB", 32768);
    accepts(KEY_SIZE, "4MiB", 4 << 20);
    accepts(KEY_SIZE, "1GiB", 1 << 30);
    accepts(KEY_SIZE, "0.5KiB", 512);
    accepts(KEY_FREQ, "60Hz", 60);
    accepts(KEY_FREQ, "32.768kHz", 32768);
    accepts(KEY_FREQ, "100MHz", 100000000);
    accepts(KEY_FREQ, "2.5GHz", 2500000000);
    accepts(KEY_TIME, "7ps", 7);
    accepts(KEY_TIME, "14ns", 14000);
    accepts(KEY_TIME, "13.75ns", 13750);
    accepts(KEY_TIME, "0.5us", 500000);
    accepts(KEY_TIME, "64ms", 64000000000);
    accepts(KEY_TIME, "1s", 1000000000000);
    accepts(KEY_BOOL, "yes", 1);
    accepts(KEY_BOOL, "no", 0);
}

static void zero_needs_no_unit(void **state)
{
    (void)state;
    accepts(KEY_TIME, "0", 0);
    accepts(KEY_FREQ, "0", 0);
    accepts(KEY_SIZE, "0", 0);
}

static void a_wrong_unit_is_answered_with_the_legal_spelling(void **state)
{
    (void)state;
    refuses(KEY_SIZE, "64KB", "no unit 'KB'; write 64KiB");
    refuses(KEY_SIZE, "32k", "no unit 'k'; write 32KiB");
    refuses(KEY_SIZE, "32 KiB", "no unit ' KiB'; write 32KiB");
    refuses(KEY_SIZE, "1g", "no unit 'g'; write 1GiB");
    refuses(KEY_SIZE, "12B", "no unit 'B'");
    refuses(KEY_FREQ, "2ghz", "no unit 'ghz'; write 2GHz");
    refuses(KEY_FREQ, "2.5G", "no unit 'G'; write 2.5GHz");
    refuses(KEY_FREQ, "2500", "the unit is missing");
    refuses(KEY_TIME, "14NS", "no unit 'NS'; write 14ns");
    refuses(KEY_TIME, "14", "the unit is missing");
    refuses(KEY_COUNT, "3k", "no unit 'k'; write 3K");
    refuses(KEY_COUNT, "3 million", "no unit ' million'; write 3M");
    refuses(KEY_BOOL, "true", "write yes");
    refuses(KEY_BOOL, "Off", "write no");
    refuses(KEY_BOOL, "maybe", "neither yes nor no");
}

static void what_is_not_a_number_is_refused(void **state)
{
    (void)state;
    refuses(KEY_U32, "", "the value is missing");
    refuses(KEY_U32, "-1", "not a whole number");
    refuses(KEY_U32, "+1", "not a whole number");
    refuses(KEY_U32, "1.5", "not a whole number");
    refuses(KEY_U32, "4x", "not a whole number ('x' follows it)");
    refuses(KEY_U32, "four", "not a whole number");
    refuses(KEY_U32, "0x", "not a hexadecimal number");
    refuses(KEY_U32, "0x1g", "not a hexadecimal number");
    refuses(KEY_SIZE, "0x40", "no unit 'x40'");
    refuses(KEY_SIZE, ".5KiB", "not a whole number of bytes");
    refuses(KEY_SIZE, "5.KiB", "not a whole number of bytes");
    refuses(KEY_SIZE, "0.3KiB", "not a whole number of bytes");
    refuses(KEY_TIME, "0.0001ns", "not a whole number of ps");
    refuses(KEY_TIME, "1.2.3ns", "no unit '.3ns'");
    refuses(KEY_TIME, "0.0000000000000000000000000000000001s", "not a whole number of ps");
}

static void values_beyond_the_type_are_too_large(void **state)
{
    (void)state;
    refuses(KEY_U32, "4294967296", "too large");
    refuses(KEY_U32, "0x100000000", "too large");
    refuses(KEY_U64, "18446744073709551616", "too large");
    refuses(KEY_U64, "0x10000000000000000", "too large");
    refuses(KEY_COUNT, "18446744074G", "too large");
    refuses(KEY_SIZE, "17179869184GiB", "too large");
    refuses(KEY_TIME, "99999999999999999999999999999999999999999999999999s", "too large");
}

static void limits_are_inclusive_and_may_have_units(void **state)
{
    (void)state;
    const struct key_row row = {"k", KEY_SIZE, 0, "1KiB", "512", "4KiB", ""};
    char why[VALUE_TEXT_MAX];
    uint64_t n;
    assert_true(value_parse(&row, "512", &n, why));
    assert_true(value_parse(&row, "4096", &n, why));
    assert_false(value_parse(&row, "511", &n, why));
    assert_string_equal(why, "too small");
    assert_false(value_parse(&row, "4097", &n, why));
    assert_string_equal(why, "too large");
    value_allowed(&row, why);
    assert_string_equal(why, "bytes: 512, 32KiB, 4MiB, 1GiB; 512..4KiB");
}

static void one_sided_limits_are_shown_as_such(void **state)
{
    (void)state;
    char out[VALUE_TEXT_MAX];
    struct key_row row = {"k", KEY_U32, 0, "1", "1", "", ""};
    value_range(&row, out);
    assert_string_equal(out, ">= 1");
    row.min = "";
    row.max = "8";
    value_range(&row, out);
    assert_string_equal(out, "<= 8");
    row.max = "";
    value_allowed(&row, out);
    assert_string_equal(out, "a whole number");
}

static void a_choice_is_kept_as_its_place(void **state)
{
    (void)state;
    const struct key_row row = {"k", KEY_CHOICE, 0, "lru", "lru|random|plru", "", ""};
    char out[VALUE_TEXT_MAX];
    uint64_t n;
    assert_true(value_parse(&row, "plru", &n, out));
    assert_int_equal(n, 2);
    value_format(&row, 1, out);
    assert_string_equal(out, "random");
    static const char *const wrong[] = {"", "lr", "lru|random", "LRU", "lrux"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(value_parse(&row, wrong[i], &n, out));
    value_allowed(&row, out);
    assert_string_equal(out, "one of lru, random, plru");
}

static void canonical(enum key_type type, const char *text, const char *expected)
{
    struct key_row row = row_of(type);
    char out[VALUE_TEXT_MAX], why[VALUE_TEXT_MAX];
    uint64_t n = 0, again = 1;
    assert_true(value_parse(&row, text, &n, why));
    value_format(&row, n, out);
    assert_string_equal(out, expected);
    assert_true(value_parse(&row, out, &again, why));
    assert_true(n == again);
}

static void equal_values_have_equal_texts(void **state)
{
    (void)state;
    canonical(KEY_SIZE, "32768", "32KiB");
    canonical(KEY_SIZE, "1024KiB", "1MiB");
    canonical(KEY_SIZE, "1.5MiB", "1536KiB");
    canonical(KEY_SIZE, "1000", "1000");
    canonical(KEY_SIZE, "0", "0");
    canonical(KEY_FREQ, "2500MHz", "2.5GHz");
    canonical(KEY_FREQ, "133333333Hz", "133333.333kHz");
    canonical(KEY_FREQ, "1050MHz", "1.05GHz");
    canonical(KEY_TIME, "13750ps", "13.75ns");
    canonical(KEY_TIME, "0", "0ps");
    canonical(KEY_TIME, "1000000000000ps", "1s");
    canonical(KEY_COUNT, "1000000", "1M");
    canonical(KEY_COUNT, "1.5M", "1500K");
    canonical(KEY_COUNT, "18446744073709551615", "18446744073709551615");
    canonical(KEY_U32, "0x10", "16");
}

static void a_number_is_hexadecimal_where_its_default_is(void **state)
{
    (void)state;
    const struct key_row row = {"k", KEY_U64, 0, "0x100", "", "", ""};
    char out[VALUE_TEXT_MAX];
    value_format(&row, 4096, out);
    assert_string_equal(out, "0x1000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_has_its_scale),
        cmocka_unit_test(zero_needs_no_unit),
        cmocka_unit_test(a_wrong_unit_is_answered_with_the_legal_spelling),
        cmocka_unit_test(what_is_not_a_number_is_refused),
        cmocka_unit_test(values_beyond_the_type_are_too_large),
        cmocka_unit_test(limits_are_inclusive_and_may_have_units),
        cmocka_unit_test(one_sided_limits_are_shown_as_such),
        cmocka_unit_test(a_choice_is_kept_as_its_place),
        cmocka_unit_test(equal_values_have_equal_texts),
        cmocka_unit_test(a_number_is_hexadecimal_where_its_default_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
