/* Makes files with the writer and has tests/system/simresult_check.py look at them through the
 * Python modules. */
#include <limits.h>

#include "tests/unit/sim/out/sample.h"

static char root[PATH_MAX]; /* of the source tree, where `make` runs the tests */

static int make_files(void **state)
{
    struct err e = {0};
    if (!getcwd(root, sizeof root) || enter_directory(state))
        return -1;
    sample_file("a.h5", 1, "l2.size=1MiB", 1, RESULT_COMPLETE);
    sample_file("two.h5", 2, "l2.size=1MiB", 2, RESULT_COMPLETE);
    sample_file("limit.h5", 1, "l2.size=1MiB", 1, RESULT_LIMIT);
    return result_close(result_open("empty.h5", false, &e), RESULT_FAILED, &e) ? 0 : -1;
}

static void the_python_modules_read_what_the_writer_wrote(void **state)
{
    (void)state;
    if (system("/usr/bin/python3 -c 'import h5py, matplotlib' 2>/dev/null"))
        skip();
    char *command = xasprintf(
        "/usr/bin/python3 '%s/tests/system/simresult_check.py' '%s/analysis' >&2", root, root);
    int status = system(command);
    free(command);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_python_modules_read_what_the_writer_wrote),
    };
    return cmocka_run_group_tests(tests, make_files, leave_directory);
}
