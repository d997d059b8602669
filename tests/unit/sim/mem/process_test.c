#include "sim/mem/process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"

#define PAGE  UINT64_C(65536)
#define START UINT64_C(0x10000000)
#define RW    (AREA_READ | AREA_WRITE)

struct fixture {
    struct phys *phys;
    struct process *process;
    struct mmu *mmu;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->phys = phys_create();
    f->process = process_create(f->phys, PAGE);
    f->mmu = process_mmu(f->process);
    *state = f;
    return 0;
}

/* Every test also shows that nothing stays resident. */
static int teardown(void **state)
{
    struct fixture *f = *state;
    process_destroy(f->process);
    int left = phys_resident_bytes(f->phys) != 0;
    phys_destroy(f->phys);
    free(f);
    return left;
}

static enum mmu_result touch(struct fixture *f, uint64_t ea, enum mmu_access access)
{
    struct frame *frame;
    uint64_t pa;
    return f->mmu->translate(f->mmu, ea, access, &frame, &pa);
}

static uint64_t pa_of(struct fixture *f, uint64_t ea)
{
    struct frame *frame;
    uint64_t pa;
    assert_int_equal(f->mmu->translate(f->mmu, ea, MMU_LOAD, &frame, &pa), MMU_OK);
    return pa;
}

static uint32_t areas(const struct fixture *f)
{
    uint32_t count = 0;
    uint64_t at = 0;
    for (const struct area *a; (a = process_area_at(f->process, at)); at = a->end)
        count++;
    return count;
}

static void each_access_needs_its_permission(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, PAGE, AREA_READ, NULL, 0, NULL);
    process_map(f->process, START + PAGE, PAGE, AREA_EXEC, NULL, 0, NULL);
    assert_int_equal(touch(f, START, MMU_LOAD), MMU_OK);
    assert_int_equal(touch(f, START, MMU_STORE), MMU_PROTECTED);
    assert_int_equal(touch(f, START, MMU_FETCH), MMU_PROTECTED);
    assert_int_equal(touch(f, START + PAGE, MMU_FETCH), MMU_OK);
    assert_int_equal(touch(f, START + PAGE, MMU_LOAD), MMU_PROTECTED);
    assert_int_equal(touch(f, START - 1, MMU_LOAD), MMU_UNMAPPED);
    assert_int_equal(touch(f, START + 2 * PAGE, MMU_LOAD), MMU_UNMAPPED);
}

static void a_copy_stops_at_the_first_page_that_faults(void **state)
{
    struct fixture *f = *state;
    char buf[100];
    process_map(f->process, START, PAGE, RW, NULL, 0, NULL);
    assert_int_equal(mmu_write(f->mmu, START + PAGE - 60, buf, 100), 60);
    assert_int_equal(mmu_read(f->mmu, START + PAGE - 1, buf, 100), 1);
    assert_int_equal(mmu_read(f->mmu, UINT64_MAX - 10, buf, 100), 0);
}

static void unmapping_the_middle_leaves_both_ends(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, 4 * PAGE, RW, NULL, 0, NULL);
    mmu_write(f->mmu, START + 3 * PAGE, "end", 3);
    process_unmap(f->process, START + PAGE, PAGE);
    char buf[3];
    assert_int_equal(touch(f, START, MMU_STORE), MMU_OK);
    assert_int_equal(touch(f, START + PAGE, MMU_LOAD), MMU_UNMAPPED);
    assert_int_equal(mmu_read(f->mmu, START + 3 * PAGE, buf, 3), 3);
    assert_memory_equal(buf, "end", 3);
    assert_int_equal(areas(f), 2);
}

static void neighbours_that_became_alike_are_one_area_again(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, 4 * PAGE, AREA_READ, NULL, 0, NULL);
    assert_true(process_protect(f->process, START + PAGE, PAGE, RW));
    assert_int_equal(areas(f), 3);
    assert_true(process_protect(f->process, START + PAGE, PAGE, AREA_READ));
    assert_int_equal(areas(f), 1);
    assert_false(process_protect(f->process, START + 3 * PAGE, 2 * PAGE, RW));
    assert_int_equal(touch(f, START + 3 * PAGE, MMU_STORE), MMU_OK);
}

static void mapping_and_unmapping_for_ever_reuses_the_same_frames(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, PAGE, RW, NULL, 0, NULL);
    uint64_t first = pa_of(f, START);
    for (uint32_t n = 0; n < 1000; n++) {
        uint64_t at = START + (1 + n % 7) * PAGE;
        process_map(f->process, at, PAGE, RW, NULL, 0, NULL);
        assert_int_equal(pa_of(f, at), first + PAGE);
        process_unmap(f->process, at, PAGE);
    }
}

static void discarded_pages_read_as_zero(void **state)
{
    struct fixture *f = *state;
    char c = 'x';
    process_map(f->process, START, 2 * PAGE, RW, NULL, 0, NULL);
    mmu_write(f->mmu, START, &c, 1);
    mmu_write(f->mmu, START + PAGE, &c, 1);
    process_discard(f->process, START, PAGE);
    mmu_read(f->mmu, START, &c, 1);
    assert_int_equal(c, 0);
    mmu_read(f->mmu, START + PAGE, &c, 1);
    assert_int_equal(c, 'x');
}

static void moved_pages_keep_content_and_frames(void **state)
{
    struct fixture *f = *state;
    char buf[4];
    process_map(f->process, START, 3 * PAGE, RW, NULL, 0, NULL);
    mmu_write(f->mmu, START + PAGE, "move", 4);
    uint64_t pa = pa_of(f, START + PAGE);
    process_move(f->process, START + PAGE, 2 * PAGE, START + 100 * PAGE);
    assert_int_equal(touch(f, START + PAGE, MMU_LOAD), MMU_UNMAPPED);
    mmu_read(f->mmu, START + 100 * PAGE, buf, 4);
    assert_memory_equal(buf, "move", 4);
    assert_int_equal(pa_of(f, START + 100 * PAGE), pa);
    assert_int_equal(touch(f, START + 101 * PAGE, MMU_STORE), MMU_OK);
}

static void room_is_found_from_above(void **state)
{
    struct fixture *f = *state;
    uint64_t top = START + 100 * PAGE;
    process_map(f->process, top - PAGE, PAGE, RW, NULL, 0, NULL);
    process_map(f->process, top - 4 * PAGE, PAGE, RW, NULL, 0, NULL);
    assert_int_equal(process_find_free(f->process, 2 * PAGE, top), top - 3 * PAGE);
    assert_int_equal(process_find_free(f->process, 3 * PAGE, top), top - 7 * PAGE);
    assert_int_equal(process_find_free(f->process, top, top), 0);
}

/* A source whose byte at offset n of page k is k, and which ends after three pages. */
struct counting {
    struct area_source source;
    uint32_t fills, releases;
};

static bool counting_fill(struct area_source *s, uint64_t offset, uint8_t *frame)
{
    ((struct counting *)s)->fills++;
    if (offset >= 3 * PAGE)
        return false;
    memset(frame, (int)(offset / PAGE), FRAME_BYTES);
    return true;
}

static void counting_release(struct area_source *s) { ((struct counting *)s)->releases++; }

static void a_source_fills_frames_on_first_touch_only(void **state)
{
    struct fixture *f = *state;
    struct counting c = {.source = {.fill = counting_fill, .release = counting_release}};
    char v;
    process_map(f->process, START, 4 * PAGE, RW, &c.source, PAGE, "file");
    assert_int_equal(c.fills, 0);
    mmu_read(f->mmu, START + PAGE + 5, &v, 1);
    mmu_read(f->mmu, START + PAGE + 6, &v, 1);
    assert_int_equal(v, 2);
    assert_int_equal(c.fills, 1);
    assert_int_equal(touch(f, START + 2 * PAGE, MMU_LOAD), MMU_BUS_ERROR);
    process_unmap(f->process, START + PAGE, PAGE);
    assert_int_equal(c.releases, 0);
    assert_int_equal(process_area_at(f->process, START + 2 * PAGE)->source_offset, 3 * PAGE);
    process_unmap(f->process, START, 4 * PAGE);
    assert_int_equal(c.releases, 1);
}

static void the_address_space_agrees_with_a_plain_model(void **state)
{
    enum { MODEL_PAGES = 64 };
    struct fixture *f = *state;
    struct rng rng = rng_seeded(7);
    uint8_t mapped[MODEL_PAGES] = {0}, value[MODEL_PAGES] = {0};
    for (uint32_t n = 0; n < 20000; n++) {
        uint64_t first = rng_below(&rng, MODEL_PAGES), count = 1 + rng_below(&rng, 8);
        if (first + count > MODEL_PAGES)
            count = MODEL_PAGES - first;
        uint64_t at = START + first * PAGE;
        switch (rng_below(&rng, 4)) {
        case 0:
            process_map(f->process, at, count * PAGE, RW, NULL, 0, NULL);
            memset(mapped + first, 1, count);
            memset(value + first, 0, count);
            break;
        case 1:
            process_unmap(f->process, at, count * PAGE);
            memset(mapped + first, 0, count);
            break;
        case 2:
            process_discard(f->process, at, count * PAGE);
            memset(value + first, 0, count);
            break;
        default:
            value[first] = (uint8_t)n;
            assert_int_equal(mmu_write(f->mmu, at, &value[first], 1), mapped[first]);
        }
        uint8_t got = 0;
        uint64_t look = rng_below(&rng, MODEL_PAGES);
        assert_int_equal(mmu_read(f->mmu, START + look * PAGE, &got, 1), mapped[look]);
        if (mapped[look])
            assert_int_equal(got, value[look]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static uint8_t byte_at(struct process *p, uint64_t ea)
{
    uint8_t value = 0xee;
    assert_int_equal(mmu_read(process_mmu(p), ea, &value, 1), 1);
    return value;
}

static uint64_t pa_at(struct process *p, uint64_t ea)
{
    struct frame *frame;
    uint64_t pa = 0;
    assert_int_equal(process_mmu(p)->translate(process_mmu(p), ea, MMU_LOAD, &frame, &pa), MMU_OK);
    return pa;
}

static void a_copy_shares_pages_until_one_side_stores(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, 2 * PAGE, RW, NULL, 0, NULL);
    mmu_write(f->mmu, START, "ab", 2);
    struct process *copy = process_copy(f->process);
    uint64_t resident = phys_resident_bytes(f->phys);
    assert_int_equal(byte_at(copy, START + 1), 'b');
    assert_int_equal(pa_at(copy, START), pa_at(f->process, START));
    assert_int_equal(phys_resident_bytes(f->phys), resident);
    mmu_write(process_mmu(copy), START + 1, "c", 1);
    assert_int_not_equal(pa_at(copy, START), pa_at(f->process, START));
    assert_int_equal(byte_at(copy, START), 'a');
    assert_int_equal(byte_at(copy, START + 1), 'c');
    assert_int_equal(byte_at(f->process, START + 1), 'b');
    process_destroy(copy);
    uint64_t pa = pa_at(f->process, START);
    mmu_write(f->mmu, START, "d", 1); /* the last one that uses a page keeps it */
    assert_int_equal(pa_at(f->process, START), pa);
}

static void what_one_side_unmaps_the_other_keeps(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, PAGE, RW, NULL, 0, NULL);
    mmu_write(f->mmu, START, "x", 1);
    struct process *copy = process_copy(f->process);
    process_unmap(f->process, START, PAGE);
    assert_int_equal(byte_at(copy, START), 'x');
    process_discard(copy, START, PAGE);
    assert_int_equal(byte_at(copy, START), 0);
    process_destroy(copy);
}

/* Part of a shared page is touched first by one, part by the other. */
static void frames_of_a_shared_page_come_up_on_both_sides(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, PAGE, RW, NULL, 0, NULL);
    assert_int_equal(byte_at(f->process, START), 0);
    struct process *copy = process_copy(f->process);
    assert_int_equal(byte_at(copy, START + FRAME_BYTES), 0);
    assert_int_equal(pa_at(f->process, START + FRAME_BYTES), pa_at(copy, START + FRAME_BYTES));
    mmu_write(f->mmu, START + FRAME_BYTES, "y", 1);
    assert_int_equal(byte_at(copy, START + FRAME_BYTES), 0);
    process_destroy(copy);
}

static void a_debugger_writes_to_one_side_alone(void **state)
{
    struct fixture *f = *state;
    process_map(f->process, START, PAGE, AREA_READ | AREA_EXEC, NULL, 0, NULL);
    assert_int_equal(byte_at(f->process, START), 0);
    struct process *copy = process_copy(f->process);
    assert_int_equal(mmu_poke(f->mmu, START, "z", 1), 1);
    assert_int_equal(byte_at(f->process, START), 'z');
    assert_int_equal(byte_at(copy, START), 0);
    process_destroy(copy);
}

static uint8_t lent[4 * FRAME_BYTES];

static uint8_t *lend(struct area_source *s, uint64_t offset)
{
    (void)s;
    return offset < sizeof lent ? lent + offset : NULL;
}

static void shared_memory_has_one_physical_address(void **state)
{
    struct fixture *f = *state;
    static struct area_source source = {.borrow = lend};
    process_map(f->process, START, PAGE, RW, &source, 0, NULL);
    struct process *copy = process_copy(f->process);
    mmu_write(process_mmu(copy), START, "s", 1);
    assert_int_equal(byte_at(f->process, START), 's');
    assert_int_equal(pa_at(f->process, START), pa_at(copy, START));
    process_destroy(copy);
    assert_int_equal(byte_at(f->process, START), 's');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_access_needs_its_permission),
        TEST(a_copy_shares_pages_until_one_side_stores),
        TEST(what_one_side_unmaps_the_other_keeps),
        TEST(frames_of_a_shared_page_come_up_on_both_sides),
        TEST(a_debugger_writes_to_one_side_alone),
        TEST(shared_memory_has_one_physical_address),
        TEST(a_copy_stops_at_the_first_page_that_faults),
        TEST(unmapping_the_middle_leaves_both_ends),
        TEST(neighbours_that_became_alike_are_one_area_again),
        TEST(mapping_and_unmapping_for_ever_reuses_the_same_frames),
        TEST(discarded_pages_read_as_zero),
        TEST(moved_pages_keep_content_and_frames),
        TEST(room_is_found_from_above),
        TEST(a_source_fills_frames_on_first_touch_only),
        TEST(the_address_space_agrees_with_a_plain_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
