/* Runs one static Linux program in functional mode without a configuration: `run_functional [-p
 * PAGE_BYTES] PROGRAM [ARG...]`. For tests of the process model: the clock is the instruction
 * count, 1 ns each. -d N: goes down wrong paths after one branch in N, which must not matter.
 * Prints statistics and a hash of what the program left behind with -v. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/exec/wrong_path.h"
#include "sim/isa/processor.h"
#include "sim/linux/internal.h"
#include "sim/loader/elf.h"
#include "tests/unit/sim/exec/excursions.h"

#define CHUNK 100000000u

static uint64_t icount_ns(void *ctx)
{
    const struct cpu *s = ctx;
    return s->icount;
}

static void run(struct exec *x, struct linux_process *l)
{
    for (;;) {
        uint64_t now = exec_icount(x), deadline = linux_next_deadline_ns(l);
        if (deadline <= now)
            exec_interrupt(x);
        if (exec_run(x, deadline > now ? min_u64(deadline, now + CHUNK) : now + 1) == EXEC_HALTED)
            return;
    }
}

static int64_t load(void *ctx, const char *host_path, const char *name, struct process *process,
                    struct program_image *image)
{
    const struct roots roots = ROOTS_NONE;
    (void)ctx;
    return elf_execute(host_path, name, &roots, process, image);
}

static void run_with_excursions(struct exec *x, struct linux_process *l, uint32_t every)
{
    struct wrong_path *w = wrong_path_create(x);
    struct excursions e = {.source = wrong_path_op_source(w), .rng = rng_seeded(1),
                           .every = every, .length = 100, .depth = 4};
    struct op op;
    do {
        if (linux_next_deadline_ns(l) <= exec_icount(x))
            exec_interrupt(x);
    } while (excursions_next(&e, &op, true) != EXEC_HALTED);
    wrong_path_destroy(w);
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, uint64_t count)
{
    for (uint64_t n = 0; n < count; n++) /* FNV-1a */
        hash = (hash ^ ((const uint8_t *)bytes)[n]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Registers and every page that was touched. */
static uint64_t hash_state(const struct cpu *s, const struct process *p)
{
    uint64_t hash = hash_bytes(UINT64_C(0xcbf29ce484222325), s->gpr, sizeof s->gpr), pa;
    struct frame *frame;
    hash = hash_bytes(hash, s->vsr, sizeof s->vsr);
    hash = hash_bytes(hash, s->cr, sizeof s->cr);
    for (const struct area *a = process_area_at(p, 0); a; a = process_area_at(p, a->end))
        for (uint64_t ea = a->start; ea < a->end; ea += FRAME_BYTES)
            if (mmu_look(s->mmu, ea, MMU_LOAD, &frame, &pa) == MMU_OK)
                hash = hash_bytes(hash, frame->host, FRAME_BYTES);
    return hash;
}

static void report(const struct exec *x, struct linux_process *l, const struct process *p)
{
    const struct linux_stats *stats = linux_update_stats(l);
    fprintf(stderr, "simrun: %" PRIu64 " instructions, %" PRIu64 " system calls, %" PRIu64
                    " unknown, %" PRIu64 " signals, %" PRIu64 " page faults, %" PRIu64
                    " bytes resident, state %016" PRIx64 "\n",
            exec_icount(x), stats->syscalls, stats->unknown_syscalls, stats->signals,
            stats->page_faults, stats->resident_bytes, hash_state(x->cpu, p));
}

struct options {
    uint64_t page;
    uint32_t excursions; /* after one branch in so many; 0: none */
    bool verbose;
};

static struct linux_process *start(const char *program, struct process *process, struct cpu *s,
                                   struct linux_config *config, struct err *e)
{
    struct linux_process *l = NULL;
    struct elf_program *elf = elf_open(program, e);
    if (elf && elf_map(elf, process, &config->image, e)) {
        processor_reset(config->processor, s, config->image.is_64bit, config->image.big_endian);
        l = linux_create(process, s, config, e);
    }
    if (elf)
        elf_close(elf);
    return l;
}

static int run_program(const char *program, const char *const *args, const struct options *options)
{
    uint64_t page = options->page;
    struct err e = {0};
    struct workload_keys keys = {.program = program, .env = LINUX_DEFAULT_ENV,
                                 .stack_size = 8 << 20, .page_size = page, .seed = 1,
                                 .epoch = 1700000000, .uid = 1000, .gid = 1000};
    struct phys *phys = phys_create();
    struct process *process = process_create(phys, page);
    const struct processor *processor = processor_at(0);
    struct decoder *decoder = processor_decoder(processor);
    struct code *code = code_create(decoder, process_mmu(process));
    struct cpu *s = xcalloc(1, sizeof *s);
    struct exec x;
    struct linux_config config = {
        .keys = &keys, .program_path = program, .args = args,
        .processor = processor, .now_ns = icount_ns, .time_slice_ns = 100000, .load = load,
        .ctx = s};
    code_attach(code, s);
    struct linux_process *l = start(program, process, s, &config, &e);
    if (!l) {
        fprintf(stderr, "simrun: %s\n", e.text);
        return e.status;
    }
    exec_init(&x, s, linux_system(l));
    if (options->excursions)
        run_with_excursions(&x, l, options->excursions);
    else
        run(&x, l);
    int status = linux_exit_status(l);
    if (options->verbose)
        report(&x, l, l->kernel->entered->process);
    linux_destroy(l);
    decoder_destroy(decoder);
    phys_destroy(phys);
    free(s);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = {.page = 65536};
    for (int c; (c = getopt(argc, argv, "+p:d:v")) != -1;) {
        if (c == 'p')
            options.page = strtoull(optarg, NULL, 0);
        else if (c == 'd')
            options.excursions = (uint32_t)strtoul(optarg, NULL, 0);
        else if (c == 'v')
            options.verbose = true;
        else
            return EXIT_USER;
    }
    if (optind == argc) {
        fprintf(stderr, "usage: run_functional [-v] [-p PAGE_BYTES] [-d N] PROGRAM [ARG...]\n");
        return EXIT_USER;
    }
    return run_program(argv[optind], (const char *const *)argv + optind + 1, &options);
}
