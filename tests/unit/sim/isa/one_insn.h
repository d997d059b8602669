/* One instruction word, executed alone on a processor with two pages of storage at PAGE and none
 * around them. */
#ifndef TESTS_UNIT_SIM_ISA_ONE_INSN_H
#define TESTS_UNIT_SIM_ISA_ONE_INSN_H

#include <stdlib.h>

#include "sim/base/err.h"
#include "sim/isa/decode.h"
#include "sim/isa/handlers.h"
#include "sim/isa/state.h"
#include "sim/mem/process.h"

#define PAGE     UINT64_C(0x10000)
#define PAGE_END (PAGE + 2 * FRAME_BYTES)
#define PC       UINT64_C(0x1000)

struct machine {
    struct phys *phys;
    struct process *process;
    struct decoder *decoder;
    struct cpu *cpu;
};

static inline void machine_set_order(struct machine *m, bool big_endian)
{
    m->cpu->big_endian = big_endian;
    m->cpu->swap = big_endian == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
}

static inline int machine_create(void **state)
{
    struct machine *m = xcalloc(1, sizeof *m);
    m->phys = phys_create();
    m->process = process_create(m->phys, FRAME_BYTES);
    process_map(m->process, PAGE, 2 * FRAME_BYTES, AREA_READ | AREA_WRITE, NULL, 0, "data");
    m->decoder = decoder_create(V300, false);
    m->cpu = xcalloc(1, sizeof *m->cpu);
    m->cpu->sup.msr = MSR_PR;
    m->cpu->is_64bit = true;
    m->cpu->ea_mask = UINT64_MAX;
    m->cpu->mmu = process_mmu(m->process);
    mmu_add_tlb(m->cpu->mmu, &m->cpu->tlb);
    machine_set_order(m, false);
    *state = m;
    return 0;
}

static inline int machine_destroy(void **state)
{
    struct machine *m = *state;
    mmu_remove_tlb(m->cpu->mmu, &m->cpu->tlb);
    decoder_destroy(m->decoder);
    process_destroy(m->process);
    phys_destroy(m->phys);
    free(m->cpu);
    free(m);
    return 0;
}

/* EXC_NONE, or what it raised. */
static inline enum exception machine_run(struct machine *m, uint32_t word)
{
    struct cpu *s = m->cpu;
    struct insn i = {0};
    insn_predecode(&i, decoder_find(m->decoder, word), word, PC);
    s->nia = PC + 4;
    s->exception = (struct exception_record){.kind = EXC_NONE};
    if (!setjmp(s->unwind))
        step_bodies[i.number](s, &i);
    return s->exception.kind;
}

/* VR n, that is VSR 32 + n. */
static inline void set_vr(struct machine *m, unsigned n, uint64_t high, uint64_t low)
{
    VSR_D(m->cpu->vsr[32 + n], 0) = high;
    VSR_D(m->cpu->vsr[32 + n], 1) = low;
}

static inline bool vr_is(struct machine *m, unsigned n, uint64_t high, uint64_t low)
{
    return VSR_D(m->cpu->vsr[32 + n], 0) == high && VSR_D(m->cpu->vsr[32 + n], 1) == low;
}

#endif
