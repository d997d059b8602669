/* Wrong register masks in a row go unnoticed until timing is wrong; here they show. */
#include <string.h>

#include "sim/isa/decode.h"
#include "sim/isa/operands.h"
#include "tests/isa/check.h"
#include "tests/isa/regs.h"

struct subject {
    struct insn insn;
    const struct insn_row *row;
    struct insn_deps deps;
    FILE *report;
    uint32_t count;
};

static bool listed(const uint8_t *regs, uint8_t count, uint32_t reg)
{
    for (uint8_t n = 0; n < count; n++)
        if (regs[n] == reg)
            return true;
    return false;
}

static bool in_multi(const struct subject *t, uint64_t words, uint32_t reg)
{
    return words & MULTI && reg < REG_VSR && (reg - t->deps.multi_first) % 32 < t->deps.multi_count;
}

static bool is_out(const struct subject *t, uint32_t reg)
{
    return listed(t->deps.out, t->deps.out_count, reg) || in_multi(t, t->row->out, reg);
}

static bool is_in(const struct subject *t, uint32_t reg)
{
    return listed(t->deps.in, t->deps.in_count, reg) || in_multi(t, t->row->in, reg);
}

static void say(struct subject *t, uint32_t reg, const char *what)
{
    char name[16];
    t->count++;
    if (!t->report)
        return;
    reg_name(reg, name, sizeof name);
    fprintf(t->report, "    %s %s\n", name, what);
}

static bool same(const struct isa_regs *a, const struct isa_regs *b, uint32_t reg)
{
    uint64_t x[2], y[2];
    reg_get(a, reg, x);
    reg_get(b, reg, y);
    return x[0] == y[0] && x[1] == y[1];
}

/* Sticky bits are not a dependence: real machines collect them at completion. */
static bool is_sticky(uint32_t reg)
{
    return reg == REG_SO || reg == REG_FPSCR || reg == REG_VSCR;
}

static void disturb(const struct subject *t, struct isa_regs *in, struct values *values)
{
    for (uint32_t reg = 0; reg < REG_SPR; reg++) {
        uint64_t v[2] = {value_int(values), value_int(values)};
        if (reg == REG_GPR + 1 || is_in(t, reg) || (is_sticky(reg) && is_out(t, reg)))
            continue;
        if (reg == REG_FPSCR)
            v[0] &= 3;
        if (reg == REG_VSCR) /* NJ is a mode: no instruction waits for it */
            v[0] = (v[0] & 1) | (in->vscr & 0x10000);
        if (reg == REG_VRSAVE)
            v[0] = (uint32_t)v[0];
        reg_set(in, reg, v);
    }
}

uint32_t check_deps(struct ours *o, uint32_t slot, const struct isa_block *block,
                    const struct isa_regs *after, struct values *values, FILE *report)
{
    struct subject t = {.report = report};
    struct isa_block other = *block;
    struct isa_regs result;
    if (after->signal)
        return 0; /* nothing was written */
    insn_predecode(&t.insn, decoder_find(ours_decoder(o), block->word), block->word,
                   slot_word_address(slot));
    t.row = &insn_rows[t.insn.number];
    insn_find_deps(&t.insn, &t.deps);
    for (uint32_t reg = 0; reg < REG_SPR; reg++)
        if (!same(&block->in, after, reg) && !is_out(&t, reg))
            say(&t, reg, "changed but is not in the row's `out`");
    disturb(&t, &other.in, values);
    ours_run(o, slot, &other, OURS_STEP, &result);
    for (uint32_t reg = 0; reg < REG_SPR; reg++)
        if (is_out(&t, reg) && !same(after, &result, reg))
            say(&t, reg, "depends on a register that is not in the row's `in`");
    if (after->nia != result.nia || after->signal != result.signal)
        say(&t, REG_SPR, "(next address or exception) depends on a register not in `in`");
    if (memcmp(after->window, result.window, sizeof result.window) != 0)
        say(&t, REG_SPR, "(storage) depends on a register not in `in`");
    return t.count;
}
