#include "models/cache/write_buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_write_buffer_sends_and_frees_in_order_around_its_end(void **state)
{
    (void)state;
    struct write_buffer b;
    write_buffer_init(&b, 3);
    for (uint64_t i = 0; i < 20; i++) {
        while (!write_buffer_full(&b))
            write_buffer_push(&b, (struct write_entry){.pa = 64 * (i + b.used), .bytes = 64});
        assert_int_equal(write_buffer_unsent(&b)->pa, 64 * i);
        write_buffer_sent(&b, i);
        assert_int_equal(write_buffer_oldest(&b)->tick, i);
        write_buffer_pop(&b);
        assert_null(write_buffer_oldest(&b));
    }
    write_buffer_free(&b);
}

static void only_unsent_writes_block_a_fetch_of_their_line(void **state)
{
    (void)state;
    struct write_buffer b;
    write_buffer_init(&b, 2);
    write_buffer_push(&b, (struct write_entry){.pa = 0x78, .bytes = 8});
    write_buffer_push(&b, (struct write_entry){.pa = 0x80, .bytes = 8});
    assert_true(write_buffer_blocks(&b, 0x40, 64));
    assert_true(write_buffer_blocks(&b, 0x80, 64));
    assert_false(write_buffer_blocks(&b, 0xc0, 64));
    write_buffer_sent(&b, 0);
    assert_false(write_buffer_blocks(&b, 0x40, 64));
    assert_true(write_buffer_blocks(&b, 0x80, 64));
    write_buffer_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_buffer_sends_and_frees_in_order_around_its_end),
        cmocka_unit_test(only_unsent_writes_block_a_fetch_of_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
