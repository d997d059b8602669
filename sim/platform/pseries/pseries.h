/* A partition as POWER's hypervisor gives it to an operating system: memory, one processor, radix
 * translation, an interrupt presenter, a console, a clock and a switch, described by a device tree
 * (Linux on Power Architecture Platform Reference). The kernel is entered without Open Firmware:
 * r3 is the tree, r4 the entry, r5 zero, translation off.
 *
 * Stands on a board (board.h), below which it is the hypervisor: `sc 1` is handled here, in no
 * simulated time. */
#ifndef SIM_PLATFORM_PSERIES_PSERIES_H
#define SIM_PLATFORM_PSERIES_PSERIES_H

#include "sim/base/err.h"
#include "sim/platform/board.h"

#define PLATFORM_KEYS(X, o)                                                                        \
    X(o, SIZE, ram_size, "512MiB", "128MiB", "1GiB", "the machine's memory")                       \
    X(o, STR, initrd, "", "", "", "file that the kernel gets as its initial root; empty: none")    \
    X(o, STR, command_line, "console=hvc0", "", "",                                                \
      "kernel parameters; arguments behind PROGRAM follow them")                                   \
    X(o, TIME, idle_limit, "300s", "1ms", "1000000s",                                              \
      "a guest that only waits for so long, its console's input at its end, has failed")
struct platform_keys {
    PLATFORM_KEYS(KEY_MEMBER, platform_keys)
};
extern const struct key_row platform_key_rows[];

#define PLATFORM_STATS(X, o)                                                                       \
    X(o, console_in, BYTES, "read from the console")                                               \
    X(o, console_out, BYTES, "written to the console")                                             \
    X(o, rtas_calls, COUNT, "calls of the firmware's run-time services")                           \
    X(o, unknown_hypercalls, COUNT, "hypercalls answered with H_FUNCTION: there is no such one")   \
    X(o, waits, COUNT, "times that the processor had nothing to do (H_CEDE)")                      \
    X(o, waited_ns, COUNT, "nanoseconds of simulated time in them, in which no cycle passes")
struct platform_stats {
    PLATFORM_STATS(STAT_MEMBER, platform_stats)
};
extern const struct stat_row platform_stat_rows[];

struct pseries_config {
    const struct platform_keys *keys; /* kept by reference */
    const struct processor *processor;
    uint64_t entry;               /* of the kernel, which is loaded already: a physical address */
    uint64_t kernel_end;          /* behind it memory is free */
    const char *const *arguments; /* NULL-terminated; NULL: none */
    const char *input;            /* file that the console reads; empty: standard input */
    uint64_t seed;
    uint64_t epoch;               /* of the clock at the start, seconds since 1970 */
    uint64_t (*now_ns)(void *ctx);    /* as of struct board_config */
    void (*attention)(void *ctx);
    void *ctx;
};

struct pseries;

/* Loads initial root and tree behind the kernel, and resets the processor. NULL with *e set: a file
 * cannot be read, or does not fit; *key then names the key of [platform] or [workload] that is to
 * blame. */
struct pseries *pseries_create(struct cpu *cpu, struct phys *phys,
                               const struct pseries_config *config, const char **key,
                               struct err *e);
void pseries_destroy(struct pseries *p);

struct board *pseries_board(struct pseries *p);
const struct platform_stats *pseries_stats(const struct pseries *p);

#endif
