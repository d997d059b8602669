/* Random words: operand bits free, within what makes a valid form. */
#include <fnmatch.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/operands.h"
#include "tests/isa/gen.h"
#include "tests/isa/ours.h"
#include "tests/isa/rules.h"

#define ATTEMPTS 2000
#define RESERVED_GPR 1 /* the runner's base */

static void set_field(uint32_t *word, unsigned first, unsigned last, uint32_t value)
{
    uint32_t mask = (uint32_t)((UINT64_C(1) << (last - first + 1)) - 1) << (31 - last);
    *word = (*word & ~mask) | (value << (31 - last) & mask);
}

/* Equal registers and register 0 are where bodies read after they wrote, or forget RA0. */
static uint32_t bias_registers(struct gen *g, uint32_t word)
{
    static const uint8_t first[] = {6, 11, 16, 21};
    unsigned to = first[value_below(&g->values, 4)], from = first[value_below(&g->values, 4)];
    if (value_once_in(&g->values, 4))
        set_field(&word, to, to + 4, ppc_field(word, from, from + 4));
    if (value_once_in(&g->values, 8))
        set_field(&word, 11, 15, 0);
    if (value_once_in(&g->values, 8)) /* short displacements, shift counts of 0 */
        set_field(&word, 16, 31, (uint32_t)value_int(&g->values) & 0xffff);
    return word;
}

static bool uses_gpr(const struct insn_deps *deps, uint32_t gpr)
{
    bool used = (gpr - deps->multi_first) % 32 < deps->multi_count;
    for (uint32_t n = 0; n < deps->in_count; n++)
        used |= deps->in[n] == REG_GPR + gpr;
    for (uint32_t n = 0; n < deps->out_count; n++)
        used |= deps->out[n] == REG_GPR + gpr;
    return used;
}

/* By the operand text as well: a wrong dependence mask must not let a word destroy the runner's
 * base. */
static bool names_gpr(const char *operands, const struct insn *i, uint32_t gpr)
{
    static const struct {
        const char *name;
        unsigned first;
    } gprs[] = {{"RT", 6}, {"RS", 6}, {"RA", 11}, {"RB", 16}, {"RC", 21}};
    for (uint32_t n = 0; n < ARRAY_LEN(gprs); n++) {
        const char *at = strstr(operands, gprs[n].name);
        bool is_word = at && (at == operands || at[-1] == ',' || at[-1] == '(');
        if (is_word && ppc_field(i->word, gprs[n].first, gprs[n].first + 4) == gpr)
            return true;
    }
    return false;
}

/* BO encodings that the ISA defines: z bits zero, hint "at" not 01. */
static bool bo_is_valid(uint32_t bo)
{
    if (bo & 16)
        return bo == 20 || (!(bo & 4) && (bo & 9) != 1);
    return bo & 4 ? (bo & 3) != 1 : !(bo & 1);
}

static bool storage_form_is_valid(const struct insn *i, const struct insn_row *row,
                                  const struct insn_deps *deps)
{
    uint32_t rt = ppc_field(i->word, 6, 10), ra = ppc_field(i->word, 11, 15);
    uint32_t rb = ppc_field(i->word, 16, 20);
    if (row->flags & F_UPDATE && (ra == 0 || (row->out & RT && ra == rt)))
        return false;
    /* A load of several registers must not load its base. */
    if (row->out & MULTI && ((ra - deps->multi_first) % 32 < deps->multi_count))
        return false;
    if (row->out & MULTI && row->in & RB && (rb - deps->multi_first) % 32 < deps->multi_count)
        return false;
    if (row->out & RTP && (ra == rt || ra == rt + 1 ||
                           (row->in & RB && (rb | 1) == (rt | 1))))
        return false;
    return true;
}

static bool is_valid(struct gen *g, const struct insn *i)
{
    const struct insn_row *row = &insn_rows[i->number];
    struct insn_deps deps;
    if (decoder_find(g->decoder, i->word) != i->number)
        return false;
    insn_find_deps(i, &deps);
    if (uses_gpr(&deps, RESERVED_GPR) || names_gpr(row->operands, i, RESERVED_GPR))
        return false;
    if ((row->in | row->out) & (RTP | RSP | FRTP | FRSP) && i->word >> 21 & 1)
        return false;
    if (row->flags & F_COND && !bo_is_valid(ppc_field(i->word, 6, 10)))
        return false;
    if (row->flags & F_COND && row->in & CTR && !(i->word >> 23 & 1)) /* bcctr cannot decrement */
        return false;
    if (i->rt == i->rb && isa_rule_find(row->mnemonic, RULE_DISTINCT))
        return false;
    return storage_form_is_valid(i, row, &deps);
}

static void aim_branch(struct gen *g, uint32_t *word, uint8_t form, uint64_t pc)
{
    uint64_t slot = pc - ISA_WORD_AT + ISA_SLOT_BYTES * (value_below(&g->values, 17) - 8);
    if (slot - ISA_CODE_BASE >= ISA_SLOTS * ISA_SLOT_BYTES)
        slot = pc - ISA_WORD_AT;
    uint64_t target = slot + ISA_PAD_AT(value_below(&g->values, ISA_PADS));
    uint64_t base = *word & 2 ? 0 : pc;
    set_field(word, form == FORM_I ? 6 : 16, 29, (uint32_t)((target - base) >> 2));
}

/* XER, LR, CTR, VRSAVE, TAR; of mftb the time base. */
static void choose_spr(struct gen *g, uint32_t *word, const char *operands)
{
    static const uint16_t sprs[] = {1, 8, 9, 256, 815};
    uint32_t spr = strstr(operands, "TBR") ? 268 + (uint32_t)value_below(&g->values, 2)
                                           : sprs[value_below(&g->values, ARRAY_LEN(sprs))];
    set_field(word, 11, 15, spr & 31);
    set_field(word, 16, 20, spr >> 5);
}

static void apply_rules(struct gen *g, uint32_t *word, const char *mnemonic)
{
    for (const struct isa_rule *r = isa_rules; r->row; r++) {
        if (fnmatch(r->row, mnemonic, 0) != 0)
            continue;
        uint32_t width = r->last - r->first + 1u;
        if (r->kind == RULE_FIELD_MAX)
            set_field(word, r->first, r->last, (uint32_t)value_below(&g->values, r->max + 1u));
        if (r->kind == RULE_ONE_BIT)
            set_field(word, r->first, r->last, 1u << value_below(&g->values, width));
    }
}

bool gen_word(struct gen *g, uint16_t number, uint64_t pc, uint32_t *word)
{
    const struct insn_row *row = &insn_rows[number];
    uint32_t mask, match, reserved;
    insn_pattern_bits(row->pattern, &mask, &match, &reserved);
    for (int n = 0; n < ATTEMPTS; n++) {
        struct insn i = {0};
        uint32_t w = bias_registers(g, (uint32_t)rng_next(&g->values.rng));
        if (row->flags & F_BRANCH && (row->form == FORM_I || row->form == FORM_B))
            aim_branch(g, &w, row->form, pc);
        if ((row->in | row->out) & SPR)
            choose_spr(g, &w, row->operands);
        apply_rules(g, &w, row->mnemonic);
        w = match | (w & ~(mask | reserved));
        insn_predecode(&i, number, w, pc);
        if (is_valid(g, &i)) {
            *word = w;
            return true;
        }
    }
    return false;
}
