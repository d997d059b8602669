#include "sim/out/h5_result.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/unit/sim/out/sample.h"

static bool exists(const char *path)
{
    struct stat st;
    return !lstat(path, &st);
}

static int fresh(void **state)
{
    (void)state;
    return system("rm -rf ./*.h5 ./*.part locked stderr");
}

static void read_u64(const char *file, const char *path, uint64_t *values, size_t count)
{
    hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t set = H5Dopen2(f, path, H5P_DEFAULT);
    assert_true(set >= 0);
    hid_t space = H5Dget_space(set), type = H5Dget_type(set);
    assert_true(H5Tequal(type, H5T_NATIVE_UINT64) > 0);
    assert_int_equal(H5Sget_simple_extent_npoints(space), count);
    assert_true(H5Dread(set, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(set);
    H5Fclose(f);
}

/* A text attribute of an object; the caller frees it. */
static char *attribute(const char *file, const char *object, const char *name)
{
    char *text = NULL;
    hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t a = H5Aopen_by_name(f, object, name, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(a >= 0);
    hid_t type = H5Aget_type(a);
    assert_true(H5Aread(a, type, &text) >= 0);
    H5Tclose(type);
    H5Aclose(a);
    H5Fclose(f);
    return text;
}

static void assert_attribute(const char *file, const char *object, const char *name,
                             const char *expected)
{
    char *text = attribute(file, object, name);
    assert_string_equal(text, expected);
    H5free_memory(text);
}

static void an_open_result_has_only_a_part_file(void **state)
{
    (void)state;
    struct err e = {0};
    struct result *r = result_open("a.h5", false, &e);
    assert_non_null(r);
    assert_true(exists("a.h5.part"));
    assert_false(exists("a.h5"));
    assert_true(result_close(r, RESULT_COMPLETE, &e));
    assert_false(exists("a.h5.part"));
    assert_true(exists("a.h5"));
    assert_attribute("a.h5", "/", "status", "complete");
    assert_attribute("a.h5", "/", "format", RESULT_FORMAT);
}

static void the_part_file_can_be_read_and_says_running(void **state)
{
    (void)state;
    struct err e = {0};
    struct result *r = result_open("a.h5", false, &e);
    assert_int_equal(system("HDF5_USE_FILE_LOCKING=FALSE h5dump -a /status a.h5.part | "
                            "grep -q running"),
                     0);
    result_abandon(r);
}

static void every_status_has_its_word(void **state)
{
    (void)state;
    static const char *const words[] = {"complete", "limit", "killed", "failed"};
    for (int i = 0; i < RESULT_STATUS_COUNT; i++) {
        struct err e = {0};
        struct result *r = result_open("a.h5", true, &e);
        assert_true(result_close(r, (enum result_status)i, &e));
        assert_attribute("a.h5", "/", "status", words[i]);
    }
}

static void an_existing_file_is_refused_before_the_run(void **state)
{
    (void)state;
    struct err e = {0};
    write_text("a.h5", "precious");
    assert_null(result_open("a.h5", false, &e));
    assert_error(&e, "a.h5: exists already; --force overwrites it, -o FILE writes elsewhere");
    assert_false(exists("a.h5.part"));
}

static void force_replaces_the_file_only_at_the_end(void **state)
{
    (void)state;
    struct err e = {0};
    write_text("a.h5", "old");
    struct result *r = result_open("a.h5", true, &e);
    assert_int_equal(system("grep -q old a.h5"), 0);
    assert_true(result_close(r, RESULT_COMPLETE, &e));
    assert_attribute("a.h5", "/", "status", "complete");
}

static void a_file_that_appears_during_the_run_is_kept(void **state)
{
    (void)state;
    struct err e = {0};
    struct result *r = result_open("a.h5", false, &e);
    write_text("a.h5", "precious");
    assert_false(result_close(r, RESULT_COMPLETE, &e));
    assert_error(&e, "a.h5.part: cannot rename to a.h5: File exists; no result was kept");
    assert_int_equal(system("grep -q precious a.h5"), 0);
    assert_false(exists("a.h5.part"));
}

static void bad_places_are_refused_before_the_run(void **state)
{
    (void)state;
    struct err e = {0}, d = {0}, c = {0}, b = {0};
    assert_null(result_open("no/dir/a.h5", false, &e));
    assert_error(&e, "no/dir/a.h5.part: cannot create: No such file or directory");
    assert_null(result_open("/tmp", true, &d));
    assert_error(&d, "/tmp: is a directory; the result is a file");
    assert_null(result_open("/dev/null", true, &c));
    assert_error(&c, "/dev/null: not a regular file; it would be replaced");
    assert_null(result_open("", false, &b));
    assert_error(&b, "the name of the result file is empty");
}

static void a_directory_without_permission_is_refused(void **state)
{
    (void)state;
    struct err e = {0};
    if (!geteuid())
        skip(); /* root may write anywhere */
    assert_int_equal(mkdir("locked", 0500), 0);
    assert_null(result_open("locked/a.h5", false, &e));
    assert_error(&e, "locked/a.h5.part: cannot create: Permission denied");
}

static void two_runs_cannot_write_one_result(void **state)
{
    (void)state;
    struct err e = {0}, d = {0};
    int status;
    struct result *r = result_open("a.h5", false, &e);
    assert_null(result_open("a.h5", true, &d));
    assert_error(&d, "a.h5.part: another run is writing this result");
    fflush(NULL);
    pid_t child = fork(); /* another process is refused too */
    if (!child) {
        int fd = open("a.h5.part", O_RDWR);
        struct err x = {0};
        close(fd);
        _exit(result_open("a.h5", true, &x) ? 1 : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(result_close(r, RESULT_COMPLETE, &e));
    assert_attribute("a.h5", "/", "status", "complete");
}

static void the_part_file_of_a_killed_run_is_replaced(void **state)
{
    (void)state;
    struct err e = {0};
    write_text("a.h5.part", "rubbish");
    struct result *r = result_open("a.h5", false, &e);
    assert_non_null(r);
    assert_true(result_close(r, RESULT_COMPLETE, &e));
}

static void an_abandoned_result_leaves_nothing(void **state)
{
    (void)state;
    struct err e = {0};
    result_abandon(result_open("a.h5", false, &e));
    assert_false(exists("a.h5"));
    assert_false(exists("a.h5.part"));
    result_abandon(NULL);
}

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

/* A file size limit fails each write as a full disk does. Runs in a child, whose stderr must stay
 * empty and whose exit (with HDF5's own) must be clean. */
static void full_disk_after(rlim_t bytes, bool late)
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        struct err e = {0};
        struct sample s;
        const struct rlimit small = {bytes, bytes};
        int out = open("stderr", O_RDWR | O_CREAT | O_TRUNC, 0600);
        dup2(out, 1);
        dup2(out, 2);
        sample_init(&s, 2);
        if (!late)
            setrlimit(RLIMIT_FSIZE, &small);
        struct result *r = result_open("full.h5", false, &e);
        if (r) {
            sample_write(r, &s, "l2.size=1MiB", 1);
            setrlimit(RLIMIT_FSIZE, &small);
            if (result_close(r, RESULT_COMPLETE, &e))
                exit(2);
        }
        exit(e.status == EXIT_USER && strstr(e.text, "full.h5.part: cannot write ") &&
                     strstr(e.text, "File too large")
                 ? 0
                 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (status)
        fail_msg("limit %lu: status %d", (unsigned long)bytes, status);
    assert_int_equal(system("test ! -s stderr"), 0);
    assert_false(exists("full.h5"));
    assert_false(exists("full.h5.part"));
}

static void a_full_disk_is_one_error_and_leaves_nothing(void **state)
{
    (void)state;
    struct stat st;
    sample_file("whole.h5", 2, "l2.size=1MiB", 1, RESULT_COMPLETE);
    assert_int_equal(stat("whole.h5", &st), 0);
    assert_in_range(st.st_size, 10000, 1000000);
    for (rlim_t bytes = 0; bytes < (rlim_t)st.st_size; bytes += 1500)
        full_disk_after(bytes, false);
    for (rlim_t bytes = 0; bytes < (rlim_t)st.st_size / 2; bytes += 5000)
        full_disk_after(bytes, true);
}

static void the_first_error_is_kept_and_later_calls_are_harmless(void **state)
{
    (void)state;
    struct err e = {0};
    struct sample s;
    sample_init(&s, 1);
    struct result *r = result_open("a.h5", false, &e);
    assert_null(result_error(r));
    result_meta_u64(r, "seed", 1, "1", "seed");
    result_meta_u64(r, "seed", 1, "1", "seed"); /* twice: refused by HDF5 */
    const struct err *first = result_error(r);
    assert_non_null(first);
    assert_error_has(first, "a.h5.part: cannot write /meta/seed: HDF5: ");
    sample_write(r, &s, "l2.size=1MiB", 1);
    assert_false(result_close(r, RESULT_COMPLETE, &e));
    assert_error_has(&e, "cannot write /meta/seed");
    assert_false(exists("a.h5"));
    stats_destroy(s.stats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, fresh)
        TEST(an_open_result_has_only_a_part_file),
        TEST(the_part_file_can_be_read_and_says_running),
        TEST(every_status_has_its_word),
        TEST(an_existing_file_is_refused_before_the_run),
        TEST(force_replaces_the_file_only_at_the_end),
        TEST(a_file_that_appears_during_the_run_is_kept),
        TEST(bad_places_are_refused_before_the_run),
        TEST(a_directory_without_permission_is_refused),
        TEST(two_runs_cannot_write_one_result),
        TEST(the_part_file_of_a_killed_run_is_replaced),
        TEST(an_abandoned_result_leaves_nothing),
        TEST(counters_above_two_to_the_53_are_exact),
        TEST(phases_are_differences_of_snapshots),
        TEST(intervals_cross_chunks_and_add_up),
        TEST(intervals_of_unknown_or_repeated_statistics_are_refused),
        TEST(counting_before_the_first_interval_is_left_out),
        TEST(an_empty_tree_makes_a_valid_file),
        TEST(a_broken_law_is_recorded),
        TEST(every_dataset_has_units_name_and_scales_and_no_time),
        TEST(equal_runs_differ_under_meta_only),
        TEST(a_full_disk_is_one_error_and_leaves_nothing),
        TEST(the_first_error_is_kept_and_later_calls_are_harmless),
#undef TEST
    };
    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
