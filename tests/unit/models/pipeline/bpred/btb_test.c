/* The branch target buffer: what it holds, and whom it forgets first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/pipeline/bpred/btb.h"

static bool knows(struct btb *b, uint64_t pc, uint64_t target)
{
    uint64_t found = 0;
    return btb_lookup(b, pc, &found) && found == target;
}

static bool forgot(struct btb *b, uint64_t pc)
{
    uint64_t target = 99;
    return !btb_lookup(b, pc, &target) && target == 99;
}

static void an_empty_buffer_knows_nothing(void **state)
{
    (void)state;
    struct btb *b = btb_create(8, 2);
    assert_true(forgot(b, 0));
    assert_true(forgot(b, 0x1000));
    btb_destroy(b);
}

static void as_many_branches_fit_as_it_has_entries(void **state)
{
    (void)state;
    struct btb *b = btb_create(8, 2);
    for (uint64_t n = 0; n < 8; n++)
        btb_update(b, 0x1000 + 4 * n, n);
    for (uint64_t n = 0; n < 8; n++)
        assert_true(knows(b, 0x1000 + 4 * n, n));
    btb_destroy(b);
}

static void the_least_recently_used_way_is_replaced(void **state)
{
    (void)state;
    struct btb *b = btb_create(8, 2); /* 4 sets: addresses 16 apart meet */
    btb_update(b, 0x00, 1);
    btb_update(b, 0x10, 2);
    assert_true(knows(b, 0x00, 1)); /* a lookup is a use */
    btb_update(b, 0x20, 3);
    assert_true(knows(b, 0x00, 1));
    assert_true(forgot(b, 0x10));
    assert_true(knows(b, 0x20, 3));
    btb_update(b, 0x00, 4); /* so is an update */
    btb_update(b, 0x30, 5);
    assert_true(knows(b, 0x00, 4));
    assert_true(forgot(b, 0x20));
    btb_destroy(b);
}

static void the_whole_address_is_compared(void **state)
{
    (void)state;
    struct btb *b = btb_create(2, 1);
    btb_update(b, 0x1000, 7);
    assert_true(forgot(b, 0x1008));
    assert_true(forgot(b, UINT64_C(0x100000000) + 0x1000));
    assert_true(forgot(b, UINT64_C(0x8000000000000000) + 0x1000));
    assert_true(knows(b, 0x1000, 7));
    btb_destroy(b);
}

static void a_branch_has_one_entry_and_its_last_target(void **state)
{
    (void)state;
    struct btb *b = btb_create(2, 2);
    btb_update(b, 0x40, 1);
    btb_update(b, 0x40, 2);
    btb_update(b, 0x80, 3);
    assert_true(knows(b, 0x40, 2));
    assert_true(knows(b, 0x80, 3));
    btb_destroy(b);
}

static void without_entries_every_lookup_misses(void **state)
{
    (void)state;
    struct btb *b = btb_create(0, 4);
    btb_update(b, 0x40, 1);
    assert_true(forgot(b, 0x40));
    btb_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_knows_nothing),
        cmocka_unit_test(as_many_branches_fit_as_it_has_entries),
        cmocka_unit_test(the_least_recently_used_way_is_replaced),
        cmocka_unit_test(the_whole_address_is_compared),
        cmocka_unit_test(a_branch_has_one_entry_and_its_last_target),
        cmocka_unit_test(without_entries_every_lookup_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
