/* Loads, stores and storage control: faults, orders, strings. */
#include "tests/unit/sim/isa/guest.h"

static void poke(struct guest *g, uint64_t ea, const char *text)
{
    assert_int_equal(mmu_poke(g->mmu, ea, text, strlen(text)), strlen(text));
}

static void assert_bytes(struct guest *g, uint64_t ea, const void *wanted, uint32_t bytes)
{
    uint8_t is[256];
    assert_int_equal(mmu_read(g->mmu, ea, is, bytes), bytes);
    assert_memory_equal(is, wanted, bytes);
}

static void an_update_form_that_faults_changes_nothing(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++) {
        g->cpu->gpr[3] = 33;
        g->cpu->gpr[4] = DATA_END;
        guest_words(g, CODE, (uint32_t[]){d_form(OP_LWZU, 3, 4, 8), d_form(OP_STWU, 3, 4, 16)}, 2);
        for (uint64_t at = CODE; at < CODE + 8; at += 4) {
            assert_int_equal(guest_run(g, at, chained), EXC_DSI);
            assert_int_equal(g->exception.is_store, at != CODE);
            assert_int_equal(g->exception.detail, MMU_UNMAPPED);
            assert_int_equal(g->exception.ea, DATA_END + (at == CODE ? 8 : 16));
            assert_int_equal(g->cpu->nia, at);
            assert_int_equal(g->cpu->gpr[3], 33);
            assert_int_equal(g->cpu->gpr[4], DATA_END);
        }
    }
    guest_destroy(g);
}

static void a_store_that_crosses_into_an_unmapped_page_writes_nothing(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    poke(g, DATA_END - 2, "ab");
    g->cpu->gpr[4] = DATA_END - 2;
    assert_int_equal(guest_step(g, d_form(OP_STW, 3, 4, 0)), EXC_DSI);
    assert_true(g->exception.is_store);
    assert_int_equal(g->exception.ea, DATA_END);
    assert_bytes(g, DATA_END - 2, "ab", 2);
    guest_destroy(g);
}

static void a_read_only_page_can_be_loaded_from(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    g->cpu->gpr[4] = READ_ONLY;
    for (int chained = 0; chained < 2; chained++) {
        guest_words(g, CODE, (uint32_t[]){d_form(OP_LWZ, 3, 4, 0), d_form(OP_STW, 3, 4, 4)}, 2);
        assert_int_equal(guest_run(g, CODE, chained), EXC_DSI);
        assert_int_equal(g->cpu->nia, CODE + 4);
        assert_int_equal(g->exception.detail, MMU_PROTECTED);
    }
    guest_destroy(g);
}

static void an_access_crosses_pages_as_if_they_were_one(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    for (int chained = 0; chained < 2; chained++)
        for (uint64_t ea = DATA + 0x1000 - 4; ea <= DATA + 0x1000; ea++) {
            g->cpu->gpr[3] = 0x11223344 + ea;
            g->cpu->gpr[4] = ea;
            guest_words(g, CODE,
                        (uint32_t[]){d_form(OP_STW, 3, 4, 0), d_form(OP_LWZ, 5, 4, 0), 0}, 3);
            assert_int_equal(guest_run(g, CODE, chained), EXC_ILLEGAL);
            assert_int_equal(g->cpu->gpr[5], 0x11223344 + ea);
            assert_int_equal(guest_word(g, ea), 0x11223344 + ea);
        }
    guest_destroy(g);
}

static void in_32_bit_mode_addresses_wrap(void **state)
{
    (void)state;
    struct guest *g = guest_create(BE32);
    poke(g, DATA, "abcd");
    g->cpu->gpr[4] = UINT64_C(0x900000000) + DATA + 16;
    assert_int_equal(guest_step(g, d_form(OP_LWZU, 3, 4, -16)), EXC_NONE);
    assert_int_equal(g->cpu->gpr[3], 0x61626364);
    assert_int_equal(g->cpu->gpr[4], DATA);
    guest_destroy(g);
}

static void update_forms_without_a_place_for_the_update_are_illegal(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    g->cpu->gpr[4] = DATA;
    assert_int_equal(guest_step(g, d_form(OP_LWZU, 4, 4, 0)), EXC_ILLEGAL);
    assert_int_equal(guest_step(g, d_form(OP_LWZU, 3, 0, 0)), EXC_ILLEGAL);
    assert_int_equal(guest_step(g, d_form(OP_STWU, 3, 0, 0)), EXC_ILLEGAL);
    assert_int_equal(guest_step(g, d_form(OP_STWU, 4, 4, 8)), EXC_NONE);
    assert_int_equal(g->cpu->gpr[4], DATA + 8);
    assert_int_equal(guest_word(g, DATA + 8), DATA);
    guest_destroy(g);
}

static void a_quadword_has_its_high_half_in_the_even_register(void **state)
{
    (void)state;
    uint32_t lq = d_form(OP_LQ, 6, 4, 0), stq = d_form(OP_DS_STORE, 6, 4, 18);
    for (int mode = LE64; mode <= BE64; mode++) {
        struct guest *g = guest_create((enum guest_mode)mode);
        poke(g, DATA, "0123456789abcdef");
        g->cpu->gpr[4] = DATA;
        assert_int_equal(guest_step(g, lq), EXC_NONE);
        assert_int_equal(g->cpu->gpr[6] >> 56, mode == LE64 ? 'f' : '0');
        assert_int_equal(g->cpu->gpr[7] & 0xff, mode == LE64 ? '0' : 'f');
        assert_int_equal(guest_step(g, stq), EXC_NONE); /* 16(r4) */
        assert_bytes(g, DATA + 16, "0123456789abcdef", 16);
        assert_int_equal(guest_step(g, d_form(OP_LQ, 7, 4, 0)), EXC_ILLEGAL);
        assert_int_equal(guest_step(g, d_form(OP_LQ, 4, 4, 0)), EXC_ILLEGAL);
        guest_destroy(g);
    }
}

static void multiple_moves_words_or_nothing(void **state)
{
    (void)state;
    struct guest *g = guest_create(BE64);
    poke(g, DATA, "abcdefghijkl");
    g->cpu->gpr[4] = DATA;
    assert_int_equal(guest_step(g, d_form(OP_LMW, 29, 4, 0)), EXC_NONE);
    assert_int_equal(g->op.bytes, 12);
    assert_int_equal(g->cpu->gpr[29], 0x61626364);
    assert_int_equal(g->cpu->gpr[31], 0x696a6b6c);
    assert_int_equal(guest_step(g, d_form(OP_STMW, 30, 4, 64)), EXC_NONE);
    assert_bytes(g, DATA + 64, "efghijkl\0", 9);
    g->cpu->gpr[4] = DATA_END - 8; /* two words fit */
    assert_int_equal(guest_step(g, d_form(OP_LMW, 29, 4, 0)), EXC_DSI);
    assert_int_equal(g->cpu->gpr[29], 0x61626364);
    assert_int_equal(guest_step(g, d_form(OP_STMW, 29, 4, 0)), EXC_DSI);
    assert_bytes(g, DATA_END - 8, "\0\0\0\0\0\0\0\0", 8);
    guest_destroy(g);
}

static void a_string_wraps_from_register_31_to_0(void **state)
{
    (void)state;
    struct guest *g = guest_create(BE64);
    uint32_t lswi = x_form(31, 4, 6, 597);
    uint32_t stswx = x_form(31, 0, 4, 661), lswx = x_form(31, 0, 4, 533);
    poke(g, DATA, "abcdef");
    g->cpu->gpr[4] = DATA;
    g->cpu->gpr[31] = g->cpu->gpr[0] = UINT64_MAX;
    assert_int_equal(guest_step(g, lswi), EXC_NONE);
    assert_int_equal(g->cpu->gpr[31], 0x61626364);
    assert_int_equal(g->cpu->gpr[0], 0x65660000);
    g->cpu->gpr[4] = DATA + 32;
    g->cpu->xer_count = 5;
    assert_int_equal(guest_step(g, stswx), EXC_NONE);
    assert_int_equal(g->op.bytes, 5);
    assert_bytes(g, DATA + 32, "abcde\0", 6);
    g->cpu->xer_count = 0;
    assert_int_equal(guest_step(g, stswx), EXC_NONE);
    assert_int_equal(g->op.bytes, 0);
    g->cpu->xer_count = 24; /* would load register 4 */
    assert_int_equal(guest_step(g, lswx), EXC_ILLEGAL);
    guest_destroy(g);
}

static void multiples_and_strings_do_not_exist_in_little_endian_mode(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    const uint32_t words[] = {
        d_form(OP_LMW, 29, 4, 0), d_form(OP_STMW, 29, 4, 0), /* lswi, stswi, lswx, stswx: */
        x_form(5, 4, 4, 597), x_form(5, 4, 4, 725), x_form(5, 0, 4, 533), x_form(5, 0, 4, 661)};
    g->cpu->gpr[4] = DATA;
    for (uint32_t n = 0; n < ARRAY_LEN(words); n++)
        assert_int_equal(guest_step(g, words[n]), EXC_ALIGNMENT);
    guest_destroy(g);
}

static void dcbz_clears_the_block_around_its_address(void **state)
{
    (void)state;
    struct guest *g = guest_create(LE64);
    uint8_t ones[384], wanted[384];
    memset(ones, 0xff, sizeof ones);
    memset(wanted, 0xff, sizeof wanted);
    memset(wanted + 128, 0, 128);
    mmu_write(g->mmu, DATA, ones, sizeof ones);
    g->cpu->gpr[4] = DATA + 200;
    assert_int_equal(guest_step(g, x_form(0, 0, 4, 1014)), EXC_NONE);
    assert_bytes(g, DATA, wanted, 256);
    assert_bytes(g, DATA + 256, wanted + 256, 128);
    assert_int_equal(g->op.ea, DATA + 128);
    assert_int_equal(g->op.bytes, 128);
    g->cpu->gpr[4] = READ_ONLY;
    assert_int_equal(guest_step(g, x_form(0, 0, 4, 1014)), EXC_DSI);
    guest_destroy(g);
}

static void touches_never_fault_and_block_operations_do(void **state)
{
    (void)state;
    enum { DCBT = 278, DCBTST = 246, DCBST = 54, DCBF = 86, ICBI = 982 };
    struct guest *g = guest_create(LE64);
    g->cpu->gpr[4] = DATA_END + 64;
    assert_int_equal(guest_step(g, x_form(0, 0, 4, DCBT)), EXC_NONE);
    assert_int_equal(g->op.ea, DATA_END + 64);
    assert_int_equal(g->op.bytes, 0);
    assert_int_equal(guest_step(g, x_form(0, 0, 4, DCBTST)), EXC_NONE);
    assert_int_equal(guest_step(g, x_form(0, 0, 4, DCBST)), EXC_DSI);
    assert_false(g->exception.is_store);
    assert_int_equal(guest_step(g, x_form(0, 0, 4, DCBF)), EXC_DSI);
    assert_int_equal(guest_step(g, x_form(0, 0, 4, ICBI)), EXC_DSI);
    guest_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_form_that_faults_changes_nothing),
        cmocka_unit_test(a_store_that_crosses_into_an_unmapped_page_writes_nothing),
        cmocka_unit_test(a_read_only_page_can_be_loaded_from),
        cmocka_unit_test(an_access_crosses_pages_as_if_they_were_one),
        cmocka_unit_test(in_32_bit_mode_addresses_wrap),
        cmocka_unit_test(update_forms_without_a_place_for_the_update_are_illegal),
        cmocka_unit_test(a_quadword_has_its_high_half_in_the_even_register),
        cmocka_unit_test(multiple_moves_words_or_nothing),
        cmocka_unit_test(a_string_wraps_from_register_31_to_0),
        cmocka_unit_test(multiples_and_strings_do_not_exist_in_little_endian_mode),
        cmocka_unit_test(dcbz_clears_the_block_around_its_address),
        cmocka_unit_test(touches_never_fault_and_block_operations_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
