/* Prefixed instructions, which are one in the room of two, and the hash instructions. The other
 * rows of ISA 3.1 are compared with qemu (make test-isa). */
#include "tests/unit/sim/isa/guest.h"

enum { PREFIX_MLS = 0x06000000, PREFIX_8LS = 0x04000000, RELATIVE = 1 << 20 };
enum { OP_PADDI = 14, OP_PLD = 57, OP_PSTD = 61, XO_HASHST = 722, XO_HASHCHK = 754 };
enum { OP_PLFS = 48, OP_PLFD = 50, OP_PSTFS = 52, OP_PSTFD = 54 };
#define NOP UINT32_C(0x60000000)

/* hashst rb,-8(ra) and hashchk: an offset field of all ones. */
static uint32_t hash_form(uint32_t rb, uint32_t ra, uint32_t xo)
{
    return x_form(31, ra, rb, xo) | 1;
}

static void a_prefixed_instruction_counts_once(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t words[] = {NOP, PREFIX_MLS | 1, d_form(OP_PADDI, 3, 4, -2),
                              d_form(OP_PADDI, 5, 3, 1), 0};
    guest_words(g, CODE, words, 5);
    for (int chained = 0; chained < 2; chained++) {
        g->cpu->gpr[4] = 100;
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(g->cpu->gpr[3], 100 + 0x1fffe); /* d0 = 1, d1 = 0xfffe */
        assert_int_equal(g->cpu->gpr[5], g->cpu->gpr[3] + 1);
        assert_int_equal(g->cpu->icount, 3);
        assert_int_equal(g->cpu->nia, CODE + 16);
    }
    guest_destroy(g);
}

static void displacements_have_34_bits_and_may_be_relative_to_the_instruction(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t words[] = {PREFIX_MLS | RELATIVE | 0x3ffff, d_form(OP_PADDI, 3, 0, -4),
                              PREFIX_MLS | 0x20000, d_form(OP_PADDI, 4, 0, 0), 0};
    guest_words(g, CODE, words, 5);
    assert_int_equal(guest_run(g, CODE, true), EXC_ILLEGAL);
    assert_int_equal(g->cpu->gpr[3], CODE - 4);
    assert_int_equal(g->cpu->gpr[4], UINT64_C(0xfffffffe00000000));
    g->cpu->nia = 0;
    guest_words(g, CODE, (uint32_t[]){PREFIX_MLS | RELATIVE, d_form(OP_PADDI, 3, 1, 0)}, 2);
    assert_int_equal(guest_run(g, CODE, false), EXC_ILLEGAL); /* relative, and to a register too */
    guest_destroy(g);
}

static void prefixed_accesses_of_floating_point_convert_as_their_short_forms(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t words[] = {
        PREFIX_MLS, d_form(OP_PSTFD, 1, 4, 0), PREFIX_MLS, d_form(OP_PSTFS, 1, 4, 8),
        PREFIX_MLS, d_form(OP_PLFD, 2, 4, 0), PREFIX_MLS, d_form(OP_PLFS, 3, 4, 8), 0};
    guest_words(g, CODE, words, ARRAY_LEN(words));
    for (int chained = 0; chained < 2; chained++) {
        g->cpu->gpr[4] = DATA;
        VSR_D(g->cpu->vsr[1], 0) = UINT64_C(0x3ff8000000000000); /* 1.5 */
        assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
        assert_int_equal(guest_word(g, DATA + 4), 0x3ff80000);
        assert_int_equal(guest_word(g, DATA + 8), 0x3fc00000);
        assert_int_equal(VSR_D(g->cpu->vsr[2], 0), UINT64_C(0x3ff8000000000000));
        assert_int_equal(VSR_D(g->cpu->vsr[3], 0), UINT64_C(0x3ff8000000000000));
    }
    guest_destroy(g);
}

static void a_prefixed_access_that_faults_has_not_happened(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t words[] = {PREFIX_8LS, d_form(OP_PSTD, 3, 4, 0), PREFIX_8LS,
                              d_form(OP_PLD, 5, 4, 0), PREFIX_8LS, d_form(OP_PLD, 6, 4, 0x2000)};
    guest_words(g, CODE, words, 6);
    for (int chained = 0; chained < 2; chained++) {
        g->cpu->gpr[3] = 12345;
        g->cpu->gpr[4] = DATA;
        g->cpu->gpr[5] = g->cpu->gpr[6] = 6;
        assert_int_equal(guest_run(g, CODE, chained), EXC_DSI);
        assert_int_equal(g->cpu->gpr[5], 12345);
        assert_int_equal(g->cpu->gpr[6], 6);
        assert_int_equal(g->cpu->nia, CODE + 16);
        assert_int_equal(g->cpu->icount, 2);
    }
    guest_destroy(g);
}

static void a_prefixed_instruction_may_not_cross_64_bytes(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    g->cpu->isa = V310;
    guest_words(g, CODE + 60, (uint32_t[]){PREFIX_MLS, d_form(OP_PADDI, 3, 0, 1)}, 2);
    for (int chained = 0; chained < 2; chained++)
        assert_int_equal(guest_run(g, CODE + 60, chained), EXC_ALIGNMENT);
    guest_destroy(g);
}

static void a_hash_is_checked_with_both_operands_and_the_key(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    uint32_t check = hash_form(5, 1, XO_HASHCHK);
    g->cpu->gpr[1] = DATA + 8;
    g->cpu->gpr[5] = 64;
    g->cpu->sup.hashkey = UINT64_C(0x0123456789abcdef);
    assert_int_equal(guest_step(g, hash_form(5, 1, XO_HASHST)), EXC_NONE);
    assert_int_equal(g->op.ea, DATA);
    assert_int_equal(guest_step(g, check), EXC_NONE);
    g->cpu->gpr[5] ^= 1;
    assert_int_equal(guest_step(g, check), EXC_TRAP);
    g->cpu->gpr[5] ^= 1;
    g->cpu->sup.hashkey ^= 1;
    assert_int_equal(guest_step(g, check), EXC_TRAP);
    g->cpu->gpr[1] += 4;
    assert_int_equal(guest_step(g, check), EXC_ALIGNMENT);
    guest_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prefixed_instruction_counts_once),
        cmocka_unit_test(displacements_have_34_bits_and_may_be_relative_to_the_instruction),
        cmocka_unit_test(prefixed_accesses_of_floating_point_convert_as_their_short_forms),
        cmocka_unit_test(a_prefixed_access_that_faults_has_not_happened),
        cmocka_unit_test(a_prefixed_instruction_may_not_cross_64_bytes),
        cmocka_unit_test(a_hash_is_checked_with_both_operands_and_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
