#include "sim/isa/disasm.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_text(uint32_t word, uint64_t pc, const char *text)
{
    char out[80];
    struct decoder *d = decoder_create(V300, false);
    disasm(out, sizeof out, d, word, pc);
    decoder_destroy(d);
    assert_string_equal(out, text);
}

static void operands_stand_in_the_assembler_s_order(void **state)
{
    (void)state;
    assert_text(0x7c642a14, 0, "add     r3,r4,r5");
    assert_text(0xe861fff0, 0, "ld      r3,-16(r1)");
    assert_text(0xe860fff0, 0, "ld      r3,-16(0)");
    assert_text(0x10642cc4, 0, "vxor    v3,v4,v5");
}

static void a_word_that_is_no_instruction_is_data(void **state)
{
    (void)state;
    assert_text(0, 0, ".long 0x0");
}

static void branch_targets_are_addresses(void **state)
{
    (void)state;
    assert_text(0x48000008, 0x10000000, "b       0x10000008");
    assert_text(0x4bfffffd, 0x10000000, "bl      0xffffffc");
    assert_text(0x41820008, 0x100, "beq     0x108");
    assert_text(0x4e9e0020, 0, "bclr    20,4*cr7+eq");
}

static void extended_mnemonics_come_first(void **state)
{
    (void)state;
    assert_text(0x38600001, 0, "li      r3,1");
    assert_text(0x60000000, 0, "nop");
    assert_text(0x7c832378, 0, "mr      r3,r4");
    assert_text(0x4e800020, 0, "blr");
    assert_text(0x78630fa4, 0, "sldi    r3,r3,1");
    assert_text(0x2f830005, 0, "cmpwi   cr7,r3,5");
    assert_text(0x2c030005, 0, "cmpwi   r3,5");
}

static void a_hint_follows_the_suffixes(void **state)
{
    (void)state;
    assert_text(0x4de20021, 0, "beqlrl+");
    assert_text(0x4d420020, 0, "bdztlr  eq");
}

static void a_short_buffer_cuts_the_text(void **state)
{
    (void)state;
    char out[6];
    struct decoder *d = decoder_create(V300, false);
    disasm(out, sizeof out, d, 0x7c642a14, 0);
    assert_string_equal(out, "add  ");
    disasm(NULL, 0, d, 0x7c642a14, 0);
    decoder_destroy(d);
}

static void a_trace_gets_the_basic_mnemonic_with_its_suffixes(void **state)
{
    (void)state;
    char out[INSN_MNEMONIC_ROOM];
    insn_mnemonic(out, INSN_add, 0x7c642e15);
    assert_string_equal(out, "addo.");
    insn_mnemonic(out, INSN_addi, 0x38600001);
    assert_string_equal(out, "addi");
    insn_mnemonic(out, INSN_b, 0x48000003);
    assert_string_equal(out, "bla");
    insn_mnemonic(out, INSN_andi_, 0x70000000);
    assert_string_equal(out, "andi.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_stand_in_the_assembler_s_order),
        cmocka_unit_test(a_word_that_is_no_instruction_is_data),
        cmocka_unit_test(branch_targets_are_addresses),
        cmocka_unit_test(extended_mnemonics_come_first),
        cmocka_unit_test(a_hint_follows_the_suffixes),
        cmocka_unit_test(a_short_buffer_cuts_the_text),
        cmocka_unit_test(a_trace_gets_the_basic_mnemonic_with_its_suffixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
