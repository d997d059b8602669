#include "sim/linux/exec_words.h"

#include <errno.h>

#include "tests/unit/sim/linux/guest.h"

static const char *name, *argument;

static bool take_apart(const char *text)
{
    static char line[SCRIPT_LINE + 1];
    char *interpreter, *rest;
    memset(line, 0, sizeof line);
    memcpy(line, text, strlen(text) < SCRIPT_LINE ? strlen(text) : SCRIPT_LINE);
    bool good = exec_script_line(line, &interpreter, &rest);
    name = good ? interpreter : NULL;
    argument = good ? rest : NULL;
    return good;
}

static void a_script_names_its_interpreter_and_at_most_one_argument(void **state)
{
    (void)state;
    assert_true(take_apart("#!/bin/sh\necho\n"));
    assert_string_equal(name, "/bin/sh");
    assert_null(argument);
    assert_true(take_apart("#! \t/bin/sh  -e -x \t\n"));
    assert_string_equal(name, "/bin/sh");
    assert_string_equal(argument, "-e -x");
    assert_true(take_apart("#!/bin/sh -e"));
    assert_string_equal(argument, "-e");
    assert_false(take_apart("#!\n/bin/sh\n"));
    assert_false(take_apart("#! \t\n"));
    assert_false(take_apart("#!"));
}

static void a_name_that_may_be_cut_off_is_refused(void **state)
{
    char text[SCRIPT_LINE + 50];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    memcpy(text, "#!", 2);
    assert_false(take_apart(text));
    text[100] = ' '; /* an argument may be cut */
    assert_true(take_apart(text));
    assert_int_equal(strlen(name), 98);
    assert_int_equal(strlen(argument), SCRIPT_LINE - 1 - 101);
    text[100] = 'x';
    text[SCRIPT_LINE - 1] = '\n'; /* the line just fits */
    assert_true(take_apart(text));
    assert_int_equal(strlen(name), SCRIPT_LINE - 3);
}

static void words_are_limited_together(void **state)
{
    struct guest *g = *state;
    struct exec_words w = {0};
    uint64_t left = 2 * 8 + 4 + 2;
    guest_write(g->l, SCRATCH + 64, "one\0x", 6);
    guest_write_long(g->l, SCRATCH, SCRATCH + 64);
    guest_write_long(g->l, SCRATCH + 8, SCRATCH + 68);
    guest_write_long(g->l, SCRATCH + 16, 0);
    assert_int_equal(exec_words_read(&w, g->l, SCRATCH, &left), 0);
    assert_int_equal(left, 0);
    assert_int_equal(w.count, 2);
    exec_words_push(&w, "zero");
    char **block = exec_words_take(&w);
    assert_string_equal(block[0], "zero");
    assert_string_equal(block[1], "one");
    assert_string_equal(block[2], "x");
    assert_null(block[3]);
    free(block);
    left = 2 * 8 + 4 + 1;
    assert_int_equal(exec_words_read(&w, g->l, SCRATCH, &left), -E2BIG);
    exec_words_free(&w);
    left = 1000;
    assert_int_equal(exec_words_read(&w, g->l, 0, &left), 0);
    assert_int_equal(exec_words_read(&w, g->l, 8, &left), -EFAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_names_its_interpreter_and_at_most_one_argument),
        cmocka_unit_test(a_name_that_may_be_cut_off_is_refused),
        GUEST_TEST(words_are_limited_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
