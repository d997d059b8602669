/* The return address stack: order, overflow, underflow, repair; at sizes of all kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/pipeline/bpred/ras.h"
#include "sim/base/rng.h"

static void returns_come_in_reverse_order_of_calls(void **state)
{
    (void)state;
    for (uint32_t entries = 1; entries <= RAS_MAX; entries++) {
        struct ras r = {.entries = entries, .repair = RAS_REPAIR_TOP};
        for (uint64_t n = 1; n <= entries; n++)
            ras_push(&r, n);
        for (uint64_t n = entries; n >= 1; n--)
            assert_int_equal(ras_pop(&r), n);
    }
}

static void calls_too_deep_cost_the_oldest_returns_only(void **state)
{
    (void)state;
    for (uint32_t entries = 1; entries <= 17; entries++) {
        struct ras r = {.entries = entries, .repair = RAS_REPAIR_TOP};
        for (uint64_t n = 1; n <= entries + 3; n++)
            ras_push(&r, n);
        for (uint64_t n = entries + 3; n > 3; n--)
            assert_int_equal(ras_pop(&r), n);
        assert_int_equal(ras_pop(&r), entries + 3); /* around the ring */
    }
}

static void returns_without_calls_cost_no_later_return(void **state)
{
    (void)state;
    for (uint32_t entries = 1; entries <= 17; entries++)
        for (uint32_t surplus = 0; surplus < 40; surplus++) {
            struct ras r = {.entries = entries, .repair = RAS_REPAIR_TOP};
            for (uint32_t n = 0; n < surplus; n++)
                ras_pop(&r);
            for (uint64_t n = 1; n <= entries; n++)
                ras_push(&r, n);
            for (uint64_t n = entries; n >= 1; n--)
                assert_int_equal(ras_pop(&r), n);
        }
}

static void repair_undoes_one_push_or_pop_exactly(void **state)
{
    (void)state;
    for (uint32_t entries = 1; entries <= 17; entries++)
        for (int pop = 0; pop < 2; pop++) {
            struct ras r = {.entries = entries, .repair = RAS_REPAIR_TOP};
            for (uint64_t n = 1; n <= entries; n++)
                ras_push(&r, n);
            struct ras_checkpoint c = ras_save(&r);
            if (pop)
                ras_pop(&r);
            else
                ras_push(&r, 99);
            ras_restore(&r, c);
            assert_int_equal(ras_pop(&r), entries);
        }
}

static void repair_gives_back_the_top_after_a_pop_and_a_push(void **state)
{
    (void)state;
    struct ras r = {.entries = 4, .repair = RAS_REPAIR_TOP};
    for (uint64_t n = 1; n <= 3; n++)
        ras_push(&r, n);
    struct ras_checkpoint c = ras_save(&r);
    ras_pop(&r);
    ras_push(&r, 99); /* where 3 was */
    ras_restore(&r, c);
    for (uint64_t n = 3; n >= 1; n--)
        assert_int_equal(ras_pop(&r), n);
}

/* A wrong path of any shape: calls and returns deeper than the stack. */
static void full_repair_undoes_any_wrong_path_exactly(void **state)
{
    (void)state;
    struct rng random = rng_seeded(5);
    for (uint32_t entries = 1; entries <= 17; entries++)
        for (uint32_t run = 0; run < 50; run++) {
            struct ras r = {.entries = entries, .repair = RAS_REPAIR_FULL};
            for (uint64_t n = 0; n < rng_below(&random, 40); n++)
                ras_push(&r, n + 1);
            struct ras before = r;
            struct ras_checkpoint c = ras_save(&r);
            for (uint64_t n = rng_below(&random, 60); n; n--)
                if (rng_below(&random, 2))
                    ras_push(&r, 1000 + n);
                else
                    ras_pop(&r);
            assert_true(ras_restore(&r, c));
            for (uint32_t n = 0; n < 2 * entries; n++)
                assert_int_equal(ras_pop(&r), ras_pop(&before));
        }
}

/* ... which the top alone cannot: two returns and two calls lose the second address. */
static void repair_of_the_top_loses_what_lies_deeper(void **state)
{
    (void)state;
    for (int full = 0; full < 2; full++) {
        struct ras r = {.entries = 4, .repair = full ? RAS_REPAIR_FULL : RAS_REPAIR_TOP};
        ras_push(&r, 1);
        ras_push(&r, 2);
        struct ras_checkpoint c = ras_save(&r);
        ras_pop(&r);
        ras_pop(&r);
        ras_push(&r, 98);
        ras_push(&r, 99);
        ras_restore(&r, c);
        assert_int_equal(ras_pop(&r), 2);
        assert_int_equal(ras_pop(&r), full ? 1 : 98);
    }
}

static void without_repair_the_damage_stays(void **state)
{
    (void)state;
    struct ras r = {.entries = 4, .repair = RAS_REPAIR_NONE};
    ras_push(&r, 1);
    struct ras_checkpoint c = ras_save(&r);
    ras_push(&r, 99);
    assert_false(ras_restore(&r, c));
    assert_int_equal(ras_pop(&r), 99);
}

static void without_entries_nothing_is_kept(void **state)
{
    (void)state;
    struct ras r = {.entries = 0};
    ras_push(&r, 1);
    struct ras_checkpoint c = ras_save(&r);
    assert_int_equal(ras_pop(&r), 0);
    ras_restore(&r, c);
    assert_int_equal(ras_pop(&r), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(returns_come_in_reverse_order_of_calls),
        cmocka_unit_test(calls_too_deep_cost_the_oldest_returns_only),
        cmocka_unit_test(returns_without_calls_cost_no_later_return),
        cmocka_unit_test(repair_undoes_one_push_or_pop_exactly),
        cmocka_unit_test(repair_gives_back_the_top_after_a_pop_and_a_push),
        cmocka_unit_test(full_repair_undoes_any_wrong_path_exactly),
        cmocka_unit_test(repair_of_the_top_loses_what_lies_deeper),
        cmocka_unit_test(without_repair_the_damage_stays),
        cmocka_unit_test(without_entries_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
