/* What is said in several places: included files, sections of one core, overrides. */
#include "tests/unit/sim/schema/config_rig.h"

static void a_numbered_section_overrides_the_general_one(void **state)
{
    (void)state;
    struct err e = {0};
    struct core_keys zero, one;
    struct bpred_keys bpred;
    struct config *c = load("[core.0]\nwidth = 4\n[core]\nwidth = 2\nlabel = all\n"
                            "[core.bpred]\nentries = 16\n[core.1.bpred]\nentries = 32\n");
    assert_true(config_override(c, "core.width=3", &e));
    assert_true(config_bind(c, "core.0", core_rows, &zero, &e));
    assert_true(config_bind(c, "core.1", core_rows, &one, &e));
    assert_int_equal(zero.width, 4); /* its own, though the override came later */
    assert_int_equal(one.width, 3);
    assert_string_equal(zero.label, "all");
    assert_true(config_bind(c, "core.0.bpred", bpred_rows, &bpred, &e));
    assert_int_equal(bpred.entries, 16);
    assert_true(config_bind(c, "core.1.bpred", bpred_rows, &bpred, &e));
    assert_int_equal(bpred.entries, 32);
    assert_true(config_finish(c, &e));
    config_destroy(c);
}

static void a_core_that_does_not_exist_is_refused(void **state)
{
    (void)state;
    struct err e = {0};
    struct core_keys keys;
    struct config *c = load("[core]\nwidth = 2\n[core.5]\nwidth = 4\n");
    assert_true(config_bind(c, "core.0", core_rows, &keys, &e));
    assert_false(config_finish(c, &e));
    assert_error(&e, "m.ini:3: [core.5]: without effect: this machine has no [core.5] "
                     "(a processor core); remove it");
    config_destroy(c);
}

static void has_section_sees_headers_overrides_and_general_sections(void **state)
{
    (void)state;
    struct err e = {0};
    struct config *c = load("[l1d]\n[core]\nwidth = 2\n");
    assert_true(config_has_section(c, "l1d"));
    assert_true(config_has_section(c, "core.1"));
    assert_false(config_has_section(c, "l3"));
    assert_false(config_has_section(c, "core.bpred"));
    assert_true(config_override(c, "l3.size=1MiB", &e));
    assert_true(config_has_section(c, "l3"));
    config_destroy(c);
}

static void a_file_wins_over_what_it_includes(void **state)
{
    (void)state;
    struct err e = {0};
    struct core_keys core;
    assert_int_equal(system("mkdir -p sub"), 0);
    write_text("sub/base.ini", "include = more.ini\n[core]\nwidth = 2\n");
    write_text("sub/more.ini", "[core]\nwidth = 5\nclock = 3GHz\nlabel = more\n");
    struct config *c = load("include = sub/base.ini\n[core]\nlabel = mine\n");
    assert_true(config_bind(c, "core", core_rows, &core, &e));
    assert_int_equal(core.width, 2);
    assert_true(core.clock == UINT64_C(3000000000));
    assert_string_equal(core.label, "mine");
    assert_string_equal(config_get(c, 0).origin, "./sub/base.ini:3");
    assert_string_equal(config_get(c, 1).origin, "./sub/more.ini:3");
    assert_string_equal(config_get(c, 2).origin, "m.ini:3");
    config_destroy(c);
}

static void bad_includes_are_refused(void **state)
{
    (void)state;
    load_fails("include = no.ini\n",
               "m.ini:1: include = no.ini: cannot read ./no.ini: No such file or directory");
    load_fails("include =\n", "m.ini:1: include =: the name of a file is missing");
    load_fails("include = m.ini\n", "m.ini:1: include = m.ini: the file includes itself");
    load_fails("[core]\ninclude = x.ini\n",
               "m.ini:2: [core] include = x.ini: include stands at the top of a file, before its "
               "first section");
    write_text("loop.ini", "include = m.ini\n");
    load_fails("include = loop.ini\n", "./loop.ini:1: include = m.ini: the file includes itself");
    for (int i = 0; i < 20; i++) {
        char name[20], text[40];
        sprintf(name, "deep%d.ini", i);
        sprintf(text, "include = deep%d.ini\n", i + 1);
        write_text(name, text);
    }
    struct err e = {0};
    struct config *c = config_create(known);
    assert_false(config_load(c, "deep0.ini", &e));
    assert_error_has(&e, "includes are nested deeper than 16 files");
    config_destroy(c);
}

static void overrides_win_and_the_last_one_counts(void **state)
{
    (void)state;
    struct err e = {0};
    struct core_keys core;
    struct bpred_keys bpred;
    struct config *c = load("[core]\nwidth = 2\n");
    assert_true(config_override(c, "core.width=3", &e));
    assert_true(config_override(c, " core.width = 4 ", &e));
    assert_true(config_override(c, "core.bpred.entries=8", &e));
    assert_true(config_override(c, "core.label=a=b.c", &e));
    assert_true(config_bind(c, "core", core_rows, &core, &e));
    assert_true(config_bind(c, "core.bpred", bpred_rows, &bpred, &e));
    assert_int_equal(core.width, 4);
    assert_int_equal(bpred.entries, 8);
    assert_string_equal(core.label, "a=b.c");
    assert_string_equal(config_get(c, 0).origin, "command line");
    config_destroy(c);
}

static void malformed_overrides_are_refused(void **state)
{
    (void)state;
    override_fails("width=2", "-s width=2: the section is missing; write SECTION.KEY=VALUE; keys "
                              "of that name: core.width");
    override_fails("core.width", "-s core.width: not an assignment; write core.width=VALUE");
    override_fails("", "-s : not an assignment; write SECTION.KEY=VALUE");
    override_fails(".a=2",
                   "-s .a=2: not a name; write section.key=value (letters, digits and '_')");
    override_fails("core.=2",
                   "-s core.=2: not a name; write section.key=value (letters, digits and '_')");
    override_fails("core.label=a # b",
                   "-s core.label=a # b: a value cannot hold '#' or ';' at its start or after a "
                   "blank: it would start a comment");
    override_fails("core.label=a\nb", "-s core.label=a\nb: a control character; the file must be "
                                      "plain text");
}

static void a_sweep_names_its_own_origin(void **state)
{
    (void)state;
    struct err e = {0};
    struct cache_keys keys;
    struct config *c = config_create(known);
    assert_true(config_set(c, "l1d", "size", "3x", "sweep", &e));
    assert_false(config_bind(c, "l1d", cache_rows, &keys, &e));
    assert_error_has(&e, "sweep: [l1d] size = 3x: no unit 'x'");
    config_destroy(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_numbered_section_overrides_the_general_one),
        cmocka_unit_test(a_core_that_does_not_exist_is_refused),
        cmocka_unit_test(has_section_sees_headers_overrides_and_general_sections),
        cmocka_unit_test(a_file_wins_over_what_it_includes),
        cmocka_unit_test(bad_includes_are_refused),
        cmocka_unit_test(overrides_win_and_the_last_one_counts),
        cmocka_unit_test(malformed_overrides_are_refused),
        cmocka_unit_test(a_sweep_names_its_own_origin),
    };
    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
