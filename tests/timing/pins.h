/* Stage cycles of single instructions, as a manual's example states them: a table of rows, each of
 * them checked, recorded as a fact (facts.h) and, when it fails, printed.
 *
 * A kernel runs its code more than once; its last pass counts. Cycle 0 is the one in which the
 * instruction at `origin` is in the stage `zero`. */
#ifndef TESTS_TIMING_PINS_H
#define TESTS_TIMING_PINS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/timing/bench.h"
#include "tests/timing/facts.h"

enum pin_stage {
    PIN_FETCH,    /* the instruction cache is asked for it */
    PIN_QUEUE,    /* it stands in the instruction queue and may be dispatched */
    PIN_START,    /* first cycle in a unit; of a branch without one: it is decided */
    PIN_END,      /* last cycle in a unit */
    PIN_COMPLETE, /* completes and writes back */
    PIN_DISPATCH,
};

struct pin {
    const char *fact;
    enum fact_kind kind;
    const char *kernel, *overrides;
    uint32_t origin, at; /* addresses from the start of the kernel; at: the instruction's */
    enum pin_stage stage;
    int64_t least, most; /* the cycles that the document allows */
};

/* One whose cycle 0 is another stage of the origin, or an earlier time that it was there. */
struct pin_from {
    struct pin pin;
    enum pin_stage from;
    uint32_t back; /* 1: the last time but one */
};

/* The last retirement but `back` of the instruction at this place; NULL: there was none. */
static inline const struct kernel_step *pin_find_back(const struct kernel_trace *t, uint32_t at,
                                                      uint32_t back)
{
    for (uint32_t n = t->count; n-- > 0;)
        if (t->step[n].pc == KERNEL_BASE + at && !t->step[n].squashed && !back--)
            return &t->step[n];
    return NULL;
}

static inline const struct kernel_step *pin_find(const struct kernel_trace *t, uint32_t at)
{
    return pin_find_back(t, at, 0);
}

/* The same of those squashed. */
static inline const struct kernel_step *pin_find_squashed(const struct kernel_trace *t,
                                                          uint32_t at)
{
    for (uint32_t n = t->count; n-- > 0;)
        if (t->step[n].pc == KERNEL_BASE + at && t->step[n].squashed)
            return &t->step[n];
    return NULL;
}

static inline int64_t pin_cycle(const struct kernel_step *s, enum pin_stage stage)
{
    const uint64_t cycle[] = {[PIN_FETCH] = s->fetch, [PIN_QUEUE] = s->ready,
                              [PIN_START] = s->issue, [PIN_END] = s->done - 1,
                              [PIN_COMPLETE] = s->retire, [PIN_DISPATCH] = s->dispatch};
    return (int64_t)cycle[stage];
}

static inline bool pin_holds_from(const char *preset, const char *machine, enum pin_stage zero,
                                  uint32_t back, const struct pin *p)
{
    struct kernel_trace t;
    kernel_trace(machine, p->kernel, p->overrides ? p->overrides : "", &t);
    const struct kernel_step *origin = pin_find_back(&t, p->origin, back);
    const struct kernel_step *s = pin_find(&t, p->at);
    if (!origin || !s) {
        print_error("%s: no such instruction\n", p->fact);
        return false;
    }
    int64_t ours = pin_cycle(s, p->stage) - pin_cycle(origin, zero);
    int64_t reference = ours < p->least ? p->least : ours > p->most ? p->most : ours;
    fact_record(preset, p->fact, p->kind, (uint64_t)reference, (uint64_t)ours);
    if (ours != reference)
        print_error("%s: %lld to %lld expected, %lld found\n", p->fact, (long long)p->least,
                    (long long)p->most, (long long)ours);
    return ours == reference;
}

static inline bool pin_holds(const char *preset, const char *machine, enum pin_stage zero,
                             const struct pin *p)
{
    return pin_holds_from(preset, machine, zero, 0, p);
}

static inline void pins_hold(const char *preset, const char *machine, enum pin_stage zero,
                             const struct pin *pins, size_t count)
{
    uint32_t wrong = 0;
    for (size_t n = 0; n < count; n++)
        wrong += !pin_holds(preset, machine, zero, &pins[n]);
    assert_int_equal(wrong, 0);
}

/* What is slept through and what is looked at cycle by cycle comes to the same. */
static inline void sleeping_changes_nothing(const char *machine, const char *const *kernels,
                                            size_t count)
{
    for (size_t n = 0; n < count; n++) {
        struct kernel_result slept = kernel_run_on(machine, kernels[n], "", true);
        struct kernel_result stepped = kernel_run_on(machine, kernels[n], "", false);
        if (memcmp(&slept, &stepped, sizeof slept))
            fail_msg("%s differs", kernels[n]);
    }
}

static inline void pins_hold_from(const char *preset, const char *machine,
                                  const struct pin_from *pins, size_t count)
{
    uint32_t wrong = 0;
    for (size_t n = 0; n < count; n++)
        wrong += !pin_holds_from(preset, machine, pins[n].from, pins[n].back, &pins[n].pin);
    assert_int_equal(wrong, 0);
}

#endif
