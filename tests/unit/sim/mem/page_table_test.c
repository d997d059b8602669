#include "sim/mem/page_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sim/base/rng.h"

#define PAGES 3000u

static void what_was_inserted_is_found_and_nothing_else(void **state)
{
    (void)state;
    struct page_table t;
    page_table_init(&t);
    for (uint64_t n = 0; n < PAGES; n++)
        page_table_insert(&t, n << 16)->pa = n;
    for (uint64_t n = 0; n < PAGES; n++) {
        assert_non_null(page_table_find(&t, n << 16));
        assert_int_equal(page_table_find(&t, n << 16)->pa, n);
        assert_null(page_table_find(&t, (n << 16) + 4096));
    }
    assert_int_equal(t.live, PAGES);
    page_table_free(&t);
}

static void a_removed_page_hides_none_of_its_neighbours(void **state)
{
    (void)state;
    struct page_table t;
    page_table_init(&t);
    for (uint64_t n = 0; n < PAGES; n++)
        page_table_insert(&t, n << 12);
    for (uint64_t n = 0; n < PAGES; n += 2)
        page_table_remove(&t, page_table_find(&t, n << 12));
    for (uint64_t n = 0; n < PAGES; n++)
        assert_int_equal(page_table_find(&t, n << 12) != NULL, n & 1);
    page_table_free(&t);
}

static void churn_does_not_grow_the_table(void **state)
{
    (void)state;
    struct page_table t;
    struct rng rng = rng_seeded(1);
    page_table_init(&t);
    for (uint32_t n = 0; n < 100000; n++) {
        uint64_t ea = rng_below(&rng, UINT64_C(1) << 40) << 12;
        if (page_table_find(&t, ea))
            continue;
        page_table_remove(&t, page_table_insert(&t, ea));
    }
    assert_int_equal(t.live, 0);
    assert_int_equal(t.slot_count, 256);
    page_table_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_inserted_is_found_and_nothing_else),
        cmocka_unit_test(a_removed_page_hides_none_of_its_neighbours),
        cmocka_unit_test(churn_does_not_grow_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
