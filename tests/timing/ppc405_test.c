/* The timing rules of the PPC405 (PPC405 Core User's Manual SA14-2339-04, appendix C) on
 * configs/ppc405.ini: each is a kernel of two or three instructions with its exact cycles.
 *
 * Notation: c is the cycle in which the opening marker executes; "add@5" is an add that executes in
 * c+5. Instructions follow each other cycle by cycle unless something holds them. One that
 * executes in e was in the decode stage (DCD) in e-1 and, if the queue was not empty, in the
 * prefetch buffer PFB0 in e-2. A branch seen in t has its target fetched in t+1, in DCD in t+2,
 * executing in t+3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/timing/bench.h"
#include "tests/timing/facts.h"
#include "tests/timing/loops.h"

#define PRESET     "configs/ppc405.ini"
#define NO_FORWARD "l1d.latency=2"

/* `others`: cycles of the region that are not what the rule is about, its closing marker's among
 * them. */
static const struct rule {
    const char *name, *overrides;
    enum fact_kind kind;
    uint64_t cycles, others; /* the rule says cycles */
    const char *rule, *why;
} rules[] = {
    {"adds", "", FACT_PINNED, 3, 1, "three dependent additions", "@1,2,3, close@4"},
    {"divide", "", FACT_PINNED, 35, 1, "divide", "@1, close@36"},
    {"divide_use", "", FACT_PINNED, 35, 2, "divide, result used at once", "@1, add@36, close@37"},

    /* The range 1 to 5 is the manual's, what takes how long in it is inferred. */
    {"mul_16x16", "", FACT_INFERRED, 1, 1, "multiply 16x16", "@1, close@2"},
    {"mul_16x16_use", "", FACT_INFERRED, 2, 2, "multiply 16x16, used at once", "@1, add@3"},
    {"mul_32x16", "", FACT_INFERRED, 2, 1, "multiply 32x16", "@1, close@3"},
    {"mul_32x16_use", "", FACT_INFERRED, 3, 2, "multiply 16x32, used at once", "@1, add@4"},
    {"mul_32x32", "", FACT_INFERRED, 4, 1, "multiply 32x32", "@1, close@5"},
    {"mul_32x32_use", "", FACT_INFERRED, 5, 2, "multiply 32x32, used at once", "@1, add@6"},
    {"mul_immediate", "", FACT_INFERRED, 2, 1, "multiply by 16 immediate bits", "@1, close@3"},

    {"mul_halves", "", FACT_INFERRED, 1, 1, "multiply of halfwords", "@1, close@2"},
    {"macs", "", FACT_INFERRED, 3, 1, "three multiply-accumulates", "@1,2,3, close@4"},
    {"mac_use", "", FACT_INFERRED, 2, 2, "multiply-accumulate, used at once", "@1, add@3"},

    {"load", "", FACT_PINNED, 1, 1, "load hit", "@1, close@2"},
    {"load_use", "", FACT_PINNED, 2, 2, "load hit, used at once", "@1, cache@2, add@3, close@4"},
    {"load_use_later", "", FACT_PINNED, 1, 3, "load hit, used one later", "@1, nop@2, add@3"},
    {"load_use", NO_FORWARD, FACT_PINNED, 3, 2, "load hit, used at once, no forwarding",
     "@1, cache@2, latch@3, add@4, close@5"},
    {"store", "", FACT_PINNED, 1, 1, "store hit", "@1, close@2"},
    {"stores", "", FACT_PINNED, 5, 1, "five stores", "@1..5, close@6"},
    {"store_conditional", "", FACT_PINNED, 2, 2, "stwcx.", "lwarx@1, stwcx.@2, close@4"},
    {"load_unaligned", "", FACT_PINNED, 2, 1, "load across a word boundary", "@1,2, close@3"},
    {"load_unaligned_use", "", FACT_PINNED, 3, 2, "load across a word boundary, used at once",
     "@1,2, cache@2,3, add@4, close@5"},
    {"load_half_unaligned", "", FACT_PINNED, 2, 1, "halfword across a word boundary", "@1,2"},
    {"load_half_inside", "", FACT_PINNED, 1, 1, "unaligned halfword inside a word", "@1, close@2"},
    {"store_unaligned", "", FACT_PINNED, 2, 1, "store across a word boundary", "@1,2, close@3"},
    {"cache_op", "", FACT_PINNED, 2, 1, "cache operation alone", "@1,2, close@3"},
    {"cache_op_load", "", FACT_PINNED, 2, 4, "load waits for a cache operation",
     "@1,2, lwz@3, add@5, close@6"},

    {"not_taken", "", FACT_PINNED, 1, 4, "known not taken", "cmp@1, nops, bne@4, close@5"},
    {"taken_pfb0", "", FACT_PINNED, 1, 4, "known taken by CR, from PFB0",
     "cmp@1, CR@2: beq in PFB0@2, target@5"},
    {"branch_pfb0", "", FACT_PINNED, 1, 2, "known taken, from PFB0", "PFB0@0, @2, target@3"},
    {"branch_dcd", "", FACT_PINNED, 2, 2, "known taken, from DCD",
     "its own fetch finds the queue empty: DCD@1, @2, target@4"},
    {"branch_odd", "", FACT_INFERRED, 2, 3, "known taken, behind a target in an odd word",
     "b@1, the target comes alone, nop@2, the branch a cycle later: DCD@2, @3, target@5"},
    {"to_count_0", "", FACT_PINNED, 3, 7, "bctr right behind mtctr", "mtctr@6, bctr@7, target@10"},
    {"to_count_1", "", FACT_PINNED, 2, 8, "bctr one behind mtctr",
     "mtctr@6, CTR@7: bctr in DCD@7, @8, target@10"},
    {"to_count_2", "", FACT_PINNED, 1, 9, "bctr two behind mtctr", "CTR@7: PFB0@7, @9, target@10"},
    {"to_link_0", "", FACT_PINNED, 3, 7, "blr right behind mtlr", "as bctr"},
    {"to_link_1", "", FACT_PINNED, 2, 8, "blr one behind mtlr", "as bctr"},
    {"call_return", "", FACT_PINNED, 3, 5, "blr as target of bl",
     "nop@1, bl@2, blr@3: LR known when it executes; b@6 from DCD, close@8"},
    {"forward_right", "", FACT_PINNED, 1, 2, "predicted not taken, right", "cmp@1, bne@2, close@3"},
    {"forward_wrong_0", "", FACT_PINNED, 3, 3, "predicted not taken, wrong, right behind",
     "cmp@2, CR@3: beq executes @3, target@6"},
    {"forward_wrong_1", "", FACT_PINNED, 2, 4, "predicted not taken, wrong, one behind",
     "cmp@2, CR@3: beq in DCD@3, @4, target@6"},
    {"backward_right_pfb0", "", FACT_PINNED, 1, 5, "predicted taken, right, from PFB0",
     "b@1, cmp@2, beq in PFB0@1, @3, target b@4 from DCD, close@6"},
    {"backward_right_dcd", "", FACT_PINNED, 2, 5, "predicted taken, right, from DCD",
     "cmp in an odd word @2, beq in DCD@2, @3, target b@5 from DCD, close@7"},
    {"backward_wrong_0", "", FACT_PINNED, 3, 5, "predicted taken, wrong, right behind",
     "b@1, cmp@2, bne@3, b@6 from DCD, close@8"},
    {"backward_wrong_1", "", FACT_PINNED, 2, 6, "predicted taken, wrong, one behind",
     "b@1, cmp@2, bne in DCD@3, @4, b@6 from DCD, close@8"},
    {"backward_known", "", FACT_PINNED, 1, 6, "two behind the compare: never predicted",
     "b@1, cmp@2, bne in PFB0@3, @5, b@6, close@7"},
    {"hint_right", "", FACT_PINNED, 1, 4, "the y bit reverses the prediction",
     "b@1, cmp@2, bne@3 not taken, b@4, close@5"},
    {"return_known", "", FACT_PINNED, 3, 6, "conditional return predicted taken by y, wrong",
     "bcl@1, cmp@5, bnelr@6, close@9"},
    {"return_depends", "", FACT_PINNED, 1, 6, "never predicted taken with an address dependency",
     "the same behind mtlr@4: bnelr@6, close@7"},
    {"open_2", "", FACT_INFERRED, 1, 37, "two predictions open: the second fetches",
     "divw.@1, blt in DCD, bgt in PFB0: its target's miss is over before blt@36, bgt@37, close@38"},
    {"open_3", "", FACT_INFERRED, 28, 38, "two predictions open: the third waits",
     "bgt in PFB0 when the first blt executes, @36: fetch@37, miss 1, memory 27: DCD@65, close@66, "
     "where bgt@38 itself would have let it be @39"},
    {"count_loop", "", FACT_PINNED, 21, 8, "ten turns of add; bdnz",
     "li@1, mtctr@2, nops@3-7; two a turn, the last predicted wrong, one behind CTR: one more"},
    {"count_loop_4", "", FACT_PINNED, 40, 8, "ten turns of three adds; bdnz",
     "CTR is known in time: four a turn"},
};

static void a_rule_takes_its_cycles(void **state)
{
    (void)state;
    uint32_t wrong = 0;
    for (size_t n = 0; n < sizeof rules / sizeof *rules; n++) {
        const struct rule *r = &rules[n];
        struct kernel_result k = kernel_run_on(PRESET, r->name, r->overrides, true);
        fact_record("ppc405", r->rule, r->kind, r->cycles, k.cycles - r->others);
        if (k.cycles == r->cycles + r->others)
            continue;
        wrong++;
        print_error("%s %s: %llu cycles, expected %llu: %s\n", r->name, r->overrides,
                    (unsigned long long)k.cycles, (unsigned long long)(r->cycles + r->others),
                    r->why);
    }
    assert_int_equal(wrong, 0);
}

static void skipping_idle_cycles_changes_nothing(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof rules / sizeof *rules; n++) {
        struct kernel_result skipped = kernel_run_on(PRESET, rules[n].name, "", true);
        struct kernel_result stepped = kernel_run_on(PRESET, rules[n].name, "", false);
        if (memcmp(&skipped, &stepped, sizeof skipped))
            fail_msg("%s differs", rules[n].name);
    }
}

/* A target fetched from DCD costs a cycle of fetch; in the cold pass the line's miss hides it. */
static void a_target_from_the_decode_stage_is_charged_to_branches(void **state)
{
    (void)state;
    struct kernel_result dcd = kernel_run_on(PRESET, "branch_dcd", "", true);
    struct kernel_result pfb0 = kernel_run_on(PRESET, "branch_pfb0", "", true);
    assert_int_equal(dcd.parts[PART_BRANCH], 1);
    assert_int_equal(pfb0.parts[PART_BRANCH], 0);
}

/* A known branch is no prediction, so it cannot be a mispredict. */
static void only_predictions_are_mispredicted(void **state)
{
    static const struct {
        const char *name;
        uint64_t mispredicts; /* of two passes, beside those that all kernels have */
    } rows[] = {{"taken_pfb0", 0}, {"backward_known", 0}, {"forward_wrong_1", 2},
                {"backward_wrong_0", 2}, {"hint_right", 0}, {"to_count_0", 2}};
    (void)state;
    uint64_t base = kernel_run_on(PRESET, "adds", "", true).mispredicts;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct kernel_result k = kernel_run_on(PRESET, rows[n].name, "", true);
        if (k.mispredicts != base + rows[n].mispredicts)
            fail_msg("%s: %llu", rows[n].name, (unsigned long long)k.mispredicts);
    }
}

/* What the rules above make of loops. */
static const struct loop loops[] = {
    {"delay", FACT_INFERRED, 1, 2,
     "loop delay: known taken, from DCD"},
    {"sums1", FACT_INFERRED, 1, 2,
     "loop sums1: add; bdnz from PFB0"},
    {"sums3", FACT_INFERRED, 1, 4,
     "loop sums3: four instructions"},
    {"chain", FACT_INFERRED, 1, 5,
     "loop chain: five instructions"},
    {"copy", FACT_INFERRED, 1, 4,
     "loop copy: load used at once"},
    {"copy4", FACT_INFERRED, 1, 9,
     "loop copy4: nine instructions"},
    {"list", FACT_INFERRED, 1, 2,
     "loop list: bdnz between load and use"},
    {"divides", FACT_INFERRED, 1, 36,
     "loop divides: divw 35"},
    {"multiples", FACT_INFERRED, 1, 9,
     "loop multiples: one cycle a word"},
};

static void loops_take_what_the_rules_say(void **state)
{
    (void)state;
    loops_hold("ppc405", PRESET, loops, sizeof loops / sizeof *loops);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_takes_its_cycles),
        cmocka_unit_test(skipping_idle_cycles_changes_nothing),
        cmocka_unit_test(a_target_from_the_decode_stage_is_charged_to_branches),
        cmocka_unit_test(only_predictions_are_mispredicted),
        cmocka_unit_test(loops_take_what_the_rules_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
