#include "sim/isa/decode.h"

#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/isa/state.h"
#include "sim/isa/operands.h"

struct candidate {
    uint32_t mask, match;
    uint16_t number;
};

/* Candidates grouped by primary opcode (bits 0:5): group g is first[g]..first[g+1]-1. */
struct decoder {
    struct candidate rows[INSN_COUNT];
    uint16_t first[65];
    uint16_t count; /* rows with F_PREFIX: first[64]..count-1 */
    bool is_32bit;
};

void insn_pattern_bits(const char *pattern, uint32_t *mask, uint32_t *match, uint32_t *reserved)
{
    uint32_t bit = UINT32_C(1) << 31;
    *mask = *match = 0;
    if (reserved)
        *reserved = 0;
    for (const char *p = pattern; *p; p++) {
        if (*p == ' ')
            continue;
        if (*p == '0' || *p == '1' || *p == 'o')
            *mask |= bit;
        if (*p == '1')
            *match |= bit;
        if (*p == '/' && reserved)
            *reserved |= bit;
        bit >>= 1;
    }
}

uint32_t insn_pattern_ignored(const char *pattern, uint16_t isa)
{
    uint32_t bits = 0, bit = UINT32_C(1) << 31;
    for (const char *p = isa < V300 ? pattern : ""; *p; p++)
        if (*p != ' ') {
            bits |= *p == 'o' ? bit : 0;
            bit >>= 1;
        }
    return bits;
}

static bool row_exists(const struct insn_row *row, uint16_t isa, bool is_32bit)
{
    if (row->flags & F_MAC) /* where newer processors have VMX */
        return is_32bit && isa <= PPC;
    return row->isa <= isa && !(row->flags & (is_32bit ? F_64BIT : F_32BIT));
}

static void add_prefixed(struct decoder *d, uint16_t isa, bool is_32bit)
{
    for (uint16_t n = 1; n < INSN_COUNT; n++) {
        struct candidate c = {.number = n};
        if (!(insn_rows[n].flags & F_PREFIX) || !row_exists(&insn_rows[n], isa, is_32bit))
            continue;
        insn_pattern_bits(insn_rows[n].pattern, &c.mask, &c.match, NULL);
        d->rows[d->count++] = c;
    }
}

/* Each pattern is read once: there are a thousand of them, and every run starts here. */
static void add_words(struct decoder *d, uint16_t isa, bool is_32bit)
{
    struct candidate *all = xmalloc(INSN_COUNT * sizeof *all), *end = all;
    for (uint16_t n = 1; n < INSN_COUNT; n++) {
        if (!row_exists(&insn_rows[n], isa, is_32bit) || insn_rows[n].flags & F_PREFIX)
            continue;
        *end = (struct candidate){.number = n};
        insn_pattern_bits(insn_rows[n].pattern, &end->mask, &end->match, NULL);
        end->mask &= ~insn_pattern_ignored(insn_rows[n].pattern, isa);
        end++;
    }
    for (uint32_t opcode = 0; opcode < 64; opcode++) {
        d->first[opcode] = d->count;
        for (const struct candidate *c = all; c < end; c++)
            if (c->match >> 26 == opcode)
                d->rows[d->count++] = *c;
    }
    d->first[64] = d->count;
    free(all);
}

struct decoder *decoder_create(uint16_t isa, bool is_32bit)
{
    struct decoder *d = xcalloc(1, sizeof *d);
    d->is_32bit = is_32bit;
    add_words(d, isa, is_32bit);
    add_prefixed(d, isa, is_32bit);
    return d;
}

void decoder_destroy(struct decoder *d) { free(d); }

static bool is_vector(const struct insn_row *row)
{
    return (row->in | row->out) & (VRT | VRS | VRA | VRB | VRC | XT | XS | XA | XB | XC | VSCR);
}

static bool is_float(const struct insn_row *row)
{
    return (row->class >= CLASS_LDF && row->class <= CLASS_STF) ||
           (row->class >= CLASS_FADD && row->class <= CLASS_FPSCR);
}

static void drop(struct decoder *d, bool (*goes)(const struct insn_row *row))
{
    uint16_t kept = 0;
    for (uint32_t opcode = 0, n = 0; opcode <= 64; opcode++) {
        uint16_t end = opcode < 64 ? d->first[opcode + 1] : d->count;
        d->first[opcode] = kept;
        for (; n < end; n++)
            if (!goes(&insn_rows[d->rows[n].number]))
                d->rows[kept++] = d->rows[n];
    }
    d->count = kept;
}

void decoder_drop_vectors(struct decoder *d) { drop(d, is_vector); }

void decoder_drop_floats(struct decoder *d) { drop(d, is_float); }

/* They stand together in the table. */
static bool is_decimal(const struct insn_row *row)
{
    return row >= &insn_rows[INSN_dadd] && row <= &insn_rows[INSN_dscriq];
}

void decoder_drop_decimals(struct decoder *d) { drop(d, is_decimal); }

/* Data streams are VMX's, too, and name no vector. */
static bool is_later(const struct insn_row *row)
{
    bool is_stream = row >= &insn_rows[INSN_dst] && row <= &insn_rows[INSN_dssall];
    return row->isa > PPC && !is_stream && !is_vector(row);
}

void decoder_drop_later(struct decoder *d) { drop(d, is_later); }

static bool is_mac(const struct insn_row *row) { return row->flags & F_MAC; }

void decoder_drop_macs(struct decoder *d) { drop(d, is_mac); }

/* Invalid forms, which POWER9 refuses as it does illegal instructions: an update of register 0 or
 * of the register that is loaded, and a pair that starts at an odd register or overwrites its own
 * address. */
static bool is_invalid_form(const struct insn_row *row, uint32_t word)
{
    uint32_t rt = ppc_field(word, 6, 10), ra = ppc_field(word, 11, 15);
    uint32_t rb = ppc_field(word, 16, 20);
    if (row->flags & F_UPDATE && (ra == 0 || (row->out & RT && ra == rt)))
        return true;
    if ((row->in | row->out) & (RTP | RSP) && rt & 1)
        return true;
    return row->out & RTP && (ra == rt || (row->in & RB && rb == rt));
}

uint16_t decoder_find(const struct decoder *d, uint32_t word)
{
    uint32_t opcode = word >> 26;
    for (uint16_t n = d->first[opcode]; n < d->first[opcode + 1]; n++) {
        uint16_t number = d->rows[n].number;
        if ((word & d->rows[n].mask) == d->rows[n].match)
            return is_invalid_form(&insn_rows[number], word) ? INSN_ILLEGAL : number;
    }
    return INSN_ILLEGAL;
}

/* MLS:D form is type 2, 8LS:D form type 0; with R the address is relative to the instruction and RA
 * must be 0. */
static bool prefix_fits(uint8_t form, uint32_t prefix, uint32_t suffix)
{
    bool is_relative = ppc_field(prefix, 11, 11);
    return ppc_field(prefix, 6, 7) == (form == FORM_MLS ? 2 : 0) && !ppc_field(prefix, 8, 8) &&
           !(is_relative && ppc_field(suffix, 11, 15));
}

uint16_t decoder_find_prefixed(const struct decoder *d, uint32_t prefix, uint32_t suffix)
{
    for (uint16_t n = d->first[64]; n < d->count; n++)
        if ((suffix & d->rows[n].mask) == d->rows[n].match &&
            prefix_fits(insn_rows[d->rows[n].number].form, prefix, suffix))
            return d->rows[n].number;
    return INSN_ILLEGAL;
}

uint32_t decoder_word(const struct decoder *d, uint16_t number, uint32_t word)
{
    bool compares = number == INSN_cmp || number == INSN_cmpi || number == INSN_cmpl ||
                    number == INSN_cmpli;
    return d->is_32bit && compares ? word & ~(UINT32_C(1) << 21) : word;
}

/* The mask of rldicl, rldicr, rldic and rldimi, in the order of their extended opcodes. */
static uint64_t mask_of_md(uint32_t word)
{
    uint32_t m = ppc_field(word, 21, 25) | ppc_field(word, 26, 26) << 5;
    uint32_t sh = ppc_field(word, 16, 20) | ppc_field(word, 30, 30) << 5;
    switch (ppc_field(word, 27, 29)) {
    case 0:
        return ppc_mask64(m, 63);
    case 1:
        return ppc_mask64(0, m);
    default:
        return ppc_mask64(m, 63 - sh);
    }
}

/* The immediate of each form, in the shape its bodies want (insn.h); `pc` for branch targets. */
static int64_t find_imm(uint8_t form, uint32_t word, uint64_t pc)
{
    uint64_t base = word & 2 ? 0 : pc; /* AA */
    switch (form) {
    case FORM_I:
        return (int64_t)base + sign_extend(word & 0x03fffffc, 26);
    case FORM_B:
        return (int64_t)base + sign_extend(word & 0xfffc, 16);
    case FORM_D:
        return sign_extend(word & 0xffff, 16);
    case FORM_DS:
        return sign_extend(word & 0xfffc, 16);
    case FORM_DQ:
        return sign_extend(word & 0xfff0, 16);
    case FORM_DX: /* d0 || d1 || d2 */
        return sign_extend(ppc_field(word, 16, 25) << 6 | ppc_field(word, 11, 15) << 1 |
                               ppc_field(word, 31, 31), 16);
    case FORM_XFX: /* the SPR number's halves are swapped */
        return ppc_field(word, 16, 20) << 5 | ppc_field(word, 11, 15);
    case FORM_M: /* MASK(MB+32, ME+32) */
        return (int64_t)ppc_mask64(ppc_field(word, 21, 25) + 32, ppc_field(word, 26, 30) + 32);
    case FORM_MD:
        return (int64_t)mask_of_md(word);
    case FORM_SC:
        return ppc_field(word, 20, 26); /* LEV */
    default:
        return 0;
    }
}

/* The sixth bit of a vector-scalar register number stands where the form says; bit numbers are the
 * manual's. */
static void widen_vsr(struct insn *i, uint8_t form, uint64_t operands)
{
    uint32_t t = form == FORM_DQ ? 28 : 31, w = i->word;
    if (operands & (XT | XS))
        i->rt = (uint8_t)(i->rt | ppc_field(w, t, t) << 5);
    if (operands & XA)
        i->ra = (uint8_t)(i->ra | ppc_field(w, 29, 29) << 5);
    if (operands & XB)
        i->rb = (uint8_t)(i->rb | ppc_field(w, 30, 30) << 5);
    if (operands & XC)
        i->rc = (uint8_t)(i->rc | ppc_field(w, 28, 28) << 5);
}

static void select_banks(struct insn *i, const struct insn_row *row)
{
    uint64_t operands = row->in | row->out;
    widen_vsr(i, row->form, operands);
    if (operands & (VRT | VRS))
        i->rt = (uint8_t)(i->rt + 32);
    if (operands & VRA)
        i->ra = (uint8_t)(i->ra + 32);
    if (operands & VRB)
        i->rb = (uint8_t)(i->rb + 32);
    if (operands & VRC)
        i->rc = (uint8_t)(i->rc + 32);
    if (operands & RA0 && i->ra == 0)
        i->ra = GPR_ZERO;
}

/* The condition of a branch as one comparison: the CR field, its bit BI (none when BO says
 * "ignore"), the wanted value. */
static void find_condition(struct insn *i)
{
    uint32_t bo = i->rt, bi = i->ra;
    uint8_t bit = (uint8_t)(bo & 16 ? 0 : 8u >> (bi & 3));
    i->ra = (uint8_t)(bi >> 2);
    i->rb = bit;
    i->rc = (uint8_t)(bo & 8 ? bit : 0);
}

/* d0, the high 18 bits of the displacement. */
void insn_add_prefix(struct insn *i, uint32_t prefix)
{
    i->suffix = i->word;
    i->word = prefix;
    i->imm = sign_extend((uint64_t)ppc_field(prefix, 14, 31) << 16 | (i->suffix & 0xffff), 34);
    if (ppc_field(prefix, 11, 11))
        i->imm += (int64_t)i->pc;
}

void insn_predecode(struct insn *i, uint16_t number, uint32_t word, uint64_t pc)
{
    const struct insn_row *row = &insn_rows[number];
    *i = (struct insn){.handler = i->handler, .pc = pc, .word = word, .number = number};
    i->rt = (uint8_t)ppc_field(word, 6, 10);
    i->ra = (uint8_t)ppc_field(word, 11, 15);
    i->rb = (uint8_t)ppc_field(word, 16, 20);
    i->rc = (uint8_t)ppc_field(word, 21, 25);
    i->imm = find_imm(row->form, word, pc);
    if (row->form == FORM_MD || row->form == FORM_MDS) /* mb or me, six bits, high bit last */
        i->rc = (uint8_t)(ppc_field(word, 21, 25) | ppc_field(word, 26, 26) << 5);
    if (row->form == FORM_MD || row->form == FORM_XS) /* sh, likewise */
        i->rb = (uint8_t)(ppc_field(word, 16, 20) | ppc_field(word, 30, 30) << 5);
    select_banks(i, row);
    if (row->flags & F_COND)
        find_condition(i);
}
