#include "tests/unit/sim/linux/guest.h"

/* The words from the stack pointer up, and the auxiliary vector behind them. */
static uint64_t word(struct guest *g, uint64_t n)
{
    uint64_t value = 0;
    assert_true(guest_read_long(g->l, g->cpu->gpr[1] + 8 * n, &value));
    return value;
}

static void assert_string_at(struct guest *g, uint64_t ea, const char *expected)
{
    char buf[64];
    assert_true(guest_string(g->l, ea, buf, sizeof buf) >= 0);
    assert_string_equal(buf, expected);
}

/* argc 3, argv[3], 0, envp[2], 0: the vector starts at word 8. */
static uint64_t aux(struct guest *g, uint64_t type)
{
    for (uint64_t n = 8; word(g, n); n += 2)
        if (word(g, n) == type)
            return word(g, n + 1);
    fail_msg("no auxiliary entry %d", (int)type);
    return 0;
}

static void arguments_and_environment_are_as_configured(void **state)
{
    struct guest *g = *state;
    assert_int_equal(g->cpu->gpr[1] % 16, 0);
    assert_int_equal(word(g, 0), 3);
    assert_string_at(g, word(g, 1), "prog");
    assert_string_at(g, word(g, 2), "one");
    assert_string_at(g, word(g, 3), "two three");
    assert_int_equal(word(g, 4), 0);
    assert_string_at(g, word(g, 5), "A=1");
    assert_string_at(g, word(g, 6), "B=2");
    assert_int_equal(word(g, 7), 0);
}

static void hardware_capabilities_are_those_of_a_power9_without_what_is_missing(void **state)
{
    struct guest *g = *state;
    assert_int_equal(aux(g, 16), 0xdc003582);
    const uint64_t htm = 0x40000000, scv = 0x00100000, isa31 = 0x00040000, dfp = 0x400;
    assert_int_equal(aux(g, 26) & (htm | scv | isa31), 0);
    assert_int_equal(aux(g, 16) & dfp, dfp);
    assert_string_at(g, aux(g, 15), "power9");
    assert_string_at(g, aux(g, 24), "power9");
}

static void the_vector_describes_page_caches_and_identity(void **state)
{
    struct guest *g = *state;
    assert_int_equal(aux(g, 6), GUEST_PAGE);
    assert_int_equal(aux(g, 17), 100);
    assert_int_equal(aux(g, 19), 128);
    assert_int_equal(aux(g, 43), 8 << 16 | 128);
    assert_int_equal(aux(g, 11), 1000);
    assert_int_equal(aux(g, 23), 0);
    assert_int_equal(aux(g, 9), SCRATCH);
    assert_string_at(g, aux(g, 31), "prog");
}

static void the_image_depends_on_the_configuration_alone(void **state)
{
    struct guest *a = *state;
    setenv("LEAK", "something long that must not move the stack", 1);
    struct guest *b = guest_create(false);
    uint8_t one[4096], two[4096];
    uint64_t sp = a->cpu->gpr[1], bytes = a->l->space->stack_top - sp;
    assert_int_equal(b->cpu->gpr[1], sp);
    assert_true(bytes < sizeof one);
    assert_true(guest_read(a->l, sp, one, bytes) && guest_read(b->l, sp, two, bytes));
    assert_memory_equal(one, two, bytes);
    guest_destroy(b);
}

static void the_stack_ends_at_its_limit_and_grows_with_it(void **state)
{
    struct guest *g = *state;
    uint64_t low = g->l->space->stack_top - (1 << 20);
    assert_true(guest_write(g->l, low, "x", 1));
    assert_false(guest_write(g->l, low - 1, "x", 1));
    assert_true(stack_set_limit(g->l, 2 << 20));
    assert_true(guest_write(g->l, low - 1, "x", 1));
    assert_false(guest_write(g->l, g->l->space->stack_top - (2 << 20) - 1, "x", 1));
}

static void words_are_split_as_a_shell_would(void **state)
{
    (void)state;
    struct err e = {0};
    char **w = words_split("  a 'b  c'd \"e\\\"f\" g\\ h '' ", "zero", &e);
    static const char *const expected[] = {"zero", "a", "b  cd", "e\"f", "g h", ""};
    for (size_t n = 0; n < ARRAY_LEN(expected); n++)
        assert_string_equal(w[n], expected[n]);
    assert_null(w[ARRAY_LEN(expected)]);
    free(w);
    assert_null(words_split("a 'b", NULL, &e));
    assert_int_equal(e.status, EXIT_USER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(arguments_and_environment_are_as_configured),
        GUEST_TEST(hardware_capabilities_are_those_of_a_power9_without_what_is_missing),
        GUEST_TEST(the_vector_describes_page_caches_and_identity),
        GUEST_TEST(the_image_depends_on_the_configuration_alone),
        GUEST_TEST(the_stack_ends_at_its_limit_and_grows_with_it),
        cmocka_unit_test(words_are_split_as_a_shell_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
