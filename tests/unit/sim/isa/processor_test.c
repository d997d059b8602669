#include "sim/isa/processor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/isa/handlers.h"

static void every_choice_names_its_processor(void **state)
{
    (void)state;
    char *keys = strdup(processor_choices + 1), *rest = keys;
    uint32_t n = 0;
    for (char *key; (key = strsep(&rest, "|")); n++) {
        assert_string_equal(processor_at(n)->key, key);
        assert_ptr_equal(processor_find(key), processor_at(n));
    }
    assert_null(processor_find("1.0"));
    assert_int_equal(n, 9);
    free(keys);
}

static bool knows(const char *key, uint32_t word)
{
    struct decoder *d = processor_decoder(processor_find(key));
    bool known = decoder_find(d, word) != INSN_ILLEGAL;
    decoder_destroy(d);
    return known;
}

static void a_processor_knows_the_instructions_of_its_version_and_older(void **state)
{
    static const struct {
        uint32_t word;
        const char *known; /* by 3.0, 2.07, 2.06, 2.03, classic32, 405, microwatt, 604, 7450 */
    } rows[] = {
        {0x7c642a14, "+++++++++"}, /* add r3,r4,r5 */
        {0x7c642e16, "+-----+--"}, /* modsw */
        {0x00000000, "---------"}, /* no instruction */
        {0x7c032166, "++-------"}, /* mtvsrd: 2.07 */
        {0x7c6402f4, "+++---+--"}, /* popcntw: 2.06 */
        {0x10642800, "++++----+"}, /* vaddubm v3,v4,v5 */
        {0xe8640000, "++++--+--"}, /* ld r3,0(r4) */
        {0x7c8301b6, "------+--"}, /* brh r3,r4: 3.1 */
        {0x10642958, "-----+---"}, /* macchw r3,r4,r5 */
        {0xfc43202a, "+++++-+++"}, /* fadd f2,f3,f4 */
        {0xc8640000, "+++++-+++"}, /* lfd f3,0(r4) */
        {0xfc78048e, "+++++-+++"}, /* mffsl; mffs before */
        {0x7c000400, "----++-++"}, /* mcrxr cr0 */
    };
    (void)state;
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        for (uint32_t p = 0; p < strlen(rows[n].known); p++)
            if (knows(processor_at(p)->key, rows[n].word) != (rows[n].known[p] == '+'))
                fail_msg("%08x on %s", rows[n].word, processor_at(p)->key);
}

/* mfspr r3,N: the exception, or EXC_NONE. */
static enum exception mfspr(const char *key, uint32_t number)
{
    struct cpu *s = calloc(1, sizeof *s);
    struct insn i = {.rt = 3, .imm = number};
    processor_reset(processor_find(key), s, false, true);
    if (!setjmp(s->unwind))
        step_mfspr(s, &i);
    enum exception kind = s->exception.kind;
    free(s);
    return kind;
}

static void special_purpose_registers_come_with_their_version(void **state)
{
    (void)state;
    assert_int_equal(mfspr("3.0", 815), EXC_NONE); /* TAR */
    assert_int_equal(mfspr("2.07", 815), EXC_NONE);
    assert_int_equal(mfspr("2.06", 815), EXC_ILLEGAL);
    assert_int_equal(mfspr("2.03", 256), EXC_NONE); /* VRSAVE */
    assert_int_equal(mfspr("classic32", 256), EXC_ILLEGAL);
    assert_int_equal(mfspr("ppc7450", 256), EXC_NONE);
    assert_int_equal(mfspr("classic32", 8), EXC_NONE); /* LR */
}

static void xer_has_32_bit_flags_from_version_3_on(void **state)
{
    struct cpu *s = calloc(1, sizeof *s);
    (void)state;
    processor_reset(processor_find("3.0"), s, true, false);
    cpu_set_xer(s, 0xe00c0000);
    assert_int_equal(cpu_get_xer(s), 0xe00c0000);
    processor_reset(processor_find("2.07"), s, true, false);
    cpu_set_xer(s, 0xe00c0000);
    assert_int_equal(cpu_get_xer(s), 0xe0000000);
    free(s);
}

static void a_32_bit_processor_compares_words_only(void **state)
{
    const uint32_t cmpd = 0x7c232000; /* cmpd cr0,r3,r4 */
    struct decoder *d = processor_decoder(processor_find("classic32"));
    (void)state;
    assert_int_equal(decoder_find(d, cmpd), INSN_cmp);
    assert_int_equal(decoder_word(d, INSN_cmp, cmpd), 0x7c032000);
    assert_int_equal(decoder_word(d, INSN_add, 0x7c632214), 0x7c632214);
    decoder_destroy(d);
}

/* The instruction's r3, f3 or, if that is its target, CR field 3; `operand` is in r4 and f4. */
static uint64_t result_of(const char *key, uint32_t word, uint64_t operand)
{
    const struct processor *p = processor_find(key);
    struct decoder *d = processor_decoder(p);
    struct cpu *s = calloc(1, sizeof *s);
    struct insn i = {0};
    processor_reset(p, s, true, false);
    insn_predecode(&i, decoder_find(d, word), word, 0x1000);
    s->gpr[4] = VSR_D(s->vsr[4], 0) = operand;
    s->cr[3] = 1;
    step_bodies[i.number](s, &i);
    uint64_t result = s->cr[3] != 1 ? s->cr[3] : s->gpr[3] ? s->gpr[3] : VSR_D(s->vsr[3], 0);
    free(s);
    decoder_destroy(d);
    return result;
}

/* What the ISA leaves open. Microwatt's values are those of its RTL (fpu.vhdl: inverse_table, the
 * ends of IDIV and fcti*, ftsqrt's CR field). */
static void results_that_the_isa_leaves_open_are_those_of_the_processor(void **state)
{
    static const struct {
        uint32_t word;
        uint64_t operand, on_30, on_microwatt;
    } rows[] = {
        {0xfc602030, 0x3ff0000000000000, 0x3ff0000000000000, 0x3feff00400000000}, /* fre f3,f4 */
        {0xfc602030, 0xc000000000000000, 0xbfe0000000000000, 0xbfdff00400000000},
        {0xfc602034, 0x4010000000000000, 0x3fe0000000000000, 0x3fdff80000000000}, /* frsqrte */
        {0xfc602034, 0x400ff00000000000, 0x3fe0040180a04620, 0x3fe0030000000000},
        {0xfc60201e, 0x4008000000000000, 3, 0x300000003}, /* fctiwz f3,f4 of 3.0 */
        {0xfc60201e, 0x7ff0000000000000, 0x7fffffff, 0x7fffffff}, /* ... of infinity */
        {0x7c642bd2, 5, 5, 0}, /* divd r3,r4,r5 by r5 = 0 */
        {0x7c642096, 0x80000000, 0x40000000, 0x4000000040000000}, /* mulhw r3,r4,r4 */
        {0xfd802140, 0x3ff0000000000000, 8, 0}, /* ftsqrt cr3,f4 */
    };
    (void)state;
    for (uint32_t n = 0; n < 2 * ARRAY_LEN(rows); n++) {
        const char *key = n & 1 ? "microwatt" : "3.0";
        uint64_t expected = n & 1 ? rows[n / 2].on_microwatt : rows[n / 2].on_30;
        uint64_t result = result_of(key, rows[n / 2].word, rows[n / 2].operand);
        if (result != expected)
            fail_msg("%08x on %s: %llx", rows[n / 2].word, key, (unsigned long long)result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_choice_names_its_processor),
        cmocka_unit_test(a_processor_knows_the_instructions_of_its_version_and_older),
        cmocka_unit_test(special_purpose_registers_come_with_their_version),
        cmocka_unit_test(xer_has_32_bit_flags_from_version_3_on),
        cmocka_unit_test(a_32_bit_processor_compares_words_only),
        cmocka_unit_test(results_that_the_isa_leaves_open_are_those_of_the_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
