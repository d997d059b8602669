#include "models/pipeline/scalar/insn.h"

#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/isa/decode.h"
#include "sim/isa/operands.h"

const struct scalar_insn scalar_insn_unknown = {
    .unit = SCALAR_ALU, .class = CLASS_INT, .latency = 1, .cycles = 1,
    .flags = SI_REDIRECT | SI_BYPASS1 | SI_BYPASS2, .pair_in = SCALAR_NO_REG,
    .out = SCALAR_NO_REG, .update_out = SCALAR_NO_REG};

/* What an instruction's row does not say, by primary and extended opcode (bits 0:5 and 21:30): the
 * few instructions that a stage treats in a way of their own. A row here replaces the unit and adds
 * the flags. */
struct special {
    uint8_t primary;
    uint16_t extended;
    uint8_t unit;
    uint32_t flags;
};

static const struct special specials[] = {
    {31, 598, SCALAR_LSU, SI_SYNC | SI_SERIAL},          /* sync, lwsync, ptesync */
    {31, 854, SCALAR_ALU, 0},                            /* eieio */
    {31, 30, SCALAR_ALU, SI_SERIAL},                     /* wait */
    {31, 982, SCALAR_ALU, SI_SERIAL | SI_BEGINS},        /* icbi */
    {31, 22, SCALAR_ALU, 0},                             /* icbt */
    {31, 54, SCALAR_ALU, 0},                             /* dcbst */
    {31, 86, SCALAR_LSU, SI_LOAD | SI_FLUSH},            /* dcbf */
    {31, 278, SCALAR_LSU, SI_LOAD | SI_TOUCH},           /* dcbt */
    {31, 246, SCALAR_LSU, SI_STORE | SI_TOUCH},          /* dcbtst */
    {31, 1014, SCALAR_LSU, SI_ZERO},                     /* dcbz */
    {31, 722, SCALAR_LSU, SI_STORE | SI_HASH},           /* hashst */
    {31, 754, SCALAR_LSU, SI_LOAD | SI_HASH},            /* hashchk */
    {31, 658, SCALAR_LSU, SI_STORE | SI_HASH},           /* hashstp */
    {31, 690, SCALAR_LSU, SI_LOAD | SI_HASH},            /* hashchkp */
    {31, 83, SCALAR_ALU, SI_SERIAL},                     /* mfmsr */
    {31, 146, SCALAR_ALU, 0},                            /* mtmsr */
    {31, 178, SCALAR_ALU, 0},                            /* mtmsrd */
    {31, 306, SCALAR_LSU, SI_MMU | SI_PROBE},                     /* tlbie */
    {31, 274, SCALAR_LSU, SI_MMU | SI_PROBE},                     /* tlbiel */
    {31, 498, SCALAR_LSU, SI_MMU | SI_PROBE},                     /* slbia */
    {31, 566, SCALAR_ALU, 0},                            /* tlbsync */
    {19, 150, SCALAR_ALU, SI_REDIRECT},                  /* isync */
    {19, 18, SCALAR_ALU, SI_REDIRECT},                   /* rfid */
    {19, 274, SCALAR_ALU, SI_REDIRECT},                  /* hrfid */
    {19, 82, SCALAR_ALU, SI_REDIRECT},                   /* rfscv */
};

/* Rows of a class whose other members are slow. */
static bool is_plain_alu(uint32_t word)
{
    switch (word >> 26 == 31 ? word >> 1 & 1023 : 0) {
    case 186: case 154: /* prtyd, prtyw */
    case 282: case 314: /* cdtbcd, cbcdtd */
    case 74:            /* addg6s */
    case 755:           /* darn */
        return true;
    }
    return false;
}

static void use_class(struct scalar_insn *r, const struct insn_row *row, const struct units *u)
{
    const struct unit_class *k = &u->class[row->class];
    uint32_t load = row->flags & F_LOAD;
    r->class = row->class;
    r->latency = k->latency > 3 ? 1 : (uint8_t)k->latency;
    r->cycles = k->interval;
    if (row->class >= CLASS_LD && row->class <= CLASS_STV) {
        r->unit = SCALAR_LSU;
        r->flags |= load ? SI_LOAD : SI_STORE;
        r->flags |= row->class == CLASS_LDFS ? SI_SINGLE : 0;
        r->flags |= row->class == CLASS_LARX || row->class == CLASS_STCX ? SI_RESERVE : 0;
    } else if ((row->class >= CLASS_FADD && row->class <= CLASS_FPSCR) ||
               (row->class >= CLASS_DIVW && row->class <= CLASS_MOD)) {
        r->unit = SCALAR_FPU;
    }
    if (row->flags & F_UPDATE)
        r->flags |= SI_UPDATE | (load ? SI_TWICE : 0);
    if ((row->flags & F_MEM_MASK) == F_M16 || (row->class == CLASS_STCX && row->in & RSP))
        r->flags |= SI_TWICE | SI_PAIR;
}

/* Copied by every core that has them in a small memory of their own: LR, CTR, SRR0, SRR1, VRSAVE,
 * SPRG0..3, HSPRG0, HSPRG1, HSRR0, HSRR1, HASHKEYR, HASHPKEYR, TAR. */
static bool is_fast_spr(uint32_t spr)
{
    return spr == 8 || spr == 9 || spr == 26 || spr == 27 || spr == 256 || spr == 259 ||
           (spr >= 272 && spr <= 275) || (spr >= 304 && spr <= 305) ||
           (spr >= 314 && spr <= 315) || spr == 468 || spr == 469 || spr == 815;
}

/* PID and PTCR live in the MMU; DSISR, DAR and the data watchpoints in the load/store unit. */
static bool is_mmu_spr(uint32_t spr) { return spr == 48 || spr == 464; }

static bool is_lsu_spr(uint32_t spr)
{
    return is_mmu_spr(spr) || spr == 18 || spr == 19 || spr == 180 || spr == 181 || spr == 188 ||
           spr == 189;
}

static void use_spr(struct scalar_insn *r)
{
    uint32_t spr = ppc_field(r->word, 16, 20) << 5 | ppc_field(r->word, 11, 15);
    bool write = r->class == CLASS_MTSPR;
    if (is_lsu_spr(spr)) {
        r->unit = SCALAR_LSU;
        r->flags |= (write ? SI_SERIAL : 0) | (write && is_mmu_spr(spr) ? SI_MMU : 0);
    } else if (is_fast_spr(spr)) {
        r->latency = 1;
    } else if (write) {
        r->flags |= SI_SERIAL;
    } else {
        r->latency = 3;
    }
    if (spr == 1)
        r->flags |= write ? SI_OV_OUT : SI_OV_IN;
    /* The register file is read for the T field of mfspr, too, so its old value is waited for. */
    if (!write)
        r->in[r->in_count++] = (uint8_t)ppc_field(r->word, 6, 10);
}

static void add_in(struct scalar_insn *r, uint32_t reg)
{
    if (r->in_count < ARRAY_LEN(r->in))
        r->in[r->in_count++] = (uint8_t)reg;
}

/* Registers of deps: the low half of the vector-scalar file are the FPRs. */
static bool file_register(uint32_t reg, uint32_t *file)
{
    *file = reg;
    return reg < REG_VSR + 32;
}

static void use_inputs(struct scalar_insn *r, const struct insn_deps *d)
{
    uint32_t file, count = d->in_count;
    if (r->flags & SI_PAIR && r->flags & SI_STORE) {
        r->pair_in = d->in[d->address_in];
        count = d->address_in;
    }
    for (uint32_t n = 0; n < count; n++) {
        if (file_register(d->in[n], &file))
            add_in(r, file);
        else if (d->in[n] >= REG_CR && d->in[n] < REG_CR + 8)
            r->flags |= SI_CR_IN;
        else if (d->in[n] == REG_OV ||
                 (d->in[n] == REG_SO && (r->class == CLASS_CMP || r->class == CLASS_CRL)))
            r->flags |= SI_OV_IN;
    }
}

/* mffs and its relatives: the register file is read for their B field, whatever it means. */
static void use_unused_inputs(struct scalar_insn *r)
{
    if (r->word >> 26 != 63 || (r->word >> 1 & 1023) != 583)
        return;
    r->in[0] = (uint8_t)(REG_VSR + ppc_field(r->word, 16, 20));
    r->in_count = 1;
}

static void use_outputs(struct scalar_insn *r, const struct insn_row *row, const struct insn *i,
                        const struct insn_deps *d)
{
    uint32_t file, base = REG_GPR + i->ra;
    bool update = row->flags & F_UPDATE;
    for (uint32_t n = 0; n < d->out_count; n++) {
        uint32_t reg = d->out[n];
        if (update && reg == base)
            r->update_out = (uint8_t)reg;
        else if (file_register(reg, &file) && r->out == SCALAR_NO_REG)
            r->out = (uint8_t)file;
        else if (reg == REG_CA || reg == REG_OV)
            r->flags |= SI_OV_IN;
        else if (reg >= REG_CR && reg < REG_CR + 8)
            r->flags |= SI_CR_OUT;
        if (reg == REG_OV)
            r->flags |= SI_OV_OUT;
    }
}

/* Rc=1 by a bit of the word, or always (andi., andis., store conditional). */
static bool is_record(const struct scalar_insn *r, const struct insn_row *row)
{
    if (!(r->flags & SI_CR_OUT))
        return false;
    return (row->flags & (F_RC | F_RC1) && r->word & 1) || row->class == CLASS_STCX ||
           row->class == CLASS_INT;
}

static void use_branch(struct scalar_insn *r)
{
    uint32_t primary = r->word >> 26;
    r->cycles = 1;
    r->latency = 1;
    if (primary == 19) {
        r->flags |= SI_REGISTER | SI_CR_IN;
        return;
    }
    r->flags |= SI_BRANCH;
    r->absolute = r->word & 2;
    r->target = primary == 18 ? sign_extend(r->word & 0x3fffffc, 26)
                              : sign_extend(r->word & 0xfffc, 16);
    if (primary == 18 || r->target < 0)
        r->flags |= SI_STATIC;
    if (primary == 16)
        r->flags |= SI_CR_IN;
}

static void use_special(struct scalar_insn *r)
{
    uint32_t primary = r->word >> 26, extended = r->word >> 1 & 1023;
    for (const struct special *s = specials; s < specials + ARRAY_LEN(specials); s++) {
        if (s->primary != primary || s->extended != extended)
            continue;
        r->unit = s->unit;
        r->flags = (r->flags & ~(uint32_t)(SI_LOAD | SI_STORE)) | s->flags;
        r->latency = 1, r->cycles = 1;
        if (s->unit == SCALAR_ALU && !(s->flags & SI_REDIRECT) && r->out == SCALAR_NO_REG &&
            extended != 146 && extended != 178)
            r->in_count = 0; /* no-operations here, however they are written */
    }
}

/* pdepd, pextd, cfuged */
static bool is_bit_sort(uint32_t word)
{
    uint32_t extended = word >> 1 & 1023;
    return word >> 26 == 31 && (extended == 156 || extended == 188 || extended == 220);
}

/* Register that an operation writes: of a cracked load the data, then the base. */
static uint8_t output(const struct scalar_insn *r, bool second)
{
    if (!(r->flags & SI_TWICE))
        return r->out != SCALAR_NO_REG ? r->out : r->update_out;
    if (r->flags & SI_PAIR)
        return r->out == SCALAR_NO_REG ? r->out : (uint8_t)(r->out | (second ? 0u : 1u));
    return second ? r->update_out : r->out;
}

/* The second half of a cracked instruction has its address already. */
static uint64_t inputs(const struct scalar_insn *r, bool second)
{
    uint64_t mask = 0;
    for (uint32_t n = 0; !second && n < r->in_count; n++)
        mask |= UINT64_C(1) << r->in[n];
    if (r->pair_in != SCALAR_NO_REG)
        mask |= UINT64_C(1) << (r->pair_in | (second ? 0u : 1u));
    return mask;
}

/* The second operation of a cracked load, unless it is of a quadword, writes the base register and
 * asks nothing. */
static uint32_t access_flags(const struct scalar_insn *r, bool second)
{
    uint32_t flags = r->flags & SI_ACCESS;
    bool asks = !second || r->flags & SI_PAIR;
    if (asks && flags & (SI_LOAD | SI_STORE | SI_SYNC | SI_ZERO | SI_PROBE))
        flags |= AC_CACHE;
    if (asks && r->flags & SI_SINGLE && flags & SI_LOAD)
        flags |= AC_CONVERT;
    if (second)
        flags |= AC_SECOND;
    if (second || !(r->flags & SI_TWICE))
        flags |= AC_LAST;
    if (flags & (SI_LOAD | SI_STORE | SI_ZERO))
        flags |= AC_MAPPED;
    return flags;
}

/* What the stages would otherwise find anew each time. */
static void summarise(struct scalar_insn *r)
{
    for (uint32_t second = 0; second < 2; second++) {
        uint8_t out = output(r, second);
        r->waits_for[second] = inputs(r, second);
        r->access[second] = access_flags(r, second);
        r->writes[second] = out == SCALAR_NO_REG ? 0 : UINT64_C(1) << out;
    }
    if (r->unit == SCALAR_ALU && r->latency == 1 && r->cycles == 1)
        r->flags |= SI_BYPASS1;
    if (r->latency < 3)
        r->flags |= SI_BYPASS2;
}

static void decode(const struct scalar_insns *t, struct scalar_insn *r, const struct insn *i)
{
    const struct insn_row *row = &insn_rows[i->number];
    bool prefixed = row->flags & F_PREFIX;
    struct insn_deps d;
    *r = (struct scalar_insn){.word = prefixed ? i->suffix : i->word,
                              .prefix = prefixed ? i->word : 0, .latency = 1, .cycles = 1,
                              .pair_in = SCALAR_NO_REG, .out = SCALAR_NO_REG,
                              .update_out = SCALAR_NO_REG};
    if (prefixed)
        r->flags |= SI_PREFIX;
    insn_find_deps(i, &d);
    use_class(r, row, t->units);
    if (row->flags & F_BRANCH)
        use_branch(r);
    use_inputs(r, &d);
    use_unused_inputs(r);
    use_outputs(r, row, i, &d);
    if (is_record(r, row))
        r->flags = (r->flags & ~(uint32_t)SI_CR_OUT) | SI_RC |
                   (r->unit == SCALAR_FPU && row->flags & F_RC1 ? 0u : (uint32_t)SI_OV_IN);
    if (is_plain_alu(i->word))
        r->latency = 1, r->cycles = 1;
    if (row->form == FORM_XFX && row->class >= CLASS_MFSPR && row->class <= CLASS_MTSPR)
        use_spr(r);
    if (is_bit_sort(i->word) && t->bit_sort_cycles)
        r->cycles = (uint16_t)t->bit_sort_cycles;
    use_special(r);
    summarise(r);
}

const struct scalar_insn *scalar_insn_find(struct scalar_insns *t, const struct insn *i)
{
    bool prefixed = insn_rows[i->number].flags & F_PREFIX;
    uint32_t word = prefixed ? i->suffix : i->word, prefix = prefixed ? i->word : 0;
    struct scalar_insn **chain = &t->row[scalar_insn_hash(word)];
    for (struct scalar_insn *r = *chain; r; r = r->next)
        if (r->word == word && r->prefix == prefix)
            return r;
    struct scalar_insn *r = xcalloc(1, sizeof *r);
    decode(t, r, i);
    r->next = *chain;
    return *chain = r;
}

void scalar_insns_destroy(struct scalar_insns *t)
{
    for (uint32_t n = 0; t && n < SCALAR_INSN_HASH; n++)
        while (t->row[n]) {
            struct scalar_insn *r = t->row[n];
            t->row[n] = r->next;
            free(r);
        }
    free(t);
}
