/* From a sweep file to its points. */
#include "sim/sweep/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/plan_test.XXXXXX";

static void write_plan(const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* All points as "case:value,value;" or the error without the file's name. */
static void expect(const char *text, const char *wanted)
{
    struct plan p;
    struct err e = {0};
    struct combination *list = NULL;
    uint32_t count = 0;
    char all[4000] = "";
    write_plan(text);
    if (plan_read(&p, path, &e) && plan_expand(&p, &list, &count, &e))
        for (uint32_t n = 0; n < count; n++) {
            strcat(strcat(all, p.cases[list[n].case_number].name), ":");
            for (uint32_t a = 0; a < p.axis_count; a++) {
                strcat(all, a ? "," : "");
                strcat(all, p.axes[a].values[list[n].levels[a]]);
            }
            strcat(all, ";");
        }
    combinations_free(list, count);
    plan_free(&p);
    size_t prefix = !strncmp(e.text, path, strlen(path)) ? strlen(path) : 0;
    assert_string_equal(e.status ? e.text + prefix : all, wanted);
}

static void the_last_axis_is_the_fastest(void **state)
{
    (void)state;
    expect("[sweep]\nconfig = x.ini\na.b = 1, 2\nc.d.e = 8 .. 16 + 8\n",
           ":1,8;:1,16;:2,8;:2,16;");
}

static void workloads_are_the_slowest(void **state)
{
    (void)state;
    expect("[sweep]\nconfig = x.ini\na.b = 1, 2\n[workload.one]\nprogram = p\n[workload.two]\n"
           "program = q\n",
           "one:1;one:2;two:1;two:2;");
}

static void zipped_axes_advance_together(void **state)
{
    (void)state;
    expect("[sweep]\nconfig = x.ini\nzip = a.b e.f\na.b = 1, 2\nc.d = x, y\ne.f = 3, 4\n",
           ":1,x,3;:1,y,3;:2,x,4;:2,y,4;");
    expect("[sweep]\nconfig = x.ini\nzip = a.b c.d\na.b = 1, 2\nc.d = x\n",
           ":3: [sweep] zip = a.b c.d: a.b has 2 values, c.d has 1");
}

static void rules_leave_points_out(void **state)
{
    (void)state;
    expect("[sweep]\nconfig = x.ini\nexclude = a.b >= 512KiB & c.d = x | c.d = z\n"
           "a.b = 256KiB, 1MiB\nc.d = x, y, z\n",
           ":256KiB,x;:256KiB,y;:1MiB,y;");
    expect("[sweep]\nconfig = x.ini\nexclude = a.b < c.d\na.b = 1, 2\nc.d = 1, 2\n",
           ":1,1;:2,1;:2,2;");
    expect("[sweep]\nconfig = x.ini\nexclude = workload = two & a.b != 1\na.b = 1, 2\n"
           "[workload.one]\n[workload.two]\n", "one:1;one:2;two:1;");
    expect("[sweep]\nconfig = x.ini\nexclude = a.b > 0\na.b = 1, 2\n",
           ":3: [sweep] exclude = a.b > 0: no point is left");
}

static void mistakes_are_named(void **state)
{
    (void)state;
    expect("[sweep]\na.b = 1\n",
           ": [sweep] config is missing: the machine to start from");
    expect("[sweep]\nconfig = x.ini\na.b = 1\na.b = 2\n", ":4: a.b: twice; the first is in line 3");
    expect("[sweep]\nconfig = x.ini\nzip = a.c\na.b = 1\n",
           ":3: [sweep] zip = a.c: a.c is no axis of this sweep; did you mean a.b?");
    expect("[sweep]\nconfig = x.ini\nexclude = a.c = 1\na.b = 1\n",
           ":3: [sweep] exclude = a.c = 1: a.c is no axis of this sweep, nor `workload`");
    expect("[sweep]\nconfig = x.ini\nexclude = a.b = 4KiB\na.b = 1KiB, 2048\n",
           ":3: [sweep] exclude = a.b = 4KiB: a.b has no value 4KiB");
    expect("[sweep]\nconfig = x.ini\nexclude = a.b = 2KiB\na.b = 1KiB, 2048\n", ":1KiB;");
    expect("[sweep]\nconfig = x.ini\nexclude = a.b == 1\na.b = 1, 2\n",
           ":3: [sweep] exclude = a.b == 1: `a.b == 1` is no comparison; write AXIS = VALUE with "
           "=, !=, <, <=, > or >=");
    expect("[sweep]\nconfig = x.ini\nexclude = workload = c\na.b = 1, 2\n[workload.b]\n",
           ":3: [sweep] exclude = workload = c: workload has no value c");
    expect("[sweep]\nconfig = x.ini\npoints = 3\na.b = 1, 2\n",
           ":3: [sweep] points = 3: without effect: design = product runs all combinations; "
           "sobol, latin and random draw some");
    expect("[l2]\nsize = 1\n",
           ":1: [l2]: a sweep file has [sweep] and [workload.NAME]; a key of the machine is an "
           "axis: l2.KEY = VALUE in [sweep]");
    expect("[sweep]\nconfig = x.ini\ndesign = latin\na.b = 1, 2\n",
           ":3: [sweep] design = latin: needs points = N, how many to draw");
}

static void an_unknown_key_of_the_sweep_itself_is_refused(void **state)
{
    (void)state;
    struct plan p;
    struct err e = {0};
    write_plan("[sweep]\nconfig = x.ini\nretries = 3\n");
    assert_false(plan_read(&p, path, &e));
    assert_non_null(strstr(e.text, ":3: [sweep] retries"));
    plan_free(&p);
}

static void a_design_draws_its_points_for_each_workload(void **state)
{
    (void)state;
    struct plan p;
    struct err e = {0};
    struct combination *list = NULL;
    uint32_t count = 0;
    write_plan("[sweep]\nconfig = x.ini\ndesign = sobol\npoints = 10\na.b = 1 .. 64 * 2\n"
               "c.d = 1 .. 9 + 1\n[workload.one]\n[workload.two]\n");
    assert_true(plan_read(&p, path, &e) && plan_expand(&p, &list, &count, &e));
    assert_int_equal(count, 20);
    for (uint32_t n = 0; n < 10; n++)
        assert_memory_equal(list[n].levels, list[n + 10].levels, 2 * sizeof(uint32_t));
    combinations_free(list, count);
    plan_free(&p);
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_axis_is_the_fastest),
        cmocka_unit_test(workloads_are_the_slowest),
        cmocka_unit_test(zipped_axes_advance_together),
        cmocka_unit_test(rules_leave_points_out),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(an_unknown_key_of_the_sweep_itself_is_refused),
        cmocka_unit_test(a_design_draws_its_points_for_each_workload),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
