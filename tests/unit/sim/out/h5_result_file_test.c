/* The life of a result file: what there is before, during and after a run, and
 * when the disk is full. */
#include <sys/resource.h>

#include "tests/unit/sim/out/h5_rig.h"

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
    assert_error(&e, "no/dir/a.h5.part: cannot create: No such file or directory: its folder has "
                     "to be there (mkdir -p)");
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
    assert_error(&d, "a.h5.part: another run is writing this result; -o FILE writes elsewhere");
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
        TEST(a_full_disk_is_one_error_and_leaves_nothing),
        TEST(the_first_error_is_kept_and_later_calls_are_harmless),
#undef TEST
    };
    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
