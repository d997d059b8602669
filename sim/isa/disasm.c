#include "sim/isa/disasm.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/alias.h"

enum operand_style {
    STYLE_GPR, STYLE_GPR_OR_0, STYLE_FPR, STYLE_VR, STYLE_XT, STYLE_XA, STYLE_XB, STYLE_XC,
    STYLE_CR_FIELD, STYLE_CR_BIT, STYLE_UNSIGNED, STYLE_SIGNED, STYLE_IMMEDIATE, STYLE_TARGET,
    STYLE_SHIFT, STYLE_SHIFT_RIGHT, STYLE_MASK_BIT, STYLE_CLEARED, STYLE_BYTES, STYLE_SPR,
    STYLE_DCMX, STYLE_HASH_OFFSET,
};

struct operand_text {
    const char *word, *rows;
    uint8_t style, first, last, optional;
};

static const struct operand_text operand_texts[] = {
#define OPERAND_TEXT(word, rows, style, first, last, optional)                                     \
    {#word, rows, STYLE_##style, first, last, optional},
#include "sim/isa/operand_text.def"
#undef OPERAND_TEXT
};

/* A text under construction. */
struct text {
    char *out;
    size_t room, length;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t left = t->length < t->room ? t->room - t->length : 0;
    t->length += (size_t)vsnprintf(left ? t->out + t->length : NULL, left, format, args);
    va_end(args);
}

static const struct operand_text *find_operand(const char *word, size_t length, const char *row)
{
    for (size_t n = 0; n < ARRAY_LEN(operand_texts); n++) {
        const struct operand_text *o = &operand_texts[n];
        if (strlen(o->word) == length && memcmp(o->word, word, length) == 0 &&
            fnmatch(o->rows, row, 0) == 0)
            return o;
    }
    return NULL;
}

/* Only the bits that the pattern leaves to operands. */
static uint32_t field_of(const struct insn *i, const struct operand_text *o)
{
    uint32_t mask, match, reserved;
    insn_pattern_bits(insn_rows[i->number].pattern, &mask, &match, &reserved);
    uint32_t word = insn_rows[i->number].flags & F_PREFIX ? i->suffix : i->word;
    return ppc_field(word & ~(mask | reserved), o->first, o->last);
}

static void put_cr_bit(struct text *t, uint32_t bit)
{
    static const char *const names[] = {"lt", "gt", "eq", "so"};
    if (bit >> 2)
        put(t, "4*cr%u+", bit >> 2);
    put(t, "%s", names[bit & 3]);
}

/* Shift counts and mask bits of six bits have their high bit elsewhere. */
static uint32_t shift_of(const struct insn *i, uint32_t field)
{
    uint8_t form = insn_rows[i->number].form;
    return form == FORM_MD || form == FORM_XS ? field | ppc_field(i->word, 30, 30) << 5 : field;
}

static uint32_t mask_bit_of(const struct insn *i, uint32_t field)
{
    uint8_t form = insn_rows[i->number].form;
    return form == FORM_MD || form == FORM_MDS ? field | ppc_field(i->word, 26, 26) << 5 : field;
}

static uint32_t shift_right_of(const struct insn *i)
{
    uint32_t width = insn_rows[i->number].form == FORM_MD ? 64 : 32;
    return width - shift_of(i, ppc_field(i->word, 16, 20));
}

static uint32_t cleared_by(const struct insn *i, uint32_t field)
{
    return (insn_rows[i->number].form == FORM_MD ? 63 : 31) - mask_bit_of(i, field);
}

/* Bits dc, dm and dx of the data class mask, wherever the form has put them. */
static uint32_t class_mask_of(uint32_t w)
{
    return ppc_field(w, 25, 25) << 6 | ppc_field(w, 29, 29) << 5 | ppc_field(w, 11, 15);
}

static void put_register(struct text *t, const struct insn *i, enum operand_style style, uint32_t v)
{
    uint32_t w = i->word, xt = insn_rows[i->number].form == FORM_DQ ? 28 : 31;
    switch (style) {
    case STYLE_GPR:      put(t, "r%u", v); break;
    case STYLE_GPR_OR_0: put(t, v ? "r%u" : "0", v); break;
    case STYLE_FPR:      put(t, "f%u", v); break;
    case STYLE_VR:       put(t, "v%u", v); break;
    case STYLE_XT:       put(t, "vs%u", v | ppc_field(w, xt, xt) << 5); break;
    case STYLE_XA:       put(t, "vs%u", v | ppc_field(w, 29, 29) << 5); break;
    case STYLE_XB:       put(t, "vs%u", v | ppc_field(w, 30, 30) << 5); break;
    case STYLE_XC:       put(t, "vs%u", v | ppc_field(w, 28, 28) << 5); break;
    default:             put(t, "cr%u", v);
    }
}

static void put_operand(struct text *t, const struct insn *i, const struct operand_text *o)
{
    uint32_t v = field_of(i, o);
    switch ((enum operand_style)o->style) {
    case STYLE_CR_BIT:      put_cr_bit(t, v); break;
    case STYLE_UNSIGNED:    put(t, "%u", v); break;
    case STYLE_SIGNED:      put(t, "%" PRId64, sign_extend(v, o->last - o->first + 1u)); break;
    case STYLE_IMMEDIATE:   put(t, "%" PRId64, i->imm); break;
    case STYLE_TARGET:      put(t, "0x%" PRIx64, (uint64_t)i->imm); break;
    case STYLE_SHIFT:       put(t, "%u", shift_of(i, v)); break;
    case STYLE_SHIFT_RIGHT: put(t, "%u", shift_right_of(i)); break;
    case STYLE_MASK_BIT:    put(t, "%u", mask_bit_of(i, v)); break;
    case STYLE_CLEARED:     put(t, "%u", cleared_by(i, v)); break;
    case STYLE_BYTES:       put(t, "%u", v ? v : 32); break;
    case STYLE_SPR:         put(t, "%u", v >> 5 | (v & 31) << 5); break;
    case STYLE_DCMX:        put(t, "%u", class_mask_of(i->word)); break;
    case STYLE_HASH_OFFSET: put(t, "%d", (int)((i->word & 1) << 8 | v << 3) - 512); break;
    default:                put_register(t, i, (enum operand_style)o->style, v);
    }
}

/* Whether the first of these operands goes unsaid: it is optional, and it and all optional ones
 * after it are zero. */
static bool is_left_out(const struct insn *i, const char *words)
{
    for (bool first = true; *words; first = false) {
        size_t length = strcspn(words, ",()");
        const struct operand_text *o = find_operand(words, length, insn_rows[i->number].mnemonic);
        if (o && o->optional ? field_of(i, o) != 0 : first)
            return false;
        words += length + strspn(words + length, ",()");
    }
    return true;
}

static void put_operands(struct text *t, const struct insn *i, const char *words)
{
    const char *row = insn_rows[i->number].mnemonic, *before = " ";
    for (size_t length; *words; words += length) {
        length = strcspn(words, ",()");
        const struct operand_text *o = find_operand(words, length, row);
        if (length && o && !is_left_out(i, words)) {
            if (*before == ' ')
                put(t, "%*s", t->length < 7 ? (int)(8 - t->length) : 1, "");
            else
                put(t, "%s", before);
            put_operand(t, i, o);
            before = ",";
        }
        length += strspn(words + length, ",");
        if (words[length] == '(' || words[length] == ')')
            put(t, "%c", words[length]);
        if (words[length] == '(')
            before = "";
        length += strspn(words + length, "()");
    }
}

/* The suffixes that flags add; `hint` (+ or -) goes last. A name's final `_` stands for the `.`
 * it always has. */
static void put_mnemonic(struct text *t, const char *name, uint32_t flags, uint32_t word)
{
    size_t length = strcspn(name, "_+-");
    char end = name[length];
    put(t, "%.*s", (int)length, name);
    if (flags & F_OE && word & 1 << 10)
        put(t, "o");
    if ((flags & (F_RC | F_RC1) && word & 1) || (flags & F_RC6 && word & 1 << 10) || end == '_')
        put(t, ".");
    if (flags & F_LK && word & 1)
        put(t, "l");
    if (flags & F_AA && word & 2)
        put(t, "a");
    if (end == '+' || end == '-')
        put(t, "%c", end);
}

/* In an alias of a branch, `*` is the condition when it must hold and `!` when it must not. */
static void spell_condition(char *out, size_t room, const char *name, uint32_t bi)
{
    static const char holds[] = "ltgteqso", fails[] = "gelenens";
    struct text t = {out, room, 0};
    for (; *name; name++)
        if (*name == '*' || *name == '!')
            put(&t, "%.2s", (*name == '*' ? holds : fails) + 2 * (bi & 3));
        else
            put(&t, "%c", *name);
}

/* ppc_places(29, 30) has ones in bits 29 and 30 of the manual's numbering. */
static uint32_t ppc_places(unsigned first, unsigned last)
{
    return (uint32_t)((UINT64_C(1) << (last - first + 1)) - 1) << (31 - last);
}

/* What a style takes from outside first..last. */
static uint32_t outlying_places(const struct insn_row *row, enum operand_style style)
{
    bool is_md = row->form == FORM_MD || row->form == FORM_MDS;
    switch (style) {
    case STYLE_XT:        return row->form == FORM_DQ ? ppc_places(28, 28) : ppc_places(31, 31);
    case STYLE_XA:        return ppc_places(29, 29);
    case STYLE_XB:        return ppc_places(30, 30);
    case STYLE_XC:        return ppc_places(28, 28);
    case STYLE_SHIFT:     return is_md || row->form == FORM_XS ? ppc_places(30, 30) : 0;
    case STYLE_MASK_BIT:  return is_md ? ppc_places(26, 26) : 0;
    case STYLE_TARGET:    return row->form == FORM_I ? ppc_places(6, 29) : ppc_places(16, 29);
    case STYLE_HASH_OFFSET: return ppc_places(31, 31);
    case STYLE_IMMEDIATE: return row->form == FORM_DX ? ppc_places(11, 15) | 1 : 0;
    case STYLE_DCMX:      return ppc_places(25, 25) | ppc_places(29, 29);
    default:              return 0;
    }
}

uint32_t disasm_operand_places(uint16_t number, const char *word, size_t length)
{
    const struct insn_row *row = &insn_rows[number];
    const struct operand_text *o = find_operand(word, length, row->mnemonic);
    if (!o)
        return 0;
    return ppc_places(o->first, o->last) | outlying_places(row, (enum operand_style)o->style);
}

void insn_mnemonic(char out[INSN_MNEMONIC_ROOM], uint16_t number, uint32_t word)
{
    struct text t = {out, INSN_MNEMONIC_ROOM, 0};
    put_mnemonic(&t, insn_rows[number].mnemonic, insn_rows[number].flags, word);
}

void disasm(char *out, size_t room, const struct decoder *d, uint32_t word, uint64_t pc)
{
    struct text t = {out, room, 0};
    struct insn i = {0};
    char name[INSN_MNEMONIC_ROOM];
    uint16_t number = decoder_find(d, word);
    if (number == INSN_ILLEGAL) {
        put(&t, ".long 0x%x", word);
        return;
    }
    insn_predecode(&i, number, word, pc);
    const struct insn_alias *alias = alias_find(number, word);
    spell_condition(name, sizeof name, alias ? alias->mnemonic : insn_rows[number].mnemonic,
                    ppc_field(word, 11, 15));
    put_mnemonic(&t, name, insn_rows[number].flags, word);
    put_operands(&t, &i, alias ? alias->operands : insn_rows[number].operands);
}
