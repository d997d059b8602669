/* Runs a small kernel of kernels.S on a pipeline and says how many cycles its marked
 * region took.
 *
 * A kernel is a section of the object file, loaded at KERNEL_BASE with r1 = KERNEL_DATA (64 KiB of
 * zeroes, twice) and everything else zero; it ends with `sc`. The region lies between the
 * retirement of `or 26,26,26` and of `or 28,28,28`.
 *
 * Machines with a 32-bit processor run big-endian kernels of their own: those of configs/ppc750.ini
 * stand in ppc750.S. */
#ifndef TESTS_TIMING_BENCH_H
#define TESTS_TIMING_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "models/pipeline/cpi.h"
#include "models/pipeline/pipeline.h"

#define KERNEL_BASE UINT64_C(0x10000)
#define KERNEL_DATA UINT64_C(0x100000)

/* The in-order machine, and the out-of-order one. */
#define MACHINE_SCALAR "tests/timing/scalar.ini"
#define MACHINE_WIDE   "tests/timing/wide.ini"

struct kernel_result {
    uint64_t cycles;       /* of the region */
    uint64_t instructions; /* of the whole run */
    uint64_t total_cycles;
    struct core_stats core;
    uint64_t mispredicts, branches;
    uint64_t parts[PART_COUNT];
    uint32_t width;
};

/* `overrides`: "section.key=value" words separated by blanks, `;` for a blank inside a value; on
 * top of tests/timing/scalar.ini. Ends the test program on any error. */
struct kernel_result kernel_run_on(const char *machine, const char *name, const char *overrides,
                                   bool skip_idle);

/* What each instruction of a kernel did, in order of retirement; and those squashed, whose last
 * cycle is that of the squash, and UINT64_MAX stands for what they have not come to. */
#define KERNEL_TRACE 1024u
struct kernel_trace {
    uint32_t count;
    struct kernel_step {
        /* cycles as in struct retirement */
        uint64_t pc, fetch, ready, dispatch, issue, done, retire;
        bool squashed;
    } step[KERNEL_TRACE];
};
/* The same as kernel_run_on; *t holds the last KERNEL_TRACE instructions at most. */
struct kernel_result kernel_trace(const char *machine, const char *name, const char *overrides,
                                  struct kernel_trace *t);

/* A program given as words, and how it is run: the functional executor alone, or the pipeline. */
struct program {
    const char *machine;       /* NULL: MACHINE_SCALAR */
    const uint32_t *words; /* loaded at KERNEL_BASE, writable; registers as for kernels */
    uint32_t count;
    uint64_t max_instructions; /* 0: to its `sc` */
    uint64_t interval;         /* instructions; at each the CPI stack must be exact; 0: none */
    bool functional, skip_idle;
    const char *overrides;
    const uint64_t *expected; /* NULL, or all statistics of a run that has to be the same */
};

struct program_result {
    char failure[200]; /* empty, or what went wrong: the name of a broken law, say */
    uint64_t instructions; /* by the executor's count */
    uint64_t retired;      /* by the pipeline's */
    uint64_t gpr[32], lr, ctr, xer;
    uint32_t cr;
    uint8_t vsr[64 * 16];
    uint64_t memory;     /* hash of the data area and the code */
    uint64_t *values;    /* all statistics; NULL when functional */
    uint32_t value_count;
};

/* The caller frees r.values. */
struct program_result program_run(const struct program *program);

#endif
