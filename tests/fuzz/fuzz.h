/* What a fuzz target defines; either libFuzzer or loop.c calls it. The first finding is a crash, a
 * panic or an abort: a target aborts when a law that it checks is broken. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Once, before the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
/* Zero for any input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* An input being read; zeros follow its end. */
struct fuzz_input {
    const uint8_t *data;
    size_t left;
};

static inline uint64_t fuzz_take(struct fuzz_input *in, uint32_t bytes)
{
    uint64_t value = 0;
    for (uint32_t n = 0; n < bytes && in->left; n++, in->left--)
        value |= (uint64_t)*in->data++ << 8 * n;
    return value;
}

#endif
