#include "sim/out/h5_result.h"

#include "tests/unit/sim/out/h5_rig.h"

static void counters_above_two_to_the_53_are_exact(void **state)
{
    (void)state;
    struct err e = {0};
    struct sample s;
    sample_init(&s, 1);
    uint32_t n = stats_count(s.stats);
    uint64_t *values = xcalloc(n, sizeof *values);
    s.l2.hits = UINT64_MAX;
    s.core[0].instructions = (UINT64_C(1) << 53) + 1;
    stats_snapshot(s.stats, values);
    const struct result_phase whole = {"all", 0, 1, 0, 1, NULL, values};
    struct result *r = result_open("a.h5", false, &e);
    result_stats(r, s.stats, &whole, 1, 1, &(uint32_t){2});
    assert_true(result_close(r, RESULT_COMPLETE, &e));
    uint64_t *back = xcalloc(n, sizeof *back);
    read_u64("a.h5", "/stats/values", back, n);
    assert_memory_equal(back, values, n * sizeof *back);
    free(back);
    free(values);
    stats_destroy(s.stats);
}

static void phases_are_differences_of_snapshots(void **state)
{
    (void)state;
    sample_file("a.h5", 1, "l2.size=1MiB", 1, RESULT_COMPLETE);
    uint64_t values[26];
    read_u64("a.h5", "/stats/values", values, 26);
    assert_int_equal(values[0], 1000 * SAMPLE_INTERVALS / 3);
    assert_int_equal(values[13], 2000 * SAMPLE_INTERVALS / 3);
    uint64_t slots[6];
    read_u64("a.h5", "/cpi/slots", slots, 6);
    assert_int_equal(slots[0], values[2]); /* warmup, base */
    assert_int_equal(slots[3], values[13 + 2]);
}

static void intervals_cross_chunks_and_add_up(void **state)
{
    (void)state;
    sample_file("a.h5", 2, "l2.size=1MiB", 1, RESULT_COMPLETE);
    uint64_t *v = xcalloc(2 * SAMPLE_INTERVALS, sizeof *v), sum = 0;
    read_u64("a.h5", "/intervals/cpi.dcache", v, 2 * SAMPLE_INTERVALS);
    for (int i = 0; i < SAMPLE_INTERVALS; i++) {
        assert_int_equal(v[2 * i], 300 + 20 * (i % 5));
        assert_int_equal(v[2 * i + 1], 340 + 20 * (i % 5));
    }
    read_u64("a.h5", "/intervals/l2.misses", v, SAMPLE_INTERVALS); /* shared: no core dimension */
    for (int i = 0; i < SAMPLE_INTERVALS; i++)
        sum += v[i];
    assert_int_equal(sum, 2 * SAMPLE_INTERVALS);
    read_u64("a.h5", "/intervals/interval", v, SAMPLE_INTERVALS);
    assert_int_equal(v[SAMPLE_INTERVALS - 1], SAMPLE_INTERVALS - 1);
    free(v);
}

static void intervals_of_unknown_or_repeated_statistics_are_refused(void **state)
{
    (void)state;
    struct err e = {0}, d = {0};
    struct sample s;
    sample_init(&s, 1);
    static const char *const unknown[] = {"core.cycles", "l9.misses"};
    static const char *const twice[] = {"core.cycles", "core.cycles"};
    struct result *r = result_open("a.h5", false, &e);
    assert_false(result_intervals(r, s.stats, unknown, 2, 1, &e));
    assert_error(&e, "intervals: no statistic is named l9.misses");
    result_interval(r); /* harmless */
    result_abandon(r);
    r = result_open("a.h5", false, &d);
    assert_false(result_intervals(r, s.stats, twice, 2, 1, &d));
    assert_error(&d, "intervals: core.cycles is listed twice");
    result_abandon(r);
    stats_destroy(s.stats);
}

static void counting_before_the_first_interval_is_left_out(void **state)
{
    (void)state;
    struct err e = {0};
    struct sample s;
    uint64_t v[2];
    sample_init(&s, 1);
    sample_step(&s, 0);
    struct result *r = result_open("a.h5", false, &e);
    assert_true(result_intervals(r, s.stats, sample_columns, 1, 1, &e));
    sample_step(&s, 0);
    result_interval(r);
    result_interval(r); /* nothing counted: a row of zero */
    assert_true(result_close(r, RESULT_COMPLETE, &e));
    read_u64("a.h5", "/intervals/instructions", v, 2);
    assert_int_equal(v[0], 1000);
    assert_int_equal(v[1], 0);
    stats_destroy(s.stats);
}

static void an_empty_tree_makes_a_valid_file(void **state)
{
    (void)state;
    struct err e = {0};
    struct stats *s = stats_create();
    const struct result_phase whole = {"all", 0, 0, 0, 0, NULL, NULL};
    struct result *r = result_open("a.h5", false, &e);
    result_stats(r, s, &whole, 1, 1, &(uint32_t){1});
    assert_true(result_close(r, RESULT_COMPLETE, &e));
    assert_int_equal(system("h5dump a.h5 >/dev/null"), 0);
    stats_destroy(s);
}

static void a_broken_law_is_recorded(void **state)
{
    (void)state;
    struct err e = {0};
    struct sample s;
    sample_init(&s, 1);
    s.l2.hits = 3;
    s.l2.accesses = 5;
    uint64_t values[13];
    stats_snapshot(s.stats, values);
    const struct result_phase whole = {"all", 0, 0, 0, 0, NULL, values};
    struct result *r = result_open("a.h5", false, &e);
    result_stats(r, s.stats, &whole, 1, 1, &(uint32_t){1});
    assert_true(result_close(r, RESULT_FAILED, &e));
    assert_int_equal(system("h5dump -d /checks/held a.h5 | grep -q '(0): 0$'"), 0);
    assert_int_equal(system("h5dump -d /checks/left a.h5 | grep -q '(0): 3$'"), 0);
    assert_int_equal(system("h5dump -d /checks/right a.h5 | grep -q '(0): 5$'"), 0);
    stats_destroy(s.stats);
}

static herr_t check_dataset(hid_t root, const char *name, const H5O_info_t *info, void *data)
{
    unsigned *seen = data;
    if (info->type != H5O_TYPE_DATASET)
        return 0;
    ++*seen;
    hid_t set = H5Dopen2(root, name, H5P_DEFAULT), space = H5Dget_space(set);
    if (H5Aexists(set, "units") <= 0 || H5Aexists(set, "long_name") <= 0)
        fail_msg("%s has no units or long_name", name);
    int rank = H5Sget_simple_extent_ndims(space);
    bool table = !strcmp(name, "config/table");
    for (int i = 0; i < rank && !table && H5DSis_scale(set) <= 0; i++)
        if (H5DSget_num_scales(set, (unsigned)i) != 1)
            fail_msg("%s has no scale along dimension %d", name, i);
    if (info->ctime || info->mtime)
        fail_msg("%s has a time stamp", name);
    H5Sclose(space);
    H5Dclose(set);
    return 0;
}

static void every_dataset_has_units_name_and_scales_and_no_time(void **state)
{
    (void)state;
    unsigned seen = 0;
    sample_file("a.h5", 2, "l2.size=1MiB", 1, RESULT_COMPLETE);
    hid_t f = H5Fopen("a.h5", H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(H5Ovisit(f, H5_INDEX_NAME, H5_ITER_INC, check_dataset, &seen) >= 0);
    H5Fclose(f);
    assert_in_range(seen, 35, 60);
}

static void equal_runs_differ_under_meta_only(void **state)
{
    (void)state;
    sample_file("a.h5", 2, "l2.size=1MiB", 1, RESULT_COMPLETE);
    sample_file("b.h5", 2, "l2.size=1024KiB", 2, RESULT_COMPLETE);
    sample_file("c.h5", 2, "l2.size=2MiB", 1, RESULT_COMPLETE);
    assert_int_equal(system("h5diff --exclude-path /meta a.h5 b.h5"), 0);
    assert_int_not_equal(system("h5diff -q a.h5 b.h5"), 0);
    assert_int_not_equal(system("h5diff -q --exclude-path /meta a.h5 c.h5"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
        TEST(counters_above_two_to_the_53_are_exact),
        TEST(phases_are_differences_of_snapshots),
        TEST(intervals_cross_chunks_and_add_up),
        TEST(intervals_of_unknown_or_repeated_statistics_are_refused),
        TEST(counting_before_the_first_interval_is_left_out),
        TEST(an_empty_tree_makes_a_valid_file),
        TEST(a_broken_law_is_recorded),
        TEST(every_dataset_has_units_name_and_scales_and_no_time),
        TEST(equal_runs_differ_under_meta_only),
#undef TEST
    };
    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
