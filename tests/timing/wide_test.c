/* Small kernels with their exact cycle count on the out-of-order machine of wide.ini.
 *
 * Notation: c is the cycle in which the opening marker issues; it commits in c+2 (latency 1,
 * write-back 1), so that a region whose closing marker commits in c+2+N takes N cycles. The marker
 * is the first of a group of four: instruction n behind it is dispatched in c-1+n/4 and may issue
 * in c+n/4 unless something holds it; "add@5" is an add that issues in c+5. A load that issues @n
 * has its address @n+1 and, from L1, its data @n+3. A count one off in any figure named fails the
 * test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/timing/bench.h"

static const struct kernel {
    const char *name, *overrides;
    uint64_t cycles;
    const char *why;
} kernels[] = {
    /* dependences, width, order */
    {"add_dep", "", 3, "add@0,1,2,3; the last commits in 3+1+1=c+5, close with it"},
    {"add_indep", "", 1, "four a cycle: the last and close @1, commit in c+3"},
    {"mul_dep", "", 17, "latency 6: @0,6,12; the last commits in c+19"},
    {"mul_indep", "", 9, "interval 2: @0,2,4; the last commits in c+11"},
    {"add_many", "", 4, "close is the 18th: commits with the fifth group in c+6"},
    {"add_many", "core.units.pipes=alu*2;mul;fpu;lsu*2;bru", 8,
     "two a cycle: close@8 is the 18th, commits in c+10"},
    {"add_many", "core.issue_width=1", 17, "one a cycle: close@17, commits in c+19"},
    {"add_many", "core.commit_width=1", 17, "17 commits behind the opening marker's"},
    {"add_many", "core.dispatch_width=2", 8, "close is dispatched in c-1+8"},
    {"add_many", "core.dispatch_limits=alu:1", 17, "one for the ALUs a cycle"},
    {"add_many", "core.group_slots=5 core.commit_width=5", 4, "groups of four: the fifth slot is "
                                                              "a branch's"},
    {"add_many", "core.group_slots=3 core.commit_width=3", 8,
     "groups of two: close is in the ninth, dispatched in c-1+8"},
    {"add_many", "core.group_slots=3 core.commit_width=3 core.group_branch=no", 5,
     "groups of three: close is in the sixth"},
    {"add_many", "core.group_slots=3 core.commit_width=3 core.group_count=1", 24,
     "a group is dispatched when the one before commits, three cycles after it"},
    {"add_many", "core.group_alone=int", 17, "one a cycle, the markers included"},
    {"under_div", "", 24,
     "li@0, divd@1 done @21, commits in c+22; the 16 adds are done by then: four a cycle, c+26"},

    /* loads */
    {"load_chase", "", 11, "ld@0,3,6,9: data@12, commits in c+13"},
    {"load_chase", "core.agen_cycles=2", 15, "4 each: data@16"},
    {"load_indep", "", 3, "two pipes: ld@0,0,1,1: data@4, commit in c+5"},
    {"load_indep", "core.data_accesses=1", 5, "accesses @1,2,3,4: data@6, commit in c+7"},
    {"update_chain", "", 5, "cracked: bases@1,2,3 and ld@1,2,3: data@6, commits in c+7"},
    {"miss_memory_two", "", 104, "both access @1; one a cycle goes down: data@104; add@104"},
    {"miss_memory_two", "core.load_queue=1", 208,
     "the second is dispatched when the first commits @104: data@208; add@208, commits in c+210"},

    /* the sizes of structures: the step is where the configuration says */
    {"rob_step", "core.rob=16", 106, "the second is dispatched @3: access@5, data@107"},
    {"rob_step", "core.rob=15", 207, "not before the first commits @104: access@106, data@208"},
    {"queue_step", "core.units.queues=*:9", 105,
     "eight wait, the ninth is dispatched @1; the eight @103,104 commit in c+105,106, ld in c+107"},
    {"queue_step", "core.units.queues=*:8", 206, "not before the eight issue @103: data@207"},
    {"rename_step", "core.rename_gpr=10", 105, "the marker's is free @2: dispatched @2, data@106"},
    {"rename_step", "core.rename_gpr=9", 207, "not before the first commits @104: data@208"},
    {"store_queue_step", "core.store_queue=2", 103, "ld@1: data@104"},
    {"store_queue_step", "core.store_queue=1", 207, "std 2 @104, ld@105"},

    /* stores to loads */
    {"forward_all", "", 3, "addresses@1; data@1+2; add@3, commits in c+5"},
    {"forward_all", "core.forward_cycles=4", 5, "two more"},
    {"forward_none", "", 3, "L1 is as fast: data@3"},
    {"forward_part", "", 5, "the store commits and drains @2; access@3, data@5; add@5"},
    {"late_data", "", 8, "mulld@0, data@6; forwarded, 6+2; add@8, commits in c+10"},
    {"late_store_elsewhere", "", 7, "the load goes at once; std@7, address@8, commits in c+9"},
    {"late_store_elsewhere", "core.memory_dependence=wait", 11,
     "address@8; access@9, data@11; add@11"},
    {"late_store", "", 16,
     "address@8: violation; refetch @9, dispatch@12, ld@13, from L1 data@16; add@16"},
    {"late_store", "core.flush_cycles=5", 20, "four more"},
    {"late_store", "core.memory_dependence=wait", 11, "access@9 finds the store: data@11; add@11"},
    {"late_store", "core.memory_dependence=sets", 11,
     "learnt in the first pass: ld@8, access@9, data@11"},

    /* replay */
    {"late_load", "l1d.latency=3 core.units.pipes=alu;mul;fpu;lsu*2;bru", 6,
     "one ALU: adds@1,2,3, the dependent one @4, the last @5, close@6"},
    {"late_load", "l1d.latency=3 core.replay_cycles=2 core.units.pipes=alu;mul;fpu;lsu*2;bru", 7,
     "the dependent one issues in vain @3"},

    /* branches */
    {"branch_mispredicted", "", 7,
     "cmp@0, bne@1, over @2; fetch@3, arrives 4, dispatch@6; close@7, commits in c+9"},
    {"branch_mispredicted", "core.redirect_cycles=3", 9, "two more"},
    {"compare_branches", "core.dispatch_cycles=2", 8, "one branch unit: the last @8"},
    {"compare_branches", "core.dispatch_cycles=2 core.branches=1", 15,
     "each is dispatched when the one before issues: @1,3,...15"},
    {"late_store_elsewhere", "core.units.queues=*:64!", 10,
     "in order: ld@7 with the store, data@10; add@10"},
    {"mul_dep", "core.units.queues=*:64!", 17, "as out of order: nothing could go before"},
    {"compare_branches", "", 8, "one branch unit: @1..8; the last commits in c+10"},
    {"compare_branches", "core.fuse_compare=yes", 4, "a pair is one: the last @4, with close"},
    {"wrong_path_load", "", 104,
     "mulld@0, cmp@6, bne@7, over @8; the wrong path's load has asked @2: data@104; add@104"},
    {"wrong_path_load", "core.wrong_path=no", 116,
     "fetch@9, arrives 10, dispatch@12; ld@13, access@14, data@116; add@116"},

    /* storage order */
    {"sync_alone", "", 7, "mulld commits @7: sync@7, done 8, commits in c+9; the add went before"},
    {"load_after_sync", "", 6, "sync@2, done 3; ld@3, data@6; add@6, commits in c+8"},
    {"load_after_lwsync", "", 6, "the same: there is no store to wait for"},
    {"load_after_eieio", "", 3, "it orders stores: ld@0, data@3; add@3"},
};

static void kernel_takes_its_cycles(void **state)
{
    uint32_t wrong = 0;
    (void)state;
    for (size_t n = 0; n < sizeof kernels / sizeof *kernels; n++) {
        const struct kernel *k = &kernels[n];
        struct kernel_result r = kernel_run_on(MACHINE_WIDE, k->name, k->overrides, true);
        if (r.cycles == k->cycles)
            continue;
        wrong++;
        print_error("%s %s: %llu cycles, expected %llu: %s\n", k->name, k->overrides,
                    (unsigned long long)r.cycles, (unsigned long long)k->cycles, k->why);
    }
    assert_int_equal(wrong, 0);
}

/* A wait of N cycles is N times four slots of the part that the derivations above blame. */
static void lost_slots_have_the_right_name(void **state)
{
    static const struct {
        const char *name, *overrides;
        enum cpi_part part;
        uint64_t least;
    } rows[] = {
        {"under_div", "", PART_DEP_DIV, 2 * 4 * 19},
        {"load_chase", "", PART_DCACHE_L1, 4 * 11},
        {"miss_memory_two", "", PART_DCACHE_MEM, 4 * 100},
        {"miss_memory_two", "core.units.int=alu;3 dtlb.entries=4", PART_DTLB, 4 * 100},
        {"forward_part", "", PART_FORWARD, 2},
        {"late_store", "", PART_ORDER, 2 * 4},
        {"branch_mispredicted", "", PART_MISPREDICT, 4 * 3},
        {"load_after_sync", "", PART_SERIAL, 1},
    };
    uint32_t wrong = 0;
    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct kernel_result r =
            kernel_run_on(MACHINE_WIDE, rows[n].name, rows[n].overrides, true);
        if (r.parts[rows[n].part] >= rows[n].least)
            continue;
        wrong++;
        print_error("%s %s: %llu slots of %s, at least %llu expected\n", rows[n].name,
                    rows[n].overrides, (unsigned long long)r.parts[rows[n].part],
                    cpi_part_name(rows[n].part), (unsigned long long)rows[n].least);
    }
    assert_int_equal(wrong, 0);
}

static void skipping_idle_cycles_changes_nothing(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof kernels / sizeof *kernels; n++) {
        const struct kernel *k = &kernels[n];
        struct kernel_result skipped = kernel_run_on(MACHINE_WIDE, k->name, k->overrides, true);
        struct kernel_result stepped = kernel_run_on(MACHINE_WIDE, k->name, k->overrides, false);
        if (memcmp(&skipped, &stepped, sizeof skipped))
            fail_msg("%s %s differs", k->name, k->overrides);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernel_takes_its_cycles),
        cmocka_unit_test(lost_slots_have_the_right_name),
        cmocka_unit_test(skipping_idle_cycles_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
