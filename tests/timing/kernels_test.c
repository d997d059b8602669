/* Small kernels with their exact cycle count on the machine of scalar.ini.
 *
 * Notation: c is the cycle in which the opening marker issues; it retires in c+2 (latency 1,
 * write-back 1), so that a region whose closing marker retires in c+2+N takes N cycles. One
 * instruction issues per cycle from c+1 on unless something holds it; "add@5" is an add that issues
 * in c+5. A count one off in any latency named fails the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/timing/bench.h"

static const struct kernel {
    const char *name, *overrides;
    uint64_t cycles;
    const char *why;
} kernels[] = {
    /* dependences and bypasses */
    {"add_dep", "", 5, "a result is bypassed to the next cycle: add@1,2,3,4, close@5"},
    {"add_dep", "core.bypass=no", 8, "usable when written back, one later: add@1,3,5,7, close@8"},
    {"add_indep", "", 5, "one issue slot a cycle"},
    {"count_dep", "", 6, "latency 3: @1,4, close@5; retires with the second count, 4+3+1=c+8"},
    {"mul_dep", "", 18, "latency 6: @1,7,13; the last retires in 13+6+1=c+20, close with it"},
    {"mul_indep", "", 10, "interval 2: @1,3,5; retires in 5+6+1=c+12"},
    {"mul_indep", "core.units.muld=mul;6;1", 8, "pipelined: @1,2,3; retires in 3+6+1=c+10"},
    {"mul_use4", "", 8, "t-1: the add could issue @6, the product comes @7: close@8"},
    {"mul_use5", "", 8, "t: the add issues @7 by itself: close@8"},
    {"mul_use6", "", 9, "t+1: close@9"},
    {"div_dep", "", 41, "li@1, latency 20: @2,22; retires in 22+20+1=c+43"},
    {"div_indep", "", 41, "not pipelined: the second waits for the unit"},
    {"div_indep", "core.units.divd=mul;20;1", 22, "pipelined: @2,3; retires in 3+20+1=c+24"},
    {"float_add_dep", "", 10, "latency 5: @1,6; retires in 6+5+1=c+12"},

    /* loads */
    {"load_use0", "", 5, "access@2, L1 latency 2: data@4; add@4, close@5"},
    {"load_use2", "", 5, "t: the add issues @4 by itself"},
    {"load_use3", "", 6, "t+1"},
    {"load_use0", "l1d.latency=3", 6, "one more cycle of L1"},
    {"load_use0", "core.agen_cycles=2", 6, "one more cycle of address generation"},
    {"loada_use0", "", 6, "sign extension: a class latency of 2 adds one cycle"},
    {"load_chase", "", 12, "3 each: @1,4,7,10; the last's data@13, retires in c+14"},
    {"load_indep", "", 6, "one access a cycle: @1..4; the last's data@7, retires in c+8"},
    {"load_update", "", 4,
     "mr@1, ldu@2, its RA is ready @3: add@3, close@4; the load retires in c+6"},
    {"load_split", "", 6, "two lines, two accesses @2,3: data@5"},

    /* stores to loads */
    {"forward_all", "", 6, "load@2, access@3 finds the store: data@5; add@5, close@6"},
    {"forward_all", "core.forward_cycles=4", 8, "forwarding takes two more"},
    {"forward_none", "", 6, "load@2, access@3, L1 latency 2: data@5"},
    {"forward_part", "", 7,
     "the store retires and drains in c+3; access@4: data@6; add@6, close@7"},

    /* branches */
    {"branch_not_taken", "", 4, "static: forward not taken; no bubble"},
    {"branch_mispredicted", "", 7,
     "branch@2 ends @3, fetch@4, arrival@5, two cycles of decode: close@7"},
    {"branch_mispredicted", "core.redirect_cycles=3", 9, "two more to redirect"},
    {"branch_mispredicted", "core.decode_cycles=5", 10, "three more of decode"},
    {"branch_mispredicted", "core.bpred.direction=bimodal", 3,
     "...and not when the second pass has learnt it: cmp@1, branch@2, close@3"},
    {"branch_direct", "", 2, "the BTB knows it: no bubble"},
    {"branch_direct", "core.taken_bubble_cycles=2", 4, "two fetch cycles lost"},
    {"branch_direct", "core.bpred.btb_entries=0", 3,
     "without a BTB the decoder knows: fetched in f, arrived f+1, target fetched f+2 for f+1"},
    {"branch_direct", "core.bpred.btb_entries=0 core.decode_redirect_cycles=4", 6, "f+5 for f+1"},
    {"branch_loop", "", 27,
     "li, mtctr, 10 x (addi, bdnz) @1..22; the last bdnz is mispredicted: ends @23, fetch@24, "
     "arrival@25, close@27"},
    {"call_return", "", 6, "bl, blr, bl, blr, b: all predicted"},
    {"call_return", "core.bpred.ras_entries=0", 14,
     "the BTB's last target is the other call's: two mispredicts at 4 lost cycles each"},
    {"cr_to_branch", "", 10, "mulld@1, cmp@7, beq@8 (not taken, as predicted), add@9, close@10"},

    /* order */
    {"sync_alone", "", 11,
     "mulld retires in c+8: sync@8, retires in 8+1+1=c+10: add@10, close@11"},

    /* cache levels */
    {"miss_l2", "", 14, "access@2, L1 miss 1, L2 hit 10: data@13; add@13, close@14"},
    {"miss_l2", "l2.latency=11", 15, "one more cycle of L2"},
    {"miss_memory", "", 105, "access@2, L1 miss 1, L2 miss 1, memory 100: data@104; close@105"},
    {"miss_memory_two", "", 106, "misses overlap: the second is one cycle behind"},
    {"miss_memory_same", "", 105,
     "the same line: the second access waits with the first, data@104"},
    {"miss_under", "", 105, "what does not depend goes on: adds@2,3, the dependent one @104"},
    {"miss_memory_two", "l1d.mshrs=1", 207,
     "the second is refused until the line is there: access@104, data@206; add@206, close@207"},
    {"split_flood",
     "core.window=64 core.load_queue=64 core.fetch_queue=64 core.fetch_bytes=4 "
     "core.data_accesses=8 l1d.line=16 l1d.size=64 l1d.ways=1 l1d.mshrs=256 l1d.targets=16 "
     "l2.present=no",
     244,
     "more requests than the core can have in flight; one bank takes load n's parts in 2n and "
     "2n+1: data@2n+102, retires in c+2n+103; the 64th in c+231 with 3 of the 62 "
     "after it, 4 a cycle: close retires in c+246"},
    {"load_split", "core.data_accesses=2", 6, "both parts @2, but one bank: the second @3, data@5"},
    {"load_split", "core.data_accesses=2 l1d.ports=2", 5, "two ports: both @2, data@4; add@4"},
    {"load_split", "core.data_accesses=2 l1d.banks=2", 5, "lines in different banks: data@4"},
    {"miss_l2", "l1d.miss_latency=4", 17, "three more before L1 asks"},
    {"miss_l2", "l1d.fill_latency=3", 17, "three more after the data came"},
    {"miss_l2", "l1d.fill_order=line l1d.bus=16", 17, "four beats: the last is three later"},
    {"miss_l2", "l1d.bus=16", 14, "the wanted beat comes first"},
    {"miss_memory", "l2.present=no", 104, "no lookup in L2: data@103"},
    {"load_indep", "core.load_queue=1", 15,
     "each issues when the one before retires, 4 after it: @1,5,9,13; the last retires in c+17"},
    {"miss_memory_two", "core.load_queue=1", 209,
     "the second issues when the first retires @105: access@106, data@208; close@209"},
    {"store_misses", "core.store_buffer=1", 212,
     "each issues when the one before has drained, two after its issue: @1,3,5,7 take the MSHRs; "
     "5@9 drains with line 1 @105, 6-8 @107,109,111 with lines 2-4; 9@111 with line 5 @207, "
     "10@207, 11@209, 12@211"},
    {"store_miss", "", 4, "a store leaves nobody waiting"},
    {"store_misses", "", 109,
     "stores 1-4 drain @3..6 and take the MSHRs, 5-8 fill the buffer; line 1 comes @105, one line "
     "a cycle after it: stores@105..108, close@109"},
    {"fetch_miss_memory", "", 102,
     "the marker is fetched in f=c-3; close asks in f+1, arrives f+1+102, decodes 2: close@102"},
    {"fetch_miss_memory", "dram.latency=50ns", 52, "50 less"},

    /* TLBs */
    {"load_use0", "itlb.entries=4 dtlb.entries=4", 5, "a hit in the first level takes no time"},
    {"load_use0", "dtlb.entries=4 dtlb.latency=1", 6, "but for what it adds to the access"},
    {"load_pages", "", 7, "data@4; add@4, load@5, data@8, retires in c+9"},
    {"load_pages", "dtlb.entries=1 tlb.entries=8", 23,
     "second level 8: access@10, data@12; add@12, load@13, access@22, data@24, retires in c+25"},
    {"load_pages", "dtlb.entries=2 tlb.entries=8", 7, "two entries hold both pages"},
    {"miss_memory", "dtlb.entries=4 walker.walk_level=dram", 509,
     "the walk from @2 reads four entries, 100+1 each: access@406, data@508; close@509"},
    {"miss_memory", "dtlb.entries=4 tlb.entries=8 walker.walk_level=dram walker.walk_cache=0", 517,
     "8 more to ask the second level"},
    {"miss_memory", "itlb.entries=4 dtlb.entries=4 walker.walk_level=dram", 206,
     "the fetches' walk has left all but the last entry in the page-walk cache"},
    {"miss_memory", "dtlb.entries=4", 513, "read through L2, whose misses take 1 more each"},
    {"fetch_page", "", 104,
     "b is fetched in f=c-2, arrives f+1, its target is fetched f+2, arrives f+2+102, decodes 2"},
    {"fetch_page", "itlb.entries=4 walker.walk_level=dram", 205,
     "one entry more to read, 100+1: the others are in the page-walk cache"},

    /* width and window */
    {"pair_indep", "core.issue_width=2 core.fetch_width=2 core.units.pipes=alu*2;mul;fpu;lsu;bru",
     2, "marker and add@0, adds@1, add and close@2"},
    {"pair_dep", "core.issue_width=2 core.fetch_width=2 core.units.pipes=alu*2;mul;fpu;lsu;bru",
     3, "marker and add@0, adds@1,2,3 each after the last, close@3"},
    {"pair_indep",
     "core.issue_width=2 core.fetch_width=2 core.retire_width=1 "
     "core.units.pipes=alu*2;mul;fpu;lsu;bru", 5,
     "marker and five more retire in c+2..c+7, one a cycle"},
    {"pair_indep", "core.issue_width=2 core.fetch_width=2", 5, "one ALU: one add a cycle"},
    {"window", "core.window=2", 10,
     "mulld@1, add@2, full until both retire in c+8: add@8,9; full until c+10: close@10"},
};

static void kernel_takes_its_cycles(void **state)
{
    (void)state;
    uint32_t wrong = 0;
    for (size_t n = 0; n < sizeof kernels / sizeof *kernels; n++) {
        const struct kernel *k = &kernels[n];
        struct kernel_result r = kernel_run(k->name, k->overrides, true);
        if (r.cycles == k->cycles)
            continue;
        wrong++;
        print_error("%s %s: %llu cycles, expected %llu: %s\n", k->name, k->overrides,
                    (unsigned long long)r.cycles, (unsigned long long)k->cycles, k->why);
    }
    assert_int_equal(wrong, 0);
}

static void skipping_idle_cycles_changes_nothing(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof kernels / sizeof *kernels; n++) {
        struct kernel_result skipped = kernel_run(kernels[n].name, kernels[n].overrides, true);
        struct kernel_result stepped = kernel_run(kernels[n].name, kernels[n].overrides, false);
        if (memcmp(&skipped, &stepped, sizeof skipped))
            fail_msg("%s %s differs", kernels[n].name, kernels[n].overrides);
    }
}

/* A wait of N cycles is N slots of the part that the derivations above blame. */
static void lost_slots_have_the_right_name(void **state)
{
    (void)state;
    static const struct {
        const char *name, *overrides;
        enum cpi_part part;
        uint64_t slots;
    } rows[] = {
        {"div_dep", "", PART_DEP_DIV, 2 * 19},
        {"miss_memory", "", PART_DCACHE_MEM, 102},
        {"miss_l2", "", PART_DCACHE_L2, 11},
        {"miss_memory", "dtlb.entries=4 walker.walk_level=dram", PART_DTLB, 404},
        {"miss_memory", "dtlb.entries=4 walker.walk_level=dram", PART_DCACHE_MEM, 102},
    };
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct kernel_result r = kernel_run(rows[n].name, rows[n].overrides, true);
        if (r.parts[rows[n].part] != rows[n].slots)
            fail_msg("%s: %llu slots in %s, expected %llu", rows[n].name,
                     (unsigned long long)r.parts[rows[n].part], cpi_part_name(rows[n].part),
                     (unsigned long long)rows[n].slots);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernel_takes_its_cycles),
        cmocka_unit_test(skipping_idle_cycles_changes_nothing),
        cmocka_unit_test(lost_slots_have_the_right_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
