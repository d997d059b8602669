/* configs/ppc750.ini against the worked examples of the 750's manual. A pinned row is what the text
 * of the manual says; an inferred one follows from a small model that agrees with all pinned ones,
 * the manual's drawings not having been at hand.
 *
 *   G3-A  IBM 750GX user's manual 6.3.2.2, p. 222, and MPC7400 user's manual 6.3.2.2: straight
 *         line with a folded branch, all hits */
#include "tests/timing/pins.h"

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
    pins_hold("ppc750", MACHINE, straight_line, COUNT(straight_line));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_line_with_a_folded_branch),
        cmocka_unit_test(completion_queue_place_is_free_a_cycle_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
