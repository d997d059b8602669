/* Registers that a row lists without reading or writing them. */
#include <string.h>

#include "sim/isa/decode.h"
#include "tests/isa/check.h"
#include "tests/isa/regs.h"

/* A register that matters shows in fewer, with operands like ours; FPSCR and VSCR, of which some
 * rows write one sticky bit, in fewer than the second. */
#define ENOUGH_CASES  60
#define ENOUGH_STICKY 2000

static bool same(const struct isa_regs *a, const struct isa_regs *b, uint32_t reg)
{
    uint64_t x[2], y[2];
    reg_get(a, reg, x);
    reg_get(b, reg, y);
    return x[0] == y[0] && x[1] == y[1];
}

static bool same_everywhere(const struct isa_regs *a, const struct isa_regs *b, uint32_t but)
{
    for (uint32_t reg = 0; reg < REG_SPR; reg++)
        if (reg != but && !same(a, b, reg))
            return false;
    return a->nia == b->nia && a->signal == b->signal &&
           memcmp(a->window, b->window, sizeof a->window) == 0;
}

static void disturb_one(struct isa_regs *in, uint32_t reg, struct values *values)
{
    uint64_t v[2];
    value_vector(values, v);
    if (reg < REG_VSR || reg >= REG_CR)
        v[0] = value_int(values);
    if (reg == REG_FPSCR) /* FPRF and the rounding mode: the enables would raise at once */
        v[0] &= 0x1f003;
    if (reg == REG_VSCR)
        v[0] &= 0x10001;
    if (reg == REG_VRSAVE)
        v[0] = (uint32_t)v[0];
    reg_set(in, reg, v);
}

/* Whether another value of the register has any effect beyond the register itself, or on itself as
 * a target: then both runs end with what the word made of it. */
static bool matters(struct ours *o, uint32_t slot, const struct isa_block *block,
                    const struct isa_regs *after, uint32_t reg, bool is_out, struct values *values)
{
    struct isa_block other = *block;
    struct isa_regs result;
    disturb_one(&other.in, reg, values);
    ours_run(o, slot, &other, OURS_STEP, &result);
    return !same_everywhere(after, &result, reg) || (is_out && !same(after, &result, reg));
}

static bool listed(const struct insn_deps *deps, uint32_t reg)
{
    for (uint8_t n = 0; n < deps->out_count; n++)
        if (deps->out[n] == reg)
            return true;
    return false;
}

static bool all_known(const struct mask_use *u)
{
    for (uint8_t n = 0; n < u->widest.in_count; n++)
        if (!u->in_matters[n])
            return false;
    for (uint8_t n = 0; n < u->widest.out_count; n++)
        if (!u->out_written[n])
            return false;
    return u->cases != 0;
}

/* SO is set by overflow alone, for which some rows have one operand in 2^64. */
static bool is_rarely_written(uint32_t reg) { return reg >= REG_SPR || reg == REG_SO; }

static bool is_sticky(uint32_t reg) { return reg == REG_FPSCR || reg == REG_VSCR; }

void mask_use_observe(struct mask_use *u, struct ours *o, uint32_t slot,
                      const struct isa_block *block, const struct isa_regs *after,
                      struct values *values)
{
    struct insn i = {0};
    struct insn_deps deps;
    if (after->signal || all_known(u))
        return;
    insn_predecode(&i, decoder_find(ours_decoder(o), block->word), block->word,
                   slot_word_address(slot));
    insn_find_deps(&i, &deps);
    uint32_t size = deps.in_count + deps.out_count;
    if (size > (uint32_t)u->widest.in_count + u->widest.out_count)
        *u = (struct mask_use){.widest = deps, .word = block->word};
    if (deps.in_count != u->widest.in_count || deps.out_count != u->widest.out_count)
        return;
    u->cases++;
    for (uint8_t n = 0; n < deps.in_count; n++)
        if (!u->in_matters[n])
            u->in_matters[n] = deps.in[n] >= REG_SPR || matters(o, slot, block, after, deps.in[n],
                                                                listed(&deps, deps.in[n]), values);
    for (uint8_t n = 0; n < deps.out_count; n++)
        u->out_written[n] |=
            is_rarely_written(deps.out[n]) || !same(&block->in, after, deps.out[n]);
}

static uint32_t report_one(const struct mask_use *u, const char *mnemonic, uint32_t reg,
                           const char *what, FILE *report)
{
    char name[16];
    if (!report)
        return 1;
    reg_name(reg, name, sizeof name);
    fprintf(report, "%s: %s of its word %08x %s in %u cases\n", mnemonic, name, u->word, what,
            u->cases);
    return 1;
}

uint32_t mask_use_report(const struct mask_use *u, const char *mnemonic, FILE *report)
{
    uint32_t count = 0;
    if (u->cases < ENOUGH_CASES)
        return 0;
    for (uint8_t n = 0; n < u->widest.in_count; n++)
        if (!u->in_matters[n])
            count += report_one(u, mnemonic, u->widest.in[n], "(`in`) had no effect", report);
    for (uint8_t n = 0; n < u->widest.out_count; n++)
        if (!u->out_written[n] && (u->cases >= ENOUGH_STICKY || !is_sticky(u->widest.out[n])))
            count += report_one(u, mnemonic, u->widest.out[n], "(`out`) never changed", report);
    return count;
}
