#include "sim/check_scan.h"

#include <string.h>

#include "sim/base/bits.h"

/* How far behind `li r0,N` the `sc` may stand: the C library loads arguments in between. */
#define CALL_REACH 24u
#define WORD_SC    UINT32_C(0x44000002)
#define WORD_BCTR  UINT32_C(0x4e800420)
#define NEVER      UINT16_MAX /* no processor of ours has it */
#define BRANCHES   32u /* from behind a `li r0,N` that are remembered, the latest */

static const uint8_t group_of[INSN_COUNT] = {
#define GROUP(name)     GROUP_OF(name)
#define GROUP_OF(name)  GROUP_##name
#define INSN(name, ...) [INSN_##name] = GROUP(INSN_GROUP),
#include "sim/isa/insn.def"
#undef INSN
#undef GROUP_OF
#undef GROUP
};

struct scanner {
    struct scan *scan;
    const struct survey *survey;
    struct decoder *decoder, *newest;
    uint16_t isa;
    const struct code_range *range;
    uint32_t call_number, call_age; /* of the last li r0; the age says how long ago, 0: no */
    struct {
        uint64_t target;
        uint32_t number;
    } branches[BRANCHES]; /* with which r0 they are taken */
    uint32_t branch_count;
};

static void find_versions(struct scan *s)
{
    for (uint16_t isa = 0; isa <= V310; isa++)
        for (uint32_t n = 1; n < INSN_COUNT; n++)
            if (insn_rows[n].isa == isa) {
                s->versions[s->version_count++] = isa;
                break;
            }
}

static void count_instruction(struct scan *s, uint16_t number)
{
    uint32_t version = 0;
    while (s->versions[version] != insn_rows[number].isa)
        version++;
    s->instructions++;
    s->by_version[group_of[number]][version]++;
}

/* The C library and the compiler's name variants of functions by what they need ("memcpy_power10"),
 * and take one only where AT_HWCAP says that it is there. So they do with scv. */
static bool is_guarded(const struct scanner *x, uint32_t word)
{
    static const struct {
        const char *suffix;
        uint16_t isa;
    } rows[] = {{"_power7", V206}, {"_power8", V207}, {"_power9", V300}, {"_power10", NEVER},
                {"_elision", NEVER}, {"_hw", NEVER}};
    const char *name = x->range->name;
    size_t length = strlen(name);
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++) {
        size_t suffix = strlen(rows[n].suffix);
        if (length > suffix && !strcmp(name + length - suffix, rows[n].suffix))
            return rows[n].isa > x->isa;
    }
    return decoder_find(x->newest, word) == INSN_scv;
}

static void count_missing(struct scanner *x, uint32_t word, uint64_t ea)
{
    struct scan *s = x->scan;
    uint32_t n = 0;
    if (is_guarded(x, word)) {
        s->guarded++;
        return;
    }
    s->missing++;
    while (n < s->word_count && s->words[n].word != word)
        n++;
    if (n == SCAN_WORDS)
        return;
    if (n == s->word_count)
        s->words[s->word_count++] = (struct missing_word){
            .word = word, .number = decoder_find(x->newest, word), .first_ea = ea,
            .where = x->range};
    s->words[n].count++;
}

static bool writes_r0(const struct insn *i)
{
    struct insn_deps deps;
    insn_find_deps(i, &deps);
    for (uint32_t n = 0; n < deps.out_count; n++)
        if (deps.out[n] == REG_GPR)
            return true;
    return false;
}

static void arrive(struct scanner *x, uint64_t ea)
{
    for (uint32_t n = 0; n < x->branch_count && n < BRANCHES; n++)
        if (x->branches[n].target == ea) {
            x->call_number = x->branches[n].number;
            x->call_age = 1;
        }
}

static void leave(struct scanner *x, const struct insn *i)
{
    uint8_t form = insn_rows[i->number].form;
    if (!x->call_age || (form != FORM_I && form != FORM_B))
        return;
    uint32_t slot = x->branch_count++ % BRANCHES;
    x->branches[slot].target = (uint64_t)i->imm;
    x->branches[slot].number = x->call_number;
    if (form == FORM_I) /* what follows is reached from elsewhere */
        x->call_age = 0;
}

/* Follows r0 from `li r0,N` along straight code and forward branches to `sc`. */
static void follow_call(struct scanner *x, const struct insn *i)
{
    struct scan *s = x->scan;
    uint32_t word = i->word;
    arrive(x, i->pc);
    if (word >> 16 == 0x3800) { /* addi r0,0,N */
        x->call_number = word & 0xffff;
        x->call_age = 1;
    } else if (word == WORD_SC) {
        bool known = x->call_age && x->call_number < SCAN_CALLS;
        s->call_sites++;
        if (known)
            s->calls[x->call_number]++;
        s->unknown_sites += !known;
        x->call_age = 0;
    } else if (x->call_age && (x->call_age++ > CALL_REACH || writes_r0(i))) {
        x->call_age = 0;
    }
    leave(x, i);
}

static uint32_t word_at(const struct survey *s, const uint8_t *at)
{
    uint32_t word;
    memcpy(&word, at, 4);
    return s->big_endian == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) ? word
                                                                     : __builtin_bswap32(word);
}

/* Compilers put the offsets of a `switch` behind the branch that uses them, relative to their own
 * place; returns how many bytes at `at` are of that kind: with targets in the same function. */
static uint64_t jump_table_bytes(const struct scanner *x, uint64_t at)
{
    const struct code_range *r = x->range;
    uint64_t end = at;
    for (; end < r->bytes; end += 4) {
        uint64_t target = at + (uint64_t)(int32_t)word_at(x->survey, r->data + end);
        if (target & 3 || target >= r->bytes || target == at)
            break;
    }
    return end - at;
}

static void scan_word(struct scanner *x, uint32_t word, uint64_t ea)
{
    struct insn i = {0};
    uint16_t number = decoder_find(x->decoder, word);
    bool is_refused = insn_rows[number].flags & F_PRIV && !x->survey->is_bare;
    if (number == INSN_ILLEGAL || is_refused) {
        count_missing(x, word, ea);
        return;
    }
    insn_predecode(&i, number, word, ea);
    count_instruction(x->scan, number);
    follow_call(x, &i);
}

/* Compilers put a word of zeroes behind each function of a 64-bit program, then a table for
 * unwinders ("traceback table" of the ELFv1 ABI, 3.3.1), of which this is the length. */
static uint64_t traceback_bytes(const struct scanner *x, uint64_t at)
{
    const struct code_range *r = x->range;
    const uint8_t *t = r->data + at;
    bool big = x->survey->big_endian;
    if (!x->survey->is_64bit || r->bytes - at < 8 || t[0])
        return 0;
    /* The C library's assembly writes the first 8 bytes as one little-endian number; its language
     * (byte 1) is 12. */
    bool is_reversed = !big && t[1] == 0 && t[6] == 12;
    uint8_t flags = t[is_reversed ? 5 : 2], more = t[is_reversed ? 4 : 3];
    bool has_parameters = !is_reversed && (t[6] || t[7] >> 1);
    uint64_t bytes = 8u + (has_parameters ? 4u : 0u) + (flags & 0x20 ? 4u : 0u);
    if (more & 0x40 && r->bytes - at >= bytes + 2) /* its name */
        bytes += 2u + (t[bytes + big] | (uint32_t)t[bytes + !big] << 8);
    return align_up(bytes + (more & 0x20 ? 1 : 0), 4); /* the register of alloca */
}

/* True when the word is a prefix that the one behind it makes an instruction. */
static bool scan_prefixed(struct scanner *x, uint32_t word, uint64_t at)
{
    const struct code_range *r = x->range;
    if (!insn_is_prefix(word) || r->bytes - at < 8)
        return false;
    uint16_t number = decoder_find_prefixed(x->decoder, word,
                                            word_at(x->survey, r->data + at + 4));
    if (number == INSN_ILLEGAL)
        return false;
    count_instruction(x->scan, number);
    return true;
}

/* Primary opcode 0 is no instruction in any version: data, where functions are not told apart. */
static void scan_range(struct scanner *x)
{
    const struct code_range *r = x->range;
    x->call_age = x->branch_count = 0;
    for (uint64_t at = 0; at < r->bytes; at += 4) {
        uint32_t word = word_at(x->survey, r->data + at);
        if (word == 0 && x->survey->source == SURVEY_FUNCTIONS)
            return;
        if (word == 0)
            at += traceback_bytes(x, at + 4);
        else if (scan_prefixed(x, word, at))
            at += 4;
        else if (word >> 26 || x->survey->source == SURVEY_FUNCTIONS)
            scan_word(x, word, r->ea + at);
        if (word == WORD_BCTR)
            at += jump_table_bytes(x, at + 4);
    }
}

void scan_program(struct scan *scan, const struct survey *s, const struct processor *p)
{
    struct scanner x = {.scan = scan, .survey = s, .isa = p->isa,
                        .decoder = processor_decoder(p), .newest = decoder_create(V310, false)};
    memset(scan, 0, sizeof *scan);
    find_versions(scan);
    for (uint32_t n = 0; n < s->range_count; n++) {
        x.range = &s->ranges[n];
        scan_range(&x);
    }
    decoder_destroy(x.decoder);
    decoder_destroy(x.newest);
}
