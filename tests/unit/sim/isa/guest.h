/* A small guest for tests of instructions: two pages of code, two of data, one that is read-only;
 * what follows each is not mapped. A program ends at its first exception, of which the word 0
 * (illegal) is the ordinary one. */
#ifndef TESTS_UNIT_SIM_ISA_GUEST_H
#define TESTS_UNIT_SIM_ISA_GUEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/exec/step.h"
#include "sim/mem/process.h"

#define CODE      UINT64_C(0x10000)
#define DATA      UINT64_C(0x20000)
#define DATA_END  UINT64_C(0x22000)
#define READ_ONLY UINT64_C(0x30000)

enum guest_mode { LE64, BE64, BE32, CLASSIC32 }; /* the last one has no 64-bit instructions */

struct guest {
    struct phys *phys;
    struct process *process;
    struct mmu *mmu;
    struct decoder *decoder;
    struct code *code;
    struct cpu *cpu;
    struct exec exec;
    struct exception_record exception; /* that ended the program */
    struct op op;                      /* the last one of guest_step */
};

static bool guest_exception(void *system, struct cpu *s)
{
    ((struct guest *)system)->exception = s->exception;
    return false;
}

static inline struct guest *guest_create(enum guest_mode mode)
{
    struct guest *g = xcalloc(1, sizeof *g);
    bool host_is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, big = mode != LE64;
    g->phys = phys_create();
    g->process = process_create(g->phys, FRAME_BYTES);
    g->mmu = process_mmu(g->process);
    process_map(g->process, CODE, 0x2000, AREA_READ | AREA_WRITE | AREA_EXEC, NULL, 0, "code");
    process_map(g->process, DATA, 0x2000, AREA_READ | AREA_WRITE, NULL, 0, "data");
    process_map(g->process, READ_ONLY, 0x1000, AREA_READ, NULL, 0, "constants");
    g->decoder = mode == CLASSIC32 ? decoder_create(PPC, true) : decoder_create(V310, false);
    g->code = code_create(g->decoder, g->mmu);
    g->cpu = xcalloc(1, sizeof *g->cpu);
    g->cpu->sup.msr = MSR_PR;
    g->cpu->is_64bit = mode == LE64 || mode == BE64;
    g->cpu->ea_mask = g->cpu->is_64bit ? UINT64_MAX : UINT32_MAX;
    g->cpu->big_endian = big;
    g->cpu->swap = big != host_is_big;
    g->cpu->cache_block_bytes = 128;
    code_attach(g->code, g->cpu);
    return g;
}

static inline void guest_destroy(struct guest *g)
{
    code_detach(g->code, g->cpu);
    code_destroy(g->code);
    decoder_destroy(g->decoder);
    process_destroy(g->process);
    phys_destroy(g->phys);
    free(g->cpu);
    free(g);
}

/* Puts words at `at`, in the guest's order. */
static inline void guest_words(struct guest *g, uint64_t at, const uint32_t *words, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        uint32_t word = g->cpu->swap ? __builtin_bswap32(words[n]) : words[n];
        assert_int_equal(mmu_poke(g->mmu, at + 4 * n, &word, 4), 4);
    }
}

static inline uint32_t guest_word(struct guest *g, uint64_t at)
{
    uint32_t word;
    assert_int_equal(mmu_read(g->mmu, at, &word, 4), 4);
    return g->cpu->swap ? __builtin_bswap32(word) : word;
}

static inline void guest_start(struct guest *g, uint64_t nia)
{
    g->exception = (struct exception_record){.kind = EXC_NONE};
    g->cpu->nia = nia;
    g->cpu->icount = 0;
    exec_init(&g->exec, g->cpu, (struct exec_system){.exception = guest_exception, .system = g});
}

/* Runs from `nia` on until an exception, instruction by instruction or chained. */
static inline enum exception guest_run(struct guest *g, uint64_t nia, bool chained)
{
    guest_start(g, nia);
    if (chained)
        exec_run(&g->exec, 1000000);
    else
        while (exec_next(&g->exec, &g->op, true) == EXEC_OK) {}
    return g->exception.kind;
}

/* One instruction at CODE, stepped: the exception it raised, or EXC_NONE; g->op is its record. */
static inline enum exception guest_step(struct guest *g, uint32_t word)
{
    guest_words(g, CODE, &word, 1);
    guest_start(g, CODE);
    assert_int_equal(exec_next(&g->exec, &g->op, true), EXEC_OK);
    return g->exception.kind;
}

/* Instruction words by form. */
static inline uint32_t d_form(uint32_t opcode, uint32_t t, uint32_t a, int32_t imm)
{
    return opcode << 26 | t << 21 | a << 16 | ((uint32_t)imm & 0xffff);
}

static inline uint32_t x_form(uint32_t t, uint32_t a, uint32_t b, uint32_t xo)
{
    return UINT32_C(31) << 26 | t << 21 | a << 16 | b << 11 | xo << 1;
}

static inline uint32_t xl_form(uint32_t t, uint32_t a, uint32_t xo)
{
    return UINT32_C(19) << 26 | t << 21 | a << 16 | xo << 1;
}

static inline uint32_t spr_form(uint32_t t, uint32_t spr, uint32_t xo)
{
    return x_form(t, spr & 31, spr >> 5, xo);
}

enum { OP_ADDI = 14, OP_TWI = 3, OP_TDI = 2, OP_LWZ = 32, OP_LWZU = 33, OP_STW = 36, OP_STWU = 37,
       OP_LMW = 46, OP_STMW = 47, OP_LQ = 56, OP_DS_LOAD = 58, OP_DS_STORE = 62 };
enum { XO_MFSPR = 339, XO_MTSPR = 467 };

#endif
