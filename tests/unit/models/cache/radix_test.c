#include "models/cache/radix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define MIB UINT64_C(0x100000)
#define GIB UINT64_C(0x40000000)
#define TIB UINT64_C(0x10000000000)

static struct radix_page page;

static struct radix_page find(void *ctx, uint32_t core, uint64_t ea)
{
    (void)core;
    (void)ctx;
    (void)ea;
    return page;
}

static struct page_walk walk(struct radix *r, uint64_t ea)
{
    struct page_walk w;
    struct page_tables tables = radix_tables(r);
    tables.walk(tables.ctx, 0, ea, &w);
    return w;
}

static struct radix *tree(uint8_t shift)
{
    page = (struct radix_page){.shift = shift};
    return radix_create((struct radix_pages){find, NULL});
}

static void levels_are_as_long_as_in_the_manual(void **state)
{
    static const struct {
        uint8_t page_shift, loads, shift[4];
    } rows[] = {
        {12, 4, {39, 30, 21, 12}},
        {16, 4, {39, 30, 21, 16}},
        {21, 3, {39, 30, 21, 0}},
    };
    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct radix *r = tree(rows[n].page_shift);
        struct page_walk w = walk(r, 0x10000000);
        assert_int_equal(w.page_shift, rows[n].page_shift);
        assert_int_equal(w.loads, rows[n].loads);
        for (uint32_t i = 0; i < w.loads; i++)
            assert_int_equal(w.shift[i], rows[n].shift[i]);
        radix_destroy(r);
    }
}

/* Tables in the order of being met: 64 KiB, then three of 4 KiB. */
static void tables_lie_one_behind_the_other(void **state)
{
    struct radix *r = tree(12);
    struct page_walk w = walk(r, 3 * TIB / 2 + 5 * GIB + 7 * 2 * MIB + 9 * 4096 + 123);
    (void)state;
    assert_int_equal(w.pa[0], RADIX_PA + 3 * 8); /* the root's entries cover 512 GiB each */
    assert_int_equal(w.pa[1], RADIX_PA + 0x10000 + 5 * 8);
    assert_int_equal(w.pa[2], RADIX_PA + 0x11000 + 7 * 8);
    assert_int_equal(w.pa[3], RADIX_PA + 0x12000 + 9 * 8);
    radix_destroy(r);
}

static void neighbours_share_tables(void **state)
{
    struct radix *r = tree(12);
    struct page_walk a = walk(r, 0), next = walk(r, 4096), far = walk(r, 2 * MIB), again;
    (void)state;
    assert_int_equal(next.pa[2], a.pa[2]);
    assert_int_equal(next.pa[3], a.pa[3] + 8);
    assert_int_equal(far.pa[1], a.pa[1]);
    assert_int_equal(far.pa[2], a.pa[2] + 8);
    assert_int_equal(far.pa[3], a.pa[3] + 4096);
    again = walk(r, 0);
    assert_memory_equal(&again, &a, sizeof a);
    radix_destroy(r);
}

static void last_tables_of_large_pages_are_small(void **state)
{
    struct radix *r = tree(16);
    struct page_walk a = walk(r, 0), b = walk(r, 2 * MIB);
    (void)state;
    assert_int_equal(b.pa[3] - a.pa[3], 32 * 8);
    radix_destroy(r);
}

static void spaces_share_nothing(void **state)
{
    struct radix *r = tree(12);
    struct page_walk a = walk(r, 0x1000), b;
    (void)state;
    page.space = 1;
    b = walk(r, 0x1000);
    assert_int_equal(b.space, 1);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_not_equal(a.pa[i], b.pa[i]);
    radix_destroy(r);
}

/* Many tables, so that the hash table grows; each page's last entry is its own. */
static void no_two_pages_share_an_entry(void **state)
{
    enum { PAGES = 3000 };
    struct radix *r = tree(12);
    uint64_t *pa = calloc(PAGES, sizeof *pa);
    (void)state;
    for (uint32_t n = 0; n < PAGES; n++)
        pa[n] = walk(r, n * 2 * MIB * 37).pa[3];
    for (uint32_t n = 0; n < PAGES; n++) {
        assert_int_equal(walk(r, n * 2 * MIB * 37).pa[3], pa[n]);
        for (uint32_t i = 0; i < n; i++)
            if (pa[i] == pa[n])
                fail();
    }
    free(pa);
    radix_destroy(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_as_long_as_in_the_manual),
        cmocka_unit_test(tables_lie_one_behind_the_other),
        cmocka_unit_test(neighbours_share_tables),
        cmocka_unit_test(last_tables_of_large_pages_are_small),
        cmocka_unit_test(spaces_share_nothing),
        cmocka_unit_test(no_two_pages_share_an_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
