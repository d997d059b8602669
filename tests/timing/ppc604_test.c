/* configs/ppc604.ini against the worked example of the 604's manual. A pinned row is what its text
 * says; an inferred one follows from it.
 *
 *   604-A  IBM PowerPC 604 user's manual 6.4.4.1.1, p. 252: a branch that hits the target address
 *          cache */
#include "tests/timing/latencies.h"
#include "tests/timing/loops.h"
#include "tests/timing/pins.h"

#define MACHINE "configs/ppc604.ini"
#define COUNT(rows) (sizeof (rows) / sizeof *(rows))

/* Instruction n of the example: 0 to 3 begin one line, 4 to 7 the next. */
#define A(n) "btac_hit", NULL, 0x40, 0x40 + 4 * (n) + ((n) > 3 ? 16 : 0)

static const struct pin btac_hit[] = {
    {"604-A.0 0 fetched", FACT_PINNED, A(0), PIN_FETCH, 0, 0},
    {"604-A.0 3 fetched", FACT_PINNED, A(3), PIN_FETCH, 0, 0},
    {"604-A.1 4 fetched: the target was found", FACT_PINNED, A(4), PIN_FETCH, 1, 1},
    {"604-A.1 7 fetched", FACT_PINNED, A(7), PIN_FETCH, 1, 1},
    {"604-A.2 0 dispatched, 1 decoded before", FACT_PINNED, A(0), PIN_QUEUE, 2, 2},
    {"604-A.2 3 dispatched", FACT_PINNED, A(3), PIN_QUEUE, 2, 2},
    {"604-A.3 0 executes", FACT_PINNED, A(0), PIN_START, 3, 3},
    {"604-A.3 1 executes", FACT_PINNED, A(1), PIN_START, 3, 3},
    {"604-A.3 2 executes", FACT_PINNED, A(2), PIN_START, 3, 3},
    {"604-A.3 3 executes", FACT_PINNED, A(3), PIN_START, 3, 3},
    {"604-A.3 4 dispatched", FACT_PINNED, A(4), PIN_QUEUE, 3, 3},
    {"604-A.3 7 dispatched", FACT_PINNED, A(7), PIN_QUEUE, 3, 3},
    {"604-A.4 0 completes and writes back", FACT_PINNED, A(0), PIN_COMPLETE, 4, 4},
    {"604-A.4 1 in the second stage of the LSU", FACT_PINNED, A(1), PIN_END, 4, 4},
    {"604-A.4 2 waits, having executed", FACT_PINNED, A(2), PIN_END, 3, 3},
    {"604-A.4 3 waits, having executed", FACT_PINNED, A(3), PIN_END, 3, 3},
    {"604-A.4 4 executes", FACT_PINNED, A(4), PIN_START, 4, 4},
    {"604-A.4 5 executes", FACT_PINNED, A(5), PIN_START, 4, 4},
    {"604-A.4 6 executes", FACT_PINNED, A(6), PIN_START, 4, 4},
    {"604-A.4 7 executes", FACT_PINNED, A(7), PIN_START, 4, 4},
    {"604-A.5 1 completes", FACT_PINNED, A(1), PIN_COMPLETE, 5, 5},
    {"604-A.5 3 completes", FACT_PINNED, A(3), PIN_COMPLETE, 5, 5},
    {"604-A.5 2 writes back (in the next cycle, by one reading)", FACT_PINNED, A(2),
     PIN_COMPLETE, 5, 6},
    {"604-A.5 6 in the second stage", FACT_PINNED, A(6), PIN_END, 5, 5},
    {"604-A.6 4 completes: held by the taken branch in 5", FACT_PINNED, A(4), PIN_COMPLETE, 6, 6},
    {"604-A.6 5 completes", FACT_PINNED, A(5), PIN_COMPLETE, 6, 6},
    {"604-A.6 6 completes", FACT_PINNED, A(6), PIN_COMPLETE, 6, 6},
    {"604-A.6 7 in its last stage", FACT_PINNED, A(7), PIN_END, 6, 6},
    {"604-A.7 7 writes back: both ports were taken in 6", FACT_PINNED, A(7), PIN_COMPLETE, 7, 7},
};

static void branch_hits_the_target_address_cache(void **state)
{
    (void)state;
    pins_hold("ppc604", MACHINE, PIN_FETCH, btac_hit, COUNT(btac_hit));
}

static uint64_t completes(const char *overrides, uint32_t at)
{
    struct kernel_trace t;
    kernel_trace(MACHINE, "btac_hit", overrides, &t);
    return pin_find(&t, at)->retire - pin_find(&t, 0x40)->fetch;
}

/* Each of the two rules for completion is what makes its row hold. */
static void third_result_waits_for_a_port(void **state)
{
    (void)state;
    assert_int_equal(completes("core.commit_gprs=3", 0x6c), 6);
    /* 0 in 4; 1 in 5; 2 and the branch in 6; 4 and 5 in 7; 6 in 8 */
    assert_int_equal(completes("core.commit_gprs=1", 0x6c), 9);
}

static void completion_waits_behind_a_taken_branch(void **state)
{
    (void)state;
    assert_int_equal(completes("core.commit_gprs=4", 0x60), 6);
    assert_int_equal(completes("core.commit_gprs=4 core.commit_taken_ends=no", 0x60), 5);
}

static void dispatch_ends_at_a_branch(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "untaken", "", &t);
    const struct kernel_step *before = pin_find(&t, 0x40), *behind = pin_find(&t, 0x44);
    assert_int_equal(behind->ready, before->ready);
    assert_int_equal(behind->issue - before->issue, 1);
    kernel_trace(MACHINE, "untaken", "core.branch_ends_dispatch=no", &t);
    assert_int_equal(pin_find(&t, 0x44)->issue, pin_find(&t, 0x40)->issue);
}

/* All of them a compiler's view (GCC 12, 6xx.md), not the manual's. */
static const struct latency latencies[] = {
    {"add1", LATENCY, FACT_INFERRED, 1, "GCC simple integer"},
    {"mullw", LATENCY, FACT_INFERRED, 4, "GCC mullw"},
    {"mullw", THROUGHPUT, FACT_INFERRED, 2, "GCC mullw: throughput"},
    {"divw", LATENCY, FACT_INFERRED, 20, "GCC divw"},
    {"divw", THROUGHPUT, FACT_INFERRED, 19, "GCC divw: throughput"},
    {"lwz", LATENCY, FACT_INFERRED, 2, "GCC integer load"},
    {"lwz", THROUGHPUT, FACT_INFERRED, 1, "GCC integer load: throughput"},
    {"lfd", LATENCY, FACT_INFERRED, 3, "GCC floating-point load"},
    {"stw", STAY, FACT_INFERRED, 3, "GCC store"},
    {"stwcx", STAY, FACT_INFERRED, 3, "GCC stwcx."},
    {"sync", STAY, FACT_INFERRED, 35, "GCC sync"},
    {"fadd", LATENCY, FACT_INFERRED, 3, "GCC fadd"},
    {"fadd", THROUGHPUT, FACT_INFERRED, 1, "GCC fadd: throughput"},
    {"fmul", LATENCY, FACT_INFERRED, 3, "GCC fmul"},
    {"fmul", THROUGHPUT, FACT_INFERRED, 1, "GCC fmul: throughput"},
    {"fdivs", LATENCY, FACT_INFERRED, 18, "GCC fdivs"},
    {"fdiv", LATENCY, FACT_INFERRED, 32, "GCC fdiv"},
    {"fcmpu", LATENCY, FACT_INFERRED, 5, "GCC fcmpu"},
    {"crand", LATENCY, FACT_INFERRED, 2, "GCC CR logical"},
    {"mtlr", LATENCY, FACT_INFERRED, 2, "GCC mtlr"},
    {"mflr", LATENCY, FACT_INFERRED, 3, "GCC mflr"},
    {"divw", STAY, FACT_INFERRED, 20, "GDB divw"},
    {"mtcrf1", THROUGHPUT, FACT_PINNED, 0, "UM p. 271 mtcrf of one field in both units"},
    {"mtcrf", LATENCY, FACT_INFERRED, 1, "GDB mtcrf"},
    {"mtcrf", THROUGHPUT, FACT_INFERRED, 1, "mtcrf of several fields, one at a time"},
    {"behind_load", THROUGHPUT, FACT_INFERRED, 2, "UM p. 271 mtcrf of several fields synchronises"},
    {"mfcr", LATENCY, FACT_INFERRED, 3, "GCC mfcr"},
    {"mulli", LATENCY, FACT_INFERRED, 3, "GDB mulli"},
    {"mulhw", LATENCY, FACT_INFERRED, 4, "GDB mulhw"},
    {"cntlzw", LATENCY, FACT_INFERRED, 1, "GDB cntlzw"},
    {"cntlzw", THROUGHPUT, FACT_PINNED, 0, "TS cntlzw in both single-cycle units"},
    {"extsb", LATENCY, FACT_INFERRED, 1, "GDB extsb"},
    {"neg", LATENCY, FACT_INFERRED, 1, "GDB neg"},
    {"sraw", LATENCY, FACT_INFERRED, 1, "GDB sraw"},
    {"tweqi", STAY, FACT_INFERRED, 1, "GDB twi"},
    {"lhzx", LATENCY, FACT_INFERRED, 2, "GDB lhzx"},
    {"lhax", LATENCY, FACT_INFERRED, 2, "GDB lhax"},
    {"lhbrx", LATENCY, FACT_INFERRED, 3, "GDB lhbrx"},
    {"lwbrx", LATENCY, FACT_INFERRED, 3, "GDB lwbrx"},
    {"lwbrx", THROUGHPUT, FACT_INFERRED, 1, "GDB lwbrx: throughput"},
    {"lwarx", LATENCY, FACT_INFERRED, 3, "GDB lwarx"},
    {"lfs", LATENCY, FACT_INFERRED, 3, "GCC lfs"},
    {"stfd", STAY, FACT_INFERRED, 3, "GCC stfd"},
    {"stfd", THROUGHPUT, FACT_INFERRED, 1, "GDB stfd: throughput"},
    {"fmadd", LATENCY, FACT_INFERRED, 3, "GCC fmadd"},
    {"fmadd", THROUGHPUT, FACT_INFERRED, 1, "GDB fmadd: throughput"},
    {"fmuls", LATENCY, FACT_INFERRED, 3, "GCC fmuls"},
    {"fmr", LATENCY, FACT_INFERRED, 3, "GDB fmr"},
    {"frsp", LATENCY, FACT_INFERRED, 3, "GDB frsp"},
    {"fctiw", LATENCY, FACT_INFERRED, 3, "GDB fctiw"},
    {"fdivs", THROUGHPUT, FACT_INFERRED, 18, "GDB fdivs: throughput"},
    {"fdiv", THROUGHPUT, FACT_INFERRED, 32, "GDB fdiv: throughput"},
};

static void latencies_are_those_of_the_table(void **state)
{
    (void)state;
    latencies_hold("ppc604", MACHINE, latencies, COUNT(latencies));
}

static void cycles_may_be_skipped(void **state)
{
    static const char *const kernels[] = {"btac_hit", "untaken", "sync", "divw", "stwcx"};
    (void)state;
    sleeping_changes_nothing(MACHINE, kernels, COUNT(kernels));
}

/* What the rules above make of loops; how fast Linux's delay loop is has been measured on chips. */
static const struct loop loops[] = {
    {"delay", FACT_PINNED, 1, 1,
     "loop delay: bdnz alone, BogoMIPS: 2.00 a MHz"},
    {"sums1", FACT_INFERRED, 1, 1,
     "loop sums1: a turn a cycle by the target address cache"},
    {"sums3", FACT_INFERRED, 1, 2,
     "loop sums3: two write-back ports, and none behind a taken branch"},
    {"sums4", FACT_INFERRED, 1, 2,
     "loop sums4: two write-back ports"},
    {"chain", FACT_INFERRED, 1, 4,
     "loop chain: four dependent additions"},
    {"compares", FACT_INFERRED, 1, 2,
     "loop compares: two single-cycle units"},
    {"copy", FACT_INFERRED, 1, 2,
     "loop copy: one access a cycle"},
    {"copy4", FACT_INFERRED, 1, 8,
     "loop copy4: one access a cycle, eight"},
    {"list", FACT_INFERRED, 1, 2,
     "loop list: load to use"},
    {"divides", FACT_INFERRED, 1, 19,
     "loop divides: divw keeps the MCIU 19 cycles"},
    {"fadds4", FACT_INFERRED, 1, 4,
     "loop fadds4: one fadd a cycle"},
    {"fmuls4", FACT_INFERRED, 1, 4,
     "loop fmuls4: one fmul a cycle"},
    {"dot", FACT_INFERRED, 1, 3,
     "loop dot: dependent fadds"},
    {"fdivides", FACT_INFERRED, 1, 32,
     "loop fdivides: fdiv blocks the FPU"},
};

static void loops_take_what_the_rules_say(void **state)
{
    (void)state;
    loops_hold("ppc604", MACHINE, loops, sizeof loops / sizeof *loops);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(branch_hits_the_target_address_cache),
        cmocka_unit_test(third_result_waits_for_a_port),
        cmocka_unit_test(completion_waits_behind_a_taken_branch),
        cmocka_unit_test(dispatch_ends_at_a_branch),
        cmocka_unit_test(latencies_are_those_of_the_table),
        cmocka_unit_test(cycles_may_be_skipped),
        cmocka_unit_test(loops_take_what_the_rules_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
