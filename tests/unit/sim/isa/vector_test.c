/* Vector instructions where the comparison of random cases is exempt or blind: sticky
 * saturation, reserved bits, decimal data that is invalid or zero, and what the oracle gets
 * wrong. Expectations follow Power ISA 3.0B, Book I, chapter 6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/sim/isa/one_insn.h"

#define PLUS_5     UINT64_C(0x5c)
#define MINUS_5    UINT64_C(0x5d)
#define MINUS_ZERO UINT64_C(0xd)

static void saturation_is_sticky(void **state)
{
    struct machine *m = *state;
    set_vr(m, 3, 0, 0xff);
    set_vr(m, 4, 0, 1);
    machine_run(m, 0x10432000); /* vaddubm 2,3,4 wraps */
    assert_int_equal(m->cpu->vscr, 0);
    machine_run(m, 0x10432200); /* vaddubs 2,3,4 saturates */
    assert_true(vr_is(m, 2, 0, 0xff));
    assert_int_equal(m->cpu->vscr, VSCR_SAT);
    set_vr(m, 3, 0, 1);
    machine_run(m, 0x10432200); /* and now does not */
    assert_true(vr_is(m, 2, 0, 2));
    assert_int_equal(m->cpu->vscr, VSCR_SAT);
}

static void a_result_at_the_limit_is_not_saturated(void **state)
{
    struct machine *m = *state;
    set_vr(m, 3, 0, 0xfe);
    set_vr(m, 4, 0, 1);
    machine_run(m, 0x10432200); /* vaddubs 2,3,4 */
    assert_true(vr_is(m, 2, 0, 0xff));
    assert_int_equal(m->cpu->vscr, 0);
}

static void vscr_has_two_bits(void **state)
{
    struct machine *m = *state;
    set_vr(m, 3, UINT64_MAX, UINT64_MAX);
    machine_run(m, 0x10001e44); /* mtvscr 3 */
    machine_run(m, 0x10400604); /* mfvscr 2 */
    assert_true(vr_is(m, 2, 0, 0x10001));
    set_vr(m, 3, UINT64_MAX, 0);
    machine_run(m, 0x10001e44);
    machine_run(m, 0x10400604);
    assert_true(vr_is(m, 2, 0, 0));
}

static void vrldmi_keeps_what_the_mask_leaves_out(void **state)
{
    struct machine *m = *state;
    set_vr(m, 2, UINT64_MAX, 0);
    set_vr(m, 3, 0, UINT64_C(0x8000000000000001));
    /* Bits 8 to 15; bits 60 to 3, around the end. */
    set_vr(m, 4, 8 << 16 | 15 << 8, 60 << 16 | 3 << 8 | 1);
    machine_run(m, 0x104320c5); /* vrldmi 2,3,4 */
    assert_true(vr_is(m, 2, UINT64_C(0xff00ffffffffffff), 3));
}

static void lvewx_does_not_wait_for_its_target(void **state)
{
    struct machine *m = *state;
    struct insn i = {0};
    struct insn_deps deps;
    insn_predecode(&i, decoder_find(m->decoder, 0x7c43208e), 0x7c43208e, PC); /* lvewx 2,3,4 */
    insn_find_deps(&i, &deps);
    assert_int_equal(deps.in_count, 2);
    assert_int_equal(deps.out_count, 1);
    assert_int_equal(deps.out[0], REG_VSR + 34);
}

/* VR 2 and CR6 of an instruction on VR 3 and VR 4. */
static void check_decimal(struct machine *m, uint32_t word, uint64_t high, uint64_t low,
                          uint8_t cr6)
{
    assert_int_equal(machine_run(m, word), EXC_NONE);
    assert_true(vr_is(m, 2, high, low));
    assert_int_equal(m->cpu->cr[6], cr6);
}

#define BCDADD    0x10432401u /* 2,3,4,0 */
#define BCDSUB_PS 0x10432641u /* 2,3,4,1 */
#define BCDUS     0x10432481u /* 2,3,4 */
#define BCDTRUNC  0x10432501u /* 2,3,4,0 */
#define BCDUTRUNC 0x10432541u /* 2,3,4 */
#define BCDCFSQ   0x10422581u /* 2,4,0 */

static void a_decimal_sum_of_zero_is_positive(void **state)
{
    struct machine *m = *state;
    set_vr(m, 3, 0, PLUS_5);
    set_vr(m, 4, 0, MINUS_5);
    check_decimal(m, BCDADD, 0, 0xc, CR_EQ);
    set_vr(m, 3, 0, MINUS_ZERO);
    set_vr(m, 4, 0, MINUS_ZERO);
    check_decimal(m, BCDADD, 0, 0xc, CR_EQ);
    set_vr(m, 3, 0, MINUS_5);
    set_vr(m, 4, 0, MINUS_5);
    check_decimal(m, BCDSUB_PS, 0, 0xf, CR_EQ);
}

static void decimal_overflow_keeps_31_digits_and_the_sign(void **state)
{
    struct machine *m = *state;
    set_vr(m, 3, UINT64_C(0x9999999999999999), UINT64_C(0x999999999999999d));
    set_vr(m, 4, 0, 0x1d);
    check_decimal(m, BCDADD, 0, 0xd, CR_LT | CR_SO);
}

/* One bad digit, and a sign that is a digit. */
static void invalid_decimal_data_are_reported(void **state)
{
    static const uint32_t words[] = {
        BCDADD,     BCDSUB_PS,  BCDTRUNC,   0x10452581, /* bcdctn. 2,4 */
        0x10442581, 0x10402581,                         /* bcdctz. 2,4,0; bcdctsq. 2,4 */
        0x10432341, 0x105f2581,                         /* bcdcpsgn. 2,3,4; bcdsetsgn. 2,4,0 */
        0x104324c1, 0x104325c1,                         /* bcds. 2,3,4,0; bcdsr. 2,3,4,0 */
    };
    struct machine *m = *state;
    for (size_t n = 0; n < ARRAY_LEN(words); n++) {
        set_vr(m, 3, 0, PLUS_5);
        set_vr(m, 4, UINT64_C(0x0a00000000000000), PLUS_5);
        machine_run(m, words[n]);
        assert_int_equal(m->cpu->cr[6], CR_SO);
        set_vr(m, 4, 0, 0x59);
        machine_run(m, words[n]);
        assert_int_equal(m->cpu->cr[6], CR_SO);
    }
}

static void unsigned_decimals_have_no_sign_nibble(void **state)
{
    struct machine *m = *state;
    set_vr(m, 3, 1, 0);
    set_vr(m, 4, 0, 0x25);
    check_decimal(m, BCDUS, 0, 0x250, CR_GT);
    set_vr(m, 4, UINT64_C(0x9000000000000000), 0);
    check_decimal(m, BCDUS, 0, 0, CR_EQ | CR_SO);
    set_vr(m, 4, 0, 0x2c);
    machine_run(m, BCDUS);
    assert_int_equal(m->cpu->cr[6], CR_SO);
}

static void truncation_to_more_digits_than_there_are_keeps_all(void **state)
{
    struct machine *m = *state;
    set_vr(m, 3, 0xffff, 0);
    set_vr(m, 4, UINT64_C(0x1234567890123456), UINT64_C(0x789012345678901c));
    check_decimal(m, BCDTRUNC, UINT64_C(0x1234567890123456), UINT64_C(0x789012345678901c), CR_GT);
    set_vr(m, 4, UINT64_C(0x1234567890123456), UINT64_C(0x7890123456789012));
    check_decimal(m, BCDUTRUNC, UINT64_C(0x1234567890123456), UINT64_C(0x7890123456789012), CR_GT);
}

static void the_largest_binary_number_that_fits_31_digits(void **state)
{
    struct machine *m = *state;
    set_vr(m, 4, UINT64_C(0x7e37be2022), UINT64_C(0xc0914b267fffffff));
    check_decimal(m, BCDCFSQ, UINT64_C(0x9999999999999999), UINT64_C(0x999999999999999c), CR_GT);
    set_vr(m, 4, UINT64_C(0x7e37be2022), UINT64_C(0xc0914b2680000000));
    machine_run(m, BCDCFSQ);
    assert_int_equal(m->cpu->cr[6], CR_GT | CR_SO);
}

static void decimal_targets_may_be_their_sources(void **state)
{
    struct machine *m = *state;
    set_vr(m, 3, 0, 0x25d);
    machine_run(m, 0x10601d81); /* bcdctsq. 3,3 */
    assert_true(vr_is(m, 3, UINT64_MAX, (uint64_t)-25));
    assert_int_equal(m->cpu->cr[6], CR_LT);
    set_vr(m, 3, 0, 0x25c);
    set_vr(m, 4, 0, MINUS_5);
    machine_run(m, 0x10832341); /* bcdcpsgn. 4,3,4 */
    assert_true(vr_is(m, 4, 0, 0x25d));
    assert_int_equal(m->cpu->cr[6], CR_LT);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, machine_create, machine_destroy)
    const struct CMUnitTest tests[] = {
        TEST(saturation_is_sticky),
        TEST(a_result_at_the_limit_is_not_saturated),
        TEST(vscr_has_two_bits),
        TEST(vrldmi_keeps_what_the_mask_leaves_out),
        TEST(lvewx_does_not_wait_for_its_target),
        TEST(a_decimal_sum_of_zero_is_positive),
        TEST(decimal_overflow_keeps_31_digits_and_the_sign),
        TEST(invalid_decimal_data_are_reported),
        TEST(unsigned_decimals_have_no_sign_nibble),
        TEST(truncation_to_more_digits_than_there_are_keeps_all),
        TEST(the_largest_binary_number_that_fits_31_digits),
        TEST(decimal_targets_may_be_their_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
