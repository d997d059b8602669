#include "tests/unit/sim/schema/config_rig.h"

/* What config_explain prints, with its result. */
static char *explained(const char *what, bool *ok, struct err *e)
{
    fflush(stdout);
    int saved = dup(1), file = open("explained", O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(file, 1);
    *ok = config_explain(known, what, e);
    fflush(stdout);
    dup2(saved, 1);
    char *text = xcalloc(1, 5000);
    assert_true(pread(file, text, 4999, 0) >= 0);
    close(file);
    close(saved);
    return text;
}

static void explains(const char *what, const char *expected)
{
    struct err e = {0};
    bool ok;
    char *text = explained(what, &ok, &e);
    assert_true(ok);
    assert_string_equal(text, expected);
    free(text);
}

static void explain_shows_one_key(void **state)
{
    (void)state;
    explains("l1d.size", "l1d.size: capacity\n"
                         "  type     bytes: 512, 32KiB, 4MiB, 1GiB\n"
                         "  allowed  64..1GiB\n"
                         "  default  32KiB\n");
    explains("core.0.label", "core.label: free text\n"
                             "  type     a text; empty means none\n"
                             "  default  (empty)\n");
}

static void explain_tells_which_machines_read_a_key(void **state)
{
    (void)state;
    explains("board.inclusive", "board.inclusive: holds what the levels above hold\n"
                                "  needs    system.kind = bare\n"
                                "  type     yes or no\n"
                                "  allowed  yes|no\n"
                                "  default  no\n");
}

static void explain_shows_a_section_as_a_table(void **state)
{
    (void)state;
    explains("core.bpred", "[core.bpred]  branch predictor\n"
                           "  key        type       default  allowed  meaning\n"
                           "  direction  text       static            static, gshare or tage\n"
                           "  entries    count      4K       >= 1     table entries\n"
                           "  gshare's own:\n"
                           "  history    number     12       1..64    history bits\n"
                           "  tage's own:\n"
                           "  history    number     12       1..64    history bits\n");
}

static void explain_alone_shows_every_section_once(void **state)
{
    (void)state;
    struct err e = {0};
    bool ok;
    char *text = explained(NULL, &ok, &e);
    assert_true(ok);
    const char *first = strstr(text, "[core.bpred]");
    assert_non_null(first);
    assert_null(strstr(first + 1, "[core.bpred]"));
    assert_non_null(strstr(text, "\n\n[l3]  third level\n"));
    free(text);
}

static void explain_fails(const char *what, const char *message)
{
    struct err e = {0};
    bool ok;
    free(explained(what, &ok, &e));
    assert_false(ok);
    assert_error(&e, message);
}

static void explain_guesses_what_was_meant(void **state)
{
    (void)state;
    explain_fails("l1d.sise", "l1d.sise: no such key; did you mean l1d.size?");
    explain_fails("l1d.foo", "l1d.foo: no such key; 'explain l1d' lists the keys of [l1d]");
    explain_fails("l1e", "l1e: no such section; did you mean l1d?");
    explain_fails("x y", "x y: not a section or key; write SECTION or SECTION.KEY");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explain_shows_one_key),
        cmocka_unit_test(explain_tells_which_machines_read_a_key),
        cmocka_unit_test(explain_shows_a_section_as_a_table),
        cmocka_unit_test(explain_alone_shows_every_section_once),
        cmocka_unit_test(explain_guesses_what_was_meant),
    };
    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
