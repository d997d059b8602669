#include "sim/schema/stats.h"

#include <math.h>

#include "sim/schema/equation.h"
#include "tests/unit/sim/schema/support.h"

#define CACHE_STATS(X, o)                                                                          \
    X(o, hits, COUNT, "demand accesses that hit")                                                  \
    X(o, misses, COUNT, "demand accesses that miss")                                               \
    X(o, bytes, BYTES, "bytes moved")
struct cache_stats {
    CACHE_STATS(STAT_MEMBER, cache_stats)
};
static const struct stat_row cache_rows[] = {CACHE_STATS(STAT_ROW, cache_stats) STAT_END};

static int32_t find_letter(void *context, const char *full)
{
    (void)context;
    return full[0] >= 'a' && full[0] <= 'd' && !full[1] ? full[0] - 'a' : -1;
}

static struct equation_value evaluate(const char *text, const uint64_t *values)
{
    struct err e = {0};
    struct equation *q = equation_compile(text, find_letter, NULL, &e);
    if (!q)
        fail_msg("%s", e.text);
    struct equation_value v = equation_evaluate(q, values);
    equation_destroy(q);
    return v;
}

static double real(const char *text)
{
    static const uint64_t values[] = {6, 3, 2, 0};
    return evaluate(text, values).real;
}

static void equals(const char *text, double expected) { assert_true(real(text) == expected); }

static void operators_bind_and_associate_as_in_school(void **state)
{
    (void)state;
    equals("a + b * c", 12);
    equals("(a + b) * c", 18);
    equals("a - b - c", 1);
    equals("a / b / c", 1);
    equals("-a + b", -3);
    equals("a - -b", 9);
    equals("a * -b", -18);
    equals("--a", 6);
    equals("1000 * a", 6000);
    equals("a/4", 1.5);
    equals("0.25*a", 1.5);
    equals(" ( ( a ) ) ", 6);
}

static void division_by_zero_is_not_a_number(void **state)
{
    (void)state;
    assert_true(isnan(real("d / d")));
    assert_true(isnan(real("a / d")));
    assert_true(isnan(real("-a / (b - 3)")));
    assert_true(isnan(real("1 + a / d")));
}

static void whole_numbers_stay_exact_beyond_two_to_the_53(void **state)
{
    (void)state;
    const uint64_t values[] = {(UINT64_C(1) << 53) + 1, UINT64_C(1) << 53, UINT64_MAX, 0};
    assert_true(evaluate("a - b", values).real == 1);
    assert_true(evaluate("a - b - 1", values).real == 0);
    struct equation_value sum = evaluate("c + c", values);
    assert_true(sum.exact && sum.whole == 2 * (s128)UINT64_MAX);
    assert_true(evaluate("c * c - c * c", values).real == 0);
    assert_true(evaluate("d - c", values).whole == -(s128)UINT64_MAX);
    assert_true(evaluate("18446744073709551615 - c", values).whole == 0);
}

static void a_product_beyond_128_bits_becomes_a_double(void **state)
{
    (void)state;
    const uint64_t values[] = {UINT64_MAX, 1, 1, 1};
    struct equation_value v = evaluate("a * a * a", values);
    assert_false(v.exact);
    assert_true(fabs(v.real / 6.277e57 - 1) < 1e-3);
}

static void refuses(const char *text, const char *message)
{
    struct err e = {0};
    struct equation *q = equation_compile(text, find_letter, NULL, &e);
    assert_null(q);
    assert_error_has(&e, message);
}

static void malformed_equations_say_where(void **state)
{
    (void)state;
    refuses("", "column 1: a name, a number or '(' expected");
    refuses("a +", "column 4: a name, a number or '(' expected");
    refuses("a b", "column 3: an operator or the end expected");
    refuses("(a", "column 3: ')' expected");
    refuses("a)", "column 2: an operator or the end expected");
    refuses("a + e", "column 5: no statistic of this name");
    refuses("l1d.hits", "column 1: no statistic of this name");
    refuses("1.", "a digit must follow the decimal point");
    refuses("3a", "a number cannot be followed by a letter");
    refuses("18446744073709551616", "the number is too large");
    refuses("a ^ b", "column 3: an operator or the end expected");
}

static void deep_and_long_equations_are_refused_not_overflowed(void **state)
{
    (void)state;
    char text[5000];
    memset(text, '(', 4999);
    text[4999] = '\0';
    refuses(text, "nested too deeply");
    memset(text, '-', 4999);
    refuses(text, "nested too deeply");
    for (int i = 0; i < 2400; i++)
        memcpy(text + 2 * i, "a+", 2);
    strcpy(text + 4800, "a");
    refuses(text, "the equation is too long");
    text[0] = '\0';
    for (int i = 0; i < 60; i++) /* values pile up on the evaluation stack */
        strcat(text, "a+(");
    strcat(text, "a");
    for (int i = 0; i < 60; i++)
        strcat(text, ")");
    equals(text, 366);
}

static struct stats *tree(struct cache_stats *cache, uint64_t *cycles)
{
    struct stats *s = stats_create();
    stats_add(s, "l1d", cache_rows, cache);
    stats_add_one(s, "core", "cycles", STAT_CYCLES, "cycles", cycles);
    return s;
}

static void names_units_and_texts_come_from_the_rows(void **state)
{
    (void)state;
    struct cache_stats cache = {0};
    uint64_t cycles = 0;
    struct stats *s = tree(&cache, &cycles);
    assert_int_equal(stats_count(s), 4);
    struct stat_info bytes = stats_get(s, 2);
    assert_string_equal(bytes.full, "l1d.bytes");
    assert_string_equal(bytes.component, "l1d");
    assert_string_equal(bytes.name, "bytes");
    assert_string_equal(bytes.text, "bytes moved");
    assert_string_equal(stats_unit_name(bytes.unit), "bytes");
    assert_ptr_equal(bytes.value, &cache.bytes);
    assert_int_equal(stats_find(s, "core.cycles"), 3);
    assert_int_equal(stats_find(s, "core.cycle"), -1);
    stats_destroy(s);
}

static void an_empty_tree_finds_nothing(void **state)
{
    (void)state;
    struct stats *s = stats_create();
    assert_int_equal(stats_find(s, "core.cycles"), -1);
    assert_int_equal(stats_count(s), 0);
    stats_destroy(s);
}

static void a_snapshot_copies_counters_exactly(void **state)
{
    (void)state;
    struct cache_stats cache = {.hits = UINT64_MAX, .misses = (UINT64_C(1) << 53) + 1};
    uint64_t cycles = 7, values[4];
    struct stats *s = tree(&cache, &cycles);
    stats_snapshot(s, values);
    cache.hits = 0;
    assert_true(values[0] == UINT64_MAX);
    assert_true(values[1] == (UINT64_C(1) << 53) + 1);
    assert_true(values[3] == 7);
    stats_destroy(s);
}

static void thousands_of_statistics_are_all_found(void **state)
{
    (void)state;
    struct stats *s = stats_create();
    uint64_t value = 0;
    char component[40];
    for (int i = 0; i < 3000; i++) {
        sprintf(component, "core.%d", i);
        stats_add_one(s, component, "cycles", STAT_CYCLES, "", &value);
    }
    for (int i = 0; i < 3000; i++) {
        sprintf(component, "core.%d.cycles", i);
        assert_int_equal(stats_find(s, component), i);
    }
    stats_destroy(s);
}

static void formulas_are_evaluated_over_any_snapshot(void **state)
{
    (void)state;
    struct cache_stats cache = {0};
    uint64_t cycles = 0;
    const uint64_t values[] = {30, 10, 0, 0};
    struct stats *s = tree(&cache, &cycles);
    stats_formula(s, "l1d", "miss_rate", "l1d.misses / (l1d.hits + l1d.misses)", "share of misses");
    stats_formula(s, "l1d", "bandwidth", "l1d.bytes / core.cycles", "bytes per cycle");
    assert_int_equal(stats_formula_count(s), 2);
    assert_string_equal(stats_formula_get(s, 0).full, "l1d.miss_rate");
    assert_string_equal(stats_formula_get(s, 0).equation, "l1d.misses / (l1d.hits + l1d.misses)");
    assert_true(stats_formula_value(s, 0, values) == 0.25);
    assert_true(isnan(stats_formula_value(s, 1, values)));
    stats_destroy(s);
}

static void laws_compare_exactly(void **state)
{
    (void)state;
    struct cache_stats cache = {0};
    uint64_t cycles = 0;
    const uint64_t held[] = {UINT64_MAX - 1, 1, 0, UINT64_MAX};
    const uint64_t broken[] = {UINT64_C(1) << 53, 1, 0, UINT64_C(1) << 53};
    const uint64_t wrapped[] = {UINT64_MAX, 1, 0, 0}; /* equal in 64 bits, not in truth */
    struct stats *s = tree(&cache, &cycles);
    stats_law(s, "hits and misses", "l1d.hits + l1d.misses", "core.cycles");
    assert_int_equal(stats_law_count(s), 1);
    assert_true(stats_law_check(s, 0, held).held);
    assert_false(stats_law_check(s, 0, wrapped).held);
    struct law_info law = stats_law_check(s, 0, broken);
    assert_false(law.held);
    assert_string_equal(law.name, "hits and misses");
    assert_true(law.left_value == (INT64_C(1) << 53) + 1);
    assert_true(law.right_value == INT64_C(1) << 53);
    stats_destroy(s);
}

static void a_law_may_have_a_negative_side(void **state)
{
    (void)state;
    struct cache_stats cache = {0};
    uint64_t cycles = 0;
    const uint64_t values[] = {1, 3, 0, 0};
    struct stats *s = tree(&cache, &cycles);
    stats_law(s, "difference", "l1d.hits - l1d.misses", "-2");
    struct law_info law = stats_law_check(s, 0, values);
    assert_true(law.held);
    assert_int_equal(law.left_value, -2);
    stats_destroy(s);
}

static void add_twice(void)
{
    struct cache_stats cache = {0};
    struct stats *s = stats_create();
    stats_add(s, "l1d", cache_rows, &cache);
    stats_add(s, "l1d", cache_rows, &cache);
}

static void formula_of_unknown(void) { stats_formula(stats_create(), "a", "b", "c.d", ""); }

static void law_with_division(void) { stats_law(stats_create(), "l", "4 / 2", "2"); }

static void law_with_fraction(void) { stats_law(stats_create(), "l", "0.5", "0.5"); }

static void formula_twice(void)
{
    struct stats *s = stats_create();
    stats_formula(s, "a", "b", "1", "");
    stats_formula(s, "a", "b", "2", "");
}

static void defects_of_registration_panic_at_once(void **state)
{
    (void)state;
    assert_panics(add_twice);
    assert_panics(formula_of_unknown);
    assert_panics(law_with_division);
    assert_panics(law_with_fraction);
    assert_panics(formula_twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_and_associate_as_in_school),
        cmocka_unit_test(division_by_zero_is_not_a_number),
        cmocka_unit_test(whole_numbers_stay_exact_beyond_two_to_the_53),
        cmocka_unit_test(a_product_beyond_128_bits_becomes_a_double),
        cmocka_unit_test(malformed_equations_say_where),
        cmocka_unit_test(deep_and_long_equations_are_refused_not_overflowed),
        cmocka_unit_test(names_units_and_texts_come_from_the_rows),
        cmocka_unit_test(an_empty_tree_finds_nothing),
        cmocka_unit_test(a_snapshot_copies_counters_exactly),
        cmocka_unit_test(thousands_of_statistics_are_all_found),
        cmocka_unit_test(formulas_are_evaluated_over_any_snapshot),
        cmocka_unit_test(laws_compare_exactly),
        cmocka_unit_test(a_law_may_have_a_negative_side),
        cmocka_unit_test(defects_of_registration_panic_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
