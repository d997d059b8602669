/* Multiplies of halfwords and multiply-accumulate instructions of the 405, by the definitions of
 * its manual; QEMU, the oracle of other instructions, has them wrong. */
#include "tests/unit/sim/isa/guest.h"

#define OE 512u
/* Extended opcodes of the signed cross forms, and the distance to other forms. */
enum { MUL_CROSS = 168, MAC_CROSS = 172, UNSIGNED = -32, SATURATES = 64, NEGATIVE = 2 };

static uint32_t word(int32_t xo, uint32_t rc)
{
    return 4u << 26 | 3u << 21 | 4u << 16 | 5u << 11 | (uint32_t)xo << 1 | rc;
}

/* RT after the instruction, which was `rt` before. */
static uint32_t run(struct guest *g, uint32_t insn, uint32_t rt, uint32_t ra, uint32_t rb)
{
    g->cpu->gpr[3] = rt;
    g->cpu->gpr[4] = ra;
    g->cpu->gpr[5] = rb;
    assert_int_equal(guest_step(g, insn), EXC_NONE);
    return (uint32_t)g->cpu->gpr[3];
}

static void the_name_says_which_halves_are_multiplied(void **state)
{
    static const struct {
        int32_t xo;
        uint32_t product;
    } rows[] = {{168, 3 * 5}, {40, 2 * 5}, {424, 3 * 7}, {136, 3 * 5}, {8, 2 * 5}, {392, 3 * 7}};
    (void)state;
    struct guest *g = guest_create(CLASSIC32);
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++) {
        uint32_t product = rows[n].product;
        assert_int_equal(run(g, word(rows[n].xo, 0), 100, 0x00020003, 0x00050007), product);
        int32_t mac = rows[n].xo + 4;
        assert_int_equal(run(g, word(mac, 0), 100, 0x00020003, 0x00050007), 100 + product);
        if (mac & 32) /* signed */
            assert_int_equal(run(g, word(mac + NEGATIVE, 0), 100, 0x00020003, 0x00050007),
                             100 - product);
    }
    guest_destroy(g);
}

static void halves_are_signed_or_not(void **state)
{
    (void)state;
    struct guest *g = guest_create(CLASSIC32);
    assert_int_equal(run(g, word(MUL_CROSS, 0), 0, 0xffff, 0xfffe0000), 2);
    assert_int_equal(run(g, word(MUL_CROSS + UNSIGNED, 0), 0, 0xffff, 0xfffe0000), 0xfffd0002);
    assert_int_equal(run(g, word(MAC_CROSS, 0), 1, 0xffff, 0x00050000), (uint32_t)-4);
    assert_int_equal(run(g, word(MAC_CROSS + UNSIGNED, 0), 1, 0xffff, 0x00050000), 0x4fffc);
    guest_destroy(g);
}

static void what_overflows_wraps_or_saturates(void **state)
{
    static const struct {
        int32_t xo;
        uint32_t rt, ra, rb, result;
        bool overflow;
    } rows[] = {
        {MAC_CROSS, 0x7fffffff, 1, 0x10000, 0x80000000, true},
        {MAC_CROSS + SATURATES, 0x7fffffff, 1, 0x10000, 0x7fffffff, true},
        {MAC_CROSS + SATURATES, 0x80000000, 0xffff, 0x10000, 0x80000000, true},
        {MAC_CROSS + SATURATES, 0x7ffffffe, 1, 0x10000, 0x7fffffff, false},
        {MAC_CROSS + NEGATIVE, 0x80000000, 1, 0x10000, 0x7fffffff, true},
        {MAC_CROSS + NEGATIVE + SATURATES, 0x80000000, 1, 0x10000, 0x80000000, true},
        {MAC_CROSS + NEGATIVE + SATURATES, 0x7fffffff, 0xffff, 0x10000, 0x7fffffff, true},
        /* the negated product of the least numbers has no sign bit to spare */
        {MAC_CROSS + NEGATIVE, 0, 0x8000, 0x80000000, 0xc0000000, false},
        {MAC_CROSS + UNSIGNED, 0xffffffff, 1, 0x10000, 0, true},
        {MAC_CROSS + UNSIGNED, 0x7fffffff, 1, 0x10000, 0x80000000, false},
        {MAC_CROSS + UNSIGNED + SATURATES, 0xffffffff, 1, 0x10000, 0xffffffff, true},
    };
    (void)state;
    struct guest *g = guest_create(CLASSIC32);
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++) {
        uint32_t insn = word(rows[n].xo, 0);
        cpu_set_xer(g->cpu, 0);
        assert_int_equal(run(g, insn, rows[n].rt, rows[n].ra, rows[n].rb), rows[n].result);
        assert_int_equal(g->cpu->ov, 0); /* without OE */
        assert_int_equal(run(g, insn | OE << 1, rows[n].rt, rows[n].ra, rows[n].rb),
                         rows[n].result);
        assert_int_equal(g->cpu->ov, rows[n].overflow);
        assert_int_equal(g->cpu->so, rows[n].overflow);
    }
    guest_destroy(g);
}

static void record_forms_compare_the_word_with_zero(void **state)
{
    (void)state;
    struct guest *g = guest_create(CLASSIC32);
    run(g, word(MUL_CROSS, 1), 0, 0xffff, 0x10000);
    assert_int_equal(g->cpu->cr[0], CR_LT);
    run(g, word(MAC_CROSS, 1), 1, 0xffff, 0x10000);
    assert_int_equal(g->cpu->cr[0], CR_EQ);
    cpu_set_xer(g->cpu, 0);
    run(g, word(MAC_CROSS, 1) | OE << 1, 0x7fffffff, 1, 0x10000);
    assert_int_equal(g->cpu->cr[0], CR_LT | CR_SO);
    guest_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_says_which_halves_are_multiplied),
        cmocka_unit_test(halves_are_signed_or_not),
        cmocka_unit_test(what_overflows_wraps_or_saturates),
        cmocka_unit_test(record_forms_compare_the_word_with_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
