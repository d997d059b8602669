/* A process without a program, whose system calls the tests make themselves. */
#ifndef TESTS_UNIT_SIM_LINUX_GUEST_H
#define TESTS_UNIT_SIM_LINUX_GUEST_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/isa/processor.h"
#include "sim/linux/internal.h"

#define GUEST_PAGE UINT64_C(65536)
#define SCRATCH    UINT64_C(0x20000000) /* one readable and writable page, nothing behind it */

struct guest {
    struct phys *phys;
    struct process *process;
    struct cpu *cpu;
    struct workload_keys keys;
    struct linux_process *l;
    uint64_t now_ns;
};

static inline uint64_t guest_clock(void *ctx) { return ((struct guest *)ctx)->now_ns; }

/* No program is one that could be started. */
static inline int64_t guest_load(void *ctx, const char *host_path, const char *name,
                                 struct process *process, struct program_image *image)
{
    (void)ctx, (void)host_path, (void)name, (void)process, (void)image;
    return -ENOEXEC;
}

static inline struct guest *guest_create(bool big_endian)
{
    struct guest *g = calloc(1, sizeof *g);
    struct err e = {0};
    g->phys = phys_create();
    g->process = process_create(g->phys, GUEST_PAGE);
    g->cpu = calloc(1, sizeof *g->cpu);
    processor_reset(processor_at(0), g->cpu, true, big_endian);
    g->keys = (struct workload_keys){.program = "prog", .args = "one 'two three'",
                                     .env = "A=1 B=2", .stack_size = 1 << 20,
                                     .page_size = GUEST_PAGE, .seed = 1, .epoch = 1000,
                                     .uid = 1000, .gid = 1000};
    process_map(g->process, SCRATCH, GUEST_PAGE, AREA_READ | AREA_WRITE, NULL, 0, NULL);
    struct linux_config config = {.keys = &g->keys, .program_path = "/nowhere/prog",
                                  .processor = processor_at(0),
                                  .now_ns = guest_clock, .time_slice_ns = 1000, .load = guest_load,
                                  .ctx = g};
    config.image = (struct program_image){.is_64bit = true, .big_endian = big_endian,
                                          .start = SCRATCH, .entry = SCRATCH,
                                          .brk_start = 0x30000000, .user_end = USER_END_64};
    g->l = linux_create(g->process, g->cpu, &config, &e);
    if (!g->l)
        fail_msg("%s", e.text);
    return g;
}

static inline void guest_destroy(struct guest *g)
{
    linux_destroy(g->l);
    phys_destroy(g->phys);
    free(g->cpu);
    free(g);
}

/* As the executor would: sc at nia - 4. Returns r3, negated when CR0[SO] says it is an error. */
static inline int64_t guest_call(struct guest *g, uint64_t number, uint64_t a, uint64_t b,
                                 uint64_t c, uint64_t d)
{
    struct exec_system system = linux_system(g->l);
    g->cpu->gpr[0] = number;
    g->cpu->gpr[3] = a;
    g->cpu->gpr[4] = b;
    g->cpu->gpr[5] = c;
    g->cpu->gpr[6] = d;
    g->cpu->exception = (struct exception_record){.kind = EXC_SYSCALL};
    system.exception(system.system, g->cpu);
    int64_t r3 = (int64_t)g->cpu->gpr[3];
    return g->cpu->cr[0] & CR_SO ? -r3 : r3;
}

static inline int guest_setup(void **state)
{
    *state = guest_create(false);
    return 0;
}

static inline int guest_teardown(void **state)
{
    guest_destroy(*state);
    return 0;
}

#define GUEST_TEST(name) cmocka_unit_test_setup_teardown(name, guest_setup, guest_teardown)

#endif
