#include "tests/timing/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/cache/hierarchy.h"
#include "sim/base/err.h"
#include "sim/exec/wrong_path.h"
#include "sim/isa/processor.h"
#include "sim/machine.h"
#include "sim/mem/process.h"

#define CODE_BYTES  0x10000u
#define DATA_BYTES  0x20000u
#define CPI_LAW     "CPI stack sums to the issue slots of all cycles"
#define MEMORY_LATENCY "dram.latency=100ns" /* of all machines, if they do not say otherwise */
#define KERNEL_FILE "kernels" /* .elf, beside the test program */

struct bench {
    struct config *config;
    const struct processor *processor;
    char kernels[64]; /* file of the kernels, without .elf */
    struct engine *engine;
    struct hierarchy *hierarchy;
    struct phys *phys;
    struct process *process;
    struct decoder *decoder;
    struct code *code;
    struct cpu *cpu;
    struct exec exec;
    struct wrong_path *wrong_path;
    struct core *core;
    struct stats *stats;
    volatile sig_atomic_t attention;
    uint64_t opened, closed;
    struct kernel_trace *trace; /* NULL: nobody asked */
    const char *failure;
};

static void fail(const char *name, const char *why)
{
    fprintf(stderr, "kernel %s: %s\n", name, why);
    exit(1);
}

/* Copies the bytes of section `name` into guest memory at KERNEL_BASE. */
static void load_section(struct bench *b, const char *name)
{
    char path[4096];
    const char *slash = strrchr(program_invocation_name, '/');
    snprintf(path, sizeof path, "%.*s%s.elf",
             slash ? (int)(slash - program_invocation_name) + 1 : 0, program_invocation_name,
             b->kernels);
    int fd = open(path, O_RDONLY);
    elf_version(EV_CURRENT);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    size_t names;
    Elf_Scn *s = NULL;
    if (!elf || elf_getshdrstrndx(elf, &names))
        fail(name, "cannot read the kernels' object file");
    while ((s = elf_nextscn(elf, s))) {
        GElf_Shdr header;
        gelf_getshdr(s, &header);
        if (strcmp(elf_strptr(elf, names, header.sh_name), name))
            continue;
        Elf_Data *data = elf_rawdata(s, NULL);
        mmu_poke(process_mmu(b->process), KERNEL_BASE, data->d_buf, data->d_size);
        elf_end(elf);
        close(fd);
        return;
    }
    fail(name, "no such section");
}

static bool stop_at_exception(void *system, struct cpu *s)
{
    (void)system;
    if (s->exception.kind != EXC_SYSCALL) {
        fprintf(stderr, "exception %d at 0x%llx\n", (int)s->exception.kind,
                (unsigned long long)s->nia);
        exit(1);
    }
    return false;
}

static void note(struct kernel_trace *t, const struct retirement *r, bool squashed)
{
    if (t->count == KERNEL_TRACE)
        memmove(t->step, t->step + 1, --t->count * sizeof *t->step);
    t->step[t->count++] = (struct kernel_step){
        .pc = r->op->pc, .fetch = r->fetch_cycle, .ready = r->ready_cycle,
        .dispatch = r->dispatch_cycle, .issue = r->issue_cycle, .done = r->done_cycle,
        .retire = r->retire_cycle, .squashed = squashed};
}

static void squashed(void *owner, const struct retirement *r)
{
    struct bench *b = owner;
    if (b->trace)
        note(b->trace, r, true);
}

static void retired(void *owner, const struct retirement *r)
{
    struct bench *b = owner;
    if (b->trace)
        note(b->trace, r, false);
    if (r->op->insn->word == MARKER_OPENS)
        b->opened = r->retire_cycle;
    if (r->op->insn->word == MARKER_CLOSES)
        b->closed = r->retire_cycle;
}

static void finished(void *owner, struct core *c)
{
    struct bench *b = owner;
    (void)c;
    engine_stop(b->engine);
}

/* The name of a broken law, or NULL. */
static const char *broken_law(struct bench *b, const char *only)
{
    const char *broken = NULL;
    uint64_t *values = xcalloc(stats_count(b->stats), sizeof *values);
    stats_snapshot(b->stats, values);
    for (uint32_t n = 0; n < stats_law_count(b->stats) && !broken; n++) {
        struct law_info law = stats_law_check(b->stats, n, values);
        if (!law.held && (!only || !strcmp(law.name, only)))
            broken = law.name;
    }
    free(values);
    return broken;
}

static void interval(void *owner, struct core *c)
{
    struct bench *b = owner;
    (void)c;
    if (!b->failure && broken_law(b, CPI_LAW))
        b->failure = "the CPI stack is not exact at an interval";
}

/* Kernels of a 32-bit machine are its own, named after it. */
static void choose_processor(struct bench *b, const char *machine, uint32_t isa)
{
    const char *slash = strrchr(machine, '/'), *file = slash ? slash + 1 : machine;
    b->processor = processor_at(isa);
    if (b->processor->is_32bit)
        snprintf(b->kernels, sizeof b->kernels, "%.*s", (int)strcspn(file, "-."), file);
    else
        strcpy(b->kernels, KERNEL_FILE);
}

static void configure(struct bench *b, const char *machine, const char *name,
                      const char *overrides, struct core_keys *keys)
{
    struct err e = {0};
    char words[4000], *save = NULL;
    b->config = config_create(NULL);
    bool ok = config_load(b->config, machine, &e);
    if (!strstr(overrides, "dram.model=ddr")) /* to which it would mean nothing */
        ok = ok && config_override(b->config, MEMORY_LATENCY, &e);
    snprintf(words, sizeof words, "%s", overrides);
    for (char *w = strtok_r(words, " ", &save); w && ok; w = strtok_r(NULL, " ", &save)) {
        for (char *p = w; *p; p++)
            *p = *p == ';' ? ' ' : *p;
        ok = config_override(b->config, w, &e);
    }
    struct cpu_keys cpu;
    struct system_keys system; /* what a preset says there means nothing here */
    if (!ok || !config_bind(b->config, "core", core_key_rows, keys, &e) ||
        !config_bind(b->config, "core", cpu_key_rows, &cpu, &e) ||
        !config_bind(b->config, "system", system_key_rows, &system, &e))
        fail(name, e.text);
    choose_processor(b, machine, cpu.isa);
}

static void build_cpu(struct bench *b)
{
    b->phys = phys_create();
    b->process = process_create(b->phys, 4096);
    process_map(b->process, KERNEL_BASE, CODE_BYTES, AREA_READ | AREA_WRITE | AREA_EXEC, NULL, 0,
                "code");
    process_map(b->process, KERNEL_DATA, DATA_BYTES, AREA_READ | AREA_WRITE, NULL, 0, "data");
    b->cpu = xcalloc(1, sizeof *b->cpu);
    if (b->processor && b->processor->is_32bit) {
        processor_reset(b->processor, b->cpu, false, true);
        b->decoder = processor_decoder(b->processor);
    } else {
        b->cpu->ea_mask = UINT64_MAX;
        b->cpu->sup.msr = MSR_PR;
        b->cpu->is_64bit = true;
        b->cpu->cache_block_bytes = 128;
        b->decoder = decoder_create(V300, false);
    }
    b->cpu->nia = KERNEL_BASE;
    b->cpu->gpr[1] = KERNEL_DATA;
    b->code = code_create(b->decoder, process_mmu(b->process));
    code_attach(b->code, b->cpu);
    exec_init(&b->exec, b->cpu, (struct exec_system){.exception = stop_at_exception, .system = b});
    b->wrong_path = wrong_path_create(&b->exec);
}

struct limits {
    uint64_t instructions, interval;
    bool skip_idle;
};

static void build_core(struct bench *b, const char *name, const struct core_keys *keys,
                       struct limits limits)
{
    struct err e = {0};
    b->engine = engine_create();
    struct clock clock = clock_from_hz(keys->clock);
    b->hierarchy = hierarchy_create(&(struct hierarchy_setup){.config = b->config,
                                                              .engine = b->engine,
                                                              .clock = clock, .cores = 1}, &e);
    if (!b->hierarchy)
        fail(name, e.text);
    struct hierarchy_ports ports = hierarchy_ports(b->hierarchy, 0);
    struct core_env env = {
        .config = b->config, .section = "core", .engine = b->engine, .clock = clock,
        .source = wrong_path_op_source(b->wrong_path),
        .fetch = ports.fetch, .data = ports.data, .itlb = ports.itlb, .dtlb = ports.dtlb,
        .fetch_line = ports.fetch_line, .data_line = ports.data_line,
        .fetch_memory_level = ports.fetch_memory_level,
        .data_memory_level = ports.data_memory_level,
        .max_instructions = limits.instructions, .interval_instructions = limits.interval,
        .skip_idle = limits.skip_idle, .attention = &b->attention,
        .hooks = {.retired = retired, .squashed = b->trace ? squashed : NULL,
                  .interval = interval, .finished = finished, .owner = b},
    };
    b->core = core_model(keys->model)->create(&env, &e);
    if (!b->core || !config_finish(b->config, &e))
        fail(name, e.text);
    b->exec.keeps_operands = b->core->needs_operands;
    b->stats = stats_create();
    b->core->ops->add_stats(b->core, b->stats);
    hierarchy_register(b->hierarchy, b->stats);
}

static uint64_t statistic(struct bench *b, const char *full)
{
    int32_t n = stats_find(b->stats, full);
    return n < 0 ? 0 : *stats_get(b->stats, (uint32_t)n).value;
}

static void destroy(struct bench *b)
{
    if (b->core) {
        stats_destroy(b->stats);
        b->core->ops->destroy(b->core);
        hierarchy_destroy(b->hierarchy);
        engine_destroy(b->engine);
        config_destroy(b->config);
    }
    wrong_path_destroy(b->wrong_path);
    code_detach(b->code, b->cpu);
    code_destroy(b->code);
    decoder_destroy(b->decoder);
    free(b->cpu);
    process_destroy(b->process);
    phys_destroy(b->phys);
}

static struct kernel_result run_kernel(const char *machine, const char *name,
                                       const char *overrides, bool skip_idle,
                                       struct kernel_trace *trace)
{
    struct bench b = {.trace = trace};
    struct core_keys keys;
    configure(&b, machine, name, overrides, &keys);
    build_cpu(&b);
    load_section(&b, name);
    build_core(&b, name, &keys, (struct limits){UINT64_MAX, 0, skip_idle});
    b.core->ops->start(b.core);
    engine_run(b.engine);
    if (b.core->ops->end(b.core) != CORE_HALTED)
        fail(name, "did not end");
    if (broken_law(&b, NULL))
        fail(name, broken_law(&b, NULL));
    struct kernel_result r = {
        .cycles = b.closed - b.opened,
        .instructions = b.core->stats.instructions,
        .total_cycles = b.core->stats.cycles,
        .core = b.core->stats,
        .branches = statistic(&b, "bpred.branches"),
        .mispredicts = statistic(&b, "bpred.mispredicts"),
        .width = b.core->ops->width(b.core),
    };
    for (uint32_t n = 0; n < PART_COUNT; n++) {
        char full[64];
        snprintf(full, sizeof full, "cpi.%s", cpi_part_name(n));
        r.parts[n] = statistic(&b, full);
    }
    destroy(&b);
    return r;
}

struct kernel_result kernel_run_on(const char *machine, const char *name, const char *overrides,
                                   bool skip_idle)
{
    return run_kernel(machine, name, overrides, skip_idle, NULL);
}

struct kernel_result kernel_trace(const char *machine, const char *name, const char *overrides,
                                  struct kernel_trace *t)
{
    t->count = 0;
    return run_kernel(machine, name, overrides, true, t);
}

/* FNV-1a of guest memory. */
static uint64_t hash_memory(struct bench *b, uint64_t ea, uint64_t bytes, uint64_t hash)
{
    uint8_t page[4096];
    for (uint64_t at = 0; at < bytes; at += sizeof page) {
        mmu_read(process_mmu(b->process), ea + at, page, sizeof page);
        for (size_t n = 0; n < sizeof page; n++)
            hash = (hash ^ page[n]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static void record_state(struct bench *b, struct program_result *r)
{
    const struct cpu *s = b->cpu;
    memcpy(r->gpr, s->gpr, sizeof r->gpr);
    memcpy(r->vsr, s->vsr, sizeof r->vsr);
    r->lr = s->lr;
    r->ctr = s->ctr;
    r->xer = cpu_get_xer(s);
    r->cr = cpu_get_cr(s);
    r->instructions = exec_icount(&b->exec);
    r->memory = hash_memory(b, KERNEL_BASE, CODE_BYTES, UINT64_C(0xcbf29ce484222325));
    r->memory = hash_memory(b, KERNEL_DATA, DATA_BYTES, r->memory);
}

/* The first statistic that is not as in the other run. */
static void compare_values(const struct bench *b, const uint64_t *expected,
                           struct program_result *r)
{
    for (uint32_t n = 0; n < r->value_count; n++)
        if (r->values[n] != expected[n]) {
            snprintf(r->failure, sizeof r->failure, "%s is %llu, was %llu",
                     stats_get(b->stats, n).full, (unsigned long long)r->values[n],
                     (unsigned long long)expected[n]);
            return;
        }
}

static void run_timed(struct bench *b, const struct program *program, struct program_result *r)
{
    enum core_end wanted = program->max_instructions ? CORE_LIMIT : CORE_HALTED;
    b->core->ops->start(b->core);
    engine_run(b->engine);
    r->retired = b->core->stats.instructions;
    r->value_count = stats_count(b->stats);
    r->values = xcalloc(r->value_count, sizeof *r->values);
    stats_snapshot(b->stats, r->values);
    const char *failure = b->failure ? b->failure : broken_law(b, NULL);
    snprintf(r->failure, sizeof r->failure, "%s", failure ? failure : "");
    if (b->core->ops->end(b->core) != wanted) {
        char where[100];
        b->core->ops->describe(b->core, where, sizeof where);
        snprintf(r->failure, sizeof r->failure, "did not end as it should: %s", where);
    } else if (!*r->failure && program->expected) {
        compare_values(b, program->expected, r);
    }
}

struct program_result program_run(const struct program *program)
{
    struct bench b = {0};
    struct core_keys keys;
    struct program_result r = {0};
    build_cpu(&b);
    mmu_poke(process_mmu(b.process), KERNEL_BASE, program->words, 4 * program->count);
    if (program->functional) {
        exec_run(&b.exec, program->max_instructions ? program->max_instructions : UINT64_MAX);
    } else {
        configure(&b, program->machine ? program->machine : MACHINE_SCALAR, "program",
                  program->overrides, &keys);
        build_core(&b, "program", &keys,
                   (struct limits){program->max_instructions ? program->max_instructions
                                                             : UINT64_MAX,
                                   program->interval, program->skip_idle});
        run_timed(&b, program, &r);
    }
    record_state(&b, &r);
    destroy(&b);
    return r;
}
