#include "sim/mem/phys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_new_frame_is_zero_and_counted(void **state)
{
    (void)state;
    struct phys *p = phys_create();
    struct frame *f = phys_frame(p, 5 * FRAME_BYTES);
    for (uint32_t n = 0; n < FRAME_BYTES; n++)
        assert_int_equal(f->host[n], 0);
    assert_int_equal(phys_resident_bytes(p), FRAME_BYTES);
    assert_ptr_equal(phys_frame(p, 5 * FRAME_BYTES + 17), f);
    phys_free(p, 5 * FRAME_BYTES);
    assert_int_equal(phys_resident_bytes(p), 0);
    phys_destroy(p);
}

static void reserved_runs_ascend_and_are_aligned_to_their_size(void **state)
{
    (void)state;
    struct phys *p = phys_create();
    assert_int_equal(phys_reserve(p, FRAME_BYTES), 0);
    assert_int_equal(phys_reserve(p, 65536), 65536);
    assert_int_equal(phys_reserve(p, FRAME_BYTES), 131072);
    phys_destroy(p);
}

static void a_released_run_is_handed_out_again_zeroed_last_first(void **state)
{
    (void)state;
    struct phys *p = phys_create();
    uint64_t a = phys_reserve(p, 65536), b = phys_reserve(p, 65536);
    memset(phys_frame(p, a)->host, 0xee, FRAME_BYTES);
    phys_release(p, b, 65536);
    phys_release(p, a, 65536);
    assert_int_equal(phys_resident_bytes(p), 0);
    assert_int_equal(phys_reserve(p, 65536), a);
    assert_int_equal(phys_frame(p, a)->host[0], 0);
    assert_int_equal(phys_reserve(p, 65536), b);
    assert_int_equal(phys_reserve(p, 65536), b + 65536);
    phys_destroy(p);
}

static void a_run_of_another_size_is_not_reused(void **state)
{
    (void)state;
    struct phys *p = phys_create();
    phys_release(p, phys_reserve(p, 65536), 65536);
    assert_int_equal(phys_reserve(p, FRAME_BYTES), 65536);
    phys_destroy(p);
}

static uint64_t written_pa;
static uint32_t written_count;

static void note_written(void *ctx, uint64_t pa)
{
    (void)ctx;
    written_pa = pa;
    written_count++;
}

static void changed_code_is_reported_once_until_it_is_predecoded_again(void **state)
{
    (void)state;
    struct phys *p = phys_create();
    written_count = 0;
    struct phys_listener listener = {.code_written = note_written};
    phys_add_listener(p, &listener);
    phys_frame(p, 3 * FRAME_BYTES)->has_code = true;
    phys_code_written(p, 3 * FRAME_BYTES + 100);
    phys_code_written(p, 3 * FRAME_BYTES);
    assert_int_equal(written_count, 1);
    assert_int_equal(written_pa, 3 * FRAME_BYTES);
    phys_frame(p, 3 * FRAME_BYTES)->has_code = true;
    phys_free(p, 3 * FRAME_BYTES);
    assert_int_equal(written_count, 2);
    phys_remove_listener(p, &listener);
    phys_frame(p, 3 * FRAME_BYTES)->has_code = true;
    phys_code_written(p, 3 * FRAME_BYTES);
    assert_int_equal(written_count, 2);
    phys_destroy(p);
}

static void a_shared_run_goes_with_its_last_user(void **state)
{
    (void)state;
    struct phys *p = phys_create();
    uint64_t run = phys_reserve(p, 65536);
    phys_frame(p, run + FRAME_BYTES)->host[0] = 7;
    phys_share(p, run);
    assert_true(phys_is_shared(p, run));
    assert_false(phys_has_frame(p, run));
    phys_release(p, run, 65536);
    assert_false(phys_is_shared(p, run));
    assert_int_equal(phys_frame(p, run + FRAME_BYTES)->host[0], 7);
    phys_release(p, run, 65536);
    assert_false(phys_has_frame(p, run + FRAME_BYTES));
    assert_int_equal(phys_reserve(p, 65536), run);
    phys_destroy(p);
}

static void borrowed_memory_is_used_and_left_alone(void **state)
{
    (void)state;
    static uint8_t mine[FRAME_BYTES];
    struct phys *p = phys_create();
    assert_ptr_equal(phys_borrow(p, FRAME_BYTES, mine)->host, mine);
    phys_free(p, FRAME_BYTES);
    assert_ptr_not_equal(phys_frame(p, FRAME_BYTES)->host, mine);
    phys_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_frame_is_zero_and_counted),
        cmocka_unit_test(reserved_runs_ascend_and_are_aligned_to_their_size),
        cmocka_unit_test(a_released_run_is_handed_out_again_zeroed_last_first),
        cmocka_unit_test(a_run_of_another_size_is_not_reused),
        cmocka_unit_test(changed_code_is_reported_once_until_it_is_predecoded_again),
        cmocka_unit_test(borrowed_memory_is_used_and_left_alone),
        cmocka_unit_test(a_shared_run_goes_with_its_last_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
