/* Shared by the tests of sim/schema: files made of texts, and functions that must panic. */
#ifndef TESTS_UNIT_SIM_SCHEMA_SUPPORT_H
#define TESTS_UNIT_SIM_SCHEMA_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/err.h"

/* Enters a fresh directory, so that messages show short relative paths. */
static inline int enter_directory(void **state)
{
    static char path[] = "/tmp/schema-test-XXXXXX";
    *state = path;
    return mkdtemp(path) && !chdir(path) ? 0 : -1;
}

static inline int leave_directory(void **state)
{
    char *command = xasprintf("rm -rf '%s'", (char *)*state);
    int status = chdir("/") || system(command);
    free(command);
    return status;
}

static inline void write_bytes(const char *path, const char *bytes, size_t n)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

static inline void assert_error(const struct err *e, const char *text)
{
    assert_int_equal(e->status, EXIT_USER);
    assert_string_equal(e->text, text);
}

static inline void assert_error_has(const struct err *e, const char *part)
{
    assert_int_equal(e->status, EXIT_USER);
    if (!strstr(e->text, part))
        fail_msg("'%s' is not in '%s'", part, e->text);
}

/* Runs the function in a child, which must end as a panic does. */
static inline void assert_panics(void (*function)(void))
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 2);
        function();
        _exit(0);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_INTERNAL);
}

#endif
