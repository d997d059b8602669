/* Random programs for tests: they terminate, stay in the data area and end with `sc`. */
#ifndef TESTS_TIMING_RANDOM_PROGRAM_H
#define TESTS_TIMING_RANDOM_PROGRAM_H

#include "sim/base/rng.h"

#define RANDOM_PROGRAM_WORDS 2048u

struct random_program {
    uint32_t words[RANDOM_PROGRAM_WORDS];
    uint32_t count;
    struct rng rng;
};

/* The same seed, the same program. */
void random_program_make(struct random_program *p, uint64_t seed);

#endif
