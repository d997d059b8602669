/* The fast path against the core, and what scalar instructions do to FPSCR, where QEMU is no
 * oracle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/isa/exec_fp.h"

enum { CASES = 300000 };

#define ONE   UINT64_C(0x3ff0000000000000)
#define THREE UINT64_C(0x4008000000000000)
#define A_SNAN  UINT64_C(0x7ff0000000000001)
#define HUGE_POWER UINT64_C(0x7fe0000000000000) /* 2^1023 */

static const struct insn insn = {.rt = 1, .ra = 2, .rb = 3, .rc = 4};

static struct cpu *cpu_with(uint64_t fpscr, uint64_t a, uint64_t b, uint64_t c)
{
    static struct cpu s;
    s = (struct cpu){.is_64bit = true, .ea_mask = UINT64_MAX};
    fpscr_write(&s, fpscr);
    VSR_D(s.vsr[2], 0) = a;
    VSR_D(s.vsr[3], 0) = b;
    VSR_D(s.vsr[4], 0) = c;
    return &s;
}

static uint64_t target(const struct cpu *s) { return VSR_D(s->vsr[1], 0); }

/* Whether the body raised. */
static bool runs_into_exception(struct cpu *s, insn_body *body)
{
    if (setjmp(s->unwind))
        return true;
    body(s, &insn);
    return false;
}

/* Near the ends of double's and single's ranges, near halfway between singles, few ones,
 * cancelling. */
static uint64_t operand(struct rng *rng)
{
    uint64_t fraction = rng_next(rng) >> 12, exp = 1020 + rng_below(rng, 8);
    switch (rng_below(rng, 6)) {
    case 0: fraction &= ~UINT64_C(0x1fffffff); break;
    case 1: fraction = (fraction & ~UINT64_C(0x1fffffff)) | 0x10000000; break;
    case 2:
        fraction = (fraction & ~UINT64_C(0x1fffffff)) | 0x0fffffff | rng_below(rng, 3) << 28;
        break;
    case 3: fraction = UINT64_C(1) << rng_below(rng, 52); break;
    case 4: fraction = rng_below(rng, 2) * UINT64_C(0x000fffffffffffff); break;
    default: break;
    }
    switch (rng_below(rng, 9)) {
    case 0: exp = rng_below(rng, 3); break;
    case 1: exp = 2047 - rng_below(rng, 4); break;
    case 2: exp = 1023 - 128 + rng_below(rng, 5); break;
    case 3: exp = 1023 + 125 + rng_below(rng, 5); break;
    case 4: exp = 490 + rng_below(rng, 60); break;
    case 5: exp = 1500 + rng_below(rng, 70); break;
    case 6: exp = 0; fraction = 0; break;
    default: break;
    }
    return rng_below(rng, 2) << 63 | exp << 52 | (fraction & UINT64_C(0x000fffffffffffff));
}

static void check_fast_path(enum fp_op op, bool is_single)
{
    struct rng rng = rng_seeded(op + (is_single ? 100u : 0u));
    uint64_t taken = 0;
    for (int n = 0; n < CASES / 10; n++) {
        uint64_t a = operand(&rng), b = operand(&rng), c = operand(&rng);
        struct cpu *s = cpu_with(FPSCR_XX, a, b, c);
        fp_scalar(s, &insn, op, is_single, a, b, c, false);
        taken += s->fp_pending.op != 0;
        uint64_t fast = target(s), fast_fpscr = fpscr_read(s);
        s = cpu_with(FPSCR_XX, a, b, c);
        fp_arith_slow(s, &insn, a, b, c, op | (is_single ? FP_AS_SINGLE : 0u));
        assert_int_equal(fast, target(s));
        assert_int_equal(fast_fpscr, fpscr_read(s));
    }
    assert_true(taken > CASES / 100 || (op >= FP_MADD && op <= FP_NMSUB && !host_has_muladd()));
}

static void the_fast_path_gives_what_the_core_gives(void **state)
{
    (void)state;
    for (enum fp_op op = FP_ADD; op <= FP_MOVE; op++) {
        check_fast_path(op, true);
        if (op != FP_MOVE)
            check_fast_path(op, false);
    }
}

static void fr_fi_and_fprf_of_a_pending_result_are_found_when_read(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(FPSCR_XX, ONE, THREE, 0);
    step_fdiv(s, &insn); /* 1/3 = 0x1.5555555555555|5...: rounded down */
    assert_int_equal(s->fp_pending.op, FP_DIV);
    assert_int_equal(fpscr_read(s), FPSCR_XX | FPSCR_FI | 4 << FPRF_SHIFT);
    VSR_D(s->vsr[2], 0) = UINT64_C(0xc000000000000000);
    step_fdiv(s, &insn); /* -2/3 = -0x1.5555555555555|5... */
    assert_int_equal(fpscr_read(s), FPSCR_XX | FPSCR_FI | 8 << FPRF_SHIFT);
    VSR_D(s->vsr[2], 0) = UINT64_C(0x4014000000000000);
    step_fdiv(s, &insn); /* 5/3 = 0x1.aaaaaaaaaaaaa|a...: rounded up */
    assert_int_equal(fpscr_read(s), FPSCR_XX | FPSCR_FI | FPSCR_FR | 4 << FPRF_SHIFT);
}

static void a_compare_changes_fpcc_and_nothing_else(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(FPSCR_XX, UINT64_C(0x4014000000000000), THREE, 0);
    step_fdiv(s, &insn);
    step_fcmpu(s, &insn); /* 5 > 3 */
    assert_int_equal(s->cr[0], CR_GT);
    assert_int_equal(fpscr_read(s), FPSCR_XX | FPSCR_FI | FPSCR_FR | 4 << FPRF_SHIFT);
    VSR_D(s->vsr[2], 0) = ONE;
    step_fcmpu(s, &insn);
    assert_int_equal(fpscr_read(s), FPSCR_XX | FPSCR_FI | FPSCR_FR | 8 << FPRF_SHIFT);
}

static void the_next_result_replaces_a_pending_one(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(FPSCR_XX, ONE, THREE, ONE);
    step_fdiv(s, &insn);
    step_fcmpu(s, &insn);
    step_fadd(s, &insn); /* exact */
    assert_int_equal(fpscr_read(s), FPSCR_XX | 4 << FPRF_SHIFT);
}

static void fx_tells_only_of_exception_bits_that_were_clear(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(0, ONE, THREE, 0);
    step_fdiv(s, &insn);
    assert_true(s->fpscr & FPSCR_FX && s->fpscr & FPSCR_XX);
    fpscr_write(s, FPSCR_XX);
    step_fdiv(s, &insn);
    assert_false(fpscr_read(s) & FPSCR_FX);
}

static void an_enabled_invalid_operation_leaves_the_target(void **state)
{
    (void)state;
    uint64_t before = FPSCR_VE | FPSCR_FI | FPSCR_FR | 8 << FPRF_SHIFT;
    struct cpu *s = cpu_with(before, A_SNAN, ONE, ONE);
    VSR_D(s->vsr[1], 0) = 77;
    step_fadd(s, &insn);
    assert_int_equal(target(s), 77);
    assert_int_equal(fpscr_read(s), FPSCR_FX | FPSCR_FEX | FPSCR_VX | FPSCR_VXSNAN | FPSCR_VE |
                                        8 << FPRF_SHIFT);
}

static void an_enabled_division_by_zero_raises_in_precise_mode_only(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(FPSCR_ZE, ONE, 0, 0);
    VSR_D(s->vsr[1], 0) = 77;
    assert_false(runs_into_exception(s, step_fdiv));
    assert_int_equal(target(s), 77);
    fpscr_write(s, FPSCR_ZE);
    s->fp_exceptions_enabled = true;
    assert_true(runs_into_exception(s, step_fdiv));
    assert_int_equal(s->exception.kind, EXC_FP_ENABLED);
    assert_true(s->fpscr & FPSCR_ZX && s->fpscr & FPSCR_FEX);
}

static void an_enabled_overflow_delivers_the_scaled_result_and_raises(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(FPSCR_OE, HUGE_POWER, ONE, HUGE_POWER);
    s->fp_exceptions_enabled = true;
    assert_true(runs_into_exception(s, step_fmul));
    assert_int_equal(target(s), (uint64_t)(1023 + 2046 - 1536) << 52);
    s = cpu_with(FPSCR_OE, HUGE_POWER, ONE, ONE); /* single: 2^1023 to 2^(1023-192) */
    step_fmuls(s, &insn);
    assert_int_equal(target(s), (uint64_t)(2046 - 192) << 52);
}

static void an_enabled_exception_in_one_element_keeps_the_vector(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(FPSCR_OE, HUGE_POWER, HUGE_POWER, 0);
    s->vsr[1].q = 77;
    step_xvadddp(s, &insn);
    assert_true(s->vsr[1].q == 77);
    assert_int_equal(fpscr_read(s), FPSCR_OE | FPSCR_OX | FPSCR_FX | FPSCR_FEX);
}

static void negative_multiply_add_negates_after_rounding(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(FP_UP, ONE, 1, ONE); /* 1 * 1 + tiny, up, then negated */
    step_fnmadd(s, &insn);
    assert_int_equal(target(s), UINT64_C(0xbff0000000000001));
    assert_true(fpscr_read(s) & FPSCR_FR);
}

static void the_reciprocal_of_zero_is_infinity(void **state)
{
    (void)state;
    struct cpu *s = cpu_with(0, 0, UINT64_C(1) << 63, 0);
    step_fre(s, &insn);
    assert_int_equal(target(s), UINT64_C(0xfff0000000000000));
    assert_int_equal(fpscr_read(s), FPSCR_FX | FPSCR_ZX | 9 << FPRF_SHIFT);
}

static void powers_of_two_are_estimated_within_one_sixteenth(void **state)
{
    (void)state;
    static struct cpu s;
    for (int n = -4000; n < 4000; n++) {
        double x = n / 32.0;
        for (int e = 0; e < 4; e++)
            VSR_W(s.vsr[3], e) = bits_of_float((float)x);
        step_vexptefp(&s, &insn);
        double ratio = (double)float_of(VSR_W(s.vsr[1], 2)) / exp2(x);
        assert_true(ratio >= 15.0 / 16 && ratio <= 17.0 / 16);
        if (n % 32 == 0 && n >= -126 * 32)
            assert_true(ratio == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fast_path_gives_what_the_core_gives),
        cmocka_unit_test(fr_fi_and_fprf_of_a_pending_result_are_found_when_read),
        cmocka_unit_test(a_compare_changes_fpcc_and_nothing_else),
        cmocka_unit_test(the_next_result_replaces_a_pending_one),
        cmocka_unit_test(fx_tells_only_of_exception_bits_that_were_clear),
        cmocka_unit_test(an_enabled_invalid_operation_leaves_the_target),
        cmocka_unit_test(an_enabled_division_by_zero_raises_in_precise_mode_only),
        cmocka_unit_test(an_enabled_overflow_delivers_the_scaled_result_and_raises),
        cmocka_unit_test(an_enabled_exception_in_one_element_keeps_the_vector),
        cmocka_unit_test(negative_multiply_add_negates_after_rounding),
        cmocka_unit_test(the_reciprocal_of_zero_is_infinity),
        cmocka_unit_test(powers_of_two_are_estimated_within_one_sixteenth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
