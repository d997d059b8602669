/* Rows of a table of latencies, each measured on a kernel of its own: at 0x40, with the pipeline
 * empty, an instruction, a second of its kind that does not depend on it, and a third one that
 * needs the second's result. */
#ifndef TESTS_TIMING_LATENCIES_H
#define TESTS_TIMING_LATENCIES_H

#include "tests/timing/pins.h"

enum latency_what {
    THROUGHPUT, /* how long behind the first the second begins */
    LATENCY,    /* how long behind the second the third begins */
    STAY,       /* how long the second is in its unit */
};

struct latency {
    const char *kernel;
    enum latency_what what;
    enum fact_kind kind;
    uint64_t cycles;
    const char *fact;
};

static inline uint64_t latency_measure(const char *machine, const struct latency *l)
{
    struct kernel_trace t;
    kernel_trace(machine, l->kernel, "", &t);
    const struct kernel_step *s = pin_find(&t, 0x44);
    switch (l->what) {
    case THROUGHPUT: return s->issue - pin_find(&t, 0x40)->issue;
    case LATENCY: return pin_find(&t, 0x48)->issue - s->issue;
    default: return s->done - s->issue;
    }
}

static inline void latencies_hold(const char *preset, const char *machine,
                                  const struct latency *rows, size_t count)
{
    uint32_t wrong = 0;
    for (size_t n = 0; n < count; n++) {
        uint64_t ours = latency_measure(machine, &rows[n]);
        fact_record(preset, rows[n].fact, rows[n].kind, rows[n].cycles, ours);
        if (ours == rows[n].cycles)
            continue;
        wrong++;
        print_error("%s: %llu expected, %llu found\n", rows[n].fact,
                    (unsigned long long)rows[n].cycles, (unsigned long long)ours);
    }
    assert_int_equal(wrong, 0);
}

#endif
