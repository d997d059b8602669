#include "sim/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void tell(const void *ctx, char *text, size_t room)
{
    snprintf(text, room, "in cycle %d", *(const int *)ctx);
}

/* What a child says on stderr that panics after set_up. */
static void panic_of(void (*set_up)(void), char *text, size_t room)
{
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (!child) {
        dup2(ends[1], STDERR_FILENO);
        set_up();
        panic("no %s", "way");
    }
    close(ends[1]);
    memset(text, 0, room);
    for (ssize_t n, used = 0; (n = read(ends[0], text + used, room - 1 - (size_t)used)) > 0;)
        used += n;
    close(ends[0]);
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_INTERNAL);
}

static void nothing(void) {}

static void in_cycle_7(void)
{
    static const int cycle = 7;
    panic_set_context(tell, &cycle);
}

static void in_cycle_7_no_more(void)
{
    in_cycle_7();
    panic_set_context(NULL, NULL);
}

static void a_panic_says_where_the_simulation_stands(void **state)
{
    char text[200];
    (void)state;
    panic_of(nothing, text, sizeof text);
    assert_string_equal(text, "simrun: internal error: no way\n");
    panic_of(in_cycle_7, text, sizeof text);
    assert_string_equal(text, "simrun: internal error: no way (in cycle 7)\n");
    panic_of(in_cycle_7_no_more, text, sizeof text);
    assert_string_equal(text, "simrun: internal error: no way\n");
}

static void the_first_error_is_kept(void **state)
{
    struct err e = {0};
    (void)state;
    assert_false(err_set(&e, "%s:%d: first", "m.ini", 3));
    assert_false(err_set_status(&e, EXIT_NOEXEC, "second"));
    assert_int_equal(e.status, EXIT_USER);
    assert_string_equal(e.text, "m.ini:3: first");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_panic_says_where_the_simulation_stands),
        cmocka_unit_test(the_first_error_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
