/* Random registers and storage for a word. */
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/operands.h"
#include "tests/isa/gen.h"
#include "tests/isa/ours.h"
#include "tests/isa/rules.h"

#define MANY_BYTES 128 /* room for accesses whose length is known only when executed */

/* FPSCR bits that stay set: FX, OX to VXVC, VXSOFT, VXSQRT, VXCVI; those that VX summarises;
 * FR, FI, FPRF; DRN. */
#define FPSCR_STICKY  UINT64_C(0x9ff80700)
#define FPSCR_INVALID UINT64_C(0x01f80700)
#define FPSCR_VX      UINT64_C(0x20000000)
#define FPSCR_RESULT  UINT64_C(0x0007f000)
#define FPSCR_DRN     UINT64_C(0x700000000)
#define FPSCR_ENABLES UINT64_C(0xf8)
#define FPSCR_ENABLE_SHIFT 22

/* Exceptions are enabled only where their bits are clear: otherwise loading the register would
 * raise already. */
static uint64_t random_fpscr(struct values *v)
{
    uint64_t f = rng_next(&v->rng) & (FPSCR_RESULT | 3);
    if (value_once_in(v, 2))
        f |= rng_next(&v->rng) & rng_next(&v->rng) & FPSCR_STICKY;
    if (value_once_in(v, 8))
        f |= rng_next(&v->rng) & FPSCR_DRN;
    f = f & FPSCR_INVALID ? f | FPSCR_VX : f;
    if (value_once_in(v, 8)) /* VX, OX, UX, ZX, XX stand 22 bits above their enables */
        f |= rng_next(&v->rng) & FPSCR_ENABLES & ~(f >> FPSCR_ENABLE_SHIFT);
    return f;
}

static uint64_t pad_address(struct values *v)
{
    uint64_t slot = ISA_CODE_BASE + value_below(v, ISA_SLOTS) * ISA_SLOT_BYTES;
    uint64_t ignored = value_once_in(v, 4) ? value_below(v, 4) : 0; /* the two lowest bits */
    return slot + ISA_PAD_AT(value_below(v, ISA_PADS)) + ignored;
}

static void random_registers(struct values *v, struct isa_regs *in)
{
    for (uint32_t n = 0; n < 32; n++)
        in->gpr[n] = value_int(v);
    in->gpr[1] = ISA_BLOCK_BASE;
    for (uint32_t n = 0; n < 64; n++)
        value_vector(v, in->vsr[n]);
    in->cr = (uint32_t)value_int(v);
    in->xer = (rng_next(&v->rng) & 0xe00c0000) | (value_once_in(v, 2) ? value_below(v, 128) : 8);
    in->lr = value_int(v);
    in->ctr = value_once_in(v, 2) ? value_below(v, 3) : value_int(v);
    in->tar = value_int(v);
    in->vrsave = (uint32_t)value_int(v);
    in->fpscr = random_fpscr(v);
    in->vscr = value_below(v, 2) | (value_once_in(v, 8) ? 0x10000 : 0);
    for (uint32_t n = 0; n < ISA_WINDOW_BYTES; n += 16) {
        uint64_t d[2];
        value_vector(v, d);
        memcpy(in->window + n, d, sizeof d);
    }
}

/* lswx and stswx: dependences take the string for at most 32 bytes, and a longer one could load the
 * runner's base register. */
static void limit_string(struct values *v, const struct insn_row *row, struct isa_regs *in)
{
    if ((row->in | row->out) & MULTI)
        in->xer = (in->xer & ~UINT64_C(127)) | value_below(v, 33);
}

static void aim_indirect_branch(struct values *v, const struct insn_row *row, struct isa_regs *in)
{
    if (!(row->flags & F_BRANCH))
        return;
    if (row->in & LR)
        in->lr = pad_address(v);
    if (row->in & CTR)
        in->ctr = pad_address(v);
    if (row->in & TAR)
        in->tar = pad_address(v);
}

static uint64_t window_address(struct values *v, const struct insn_row *row)
{
    const struct isa_rule *aligned = isa_rule_find(row->mnemonic, RULE_ALIGNED);
    uint64_t bytes = aligned ? aligned->max : insn_mem_bytes(row), align = 1;
    if (aligned || (bytes && value_once_in(v, 2)))
        align = bytes;
    if (!bytes)
        bytes = MANY_BYTES;
    uint64_t offset = value_below(v, ISA_WINDOW_BYTES - bytes + 1);
    if (value_once_in(v, 4)) /* where the page ends */
        offset = ISA_WINDOW_BYTES / 2 - value_below(v, bytes + 1);
    return ISA_WINDOW_BASE + offset / align * align;
}

/* A base register of 0 where that means no register: near address 0, a fault on both sides. */
static void aim_base(struct values *v, const struct insn *i, uint64_t *gpr, uint64_t ea)
{
    uint32_t ra = ppc_field(i->word, 11, 15), rb = ppc_field(i->word, 16, 20);
    bool has_length = insn_rows[i->number].in & RB;
    gpr[ra] = ea - (has_length ? 0 : (uint64_t)i->imm);
    if (has_length && ra != rb && !value_once_in(v, 4))
        gpr[rb] = value_below(v, 20) << 56 | (gpr[rb] & ((UINT64_C(1) << 56) - 1));
}

static uint64_t aim_indexed(const struct insn *i, uint64_t *gpr, uint64_t ea)
{
    uint32_t ra = ppc_field(i->word, 11, 15), rb = ppc_field(i->word, 16, 20);
    if (ra == 0 && insn_rows[i->number].in & RA0) {
        gpr[rb] = ea;
    } else if (ra == rb) {
        gpr[ra] = ea / 2;
        ea &= ~UINT64_C(1);
    } else {
        gpr[ra] = ea - gpr[rb];
    }
    return ea;
}

/* Points the base registers into the window. */
static void aim_storage(struct values *v, const struct insn *i, struct isa_block *block)
{
    const struct insn_row *row = &insn_rows[i->number];
    const struct isa_rule *aligned = isa_rule_find(row->mnemonic, RULE_ALIGNED);
    uint64_t ea = window_address(v, row);
    if (!(row->flags & (F_LOAD | F_STORE)) && !class_is_cache(row->class))
        return;
    if (row->in & RB && !isa_rule_find(row->mnemonic, RULE_BASE_ONLY))
        ea = aim_indexed(i, block->in.gpr, ea);
    else
        aim_base(v, i, block->in.gpr, ea);
    if (aligned && (row->class == CLASS_LARX || row->class == CLASS_STCX) && !value_once_in(v, 4)) {
        block->reserve_bytes = aligned->max;
        block->reserve_ea = ea;
    }
}

/* Even and odd registers make a pair of the instructions that end in q; dctqpq's source is none. */
static void decfloat_registers(struct values *v, const struct insn *i, struct isa_regs *in)
{
    const char *name = insn_rows[i->number].mnemonic;
    bool quad = name[strlen(name) - 1] == 'q' && i->number != INSN_dctqpq;
    for (uint32_t n = 0; n < 32; n += 2) {
        uint64_t d[2];
        value_decfloat(v, quad, d);
        in->vsr[n][0] = d[0];
        if (!quad)
            value_decfloat(v, quad, d);
        in->vsr[n + 1][0] = d[quad];
    }
    if ((i->number == INSN_diex || i->number == INSN_diexq) && (i->ra & ~1) != (i->rb & ~1))
        in->vsr[i->ra][0] = value_dec_exponent(v, quad);
    if (i->number == INSN_denbcd || i->number == INSN_denbcdq) {
        uint64_t d[2];
        value_packed(v, i->word >> 20 & 1, d);
        in->vsr[i->rb][0] = d[0];
        in->vsr[i->rb | 1][0] = d[1];
    }
}

bool gen_case(struct gen *g, uint16_t number, uint32_t slot, struct isa_block *block)
{
    struct insn i = {0};
    uint64_t pc = slot_word_address(slot);
    *block = (struct isa_block){0};
    if (!gen_word(g, number, pc, &block->word))
        return false;
    insn_predecode(&i, number, block->word, pc);
    values_new_case(&g->values);
    random_registers(&g->values, &block->in);
    block->in.fpscr &= ~(uint64_t)isa_rule_fpscr_clear(insn_rows[number].mnemonic);
    if (isa_rule_find(insn_rows[number].mnemonic, RULE_DECIMAL))
        for (uint32_t n = 0; n < 64; n++)
            value_decimal(&g->values, block->in.vsr[n]);
    if (isa_rule_find(insn_rows[number].mnemonic, RULE_DECFLOAT))
        decfloat_registers(&g->values, &i, &block->in);
    limit_string(&g->values, &insn_rows[number], &block->in);
    if (isa_rule_find(insn_rows[number].mnemonic, RULE_SINGLES))
        for (uint32_t n = 0; n < 64; n++)
            block->in.vsr[n][0] &= ~UINT64_C(0x1fffffff);
    aim_indirect_branch(&g->values, &insn_rows[number], &block->in);
    aim_storage(&g->values, &i, block);
    return true;
}
