#include "sim/schema/ini.h"

#include "tests/unit/sim/schema/support.h"

static char seen[2000]; /* what the sink was told, one item per line */

static bool note_section(void *user, const char *section, unsigned line, struct err *e)
{
    (void)user, (void)e;
    sprintf(seen + strlen(seen), "%u [%s]\n", line, section);
    return true;
}

static bool note_key(void *user, const char *section, const char *key, const char *value,
                     unsigned line, struct err *e)
{
    (void)user, (void)e;
    sprintf(seen + strlen(seen), "%u %s.%s=%s\n", line, section, key, value);
    return true;
}

static const struct ini_sink sink = {note_section, note_key, NULL, false};

static void reads(const char *text, const char *expected)
{
    struct err e = {0};
    seen[0] = '\0';
    write_text("a.ini", text);
    if (!ini_read("a.ini", &sink, &e))
        fail_msg("%s", e.text);
    assert_string_equal(seen, expected);
}

static void refuses(const char *text, const char *message)
{
    struct err e = {0};
    seen[0] = '\0';
    write_text("a.ini", text);
    assert_false(ini_read("a.ini", &sink, &e));
    assert_error_has(&e, message);
}

static void keys_come_with_their_section_and_line(void **state)
{
    (void)state;
    reads("a = 1\n\n[core]\nwidth = 2\n[core.bpred]\nkind=gshare",
          "1 .a=1\n3 [core]\n4 core.width=2\n5 [core.bpred]\n6 core.bpred.kind=gshare\n");
}

static void comments_start_a_line_or_follow_a_blank(void **state)
{
    (void)state;
    reads("# x\n; y\n[a] # s\nk = v # c\nl = v ; c\nm = v\t# c\nn = a#b;c\no = # all\n",
          "3 [a]\n4 a.k=v\n5 a.l=v\n6 a.m=v\n7 a.n=a#b;c\n8 a.o=\n");
}

static void indented_comments_and_blank_lines_are_free(void **state)
{
    (void)state;
    reads("[a]\nk = 1\n   # comment\n  \t \n  ; too\nl = 2\n", "1 [a]\n2 a.k=1\n6 a.l=2\n");
}

static void values_keep_equals_signs_colons_and_inner_blanks(void **state)
{
    (void)state;
    reads("[a]\nk = x=y : z  w \nurl = a:b\n", "1 [a]\n2 a.k=x=y : z  w\n3 a.url=a:b\n");
}

static void windows_line_ends_and_byte_order_mark_are_accepted(void **state)
{
    (void)state;
    reads("\xef\xbb\xbf[a]\r\nk = 1\r\n", "1 [a]\n2 a.k=1\n");
}

static void an_indented_line_is_refused_not_joined(void **state)
{
    (void)state;
    refuses("[a]\nk = 1\n  l = 2\n", "a.ini:3: the line is indented");
    refuses("[a]\n\tk = 1\n", "a.ini:2: the line is indented");
}

static void lines_of_199_bytes_are_read_and_of_200_refused(void **state)
{
    (void)state;
    char line[400], expected[400];
    sprintf(line, "k = %0195d\n", 7);
    sprintf(expected, "1 .k=%0195d\n", 7);
    reads(line, expected);
    sprintf(line, "k = %0196d\n", 7);
    refuses(line, "a.ini:1: the line is longer than 199 bytes");
}

static void a_long_comment_does_not_count(void **state)
{
    (void)state;
    char line[600];
    sprintf(line, "# %0400d\nk = 1 # %0100d\n", 1, 2);
    reads(line, "2 .k=1\n");
}

static void an_endless_line_is_refused(void **state)
{
    (void)state;
    struct err e = {0};
    char *line = xmalloc(1 << 20);
    memset(line, '#', 1 << 20);
    write_bytes("a.ini", line, 1 << 20);
    free(line);
    assert_false(ini_read("a.ini", &sink, &e));
    assert_error_has(&e, "a.ini:1: the line is longer than 4095 bytes");
}

static void malformed_lines_are_refused(void **state)
{
    (void)state;
    refuses("[a]\nword\n", "a.ini:2: neither 'key = value'");
    refuses("k: v\n", "a.ini:1: neither 'key = value'");
    refuses("= v\n", "a.ini:1: not a key name before '='");
    refuses("a b = v\n", "a.ini:1: not a key name before '='");
    refuses("l2.size = v\n", "a.ini:1: not a key name before '='");
    refuses("k:x = v\n", "a.ini:1: not a key name before '='");
    refuses("[a\n", "a.ini:1: a section header ends with ']'");
    refuses("[a] b = 1\n", "a.ini:1: a section header ends with ']'");
    refuses("[]\n", "a.ini:1: not a section name");
    refuses("[a b]\n", "a.ini:1: not a section name");
    refuses("[.a]\n", "a.ini:1: not a section name");
    refuses("[a..b]\n", "a.ini:1: not a section name");
    refuses("[a.]\n", "a.ini:1: not a section name");
    refuses("[\n", "a.ini:1: a section header ends with ']'");
    refuses("[a]]\n", "a.ini:1: not a section name");
}

static void names_longer_than_libinih_keeps_are_refused(void **state)
{
    (void)state;
    char text[200], expected[200];
    sprintf(text, "[%049d]\n", 1);
    sprintf(expected, "1 [%049d]\n", 1);
    reads(text, expected);
    sprintf(text, "[%050d]\n", 1);
    refuses(text, "a.ini:1: not a section name");
    sprintf(text, "%050d = 1\n", 1);
    refuses(text, "a.ini:1: not a key name");
}

static void binary_input_is_refused(void **state)
{
    (void)state;
    struct err e = {0};
    write_bytes("a.ini", "[a]\nk = a\0b\n", 12);
    assert_false(ini_read("a.ini", &sink, &e));
    assert_error_has(&e, "a.ini:2: a NUL byte");
    refuses("k = \x1b[0m\n", "a.ini:1: a control character");
    refuses("k = caf\xe9\n", "a.ini:1: a byte sequence that is not UTF-8");
    refuses("k = \xc0\xaf\n", "not UTF-8");         /* overlong */
    refuses("k = \xed\xa0\x80\n", "not UTF-8");     /* surrogate */
    refuses("k = \xf4\x90\x80\x80\n", "not UTF-8"); /* beyond U+10FFFF */
    refuses("k = \xe2\x82\n", "not UTF-8");         /* cut short */
    reads("k = \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n",
          "1 .k=\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n");
}

static void random_bytes_never_crash_the_reader(void **state)
{
    (void)state;
    static const char alphabet[] = "[]=#; \t\n\r.ak1\xc3\xa9\x01";
    uint32_t seed = 1;
    for (int i = 0; i < 3000; i++) {
        char text[60];
        struct err e = {0};
        size_t n = 0;
        for (; n < 40; n++) {
            seed = seed * 1664525u + 1013904223u;
            text[n] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        seen[0] = '\0';
        write_bytes("a.ini", text, n);
        bool ok = ini_read("a.ini", &sink, &e);
        assert_true(ok == !e.status);
    }
}

static void unreadable_files_say_why(void **state)
{
    (void)state;
    struct err e = {0}, d = {0};
    assert_false(ini_read("missing.ini", &sink, &e));
    assert_error(&e, "missing.ini: cannot open: No such file or directory");
    assert_false(ini_read("/tmp", &sink, &d));
    assert_error(&d, "/tmp: cannot read: Is a directory");
}

static bool stop(void *user, const char *section, const char *key, const char *value, unsigned line,
                 struct err *e)
{
    ++*(int *)user;
    (void)section, (void)value;
    return err_set(e, "stopped at %s, line %u", key, line);
}

static void an_error_of_the_sink_ends_the_reading(void **state)
{
    (void)state;
    int calls = 0;
    struct err e = {0};
    write_text("a.ini", "[a]\nk = 1\nl = 2\n");
    assert_false(ini_read("a.ini", &(struct ini_sink){note_section, stop, &calls, false}, &e));
    assert_error(&e, "stopped at k, line 2");
    assert_int_equal(calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_with_their_section_and_line),
        cmocka_unit_test(comments_start_a_line_or_follow_a_blank),
        cmocka_unit_test(indented_comments_and_blank_lines_are_free),
        cmocka_unit_test(values_keep_equals_signs_colons_and_inner_blanks),
        cmocka_unit_test(windows_line_ends_and_byte_order_mark_are_accepted),
        cmocka_unit_test(an_indented_line_is_refused_not_joined),
        cmocka_unit_test(lines_of_199_bytes_are_read_and_of_200_refused),
        cmocka_unit_test(a_long_comment_does_not_count),
        cmocka_unit_test(an_endless_line_is_refused),
        cmocka_unit_test(malformed_lines_are_refused),
        cmocka_unit_test(names_longer_than_libinih_keeps_are_refused),
        cmocka_unit_test(binary_input_is_refused),
        cmocka_unit_test(random_bytes_never_crash_the_reader),
        cmocka_unit_test(unreadable_files_say_why),
        cmocka_unit_test(an_error_of_the_sink_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
