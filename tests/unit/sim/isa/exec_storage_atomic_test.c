/* Reservations and atomic memory operations. r4 is the address in all of them. */
#include "tests/unit/sim/isa/guest.h"

#include "sim/isa/processor.h"

#define LWARX  x_form(3, 0, 4, 20)
#define STWCX  (x_form(5, 0, 4, 150) | 1)
#define LQARX  x_form(6, 0, 4, 276)
#define STQCX  (x_form(8, 0, 4, 182) | 1)
#define LWAT(fc)  x_form(6, 4, fc, 582)
#define STWAT(fc) x_form(6, 4, fc, 710)

static void put(struct guest *g, uint64_t ea, uint32_t value)
{
    guest_words(g, ea, &value, 1);
}

/* A reservation for the word at DATA, which is 10; r5 is 11. */
static struct guest *reserved(void)
{
    struct guest *g = guest_create(LE64);
    put(g, DATA, 10);
    g->cpu->gpr[4] = DATA;
    g->cpu->gpr[5] = 11;
    assert_int_equal(guest_step(g, LWARX), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], 10);
    return g;
}

static void assert_conditional(struct guest *g, bool stored)
{
    assert_int_equal(guest_step(g, STWCX), EXC_NONE);
    assert_int_equal(g->cpu->cr[0], (stored ? CR_EQ : 0) | g->cpu->so);
    assert_int_equal(g->op.bytes, stored ? 4 : 0);
    assert_int_equal(guest_word(g, DATA), stored ? 11 : 10);
}

static void a_reservation_serves_one_store(void **state)
{
    (void)state;
    struct guest *g = reserved();
    g->cpu->so = 1;
    assert_conditional(g, true);
    put(g, DATA, 10);
    assert_conditional(g, false);
    guest_destroy(g);
}

static void a_store_elsewhere_fails_and_ends_the_reservation(void **state)
{
    (void)state;
    struct guest *g = reserved();
    g->cpu->gpr[4] = DATA + 4;
    assert_conditional(g, false);
    assert_int_equal(guest_word(g, DATA + 4), 0);
    g->cpu->gpr[4] = DATA;
    assert_conditional(g, false);
    guest_destroy(g);
}

static void microwatt_reserves_a_block(void **state)
{
    (void)state;
    struct guest *g = reserved();
    processor_reset(processor_find("microwatt"), g->cpu, true, false);
    put(g, DATA, 12); /* its own store does not matter */
    g->cpu->gpr[4] = DATA + 60;
    assert_int_equal(guest_step(g, STWCX), EXC_NONE);
    assert_int_equal(g->cpu->cr[0], CR_EQ);
    assert_int_equal(guest_word(g, DATA + 60), 11);
    g->cpu->gpr[4] = DATA;
    assert_int_equal(guest_step(g, LWARX), EXC_NONE);
    g->cpu->gpr[4] = DATA + 64;
    assert_int_equal(guest_step(g, STWCX), EXC_NONE);
    assert_int_equal(g->cpu->cr[0], 0);
    guest_destroy(g);
}

static void another_length_fails(void **state)
{
    (void)state;
    struct guest *g = reserved();
    assert_int_equal(guest_step(g, x_form(5, 0, 4, 726) | 1), EXC_NONE); /* sthcx. */
    assert_int_equal(g->cpu->cr[0], 0);
    assert_int_equal(guest_word(g, DATA), 10);
    guest_destroy(g);
}

static void a_change_by_somebody_else_ends_the_reservation(void **state)
{
    (void)state;
    struct guest *g = reserved();
    put(g, DATA, 12);
    assert_int_equal(guest_step(g, STWCX), EXC_NONE);
    assert_int_equal(g->cpu->cr[0], 0);
    assert_int_equal(guest_word(g, DATA), 12);
    guest_destroy(g);
}

static void a_misaligned_address_is_an_alignment_interrupt(void **state)
{
    (void)state;
    struct guest *g = reserved();
    g->cpu->gpr[4] = DATA + 2;
    assert_int_equal(guest_step(g, LWARX), EXC_ALIGNMENT);
    assert_int_equal(g->exception.ea, DATA + 2);
    assert_int_equal(guest_step(g, STWCX), EXC_ALIGNMENT);
    assert_int_equal(guest_step(g, LWAT(0)), EXC_ALIGNMENT);
    g->cpu->gpr[4] = DATA;
    assert_conditional(g, true); /* what did not happen ended nothing */
    guest_destroy(g);
}

static void a_quadword_is_stored_conditionally_in_either_order(void **state)
{
    (void)state;
    for (int mode = LE64; mode <= BE64; mode++) {
        struct guest *g = guest_create((enum guest_mode)mode);
        uint8_t bytes[16] = {0};
        g->cpu->gpr[4] = DATA;
        g->cpu->gpr[8] = (uint64_t)'h' << 56;
        g->cpu->gpr[9] = 'l';
        assert_int_equal(guest_step(g, LQARX), EXC_NONE);
        assert_int_equal(guest_step(g, STQCX), EXC_NONE);
        assert_int_equal(g->cpu->cr[0], CR_EQ);
        assert_int_equal(g->op.bytes, 16);
        mmu_read(g->mmu, DATA, bytes, 16);
        assert_int_equal(bytes[0], mode == LE64 ? 'l' : 'h');
        assert_int_equal(bytes[15], mode == LE64 ? 'h' : 'l');
        assert_int_equal(guest_step(g, STQCX), EXC_NONE);
        assert_int_equal(g->cpu->cr[0], 0);
        guest_destroy(g);
    }
}

/* Function, operand in r7, word at r4, word after or before it; what r6 and the word become. */
static void atomic_loads_return_the_old_word(void **state)
{
    (void)state;
    static const struct {
        uint32_t fc, r7, word, neighbour;
        uint32_t r6, after;
    } cases[] = {
        {0, 5, 0xfffffffe, 0, 0xfffffffe, 3},          /* add */
        {4, 1, 0x80000000, 0, 0x80000000, 0x80000000}, /* maximum, unsigned */
        {5, 1, 0x80000000, 0, 0x80000000, 1},          /* maximum, signed */
        {6, 1, 0x80000000, 0, 0x80000000, 1},          /* minimum, unsigned */
        {7, 1, 0x80000000, 0, 0x80000000, 0x80000000}, /* minimum, signed */
        {8, 9, 4, 0, 4, 9},                            /* swap */
        {16, 4, 4, 0, 4, 4},                           /* compare and swap not equal */
        {16, 5, 4, 0, 4, 77},
        {24, 0, 4, 5, 4, 5},                           /* increment bounded */
        {24, 0, 5, 5, 0x80000000, 5},
        {25, 0, 5, 5, 5, 6},                           /* increment equal */
        {25, 0, 4, 5, 0x80000000, 4},
        {28, 0, 5, 4, 5, 4},                           /* decrement bounded: by the word before */
        {28, 0, 4, 4, 0x80000000, 4},
    };
    struct guest *g = guest_create(LE64);
    for (uint32_t n = 0; n < ARRAY_LEN(cases); n++) {
        g->cpu->gpr[4] = DATA + 64;
        g->cpu->gpr[7] = UINT64_C(0xabc00000000) | cases[n].r7;
        g->cpu->gpr[8] = 77;
        put(g, DATA + 64, cases[n].word);
        put(g, cases[n].fc == 28 ? DATA + 60 : DATA + 68, cases[n].neighbour);
        assert_int_equal(guest_step(g, LWAT(cases[n].fc)), EXC_NONE);
        assert_int_equal(g->cpu->gpr[6], cases[n].r6);
        assert_int_equal(guest_word(g, DATA + 64), cases[n].after);
        assert_int_equal(g->op.bytes, 4);
    }
    guest_destroy(g);
}

static void atomic_stores_combine_and_twins_move_together(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    g->cpu->gpr[4] = DATA;
    g->cpu->gpr[6] = 0x10000080;
    put(g, DATA, 0x8f7fffff);
    assert_int_equal(guest_step(g, STWAT(5)), EXC_NONE); /* maximum, signed */
    assert_int_equal(guest_word(g, DATA), 0x10000080);
    assert_int_equal(guest_step(g, STWAT(24)), EXC_NONE);
    assert_int_equal(guest_word(g, DATA), 0x10000080);
    assert_int_equal(guest_word(g, DATA + 4), 0); /* they differed */
    put(g, DATA + 4, 0x10000080);
    g->cpu->gpr[6] = 3;
    assert_int_equal(guest_step(g, STWAT(24)), EXC_NONE);
    assert_int_equal(guest_word(g, DATA), 3);
    assert_int_equal(guest_word(g, DATA + 4), 3);
    guest_destroy(g);
}

static void an_undefined_function_is_a_bus_error(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    g->cpu->gpr[4] = DATA;
    assert_int_equal(guest_step(g, LWAT(9)), EXC_DSI);
    assert_int_equal(g->exception.detail, MMU_BUS_ERROR);
    assert_int_equal(guest_step(g, STWAT(8)), EXC_DSI);
    guest_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reservation_serves_one_store),
        cmocka_unit_test(a_store_elsewhere_fails_and_ends_the_reservation),
        cmocka_unit_test(another_length_fails),
        cmocka_unit_test(microwatt_reserves_a_block),
        cmocka_unit_test(a_change_by_somebody_else_ends_the_reservation),
        cmocka_unit_test(a_misaligned_address_is_an_alignment_interrupt),
        cmocka_unit_test(a_quadword_is_stored_conditionally_in_either_order),
        cmocka_unit_test(atomic_loads_return_the_old_word),
        cmocka_unit_test(atomic_stores_combine_and_twins_move_together),
        cmocka_unit_test(an_undefined_function_is_a_bus_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
