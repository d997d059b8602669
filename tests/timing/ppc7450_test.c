/* configs/ppc7450.ini against Freescale's AN2203 ("MPC7450 RISC Microprocessor Family Software
 * Optimization Guide"). A pinned row is what its text, or a cell of one of its tables, says; an
 * inferred one follows from that with a program of ours, where its own is not printed whole.
 * Sections and tables are AN2203's. */
#include "tests/timing/latencies.h"
#include "tests/timing/loops.h"
#include "tests/timing/ppc7450_latencies.h"

#include "models/cache/cache.h"
#include "models/cache/hierarchy.h"
#include "sim/engine/event.h"

#define MACHINE "configs/ppc7450.ini"
#define MACHINE_L3 "configs/ppc7450-l3.ini"
#define COUNT(rows) (sizeof (rows) / sizeof *(rows))

/* Instruction n behind `start offset` in ppc7450.S. */
#define AT(offset, n) (0x60 + (offset) + 4 * (n))
#define FROM(kernel, n, m) kernel, NULL, AT(0, n), AT(0, m)

/* Tables 3-1 to 3-7. Cycle 0 is the tables': the first instruction is dispatched in it. */
static const struct pin_from branches[] = {
    {{"7450-A bdnz executed", FACT_PINNED, "stream_split", NULL, AT(0x18, 0), AT(0x18, 2),
     PIN_START, 1, 1}, PIN_DISPATCH, 0},
    {{"7450-A iteration 2 dispatched", FACT_PINNED, "stream_split", NULL, AT(0x18, 0), AT(0x18, 1),
     PIN_DISPATCH, 3, 3}, PIN_DISPATCH, 1},
    {{"7450-A bdnz of iteration 2 in the queue", FACT_PINNED, "stream_split", NULL, AT(0x18, 0),
     AT(0x18, 2), PIN_QUEUE, 4, 4}, PIN_DISPATCH, 1},
    {{"7450-A cycles per iteration", FACT_PINNED, "stream_split", NULL, AT(0x18, 0), AT(0x18, 0),
     PIN_DISPATCH, 3, 3}, PIN_DISPATCH, 1},
    {{"7450-B cycles per iteration", FACT_PINNED, "stream_aligned", NULL, AT(0, 0), AT(0, 0),
     PIN_DISPATCH, 2, 2}, PIN_DISPATCH, 1},
    {{"3.1.1 four instructions across a line, cycles", FACT_PINNED, "four_split", NULL, AT(0x1c,
     0), AT(0x1c, 0), PIN_DISPATCH, 3, 3}, PIN_DISPATCH, 1},
    {{"3.1.1 four instructions in a line, cycles", FACT_PINNED, "four_aligned", NULL, AT(0, 0),
     AT(0, 0), PIN_DISPATCH, 2, 2}, PIN_DISPATCH, 1},
    {{"7450-C lwz dispatched", FACT_PINNED, FROM("branch_taken", 0, 0), PIN_DISPATCH, 0, 0},
     PIN_QUEUE, 0},
    {{"7450-C lwz in E0", FACT_PINNED, FROM("branch_taken", 0, 0), PIN_START, 2, 2}, PIN_QUEUE, 0},
    {{"7450-C lwz in E2", FACT_PINNED, FROM("branch_taken", 0, 0), PIN_END, 4, 4}, PIN_QUEUE, 0},
    {{"7450-C lwz completes", FACT_PINNED, FROM("branch_taken", 0, 0), PIN_COMPLETE, 5, 5},
     PIN_QUEUE, 0},
    {{"7450-C cmpwi dispatched", FACT_PINNED, FROM("branch_taken", 0, 1), PIN_DISPATCH, 0, 0},
     PIN_QUEUE, 0},
    {{"7450-C cmpwi executes", FACT_PINNED, FROM("branch_taken", 0, 1), PIN_START, 5, 5},
     PIN_QUEUE, 0},
    {{"7450-C bne executed", FACT_PINNED, FROM("branch_taken", 0, 2), PIN_START, 0, 0}, PIN_QUEUE,
     0},
    {{"7450-C add dispatched", FACT_PINNED, FROM("branch_taken", 0, 8), PIN_DISPATCH, 2, 2},
     PIN_QUEUE, 0},
    {{"7450-C add completes", FACT_INFERRED, FROM("branch_taken", 0, 8), PIN_COMPLETE, 6, 6},
     PIN_QUEUE, 0},
    {{"7450-C inverted, add dispatched", FACT_PINNED, FROM("branch_falls", 0, 3), PIN_DISPATCH, 1,
     1}, PIN_QUEUE, 0},
    {{"7450-C inverted, add completes", FACT_PINNED, FROM("branch_falls", 0, 3), PIN_COMPLETE, 6,
     6}, PIN_QUEUE, 0},
    {{"7450-D cmpwi executes", FACT_PINNED, FROM("branch_wrong", 0, 1), PIN_START, 5, 5},
     PIN_QUEUE, 0},
    {{"7450-D bne found wrong", FACT_PINNED, FROM("branch_wrong", 0, 2), PIN_END, 5, 5}, PIN_QUEUE,
     0},
    {{"7450-D add dispatched", FACT_PINNED, FROM("branch_wrong", 0, 8), PIN_DISPATCH, 9, 9},
     PIN_QUEUE, 0},
    {{"7450-E outer code dispatched", FACT_PINNED, "nested", NULL, AT(0x18, 0), AT(0x18, 6),
     PIN_DISPATCH, 13, 13}, PIN_DISPATCH, 0},
    {{"7450-E outer code dispatched, predicted right", FACT_PINNED, "nested",
     "core.bpred.loop_entries=16", AT(0x18, 0), AT(0x18, 6), PIN_DISPATCH, 8, 8}, PIN_DISPATCH, 0},
    {{"7450-E last addic. executes", FACT_PINNED, "nested", NULL, AT(0x18, 0), AT(0x18, 2),
     PIN_START, 9, 9}, PIN_DISPATCH, 0},
    {{"7450-E bne found wrong", FACT_PINNED, "nested", NULL, AT(0x18, 0), AT(0x18, 5), PIN_END, 10
     - 1, 10 - 1}, PIN_DISPATCH, 0},
    {{"7450-E fetch of the outer code", FACT_PINNED, "nested", NULL, AT(0x18, 0), AT(0x18, 6),
     PIN_QUEUE, 13, 13}, PIN_DISPATCH, 0},
    {{"7450-E with CTR, outer code dispatched", FACT_PINNED, "nested_ctr", NULL, AT(0x1c, 0),
     AT(0x1c, 4), PIN_DISPATCH, 8, 8}, PIN_DISPATCH, 0},
    {{"7450-E with CTR, mtctr completes", FACT_PINNED, "nested_ctr", NULL, AT(0x1c, 0), AT(0x1c,
     4), PIN_COMPLETE, 16, 16}, PIN_DISPATCH, 0},
    {{"7450-E with CTR, bdnz behind mtctr executed", FACT_INFERRED, "nested_ctr", NULL, AT(0x1c,
     4), AT(0x1c, 3), PIN_START, 3, 12}, PIN_DISPATCH, 1},
};

static void branches_take_their_cycles(void **state)
{
    (void)state;
    pins_hold_from("ppc7450", MACHINE, branches, COUNT(branches));
}

/* 3.1.4.2. Cycle 5 is the one in which mflr ... bcctr come into the queue: then the branch's stall
 * of seven cycles and all others that the text states agree. */
#define POSITION(n) "position", NULL, AT(0x1c, 1), AT(0x1c, n)
static const struct pin_from position[] = {
    {{"7450-M addi executes", FACT_PINNED, POSITION(2), PIN_START, 10 - 5, 10 - 5}, PIN_QUEUE, 0},
    {{"7450-M bcctr executed", FACT_PINNED, POSITION(4), PIN_START, 12 - 5, 12 - 5}, PIN_QUEUE, 0},
    {{"7450-M target executes", FACT_PINNED, POSITION(9), PIN_START, 17 - 5, 17 - 5}, PIN_QUEUE, 0},
    {{"7450-M bcctr waits", FACT_PINNED, "position", NULL, AT(0x1c, 4), AT(0x1c, 4), PIN_START, 7,
     7}, PIN_QUEUE, 0},
};

static void moves_to_ctr_reach_the_branch_unit_early(void **state)
{
    (void)state;
    pins_hold_from("ppc7450", MACHINE, position, COUNT(position));
}

/* 3.1.4: the stack still holds the caller. */
static const struct pin_from link_stack[] = {
    {{"7450-M return behind bcl 20,31,$+4, two bubbles", FACT_PINNED, "position_in_call", NULL,
     AT(0, 12), AT(0, 1), PIN_DISPATCH, 3, 3}, PIN_QUEUE, 0},
};

static void reading_the_program_counter_leaves_the_link_stack_alone(void **state)
{
    (void)state;
    pins_hold_from("ppc7450", MACHINE, link_stack, COUNT(link_stack));
}

/* 3.2 and 3.2.1; cycle 0 is that of the fetch. */
static const struct pin_from dispatch[] = {
    {{"7450-H last of lmw dispatched", FACT_PINNED, FROM("multiple", 0, 0), PIN_DISPATCH, 8 - 2, 8
     - 2}, PIN_QUEUE, 0},
    {{"7450-H next instruction dispatched", FACT_PINNED, FROM("multiple", 0, 1), PIN_DISPATCH, 8 -
     2, 8 - 2}, PIN_QUEUE, 0},
    {{"3.2.1 one load a cycle dispatched", FACT_PINNED, FROM("same_line_first", 0, 1),
      PIN_DISPATCH, 1, 1}, PIN_DISPATCH, 0},
    {{"3.2.1 one fadd a cycle dispatched", FACT_PINNED, FROM("adds", 0, 1), PIN_DISPATCH, 1, 1},
     PIN_DISPATCH, 0},
    {{"7450-H second next dispatched", FACT_PINNED, FROM("multiple", 0, 2), PIN_DISPATCH, 8 - 2, 8
     - 2}, PIN_QUEUE, 0},
};

static void dispatch_has_its_limits(void **state)
{
    (void)state;
    pins_hold_from("ppc7450", MACHINE, dispatch, COUNT(dispatch));
}

/* 3.6, tables 3-16 and 3-17: a bubble after four; the fifth finds no FPSCR rename until the load
 * completes (with two fadds), and is in E3 two cycles after. */
#define MISS(n, m) "adds_behind_miss", NULL, AT(0, n), AT(0, m)
static const struct pin_from floating[] = {
    {{"7450-F latency", FACT_PINNED, "adds", NULL, AT(0, 0), AT(0, 0), PIN_END, 4, 4}, PIN_START,
     0},
    {{"7450-F fourth begins", FACT_PINNED, "adds", NULL, AT(0, 0), AT(0, 3), PIN_START, 3, 3},
     PIN_START, 0},
    {{"7450-F fifth begins", FACT_PINNED, "adds", NULL, AT(0, 0), AT(0, 4), PIN_START, 5, 5},
     PIN_START, 0},
    {{"7450-F eighth begins", FACT_PINNED, "adds", NULL, AT(0, 0), AT(0, 7), PIN_START, 8, 8},
     PIN_START, 0},
    {{"7450-F ninth begins", FACT_PINNED, "adds", NULL, AT(0, 0), AT(0, 8), PIN_START, 10, 10},
     PIN_START, 0},
    {{"7450-F finish stage before completion", FACT_PINNED, "adds", NULL, AT(0, 8), AT(0, 8),
     PIN_COMPLETE, 6, 6}, PIN_START, 0},
    {{"7450-G fourth does not wait for the load", FACT_PINNED, MISS(1, 4), PIN_END, 7, 7},
     PIN_START, 0},
    {{"7450-G fifth in E4 three cycles after the load completes", FACT_PINNED, MISS(0, 5), PIN_END,
     3, 3}, PIN_COMPLETE, 0},
    {{"7450-G eighth begins when the pipe moves again", FACT_INFERRED, MISS(0, 8), PIN_START, 2,
     2}, PIN_COMPLETE, 0},
};

static void floating_point_pipe_stands_still(void **state)
{
    (void)state;
    pins_hold_from("ppc7450", MACHINE, floating, COUNT(floating));
}

/* Table 3-25, and HW: latencies from the first cycle to that of who needs the result. */
static const struct pin_from latencies[] = {
    {{"7450-K load to use, second level", FACT_PINNED, FROM("second_level", 0, 1), PIN_START, 9, 9},
     PIN_START, 0},
    {{"HW code from the second level", FACT_INFERRED, "code_second_level", NULL, AT(0, 0x1000),
      AT(0, 0x1000), PIN_QUEUE, 13, 13}, PIN_FETCH, 0},
    {{"HW minimum of a mispredict, compare to target", FACT_INFERRED, "branch_wrong", NULL,
      AT(0, 1), AT(0, 8), PIN_START, 6, 6}, PIN_START, 0},
    {{"load to use", FACT_PINNED, FROM("latencies", 0, 1), PIN_START, 3, 3}, PIN_START, 0},
    {{"mulli to use", FACT_PINNED, FROM("latencies", 2, 3), PIN_START, 3, 3}, PIN_START, 0},
    {{"mullw to use", FACT_PINNED, FROM("latencies", 3, 4), PIN_START, 4, 4}, PIN_START, 0},
    {{"fadd to use", FACT_PINNED, FROM("latencies", 5, 6), PIN_START, 5, 5}, PIN_START, 0},
    {{"fmul to use", FACT_PINNED, FROM("latencies", 6, 7), PIN_START, 5, 5}, PIN_START, 0},
    {{"lfd's result", FACT_PINNED, FROM("latencies", 8, 8), PIN_END, 3, 3}, PIN_START, 0},
};

static void results_take_their_cycles(void **state)
{
    (void)state;
    pins_hold_from("ppc7450", MACHINE, latencies, COUNT(latencies));
}

static void vector_units_take_their_cycles(void **state)
{
    (void)state;
    latencies_hold("ppc7450", MACHINE, vectors, COUNT(vectors));
}

static void latencies_are_those_of_the_tables(void **state)
{
    (void)state;
    latencies_hold("ppc7450", MACHINE, table, COUNT(table));
}

/* 3.3.1, with a program of ours: a multiply waits for a place at IU2; what is behind does not. */
static void integer_queue_issues_past_a_full_unit(void **state)
{
    struct kernel_trace t;
    (void)state;
    kernel_trace(MACHINE, "out_of_order", "", &t);
    const struct kernel_step *multiply = pin_find(&t, AT(0, 2)), *add = pin_find(&t, AT(0, 3));
    assert_int_equal(add->issue - add->dispatch, 2);
    assert_true(multiply->issue > add->issue);
    kernel_trace(MACHINE, "out_of_order",
                 "core.units.inlets=iu1+iu2+lsu:6/3/1 core.units.queues=iu1:1*3;iu2:1!;lsu:2!;"
                 "fpu:2!;viu1:2!;viu2:2!;vpu:2!;vfpu:2!;bru:3", &t);
    assert_true(pin_find(&t, AT(0, 3))->issue > add->dispatch + 2);
}

/* 3.7.6, table 3-27; cycle 0 is taken to be that of dispatch, as in the other tables. The line
 * comes in four beats; that the second load begins again then makes the rest of its eight cycles.
 * The second level is made so small that a few lines drive others out. */
#define THIRD(kernel, m) kernel, "l2.size=32KiB l2.replacement=lru", AT(0, 0), AT(0, m)
static const struct pin_from third_level[] = {
    {{"7450-L first load finishes, third level", FACT_INFERRED, THIRD("third_level", 0), PIN_END,
     40 - 8, 40 - 8}, PIN_DISPATCH, 0},
    {{"7450-L second load of the line finishes", FACT_INFERRED, THIRD("third_level", 1), PIN_END,
     40, 40}, PIN_DISPATCH, 0},
    {{"7450-L second load of the line after the first", FACT_PINNED, THIRD("third_level", 1),
     PIN_END, 8, 8}, PIN_END, 0},
};

/* "Nearly 50 %" is what the other order saves. */
static void third_level_answers_one_line_after_the_other(void **state)
{
    struct kernel_trace held, overlapped;
    const char *overrides = third_level[0].pin.overrides;
    (void)state;
    pins_hold_from("ppc7450", MACHINE_L3, third_level, COUNT(third_level));
    kernel_trace(MACHINE_L3, "third_level", overrides, &held);
    kernel_trace(MACHINE_L3, "third_level_overlapped", overrides, &overlapped);
    int64_t took = pin_cycle(pin_find(&held, AT(0, 2)), PIN_END) -
                   pin_cycle(pin_find(&held, AT(0, 0)), PIN_DISPATCH);
    int64_t takes = pin_cycle(pin_find(&overlapped, AT(0, 2)), PIN_END) -
                    pin_cycle(pin_find(&overlapped, AT(0, 0)), PIN_DISPATCH);
    assert_in_range((took - takes) * 100 / took, 40, 50);
}

/* 3.7.6: the second load of a line holds the miss behind it back; the other order lets the two
 * overlap. */
static void second_load_of_a_missing_line_waits_for_all_of_it(void **state)
{
    (void)state;
    uint64_t held = kernel_run_on(MACHINE, "same_line_first", "", true).total_cycles;
    uint64_t overlapped = kernel_run_on(MACHINE, "same_line_last", "", true).total_cycles;
    uint64_t merged =
        kernel_run_on(MACHINE, "same_line_first", "l1d.targets=8", true).total_cycles;
    assert_true(held > overlapped + 4 * 50);
    assert_true(held > merged + 4 * 50);
}

static void pass_over(struct cache *l2, uint64_t from, uint64_t bytes)
{
    struct mem_port port = cache_port(l2);
    for (uint64_t pa = from; pa < from + bytes; pa += 32)
        port.warm(port.node, &(struct mem_request){.pa = pa, .bytes = 4, .command = MEM_LOAD});
}

/* 3.8.2: random replacement in a cache full of something else. The share that stays is the mean of
 * (7/8)^n over the n of the four lines of a set that come later, 82.8 %; of 2,048 lines it has a
 * standard deviation of less than a hundredth. */
static void random_replacement_keeps_part_of_an_object(void **state)
{
    struct err e = {0};
    struct config *c = config_create(NULL);
    struct engine *engine = engine_create();
    uint64_t object = 1 << 20, kept = 0;
    (void)state;
    assert_true(config_load(c, MACHINE, &e));
    struct hierarchy *h = hierarchy_create(
        &(struct hierarchy_setup){.config = c, .engine = engine, .clock = clock_from_hz(867000000),
                                  .cores = 1, .seed = 1}, &e);
    assert_non_null(h);
    struct cache *l2 = hierarchy_cache(h, "l2");
    pass_over(l2, 0, 256 << 10);
    pass_over(l2, object, 128 << 10);
    for (uint64_t pa = object; pa < object + (128 << 10); pa += 64)
        kept += cache_holds(l2, pa);
    assert_in_range(kept * 1000 / 2048, 828 - 20, 828 + 20);
    hierarchy_destroy(h);
    engine_destroy(engine);
    config_destroy(c);
}

static void skipping_idle_cycles_changes_nothing(void **state)
{
    static const char *const kernels[] = {
        "stream_split", "stream_aligned", "four_split", "branch_taken", "branch_wrong", "nested",
        "nested_ctr", "position", "position_in_call", "multiple", "adds", "adds_behind_miss"};
    (void)state;
    sleeping_changes_nothing(MACHINE, kernels, COUNT(kernels));
}

/* What the rules above make of loops. */
static const struct loop loops[] = {
    {"delay", FACT_INFERRED, 1, 2,
     "loop delay: a bubble behind each taken branch"},
    {"sums3", FACT_INFERRED, 1, 2,
     "loop sums3: four from the BTIC"},
    {"sums4", FACT_INFERRED, 1, 3,
     "loop sums4: four from the BTIC, bdnz a cycle later"},
    {"chain", FACT_INFERRED, 1, 4,
     "loop chain: four dependent additions"},
    {"copy", FACT_INFERRED, 1, 2,
     "loop copy: one access a cycle"},
    {"copy4", FACT_INFERRED, 1, 8,
     "loop copy4: one access a cycle, eight"},
    {"list", FACT_INFERRED, 1, 3,
     "loop list: load to use"},
    {"divides", FACT_INFERRED, 1, 23,
     "loop divides: divw blocks IU2"},
    {"call", FACT_INFERRED, 1, 7,
     "loop call: bl 2, blr by the link stack 3, bdnz 2"},
    {"multiples", FACT_INFERRED, 1, 8,
     "loop multiples: one micro-operation a cycle"},
    {"fadds4", FACT_INFERRED, 1, 5,
     "loop fadds4: a bubble behind four"},
    {"fmuls4", FACT_INFERRED, 1, 5,
     "loop fmuls4: a bubble behind four"},
    {"dot", FACT_INFERRED, 1, 5,
     "loop dot: dependent fadds"},
    {"fdivides", FACT_INFERRED, 1, 35,
     "loop fdivides: fdiv blocks the FPU"},
};

static void loops_take_what_the_rules_say(void **state)
{
    (void)state;
    loops_hold("ppc7450", MACHINE, loops, sizeof loops / sizeof *loops);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(branches_take_their_cycles),
        cmocka_unit_test(moves_to_ctr_reach_the_branch_unit_early),
        cmocka_unit_test(reading_the_program_counter_leaves_the_link_stack_alone),
        cmocka_unit_test(dispatch_has_its_limits),
        cmocka_unit_test(floating_point_pipe_stands_still),
        cmocka_unit_test(results_take_their_cycles),
        cmocka_unit_test(latencies_are_those_of_the_tables),
        cmocka_unit_test(vector_units_take_their_cycles),
        cmocka_unit_test(integer_queue_issues_past_a_full_unit),
        cmocka_unit_test(third_level_answers_one_line_after_the_other),
        cmocka_unit_test(second_load_of_a_missing_line_waits_for_all_of_it),
        cmocka_unit_test(random_replacement_keeps_part_of_an_object),
        cmocka_unit_test(skipping_idle_cycles_changes_nothing),
        cmocka_unit_test(loops_take_what_the_rules_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
