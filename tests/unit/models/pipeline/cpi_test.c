/* The CPI stack: names, levels, and the law. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/pipeline/cpi.h"

struct counted {
    uint64_t cycles;
};
static const struct stat_row counted_rows[] = {
    {"cycles", STAT_CYCLES, offsetof(struct counted, cycles), "cycles"}, STAT_END};

static bool law_holds(struct stats *s)
{
    uint64_t values[PART_COUNT + 1];
    assert_int_equal(stats_count(s), PART_COUNT + 1);
    assert_int_equal(stats_law_count(s), 1);
    stats_snapshot(s, values);
    return stats_law_check(s, 0, values).held;
}

static void every_part_counts_towards_width_times_cycles(void **state)
{
    (void)state;
    struct counted core = {.cycles = 10};
    struct cpi cpi = {0};
    struct stats *s = stats_create();
    stats_add(s, "core", counted_rows, &core);
    cpi_register(&cpi, s, "cpi", "core", 3);
    assert_false(law_holds(s));
    for (uint32_t n = 0; n < PART_COUNT; n++) {
        cpi.slots[n] = 30;
        assert_true(law_holds(s));
        cpi.slots[n] = 29;
        assert_false(law_holds(s));
        cpi.slots[n] = 0;
    }
    cpi.slots[PART_BASE] = 12;
    cpi.slots[PART_DRAIN] = 18;
    assert_true(law_holds(s));
    assert_int_equal(stats_find(s, "cpi.base"), 1);
    stats_destroy(s);
}

static void parts_have_names_of_their_own(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < PART_COUNT; n++) {
        assert_true(strlen(cpi_part_text(n)) > 0);
        for (uint32_t m = 0; m < n; m++)
            assert_string_not_equal(cpi_part_name(n), cpi_part_name(m));
    }
}

static void a_level_is_told_by_its_distance_and_the_memory_by_being_last(void **state)
{
    (void)state;
    assert_int_equal(cpi_data_level(1, 4), PART_DCACHE_L1);
    assert_int_equal(cpi_data_level(2, 4), PART_DCACHE_L2);
    assert_int_equal(cpi_data_level(3, 4), PART_DCACHE_L3);
    assert_int_equal(cpi_data_level(4, 4), PART_DCACHE_MEM);
    assert_int_equal(cpi_data_level(2, 2), PART_DCACHE_MEM);
    assert_int_equal(cpi_data_level(1, 1), PART_DCACHE_MEM);
    assert_int_equal(cpi_fetch_level(1, 3), PART_ICACHE_L1);
    assert_int_equal(cpi_fetch_level(2, 3), PART_ICACHE_L2);
    assert_int_equal(cpi_fetch_level(3, 3), PART_ICACHE_MEM);
}

static void a_result_is_waited_for_under_the_name_of_its_unit(void **state)
{
    (void)state;
    assert_int_equal(cpi_dependency[CLASS_INT], PART_DEP_FIXED);
    assert_int_equal(cpi_dependency[CLASS_MULD], PART_DEP_MUL);
    assert_int_equal(cpi_dependency[CLASS_DIVW], PART_DEP_DIV);
    assert_int_equal(cpi_dependency[CLASS_CRL], PART_DEP_CR);
    assert_int_equal(cpi_dependency[CLASS_MTSPR], PART_DEP_SPR);
    assert_int_equal(cpi_dependency[CLASS_BR], PART_DEP_BRANCH);
    assert_int_equal(cpi_dependency[CLASS_STCX], PART_DEP_MEM);
    assert_int_equal(cpi_dependency[CLASS_FADD], PART_DEP_FP);
    assert_int_equal(cpi_dependency[CLASS_FSQRT], PART_DEP_FPDIV);
    assert_int_equal(cpi_dependency[CLASS_VPERM], PART_DEP_VEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_counts_towards_width_times_cycles),
        cmocka_unit_test(parts_have_names_of_their_own),
        cmocka_unit_test(a_level_is_told_by_its_distance_and_the_memory_by_being_last),
        cmocka_unit_test(a_result_is_waited_for_under_the_name_of_its_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
