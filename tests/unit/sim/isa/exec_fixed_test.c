/* Fixed-point instructions: traps, modes, special purpose registers, and what the oracle gets
 * wrong. */
#include "tests/unit/sim/isa/guest.h"

static void each_trap_condition_has_its_bit(void **state)
{
    (void)state;
    static const struct {
        int64_t a;
        int32_t b;
        uint32_t to; /* the conditions that hold */
    } cases[] = {{-1, 1, 16 | 1}, {1, -1, 8 | 2}, {1, 2, 16 | 2}, {2, 1, 8 | 1}, {5, 5, 4}};
    struct guest *g = guest_create(LE64);
    for (uint32_t n = 0; n < ARRAY_LEN(cases); n++)
        for (uint32_t to = 1; to < 32; to <<= 1) {
            enum exception wanted = cases[n].to & to ? EXC_TRAP : EXC_NONE;
            g->cpu->gpr[4] = (uint64_t)cases[n].a;
            assert_int_equal(guest_step(g, d_form(OP_TDI, to, 4, cases[n].b)), wanted);
            g->cpu->gpr[4] = (uint32_t)cases[n].a | UINT64_C(0x100000000); /* tw looks at words */
            assert_int_equal(guest_step(g, d_form(OP_TWI, to, 4, cases[n].b)), wanted);
        }
    guest_destroy(g);
}

static void carry_and_cr0_follow_the_mode(void **state)
{
    (void)state;
    for (int mode = BE64; mode <= BE32; mode++) {
        struct guest *g = guest_create((enum guest_mode)mode);
        g->cpu->gpr[4] = UINT32_MAX;
        assert_int_equal(guest_step(g, d_form(13, 3, 4, 1)), EXC_NONE); /* addic. */
        assert_int_equal(g->cpu->gpr[3], UINT64_C(0x100000000));
        assert_int_equal(g->cpu->ca, mode == BE32);
        assert_int_equal(g->cpu->ca32, 1);
        assert_int_equal(g->cpu->cr[0], mode == BE32 ? CR_EQ : CR_GT);
        guest_destroy(g);
    }
}

static void overflow_follows_the_mode_and_so_stays(void **state)
{
    (void)state;
    uint32_t addo = x_form(3, 4, 5, 266 | 512);
    for (int mode = BE64; mode <= BE32; mode++) {
        struct guest *g = guest_create((enum guest_mode)mode);
        g->cpu->gpr[4] = g->cpu->gpr[5] = INT32_MAX;
        assert_int_equal(guest_step(g, addo), EXC_NONE);
        assert_int_equal(g->cpu->ov, mode == BE32);
        assert_int_equal(g->cpu->ov32, 1);
        assert_int_equal(g->cpu->so, mode == BE32);
        g->cpu->gpr[4] = 0;
        assert_int_equal(guest_step(g, addo), EXC_NONE);
        assert_int_equal(g->cpu->ov, 0);
        assert_int_equal(g->cpu->so, mode == BE32);
        guest_destroy(g);
    }
}

/* 2 * 2^64 / 3 lies between 2^63 and 2^64. */
static void divde_overflows_beyond_63_bits(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    uint32_t divdeo = x_form(3, 4, 5, 425 | 512);
    g->cpu->gpr[4] = 2;
    g->cpu->gpr[5] = 3;
    assert_int_equal(guest_step(g, divdeo), EXC_NONE);
    assert_int_equal(g->cpu->ov, 1);
    assert_int_equal(g->cpu->ov32, 1);
    g->cpu->gpr[5] = 5;
    assert_int_equal(guest_step(g, divdeo), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], UINT64_C(0x6666666666666666));
    assert_int_equal(g->cpu->ov, 0);
    g->cpu->gpr[4] = (uint64_t)-2;
    g->cpu->gpr[5] = 4;
    assert_int_equal(guest_step(g, divdeo), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], UINT64_C(0x8000000000000000));
    assert_int_equal(g->cpu->ov, 0);
    guest_destroy(g);
}

static void registers_of_other_modes_are_refused(void **state)
{
    (void)state;
    enum { PVR = 287, SRR0 = 26, NO_SUCH = 1000, TB = 268, SPRG3 = 259 };
    struct guest *g = guest_create(LE64);
    assert_int_equal(guest_step(g, spr_form(3, PVR, XO_MFSPR)), EXC_PRIVILEGED);
    assert_int_equal(guest_step(g, spr_form(3, SRR0, XO_MTSPR)), EXC_PRIVILEGED);
    assert_int_equal(guest_step(g, spr_form(3, NO_SUCH, XO_MFSPR)), EXC_ILLEGAL);
    assert_int_equal(guest_step(g, spr_form(3, TB, XO_MTSPR)), EXC_ILLEGAL);
    assert_int_equal(guest_step(g, spr_form(3, SPRG3, XO_MTSPR)), EXC_ILLEGAL);
    g->cpu->sprg3 = 77;
    assert_int_equal(guest_step(g, spr_form(3, SPRG3, XO_MFSPR)), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], 77);
    guest_destroy(g);
}

static uint64_t clock_of_test(void *ctx)
{
    (void)ctx;
    return UINT64_C(0x1234567890);
}

static void the_time_base_is_the_boards(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    g->cpu->timebase = clock_of_test;
    assert_int_equal(guest_step(g, spr_form(3, 268, 371)), EXC_NONE); /* mftb */
    assert_int_equal(g->cpu->gpr[3], UINT64_C(0x1234567890));
    assert_int_equal(guest_step(g, spr_form(3, 269, XO_MFSPR)), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], 0x12);
    guest_destroy(g);
}

static void a_program_gets_no_priority_above_medium(void **state)
{
    (void)state;
    enum { PPR = 896 };
    struct guest *g = guest_create(LE64);
    for (uint64_t priority = 0; priority < 8; priority++) {
        uint64_t before = g->cpu->ppr = UINT64_C(4) << 50;
        g->cpu->gpr[3] = priority << 50;
        assert_int_equal(guest_step(g, spr_form(3, PPR, XO_MTSPR)), EXC_NONE);
        bool allowed = priority >= 1 && priority <= 4;
        assert_int_equal(g->cpu->ppr, allowed ? priority << 50 : before);
    }
    guest_destroy(g);
}

static void darn_without_a_source_reports_an_error(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    assert_int_equal(guest_step(g, x_form(3, 0, 0, 755)), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], UINT64_MAX);
    g->cpu->random = clock_of_test;
    assert_int_equal(guest_step(g, x_form(3, 0, 0, 755)), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], 0x34567890);
    assert_int_equal(guest_step(g, x_form(3, 1, 0, 755)), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], UINT64_C(0x1234567890));
    assert_int_equal(guest_step(g, x_form(3, 3, 0, 755)), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], UINT64_MAX);
    guest_destroy(g);
}

static void classic_processors_have_mcrxr_and_no_doublewords(void **state)
{
    (void)state;
    uint32_t mcrxr = x_form(5 << 2, 0, 0, 512), cntlzd = x_form(3, 4, 0, 58);
    uint32_t ld = d_form(OP_DS_LOAD, 3, 0, 0);
    struct guest *g = guest_create(CLASSIC32);
    cpu_set_xer(g->cpu, 0xa0000000);
    assert_int_equal(guest_step(g, mcrxr), EXC_NONE);
    assert_int_equal(g->cpu->cr[5], 10);
    assert_int_equal(cpu_get_xer(g->cpu), 0);
    assert_int_equal(guest_step(g, cntlzd), EXC_ILLEGAL);
    assert_int_equal(guest_step(g, ld), EXC_ILLEGAL);
    guest_destroy(g);
    g = guest_create(BE64);
    assert_int_equal(guest_step(g, mcrxr), EXC_ILLEGAL);
    assert_int_equal(guest_step(g, cntlzd), EXC_NONE);
    guest_destroy(g);
}

static void before_isa_3_xer_has_no_word_carry(void **state)
{
    (void)state;
    for (int absent = 0; absent < 2; absent++) {
        struct guest *g = guest_create(CLASSIC32);
        g->cpu->xer_absent = absent ? XER_CA32_OV32 : 0;
        g->cpu->gpr[4] = UINT32_MAX;
        assert_int_equal(guest_step(g, d_form(13, 3, 4, 1)), EXC_NONE); /* addic. */
        assert_int_equal(guest_step(g, spr_form(5, 1, XO_MFSPR)), EXC_NONE);
        assert_int_equal(g->cpu->gpr[5], absent ? 0x20000000 : 0x20040000);
        guest_destroy(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_trap_condition_has_its_bit),
        cmocka_unit_test(carry_and_cr0_follow_the_mode),
        cmocka_unit_test(overflow_follows_the_mode_and_so_stays),
        cmocka_unit_test(divde_overflows_beyond_63_bits),
        cmocka_unit_test(registers_of_other_modes_are_refused),
        cmocka_unit_test(the_time_base_is_the_boards),
        cmocka_unit_test(a_program_gets_no_priority_above_medium),
        cmocka_unit_test(darn_without_a_source_reports_an_error),
        cmocka_unit_test(classic_processors_have_mcrxr_and_no_doublewords),
        cmocka_unit_test(before_isa_3_xer_has_no_word_carry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
