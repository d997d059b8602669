/* A scratch tree: out/secret outside, root/ and sys/ as the two roots. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/base/roots.h"

struct tree {
    char top[64];
    struct roots r;
};

static void make_file(const char *path)
{
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    close(fd);
}

static int setup(void **state)
{
    struct tree *t = calloc(1, sizeof *t);
    strcpy(t->top, "/tmp/rootsXXXXXX");
    assert_non_null(mkdtemp(t->top));
    assert_int_equal(chdir(t->top), 0);
    assert_int_equal(mkdir("out", 0700) | mkdir("root", 0700) | mkdir("sys", 0700), 0);
    assert_int_equal(mkdir("root/etc", 0700) | mkdir("root/lib", 0700) | mkdir("sys/lib", 0700), 0);
    make_file("out/secret");
    make_file("root/etc/file");
    make_file("root/lib/both");
    make_file("sys/lib/both");
    assert_int_equal(symlink("/etc", "root/absolute"), 0);
    assert_int_equal(symlink("../../../out", "root/etc/up"), 0);
    assert_int_equal(symlink("etc/../absolute/file", "root/chain"), 0);
    assert_int_equal(symlink("loop", "root/loop"), 0);
    assert_int_equal(symlink("/etc/new", "root/dangling"), 0);
    t->r = ROOTS_NONE;
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    struct tree *t = *state;
    char command[128];
    roots_close(&t->r);
    snprintf(command, sizeof command, "rm -rf %s", t->top);
    assert_int_equal(chdir("/") | system(command), 0);
    free(t);
    return 0;
}

static void confine(struct tree *t, const char *root, const char *sysroot)
{
    struct err e = {0};
    if (!roots_open(&t->r, root, sysroot, &e))
        fail_msg("%s", e.text);
}

static void assert_found(struct tree *t, const char *path, bool follow, const char *expected)
{
    char text[PATH_MAX];
    int dirfd, r = roots_find(&t->r, path, follow, &dirfd, text);
    if (r < 0)
        fail_msg("%s: %s", path, strerror(-r));
    assert_int_equal(dirfd, t->r.root_fd);
    assert_string_equal(text, expected);
}

static void assert_not_found(struct tree *t, const char *path, int why)
{
    char text[PATH_MAX];
    int dirfd;
    assert_int_equal(roots_find(&t->r, path, true, &dirfd, text), -why);
}

static void parents_of_the_root_are_the_root(void **state)
{
    confine(*state, "root", NULL);
    assert_found(*state, "/", true, ".");
    assert_found(*state, "/../../..", true, ".");
    assert_found(*state, "/../etc/../../etc/./file", true, "etc/file");
    assert_not_found(*state, "/../out/secret", ENOENT);
}

static void links_lead_to_places_below_the_root(void **state)
{
    confine(*state, "root", NULL);
    assert_found(*state, "/absolute/file", true, "etc/file");
    assert_found(*state, "/chain", true, "etc/file");
    assert_not_found(*state, "/etc/up/secret", ENOENT);
    assert_found(*state, "/etc/up", true, "out"); /* could be made there, not outside */
    assert_not_found(*state, "/loop", ELOOP);
}

static void the_last_link_is_followed_on_demand_and_before_a_slash(void **state)
{
    confine(*state, "root", NULL);
    assert_found(*state, "/absolute", false, "absolute");
    assert_found(*state, "/absolute", true, "etc");
    assert_found(*state, "/absolute/", false, "etc/");
    assert_found(*state, "/dangling", true, "etc/new");
}

static void only_the_last_name_may_be_new_and_files_have_nothing_below(void **state)
{
    confine(*state, "root", NULL);
    assert_found(*state, "/etc/new", true, "etc/new");
    assert_not_found(*state, "/new/new", ENOENT);
    assert_not_found(*state, "/etc/file/x", ENOTDIR);
    assert_not_found(*state, "/etc/file/..", ENOTDIR);
}

static void the_root_directory_itself_is_not_the_sysroots(void **state)
{
    struct tree *t = *state;
    char text[PATH_MAX];
    int dirfd;
    confine(t, NULL, "root");
    assert_int_equal(roots_find(&t->r, "/", true, &dirfd, text), 0);
    assert_int_equal(dirfd, AT_FDCWD);
    assert_string_equal(text, "/");
}

static void a_sysroot_comes_before_the_root_and_the_host(void **state)
{
    struct tree *t = *state;
    char text[PATH_MAX];
    int dirfd;
    confine(t, NULL, "sys");
    assert_int_equal(roots_find(&t->r, "/lib/both", true, &dirfd, text), 0);
    assert_int_equal(dirfd, t->r.sysroot_fd);
    assert_int_equal(roots_find(&t->r, "/lib/none", true, &dirfd, text), 0);
    assert_int_equal(dirfd, AT_FDCWD);
    assert_string_equal(text, "/lib/none");
    roots_close(&t->r);
    confine(t, "root", "sys");
    assert_found(t, "/lib/none", true, "lib/none");
    assert_int_equal(roots_find(&t->r, "/lib/both", true, &dirfd, text), 0);
    assert_int_equal(dirfd, t->r.sysroot_fd);
}

static void names_are_translated_both_ways(void **state)
{
    struct tree *t = *state;
    char host[128], next[128];
    confine(t, "root", NULL);
    snprintf(host, sizeof host, "%s/root/etc/file", t->top);
    snprintf(next, sizeof next, "%s/rootless", t->top);
    char *name = roots_host_name(&t->r, "/chain");
    assert_string_equal(name, host);
    free(name);
    assert_string_equal(roots_guest_name(&t->r, host), "/etc/file");
    assert_string_equal(roots_guest_name(&t->r, t->r.root), "/");
    assert_null(roots_guest_name(&t->r, next));
    roots_close(&t->r);
    assert_string_equal(roots_guest_name(&t->r, next), next);
}

static void a_root_that_is_no_directory_is_the_users_mistake(void **state)
{
    struct tree *t = *state;
    struct err e = {0};
    assert_false(roots_open(&t->r, "out/secret", NULL, &e));
    assert_int_equal(e.status, EXIT_USER);
    assert_non_null(strstr(e.text, "cannot be the root"));
}

static void long_paths_are_refused(void **state)
{
    char path[2 * PATH_MAX];
    confine(*state, "root", NULL);
    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[sizeof path - 1] = 0;
    assert_not_found(*state, path, ENAMETOOLONG);
    path[PATH_MAX - 2] = 0;
    assert_not_found(*state, path, ENAMETOOLONG);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(parents_of_the_root_are_the_root),
        TEST(links_lead_to_places_below_the_root),
        TEST(the_last_link_is_followed_on_demand_and_before_a_slash),
        TEST(only_the_last_name_may_be_new_and_files_have_nothing_below),
        TEST(the_root_directory_itself_is_not_the_sysroots),
        TEST(a_sysroot_comes_before_the_root_and_the_host),
        TEST(names_are_translated_both_ways),
        TEST(a_root_that_is_no_directory_is_the_users_mistake),
        TEST(long_paths_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
