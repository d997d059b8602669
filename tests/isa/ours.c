#include "tests/isa/ours.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"
#include "sim/exec/step.h"
#include "sim/isa/fpscr.h"
#include "sim/isa/processor.h"
#include "sim/mem/process.h"

#define COPIES_BASE 0x03000000 /* one page of copies of a word; the page after it is not mapped */
#define ENOUGH_COPIES 400u     /* a leak of a frame each shows well above ordinary depth */

/* Translates as the process does and notes how deep the host's stack was then: every way out of
 * a chain of copies (a fault, the end of the page) asks for a translation. */
struct probe {
    struct mmu mmu;
    struct mmu *inner;
    uintptr_t lowest;
};

struct ours {
    struct phys *phys;
    struct process *process;
    struct probe probe;
    struct decoder *decoder;
    struct code *code;
    struct cpu *cpu;
    struct exec exec;
    enum exception raised;
};

static enum mmu_result probe_translate(struct mmu *m, uint64_t ea, enum mmu_access access,
                                       struct frame **frame, uint64_t *frame_pa)
{
    struct probe *p = (struct probe *)m;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (here < p->lowest)
        p->lowest = here;
    return p->inner->translate(p->inner, ea, access, frame, frame_pa);
}

/* Every exception ends the run: the word's own, or the illegal word that execution went on to. */
static bool on_exception(void *system, struct cpu *s)
{
    struct ours *o = system;
    o->raised = s->exception.kind;
    return false;
}

static uint64_t fixed_number(void *ctx)
{
    (void)ctx;
    return 1;
}

static void map_guest(struct ours *o)
{
    uint32_t code = AREA_READ | AREA_EXEC; /* a store with a disturbed base must not change words */
    process_map(o->process, ISA_CODE_BASE, ISA_SLOTS * ISA_SLOT_BYTES, code, NULL, 0, "code");
    process_map(o->process, ISA_SCRATCH_BASE, ISA_SCRATCH_BYTES, AREA_READ | AREA_WRITE, NULL, 0,
                "scratch");
    process_map(o->process, COPIES_BASE, FRAME_BYTES, code, NULL, 0, "copies");
}

struct ours *ours_create(bool big_endian, const char *key)
{
    struct ours *o = xcalloc(1, sizeof *o);
    o->phys = phys_create();
    o->process = process_create(o->phys, FRAME_BYTES);
    o->probe = (struct probe){.inner = process_mmu(o->process)};
    o->probe.mmu = (struct mmu){.translate = probe_translate, .phys = o->phys};
    map_guest(o);
    const struct processor *processor = processor_find(key);
    o->decoder = processor_decoder(processor);
    o->code = code_create(o->decoder, &o->probe.mmu);
    o->cpu = xcalloc(1, sizeof *o->cpu);
    processor_reset(processor, o->cpu, !processor->is_32bit, big_endian);
    o->cpu->fp_exceptions_enabled = true; /* as Linux has it */
    o->cpu->timebase = o->cpu->random = fixed_number;
    code_attach(o->code, o->cpu);
    return o;
}

void ours_destroy(struct ours *o)
{
    code_detach(o->code, o->cpu);
    code_destroy(o->code);
    decoder_destroy(o->decoder);
    process_destroy(o->process);
    phys_destroy(o->phys);
    free(o->cpu);
    free(o);
}

const struct decoder *ours_decoder(const struct ours *o) { return o->decoder; }

static void poke_word(struct ours *o, uint64_t ea, uint32_t word)
{
    if (o->cpu->swap)
        word = __builtin_bswap32(word);
    mmu_poke(&o->probe.mmu, ea, &word, sizeof word);
}

void ours_load(struct ours *o, const struct isa_block *blocks, uint32_t count)
{
    static const uint8_t zero[FRAME_BYTES];
    for (uint64_t at = 0; at < ISA_SLOTS * ISA_SLOT_BYTES; at += sizeof zero)
        mmu_poke(&o->probe.mmu, ISA_CODE_BASE + at, zero, sizeof zero);
    for (uint32_t n = 0; n < count; n++)
        poke_word(o, slot_word_address(n), blocks[n].word);
}

static void set_registers(struct cpu *s, const struct isa_block *block)
{
    const struct isa_regs *in = &block->in;
    memcpy(s->gpr, in->gpr, sizeof in->gpr);
    for (uint32_t n = 0; n < 64; n++) {
        VSR_D(s->vsr[n], 0) = in->vsr[n][0];
        VSR_D(s->vsr[n], 1) = in->vsr[n][1];
    }
    cpu_set_cr(s, (uint32_t)in->cr);
    cpu_set_xer(s, in->xer);
    s->lr = in->lr;
    s->ctr = in->ctr;
    s->tar = in->tar;
    s->vrsave = (uint32_t)in->vrsave;
    fpscr_write(s, in->fpscr);
    s->vscr = (uint32_t)in->vscr;
    s->reservation.valid = false;
}

/* As the oracle's load and reserve of the window leaves it. */
static void set_reservation(struct ours *o, const struct isa_block *block)
{
    struct reservation *r = &o->cpu->reservation;
    uint8_t bytes[16] = {0};
    *r = (struct reservation){.valid = block->reserve_bytes != 0,
                              .bytes = (uint8_t)block->reserve_bytes, .ea = block->reserve_ea};
    mmu_read(&o->probe.mmu, r->ea, bytes, r->bytes);
    for (uint32_t n = 0; n < r->bytes; n++)
        r->value = r->value << 8 | bytes[o->cpu->big_endian ? n : r->bytes - 1u - n];
}

static void get_registers(struct cpu *s, struct isa_regs *out)
{
    memcpy(out->gpr, s->gpr, sizeof out->gpr);
    for (uint32_t n = 0; n < 64; n++) {
        out->vsr[n][0] = VSR_D(s->vsr[n], 0);
        out->vsr[n][1] = VSR_D(s->vsr[n], 1);
    }
    out->cr = cpu_get_cr(s);
    out->xer = cpu_get_xer(s);
    out->lr = s->lr;
    out->ctr = s->ctr;
    out->tar = s->tar;
    out->vrsave = s->vrsave;
    out->fpscr = fpscr_read(s);
    out->vscr = s->vscr;
}

static uint64_t signal_of(enum exception kind)
{
    switch (kind) {
    case EXC_TRAP:       return 5;
    case EXC_ALIGNMENT:  return 7;
    case EXC_FP_ENABLED: return 8;
    case EXC_DSI:
    case EXC_ISI:        return 11;
    default:             return 4;
    }
}

/* Runs from pc until an exception; false when none came. */
static bool run_until_exception(struct ours *o, uint64_t pc, enum ours_way way)
{
    struct exec_system system = {.exception = on_exception, .system = o};
    struct op op;
    o->raised = EXC_NONE;
    o->cpu->nia = pc;
    o->cpu->icount = 0;
    exec_init(&o->exec, o->cpu, system);
    if (way == OURS_CHAIN) /* far enough away that the executor does not single-step */
        exec_run(&o->exec, 8 * CODE_PAGE_INSNS);
    else
        for (int n = 0; n < 4 && !o->exec.halted; n++)
            exec_next(&o->exec, &op, true);
    return o->raised != EXC_NONE;
}

void ours_run(struct ours *o, uint32_t slot, const struct isa_block *block, enum ours_way way,
              struct isa_regs *out)
{
    uint64_t pc = slot_word_address(slot);
    set_registers(o->cpu, block);
    mmu_write(&o->probe.mmu, ISA_WINDOW_BASE, block->in.window, ISA_WINDOW_BYTES);
    set_reservation(o, block);
    bool ended = run_until_exception(o, pc, way);
    get_registers(o->cpu, out);
    mmu_read(&o->probe.mmu, ISA_WINDOW_BASE, out->window, ISA_WINDOW_BYTES);
    out->nia = o->cpu->nia;
    bool went_on = o->raised == EXC_ILLEGAL && out->nia != pc;
    out->signal = !ended ? 99 : went_on ? 0 : signal_of(o->raised);
}

static bool depth_from(struct ours *o, uint64_t pc, uint64_t *bytes)
{
    o->probe.lowest = UINTPTR_MAX;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    bool ended = run_until_exception(o, pc, OURS_CHAIN);
    *bytes = here > o->probe.lowest ? here - o->probe.lowest : 0;
    return ended && exec_icount(&o->exec) >= ENOUGH_COPIES;
}

bool ours_stack_depth(struct ours *o, const struct isa_block *block, uint64_t *bytes)
{
    for (uint64_t at = 0; at < FRAME_BYTES; at += 4)
        poke_word(o, COPIES_BASE + at, block->word);
    set_registers(o->cpu, block);
    return depth_from(o, COPIES_BASE, bytes);
}

bool ours_branch_depth(struct ours *o, uint32_t word, uint64_t *bytes)
{
    uint64_t last = COPIES_BASE + FRAME_BYTES - 4;
    poke_word(o, last, word);
    o->cpu->lr = o->cpu->tar = last;
    o->cpu->ctr = 1000;
    return depth_from(o, last, bytes);
}
