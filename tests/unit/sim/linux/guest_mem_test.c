#include "tests/unit/sim/linux/guest.h"

#include <errno.h>

static void a_wire_has_the_guests_order_width_and_alignment(void **state)
{
    (void)state;
    static const struct {
        bool big_endian, is_64bit;
        uint8_t bytes[16];
        uint32_t used;
    } rows[] = {
        {false, true, {1, 0, 0, 0, 0, 0, 0, 0, 5, 4, 3, 2}, 16},
        {true, true, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 4, 5}, 16},
        {false, false, {1, 0, 0, 0, 5, 4, 3, 2}, 8},
        {true, false, {1, 0, 0, 0, 2, 3, 4, 5}, 8},
    };
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        struct wire w = {.big_endian = rows[n].big_endian, .is_64bit = rows[n].is_64bit};
        memset(w.bytes, 0xee, sizeof w.bytes);
        wire_put(&w, 1, 1);
        wire_put_long(&w, 0x02030405);
        assert_int_equal(w.used, rows[n].used);
        assert_memory_equal(w.bytes, rows[n].bytes, w.used);
        w.used = 0;
        assert_int_equal(wire_get(&w, 1), 1);
        assert_int_equal(wire_get_long(&w), 0x02030405);
    }
}

static void a_string_may_end_at_the_last_mapped_byte_only(void **state)
{
    struct guest *g = *state;
    char buf[16];
    uint64_t at = SCRATCH + GUEST_PAGE - 4;
    guest_write(g->l, at, "abc", 4);
    assert_int_equal(guest_string(g->l, at, buf, sizeof buf), 3);
    assert_string_equal(buf, "abc");
    guest_write(g->l, at, "abcd", 4);
    assert_int_equal(guest_string(g->l, at, buf, sizeof buf), -EFAULT);
    assert_int_equal(guest_string(g->l, at, buf, 4), -ENAMETOOLONG);
}

static void pieces_cover_a_buffer_in_bounded_parts(void **state)
{
    struct guest *g = *state;
    struct guest_span spans[] = {{SCRATCH + 4000, 200}, {SCRATCH, 0}, {SCRATCH + 8192, 5000}};
    struct guest_cursor c = {.span = spans, .spans = 3, .store = true};
    struct iovec iov[3];
    uint64_t bytes;
    assert_int_equal(guest_next_iov(g->l, &c, iov, 3, &bytes), 3);
    assert_int_equal(iov[0].iov_len, 96);
    assert_int_equal(iov[1].iov_len, 104);
    assert_int_equal(iov[2].iov_len, 4096);
    assert_int_equal(guest_next_iov(g->l, &c, iov, 3, &bytes), 1);
    assert_int_equal(bytes, 5000 - 4096);
    assert_int_equal(guest_next_iov(g->l, &c, iov, 3, &bytes), 0);
    assert_false(c.faulted);
}

static void pieces_end_where_the_buffer_cannot_be_used(void **state)
{
    struct guest *g = *state;
    struct guest_span span = {SCRATCH + GUEST_PAGE - 10, 100};
    struct guest_cursor c = {.span = &span, .spans = 1};
    struct iovec iov[4];
    uint64_t bytes;
    assert_int_equal(guest_next_iov(g->l, &c, iov, 4, &bytes), 1);
    assert_int_equal(bytes, 10);
    assert_true(c.faulted);
}

static void the_host_writing_into_code_is_noticed(void **state)
{
    struct guest *g = *state;
    struct guest_span span = {SCRATCH, 8};
    struct guest_cursor c = {.span = &span, .spans = 1, .store = true};
    struct iovec iov[1];
    struct frame *frame;
    uint64_t pa, bytes;
    g->l->mmu->translate(g->l->mmu, SCRATCH, MMU_LOAD, &frame, &pa);
    frame->has_code = true;
    assert_int_equal(guest_next_iov(g->l, &c, iov, 1, &bytes), 1);
    assert_false(frame->has_code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wire_has_the_guests_order_width_and_alignment),
        GUEST_TEST(a_string_may_end_at_the_last_mapped_byte_only),
        GUEST_TEST(pieces_cover_a_buffer_in_bounded_parts),
        GUEST_TEST(pieces_end_where_the_buffer_cannot_be_used),
        GUEST_TEST(the_host_writing_into_code_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
