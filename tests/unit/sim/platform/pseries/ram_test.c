/* A guest's memory in its hypervisor's hands. */
#include "sim/platform/pseries/ram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BYTES UINT64_C(0x3000)

static int make(void **state)
{
    static struct ram m;
    m = (struct ram){.phys = phys_create(), .bytes = BYTES};
    *state = &m;
    return 0;
}

static int drop(void **state)
{
    phys_destroy(((struct ram *)*state)->phys);
    return 0;
}

static void words_are_big_endian(void **state)
{
    const struct ram *m = *state;
    uint8_t bytes[8];
    ram_put32(m, 0x100, 0x01020304);
    ram_put64(m, 0x104, UINT64_C(0x1122334455667788));
    ram_read(m, 0x100, bytes, 8);
    assert_memory_equal(bytes, "\x01\x02\x03\x04\x11\x22\x33\x44", 8);
    assert_int_equal(ram_get32(m, 0x108), 0x55667788);
}

static void a_copy_goes_over_the_ends_of_frames(void **state)
{
    const struct ram *m = *state;
    uint8_t in[0x1800], out[0x1800];
    for (uint32_t n = 0; n < sizeof in; n++)
        in[n] = (uint8_t)(n * 7 + (n >> 8));
    ram_write(m, 0xc01, in, sizeof in);
    ram_read(m, 0xc01, out, sizeof out);
    assert_memory_equal(in, out, sizeof in);
}

static void outside_nothing_is_kept_and_zeros_are_read(void **state)
{
    const struct ram *m = *state;
    uint8_t out[16];
    memset(out, 0xff, sizeof out);
    ram_write(m, BYTES - 8, "0123456789abcdef", 16);
    ram_read(m, BYTES - 8, out, 16);
    assert_memory_equal(out, "01234567\0\0\0\0\0\0\0\0", 16);
    assert_false(phys_has_frame(m->phys, BYTES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_big_endian),
        cmocka_unit_test(a_copy_goes_over_the_ends_of_frames),
        cmocka_unit_test(outside_nothing_is_kept_and_zeros_are_read),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
