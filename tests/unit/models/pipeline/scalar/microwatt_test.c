/* States of Microwatt's floating-point unit. The sequences are those of its VHDL (fpu.vhdl, commit
 * f341bed); what each number adds up stands behind it. */
#include "models/pipeline/scalar/microwatt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/exec/op.h"

enum { DIVD = 0x7c0003d2, DIVDU = 0x7c000392, DIVDE = 0x7c000352, MODSD = 0x7c000612 };
/* The same for opcode 63, by bits 21 to 31. */
enum { FMR = 0x090, FADD = 0x02a, FSUB = 0x028, FMUL = 0x032, FMADD = 0x03a, FDIV = 0x024,
       FSQRT = 0x02c, FCMPU = 0x000, FRIZ = 0x350, FCTIWZ = 0x01e };

static uint64_t bits(double d)
{
    uint64_t v;
    memcpy(&v, &d, sizeof v);
    return v;
}

static uint32_t cycles(uint32_t word, double a, double b, double c)
{
    struct op_operands o = {.a = bits(a), .b = bits(b), .c = bits(c)};
    return microwatt_float_cycles(UINT32_C(63) << 26 | word, &o);
}

static void divides_take_what_their_operands_need(void **state)
{
    (void)state;
    /* measured back to back: 31 and 56 cycles, one of them between the operations */
    assert_int_equal(microwatt_divide_cycles(DIVD, 100, 7), 30);
    assert_int_equal(microwatt_divide_cycles(DIVDU, UINT64_C(0xfedcba9876543210), 3), 55);
}

static void a_divide_without_anything_to_do_ends_early(void **state)
{
    (void)state;
    assert_int_equal(microwatt_divide_cycles(DIVD, 100, 0), 3);
    assert_int_equal(microwatt_divide_cycles(DIVD, 0, 100), 3);
    assert_int_equal(microwatt_divide_cycles(DIVD, 7, 100), 9);   /* smaller: the quotient is 0 */
    assert_int_equal(microwatt_divide_cycles(DIVDE, 100, 7), 9);  /* extended: it overflows */
}

static void a_negative_modulo_is_adjusted(void **state)
{
    (void)state;
    uint32_t plain = microwatt_divide_cycles(MODSD, 100, 7);
    /* MODADJ_NEG and OVFCHK */
    assert_int_equal(microwatt_divide_cycles(MODSD, (uint64_t)-100, 7), plain + 2);
}

static void moves_take_one_state(void **state)
{
    (void)state;
    assert_int_equal(cycles(FMR, 0, 1.5, 0), 1);
}

static void sums_depend_on_exponents_and_cancellation(void **state)
{
    (void)state;
    /* DO_FADD, ADD_2B, ADD_3, FINISH, ROUNDING */
    assert_int_equal(cycles(FADD, 1.0, 1.5, 0), 5);
    /* DO_FADD, ADD_1, ADD_SHIFT, ADD_2, ADD_3, FINISH, ROUNDING */
    assert_int_equal(cycles(FADD, 4.0, 1.5, 0), 7);
    /* DO_FADD, ADD_SHIFT, ADD_2B, ADD_3, FINISH, ROUNDING */
    assert_int_equal(cycles(FADD, 1.5, 4.0, 0), 6);
    /* DO_FADD, ADD_2B, ADD_3, FINISH, NORMALIZE, ROUNDING */
    assert_int_equal(cycles(FSUB, 1.5, 1.25, 0), 6);
    /* DO_FADD, ADD_2B, ADD_3: zero */
    assert_int_equal(cycles(FSUB, 1.5, 1.5, 0), 3);
}

static void rounding_up_takes_two_states_more(void **state)
{
    (void)state;
    double last = 0x1p-52;
    /* DO_FADD, ADD_1, ADD_SHIFT, ADD_2, ADD_3, FINISH, ROUNDING */
    assert_int_equal(cycles(FADD, 1.0, last / 4, 0), 7);
    /* ... ROUND_INC, ROUNDING_2 */
    assert_int_equal(cycles(FADD, 1.0, last * 0.75, 0), 9);
}

static void products_wait_for_the_multiplier(void **state)
{
    (void)state;
    /* DO_FMUL, MULT_1 for 3 cycles, FINISH, ROUNDING */
    assert_int_equal(cycles(FMUL, 1.25, 0, 1.25), 6);
    /* ... NORMALIZE */
    assert_int_equal(cycles(FMUL, 1.5, 0, 1.5), 7);
    /* DO_FMADD, FMADD_1 to 3, FMADD_4 for 4 cycles, FMADD_5, FMADD_6, FINISH, ROUNDING */
    assert_int_equal(cycles(FMADD, 1.25, 0.125, 1.25), 12);
    /* DO_FMADD, FMADD_0 for 3, ADD_SHIFT, ADD_2B, ADD_3, FINISH, ROUNDING */
    assert_int_equal(cycles(FMADD, 1.25, 64.0, 1.25), 9);
}

static void quotients_and_roots_iterate(void **state)
{
    (void)state;
    /* DO_FDIV, 8 multiplies of 4, DIV_6, FINISH, ROUNDING */
    assert_int_equal(cycles(FDIV, 3.0, 2.0, 0), 36);
    /* the same and NORMALIZE */
    assert_int_equal(cycles(FDIV, 2.5, 3.0, 0), 37 + 2); /* it rounds up */
    /* DO_FSQRT, 4 to the first product, 3 rounds of 9, 2 multiplies, SQRT_10, one more, SQRT_12,
     * FINISH, ROUNDING; 3 more for an odd exponent */
    assert_int_equal(cycles(FSQRT, 0, 1.5625, 0), 48);
    assert_int_equal(cycles(FSQRT, 0, 5.0, 0), 48 + 2);
    assert_int_equal(cycles(FSQRT, 0, 12.25, 0), 48 + 3);
}

static void zeros_and_infinities_are_settled_at_once(void **state)
{
    (void)state;
    assert_int_equal(cycles(FADD, 0.0, 1.5, 0), 1);
    assert_int_equal(cycles(FDIV, 1.0, 0.0, 0), 1);
    assert_int_equal(cycles(FSQRT, 0, -1.0, 0), 1);
    /* a denormal factor: DO_SPECIAL and 3 states to normalise it */
    assert_int_equal(cycles(FMUL, 0x1.4p-1030, 0, 0x1.4p100), 6 + 4);
}

static void compares_look_at_significands_only_when_they_must(void **state)
{
    (void)state;
    assert_int_equal(cycles(FCMPU, 1.0, 2.0, 0), 1);
    assert_int_equal(cycles(FCMPU, 1.0, 1.5, 0), 3);
}

static void conversions(void **state)
{
    (void)state;
    /* DO_FCTI, INT_SHIFT, INT_ROUND, INT_FINAL */
    assert_int_equal(cycles(FCTIWZ, 0, 1000.25, 0), 4);
    /* DO_FCTI, INT_OFLOW */
    assert_int_equal(cycles(FCTIWZ, 0, 0x1p40, 0), 2);
    /* DO_FRI, FRI_1, ROUNDING, ROUNDING_3; one state when it is an integer for sure */
    assert_int_equal(cycles(FRIZ, 0, 2.5, 0), 4);
    assert_int_equal(cycles(FRIZ, 0, 0x1p60, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(divides_take_what_their_operands_need),
        cmocka_unit_test(a_divide_without_anything_to_do_ends_early),
        cmocka_unit_test(a_negative_modulo_is_adjusted),
        cmocka_unit_test(moves_take_one_state),
        cmocka_unit_test(sums_depend_on_exponents_and_cancellation),
        cmocka_unit_test(rounding_up_takes_two_states_more),
        cmocka_unit_test(products_wait_for_the_multiplier),
        cmocka_unit_test(quotients_and_roots_iterate),
        cmocka_unit_test(zeros_and_infinities_are_settled_at_once),
        cmocka_unit_test(compares_look_at_significands_only_when_they_must),
        cmocka_unit_test(conversions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
