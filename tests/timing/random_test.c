/* Random programs on random machines, in-order and out-of-order: whatever the machine, the program
 * computes what the functional executor computes, everything is counted once, and time skipped is
 * time stepped. A failure prints its seed; `random_test SEED [COUNT]` repeats it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/base/bits.h"
#include "tests/timing/bench.h"
#include "tests/timing/random_program.h"

#define PROGRAMS      120u
#define MACHINES      4u  /* for each program; every other one is in order */
#define HANG_SECONDS  20u /* for one run; an ordinary one takes milliseconds */

static uint64_t current_seed;
static char current_overrides[4000];

/* Each machine sets some of these to one of their values: the smallest, ordinary and large ones. */
struct knob {
    const char *key, *values[6];
};

static const struct knob shared[] = {
    {"core.fetch_width", {"1", "2", "4", "16"}},
    {"core.fetch_bytes", {"4", "8", "16"}},
    {"core.fetch_queue", {"1", "2", "16", "64"}},
    {"core.decode_cycles", {"0", "1", "5"}},
    {"core.writeback_cycles", {"0", "1", "8"}},
    {"core.redirect_cycles", {"0", "3", "32"}},
    {"core.decode_redirect_cycles", {"0", "2", "32"}},
    {"core.taken_bubble_cycles", {"0", "1", "8"}},
    {"core.exception_cycles", {"0", "100"}},
    {"core.agen_cycles", {"1", "2", "8"}},
    {"core.data_accesses", {"2", "8"}},
    {"core.load_queue", {"1", "2", "64"}},
    {"core.store_buffer", {"1", "2", "64"}},
    {"core.forward_cycles", {"1", "9"}},
    {"core.clock", {"1MHz", "333MHz", "3GHz", "10GHz"}},
    {"core.units.divd", {"mul;40;1", "alu;3;3"}},
    {"core.units.load", {"lsu;3", "lsu;1;4"}},
    {"core.units.store", {"lsu;2;5"}},
    {"core.units.branch", {"bru;4", "alu;1"}},
    {"core.units.sync", {"lsu;30;30"}},
    {"core.bpred.direction", {"static", "bimodal", "gshare"}},
    {"core.bpred.use_hints", {"yes", "no"}},
    {"core.bpred.btb_entries", {"0", "2", "16"}},
    {"core.bpred.ras_entries", {"0", "1", "3"}},
    {"l1i.present", {"no", "yes", "yes"}},
    {"l1i.size", {"64", "128", "256", "1KiB"}},
    {"l1i.latency", {"1", "3"}},
    {"l1i.mshrs", {"1", "8"}},
    {"l1i.targets", {"1"}},
    {"l1i.fill_order", {"line"}},
    {"l1i.bus", {"4"}},
    {"l1i.ports", {"2"}},
    {"l1d.present", {"no", "yes", "yes"}},
    {"l1d.size", {"64", "128", "256", "1KiB"}},
    {"l1d.latency", {"1", "7"}},
    {"l1d.mshrs", {"1", "2", "256"}},
    {"l1d.targets", {"1", "2"}},
    {"l1d.write", {"through"}},
    {"l1d.write_allocate", {"no"}},
    {"l1d.write_buffer", {"1", "2"}},
    {"l1d.banks", {"2", "4"}},
    {"l1d.bank_bytes", {"8", "16"}},
    {"l1d.fill_order", {"line"}},
    {"l1d.bus", {"4", "16"}},
    {"l1d.clock_divider", {"2", "3"}},
    {"l2.present", {"no", "yes", "yes"}},
    {"l2.size", {"512", "1KiB", "4KiB"}},
    {"l2.mshrs", {"1", "2"}},
    {"l2.targets", {"1"}},
    {"l2.write_buffer", {"1"}},
    {"l2.inclusion", {"inclusive"}},
    {"l2.clock_divider", {"2"}},
    {"l2.write", {"through"}},
    {"l2.fill_order", {"line"}},
    {"itlb.entries", {"1", "2", "8"}},
    {"dtlb.entries", {"1", "2 walker.walk_cache=0", "8 walker.walk_level=l1d"}},
    {"tlb.ways", {"1", "4 walker.walkers=1 walker.step_latency=0", "2 walker.walk_level=dram"}},
};

static const struct knob in_order[] = {
    {"core.issue_width", {"1", "2", "3", "8"}},
    {"core.retire_width", {"1", "2", "8"}},
    {"core.window", {"1", "2", "5", "64"}},
    {"core.bypass", {"no"}},
    {"core.units.pipes", {"alu*3;mul;fpu*2;lsu*2;bru*2"}},
    {"core.early_branches", {"8 core.decode_cycles=1", "2 core.decode_cycles=2 core.issue_width=2",
                             "1 core.decode_cycles=1 core.issue_width=1"}},
    {"core.access_bytes", {"1", "4", "64"}},
    {"core.units.multiply_16x16", {"2", "7;7"}},
    {"core.units.multiply_32x16", {"3;1"}},
};

/* What cannot go with fold_branches, whatever was chosen before. */
#define FOLDS " core.fuse_compare=no core.group_slots=0 core.branches=0"
/* What pipes that can stand still need. */
#define IN_ORDER "fpu:3!;mul:4!;alu+lsu+bru:16"

static const struct knob out_of_order[] = {
    {"core.fetch_blocks", {"2", "4"}},
    {"core.fetch_taken", {"2", "4"}},
    {"core.fetch_ahead", {"2", "16"}},
    {"core.dispatch_width", {"1", "2", "3", "16"}},
    {"core.dispatch_cycles", {"2", "16"}},
    {"core.crack_update", {"no"}},
    {"core.crack_record", {"yes", "rotate;int"}},
    {"core.multiple_registers", {"2", "4"}},
    {"core.fuse_compare", {"yes", "yes"}},
    {"core.commit_width", {"1", "2", "16"}}, /* large enough for group_slots when that is set */
    {"core.group_slots", {"5 core.commit_width=5", "2 core.commit_width=3",
                          "4 core.commit_width=4 core.group_branch=no"}},
    {"core.group_count", {"1", "2"}},
    {"core.group_alone", {"larx;stcx;sync", "muld"}},
    {"core.group_first", {"mtspr;mtcr", "int"}},
    {"core.dispatch_limits", {"alu:1", "lsu:1;bru:1"}},
    {"core.rob", {"1", "2", "7", "300"}},
    {"core.branches", {"1", "3"}},
    {"core.rename_gpr", {"1", "2", "255"}},
    {"core.rename_fpr", {"1", "8"}},
    {"core.rename_vr", {"1", "8"}},
    {"core.rename_cr", {"1", "8"}},
    {"core.rename_xer", {"1", "2"}},
    {"core.rename_lr_ctr", {"1"}},
    {"core.rename_fpscr", {"1"}},
    {"core.issue_width", {"1", "2", "5"}},
    {"core.select", {"position", "position"}},
    {"core.load_hit_cycles", {"1", "5"}},
    {"core.replay_cycles", {"1", "4", "16"}},
    {"core.store_queue", {"1", "2", "64"}},
    {"core.memory_dependence", {"none", "wait", "sets"}},
    {"core.store_sets", {"1", "16"}},
    {"core.store_set_clear", {"1", "20"}},
    {"core.flush_cycles", {"0", "9"}},
    {"core.wrong_path", {"no"}},
    {"core.units.queues", {"*:1", "alu+mul:3;fpu:2;lsu:4*2;bru:2", "alu:2*2;mul+fpu+lsu+bru:8",
                           "*:6!", "alu+bru:4*1!;mul+fpu:3;lsu:2*2!"}},
    {"core.units.mulw", {"mul;3;+;alu;1", "mul;3;+;alu;1;+;alu;2"}},
    {"core.units.loada", {"lsu;1;+;alu;1"}},
    {"core.units.int", {"alu;1;1;2 core.dispatch_width=3", "alu;2;1;3 core.dispatch_width=5"}},
    {"core.units.isel", {"alu;3"}},
    {"core.units.issue_limits", {"alu+lsu:1", "alu*2+mul*3+fpu:3;lsu+bru:1"}},
    {"core.units.branch", {"bru;1;+;alu;1"}},
    {"core.units.store", {"lsu;1;+;alu;1"}},
    {"core.oldest_first", {"larx", "mulw;muli;fadd;load"}},
    {"core.completes_alone", {"larx", "mulw;muli;int;storem"}},
    {"core.multiple_registers", {"0 core.oldest_first=loadm;storem core.multiple_cycles=1 "
                                 "core.completes_alone=loadm;storem"}},
    {"core.access_bytes", {"1", "8"}},
    {"core.commit_gprs", {"1", "2"}},
    {"core.commit_taken_ends", {"yes"}},
    {"core.commit_early", {"int;muli;mulw", "fadd;divd"}},
    {"core.branch_ends_dispatch", {"yes"}},
    {"core.fetch_vacancies", {"yes"}},
    {"core.fetch_beat", {"4"}},
    {"core.units.early_out", {"mulw:8:1;mulw:16:2;muld:32:3:3"}},
    {"core.rob_reuse_cycles", {"1"}},
    {"core.fold_branches", {"yes" FOLDS, "yes core.target_instructions=2" FOLDS,
                            "yes core.target_instructions=4 core.unresolved_branches=2 "
                            "core.unresolved_dispatch=1 core.bpred.btb_registers=no" FOLDS,
                            "yes core.unresolved_branches=1 core.bpred.ras_entries=0" FOLDS}},
    {"core.units.inlets", {"alu+lsu+bru:6/3/3;mul:2/1/1 core.units.queues=" IN_ORDER,
                           "alu+mul+fpu+lsu+bru:4/2/2!",
                           "alu+bru+lsu:1/1/1;fpu:2/1/9 core.units.queues=" IN_ORDER}},
    {"core.dispatch_renames", {"gpr:2;fpr:1", "gpr:1;vr:1"}},
    {"core.oldest_carry", {"yes"}},
    {"core.early_branch_registers", {"yes"}},
    {"core.finish_cycles", {"mul:1;fpu:2", "alu:3"}},
    {"core.bursts", {"fpu:1", "fpu:3;mul:2"}},
    {"core.late_fpscr_cycles", {"2 core.group_slots=0 core.rename_fpscr=1 "
                                "core.units.queues=" IN_ORDER,
                                "1 core.group_slots=0 core.fpscr_restart_cycles=3 "
                                "core.units.queues=" IN_ORDER}},
    {"core.bypasses", {"fpu core.units.queues=" IN_ORDER}},
};

static const struct model {
    const char *machine;
    const struct knob *knobs;
    size_t count;
} models[] = {
    {MACHINE_SCALAR, in_order, ARRAY_LEN(in_order)},
    {MACHINE_WIDE, out_of_order, ARRAY_LEN(out_of_order)},
};

/* Adds settings of some of the knobs; where the text ends now. */
static size_t turn(struct rng *r, const struct knob *knobs, size_t count, uint64_t density,
                   char *text, size_t used, size_t room)
{
    for (size_t n = 0; n < count; n++) {
        uint32_t values = 0;
        while (values < ARRAY_LEN(knobs[n].values) && knobs[n].values[values])
            values++;
        if (!rng_below(r, density))
            used += (size_t)snprintf(text + used, room - used, "%s=%s ", knobs[n].key,
                                     knobs[n].values[rng_below(r, values)]);
    }
    return used;
}

/* What stands behind the last cache. */
static const char *const memories[] = {
    "", "dram.latency=1ps", "dram.latency=3ns", "dram.latency=1us", "dram.bandwidth=1GiB",
    "dram.model=ddr",
    "dram.model=ddr dram.page_policy=closed dram.scheduler=fcfs dram.read_queue=1",
    "dram.model=ddr dram.standard=lpddr4-3200 dram.write_queue=2 dram.write_high=1 "
    "dram.write_low=0 dram.page_policy=timeout dram.row_timeout=30",
};

/* Lines of 16 bytes at one seed, of 64 at another: the other sizes have to fit. */
static void choose_machine(struct rng *r, const struct model *m, char *text, size_t room)
{
    size_t used = 0;
    uint64_t density = 2 + rng_below(r, 12);
    text[0] = 0;
    if (!rng_below(r, 3))
        used += (size_t)snprintf(text, room, "l1i.line=16 l1d.line=16 core.fetch_bytes=16 ");
    used = turn(r, shared, ARRAY_LEN(shared), density, text, used, room);
    used = turn(r, m->knobs, m->count, density, text, used, room);
    used += (size_t)snprintf(text + used, room - used, "%s ",
                             memories[rng_below(r, ARRAY_LEN(memories))]);
    /* Two ways of the longest line fill the smallest cache. */
    if (strstr(text, "l1i.size=64 "))
        used += (size_t)snprintf(text + used, room - used, "l1i.ways=1 ");
    if (strstr(text, "l1d.size=64 "))
        snprintf(text + used, room - used, "l1d.ways=1 ");
}

static void on_alarm(int signal_number)
{
    static const char text[] = "random_test: hangs; the seed and machine:\n";
    char seed[32];
    int digits = snprintf(seed, sizeof seed, "%llu\n", (unsigned long long)current_seed);
    (void)signal_number;
    if (write(2, text, sizeof text - 1) < 0 || write(2, seed, (size_t)digits) < 0 ||
        write(2, current_overrides, strlen(current_overrides)) < 0)
        _exit(2);
    _exit(1);
}

/* NULL, or what differs. */
static const char *state_difference(const struct program_result *a, const struct program_result *b)
{
    if (memcmp(a->gpr, b->gpr, sizeof a->gpr))
        return "general registers";
    if (memcmp(a->vsr, b->vsr, sizeof a->vsr))
        return "floating-point or vector registers";
    if (a->lr != b->lr || a->ctr != b->ctr || a->xer != b->xer || a->cr != b->cr)
        return "LR, CTR, XER or CR";
    if (a->memory != b->memory)
        return "memory";
    return a->instructions == b->instructions ? NULL : "the number of instructions executed";
}

static const char *compare_runs(const struct program_result *functional,
                                const struct program_result *skipped,
                                const struct program_result *stepped)
{
    if (*skipped->failure || *stepped->failure)
        return *skipped->failure ? skipped->failure : stepped->failure;
    if (state_difference(functional, skipped))
        return state_difference(functional, skipped);
    if (skipped->retired != functional->instructions)
        return "instructions retired";
    return NULL;
}

static bool machine_agrees(const struct random_program *p, struct rng *r, const struct model *m,
                           bool limited)
{
    struct program run = {.machine = m->machine, .words = p->words, .count = p->count,
                          .functional = true, .overrides = current_overrides};
    choose_machine(r, m, current_overrides, sizeof current_overrides);
    struct program_result functional = program_run(&run);
    if (limited) {
        run.max_instructions = 1 + rng_below(r, functional.instructions - 1);
        functional = program_run(&run);
    }
    run.functional = false;
    run.interval = 1 + rng_below(r, 300);
    alarm(HANG_SECONDS);
    struct program_result stepped = program_run(&run);
    run.skip_idle = true;
    run.expected = stepped.values;
    struct program_result skipped = program_run(&run);
    alarm(0);
    const char *what = compare_runs(&functional, &skipped, &stepped);
    if (what)
        print_error("seed %llu%s: %s; machine: %s with %s\n", (unsigned long long)current_seed,
                    limited ? " (limited)" : "", what, m->machine, current_overrides);
    free(stepped.values);
    free(skipped.values);
    return !what;
}

static bool seed_agrees(uint64_t seed)
{
    struct random_program program;
    bool ok = true;
    current_seed = seed;
    random_program_make(&program, seed);
    struct rng r = program.rng;
    for (uint32_t n = 0; n < MACHINES; n++)
        ok &= machine_agrees(&program, &r, &models[n % 2], n / 2 % 2);
    return ok;
}

static void every_machine_computes_and_counts_the_same(void **state)
{
    uint32_t wrong = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++)
        wrong += !seed_agrees(seed);
    assert_int_equal(wrong, 0);
}

/* With an instruction cache that refuses wrong paths their fetches. */
static void a_run_may_be_limited_at_any_instruction(void **state)
{
    (void)state;
    struct random_program p;
    struct program run = {
        .words = p.words, .functional = true,
        .overrides = "l1i.line=16 core.fetch_bytes=16 l1i.mshrs=1 l1i.targets=1 l1i.size=64 "
                     "l1i.ways=1 core.redirect_cycles=0 core.decode_cycles=0 core.agen_cycles=1",
    };
    random_program_make(&p, 3);
    run.count = p.count;
    uint64_t whole = program_run(&run).instructions;
    run.functional = false;
    run.skip_idle = true;
    for (uint64_t limit = 1; limit < whole && limit < 400; limit++) {
        run.max_instructions = limit;
        struct program_result r = program_run(&run);
        free(r.values);
        assert_string_equal(r.failure, "");
        assert_int_equal(r.retired, limit);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_machine_computes_and_counts_the_same),
        cmocka_unit_test(a_run_may_be_limited_at_any_instruction),
    };
    signal(SIGALRM, on_alarm);
    if (argc > 1) {
        uint64_t seed = strtoull(argv[1], NULL, 10);
        uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
        bool ok = true;
        for (; count; count--, seed++)
            ok &= seed_agrees(seed);
        return !ok;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
