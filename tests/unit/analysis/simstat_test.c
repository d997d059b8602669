/* simstat, run as a program on files made by the writer. */
#include <libgen.h>
#include <limits.h>

#include "tests/unit/sim/out/sample.h"

static char program[PATH_MAX]; /* BUILD/simstat, seen from BUILD/tests/unit/analysis/simstat_test */
static char output[2000000];

static int find_program(void **state)
{
    char self[PATH_MAX] = "";
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return -1;
    for (int up = 0; up < 4; up++)
        dirname(self);
    snprintf(program, sizeof program, "%.*s/simstat", (int)sizeof program - 20, self);
    if (enter_directory(state))
        return -1;
    sample_file("a.h5", 1, "l2.size=1MiB", 1, RESULT_COMPLETE);
    sample_file("b.h5", 1, "l2.size=2MiB", 1, RESULT_COMPLETE);
    sample_file("two.h5", 2, "l2.size=1MiB", 2, RESULT_COMPLETE);
    sample_file("limit.h5", 1, "l2.size=1MiB", 1, RESULT_LIMIT);
    return 0;
}

/* Runs simstat with stderr behind stdout in `output`; its exit status. */
static int simstat(const char *arguments)
{
    char *command = xasprintf("'%s' %s 2>&1", program, arguments);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    size_t n = fread(output, 1, sizeof output - 1, f);
    output[n] = '\0';
    free(command);
    return WEXITSTATUS(pclose(f));
}

static void assert_output_has(const char *part)
{
    if (!strstr(output, part))
        fail_msg("'%s' is not in:\n%s", part, output);
}

static void fails(const char *arguments, const char *message)
{
    assert_int_equal(simstat(arguments), EXIT_USER);
    assert_output_has(message);
}

static double live_value(void *context, const char *full, bool *present)
{
    struct sample *s = context;
    int32_t index = stats_find(s->stats, full);
    bool host = !strcmp(full, "meta.host_seconds");
    *present = host || index >= 0;
    return host ? s->cores : index < 0 ? 0 : (double)*stats_get(s->stats, (uint32_t)index).value;
}

/* The counters of a finished run, rendered as simrun does it. */
static void assert_same_summary(const char *file, uint32_t cores)
{
    static const char *const parts[] = {"base", "branch", "dcache"};
    struct sample s;
    char *expected = NULL;
    size_t size;
    sample_init(&s, cores);
    for (uint32_t n = 0; n < SAMPLE_INTERVALS; n++)
        sample_step(&s, n);
    FILE *f = open_memstream(&expected, &size);
    summary_print(f,
                  &(struct summary_source){&s, live_value, "matmul", "complete",
                                            "all 2 together", parts, 3, cores});
    fclose(f);
    char *arguments = xasprintf("summary %s", file);
    assert_int_equal(simstat(arguments), 0);
    assert_string_equal(output, expected);
    free(arguments);
    free(expected);
    stats_destroy(s.stats);
}

static void summary_is_what_simrun_printed(void **state)
{
    (void)state;
    assert_same_summary("a.h5", 1);
    assert_same_summary("two.h5", 2);
}

static void summary_has_every_row(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "program                                     matmul\n",
        "instructions                               3000000\n",
        "  base                            0.5000     68.0  ###########################\n",
        "  total                           0.7350    100.0\n",
        "L1D             900000           30000            3.33          10.000\n",
        "branch MPKI                                  5.000\n",
        "host MIPS                                    3.000\n",
    };
    assert_int_equal(simstat("summary a.h5"), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_output_has(rows[i]);
    assert_null(strstr(output, "memory reads")); /* the sample has no memory: left out */
    assert_null(strstr(output, "L3"));
    assert_null(strstr(output, "nan"));
}

static void a_phase_can_be_chosen(void **state)
{
    (void)state;
    assert_int_equal(simstat("summary --phase warmup a.h5"), 0);
    assert_output_has("instructions                               1000000\n");
    fails("summary --phase boot a.h5", "simstat: a.h5: phases of this run: warmup roi\n"
                                       "simstat: a.h5: no phase is named boot\n");
}

static void an_incomplete_result_says_so_first(void **state)
{
    (void)state;
    static const char first[] = "limit.h5: status limit: the run did not end by itself\n";
    static const char *const verbs[] = {"summary limit.h5", "cpi limit.h5", "intervals limit.h5",
                                        "compare limit.h5 a.h5"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        assert_int_equal(simstat(verbs[i]), 0);
        assert_int_equal(strncmp(output, first, sizeof first - 1), 0);
    }
}

static void a_part_file_is_read_while_it_is_written(void **state)
{
    (void)state;
    struct err e = {0};
    struct sample s;
    sample_init(&s, 1);
    struct result *r = result_open("run.h5", false, &e);
    assert_true(result_intervals(r, s.stats, sample_columns, SAMPLE_COLUMNS, 1, &e));
    for (uint32_t n = 0; n < 1100; n++) {
        sample_step(&s, n);
        result_interval(r);
    }
    assert_int_equal(simstat("summary run.h5.part"), 0);
    assert_output_has("run.h5.part: status running: ");
    assert_int_equal(simstat("intervals --columns ipc run.h5.part"), 0);
    assert_output_has("    1023 "); /* the chunk that was written; the rest is in memory */
    fails("cpi run.h5.part", "has no CPI stack");
    result_abandon(r);
    stats_destroy(s.stats);
}

static void cpi_shows_each_core_or_one(void **state)
{
    (void)state;
    assert_int_equal(simstat("cpi two.h5"), 0);
    assert_output_has("core 0: 3000000 instructions, 2204970 cycles, CPI 0.7350\n");
    assert_output_has(
        "  dcache                           1140000        0.1900     25.2  ##########");
    assert_int_equal(simstat("cpi --core 1 --csv two.h5"), 0);
    assert_int_equal(strncmp(output, "core,part,slots,cycles_per_instruction,percent\n1,base,", 54),
                     0);
    fails("cpi --core 2 two.h5", "simstat: two.h5: has no core 2; its cores are 0 to 1\n");
}

static void intervals_prints_chosen_columns(void **state)
{
    (void)state;
    assert_int_equal(simstat("intervals --csv --columns core.cycles,ipc,l2.misses two.h5"), 0);
    assert_int_equal(strncmp(output,
                             "interval,core.cycles.0,core.cycles.1,ipc.0,ipc.1,l2.misses\n"
                             "0,700,720,1.42857143,1.38888889,2\n",
                             90),
                     0);
    assert_int_equal(simstat("intervals --core 1 --columns cycles two.h5"), 0);
    assert_output_has("interval        cycles.1\n       0             720\n");
    assert_output_has("\n    2999 ");
    assert_int_equal(simstat("intervals a.h5"), 0);
    assert_output_has("instructions          cycles             ipc ");
    assert_null(strstr(output, "cpi.base"));
    assert_int_equal(simstat("intervals --all a.h5"), 0);
    assert_output_has(" cpi.base ");
    fails("intervals --columns foo a.h5", "simstat: a.h5: no column is named foo\n");
    assert_output_has("columns of this run: ipc, cpi.base, ");
}

static void compare_names_what_differs(void **state)
{
    (void)state;
    assert_int_equal(simstat("compare a.h5 b.h5"), 0);
    assert_output_has("  l2.size                      1MiB (command line)                  "
                      "2MiB (command line)\n");
    assert_null(strstr(output, "replacement"));
    assert_output_has("statistics\n");
    assert_output_has("  the same\n");
    assert_int_equal(simstat("compare --phase roi a.h5 two.h5"), 0);
    assert_output_has("  l2.misses                                   2000                4000    "
                      "+100.00%\n");
    assert_output_has("  core.instructions                        2000000            (absent)\n");
    assert_output_has("  dcache                            0.1700");
    assert_int_equal(simstat("compare --min 101 a.h5 two.h5"), 0);
    assert_null(strstr(output, "+100.00%"));
    assert_int_equal(simstat("compare --all a.h5 b.h5"), 0);
    assert_output_has("l1d.hits");
}

static void mistakes_end_with_125_and_say_what_is_allowed(void **state)
{
    (void)state;
    write_text("text.h5", "not HDF5");
    fails("", "simstat: the verb is missing; allowed: summary; cpi; branches; loads; ");
    fails("sumary a.h5", "simstat: sumary: unknown verb; allowed: summary; cpi; ");
    fails("summary", "simstat: summary takes 1 result file, not 0\n");
    fails("compare a.h5", "simstat: compare takes 2 result files, not 1\n");
    fails("summary --frob a.h5", "simstat: --frob: unknown option; ");
    fails("summary a.h5 --phase", "simstat: --phase: the value is missing; ");
    fails("cpi --core x a.h5", "simstat: --core x: not the number of a core; ");
    fails("compare --min x a.h5 b.h5", "simstat: --min x: not a percentage; ");
    fails("summary no.h5", "simstat: no.h5: cannot read: No such file or directory\n");
    fails("summary text.h5", "simstat: text.h5: not a result file: HDF5 cannot open it\n");
    fails("summary .", "not a result file");
    fails("summary a.h5 >/dev/full", "");
}

static void help_lists_every_verb(void **state)
{
    (void)state;
    assert_int_equal(simstat("--help"), 0);
    assert_output_has("  compare    A.h5 B.h5     configuration, statistics and CPI of two runs\n");
    assert_output_has("  fit        RESULT.h5...  what each kind");
    assert_output_has("--columns");
}

/* What a crash of the host or a copy cut short leaves. (Flipped bits are beyond us: HDF5 1.10
 * itself may crash on them.) */
static void truncated_files_are_refused(void **state)
{
    (void)state;
    for (long bytes = 0; bytes < 40000; bytes += 1009) {
        assert_int_equal(system("cp a.h5 cut.h5"), 0);
        assert_int_equal(truncate("cut.h5", bytes), 0);
        fails("summary cut.h5", bytes ? "simstat: cut.h5: cut off or damaged: it begins as a "
                                     : "simstat: cut.h5: not a result file: HDF5 cannot open it\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summary_is_what_simrun_printed),
        cmocka_unit_test(summary_has_every_row),
        cmocka_unit_test(a_phase_can_be_chosen),
        cmocka_unit_test(an_incomplete_result_says_so_first),
        cmocka_unit_test(a_part_file_is_read_while_it_is_written),
        cmocka_unit_test(cpi_shows_each_core_or_one),
        cmocka_unit_test(intervals_prints_chosen_columns),
        cmocka_unit_test(compare_names_what_differs),
        cmocka_unit_test(mistakes_end_with_125_and_say_what_is_allowed),
        cmocka_unit_test(help_lists_every_verb),
        cmocka_unit_test(truncated_files_are_refused),
    };
    return cmocka_run_group_tests(tests, find_program, leave_directory);
}
