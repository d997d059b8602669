/* configs/ppc750.ini against the worked examples of the 750's manual. A pinned row is what the text
 * of the manual says; an inferred one follows from a small model that agrees with all pinned ones,
 * the manual's drawings not having been at hand.
 *
 *   G3-A  IBM 750GX user's manual 6.3.2.2, p. 222, and MPC7400 user's manual 6.3.2.2: straight
 *         line with a folded branch, all hits
 *   G3-B  the same, p. 222: the target missing in both caches, the bus at half the core's clock
 *   G3-C  the same, pp. 230 to 232: two predicted branches, the second one wrong
 *   G3-D  Freescale AN2203 3.1.1, p. 17: a loop that crosses a line */
#include "tests/timing/latencies.h"
#include "tests/timing/loops.h"
#include "tests/timing/pins.h"
#include "tests/timing/ppc750_latencies.h"

#define MACHINE "configs/ppc750.ini"
#define COUNT(rows) (sizeof (rows) / sizeof *(rows))

/* Instruction n of the example stands behind isync; 6 is 12 bytes behind 5. */
#define A_ORIGIN 0x40
#define A(n) "straight", NULL, A_ORIGIN, A_ORIGIN + 4 * (n) + ((n) > 5 ? 16 : 0)

static const struct pin straight_line[] = {
    {"G3-A.1 0 in the queue", FACT_PINNED, A(0), PIN_QUEUE, 0, 0},
    {"G3-A.1 3 in the queue", FACT_PINNED, A(3), PIN_QUEUE, 0, 0},
    {"G3-A.2 0 in IU2", FACT_PINNED, A(0), PIN_START, 1, 1},
    {"G3-A.2 1 in FPU stage 1", FACT_PINNED, A(1), PIN_START, 1, 1},
    {"G3-A.2 4 in the queue: two places were free", FACT_PINNED, A(4), PIN_QUEUE, 1, 1},
    {"G3-A.2 4 resolved at once", FACT_PINNED, A(4), PIN_START, 1, 1},
    {"G3-A.3 6 in the queue, from the BTIC", FACT_PINNED, A(6), PIN_QUEUE, 2, 2},
    {"G3-A.3 7 in the queue, from the BTIC", FACT_PINNED, A(7), PIN_QUEUE, 2, 2},
    {"G3-A.3 0 completes (7400: in 1)", FACT_PINNED, A(0), PIN_COMPLETE, 1, 2},
    {"G3-A.3 2 in IU2", FACT_PINNED, A(2), PIN_START, 2, 2},
    {"G3-A.3 3 in FPU stage 1", FACT_PINNED, A(3), PIN_START, 2, 2},
    {"G3-A.4 1 in FPU stage 3", FACT_PINNED, A(1), PIN_END, 3, 3},
    {"G3-A.4 2 has executed", FACT_PINNED, A(2), PIN_END, 2, 2},
    {"G3-A.4 2 waits for 1", FACT_PINNED, A(2), PIN_COMPLETE, 4, 4},
    {"G3-A.5 11 completes", FACT_PINNED, A(11), PIN_COMPLETE, 9, 9},
    {"G3-A.5 12 still in the FPU", FACT_PINNED, A(12), PIN_END, 9, 10},
    {"G3-A.5 13 dispatched", FACT_PINNED, A(13), PIN_START, 9, 9},
    {"G3-A.5 14 dispatched", FACT_PINNED, A(14), PIN_START, 9, 9},
    {"G3-A.5 17 not fetched in 9", FACT_PINNED, A(17), PIN_QUEUE, 0, 8},
    {"G3-A.5 18 fetched: one place was free", FACT_PINNED, A(18), PIN_QUEUE, 9, 9},
    {"G3-A.5 19 not fetched with it", FACT_PINNED, A(19), PIN_QUEUE, 10, 10},
    {"G3-A 1 completes", FACT_INFERRED, A(1), PIN_COMPLETE, 4, 4},
    {"G3-A 3 completes", FACT_INFERRED, A(3), PIN_COMPLETE, 5, 5},
    {"G3-A 6 starts", FACT_INFERRED, A(6), PIN_START, 3, 3},
    {"G3-A 6 completes", FACT_INFERRED, A(6), PIN_COMPLETE, 6, 6},
    {"G3-A 7 starts", FACT_INFERRED, A(7), PIN_START, 4, 4},
    {"G3-A 7 completes", FACT_INFERRED, A(7), PIN_COMPLETE, 7, 7},
    {"G3-A 8 in the queue", FACT_INFERRED, A(8), PIN_QUEUE, 3, 3},
    {"G3-A 8 starts", FACT_INFERRED, A(8), PIN_START, 4, 4},
    {"G3-A 8 completes", FACT_INFERRED, A(8), PIN_COMPLETE, 7, 7},
    {"G3-A 9 starts", FACT_INFERRED, A(9), PIN_START, 5, 6},
    {"G3-A 9 completes", FACT_INFERRED, A(9), PIN_COMPLETE, 8, 8},
    {"G3-A 10 starts", FACT_INFERRED, A(10), PIN_START, 5, 6},
    {"G3-A 10 completes", FACT_INFERRED, A(10), PIN_COMPLETE, 8, 8},
    {"G3-A 11 in the queue", FACT_INFERRED, A(11), PIN_QUEUE, 3, 3},
    {"G3-A 11 starts", FACT_INFERRED, A(11), PIN_START, 7, 7},
    {"G3-A 12 in the queue", FACT_INFERRED, A(12), PIN_QUEUE, 4, 4},
    {"G3-A 12 starts", FACT_INFERRED, A(12), PIN_START, 8, 8},
    {"G3-A 12 completes", FACT_INFERRED, A(12), PIN_COMPLETE, 11, 11},
    {"G3-A 13 in the queue", FACT_INFERRED, A(13), PIN_QUEUE, 5, 5},
    {"G3-A 13 completes", FACT_INFERRED, A(13), PIN_COMPLETE, 11, 11},
    {"G3-A 14 in the queue", FACT_INFERRED, A(14), PIN_QUEUE, 5, 5},
    {"G3-A 14 completes", FACT_INFERRED, A(14), PIN_COMPLETE, 12, 12},
    {"G3-A 16 in the queue", FACT_INFERRED, A(16), PIN_QUEUE, 7, 7},
};

static void straight_line_with_a_folded_branch(void **state)
{
    (void)state;
    pins_hold("ppc750", MACHINE, PIN_QUEUE, straight_line, COUNT(straight_line));
}

/* The four statements about cycle 9 need it: with the place of an instruction that completes in n
 * taken by one that starts in n + 1, all would be true of cycle 8. */
static void completion_queue_place_is_free_a_cycle_late(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "straight", "core.rob_reuse_cycles=0", &t);
    assert_int_equal(pin_find(&t, A_ORIGIN + 4 * 13 + 16)->issue -
                         pin_find(&t, A_ORIGIN)->ready, 8);
}

/* Memory answers a bus cycle, of two core cycles, after its request; four beats of one bus cycle:
 * 32 bytes in 6 core cycles from the first to the last. */
#define B_BUS "dram.latency=5ns dram.bandwidth=2133333334"
#define B(n) "target_missing", B_BUS, 0x40, (n) < 6 ? 0x40 + 4 * (n) : 0x460 + 4 * ((n) - 6)

static const struct pin missing_target[] = {
    {"G3-B 6 in the queue with the first beat", FACT_PINNED, B(6), PIN_QUEUE, 7, 7},
    {"G3-B 7 in the queue with the first beat", FACT_PINNED, B(7), PIN_QUEUE, 7, 7},
    {"G3-B 8 in the queue with the second beat", FACT_INFERRED, B(8), PIN_QUEUE, 9, 9},
    {"G3-B 9 in the queue with the second beat", FACT_INFERRED, B(9), PIN_QUEUE, 9, 9},
    {"G3-B 10 in the queue with the third beat", FACT_INFERRED, B(10), PIN_QUEUE, 11, 11},
};

static void target_missing_in_the_caches(void **state)
{
    (void)state;
    pins_hold("ppc750", MACHINE, PIN_QUEUE, missing_target, COUNT(missing_target));
}

/* When 6 is in the queue, less the time that memory takes: 10 cycles. */
static uint64_t asked(const char *overrides)
{
    struct kernel_trace t;
    kernel_trace(MACHINE, "target_missing", overrides, &t);
    return pin_find(&t, 0x460)->ready - pin_find(&t, 0x40)->ready - 10;
}

/* The address is on the bus two cycles after the miss was seen, which is when L2 is asked. */
static void miss_is_on_the_bus_two_cycles_later(void **state)
{
    (void)state;
    uint64_t bus = asked("dram.latency=25ns dram.bandwidth=0");
    uint64_t seen = asked("dram.latency=25ns dram.bandwidth=0 l2.miss_latency=0");
    fact_record("ppc750", "G3-B miss seen", FACT_PINNED, 3, seen);
    fact_record("ppc750", "G3-B address on the bus", FACT_PINNED, 5, bus);
    assert_int_equal(seen, 3);
    assert_int_equal(bus, 5);
}

/* T0 to T5 are seen to the end only where the prediction is right; up to cycle 4 nothing knows. */
#define C(kernel, n) kernel, NULL, 0x50, 0x50 + 4 * (n)
#define WRONG(n) C("predicted_wrong", n)
#define RIGHT(n) C("predicted_right", n)
#define RIGHT_T(n) C("predicted_right", 12 + (n))

static const struct pin two_branches[] = {
    {"G3-C.1 0 executes", FACT_PINNED, WRONG(0), PIN_START, 1, 1},
    {"G3-C.1 1 executes", FACT_PINNED, WRONG(1), PIN_START, 1, 1},
    {"G3-C.1 2 in the queue", FACT_PINNED, WRONG(2), PIN_QUEUE, 0, 1},
    {"G3-C.1 3 in the queue", FACT_PINNED, WRONG(3), PIN_QUEUE, 0, 1},
    {"G3-C.1 3 not yet in its unit", FACT_PINNED, WRONG(3), PIN_START, 2, 2},
    {"G3-C.1 4 fetched", FACT_PINNED, WRONG(4), PIN_QUEUE, 1, 1},
    {"G3-C.2 T0 from the BTIC", FACT_PINNED, RIGHT_T(0), PIN_QUEUE, 2, 2},
    {"G3-C.2 T1 from the BTIC", FACT_PINNED, RIGHT_T(1), PIN_QUEUE, 2, 2},
    {"G3-C.3 T0 dispatched", FACT_PINNED, RIGHT_T(0), PIN_START, 3, 3},
    {"G3-C.3 T1 dispatched", FACT_PINNED, RIGHT_T(1), PIN_START, 3, 3},
    {"G3-C.3 T2 fetched", FACT_PINNED, RIGHT_T(2), PIN_QUEUE, 3, 3},
    {"G3-C.3 T3 fetched", FACT_PINNED, RIGHT_T(3), PIN_QUEUE, 3, 3},
    {"G3-C.3 T4 fetched", FACT_PINNED, RIGHT_T(4), PIN_QUEUE, 3, 3},
    {"G3-C.3 T5 fetched", FACT_PINNED, RIGHT_T(5), PIN_QUEUE, 3, 3},
    {"G3-C.4 3 writes back", FACT_PINNED, WRONG(3), PIN_COMPLETE, 4, 4},
    {"G3-C.4 3 takes two cycles", FACT_INFERRED, WRONG(3), PIN_END, 3, 3},
    {"G3-C.5 5 in the queue again", FACT_PINNED, WRONG(5), PIN_QUEUE, 5, 6},
    {"G3-C.5 6 with it", FACT_PINNED, WRONG(6), PIN_QUEUE, 5, 6},
    {"G3-C.5 8 with it", FACT_PINNED, WRONG(8), PIN_QUEUE, 5, 6},
    {"G3-C.5 one cycle to refetch", FACT_INFERRED, WRONG(5), PIN_QUEUE, 6, 6},
};

static void two_predicted_branches(void **state)
{
    (void)state;
    pins_hold("ppc750", MACHINE, PIN_QUEUE, two_branches, COUNT(two_branches));
}

/* The same when 2 counts down CTR, which it has: it is resolved at once, and has a place in the
 * completion queue. */
static void two_branches_of_which_one_counts(void **state)
{
    (void)state;
    for (size_t n = 0; n < COUNT(two_branches); n++) {
        struct pin p = two_branches[n];
        char fact[100];
        snprintf(fact, sizeof fact, "%s (2 is bdnz)", p.fact);
        p.fact = fact;
        p.kernel = strcmp(p.kernel, "predicted_wrong") ? "counted_right" : "counted_wrong";
        assert_true(pin_holds("ppc750", MACHINE, PIN_QUEUE, &p));
    }
}

/* T0 has executed when 4 is found wrong, does not write back, and goes with all behind it. */
static void wrong_path_does_not_write_back(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "predicted_wrong", "", &t);
    uint64_t zero = pin_find(&t, 0x50)->ready;
    for (uint32_t n = 0; n < 6; n++) {
        const struct kernel_step *s = pin_find_squashed(&t, 0x80 + 4 * n);
        assert_non_null(s);
        assert_int_equal(s->ready - zero, n < 2 ? 2 : 3);
        assert_int_equal(s->retire - zero, 4);
    }
    const struct kernel_step *first = pin_find_squashed(&t, 0x80);
    fact_record("ppc750", "G3-C.4 T0 has executed", FACT_PINNED, 4, first->done - zero);
    fact_record("ppc750", "G3-C.4 T0 is flushed", FACT_PINNED, 4, first->retire - zero);
    assert_int_equal(first->done - zero, 4);
}

/* Cycles from one end of the loop, at the last but one retirement of `at`, to the next. */
static uint64_t loop_cycles(const struct kernel_trace *t, uint32_t at)
{
    uint64_t last = 0, before = 0;
    for (uint32_t n = 0; n < t->count; n++)
        if (t->step[n].pc == KERNEL_BASE + at && !t->step[n].squashed) {
            before = last;
            last = t->step[n].retire;
        }
    return last - before;
}

static void loop_across_a_line(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "split_loop", "", &t);
    uint64_t cycles = loop_cycles(&t, 0x3c);
    fact_record("ppc750", "G3-D cycles of a loop of four across a line", FACT_PINNED, 2, cycles);
    assert_int_equal(cycles, 2);
}

/* Without the BTIC, which saves one of the accesses. */
static void loop_across_a_line_needs_two_accesses(void **state)
{
    static const char no_btic[] = "core.bpred.btb_entries=0 core.fetch_beat=0";
    struct kernel_trace t;
    uint64_t split, aligned;
    (void)state;
    split = kernel_trace(MACHINE, "split_loop", no_btic, &t).core.fetch_blocks;
    aligned = kernel_trace(MACHINE, "aligned_loop", no_btic, &t).core.fetch_blocks;
    fact_record("ppc750", "G3-D accesses of 64 loops across a line, more than within one",
                FACT_PINNED, 64, split - aligned);
    assert_int_equal(split - aligned, 64);
}

static void latencies_are_those_of_the_tables(void **state)
{
    (void)state;
    latencies_hold("ppc750", MACHINE, latencies, COUNT(latencies));
}

/* AN2203, pp. 10 and 27: two of the six renames each, so that three fill them; the fourth is
 * dispatched when the first completes, behind the divide, and begins a cycle later. */
static void loads_with_update_take_two_renames(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "renames", "", &t);
    uint64_t first_completes = pin_find(&t, 0x44)->retire;
    fact_record("ppc750", "AN p. 27 a fourth load with update begins behind the first's end",
                FACT_PINNED, 1, pin_find(&t, 0x50)->issue - first_completes);
    assert_int_equal(pin_find(&t, 0x4c)->issue - pin_find(&t, 0x44)->issue, 2);
    assert_int_equal(pin_find(&t, 0x50)->issue - first_completes, 1);
    kernel_trace(MACHINE, "renames", "core.rename_gpr=8 core.rob_reuse_cycles=0", &t);
    assert_int_equal(pin_find(&t, 0x50)->issue - pin_find(&t, 0x44)->issue, 3);
}

/* It waits for LR, which mtlr has two cycles after it began (GCC), and its target is not in the
 * BTIC: 0x54 is asked for a cycle later and in the queue another one later. */
static void return_waits_for_the_link_register(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "to_link", "", &t);
    const struct kernel_step *target = pin_find(&t, 0x50);
    uint64_t decided = pin_find(&t, 0x48)->issue;
    assert_int_equal(decided - pin_find(&t, 0x44)->issue, 2);
    fact_record("ppc750", "UM 6-26 bubbles at a return whose target is known", FACT_PINNED, 1,
                target->ready - decided - 1);
    assert_int_equal(target->ready - decided, 2);
}

/* The compare executes, the branch is found wrong in the next cycle, fetch takes one, the queue one
 * more: as HW counts, from the compare to the first right instruction. */
static void mispredicted_branch_costs_four_cycles(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "penalty", "", &t);
    uint64_t ours = pin_find(&t, 0x48)->issue - pin_find(&t, 0x40)->issue;
    fact_record("ppc750", "HW minimum penalty of a mispredicted branch", FACT_PINNED, 4, ours);
    assert_int_equal(ours, 4);
}

/* GX p. 232: the target of the second one is fetched at once, and dispatched when the first one is
 * resolved: with the result of its divide, 19 cycles in the unit. */
static void dispatch_waits_behind_the_second_unresolved_branch(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "unresolved", "", &t);
    const struct kernel_step *divide = pin_find(&t, 0x40), *target = pin_find(&t, 0x80);
    fact_record("ppc750", "GX p. 232 fetch passes the second unresolved branch", FACT_PINNED, 3,
                target->ready - divide->ready);
    fact_record("ppc750", "GX p. 232 dispatch does not, until the first is resolved", FACT_PINNED,
                1, target->issue - divide->done);
    assert_int_equal(target->ready - divide->ready, 3);
    assert_int_equal(target->issue - divide->done, 1);
    kernel_trace(MACHINE, "unresolved", "core.unresolved_dispatch=0", &t);
    assert_int_equal(pin_find(&t, 0x80)->issue - pin_find(&t, 0x40)->issue, 3);
}

/* UM 6-26: it waits for mtctr, two cycles, and does not guess; its target is in the BTIC. */
static void count_is_waited_for(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "to_count", "", &t);
    assert_int_equal(pin_find(&t, 0x4c)->ready - pin_find(&t, 0x40)->done, 1);
}

/* UM 1-45: one miss at a time, and hits pass it. */
static void second_miss_waits_and_hits_do_not(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "misses", "", &t);
    const struct kernel_step *first = pin_find(&t, 0x40), *hit = pin_find(&t, 0x44),
                             *second = pin_find(&t, 0x48);
    fact_record("ppc750", "UM 1-45 a hit under a miss", FACT_PINNED, 2, hit->done - hit->issue);
    assert_int_equal(hit->done - hit->issue, 2);
    /* The first one's time without its address calculation, and the rest of its line. */
    assert_true(second->done - first->done >= first->done - first->issue - 1);
    kernel_trace(MACHINE, "misses", "l1d.mshrs=2 l2.mshrs=3", &t);
    assert_true(pin_find(&t, 0x48)->done - pin_find(&t, 0x40)->done < 20);
}

static void cycles_may_be_skipped(void **state)
{
    static const char *const kernels[] = {
        "straight", "target_missing", "predicted_wrong", "counted_wrong", "split_loop", "renames",
        "to_link", "to_count", "penalty", "unresolved", "misses", "lmw", "stwcx", "fdiv"};
    (void)state;
    sleeping_changes_nothing(MACHINE, kernels, COUNT(kernels));
}

/* What the rules above make of loops; how fast Linux's delay loop is has been measured on chips. */
static const struct loop loops[] = {
    {"delay", FACT_PINNED, 1, 1,
     "loop delay: bdnz alone, BogoMIPS: 2.00 a MHz"},
    {"sums1", FACT_INFERRED, 1, 1,
     "loop sums1: two dispatch slots, target from the BTIC"},
    {"sums4", FACT_INFERRED, 2, 5,
     "loop sums4: five dispatch slots a turn"},
    {"chain", FACT_INFERRED, 1, 4,
     "loop chain: four dependent additions"},
    {"compares", FACT_INFERRED, 2, 5,
     "loop compares: two CR writes a cycle"},
    {"copy", FACT_INFERRED, 1, 2,
     "loop copy: one access a cycle"},
    {"copy4", FACT_INFERRED, 1, 8,
     "loop copy4: one access a cycle, eight"},
    {"array", FACT_INFERRED, 1, 2,
     "loop array: two from the BTIC, bdnz a cycle later"},
    {"list", FACT_INFERRED, 1, 2,
     "loop list: load to use"},
    {"divides", FACT_INFERRED, 1, 19,
     "loop divides: divw blocks IU1"},
    {"call", FACT_INFERRED, 1, 4,
     "loop call: bl 1, blr 2, bdnz 1"},
    {"multiples", FACT_INFERRED, 1, 12,
     "loop multiples: 2 + n, then bdnz and lmw one after the other"},
    {"fadds4", FACT_INFERRED, 1, 4,
     "loop fadds4: one fadd a cycle"},
    {"fmuls4", FACT_INFERRED, 1, 8,
     "loop fmuls4: one double fmul in two cycles"},
    {"dot", FACT_INFERRED, 1, 3,
     "loop dot: dependent fadds"},
    {"fdivides", FACT_INFERRED, 1, 31,
     "loop fdivides: fdiv blocks the FPU"},
};

static void loops_take_what_the_rules_say(void **state)
{
    (void)state;
    loops_hold("ppc750", MACHINE, loops, sizeof loops / sizeof *loops);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_line_with_a_folded_branch),
        cmocka_unit_test(completion_queue_place_is_free_a_cycle_late),
        cmocka_unit_test(target_missing_in_the_caches),
        cmocka_unit_test(miss_is_on_the_bus_two_cycles_later),
        cmocka_unit_test(two_predicted_branches),
        cmocka_unit_test(two_branches_of_which_one_counts),
        cmocka_unit_test(wrong_path_does_not_write_back),
        cmocka_unit_test(loop_across_a_line),
        cmocka_unit_test(loop_across_a_line_needs_two_accesses),
        cmocka_unit_test(latencies_are_those_of_the_tables),
        cmocka_unit_test(loads_with_update_take_two_renames),
        cmocka_unit_test(return_waits_for_the_link_register),
        cmocka_unit_test(mispredicted_branch_costs_four_cycles),
        cmocka_unit_test(dispatch_waits_behind_the_second_unresolved_branch),
        cmocka_unit_test(count_is_waited_for),
        cmocka_unit_test(second_miss_waits_and_hits_do_not),
        cmocka_unit_test(cycles_may_be_skipped),
        cmocka_unit_test(loops_take_what_the_rules_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
