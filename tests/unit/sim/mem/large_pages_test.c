/* Stretches of 2 MiB backed by one run of frames: which are, and until when. */
#include "sim/mem/large_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/mem/process.h"

#define PAGE  UINT64_C(65536)
#define START UINT64_C(0x10000000)
#define RW    (AREA_READ | AREA_WRITE)
#define ORDINARY 16

struct fixture {
    struct phys *phys;
    struct process *process;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->phys = phys_create();
    phys_use_large_pages(f->phys, true);
    f->process = process_create(f->phys, PAGE);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    process_destroy(f->process);
    int left = phys_resident_bytes(f->phys) != 0;
    phys_destroy(f->phys);
    free(f);
    return left;
}

static uint64_t store(struct process *p, uint64_t ea)
{
    struct mmu *m = process_mmu(p);
    struct frame *frame;
    uint64_t pa;
    assert_int_equal(m->translate(m, ea, MMU_STORE, &frame, &pa), MMU_OK);
    return pa;
}

static void map(struct fixture *f, uint64_t start, uint64_t bytes)
{
    process_map(f->process, start, bytes, RW, NULL, 0, NULL);
}

static void pages_of_a_stretch_lie_side_by_side(void **state)
{
    struct fixture *f = *state;
    map(f, START, 2 * LARGE_BYTES);
    store(f->process, START + LARGE_BYTES); /* the other stretch in between */
    uint64_t last = store(f->process, START + LARGE_BYTES - PAGE);
    store(f->process, START + LARGE_BYTES + PAGE);
    uint64_t first = store(f->process, START);
    assert_int_equal(first % LARGE_BYTES, 0);
    assert_int_equal(last, first + LARGE_BYTES - PAGE);
    assert_int_equal(process_page_shift(f->process, START + 123), LARGE_BITS);
    /* frames exist one by one all the same */
    assert_int_equal(phys_resident_bytes(f->phys), 4 * FRAME_BYTES);
}

static void a_stretch_that_an_area_does_not_fill_is_ordinary(void **state)
{
    struct fixture *f = *state;
    map(f, START + PAGE, LARGE_BYTES);
    store(f->process, START + PAGE);
    store(f->process, START + LARGE_BYTES);
    assert_int_equal(process_page_shift(f->process, START + PAGE), ORDINARY);
    assert_int_equal(process_page_shift(f->process, START + LARGE_BYTES), ORDINARY);
}

static void without_the_policy_all_is_ordinary(void **state)
{
    struct fixture *f = *state;
    phys_use_large_pages(f->phys, false);
    struct process *p = process_create(f->phys, PAGE);
    process_map(p, START, LARGE_BYTES, RW, NULL, 0, NULL);
    store(p, START);
    assert_int_equal(process_page_shift(p, START), ORDINARY);
    process_destroy(p);
}

/* An area that has grown around pages that were there before: the heap. */
static void what_was_touched_before_stays_ordinary(void **state)
{
    struct fixture *f = *state;
    map(f, START, PAGE);
    store(f->process, START);
    process_map(f->process, START + PAGE, LARGE_BYTES - PAGE, RW, NULL, 0, NULL);
    store(f->process, START + PAGE);
    assert_int_equal(process_page_shift(f->process, START + PAGE), ORDINARY);
}

static void a_page_that_goes_makes_the_stretch_ordinary(void **state)
{
    struct fixture *f = *state;
    map(f, START, LARGE_BYTES);
    uint64_t first = store(f->process, START), second = store(f->process, START + PAGE);
    process_discard(f->process, START, PAGE);
    assert_int_equal(process_page_shift(f->process, START + PAGE), ORDINARY);
    assert_int_equal(store(f->process, START + PAGE), second);
    /* its frames may be somebody else's by now */
    uint64_t third = store(f->process, START + 2 * PAGE);
    assert_int_equal(third, first);
    assert_int_not_equal(store(f->process, START), first);
}

static void a_part_with_another_protection_splits_it(void **state)
{
    struct fixture *f = *state;
    map(f, START, LARGE_BYTES);
    store(f->process, START);
    process_protect(f->process, START + PAGE, PAGE, AREA_READ);
    assert_int_equal(process_page_shift(f->process, START), ORDINARY);
    process_protect(f->process, START + PAGE, PAGE, RW);
    assert_int_equal(process_page_shift(f->process, START), LARGE_BITS);
}

static void a_child_sees_ordinary_pages_and_the_parent_its_large_ones(void **state)
{
    struct fixture *f = *state;
    map(f, START, LARGE_BYTES);
    uint64_t pa = store(f->process, START);
    store(f->process, START + PAGE);
    struct process *child = process_copy(f->process);
    assert_int_not_equal(process_number(child), process_number(f->process));
    assert_int_equal(process_page_shift(child, START), ORDINARY);
    assert_int_equal(process_page_shift(f->process, START), LARGE_BITS);
    assert_int_not_equal(store(child, START), pa);
    assert_int_equal(store(f->process, START), pa);
    /* the parent's own copy lies elsewhere */
    assert_int_not_equal(store(f->process, START + PAGE), pa + PAGE);
    assert_int_equal(process_page_shift(f->process, START + PAGE), ORDINARY);
    process_destroy(child);
}

#define STRETCHES 4
#define PAGES     (STRETCHES * (LARGE_BYTES / PAGE))

/* No two pages that exist ever share frames, but those of a parent and a child. */
static void no_alias(struct process *p)
{
    struct mmu *m = process_mmu(p);
    static uint64_t pa[PAGES];
    uint32_t count = 0;
    struct frame *frame;
    for (uint64_t n = 0; n < PAGES; n++)
        if (m->look(m, START + n * PAGE, MMU_LOAD, &frame, &pa[count]) == MMU_OK)
            count++;
    for (uint32_t n = 0; n < count; n++)
        for (uint32_t i = 0; i < n; i++)
            assert_int_not_equal(pa[n], pa[i]);
}

/* One of what programs do to the range, or a store at its start. */
static void change(struct process *p, uint64_t ea, uint64_t bytes, uint64_t what)
{
    const struct area *area = process_area_at(p, ea);
    switch (what) {
    case 0:
        process_map(p, ea, bytes, RW, NULL, 0, NULL);
        break;
    case 1:
        process_unmap(p, ea, bytes);
        break;
    case 2:
        process_discard(p, ea, bytes);
        break;
    case 3:
        process_map(p, START, PAGES * PAGE, RW, NULL, 0, NULL);
        break;
    case 4:
        process_unmap(p, START + PAGES * PAGE, PAGES * PAGE);
        if (area && area->start <= ea && area->end >= ea + bytes)
            process_move(p, ea, bytes, START + PAGES * PAGE);
        break;
    default:
        if (area && area->start <= ea)
            store(p, ea);
    }
}

static void random_changes_never_alias_pages(void **state)
{
    struct fixture *f = *state;
    struct rng rng = rng_seeded(11);
    struct process *child = NULL;
    for (uint32_t step = 0; step < 20000; step++) {
        struct process *p = child && rng_below(&rng, 2) ? child : f->process;
        uint64_t ea = START + rng_below(&rng, PAGES) * PAGE;
        uint64_t bytes = (1 + rng_below(&rng, rng_below(&rng, 4) ? 3 : PAGES)) * PAGE;
        bytes = bytes > START + PAGES * PAGE - ea ? START + PAGES * PAGE - ea : bytes;
        uint64_t what = rng_below(&rng, 24);
        if (what == 5) {
            if (child)
                process_destroy(child);
            child = rng_below(&rng, 2) ? process_copy(f->process) : NULL;
            p = f->process;
        } else {
            change(p, ea, bytes, what);
        }
        if (step % 16 == 0)
            no_alias(p);
    }
    if (child)
        process_destroy(child);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(pages_of_a_stretch_lie_side_by_side),
        TEST(a_stretch_that_an_area_does_not_fill_is_ordinary),
        TEST(without_the_policy_all_is_ordinary),
        TEST(what_was_touched_before_stays_ordinary),
        TEST(a_page_that_goes_makes_the_stretch_ordinary),
        TEST(a_part_with_another_protection_splits_it),
        TEST(a_child_sees_ordinary_pages_and_the_parent_its_large_ones),
        TEST(random_changes_never_alias_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
