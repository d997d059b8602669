/* Our disassembler against binutils' objdump, on random words of every row and of every
 * extended mnemonic:
 *
 *   disasm_check [-w WORDS] [-s SEED] [-r "ROW..."] SCRATCH-FILE OBJDUMP-COMMAND
 *
 * The words go to SCRATCH-FILE; `OBJDUMP-COMMAND SCRATCH-FILE` must print one line for each.
 * Exit status 1 when a text differs or an exemption is stale. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/isa/alias.h"
#include "sim/isa/disasm.h"
#include "sim/isa/operands.h"
#include "tests/isa/gen.h"
#include "tests/isa/select.h"

#define BASE_PC       0x01000000 /* as objdump's --adjust-vma */
#define ALIAS_WORDS   8
#define ATTEMPTS      4000
#define TEXT_ROOM     120
#define SHOWN_PER_ROW 3

struct exemption {
    const char *row, *pattern, *reason;
};

static const struct exemption exemptions[] = {
#define DISASM_EXEMPT(row, pattern, reason) {#row, pattern, reason},
#include "tests/isa/disasm_exempt.def"
#undef DISASM_EXEMPT
    {NULL, NULL, NULL},
};

struct sample {
    uint32_t word;
    uint16_t number;
    bool may_be_invalid; /* made without regard to invalid forms, which objdump refuses */
};

struct check {
    struct gen gen;
    struct sample *samples;
    uint32_t count, room;
    uint32_t failed_words, failed_rows;
    uint32_t words[INSN_COUNT], failures[INSN_COUNT];
    bool needed[ARRAY_LEN(exemptions)];
};

static void add_sample(struct check *c, uint16_t number, uint32_t word, bool may_be_invalid)
{
    if (c->count == c->room) {
        c->room = c->room ? c->room * 2 : 4096;
        c->samples = xrealloc(c->samples, c->room * sizeof *c->samples);
    }
    c->samples[c->count++] = (struct sample){word, number, may_be_invalid};
}

/* Operand bits of a pattern at random; every other time one register field equals another. */
static uint32_t random_word(struct check *c, const char *pattern)
{
    static const uint8_t shifts[] = {6, 11, 16, 21};
    uint32_t mask, match, reserved, w = (uint32_t)rng_next(&c->gen.values.rng);
    insn_pattern_bits(pattern, &mask, &match, &reserved);
    if (value_once_in(&c->gen.values, 2)) {
        uint32_t field = w >> shifts[value_below(&c->gen.values, 4)] & 31;
        w = (w & 0xfc0007ff) | field << 21 | field << 16 | field << 11;
    }
    return match | (w & ~(mask | reserved));
}

static void sample_alias(struct check *c, const struct insn_alias *a)
{
    for (uint32_t n = 0, found = 0; found < ALIAS_WORDS && n < ATTEMPTS; n++) {
        uint32_t word = random_word(c, a->pattern);
        if (alias_find(a->number, word) != a || decoder_find(c->gen.decoder, word) != a->number)
            continue;
        add_sample(c, a->number, word, true);
        found++;
    }
}

static void sample_row(struct check *c, uint16_t number, uint32_t words)
{
    const struct insn_row *row = &insn_rows[number];
    for (uint32_t n = 0, word; n < words; n++) {
        uint64_t pc = BASE_PC + 4 * (uint64_t)c->count;
        if (gen_word(&c->gen, number, pc, &word))
            add_sample(c, number, word, false);
    }
    for (const struct insn_alias *a = insn_aliases; a->number; a++)
        if (a->number == number)
            sample_alias(c, a);
    /* objdump has names for registers of the supervisor, and more for invalid BO than for valid. */
    if ((row->in | row->out) & SPR || row->flags & F_COND)
        return;
    for (uint32_t n = 0; n < words / 4; n++) {
        uint32_t word = random_word(c, row->pattern);
        if (decoder_find(c->gen.decoder, word) == number)
            add_sample(c, number, word, true);
    }
}

static bool is_exempt(struct check *c, const struct sample *s)
{
    uint32_t mask, match;
    for (uint32_t n = 0; exemptions[n].row; n++) {
        insn_pattern_bits(exemptions[n].pattern, &mask, &match, NULL);
        if (strcmp(exemptions[n].row, insn_rows[s->number].mnemonic) == 0 &&
            (s->word & mask) == match) {
            c->needed[n] = true;
            return true;
        }
    }
    return false;
}

static void compare(struct check *c, uint32_t index, const char *theirs)
{
    const struct sample *s = &c->samples[index];
    char ours[TEXT_ROOM];
    disasm(ours, sizeof ours, c->gen.decoder, s->word, BASE_PC + 4 * (uint64_t)index);
    c->words[s->number]++;
    if (s->may_be_invalid && strncmp(theirs, ".long", 5) == 0)
        return;
    if (strcmp(ours, theirs) == 0 || is_exempt(c, s))
        return;
    if (c->failures[s->number]++ < SHOWN_PER_ROW)
        printf("%-10s %08x  ours   %s\n                     objdump %s\n",
               insn_rows[s->number].mnemonic, s->word, ours, theirs);
}

/* "   address:\tbytes \tmnemonic operands\n" to the text alone. */
static char *text_of_line(char *line)
{
    char *tab = strchr(line, '\t');
    tab = tab ? strchr(tab + 1, '\t') : NULL;
    if (!tab)
        return NULL;
    char *end = tab + strlen(tab);
    while (end > tab && (end[-1] == '\n' || end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    return tab + 1;
}

static void write_words(const struct check *c, const char *path)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        panic("cannot write %s", path);
    for (uint32_t n = 0; n < c->count; n++)
        fwrite(&c->samples[n].word, 4, 1, f);
    fclose(f);
}

static void compare_all(struct check *c, const char *command, const char *path)
{
    char *line = xasprintf("%s --adjust-vma=0x%x %s", command, BASE_PC, path);
    char buffer[4096];
    FILE *f = popen(line, "r");
    uint32_t n = 0;
    if (!f)
        panic("cannot run %s", line);
    while (fgets(buffer, sizeof buffer, f)) {
        char *text = text_of_line(buffer);
        if (text && n < c->count)
            compare(c, n++, text);
    }
    pclose(f);
    free(line);
    if (n != c->count)
        panic("objdump printed %u lines for %u words", n, c->count);
}

static bool report(const struct check *c, bool ran_all)
{
    uint32_t failed = 0, stale = 0, rows = 0;
    for (uint16_t n = 1; n < INSN_COUNT; n++) {
        rows += c->words[n] != 0;
        if (!c->failures[n])
            continue;
        failed++;
        printf("%-12s words %u, differ %u\n", insn_rows[n].mnemonic, c->words[n], c->failures[n]);
    }
    for (uint32_t n = 0; ran_all && exemptions[n].row; n++)
        if (!c->needed[n]) {
            printf("stale exemption: %s %s\n", exemptions[n].row, exemptions[n].pattern);
            stale++;
        }
    printf("%u rows, %u words, %u rows differ, %u exemptions stale\n", rows, c->count, failed,
           stale);
    return !failed && !stale && rows;
}

int main(int argc, char *argv[])
{
    struct check *c = xcalloc(1, sizeof *c);
    const char *rows = "";
    uint32_t words = 200;
    uint64_t seed = 1;
    for (int o; (o = getopt(argc, argv, "w:s:r:")) != -1;)
        switch (o) {
        case 'w': words = (uint32_t)strtoul(optarg, NULL, 0); break;
        case 's': seed = strtoull(optarg, NULL, 0); break;
        case 'r': rows = optarg; break;
        default:  return 2;
        }
    if (argc - optind != 2)
        return 2;
    struct decoder *decoder = decoder_create(V300, false);
    c->gen.decoder = decoder;
    c->gen.values.rng = rng_seeded(seed);
    for (uint16_t n = 1; n < INSN_COUNT; n++)
        if (row_is_selected(rows, insn_rows[n].mnemonic) &&
            !(insn_rows[n].flags & (F_32BIT | F_MAC)))
            sample_row(c, n, words);
    write_words(c, argv[optind]);
    compare_all(c, argv[optind + 1], argv[optind]);
    bool good = report(c, !*rows);
    decoder_destroy(decoder);
    free(c->samples);
    free(c);
    return !good;
}
