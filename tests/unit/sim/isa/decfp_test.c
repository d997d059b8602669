/* Decimal floating point beyond what the oracle of test-isa knows: rounding modes one by one, the
 * scaled results of enabled exceptions, FR, payloads that do not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/isa/decfp.h"
#include "sim/isa/fpscr_bits.h"

/* Digits as they are written, with a minus in front. */
static struct dec number(const char *text, int32_t exponent)
{
    struct dec x = {.negative = *text == '-', .exponent = exponent};
    unsigned count = 0;
    text += x.negative;
    for (size_t n = strlen(text); n-- > 0;)
        x.digit[count++] = (uint8_t)(text[n] - '0');
    dec_set_count(&x, count);
    return x;
}

static void assert_number(const struct dec *x, const char *text, int32_t exponent)
{
    char digits[DEC_ROOM + 2], *to = digits;
    assert_int_equal(x->kind, DEC_FINITE);
    if (x->negative)
        *to++ = '-';
    for (unsigned n = x->count; n-- > 0;)
        *to++ = (char)('0' + x->digit[n]);
    *to = 0;
    assert_string_equal(digits, text);
    assert_int_equal(x->exponent, exponent);
}

static void every_three_digits_survive_packing(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 1000; n++) {
        uint8_t in[3] = {(uint8_t)(n % 10), (uint8_t)(n / 10 % 10), (uint8_t)(n / 100)}, out[3];
        u128 bits = dec_pack_digits(in, 3);
        assert_true(bits < 1024);
        dec_unpack_digits(bits, out, 3);
        assert_memory_equal(in, out, 3);
    }
}

/* Book I, appendix B: 8 and 9 in all places leave two bits free. */
static void digits_have_the_codes_of_the_book(void **state)
{
    (void)state;
    assert_int_equal((int)dec_pack_digits((uint8_t[]){9, 9, 9}, 3), 0x0ff);
    assert_int_equal((int)dec_pack_digits((uint8_t[]){5, 0, 0}, 3), 0x005);
    assert_int_equal((int)dec_pack_digits((uint8_t[]){8, 0, 0}, 3), 0x008);
    uint8_t digit[3];
    dec_unpack_digits(0x3ff, digit, 3); /* not what packing makes, but 999 */
    assert_memory_equal(digit, ((uint8_t[]){9, 9, 9}), 3);
}

static void one_has_the_bits_of_decimal64(void **state)
{
    struct dec x = number("1", 0);
    (void)state;
    assert_true((uint64_t)dec_pack(&dec_long, &x) == UINT64_C(0x2238000000000001));
    struct dec y = dec_unpack(&dec_long, UINT64_C(0xa238000000000001));
    assert_number(&y, "-1", 0);
}

static void each_mode_rounds_its_own_way(void **state)
{
    static const struct {
        const char *digits, *even, *to_zero, *up, *down, *away, *ties_to_zero, *from_zero, *prepare;
    } rows[] = {
        {"125", "12", "12", "13", "12", "13", "12", "13", "12"},
        {"-125", "-12", "-12", "-12", "-13", "-13", "-12", "-13", "-12"},
        {"135", "14", "13", "14", "13", "14", "13", "14", "13"},
        {"151", "15", "15", "16", "15", "15", "15", "16", "16"},
        {"101", "10", "10", "11", "10", "10", "10", "11", "11"},
        {"150", "15", "15", "15", "15", "15", "15", "15", "15"},
    };
    (void)state;
    for (unsigned n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        const char *const *expected = &rows[n].even;
        for (unsigned mode = 0; mode < 8; mode++) {
            struct dec_env e = {.mode = (enum dec_mode)mode};
            struct dec x = number(rows[n].digits, 0);
            bool exact = rows[n].digits[strlen(rows[n].digits) - 1] == '0';
            dec_drop(&x, 1, &e);
            assert_number(&x, expected[mode], 1);
            assert_int_equal(!(e.flags & FPSCR_FI), exact);
        }
    }
}

/* 9999999999999999 + 0.5 at most one digit further. */
static void a_carry_moves_the_exponent(void **state)
{
    struct dec_env e = {.mode = DEC_EVEN};
    struct dec a = number("9999999999999999", 0), b = number("5", -1);
    struct dec x = dec_add(&dec_long, &a, &b, &e);
    (void)state;
    assert_number(&x, "1000000000000000", 1);
    assert_int_equal(e.flags, FPSCR_XX | FPSCR_FI | FPSCR_FR);
}

static void a_number_out_of_reach_still_decides_the_rounding(void **state)
{
    struct dec a = number("1000000000000000", 300), b = number("-1", -300);
    struct dec_env down = {.mode = DEC_DOWN}, even = {.mode = DEC_EVEN};
    struct dec x = dec_add(&dec_long, &a, &b, &down), y = dec_add(&dec_long, &a, &b, &even);
    (void)state;
    assert_number(&x, "9999999999999999", 299);
    assert_number(&y, "1000000000000000", 300);
    assert_true(down.flags & FPSCR_FI && even.flags & FPSCR_FI);
}

static void exact_results_have_the_preferred_exponent(void **state)
{
    struct dec_env e = {.mode = DEC_EVEN};
    struct dec a = number("600", -2), b = number("30", 0), x = dec_divide(&dec_long, &a, &b, &e);
    (void)state;
    assert_number(&x, "20", -2);
    x = dec_multiply(&dec_long, &a, &b, &e);
    assert_number(&x, "18000", -2);
    assert_int_equal(e.flags, 0);
}

/* The largest number times 10: infinity, or where overflow is enabled the result over 10^576. */
static void enabled_overflow_scales_the_result(void **state)
{
    struct dec_env quiet = {.mode = DEC_EVEN}, enabled = {.overflow_enabled = true};
    struct dec a = number("9999999999999999", 369), b = number("10", 0);
    struct dec x = dec_multiply(&dec_long, &a, &b, &quiet);
    (void)state;
    assert_int_equal(x.kind, DEC_INFINITY);
    assert_int_equal(quiet.flags, FPSCR_OX | FPSCR_XX | FPSCR_FI | FPSCR_FR);
    x = dec_multiply(&dec_long, &a, &b, &enabled);
    assert_number(&x, "9999999999999999", 370 - 576);
    assert_int_equal(enabled.flags, FPSCR_OX);
}

static void enabled_underflow_scales_the_result(void **state)
{
    struct dec_env quiet = {.mode = DEC_EVEN}, enabled = {.underflow_enabled = true};
    struct dec a = number("15", -398), b = number("1", -1);
    struct dec x = dec_multiply(&dec_long, &a, &b, &quiet);
    (void)state;
    assert_number(&x, "2", -398);
    assert_int_equal(quiet.flags, FPSCR_UX | FPSCR_XX | FPSCR_FI | FPSCR_FR);
    x = dec_multiply(&dec_long, &a, &b, &enabled);
    assert_number(&x, "15", -399 + 576);
    assert_int_equal(enabled.flags, FPSCR_UX);
}

static void a_signalling_nan_goes_first(void **state)
{
    struct dec_env e = {.mode = DEC_EVEN};
    struct dec quiet = number("7", 0), signals = number("9", 0);
    quiet.kind = DEC_QNAN;
    signals.kind = DEC_SNAN;
    struct dec x = dec_add(&dec_long, &quiet, &signals, &e);
    (void)state;
    assert_int_equal(x.kind, DEC_QNAN);
    assert_int_equal(x.digit[0], 9);
    assert_int_equal(e.flags, FPSCR_VXSNAN);
    assert_int_equal(dec_class(&dec_long, &x), 0x11 << FPRF_SHIFT);
    assert_int_equal(dec_class(&dec_long, &signals), 0x01 << FPRF_SHIFT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_three_digits_survive_packing),
        cmocka_unit_test(digits_have_the_codes_of_the_book),
        cmocka_unit_test(one_has_the_bits_of_decimal64),
        cmocka_unit_test(each_mode_rounds_its_own_way),
        cmocka_unit_test(a_carry_moves_the_exponent),
        cmocka_unit_test(a_number_out_of_reach_still_decides_the_rounding),
        cmocka_unit_test(exact_results_have_the_preferred_exponent),
        cmocka_unit_test(enabled_overflow_scales_the_result),
        cmocka_unit_test(enabled_underflow_scales_the_result),
        cmocka_unit_test(a_signalling_nan_goes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
