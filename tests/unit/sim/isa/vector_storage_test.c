/* What the comparison of random little-endian cases cannot see: element order in big-endian
 * mode, faults of accesses that touch less than they name or more than is mapped. Expected
 * values of the tables were read off a POWER9 emulator in either mode. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/sim/isa/one_insn.h"

/* r3 is the base, r4 = 5 an index, r5 the length 5 of lxvl and its kin; byte n of storage is
 * 0x80 + 3 * n. */
struct load_case {
    const char *text;
    uint32_t word;
    uint64_t little[2], big[2];
};
static const struct load_case loads[] = {
    {"lvebx 2,3,4", 0x7c43200e,
     {0x0000000000000000, 0x00008f0000000000},
     {0x00000000008f0000, 0x0000000000000000}},
    {"lvehx 2,3,4", 0x7c43204e,
     {0x0000000000000000, 0x00008f8c00000000},
     {0x000000008c8f0000, 0x0000000000000000}},
    {"lvewx 2,3,4", 0x7c43208e,
     {0x0000000000000000, 0x95928f8c00000000},
     {0x000000008c8f9295, 0x0000000000000000}},
    {"lvx 2,3,4", 0x7c4320ce,
     {0xadaaa7a4a19e9b98, 0x95928f8c89868380},
     {0x808386898c8f9295, 0x989b9ea1a4a7aaad}},
    {"lxsd 2,4(3)", 0xe4430006,
     {0xa19e9b9895928f8c, 0x0000000000000000},
     {0x8c8f9295989b9ea1, 0x0000000000000000}},
    {"lxsdx 34,3,4", 0x7c432499,
     {0xa4a19e9b9895928f, 0x0000000000000000},
     {0x8f9295989b9ea1a4, 0x0000000000000000}},
    {"lxsibzx 34,3,4", 0x7c43261b,
     {0x000000000000008f, 0x0000000000000000},
     {0x000000000000008f, 0x0000000000000000}},
    {"lxsihzx 34,3,4", 0x7c43265b,
     {0x000000000000928f, 0x0000000000000000},
     {0x0000000000008f92, 0x0000000000000000}},
    {"lxsiwax 34,3,4", 0x7c432099,
     {0xffffffff9895928f, 0x0000000000000000},
     {0xffffffff8f929598, 0x0000000000000000}},
    {"lxsiwzx 34,3,4", 0x7c432019,
     {0x000000009895928f, 0x0000000000000000},
     {0x000000008f929598, 0x0000000000000000}},
    {"lxssp 2,4(3)", 0xe4430007,
     {0xbab251f180000000, 0x0000000000000000},
     {0xb991f252a0000000, 0x0000000000000000}},
    {"lxsspx 34,3,4", 0x7c432419,
     {0xbb12b251e0000000, 0x0000000000000000},
     {0xb9f252b300000000, 0x0000000000000000}},
    {"lxv 34,16(3)", 0xf4430019,
     {0xdddad7d4d1cecbc8, 0xc5c2bfbcb9b6b3b0},
     {0xb0b3b6b9bcbfc2c5, 0xc8cbced1d4d7dadd}},
    {"lxvb16x 34,3,4", 0x7c4326d9,
     {0x8f9295989b9ea1a4, 0xa7aaadb0b3b6b9bc},
     {0x8f9295989b9ea1a4, 0xa7aaadb0b3b6b9bc}},
    {"lxvd2x 34,3,4", 0x7c432699,
     {0xa4a19e9b9895928f, 0xbcb9b6b3b0adaaa7},
     {0x8f9295989b9ea1a4, 0xa7aaadb0b3b6b9bc}},
    {"lxvdsx 34,3,4", 0x7c432299,
     {0xa4a19e9b9895928f, 0xa4a19e9b9895928f},
     {0x8f9295989b9ea1a4, 0x8f9295989b9ea1a4}},
    {"lxvh8x 34,3,4", 0x7c432659,
     {0x928f98959e9ba4a1, 0xaaa7b0adb6b3bcb9},
     {0x8f9295989b9ea1a4, 0xa7aaadb0b3b6b9bc}},
    {"lxvl 34,3,5", 0x7c432a1b,
     {0x0000000000000000, 0x0000008c89868380},
     {0x808386898c000000, 0x0000000000000000}},
    {"lxvll 34,3,5", 0x7c432a5b,
     {0x808386898c000000, 0x0000000000000000},
     {0x808386898c000000, 0x0000000000000000}},
    {"lxvw4x 34,3,4", 0x7c432619,
     {0x9895928fa4a19e9b, 0xb0adaaa7bcb9b6b3},
     {0x8f9295989b9ea1a4, 0xa7aaadb0b3b6b9bc}},
    {"lxvwsx 34,3,4", 0x7c4322d9,
     {0x9895928f9895928f, 0x9895928f9895928f},
     {0x8f9295988f929598, 0x8f9295988f929598}},
    {"lxvx 34,3,4", 0x7c432219,
     {0xbcb9b6b3b0adaaa7, 0xa4a19e9b9895928f},
     {0x8f9295989b9ea1a4, 0xa7aaadb0b3b6b9bc}},
};

/* VR 2 holds the bytes 0x41 to 0x50; the bytes stored from r3 + `at` on, all others staying
 * zero. */
struct store_case {
    const char *text;
    uint32_t word;
    uint32_t at;
    const char *little, *big;
};
static const struct store_case stores[] = {
    {"stvebx 2,3,4", 0x7c43210e, 5, "4b", "46"},
    {"stvehx 2,3,4", 0x7c43214e, 4, "4c4b", "4546"},
    {"stvewx 2,3,4", 0x7c43218e, 4, "4c4b4a49", "45464748"},
    {"stvx 2,3,4", 0x7c4321ce, 0,
     "504f4e4d4c4b4a494847464544434241", "4142434445464748494a4b4c4d4e4f50"},
    {"stxsd 2,4(3)", 0xf4430006, 4, "4847464544434241", "4142434445464748"},
    {"stxsdx 34,3,4", 0x7c432599, 5, "4847464544434241", "4142434445464748"},
    {"stxsibx 34,3,4", 0x7c43271b, 5, "48", "48"},
    {"stxsihx 34,3,4", 0x7c43275b, 5, "4847", "4748"},
    {"stxsiwx 34,3,4", 0x7c432119, 5, "48474645", "45464748"},
    {"stxssp 2,4(3)", 0xf4430007, 4, "221a124a", "4a121a22"},
    {"stxsspx 34,3,4", 0x7c432519, 5, "221a124a", "4a121a22"},
    {"stxv 34,16(3)", 0xf443001d, 16,
     "504f4e4d4c4b4a494847464544434241", "4142434445464748494a4b4c4d4e4f50"},
    {"stxvb16x 34,3,4", 0x7c4327d9, 5,
     "4142434445464748494a4b4c4d4e4f50", "4142434445464748494a4b4c4d4e4f50"},
    {"stxvd2x 34,3,4", 0x7c432799, 5,
     "4847464544434241504f4e4d4c4b4a49", "4142434445464748494a4b4c4d4e4f50"},
    {"stxvh8x 34,3,4", 0x7c432759, 5,
     "42414443464548474a494c4b4e4d504f", "4142434445464748494a4b4c4d4e4f50"},
    {"stxvl 34,3,5", 0x7c432b1b, 0, "504f4e4d4c", "4142434445"},
    {"stxvll 34,3,5", 0x7c432b5b, 0, "4142434445", "4142434445"},
    {"stxvw4x 34,3,4", 0x7c432719, 5,
     "44434241484746454c4b4a49504f4e4d", "4142434445464748494a4b4c4d4e4f50"},
    {"stxvx 34,3,4", 0x7c432319, 5,
     "504f4e4d4c4b4a494847464544434241", "4142434445464748494a4b4c4d4e4f50"},
};

#define LXVL   0x7c432a1bu /* vs34, r3, r5 */
#define LXVLL  0x7c432a5bu
#define STXVL  0x7c432b1bu
#define STXVLL 0x7c432b5bu
#define LXVX   0x7c432219u /* vs34, r3, r4 */
#define STXVX  0x7c432319u
#define LVX    0x7c4320ceu /* v2, r3, r4 */

static void write_bytes(struct machine *m, uint64_t ea, const uint8_t *bytes, size_t count)
{
    assert_int_equal(mmu_write(m->cpu->mmu, ea, bytes, count), count);
}

static void set_operands(struct machine *m)
{
    uint8_t bytes[64];
    for (unsigned n = 0; n < sizeof bytes; n++)
        bytes[n] = (uint8_t)(0x80 + 3 * n);
    write_bytes(m, PAGE, bytes, sizeof bytes);
    m->cpu->gpr[3] = PAGE;
    m->cpu->gpr[4] = 5;
    m->cpu->gpr[5] = UINT64_C(5) << 56;
}

static void check_load(struct machine *m, const struct load_case *c, bool big_endian)
{
    const uint64_t *want = big_endian ? c->big : c->little;
    machine_set_order(m, big_endian);
    set_operands(m);
    set_vr(m, 2, 0, 0);
    if (machine_run(m, c->word) != EXC_NONE || !vr_is(m, 2, want[0], want[1]))
        fail_msg("%s, big_endian %d", c->text, big_endian);
}

static void loads_place_elements_in_both_orders(void **state)
{
    for (size_t n = 0; n < ARRAY_LEN(loads); n++) {
        check_load(*state, &loads[n], false);
        check_load(*state, &loads[n], true);
    }
}

static void check_store(struct machine *m, const struct store_case *c, bool big_endian)
{
    uint8_t want[64] = {0}, got[64] = {0};
    const char *hex = big_endian ? c->big : c->little;
    machine_set_order(m, big_endian);
    set_operands(m);
    write_bytes(m, PAGE, got, sizeof got);
    set_vr(m, 2, UINT64_C(0x4142434445464748), UINT64_C(0x494a4b4c4d4e4f50));
    for (unsigned n = 0; hex[2 * n]; n++) {
        unsigned byte;
        sscanf(hex + 2 * n, "%2x", &byte);
        want[c->at + n] = (uint8_t)byte;
    }
    assert_int_equal(machine_run(m, c->word), EXC_NONE);
    mmu_read(m->cpu->mmu, PAGE, got, sizeof got);
    if (memcmp(got, want, sizeof got) != 0)
        fail_msg("%s, big_endian %d", c->text, big_endian);
}

static void stores_place_elements_in_both_orders(void **state)
{
    for (size_t n = 0; n < ARRAY_LEN(stores); n++) {
        check_store(*state, &stores[n], false);
        check_store(*state, &stores[n], true);
    }
}

static void length_zero_never_faults(void **state)
{
    struct machine *m = *state;
    m->cpu->gpr[3] = 0; /* not mapped */
    m->cpu->gpr[5] = UINT64_C(0x00ffffffffffffff);
    set_vr(m, 2, 1, 2);
    assert_int_equal(machine_run(m, STXVL), EXC_NONE);
    assert_int_equal(machine_run(m, STXVLL), EXC_NONE);
    assert_int_equal(machine_run(m, LXVL), EXC_NONE);
    assert_true(vr_is(m, 2, 0, 0));
    set_vr(m, 2, 1, 2);
    assert_int_equal(machine_run(m, LXVLL), EXC_NONE);
    assert_true(vr_is(m, 2, 0, 0));
    assert_int_equal(m->cpu->ea_bytes, 0);
}

static void a_partial_load_may_end_where_storage_ends(void **state)
{
    struct machine *m = *state;
    m->cpu->gpr[3] = PAGE_END - 5;
    m->cpu->gpr[5] = UINT64_C(5) << 56;
    assert_int_equal(machine_run(m, LXVL), EXC_NONE);
    assert_int_equal(m->cpu->ea_bytes, 5);
    assert_int_equal(machine_run(m, STXVLL), EXC_NONE);
}

static void a_partial_load_of_one_byte_too_many_faults(void **state)
{
    struct machine *m = *state;
    m->cpu->gpr[3] = PAGE_END - 5;
    m->cpu->gpr[5] = UINT64_C(6) << 56;
    set_vr(m, 2, 1, 2);
    assert_int_equal(machine_run(m, LXVL), EXC_DSI);
    assert_int_equal(m->cpu->exception.ea, PAGE_END);
    assert_int_equal(machine_run(m, LXVLL), EXC_DSI);
    assert_true(vr_is(m, 2, 1, 2));
}

static void lengths_above_16_are_16(void **state)
{
    struct machine *m = *state;
    m->cpu->gpr[3] = PAGE_END - 16;
    m->cpu->gpr[5] = UINT64_C(255) << 56;
    assert_int_equal(machine_run(m, LXVL), EXC_NONE);
    assert_int_equal(m->cpu->ea_bytes, 16);
    m->cpu->gpr[3]++;
    assert_int_equal(machine_run(m, LXVL), EXC_DSI);
}

static void a_load_that_faults_in_its_second_page_leaves_the_register(void **state)
{
    struct machine *m = *state;
    m->cpu->gpr[3] = PAGE_END - 8;
    m->cpu->gpr[4] = 0;
    set_vr(m, 2, 1, 2);
    assert_int_equal(machine_run(m, LXVX), EXC_DSI);
    assert_true(vr_is(m, 2, 1, 2));
}

static void a_store_that_faults_in_its_second_page_writes_nothing(void **state)
{
    struct machine *m = *state;
    uint64_t tail = 0;
    m->cpu->gpr[3] = PAGE_END - 8;
    m->cpu->gpr[4] = 0;
    m->cpu->gpr[5] = UINT64_C(9) << 56;
    set_vr(m, 2, UINT64_MAX, UINT64_MAX);
    assert_int_equal(machine_run(m, STXVX), EXC_DSI);
    assert_true(m->cpu->exception.is_store);
    assert_int_equal(machine_run(m, STXVL), EXC_DSI);
    mmu_read(m->cpu->mmu, PAGE_END - 8, &tail, sizeof tail);
    assert_int_equal(tail, 0);
}

static void accesses_cross_mapped_pages(void **state)
{
    struct machine *m = *state;
    m->cpu->gpr[3] = PAGE + FRAME_BYTES - 8;
    m->cpu->gpr[4] = 0;
    set_vr(m, 2, 3, 4);
    assert_int_equal(machine_run(m, STXVX), EXC_NONE);
    set_vr(m, 2, 0, 0);
    assert_int_equal(machine_run(m, LXVX), EXC_NONE);
    assert_true(vr_is(m, 2, 3, 4));
}

static void lvx_ignores_the_low_bits_and_so_never_crosses(void **state)
{
    struct machine *m = *state;
    m->cpu->gpr[3] = PAGE_END - 16;
    m->cpu->gpr[4] = 15;
    assert_int_equal(machine_run(m, LVX), EXC_NONE);
    assert_int_equal(m->cpu->ea, PAGE_END - 16);
}

static void addresses_wrap_in_32_bit_mode(void **state)
{
    struct machine *m = *state;
    m->cpu->ea_mask = UINT32_MAX;
    m->cpu->gpr[3] = UINT64_C(0x1fffffff0);
    m->cpu->gpr[4] = PAGE + 16;
    assert_int_equal(machine_run(m, LXVX), EXC_NONE);
    assert_int_equal(m->cpu->ea, PAGE);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, machine_create, machine_destroy)
    const struct CMUnitTest tests[] = {
        TEST(loads_place_elements_in_both_orders),
        TEST(stores_place_elements_in_both_orders),
        TEST(length_zero_never_faults),
        TEST(a_partial_load_may_end_where_storage_ends),
        TEST(a_partial_load_of_one_byte_too_many_faults),
        TEST(lengths_above_16_are_16),
        TEST(a_load_that_faults_in_its_second_page_leaves_the_register),
        TEST(a_store_that_faults_in_its_second_page_writes_nothing),
        TEST(accesses_cross_mapped_pages),
        TEST(lvx_ignores_the_low_bits_and_so_never_crosses),
        TEST(addresses_wrap_in_32_bit_mode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
