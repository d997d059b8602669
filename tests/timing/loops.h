/* Loops of loops.inc on a preset: how many cycles a turn takes once all is in the caches. */
#ifndef TESTS_TIMING_LOOPS_H
#define TESTS_TIMING_LOOPS_H

#include "tests/timing/pins.h"

struct loop {
    const char *kernel;
    enum fact_kind kind;
    uint32_t turns;  /* whose cycles are ... */
    uint64_t cycles; /* ... these */
    const char *fact;
};

#define LOOP_TURNS 64u /* measured of the last pass */

/* The branch at the end of a turn: what retires most often. */
static inline uint64_t loop_end(const struct kernel_trace *t)
{
    const struct kernel_step *last = &t->step[t->count - 1];
    uint64_t best = 0;
    uint32_t most = 0;
    for (const struct kernel_step *s = t->step; s <= last; s++) {
        uint32_t count = 0;
        for (const struct kernel_step *r = t->step; r <= last; r++)
            count += r->pc == s->pc && !r->squashed;
        if (count >= most) {
            most = count;
            best = s->pc;
        }
    }
    return best;
}

/* Of so many turns, to the nearest cycle: several may retire in one. */
static inline uint64_t loop_measure(const char *machine, const struct loop *l)
{
    struct kernel_trace t;
    kernel_trace(machine, l->kernel, "", &t);
    uint32_t at = (uint32_t)(loop_end(&t) - KERNEL_BASE);
    uint64_t cycles = pin_find(&t, at)->retire - pin_find_back(&t, at, LOOP_TURNS)->retire;
    return (cycles * l->turns + LOOP_TURNS / 2) / LOOP_TURNS;
}

static inline void loops_hold(const char *preset, const char *machine, const struct loop *loops,
                              size_t count)
{
    uint32_t wrong = 0;
    for (size_t n = 0; n < count; n++) {
        uint64_t ours = loop_measure(machine, &loops[n]);
        fact_record(preset, loops[n].fact, loops[n].kind, loops[n].cycles, ours);
        if (ours == loops[n].cycles)
            continue;
        wrong++;
        print_error("%s: %llu expected, %llu found\n", loops[n].fact,
                    (unsigned long long)loops[n].cycles, (unsigned long long)ours);
    }
    assert_int_equal(wrong, 0);
}

#endif
