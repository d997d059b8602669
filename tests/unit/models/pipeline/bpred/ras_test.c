/* The return address stack: order, overflow, underflow, repair; at sizes of all kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/pipeline/bpred/ras.h"

static void returns_come_in_reverse_order_of_calls(void **state)
{
    (void)state;
    for (uint32_t entries = 1; entries <= RAS_MAX; entries++) {
        struct ras r = {.entries = entries};
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
        struct ras r = {.entries = entries};
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
            struct ras r = {.entries = entries};
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
            struct ras r = {.entries = entries};
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
    struct ras r = {.entries = 4};
    for (uint64_t n = 1; n <= 3; n++)
        ras_push(&r, n);
    struct ras_checkpoint c = ras_save(&r);
    ras_pop(&r);
    ras_push(&r, 99); /* where 3 was */
    ras_restore(&r, c);
    for (uint64_t n = 3; n >= 1; n--)
        assert_int_equal(ras_pop(&r), n);
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
        cmocka_unit_test(without_entries_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
