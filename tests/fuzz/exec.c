/* Any words as a program, any registers: chained execution and single steps of it agree on every
 * register and byte, and no instruction harms the host.
 *
 * Exceptions end nothing: the program goes on behind the instruction, as after a handler that
 * steps over it. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"
#include "sim/exec/step.h"
#include "sim/isa/fpscr.h"
#include "sim/mem/process.h"
#include "tests/fuzz/fuzz.h"

#define CODE_EA      UINT64_C(0x10000)  /* also written by the program itself */
#define CODE_BYTES   (2 * FRAME_BYTES)
#define DATA_EA      UINT64_C(0x20000)  /* nothing is mapped around it */
#define DATA_BYTES   (2 * FRAME_BYTES)
#define STEPS        3000u /* above what chained execution runs on for */
#define EXCEPTIONS   200u

struct machine {
    struct phys *phys;
    struct process *process;
    struct code *code;
    struct cpu *cpu;
    struct exec exec;
    uint32_t exceptions;
};

static struct decoder *decoder;

static bool step_over(void *system, struct cpu *s)
{
    struct machine *m = system;
    enum exception kind = s->exception.kind;
    if (kind == EXC_ISI || ++m->exceptions > EXCEPTIONS)
        return false;
    if (kind != EXC_SYSCALL && kind != EXC_SYSCALL_V)
        s->nia = (s->nia + 4) & s->ea_mask;
    return true;
}

static uint64_t fixed_number(void *ctx)
{
    (void)ctx;
    return 0x123456789;
}

static struct machine *machine_create(bool big_endian, bool is_64bit)
{
    struct machine *m = xcalloc(1, sizeof *m);
    struct cpu *s = m->cpu = xcalloc(1, sizeof *s);
    m->phys = phys_create();
    m->process = process_create(m->phys, FRAME_BYTES);
    process_map(m->process, CODE_EA, CODE_BYTES, AREA_READ | AREA_WRITE | AREA_EXEC, NULL, 0, "");
    process_map(m->process, DATA_EA, DATA_BYTES, AREA_READ | AREA_WRITE, NULL, 0, "");
    s->sup.msr = MSR_PR;
    s->is_64bit = is_64bit;
    s->fp_exceptions_enabled = true;
    s->ea_mask = is_64bit ? UINT64_MAX : UINT32_MAX;
    s->big_endian = big_endian;
    s->swap = big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    s->cache_block_bytes = 128;
    s->timebase = s->random = fixed_number;
    m->code = code_create(decoder, process_mmu(m->process));
    code_attach(m->code, s);
    return m;
}

static void machine_destroy(struct machine *m)
{
    code_detach(m->code, m->cpu);
    code_destroy(m->code);
    process_destroy(m->process);
    phys_destroy(m->phys);
    free(m->cpu);
    free(m);
}

/* A row of the table with any operands; now and then any word. */
static uint32_t take_word(struct fuzz_input *in)
{
    uint64_t number = fuzz_take(in, 2) % (INSN_COUNT + INSN_COUNT / 8);
    uint32_t word = (uint32_t)fuzz_take(in, 4), mask, match;
    if (number == INSN_ILLEGAL || number >= INSN_COUNT)
        return word;
    insn_pattern_bits(insn_rows[number].pattern, &mask, &match, NULL);
    return (word & ~mask) | match;
}

/* Registers point into the data, some just before or behind its end; the rest of the input is
 * code. */
static void machine_load(struct machine *m, struct fuzz_input in)
{
    struct cpu *s = m->cpu;
    struct mmu *mmu = process_mmu(m->process);
    for (uint32_t n = 0; n < 32; n++)
        s->gpr[n] = DATA_EA - 64 + fuzz_take(&in, 2) % (DATA_BYTES + 128);
    for (uint32_t n = 0; n < 64; n++) {
        VSR_D(s->vsr[n], 0) = fuzz_take(&in, 1) * UINT64_C(0x0123456789abcdef);
        VSR_D(s->vsr[n], 1) = fuzz_take(&in, 1) << 52;
    }
    cpu_set_cr(s, (uint32_t)fuzz_take(&in, 4));
    cpu_set_xer(s, fuzz_take(&in, 4));
    s->lr = s->ctr = s->tar = CODE_EA + (fuzz_take(&in, 2) % CODE_BYTES & ~UINT64_C(3));
    fpscr_write(s, fuzz_take(&in, 1));
    for (uint64_t at = 0; in.left && at < CODE_BYTES; at += 4) {
        uint32_t word = take_word(&in);
        if (s->swap)
            word = __builtin_bswap32(word);
        mmu_poke(mmu, CODE_EA + at, &word, sizeof word);
    }
    s->nia = CODE_EA;
    exec_init(&m->exec, s, (struct exec_system){.exception = step_over, .system = m});
}

static void run_stepped(struct machine *m, uint64_t until)
{
    struct op op;
    while (exec_icount(&m->exec) < until && exec_next(&m->exec, &op, true) != EXEC_HALTED)
        ;
}

static void run_chained(struct machine *m, uint64_t until)
{
    while (exec_icount(&m->exec) < until && exec_run(&m->exec, until) != EXEC_HALTED)
        ;
}

static void same(const void *a, const void *b, size_t bytes)
{
    if (memcmp(a, b, bytes))
        abort();
}

#define SAME(member) same(&a->cpu->member, &b->cpu->member, sizeof a->cpu->member)

static void compare_memory(struct machine *a, struct machine *b, uint64_t ea)
{
    uint8_t in_a[DATA_BYTES], in_b[DATA_BYTES];
    mmu_read(process_mmu(a->process), ea, in_a, sizeof in_a);
    mmu_read(process_mmu(b->process), ea, in_b, sizeof in_b);
    same(in_a, in_b, sizeof in_a);
}

static void compare(struct machine *a, struct machine *b)
{
    uint64_t fpscr = fpscr_read(a->cpu), other = fpscr_read(b->cpu);
    uint64_t xer = cpu_get_xer(a->cpu), other_xer = cpu_get_xer(b->cpu);
    same(&fpscr, &other, sizeof fpscr);
    same(&xer, &other_xer, sizeof xer);
    same(a->cpu->gpr, b->cpu->gpr, 32 * sizeof a->cpu->gpr[0]);
    SAME(vsr);
    SAME(cr);
    SAME(lr);
    SAME(ctr);
    SAME(tar);
    SAME(nia);
    SAME(icount);
    SAME(vscr);
    SAME(vrsave);
    compare_memory(a, b, CODE_EA);
    compare_memory(a, b, DATA_EA);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    decoder = decoder_create(V300, false);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct fuzz_input in = {data, bytes};
    uint64_t choice = fuzz_take(&in, 1), until = fuzz_take(&in, 2) % STEPS;
    struct machine *stepped = machine_create(choice & 1, !(choice & 2));
    struct machine *chained = machine_create(choice & 1, !(choice & 2));
    machine_load(stepped, in);
    machine_load(chained, in);
    run_stepped(stepped, until);
    run_chained(chained, until);
    compare(stepped, chained);
    machine_destroy(stepped);
    machine_destroy(chained);
    return 0;
}
