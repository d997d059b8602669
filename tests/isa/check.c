#include "tests/isa/check.h"

#include <inttypes.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/decode.h"
#include "sim/isa/operands.h"
#include "tests/isa/regs.h"

struct sink {
    FILE *report;
    const char *a, *b;
    uint32_t count;
};

static void differ(struct sink *sink, const char *what, uint64_t a, uint64_t b)
{
    sink->count++;
    if (sink->report)
        fprintf(sink->report, "    %-8s %s %016" PRIx64 "  %s %016" PRIx64 "\n", what, sink->a, a,
                sink->b, b);
}

static uint64_t unmasked(struct exempt_use *use, const struct insn_row *row, enum exempt_part part,
                         uint64_t difference)
{
    return use && difference ? exempt_mask(use, row->mnemonic, part, difference) : difference;
}

static void compare_vsrs(struct sink *sink, struct exempt_use *use, const struct insn_row *row,
                         const struct isa_regs *a, const struct isa_regs *b)
{
    for (uint32_t n = 0; n < 64; n++) {
        if (use && a->vsr[n][1] == b->vsr[n][1] &&
            exempt_rounded(use, row->mnemonic, a->vsr[n][0], b->vsr[n][0]))
            continue;
        if (!unmasked(use, row, PART_VSR0, a->vsr[n][0] ^ b->vsr[n][0]) &&
            !unmasked(use, row, PART_VSR1, a->vsr[n][1] ^ b->vsr[n][1]))
            continue;
        sink->count++;
        if (sink->report)
            fprintf(sink->report,
                    "    vs%-6u %s %016" PRIx64 "_%016" PRIx64 "  %s %016" PRIx64 "_%016" PRIx64
                    "\n",
                    n, sink->a, a->vsr[n][0], a->vsr[n][1], sink->b, b->vsr[n][0], b->vsr[n][1]);
    }
}

static void compare_storage(struct sink *sink, const struct isa_regs *a, const struct isa_regs *b)
{
    for (uint32_t n = 0; n < ISA_WINDOW_BYTES; n += 8) {
        uint64_t x, y;
        char where[20];
        memcpy(&x, a->window + n, 8);
        memcpy(&y, b->window + n, 8);
        if (x == y)
            continue;
        snprintf(where, sizeof where, "%x", ISA_WINDOW_BASE + n);
        differ(sink, where, x, y);
    }
}

uint32_t check_same(struct exempt_use *use, const struct insn_row *row, const struct isa_regs *a,
                    const struct isa_regs *b, const char *name_a, const char *name_b, FILE *report)
{
    struct sink sink = {report, name_a, name_b, 0};
    bool undefined = use && exempt_cr6(use, row->mnemonic, a->cr >> 4 & 15);
    uint64_t cr = (a->cr ^ b->cr) & ~(undefined ? UINT64_C(0xf0) : 0);
    const struct {
        const char *name;
        uint64_t a, b, difference;
    } parts[] = {
#define PART(name, member)                                                                         \
    {#name, a->member, b->member, unmasked(use, row, PART_##name, a->member ^ b->member)}
        {"CR", a->cr, b->cr, unmasked(use, row, PART_CR, cr)},
        PART(XER, xer), PART(LR, lr), PART(CTR, ctr), PART(FPSCR, fpscr), PART(VSCR, vscr),
#undef PART
        {"TAR", a->tar, b->tar, a->tar ^ b->tar},
        {"VRSAVE", a->vrsave, b->vrsave, (uint32_t)(a->vrsave ^ b->vrsave)},
        {"nia", a->nia, b->nia, a->nia ^ b->nia},
        {"signal", a->signal, b->signal, a->signal ^ b->signal},
    };
    for (uint32_t n = 0; n < 32; n++) {
        char name[8];
        if (a->gpr[n] == b->gpr[n])
            continue;
        snprintf(name, sizeof name, "r%u", n);
        differ(&sink, name, a->gpr[n], b->gpr[n]);
    }
    for (uint32_t n = 0; n < sizeof parts / sizeof parts[0]; n++)
        if (parts[n].difference)
            differ(&sink, parts[n].name, parts[n].a, parts[n].b);
    if (!undefined && !(use && exempt_raised(use, row->mnemonic, a->fpscr)))
        compare_vsrs(&sink, use, row, a, b);
    compare_storage(&sink, a, b);
    return sink.count;
}

/* The bytes around the effective address. */
static void print_storage(FILE *f, const struct insn *i, const struct isa_regs *in)
{
    uint32_t ra = ppc_field(i->word, 11, 15), rb = ppc_field(i->word, 16, 20);
    uint64_t index = insn_rows[i->number].in & RB ? in->gpr[rb] : (uint64_t)i->imm;
    uint64_t ea = (ra ? in->gpr[ra] : 0) + index;
    fprintf(f, "\n    storage at %" PRIx64 ":", ea);
    for (uint64_t n = 0; n < 32; n++)
        if (ea + n - ISA_WINDOW_BASE < ISA_WINDOW_BYTES)
            fprintf(f, " %02x", in->window[ea + n - ISA_WINDOW_BASE]);
}

void print_case(FILE *f, uint32_t slot, const struct isa_block *block)
{
    struct insn i = {0};
    struct insn_deps deps;
    struct decoder *decoder = decoder_create(V310, false);
    insn_predecode(&i, decoder_find(decoder, block->word), block->word, slot_word_address(slot));
    decoder_destroy(decoder);
    insn_find_deps(&i, &deps);
    fprintf(f, "  %s %08x at %" PRIx64 ", with", insn_rows[i.number].mnemonic, block->word, i.pc);
    for (uint32_t n = 0; n < deps.in_count; n++) {
        fputc(' ', f);
        reg_print(f, &block->in, deps.in[n]);
    }
    fprintf(f, " xer=%" PRIx64 " fpscr=%" PRIx64 " vscr=%" PRIx64, block->in.xer, block->in.fpscr,
            block->in.vscr);
    if (insn_rows[i.number].flags & F_LOAD)
        print_storage(f, &i, &block->in);
    fputc('\n', f);
}
