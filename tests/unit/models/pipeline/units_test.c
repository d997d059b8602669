/* The grammar of [core.units], and finding a pipe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "models/pipeline/units.h"
#include "sim/base/bits.h"

static bool create(struct units *u, const char *key, const char *value, const char *pipes,
                   struct err *e)
{
    struct config *c = config_create(NULL);
    bool ok = config_set(c, "core.units", "pipes", pipes, "test", e) &&
              (!key || config_set(c, "core.units", key, value, "test", e)) &&
              units_create(u, c, "core.units", e);
    config_destroy(c);
    return ok;
}

static void assert_refused(const char *key, const char *value, const char *pipes, const char *part)
{
    struct units u;
    struct err e = {0};
    assert_false(create(&u, key, value, pipes, &e));
    assert_int_equal(e.status, EXIT_USER);
    if (!strstr(e.text, part))
        fail_msg("'%s' is not in '%s'", part, e.text);
}

static void wrong_pipes_are_refused_with_what_is_wanted(void **state)
{
    (void)state;
    static const char *const malformed[] = {"alu*",   "alu*0",   "alu*x",  "alu*2x",
                                            "alu*-1", "alu*2*3", "*2",     "a_name_too_long_",
                                            "alu* 2"};
    for (size_t n = 0; n < ARRAY_LEN(malformed); n++)
        assert_refused(NULL, NULL, malformed[n], "want KIND or KIND*COUNT, e.g. alu*2");
    assert_refused(NULL, NULL, "alu*0 mul", "'alu*0': want KIND or KIND*COUNT");
    assert_refused(NULL, NULL, "alu mul alu", "'alu' is named twice");
    assert_refused(NULL, NULL, "", "at least one pipe is needed");
    assert_refused(NULL, NULL, "  \t ", "at least one pipe is needed");
    assert_refused(NULL, NULL, "alu*20 mul*13", "more than 16 kinds or 32 pipes");
    assert_refused(NULL, NULL, "alu*33", "more than 16 kinds or 32 pipes");
    assert_refused(NULL, NULL, "a b c d e f g h i j k l m n o p q", "more than 16 kinds");
}

static void wrong_classes_are_refused_with_what_is_wanted(void **state)
{
    (void)state;
    static const char *const malformed[] = {"",         "alu",       "alu 0",     "alu 1 0",
                                            "alu 1001", "alu 1 1001", "alu x",    "alu 1 x",
                                            "alu 1 1 1 1", "alu -1",   "alu 1.5",   "alu 1 1 x"};
    for (size_t n = 0; n < ARRAY_LEN(malformed); n++)
        assert_refused("muld", malformed[n], "alu", "want KIND LATENCY [INTERVAL [SLOTS]], cycles");
    assert_refused("muld", "mul 3", "alu", "'mul' is not one of the kinds in `pipes`");
    assert_refused("muld", "al 3", "alu", "'al' is not one of the kinds in `pipes`");
    assert_refused("muld", "alu*2 3", "alu*2", "'alu*2' is not one of the kinds in `pipes`");
}

static void a_class_gets_the_pipes_of_its_kind(void **state)
{
    (void)state;
    struct units u;
    struct err e = {0};
    assert_true(create(&u, "muld", " mul\t7  3 ", "alu*2  mul*3 bru", &e));
    assert_int_equal(u.pipe_count, 6);
    assert_int_equal(u.class[CLASS_MULD].first, 2);
    assert_int_equal(u.class[CLASS_MULD].count, 3);
    assert_int_equal(u.class[CLASS_MULD].latency, 7);
    assert_int_equal(u.class[CLASS_MULD].interval, 3);
    assert_int_equal(u.class[CLASS_INT].first, 0);
    assert_int_equal(u.class[CLASS_INT].count, 2);
}

static void a_class_may_use_kinds_side_by_side(void **state)
{
    (void)state;
    struct units u;
    struct err e = {0};
    assert_true(create(&u, "muld", "mul|bru 7", "alu*2 mul*3 bru", &e));
    assert_int_equal(u.class[CLASS_MULD].first, 2);
    assert_int_equal(u.class[CLASS_MULD].count, 4);
    assert_int_equal(u.class[CLASS_MULD].step[0].kinds, 2 | 4);
    assert_refused("muld", "alu|bru 7", "alu mul bru", "'bru' does not stand behind the kind");
    assert_refused("muld", "bru|mul 7", "alu mul bru", "'mul' does not stand behind the kind");
    assert_refused("muld", "mul|x 7", "alu mul bru", "'x' is not one of the kinds in `pipes`");
}

static void single_precision_is_as_double_unless_given(void **state)
{
    (void)state;
    struct units u;
    struct err e = {0};
    assert_true(create(&u, "fmul", "alu 4 2", "alu", &e));
    assert_int_equal(u.class[CLASS_FMULS].latency, 4);
    assert_int_equal(u.class[CLASS_FMULS].interval, 2);
    assert_true(create(&u, "fmuls", "alu 3", "alu", &e));
    assert_int_equal(u.class[CLASS_FMULS].latency, 3);
    assert_int_equal(u.class[CLASS_FMUL].latency, 1);
}

static void a_variant_may_stand_before_the_class_that_it_is_as(void **state)
{
    (void)state;
    struct units u;
    struct err e = {0};
    assert_true(create(&u, "mod", "alu 9 8 + alu 2", "alu", &e));
    assert_int_equal(u.class[CLASS_MODW].latency, 9);
    assert_int_equal(u.class[CLASS_MODW].steps, 2);
    assert_int_equal(u.class[CLASS_DIVWE].latency, 1);
    assert_true(create(&u, "modw", "alu 7", "alu", &e));
    assert_int_equal(u.class[CLASS_MODW].latency, 7);
    assert_int_equal(u.class[CLASS_MOD].latency, 1);
}

static void interval_and_slots_are_one_unless_given(void **state)
{
    (void)state;
    struct units u;
    struct err e = {0};
    assert_true(create(&u, "divd", "alu 1000", "alu", &e));
    assert_int_equal(u.class[CLASS_DIVD].latency, 1000);
    assert_int_equal(u.class[CLASS_DIVD].interval, 1);
    assert_int_equal(u.class[CLASS_DIVD].step[0].slots, 1);
    assert_true(create(&u, "divd", "alu 9 2 3 + alu 1 1 16", "alu", &e));
    assert_int_equal(u.class[CLASS_DIVD].interval, 2);
    assert_int_equal(u.class[CLASS_DIVD].step[0].slots, 3);
    assert_int_equal(u.class[CLASS_DIVD].step[1].slots, 16);
    assert_refused("divd", "alu 9 2 0", "alu", "slots 1..16");
    assert_refused("divd", "alu 9 2 17", "alu", "slots 1..16");
    assert_refused("divd", "alu 9 2 3 4", "alu", "KIND LATENCY [INTERVAL [SLOTS]]");
    assert_refused("divd", "", "alu", "KIND LATENCY");
}

static void what_does_not_crack_knows_neither_steps_nor_slots(void **state)
{
    (void)state;
    static const char *const values[] = {"alu 1 + alu 1", "alu 1 1 2"};
    for (uint32_t n = 0; n < ARRAY_LEN(values); n++) {
        struct config *c = config_create(NULL);
        struct units u;
        struct err e = {0};
        assert_true(config_set(c, "core.units", "fadd", values[n], "test", &e));
        assert_true(units_create(&u, c, "core.units", &e));
        assert_false(units_refuse_steps(&u, c, "core.units", &e));
        assert_non_null(strstr(e.text, "does not crack"));
        config_destroy(c);
    }
}

static void the_limits_themselves_are_allowed(void **state)
{
    (void)state;
    struct units u;
    struct err e = {0};
    assert_true(create(&u, "divd", "alu 1000 1000", "alu*32", &e));
    assert_int_equal(u.pipe_count, 32);
    assert_true(create(&u, "int", "p 1", "alu b c d e f g h i j k l m n o p", &e));
    assert_int_equal(u.class[CLASS_INT].first, 15);
}

static void a_pipe_is_found_when_one_is_free(void **state)
{
    (void)state;
    struct units u;
    struct err e = {0};
    uint64_t when;
    assert_true(create(&u, "muld", "mul 7 3", "alu mul*2", &e));
    assert_int_equal(units_find(&u, CLASS_MULD, 10, &when), 1);
    u.free_from[1] = 13;
    assert_int_equal(units_find(&u, CLASS_MULD, 10, &when), 2);
    u.free_from[2] = 12;
    assert_int_equal(units_find(&u, CLASS_MULD, 10, &when), -1);
    assert_int_equal(when, 12);
    assert_int_equal(units_find(&u, CLASS_MULD, 11, &when), -1);
    assert_int_equal(units_find(&u, CLASS_MULD, 12, &when), 2);
    assert_int_equal(units_find(&u, CLASS_MULD, 13, &when), 1);
    assert_int_equal(units_find(&u, CLASS_INT, 10, &when), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_pipes_are_refused_with_what_is_wanted),
        cmocka_unit_test(wrong_classes_are_refused_with_what_is_wanted),
        cmocka_unit_test(a_class_gets_the_pipes_of_its_kind),
        cmocka_unit_test(a_class_may_use_kinds_side_by_side),
        cmocka_unit_test(single_precision_is_as_double_unless_given),
        cmocka_unit_test(a_variant_may_stand_before_the_class_that_it_is_as),
        cmocka_unit_test(interval_and_slots_are_one_unless_given),
        cmocka_unit_test(what_does_not_crack_knows_neither_steps_nor_slots),
        cmocka_unit_test(the_limits_themselves_are_allowed),
        cmocka_unit_test(a_pipe_is_found_when_one_is_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
