/* The software core against MPFR: every bit of the result, FI and FR by exact comparison, OX, UX,
 * invalid operations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mpfr.h>

#include "sim/base/rng.h"
#include "sim/isa/softfp.h"

enum { WIDE_BITS = 600, CASES = 60000 };

struct reference {
    mpfr_t a, b, c, result, other;
    struct rng rng;
};

static int setup(void **state)
{
    static struct reference r;
    mpfr_inits2(WIDE_BITS, r.a, r.b, r.c, r.result, r.other, (mpfr_ptr)0);
    r.rng = rng_seeded(20);
    *state = &r;
    return 0;
}

static int teardown(void **state)
{
    struct reference *r = *state;
    mpfr_clears(r->a, r->b, r->c, r->result, r->other, (mpfr_ptr)0);
    mpfr_free_cache();
    return 0;
}

static void unlimited(void)
{
    mpfr_set_emin(mpfr_get_emin_min());
    mpfr_set_emax(mpfr_get_emax_max());
}

/* Exactly the value of x, NaNs apart. */
static void to_mpfr(mpfr_t m, struct fp x)
{
    if (x.kind == KIND_ZERO)
        mpfr_set_zero(m, x.sign ? -1 : 1);
    else if (x.kind == KIND_INFINITY)
        mpfr_set_inf(m, x.sign ? -1 : 1);
    else if (fp_is_nan(x))
        mpfr_set_nan(m);
    else {
        mpfr_set_ui_2exp(m, (unsigned long)(x.sig >> 64), x.exp - 63, MPFR_RNDN);
        mpfr_t low;
        mpfr_init2(low, 64);
        mpfr_set_ui_2exp(low, (unsigned long)(uint64_t)x.sig, x.exp - 127, MPFR_RNDN);
        mpfr_add(m, m, low, MPFR_RNDN);
        mpfr_clear(low);
        mpfr_setsign(m, m, x.sign, MPFR_RNDN);
    }
}

/* Bits on which roundings turn: exponents at the ends and near each other, fractions of few ones
 * or zeros. */
static u128 operand(struct rng *rng, const struct fp_format *f)
{
    unsigned fraction_bits = (unsigned)f->precision - 1, all = 2u * (unsigned)f->bias + 1;
    u128 random = (u128)rng_next(rng) << 64 | rng_next(rng), fraction = random;
    unsigned shift = (unsigned)rng_below(rng, fraction_bits);
    switch (rng_below(rng, 5)) {
    case 0: fraction = (u128)1 << shift; break;
    case 1: fraction = ~(u128)0 << shift; break;
    case 2: fraction = ((u128)1 << shift) - 1; break;
    case 3: fraction = random << shift; break;
    default: break;
    }
    uint64_t exp = (uint64_t)f->bias + rng_below(rng, 8) - 4;
    switch (rng_below(rng, 10)) {
    case 0: exp = 0; break;
    case 1: exp = rng_below(rng, 4); break;
    case 2: exp = all - rng_below(rng, 4); break;
    case 3: exp = (uint64_t)f->bias / 2 + rng_below(rng, 2u * fraction_bits); break;
    case 4: exp = (uint64_t)f->bias * 3 / 2 - rng_below(rng, 9); break;
    case 5: exp = rng_below(rng, all); break;
    case 6: exp = (uint64_t)f->bias - 1 - rng_below(rng, fraction_bits + 2u); break;
    default: break;
    }
    if (exp == all || rng_below(rng, 40) == 0)
        fraction = 0; /* infinity; NaNs have tests of their own */
    return (u128)rng_below(rng, 2) << (f->width - 1) | (u128)exp << fraction_bits |
           (fraction & (((u128)1 << fraction_bits) - 1));
}

static int apply(struct reference *r, enum fp_op op, mpfr_t to, mpfr_rnd_t mode)
{
    switch (op) {
    case FP_ADD:  return mpfr_add(to, r->a, r->b, mode);
    case FP_SUB:  return mpfr_sub(to, r->a, r->b, mode);
    case FP_MUL:  return mpfr_mul(to, r->a, r->b, mode);
    case FP_DIV:  return mpfr_div(to, r->a, r->b, mode);
    case FP_SQRT: return mpfr_sqrt(to, r->b, mode);
    case FP_MADD: case FP_NMADD: return mpfr_fma(to, r->a, r->c, r->b, mode);
    case FP_MSUB: case FP_NMSUB: return mpfr_fms(to, r->a, r->c, r->b, mode);
    default:      return mpfr_set(to, r->b, mode);
    }
}

static const mpfr_rnd_t mpfr_modes[] = {MPFR_RNDN, MPFR_RNDZ, MPFR_RNDU, MPFR_RNDD};

/* Rounds in the format's own range; returns FPSCR bits and the result. */
static uint32_t expect(struct reference *r, enum fp_op op, const struct fp_format *f, unsigned mode)
{
    uint32_t flags = 0;
    mpfr_set_prec(r->result, f->precision);
    mpfr_set_prec(r->other, f->precision);
    unlimited();
    apply(r, op, r->other, MPFR_RNDZ); /* tiny when the exact value is */
    bool tiny = mpfr_regular_p(r->other) && mpfr_get_exp(r->other) < 2 - f->bias;
    mpfr_clear_flags();
    int ternary = apply(r, op, r->result, mpfr_modes[mode]);
    mpfr_set_emin(3 - f->bias - f->precision); /* only now: operands must be in MPFR's range */
    mpfr_set_emax(f->bias + 1);
    ternary = mpfr_check_range(r->result, ternary, mpfr_modes[mode]);
    ternary = mpfr_subnormalize(r->result, ternary, mpfr_modes[mode]);
    if (ternary)
        flags |= FPSCR_XX | FPSCR_FI;
    if (ternary && (ternary > 0) != (mpfr_signbit(r->result) != 0))
        flags |= FPSCR_FR;
    if (mpfr_overflow_p())
        flags |= FPSCR_OX;
    if (tiny && ternary)
        flags |= FPSCR_UX;
    if (mpfr_divby0_p())
        flags |= FPSCR_ZX;
    unlimited();
    if (op == FP_NMADD || op == FP_NMSUB)
        mpfr_neg(r->result, r->result, MPFR_RNDN);
    return flags;
}

static void check_one(struct reference *r, enum fp_op op, const struct fp_format *from,
                      const struct fp_format *to, unsigned mode)
{
    struct fp a = fp_unpack(from, operand(&r->rng, from));
    struct fp b = fp_unpack(from, operand(&r->rng, from));
    struct fp c = fp_unpack(from, operand(&r->rng, from));
    struct fp_env e = {.mode = (enum fp_rounding)mode};
    struct fp x = fp_arith(op, a, b, c, to, &e);
    unlimited();
    to_mpfr(r->a, a);
    to_mpfr(r->b, b);
    to_mpfr(r->c, c);
    uint32_t flags = expect(r, op, to, mode);
    if (mpfr_nan_p(r->result)) {
        assert_true(fp_is_nan(x) && e.flags & FPSCR_VX_ALL);
        return;
    }
    mpfr_set_prec(r->other, WIDE_BITS);
    to_mpfr(r->other, fp_unpack(to, fp_pack(to, x)));
    assert_true(mpfr_equal_p(r->other, r->result));
    assert_int_equal(mpfr_signbit(r->other) != 0, mpfr_signbit(r->result) != 0);
    assert_int_equal(e.flags, flags);
}

static void check_format(struct reference *r, const struct fp_format *from,
                         const struct fp_format *to, int cases)
{
    static const enum fp_op ops[] = {FP_ADD, FP_SUB, FP_MUL, FP_DIV, FP_SQRT, FP_MADD,
                                     FP_MSUB, FP_NMADD, FP_NMSUB, FP_MOVE};
    for (unsigned o = 0; o < ARRAY_LEN(ops); o++)
        for (unsigned mode = 0; mode < 4; mode++)
            for (int n = 0; n < cases / 4; n++)
                check_one(r, ops[o], from, to, mode);
}

static void double_precision_rounds_once(void **state)
{
    check_format(*state, &fp_double, &fp_double, CASES);
}

static void single_precision_rounds_once(void **state)
{
    check_format(*state, &fp_single, &fp_single, CASES / 2);
}

static void doubles_round_to_single_once(void **state)
{
    check_format(*state, &fp_double, &fp_single, CASES / 2);
}

static void quad_precision_rounds_once(void **state)
{
    check_format(*state, &fp_quad, &fp_quad, CASES);
}

static void quads_convert_to_narrower_formats(void **state)
{
    check_format(*state, &fp_quad, &fp_double, CASES / 8);
    check_format(*state, &fp_double, &fp_half, CASES / 8);
}

static void round_to_odd_keeps_a_trace_of_what_was_cut_off(void **state)
{
    struct reference *r = *state;
    for (int n = 0; n < CASES; n++) {
        struct fp a = fp_unpack(&fp_quad, operand(&r->rng, &fp_quad));
        struct fp b = fp_unpack(&fp_quad, operand(&r->rng, &fp_quad));
        struct fp_env odd = {.mode = FP_TO_ODD}, zero = {.mode = FP_TO_ZERO};
        u128 x = fp_pack(&fp_quad, fp_arith(FP_MUL, a, b, b, &fp_quad, &odd));
        u128 y = fp_pack(&fp_quad, fp_arith(FP_MUL, a, b, b, &fp_quad, &zero));
        assert_true(x == (y | (zero.flags & FPSCR_FI && !(zero.flags & FPSCR_OX) ? 1u : 0u)));
        assert_int_equal(odd.flags & FPSCR_FI, zero.flags & FPSCR_FI);
    }
}

static void numbers_convert_to_integers_and_integral_values(void **state)
{
    struct reference *r = *state;
    for (int n = 0; n < 4 * CASES; n++) {
        unsigned mode = (unsigned)n % 4;
        struct fp x = fp_unpack(&fp_double, operand(&r->rng, &fp_double));
        x.exp += x.kind == KIND_FINITE ? (int32_t)rng_below(&r->rng, 66) : 0;
        struct fp_env e = {.mode = (enum fp_rounding)mode}, whole = e;
        unlimited();
        mpfr_set_prec(r->result, WIDE_BITS);
        mpfr_set_prec(r->other, WIDE_BITS);
        to_mpfr(r->b, x);
        int ternary = mpfr_rint(r->result, r->b, mpfr_modes[mode]);
        to_mpfr(r->other, fp_round_to_integer(x, &whole));
        assert_true(mpfr_equal_p(r->other, r->result));
        assert_int_equal((whole.flags & FPSCR_FI) != 0, ternary != 0);
        int64_t i = (int64_t)fp_to_int(x, 64, true, &e);
        if (mpfr_fits_intmax_p(r->result, MPFR_RNDN)) {
            assert_int_equal(i, mpfr_get_sj(r->result, MPFR_RNDN));
            assert_int_equal((e.flags & FPSCR_FI) != 0, ternary != 0);
        } else {
            assert_true(i == (x.sign ? INT64_MIN : INT64_MAX));
            assert_int_equal(e.flags, FPSCR_VXCVI);
        }
    }
}

static void comparison_orders_all_numbers(void **state)
{
    struct reference *r = *state;
    for (int n = 0; n < CASES; n++) {
        struct fp a = fp_unpack(&fp_double, operand(&r->rng, &fp_double));
        struct fp b = fp_unpack(&fp_double, operand(&r->rng, &fp_double));
        to_mpfr(r->a, a);
        to_mpfr(r->b, n % 8 ? b : a);
        int order = mpfr_cmp(r->a, r->b);
        assert_int_equal(fp_compare(a, n % 8 ? b : a), order < 0 ? 8 : order > 0 ? 4 : 2);
    }
}

static void the_first_nan_wins_and_becomes_quiet(void **state)
{
    (void)state;
    struct fp snan = fp_unpack(&fp_double, UINT64_C(0xfff0000000000123));
    struct fp qnan = fp_unpack(&fp_double, UINT64_C(0x7ff8000000000456));
    struct fp one = fp_from_int(1, false);
    struct fp_env e = {0};
    u128 x = fp_pack(&fp_double, fp_arith(FP_MSUB, one, qnan, snan, &fp_double, &e));
    assert_true(x == UINT64_C(0x7ff8000000000456)); /* the addend goes before the second factor */
    assert_int_equal(e.flags, FPSCR_VXSNAN);
    x = fp_pack(&fp_double, fp_arith(FP_NMADD, snan, qnan, one, &fp_double, &e));
    assert_true(x == UINT64_C(0xfff8000000000123));
    x = fp_pack(&fp_single, fp_arith(FP_MOVE, one, snan, one, &fp_single, &e));
    assert_true(x == 0xffc00000); /* the payload's end is lost */
}

static void enabled_overflow_and_underflow_scale_the_result(void **state)
{
    (void)state;
    struct fp_env e = {.overflow_enabled = true, .underflow_enabled = true};
    struct fp big = fp_unpack(&fp_double, UINT64_C(0x7fe0000000000000)); /* 2^1023 */
    struct fp tiny = fp_unpack(&fp_double, 1);                           /* 2^-1074 */
    u128 x = fp_pack(&fp_double, fp_arith(FP_MUL, big, big, big, &fp_double, &e));
    assert_true(x == (u128)(2046 - 1536 + 1023) << 52 && e.flags == FPSCR_OX);
    e.flags = 0;
    x = fp_pack(&fp_double, fp_arith(FP_MOVE, tiny, tiny, tiny, &fp_double, &e));
    assert_true(x == (u128)(1536 - 1074 + 1023) << 52 && e.flags == FPSCR_UX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(double_precision_rounds_once),
        cmocka_unit_test(single_precision_rounds_once),
        cmocka_unit_test(doubles_round_to_single_once),
        cmocka_unit_test(quad_precision_rounds_once),
        cmocka_unit_test(quads_convert_to_narrower_formats),
        cmocka_unit_test(round_to_odd_keeps_a_trace_of_what_was_cut_off),
        cmocka_unit_test(numbers_convert_to_integers_and_integral_values),
        cmocka_unit_test(comparison_orders_all_numbers),
        cmocka_unit_test(the_first_nan_wins_and_becomes_quiet),
        cmocka_unit_test(enabled_overflow_and_underflow_scale_the_result),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
