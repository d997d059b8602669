/* Branches and system calls: what the comparison with an oracle cannot see. */
#include "tests/unit/sim/isa/guest.h"

#define BC(bo, bi, offset) d_form(16, bo, bi, offset)

static void a_system_call_has_completed_when_it_is_delivered(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++) {
        guest_words(g, CODE, (uint32_t[]){d_form(OP_ADDI, 3, 0, 7), 0x44000002}, 2);
        assert_int_equal(guest_run(g, CODE, chained), EXC_SYSCALL);
        assert_int_equal(g->exception.detail, 0);
        assert_int_equal(g->cpu->nia, CODE + 8);
        assert_int_equal(exec_icount(&g->exec), 2);
        assert_int_equal(g->cpu->gpr[3], 7);
    }
    guest_destroy(g);
}

static void scv_tells_its_level(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    assert_int_equal(guest_step(g, 0x44000001 | 5 << 5), EXC_SYSCALL_V);
    assert_int_equal(g->exception.detail, 5);
    assert_int_equal(g->cpu->nia, CODE + 4);
    guest_destroy(g);
}

static void a_trap_and_an_illegal_word_have_not_happened(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++) {
        guest_words(g, CODE, (uint32_t[]){d_form(OP_ADDI, 3, 0, 7), d_form(OP_TWI, 31, 0, 0)}, 2);
        assert_int_equal(guest_run(g, CODE, chained), EXC_TRAP);
        assert_int_equal(g->cpu->nia, CODE + 4);
        assert_int_equal(exec_icount(&g->exec), 1);
        assert_int_equal(guest_run(g, CODE + 8, chained), EXC_ILLEGAL);
        assert_int_equal(g->cpu->nia, CODE + 8);
        assert_int_equal(exec_icount(&g->exec), 0);
    }
    guest_destroy(g);
}

static void in_32_bit_mode_only_the_low_half_of_ctr_counts(void **state)
{
    (void)state;
    enum { BDNZ = 16 };
    struct guest *g = guest_create(BE32);
    g->cpu->ctr = UINT64_C(0x500000001);
    assert_int_equal(guest_step(g, BC(BDNZ, 0, 32)), EXC_NONE);
    assert_int_equal(g->cpu->nia, CODE + 4);
    guest_destroy(g);
    g = guest_create(BE64);
    g->cpu->ctr = UINT64_C(0x500000001);
    assert_int_equal(guest_step(g, BC(BDNZ, 0, 32)), EXC_NONE);
    assert_int_equal(g->cpu->nia, CODE + 32);
    assert_true(g->op.flags & OP_TAKEN);
    guest_destroy(g);
}

static void in_32_bit_mode_targets_and_links_have_32_bits(void **state)
{
    (void)state;
    struct guest *g = guest_create(BE32);
    g->cpu->lr = UINT64_C(0x700000000) + CODE + 0x103; /* bits 62:63 are ignored too */
    assert_int_equal(guest_step(g, xl_form(20, 0, 16) | 1), EXC_NONE); /* blrl */
    assert_int_equal(g->cpu->nia, CODE + 0x100);
    assert_int_equal(g->cpu->lr, CODE + 4);
    guest_destroy(g);
}

static void a_branch_that_is_not_taken_still_links(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    g->cpu->cr[0] = CR_GT;
    assert_int_equal(guest_step(g, BC(12, 2, 64) | 1), EXC_NONE); /* beql */
    assert_int_equal(g->cpu->nia, CODE + 4);
    assert_int_equal(g->cpu->lr, CODE + 4);
    assert_false(g->op.flags & OP_TAKEN);
    guest_destroy(g);
}

static void counting_and_condition_must_both_hold(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int eq = 0; eq < 2; eq++)
        for (uint64_t ctr = 1; ctr < 3; ctr++) {
            g->cpu->cr[7] = eq ? CR_EQ : CR_LT;
            g->cpu->ctr = ctr;
            assert_int_equal(guest_step(g, BC(8, 30, 64)), EXC_NONE); /* bdnzt 4*cr7+eq */
            assert_int_equal(g->cpu->nia, eq && ctr == 2 ? CODE + 64 : CODE + 4);
            assert_int_equal(g->cpu->ctr, ctr - 1);
        }
    guest_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_system_call_has_completed_when_it_is_delivered),
        cmocka_unit_test(scv_tells_its_level),
        cmocka_unit_test(a_trap_and_an_illegal_word_have_not_happened),
        cmocka_unit_test(in_32_bit_mode_only_the_low_half_of_ctr_counts),
        cmocka_unit_test(in_32_bit_mode_targets_and_links_have_32_bits),
        cmocka_unit_test(a_branch_that_is_not_taken_still_links),
        cmocka_unit_test(counting_and_condition_must_both_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
