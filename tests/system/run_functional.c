/* Runs one static Linux program in functional mode without a configuration: `run_functional [-p
 * PAGE_BYTES] PROGRAM [ARG...]`. For tests of the process model: the clock is the instruction
 * count, 1 ns each. Prints statistics with -v. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/isa/processor.h"
#include "sim/linux/linux.h"
#include "sim/loader/elf.h"

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

static int run_program(const char *program, const char *const *args, uint64_t page, bool verbose)
{
    struct err e = {0};
    struct program_image image;
    struct workload_keys keys = {.program = program,
                                 .env = LINUX_DEFAULT_ENV,
                                 .stack_size = 8 << 20,
                                 .page_size = page,
                                 .seed = 1,
                                 .epoch = 1700000000,
                                 .uid = 1000,
                                 .gid = 1000};
    struct phys *phys = phys_create();
    struct process *process = process_create(phys, page);
    const struct processor *processor = processor_at(0);
    struct decoder *decoder = processor_decoder(processor);
    struct code *code = code_create(decoder, process_mmu(process));
    struct cpu *s = xcalloc(1, sizeof *s);
    struct exec x;
    struct linux_config config = {
        .keys = &keys, .program_path = program, .args = args,
        .processor = processor, .now_ns = icount_ns, .time_slice_ns = 100000, .ctx = s};
    code_attach(code, s);
    struct elf_program *elf = elf_open(program, &e);
    struct linux_process *l = NULL;
    if (elf && elf_map(elf, process, &image, &e)) {
        config.image = image;
        processor_reset(processor, s, image.is_64bit, image.big_endian);
        l = linux_create(process, s, &config, &e);
    }
    if (elf)
        elf_close(elf);
    if (!l) {
        fprintf(stderr, "simrun: %s\n", e.text);
        return e.status;
    }
    exec_init(&x, s, linux_system(l));
    run(&x, l);
    int status = linux_exit_status(l);
    const struct linux_stats *stats = linux_update_stats(l);
    if (verbose)
        fprintf(stderr, "simrun: %" PRIu64 " instructions, %" PRIu64 " system calls, %" PRIu64
                        " unknown, %" PRIu64 " signals, %" PRIu64 " page faults, %" PRIu64
                        " bytes resident\n",
                exec_icount(&x), stats->syscalls, stats->unknown_syscalls, stats->signals,
                stats->page_faults, stats->resident_bytes);
    linux_destroy(l);
    code_detach(code, s);
    code_destroy(code);
    process_destroy(process);
    decoder_destroy(decoder);
    phys_destroy(phys);
    free(s);
    return status;
}

int main(int argc, char **argv)
{
    uint64_t page = 65536;
    bool verbose = false;
    for (int c; (c = getopt(argc, argv, "+p:v")) != -1;) {
        if (c == 'p')
            page = strtoull(optarg, NULL, 0);
        else if (c == 'v')
            verbose = true;
        else
            return EXIT_USER;
    }
    if (optind == argc) {
        fprintf(stderr, "usage: run_functional [-v] [-p PAGE_BYTES] PROGRAM [ARG...]\n");
        return EXIT_USER;
    }
    return run_program(argv[optind], (const char *const *)argv + optind + 1, page, verbose);
}
