#include "sim/isa/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "sim/base/bits.h"
#include "sim/base/rng.h"
#include "sim/isa/alias.h"
#include "sim/isa/disasm.h"

#define FOR_EACH_ROW(n) for (uint16_t n = 1; n < INSN_COUNT; n++)

struct places {
    uint32_t mask, match, reserved;
};

static struct places places_of(const char *pattern)
{
    struct places p;
    insn_pattern_bits(pattern, &p.mask, &p.match, &p.reserved);
    return p;
}

static uint32_t random_word(struct rng *r, uint16_t number)
{
    struct places p = places_of(insn_rows[number].pattern);
    return p.match | ((uint32_t)rng_next(r) & ~(p.mask | p.reserved));
}

static void assert_is_pattern(const char *mnemonic, const char *pattern)
{
    size_t count = 0;
    for (const char *c = pattern; *c; c++) {
        count += *c != ' ';
        if (!strchr("01o./ ", *c))
            fail_msg("%s: '%c' in its pattern", mnemonic, *c);
    }
    if (count != 32)
        fail_msg("%s: %zu places in its pattern", mnemonic, count);
}

static void every_pattern_has_32_places(void **state)
{
    (void)state;
    FOR_EACH_ROW(n) assert_is_pattern(insn_rows[n].mnemonic, insn_rows[n].pattern);
    for (const struct insn_alias *a = insn_aliases; a->number; a++)
        assert_is_pattern(a->mnemonic, a->pattern);
}

static void assert_no_overlap(uint32_t absent_flag)
{
    FOR_EACH_ROW(a)
    {
        struct places x = places_of(insn_rows[a].pattern);
        for (uint16_t b = a + 1; b < INSN_COUNT; b++) {
            struct places y = places_of(insn_rows[b].pattern);
            uint32_t either = insn_rows[a].flags | insn_rows[b].flags;
            uint32_t differ = insn_rows[a].flags ^ insn_rows[b].flags;
            bool other_prefix = either & F_PREFIX && insn_rows[a].form != insn_rows[b].form;
            /* VMX and the 405's MAC unit have the same opcode, and no processor has both. */
            bool other_mac = differ & F_MAC && (insn_rows[a].isa > PPC || insn_rows[b].isa > PPC);
            if (other_mac || either & absent_flag || differ & F_PREFIX || other_prefix)
                continue;
            if (((x.match ^ y.match) & x.mask & y.mask) == 0)
                fail_msg("%s and %s overlap", insn_rows[a].mnemonic, insn_rows[b].mnemonic);
        }
    }
}

static void no_word_matches_two_rows(void **state)
{
    (void)state;
    assert_no_overlap(F_32BIT); /* the rows of a 64-bit processor */
    assert_no_overlap(F_64BIT); /* and of a 32-bit one */
}

static void no_mnemonic_is_given_twice(void **state)
{
    (void)state;
    FOR_EACH_ROW(a) for (uint16_t b = a + 1; b < INSN_COUNT; b++)
        if (strcmp(insn_rows[a].mnemonic, insn_rows[b].mnemonic) == 0)
            fail_msg("two rows called %s", insn_rows[a].mnemonic);
}

static void every_unit_class_has_a_row(void **state)
{
    (void)state;
    static const char *const names[] = {
#define CLASS(name, ...) #name,
#include "sim/isa/class.def"
#undef CLASS
    };
    bool used[CLASS_COUNT] = {false};
    FOR_EACH_ROW(n) used[insn_rows[n].class] = true;
    used[CLASS_MTCRM] = true; /* by mtcrf, when it names several fields */
    for (int c = 0; c < CLASS_COUNT; c++)
        if (!used[c])
            fail_msg("no row of class %s", names[c]);
}

/* The places whose meaning a flag tells. */
static uint32_t flag_places(uint32_t flags)
{
    return (flags & (F_OE | F_RC6) ? 1u << 10 : 0) | (flags & (F_RC | F_RC1 | F_LK) ? 1u : 0) |
           (flags & F_AA ? 2u : 0);
}

static uint32_t operand_places(uint16_t number, const char *words, const char *what)
{
    uint32_t all = 0, reserved = places_of(insn_rows[number].pattern).reserved;
    while (*words) {
        size_t length = strcspn(words, ",()");
        uint32_t places = length ? disasm_operand_places(number, words, length) : 0;
        if (length && !places)
            fail_msg("%s: no such operand: \"%s\"", what, words);
        if (length && !(places & ~reserved))
            fail_msg("%s: reserved where \"%s\" stands", what, words);
        all |= places;
        words += length + strspn(words + length, ",()");
    }
    return all;
}

static void operands_and_flags_fill_the_dots_of_a_pattern(void **state)
{
    (void)state;
    FOR_EACH_ROW(n)
    {
        const struct insn_row *row = &insn_rows[n];
        struct places p = places_of(row->pattern);
        uint32_t dots = ~(p.mask | p.reserved);
        uint32_t said = operand_places(n, row->operands, row->mnemonic) | flag_places(row->flags);
        if (dots != (said & dots))
            fail_msg("%s: places %08x, operands and flags %08x", row->mnemonic, dots, said);
    }
}

static void an_alias_narrows_its_row(void **state)
{
    (void)state;
    for (const struct insn_alias *a = insn_aliases; a->number; a++) {
        struct places row = places_of(insn_rows[a->number].pattern), alias = places_of(a->pattern);
        if ((alias.mask & row.mask) != row.mask || (alias.match & row.mask) != row.match)
            fail_msg("%s is no %s", a->mnemonic, insn_rows[a->number].mnemonic);
        operand_places(a->number, a->operands, a->mnemonic);
    }
}

/* Of a prefixed row the word is the suffix. */
static uint16_t find(const struct decoder *d, uint16_t number, uint32_t word)
{
    const struct insn_row *row = &insn_rows[number];
    uint32_t prefix = row->form == FORM_MLS ? 0x06000000 : 0x04000000;
    return row->flags & F_PREFIX ? decoder_find_prefixed(d, prefix, word) : decoder_find(d, word);
}

static void a_word_made_from_a_pattern_is_decoded_as_its_row(void **state)
{
    (void)state;
    struct rng r = rng_seeded(1);
    static const uint32_t absent[] = {F_32BIT | F_MAC, F_64BIT | F_MAC};
    struct decoder *d[] = {decoder_create(V310, false), decoder_create(V310, true),
                           decoder_create(PPC, true)};
    FOR_EACH_ROW(n) for (uint32_t p = 0; p < ARRAY_LEN(d); p++)
    {
        uint32_t found = 0, flags = insn_rows[n].flags;
        if (p < ARRAY_LEN(absent) ? flags & absent[p] : !(flags & F_MAC))
            continue;
        for (int words = 0; words < 100; words++) {
            uint16_t number = find(d[p], n, random_word(&r, n));
            found += number == n;
            if (number != n && number != INSN_ILLEGAL) /* invalid forms are illegal */
                fail_msg("%s decoded as %s", insn_rows[n].mnemonic, insn_rows[number].mnemonic);
        }
        if (found < 25) /* an odd first register of two pairs is the worst case */
            fail_msg("%s: %u of 100 words decoded", insn_rows[n].mnemonic, found);
    }
    for (uint32_t p = 0; p < ARRAY_LEN(d); p++)
        decoder_destroy(d[p]);
}

static void reserved_places_are_ignored(void **state)
{
    (void)state;
    struct rng r = rng_seeded(2);
    struct decoder *d = decoder_create(V310, false);
    FOR_EACH_ROW(n)
    {
        uint32_t reserved = places_of(insn_rows[n].pattern).reserved, word = random_word(&r, n);
        if (!(insn_rows[n].flags & F_32BIT))
            assert_int_equal(decoder_find(d, word | reserved), decoder_find(d, word));
    }
    decoder_destroy(d);
}

static void rows_newer_than_the_processor_are_illegal(void **state)
{
    (void)state;
    struct rng r = rng_seeded(3);
    struct decoder *d = decoder_create(V206, false);
    FOR_EACH_ROW(n) if (insn_rows[n].isa > V206)
    {
        uint16_t number = decoder_find(d, random_word(&r, n));
        assert_true(number != n);
    }
    decoder_destroy(d);
}

/* Predecoding happens once an instruction, so this need not be fast, only not slow: measured
 * 0.1 microseconds. */
static void decoding_takes_less_than_two_microseconds(void **state)
{
    (void)state;
    enum { WORDS = 1 << 16 };
    static uint32_t words[WORDS];
    struct rng r = rng_seeded(4);
    struct decoder *d = decoder_create(V310, false);
    uint64_t sum = 0;
    for (uint32_t n = 0; n < WORDS; n++)
        words[n] = random_word(&r, (uint16_t)(1 + rng_below(&r, INSN_COUNT - 1)));
    clock_t start = clock();
    for (uint32_t n = 0; n < WORDS; n++)
        sum += decoder_find(d, words[n]);
    double ns = (double)(clock() - start) / CLOCKS_PER_SEC * 1e9 / WORDS;
    print_message("decoding: %.0f ns a word (checksum %llu)\n", ns, (unsigned long long)sum);
    assert_true(ns < 2000);
    decoder_destroy(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pattern_has_32_places),
        cmocka_unit_test(no_word_matches_two_rows),
        cmocka_unit_test(no_mnemonic_is_given_twice),
        cmocka_unit_test(every_unit_class_has_a_row),
        cmocka_unit_test(operands_and_flags_fill_the_dots_of_a_pattern),
        cmocka_unit_test(an_alias_narrows_its_row),
        cmocka_unit_test(a_word_made_from_a_pattern_is_decoded_as_its_row),
        cmocka_unit_test(reserved_places_are_ignored),
        cmocka_unit_test(rows_newer_than_the_processor_are_illegal),
        cmocka_unit_test(decoding_takes_less_than_two_microseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
