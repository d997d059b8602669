/* Dependences of one instruction, from its row's register words and the fields of the word. */
#include "sim/isa/deps.h"

#include "sim/base/bits.h"
#include "sim/isa/decode.h"
#include "sim/isa/operands.h"
#include "sim/isa/state.h"

struct reg_list {
    uint8_t *regs, *count;
    uint8_t max;
};

static void add(struct reg_list *list, uint32_t reg)
{
    for (uint8_t n = 0; n < *list->count; n++)
        if (list->regs[n] == reg)
            return;
    if (*list->count < list->max)
        list->regs[(*list->count)++] = (uint8_t)reg;
}

static void add_if(struct reg_list *list, uint64_t words, uint64_t wanted, uint32_t reg)
{
    if (words & wanted)
        add(list, reg);
}

static void add_pair(struct reg_list *list, uint64_t words, uint64_t wanted, uint32_t reg)
{
    add_if(list, words, wanted, reg);
    add_if(list, words, wanted, reg + 1);
}

/* Base registers first, so that address_in can say how many make the address. */
static void add_base(struct reg_list *list, uint64_t words, const struct insn *i)
{
    add_if(list, words, RA, REG_GPR + i->ra);
    if (words & RA0 && i->ra != GPR_ZERO)
        add(list, REG_GPR + i->ra);
    add_if(list, words, RB, REG_GPR + i->rb);
}

static void add_registers(struct reg_list *list, uint64_t words, const struct insn *i)
{
    add_if(list, words, RT | RS, REG_GPR + i->rt);
    add_if(list, words, RC, REG_GPR + i->rc);
    add_pair(list, words, RTP | RSP, REG_GPR + i->rt);
    add_if(list, words, RT1, REG_GPR + ((i->rt + 1u) & 31));
    add_if(list, words, RT2, REG_GPR + ((i->rt + 2u) & 31));
    /* i->rt and the others already are VSR numbers for these banks. */
    add_if(list, words, FRT | FRS | VRT | VRS | XT | XS, REG_VSR + i->rt);
    add_pair(list, words, FRTP | FRSP, REG_VSR + i->rt);
    add_pair(list, words, FRAP, REG_VSR + i->ra);
    add_pair(list, words, FRBP, REG_VSR + i->rb);
    add_if(list, words, FRA | VRA | XA, REG_VSR + i->ra);
    add_if(list, words, FRB | VRB | XB, REG_VSR + i->rb);
    add_if(list, words, FRC | VRC | XC, REG_VSR + i->rc);
}

static void add_cr(struct reg_list *list, uint64_t words, const struct insn *i)
{
    uint32_t w = i->word;
    add_if(list, words, BF, REG_CR + ppc_field(w, 6, 8));
    add_if(list, words, BFA, REG_CR + ppc_field(w, 11, 13));
    add_if(list, words, BT, REG_CR + ppc_field(w, 6, 8));
    add_if(list, words, BA, REG_CR + ppc_field(w, 11, 13));
    add_if(list, words, BI, REG_CR + ppc_field(w, 11, 13));
    add_if(list, words, BB, REG_CR + ppc_field(w, 16, 18));
    add_if(list, words, BC, REG_CR + ppc_field(w, 21, 23));
    add_if(list, words, CR0, REG_CR + 0);
    add_if(list, words, CR1, REG_CR + 1);
    add_if(list, words, CR6, REG_CR + 6);
    for (uint32_t f = 0; f < 8; f++)
        if (words & CR || (words & FXM && ppc_field(w, 12 + f, 12 + f)))
            add(list, REG_CR + f);
}

/* The register behind an SPR number (ISA Book I and II, user level). */
static void add_spr(struct reg_list *list, uint32_t spr)
{
    switch (spr) {
    case 1:
        add(list, REG_CA);
        add(list, REG_OV);
        add(list, REG_SO);
        break;
    case 8:   add(list, REG_LR); break;
    case 9:   add(list, REG_CTR); break;
    case 815: add(list, REG_TAR); break;
    case 256: add(list, REG_VRSAVE); break;
    default:  add(list, REG_SPR);
    }
}

static void add_special(struct reg_list *list, uint64_t words, const struct insn *i)
{
    add_if(list, words, CA | XER, REG_CA);
    add_if(list, words, OV | XER, REG_OV);
    add_if(list, words, SO | XER, REG_SO);
    add_if(list, words, LR, REG_LR);
    add_if(list, words, CTR, REG_CTR);
    add_if(list, words, TAR, REG_TAR);
    add_if(list, words, FPSCR, REG_FPSCR);
    add_if(list, words, VSCR, REG_VSCR);
    add_if(list, words, VRSAVE, REG_VRSAVE);
    if (words & SPR)
        add_spr(list, (uint32_t)i->imm);
}

/* What OE, Rc, LK and BO add to the row's words. */
static void apply_flags(const struct insn *i, uint32_t flags, uint64_t *out, uint64_t *in)
{
    uint32_t w = i->word, bo = ppc_field(w, 6, 10);
    if (flags & F_OE && ppc_field(w, 21, 21))
        *out |= OV | SO;
    if (flags & F_RC && w & 1) {
        *out |= CR0;
        *in |= SO; /* copied into CR0 */
    }
    if (flags & F_RC1 && w & 1) {
        *out |= CR1;
        *in |= FPSCR; /* copied into CR1 */
    }
    if (flags & F_RC6 && ppc_field(w, 21, 21))
        *out |= CR6;
    if (flags & F_LK && w & 1)
        *out |= LR;
    if (flags & F_COND && !(bo & 4)) {
        *in |= CTR;
        *out |= CTR;
    }
    if (flags & F_COND && bo & 16)
        *in &= ~BI;
}

static void find_multi(const struct insn *i, struct insn_deps *deps)
{
    /* lswi, stswi; the count of lswx and stswx is XER's: taken as 32 bytes. */
    uint32_t nb = insn_rows[i->number].in & RB ? 0 : ppc_field(i->word, 16, 20);
    bool is_multiple = i->word >> 26 != 31;   /* lmw, stmw */
    deps->multi_first = i->rt;
    deps->multi_count = is_multiple ? (uint8_t)(32 - i->rt) : (uint8_t)(nb ? (nb + 3) / 4 : 8);
}

/* The row's, but that mtcrf of one field and of several are two. */
static uint8_t class_of(const struct insn_row *row, const struct insn_deps *d)
{
    return row->class == CLASS_MTCR && d->out_count != 1 ? CLASS_MTCRM : row->class;
}

static void sum_up(struct insn_deps *d, uint8_t class)
{
    struct insn_needs *needs = &d->needs;
    needs->class = class;
    needs->many_in = d->in_count > INSN_FEW_IN || d->multi_count;
    needs->many_out = d->out_count > INSN_FEW_OUT || d->multi_count;
    for (uint32_t n = 0; n < INSN_FEW_IN; n++)
        needs->in[n] = n < d->in_count ? d->in[n] : REG_NO_INPUT;
    for (uint32_t n = 0; n < INSN_FEW_OUT; n++)
        needs->out[n] = n < d->out_count ? d->out[n] : REG_NO_OUTPUT;
}

void insn_find_deps(const struct insn *i, struct insn_deps *deps)
{
    const struct insn_row *row = &insn_rows[i->number];
    uint64_t in = row->in, out = row->out;
    *deps = (struct insn_deps){0};
    struct reg_list ins = {deps->in, &deps->in_count, INSN_MAX_IN};
    struct reg_list outs = {deps->out, &deps->out_count, INSN_MAX_OUT};
    apply_flags(i, row->flags, &out, &in);
    add_base(&ins, in, i);
    deps->address_in = row->flags & (F_LOAD | F_STORE) ? deps->in_count : 0;
    add_registers(&ins, in, i);
    add_special(&ins, in, i);
    add_cr(&ins, in, i);
    add_registers(&outs, out, i);
    add_if(&outs, out, RA, REG_GPR + i->ra);
    add_special(&outs, out, i);
    add_cr(&outs, out, i);
    if ((in | out) & MULTI)
        find_multi(i, deps);
    sum_up(deps, class_of(row, deps));
}
