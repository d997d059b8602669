/* Runs a small kernel of kernels.S on the in-order pipeline and says how many cycles its marked
 * region took.
 *
 * A kernel is a section of the object file, loaded at KERNEL_BASE with r1 = KERNEL_DATA (64 KiB of
 * zeroes, twice) and everything else zero; it ends with `sc`. The region lies between the
 * retirement of `or 26,26,26` and of `or 28,28,28`. */
#ifndef TESTS_TIMING_BENCH_H
#define TESTS_TIMING_BENCH_H

#include <stdint.h>

#include "models/pipeline/cpi.h"
#include "models/pipeline/pipeline.h"

#define KERNEL_BASE UINT64_C(0x10000)
#define KERNEL_DATA UINT64_C(0x100000)

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
struct kernel_result kernel_run(const char *name, const char *overrides, bool skip_idle);

#endif
