/* Small kernels with their exact cycle count on the machines of scalar.ini and wide.ini: see
 * kernels.def. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/timing/bench.h"

#define NONE 0
enum { SCALAR, WIDE, MACHINES };
static const char *const machines[MACHINES] = {[SCALAR] = MACHINE_SCALAR, [WIDE] = MACHINE_WIDE};

static const struct kernel {
    const char *name, *overrides;
    struct {
        uint64_t cycles;
        const char *why;
    } on[MACHINES];
} kernels[] = {
#define KERNEL(name, overrides, scalar, why_scalar, wide, why_wide)                                \
    {#name, overrides, {[SCALAR] = {scalar, why_scalar}, [WIDE] = {wide, why_wide}}},
#include "tests/timing/kernels.def"
#undef KERNEL
};

static struct kernel_result run(const struct kernel *k, uint32_t machine, bool skip_idle)
{
    return kernel_run_on(machines[machine], k->name, k->overrides, skip_idle);
}

static void kernel_takes_its_cycles(void **state)
{
    (void)state;
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < MACHINES * sizeof kernels / sizeof *kernels; n++) {
        const struct kernel *k = &kernels[n / MACHINES];
        uint32_t machine = n % MACHINES;
        uint64_t expected = k->on[machine].cycles;
        struct kernel_result r = {.cycles = expected};
        if (expected != NONE)
            r = run(k, machine, true);
        if (r.cycles == expected)
            continue;
        wrong++;
        print_error("%s %s on %s: %llu cycles, expected %llu: %s\n", k->name, k->overrides,
                    machines[machine], (unsigned long long)r.cycles, (unsigned long long)expected,
                    k->on[machine].why);
    }
    assert_int_equal(wrong, 0);
}

/* Every kernel of the in-order machine is pinned on the other one, too, whatever its overrides. */
static void every_kernel_is_pinned_out_of_order(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof kernels / sizeof *kernels; n++) {
        bool is_pinned = false;
        for (size_t m = 0; m < sizeof kernels / sizeof *kernels; m++)
            is_pinned |= !strcmp(kernels[m].name, kernels[n].name) && kernels[m].on[WIDE].cycles;
        if (!is_pinned)
            fail_msg("%s has no cycles on %s", kernels[n].name, machines[WIDE]);
    }
}

static void skipping_idle_cycles_changes_nothing(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < MACHINES * sizeof kernels / sizeof *kernels; n++) {
        const struct kernel *k = &kernels[n / MACHINES];
        uint32_t machine = n % MACHINES;
        if (k->on[machine].cycles == NONE)
            continue;
        struct kernel_result skipped = run(k, machine, true), stepped = run(k, machine, false);
        if (memcmp(&skipped, &stepped, sizeof skipped))
            fail_msg("%s %s differs on %s", k->name, k->overrides, machines[machine]);
    }
}

/* A wait of N cycles is N times the slots of a cycle in the part that the derivations blame. */
static void lost_slots_have_the_right_name(void **state)
{
    (void)state;
    static const struct {
        uint32_t machine;
        const char *name, *overrides;
        enum cpi_part part;
        uint64_t least, most;
    } rows[] = {
        {SCALAR, "div_dep", "", PART_DEP_DIV, 2 * 19, 2 * 19},
        {SCALAR, "miss_memory", "", PART_DCACHE_MEM, 102, 102},
        {SCALAR, "miss_l2", "", PART_DCACHE_L2, 11, 11},
        {SCALAR, "miss_memory", "dtlb.entries=4 walker.walk_level=dram", PART_DTLB, 404, 404},
        {SCALAR, "miss_memory", "dtlb.entries=4 walker.walk_level=dram", PART_DCACHE_MEM, 102,
         102},
        {WIDE, "under_div", "", PART_DEP_DIV, 2 * 4 * 19, UINT64_MAX},
        {WIDE, "load_chase", "", PART_DCACHE_L1, 4 * 11, UINT64_MAX},
        {WIDE, "miss_memory_two", "", PART_DCACHE_MEM, 4 * 100, UINT64_MAX},
        {WIDE, "miss_memory_two", "core.units.int=alu;3 dtlb.entries=4", PART_DTLB, 4 * 100,
         UINT64_MAX},
        {WIDE, "forward_part", "", PART_FORWARD, 2, UINT64_MAX},
        {WIDE, "late_store", "", PART_ORDER, 2 * 4, UINT64_MAX},
        {WIDE, "branch_mispredicted", "", PART_MISPREDICT, 4 * 3, UINT64_MAX},
        {WIDE, "load_after_sync", "", PART_SERIAL, 1, UINT64_MAX},
    };
    uint32_t wrong = 0;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct kernel_result r =
            kernel_run_on(machines[rows[n].machine], rows[n].name, rows[n].overrides, true);
        uint64_t slots = r.parts[rows[n].part];
        if (slots >= rows[n].least && slots <= rows[n].most)
            continue;
        wrong++;
        print_error("%s %s: %llu slots of %s, at least %llu expected\n", rows[n].name,
                    rows[n].overrides, (unsigned long long)slots, cpi_part_name(rows[n].part),
                    (unsigned long long)rows[n].least);
    }
    assert_int_equal(wrong, 0);
}

/* What the touches of the kernels above have done in the caches, both passes together. */
static void touches_are_counted(void **state)
{
    (void)state;
    for (uint32_t machine = 0; machine < MACHINES; machine++) {
        struct kernel_result r = kernel_run_on(machines[machine], "touch_18", "", true);
        assert_int_equal(r.core.touches, 1); /* its page is new to the first pass */
        assert_int_equal(r.core.touches_dropped, 0);
        r = kernel_run_on(machines[machine], "touch_stream", "", true);
        assert_int_equal(r.core.touches, 0);
        r = kernel_run_on(machines[machine], "touch_busy", "", true);
        assert_int_equal(r.core.touches, 2);
        assert_int_equal(r.core.touches_dropped, 2);
        r = kernel_run_on(machines[machine], "touch_busy", "core.touch_busy=wait", true);
        assert_int_equal(r.core.touches, 2);
        assert_int_equal(r.core.touches_dropped, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernel_takes_its_cycles),
        cmocka_unit_test(every_kernel_is_pinned_out_of_order),
        cmocka_unit_test(skipping_idle_cycles_changes_nothing),
        cmocka_unit_test(lost_slots_have_the_right_name),
        cmocka_unit_test(touches_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
