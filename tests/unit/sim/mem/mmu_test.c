/* The soft TLB is refilled from the page table: only with what translate would say. */
#include "sim/mem/mmu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/mem/process.h"

#define PAGE  UINT64_C(65536)
#define START UINT64_C(0x10000000)
#define RW    (AREA_READ | AREA_WRITE)

struct fixture {
    struct phys *phys;
    struct process *process;
    struct mmu *mmu;
    struct soft_tlb tlb;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->phys = phys_create();
    f->process = process_create(f->phys, PAGE);
    f->mmu = process_mmu(f->process);
    mmu_add_tlb(f->mmu, &f->tlb);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    process_destroy(f->process);
    phys_destroy(f->phys);
    free(f);
    return 0;
}

static enum mmu_result touch(struct fixture *f, uint64_t ea, enum mmu_access access)
{
    struct frame *frame;
    uint64_t pa;
    return f->mmu->translate(f->mmu, ea, access, &frame, &pa);
}

/* Whether it is refilled; then the entry says what translate says. */
static bool refills(struct fixture *f, uint64_t ea, bool is_store)
{
    const struct soft_tlb_entry *e = soft_tlb_entry(&f->tlb, ea);
    struct frame *frame;
    uint64_t pa;
    if (!soft_tlb_refill(&f->tlb, f->mmu, ea, is_store))
        return false;
    assert_int_equal(is_store ? e->store_tag : e->load_tag, PAGE_OF(ea));
    assert_int_equal(f->mmu->translate(f->mmu, ea, is_store ? MMU_STORE : MMU_LOAD, &frame, &pa),
                     MMU_OK);
    assert_int_equal(e->pa_minus_ea + PAGE_OF(ea), pa);
    assert_int_equal(e->host_minus_ea + PAGE_OF(ea), (uintptr_t)frame->host);
    assert_false(is_store && frame->has_code);
    return true;
}

static void a_frame_is_refilled_once_it_was_touched(void **state)
{
    struct fixture *f = *state;
    assert_false(refills(f, START, false));
    process_map(f->process, START, PAGE, RW, NULL, 0, NULL);
    assert_false(refills(f, START, false));
    assert_int_equal(touch(f, START + FRAME_BYTES, MMU_STORE), MMU_OK);
    assert_true(refills(f, START + FRAME_BYTES + 5, false));
    assert_true(refills(f, START + FRAME_BYTES + 5, true));
    assert_false(refills(f, START, false));
    assert_false(refills(f, START + PAGE, false));
}

static void protection_is_heeded_as_it_changes(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, PAGE, RW, NULL, 0, NULL);
    assert_int_equal(touch(f, START, MMU_LOAD), MMU_OK);
    assert_true(refills(f, START, true));
    process_protect(f->process, START, PAGE, AREA_READ);
    assert_int_equal(soft_tlb_entry(&f->tlb, START)->store_tag, SOFT_TLB_NONE);
    assert_false(refills(f, START, true));
    assert_true(refills(f, START, false));
    process_protect(f->process, START, PAGE, 0);
    assert_int_equal(soft_tlb_entry(&f->tlb, START)->load_tag, SOFT_TLB_NONE);
    assert_false(refills(f, START, false));
}

static void stores_to_a_page_that_a_fork_shares_are_left_to_translate(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, PAGE, RW, NULL, 0, NULL);
    assert_int_equal(touch(f, START, MMU_STORE), MMU_OK);
    struct process *child = process_copy(f->process);
    assert_true(refills(f, START, false));
    assert_false(refills(f, START, true));
    assert_int_equal(touch(f, START, MMU_STORE), MMU_OK);
    assert_int_equal(soft_tlb_entry(&f->tlb, START)->load_tag, SOFT_TLB_NONE);
    assert_true(refills(f, START, true));
    assert_true(refills(f, START, false));
    process_destroy(child);
}

static void stores_to_what_may_be_predecoded_are_left_to_translate(void **state)
{
    struct fixture *f = *state;
    struct frame *frame;
    uint64_t pa;
    process_map(f->process, START, PAGE, RW | AREA_EXEC, NULL, 0, NULL);
    assert_int_equal(f->mmu->look(f->mmu, START, MMU_FETCH, &frame, &pa), MMU_UNMAPPED);
    assert_int_equal(touch(f, START, MMU_STORE), MMU_OK);
    assert_int_equal(touch(f, START + FRAME_BYTES, MMU_STORE), MMU_OK);
    /* Wrong paths fetch by look. */
    assert_int_equal(f->mmu->look(f->mmu, START, MMU_FETCH, &frame, &pa), MMU_OK);
    frame->has_code = true;
    assert_false(refills(f, START, true));
    assert_true(refills(f, START, false));
    assert_true(refills(f, START + FRAME_BYTES, true));
    /* A store that finds the frame with code leaves it so, the first one after it has gone ends
     * that. */
    assert_int_equal(touch(f, START, MMU_STORE), MMU_OK);
    assert_false(refills(f, START, true));
    phys_code_written(f->phys, pa);
    assert_int_equal(touch(f, START, MMU_STORE), MMU_OK);
    assert_true(refills(f, START, true));
}

/* Two frames of host memory, which need not be neighbours. */
static uint8_t elsewhere[3][FRAME_BYTES];

static uint8_t *lend(struct area_source *s, uint64_t offset)
{
    (void)s;
    return elsewhere[offset ? 2 : 0];
}

static void borrowed_frames_are_refilled_for_loads_where_they_lie_side_by_side(void **state)
{
    struct fixture *f = *state;
    struct area_source source = {.borrow = lend};
    process_map(f->process, START, PAGE, RW, &source, 0, NULL);
    assert_int_equal(touch(f, START, MMU_STORE), MMU_OK);
    assert_int_equal(touch(f, START + FRAME_BYTES, MMU_STORE), MMU_OK);
    assert_true(refills(f, START, false));
    assert_false(refills(f, START + FRAME_BYTES, false));
    /* Another address space may predecode it, so each store asks. */
    assert_false(refills(f, START, true));
    process_unmap(f->process, START, PAGE);
}

#define PAGES 8u

static void change(struct fixture *f, struct rng *rng)
{
    uint64_t ea = START + rng_below(rng, PAGES) * PAGE;
    uint64_t bytes = PAGE * (1 + rng_below(rng, 2));
    switch (rng_below(rng, 60)) {
    case 0: process_unmap(f->process, ea, bytes); break;
    case 6: case 7: case 8:
    case 1: process_map(f->process, ea, bytes, RW | AREA_EXEC, NULL, 0, NULL); break;
    case 2: process_protect(f->process, ea, bytes, (uint32_t)rng_below(rng, 8)); break;
    case 3: process_discard(f->process, ea, bytes); break;
    case 4: process_move(f->process, ea, PAGE, START + 64 * PAGE);
            process_unmap(f->process, ea, PAGE);
            process_move(f->process, START + 64 * PAGE, PAGE, ea); break;
    case 5: process_destroy(process_copy(f->process)); break;
    default: touch(f, ea + rng_below(rng, 4) * FRAME_BYTES, (enum mmu_access)rng_below(rng, 3));
    }
}

static void assert_entry_is_right(struct fixture *f, uint64_t ea, bool is_store)
{
    const struct soft_tlb_entry *e = soft_tlb_entry(&f->tlb, ea);
    struct frame *frame;
    uint64_t pa;
    if ((is_store ? e->store_tag : e->load_tag) != PAGE_OF(ea))
        return;
    assert_int_equal(f->mmu->look(f->mmu, ea, is_store ? MMU_STORE : MMU_LOAD, &frame, &pa),
                     MMU_OK);
    assert_int_equal(e->pa_minus_ea + PAGE_OF(ea), pa);
    assert_int_equal(e->host_minus_ea + PAGE_OF(ea), (uintptr_t)frame->host);
}

/* Whatever was done before: an entry that is there is right, and so is one that comes. */
static void entries_are_right_after_any_changes(void **state)
{
    struct fixture *f = *state;
    struct rng rng = rng_seeded(7);
    uint32_t refilled = 0;
    for (uint32_t n = 0; n < 20000; n++) {
        change(f, &rng);
        uint64_t ea = START + rng_below(&rng, PAGES * 16) * FRAME_BYTES;
        for (int is_store = 0; is_store < 2; is_store++) {
            assert_entry_is_right(f, ea, is_store);
            refilled += refills(f, ea, is_store);
        }
    }
    assert_in_range(refilled, 2000, 39999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(a_frame_is_refilled_once_it_was_touched),
        TEST(protection_is_heeded_as_it_changes),
        TEST(stores_to_a_page_that_a_fork_shares_are_left_to_translate),
        TEST(stores_to_what_may_be_predecoded_are_left_to_translate),
        TEST(borrowed_frames_are_refilled_for_loads_where_they_lie_side_by_side),
        TEST(entries_are_right_after_any_changes),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
