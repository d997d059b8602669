#include "tests/unit/sim/schema/config_rig.h"

static void absent_keys_have_their_defaults(void **state)
{
    (void)state;
    struct err e = {0};
    struct core_keys core;
    struct cache_keys cache;
    struct config *c = config_create(known);
    assert_true(config_bind(c, "core", core_rows, &core, &e));
    assert_true(config_bind(c, "l1d", cache_rows, &cache, &e));
    assert_true(config_finish(c, &e));
    assert_int_equal(core.width, 1);
    assert_int_equal(core.clock, 1000000000);
    assert_string_equal(core.label, "");
    assert_int_equal(cache.size, 32768);
    assert_int_equal(cache.replacement, 0);
    assert_false(cache.inclusive);
    config_destroy(c);
}

static void a_file_sets_typed_values(void **state)
{
    (void)state;
    struct err e = {0};
    struct core_keys core;
    struct cache_keys cache;
    struct config *c = load("[core]\nwidth = 4 # wide\nclock = 2.5GHz\nlabel = a b#c\n"
                            "[l1d]\nsize = 64KiB\nreplacement = random\ninclusive = yes\n");
    assert_true(config_bind(c, "core", core_rows, &core, &e));
    assert_true(config_bind(c, "l1d", cache_rows, &cache, &e));
    assert_true(config_finish(c, &e));
    assert_int_equal(core.width, 4);
    assert_true(core.clock == UINT64_C(2500000000));
    assert_string_equal(core.label, "a b#c");
    assert_int_equal(cache.size, 65536);
    assert_int_equal(cache.replacement, 1);
    assert_true(cache.inclusive);
    config_destroy(c);
}

static void bad_values_name_place_key_value_and_what_is_allowed(void **state)
{
    (void)state;
    cache_fails("[l1d]\nsize = 64KB\n",
                "m.ini:2: [l1d] size = 64KB: no unit 'KB'; write 64KiB; allowed: bytes: 512, "
                "32KiB, 4MiB, 1GiB; 64..1GiB");
    cache_fails("[l1d]\nsize = 2GiB\n",
                "m.ini:2: [l1d] size = 2GiB: too large; allowed: bytes: 512, 32KiB, 4MiB, 1GiB; "
                "64..1GiB");
    cache_fails("[l1d]\nreplacement = oldest\n",
                "m.ini:2: [l1d] replacement = oldest: no such choice; allowed: one of lru, random");
    cache_fails("[l1d]\nreplacement = radnom\n",
                "m.ini:2: [l1d] replacement = radnom: no such choice; did you mean random?; "
                "allowed: one of lru, random");
    cache_fails("[l1d]\ninclusive = true\n",
                "m.ini:2: [l1d] inclusive = true: write yes; allowed: yes or no");
    override_fails("l1d.size=32k", "-s l1d.size=32k: no unit 'k'; write 32KiB; allowed: bytes: "
                                   "512, 32KiB, 4MiB, 1GiB; 64..1GiB");
}

static void unknown_names_are_answered_with_the_nearest(void **state)
{
    (void)state;
    cache_fails("[l1d]\nsise = 1KiB\n",
                "m.ini:2: [l1d] sise = 1KiB: unknown key; did you mean size?; allowed in [l1d]: "
                "size, replacement, inclusive");
    cache_fails("[l1d]\nfoo = 1\n", "m.ini:2: [l1d] foo = 1: unknown key; allowed in [l1d]: size, "
                                    "replacement, inclusive");
    load_fails("\n[l1dd]\n", "m.ini:2: [l1dd]: unknown section; did you mean [l1d]?; allowed: "
                             "system, core, core.bpred, l1d, l3, board");
    override_fails("cor.width=2", "-s cor.width=2: unknown section; did you mean [core]?; "
                                  "allowed: system, core, core.bpred, l1d, l3, board");
    override_fails("l1d.sizes=2", "-s l1d.sizes=2: unknown key; did you mean size?; allowed in "
                                  "[l1d]: size, replacement, inclusive");
}

static void what_has_no_effect_in_this_machine_is_refused(void **state)
{
    (void)state;
    cache_fails("[l3]\nsize = 8MiB\n",
                "m.ini:1: [l3]: without effect: this machine has no [l3] (third level); remove it");
    override_fails("l3.size=8MiB",
                   "-s l3.size=8MiB: without effect: this machine has no [l3] (third level); "
                   "remove it");
    struct err e = {0};
    struct bpred_keys keys;
    struct config *c = load("[core.bpred]\nentries = 16\nhistory = 4\n");
    assert_true(config_bind(c, "core.bpred", bpred_rows, &keys, &e));
    assert_false(config_finish(c, &e));
    assert_error(&e, "m.ini:3: [core.bpred] history = 4: without effect: the key needs "
                     "core.bpred.direction = gshare or tage, and here it is static (default); "
                     "change that or remove this");
    config_destroy(c);
}

static void machine_fails(const char *text, const char *cores, const char *message)
{
    struct err e = {0};
    struct system_keys machine;
    struct core_keys keys;
    struct bpred_keys bpred;
    struct config *c = load(text);
    char section[20];
    assert_true(config_set(c, "system", "cores", cores, "m.ini:9", &e));
    assert_true(config_bind(c, "system", system_rows, &machine, &e));
    for (uint32_t n = 0; n < machine.cores; n++) {
        snprintf(section, sizeof section, machine.cores > 1 ? "core.%u" : "core", n);
        assert_true(config_bind(c, section, core_rows, &keys, &e));
        snprintf(section, sizeof section, machine.cores > 1 ? "core.%u.bpred" : "core.bpred", n);
        assert_true(config_bind(c, section, bpred_rows, &bpred, &e));
    }
    assert_false(config_finish(c, &e));
    assert_error(&e, message);
    config_destroy(c);
}

static void the_setting_that_makes_another_useless_is_named(void **state)
{
    (void)state;
    machine_fails("[core.1]\nwidth = 2\n", "1",
                  "m.ini:1: [core.1]: without effect: there is no [core.1] with system.cores = 1 "
                  "(m.ini:9), only [core]; remove it");
    machine_fails("[core.2]\nwidth = 2\n", "2",
                  "m.ini:1: [core.2]: without effect: there is no [core.2] with system.cores = 2 "
                  "(m.ini:9): the last number is 1; remove it");
    machine_fails("[core.2.bpred]\nentries = 2\n", "2",
                  "m.ini:1: [core.2.bpred]: without effect: there is no [core.2.bpred] with "
                  "system.cores = 2 (m.ini:9): the last number is 1; remove it");
    machine_fails("[core.0.bpred]\nhistory = 2\n[core.1.bpred]\ndirection = gshare\n", "2",
                  "m.ini:2: [core.0.bpred] history = 2: without effect: the key needs "
                  "core.bpred.direction = gshare or tage, and here it is static (default); "
                  "change that or remove this");
    machine_fails("[board]\nsize = 2\n", "1",
                  "m.ini:1: [board]: without effect: [board] needs system.kind = bare, and here "
                  "it is user (default); change that or remove this");
}

static void private_keys_are_bound_in_a_second_call(void **state)
{
    (void)state;
    struct err e = {0};
    struct bpred_keys keys;
    struct gshare_keys own;
    struct config *c = load("[core.bpred]\nhistory = 4\n");
    assert_true(config_bind(c, "core.bpred", bpred_rows, &keys, &e));
    assert_true(config_bind(c, "core.bpred", gshare_rows, &own, &e));
    assert_true(config_bind(c, "core.bpred", gshare_rows, &own, &e)); /* listed once all the same */
    assert_true(config_finish(c, &e));
    assert_int_equal(own.history, 4);
    assert_int_equal(config_count(c), 3);
    config_destroy(c);
}

static void a_key_twice_in_one_file_names_both_lines(void **state)
{
    (void)state;
    load_fails("[l1d]\nsize = 1KiB\n[core]\n[l1d]\nsize = 2KiB\n",
               "m.ini:5: [l1d] size = 2KiB: already set in this file, at m.ini:2 (size = 1KiB); "
               "keep one of them");
}

static void a_key_before_any_section_is_refused(void **state)
{
    (void)state;
    load_fails("width = 2\n",
               "m.ini:1: width = 2: the key stands before any [section]; only include may");
}

static void a_component_may_refuse_a_value_itself(void **state)
{
    (void)state;
    struct err e = {0}, d = {0};
    struct cache_keys keys;
    struct config *c = load("[l1d]\nsize = 1000\n");
    assert_true(config_bind(c, "l1d", cache_rows, &keys, &e));
    assert_false(config_error(c, "l1d", "size", &e, "not %d times a power of two", 64));
    assert_error(&e, "m.ini:2: [l1d] size = 1000: not 64 times a power of two");
    assert_false(config_error(c, "l1d", "replacement", &d, "no"));
    assert_error(&d, "m.ini:1: [l1d] replacement = lru (default): no");
    config_destroy(c);
    struct err f = {0}, g = {0}, why = {0};
    c = config_create(known);
    assert_true(config_bind(c, "l1d", cache_rows, &keys, &e));
    assert_false(config_error(c, "l1d", "size", &f, "no"));
    assert_error(&f, "[l1d] size = 32KiB (default): no");
    err_set_status(&why, EXIT_NOEXEC, "what it says");
    assert_false(config_blame(c, "l1d", "size", &why, &g));
    assert_int_equal(g.status, EXIT_NOEXEC);
    assert_string_equal(g.text, "[l1d] size = 32KiB (default): what it says");
    config_destroy(c);
}

static void a_component_may_refuse_a_name(void **state)
{
    (void)state;
    struct err e = {0}, d = {0};
    struct bpred_keys keys;
    struct config *c = load("[core.bpred]\ndirection = gsahre\n");
    assert_true(config_bind(c, "core.bpred", bpred_rows, &keys, &e));
    assert_false(config_refuse_name(c, "core.bpred", "direction", "tage, gshare", " or a file",
                                    &e));
    assert_error(&e, "m.ini:2: [core.bpred] direction = gsahre: must be one of tage, gshare or a "
                     "file; did you mean gshare?");
    assert_false(config_refuse_name(c, "core.bpred", "direction", "tage, none", "", &d));
    assert_error(&d, "m.ini:2: [core.bpred] direction = gsahre: must be one of tage, none");
    config_destroy(c);
}

static void the_listing_is_canonical_and_typed(void **state)
{
    (void)state;
    struct err e = {0};
    struct cache_keys keys;
    struct config *c = load("[l1d]\nsize = 65536\n");
    assert_true(config_bind(c, "l1d", cache_rows, &keys, &e));
    assert_int_equal(config_count(c), 3);
    struct config_entry size = config_get(c, 0), inclusive = config_get(c, 2);
    assert_string_equal(size.section, "l1d");
    assert_string_equal(size.key, "size");
    assert_string_equal(size.value, "64KiB");
    assert_string_equal(size.unit, "bytes");
    assert_string_equal(size.origin, "m.ini:2");
    assert_int_equal(size.number, 65536);
    assert_string_equal(inclusive.value, "no");
    assert_string_equal(inclusive.origin, "default");
    config_destroy(c);
}

static char *text_of(const char *ini)
{
    struct err e = {0};
    struct core_keys core;
    struct cache_keys cache;
    struct config *c = load(ini);
    assert_true(config_bind(c, "core", core_rows, &core, &e));
    assert_true(config_bind(c, "l1d", cache_rows, &cache, &e));
    char *text = config_text(c);
    config_destroy(c);
    return text;
}

static void the_resolved_text_is_the_same_however_it_was_written(void **state)
{
    (void)state;
    char *a = text_of("[core]\nclock = 2500MHz\n[l1d]\nsize = 64KiB\n");
    char *b = text_of("[l1d]\nsize = 65536 # as bytes\n[core]\nclock = 2.5GHz\nwidth = 1\n");
    assert_string_equal(a, "[core]\nwidth = 1\nclock = 2.5GHz\nlabel =\n\n"
                           "[l1d]\nsize = 64KiB\nreplacement = lru\ninclusive = no\n");
    assert_string_equal(a, b);
    char *again = text_of(a); /* and it reads back */
    assert_string_equal(a, again);
    free(a);
    free(b);
    free(again);
}

static void bind_bad_default(void)
{
    static const struct key_row rows[] = {{"size", KEY_SIZE, 0, "32KB", "", "", ""}, KEY_END};
    struct err e = {0};
    uint64_t size;
    config_bind(config_create(NULL), "l1d", rows, &size, &e);
}

static void a_bad_default_in_a_table_panics(void **state)
{
    (void)state;
    assert_panics(bind_bad_default);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_keys_have_their_defaults),
        cmocka_unit_test(a_file_sets_typed_values),
        cmocka_unit_test(bad_values_name_place_key_value_and_what_is_allowed),
        cmocka_unit_test(unknown_names_are_answered_with_the_nearest),
        cmocka_unit_test(what_has_no_effect_in_this_machine_is_refused),
        cmocka_unit_test(the_setting_that_makes_another_useless_is_named),
        cmocka_unit_test(private_keys_are_bound_in_a_second_call),
        cmocka_unit_test(a_key_twice_in_one_file_names_both_lines),
        cmocka_unit_test(a_key_before_any_section_is_refused),
        cmocka_unit_test(a_component_may_refuse_a_value_itself),
        cmocka_unit_test(a_component_may_refuse_a_name),
        cmocka_unit_test(the_listing_is_canonical_and_typed),
        cmocka_unit_test(the_resolved_text_is_the_same_however_it_was_written),
        cmocka_unit_test(a_bad_default_in_a_table_panics),
    };
    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
