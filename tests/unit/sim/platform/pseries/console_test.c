/* What a guest's console reads of the host: a file, a pipe, nothing. */
#include "sim/platform/pseries/console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A console whose standard input is that descriptor, which it takes over. */
static struct console *reading(int fd)
{
    struct err e = {0};
    assert_int_equal(dup2(fd, 0), 0);
    close(fd);
    struct console *c = console_create("", &e);
    assert_non_null(c);
    return c;
}

static void a_file_is_read_to_its_end_without_waiting(void **state)
{
    (void)state;
    char path[] = "/tmp/console_test.XXXXXX", text[16];
    struct err e = {0};
    int fd = mkstemp(path);
    assert_int_equal(write(fd, "first and second", 16), 16);
    close(fd);
    struct console *c = console_create(path, &e);
    unlink(path);
    assert_int_equal(console_read(c, text, 5), 5);
    assert_memory_equal(text, "first", 5);
    assert_false(console_is_at_end(c));
    assert_int_equal(console_wait_ns(c, UINT64_C(3600000000000)), 0);
    assert_int_equal(console_read(c, text, sizeof text), 11);
    assert_false(console_has_input(c));
    assert_true(console_is_at_end(c));
    console_destroy(c);
}

static void a_pipe_is_waited_for(void **state)
{
    (void)state;
    char text[16];
    int fd[2];
    assert_int_equal(pipe(fd), 0);
    struct console *c = reading(fd[0]);
    assert_false(console_has_input(c));
    assert_int_equal(console_read(c, text, sizeof text), 0);
    assert_false(console_is_at_end(c)); /* somebody may still type */
    assert_true(console_wait_ns(c, 2000000) >= 1900000);
    assert_int_equal(write(fd[1], "x", 1), 1);
    assert_true(console_wait_ns(c, UINT64_C(60000000000)) < UINT64_C(30000000000));
    assert_int_equal(console_read(c, text, sizeof text), 1);
    close(fd[1]);
    assert_false(console_has_input(c));
    assert_true(console_is_at_end(c));
    console_destroy(c);
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    struct err e = {0};
    assert_null(console_create("/nowhere/at/all", &e));
    assert_string_equal(e.text, "/nowhere/at/all: No such file or directory");
    e = (struct err){0};
    assert_null(console_create("/", &e));
    assert_string_equal(e.text, "/: Is a directory");
}

static void a_closed_standard_input_is_at_its_end(void **state)
{
    (void)state;
    struct err e = {0};
    close(0);
    struct console *c = console_create("", &e);
    assert_non_null(c);
    assert_true(console_is_at_end(c));
    assert_false(console_has_input(c));
    console_destroy(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_to_its_end_without_waiting),
        cmocka_unit_test(a_pipe_is_waited_for),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(a_closed_standard_input_is_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
