#include "tests/unit/sim/linux/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "sim/linux/open_flags.h"

enum {
    NR_read = 3,
    NR_write = 4,
    NR_close = 6,
    NR_alarm = 27,
    NR_pause = 29,
    NR_kill = 37,
    NR_dup = 41,
    NR_brk = 45,
    NR_kcmp = 354,
    NR_nanosleep = 162,
    NR_rt_sigaction = 173,
    NR_rt_sigprocmask = 174,
    NR_clock_gettime = 246,
    NR_openat = 286,
    NR_readlinkat = 296,
    NR_exit_group = 234,
};
#define AT_CWD ((uint64_t)-100)

static uint64_t clock_now(struct guest *g)
{
    uint64_t seconds = 0, ns = 0;
    assert_int_equal(guest_call(g, NR_clock_gettime, 0, SCRATCH, 0, 0), 0);
    guest_read_long(g->l, SCRATCH, &seconds);
    guest_read_long(g->l, SCRATCH + 8, &ns);
    return seconds * NS_PER_SECOND + ns;
}

static void put_string(struct guest *g, uint64_t ea, const char *s)
{
    assert_true(guest_write(g->l, ea, s, strlen(s) + 1));
}

static void an_error_is_positive_with_summary_overflow_set(void **state)
{
    struct guest *g = *state;
    assert_int_equal(guest_call(g, NR_close, 77, 0, 0, 0), -9);
    assert_int_equal(g->cpu->gpr[3], 9);
    assert_true(g->cpu->cr[0] & CR_SO);
    assert_int_equal(guest_call(g, NR_dup, 2, 0, 0, 0), 3);
    assert_false(g->cpu->cr[0] & CR_SO);
}

static void a_call_that_is_missing_is_counted(void **state)
{
    struct guest *g = *state;
    assert_int_equal(guest_call(g, NR_kcmp, 0, 0, 0, 0), -38);
    assert_int_equal(guest_call(g, 5000, 0, 0, 0, 0), -38);
    assert_int_equal(guest_call(g, UINT64_MAX, 0, 0, 0, 0), -38);
    assert_int_equal(linux_update_stats(g->l)->unknown_syscalls, 3);
    assert_int_equal(linux_update_stats(g->l)->syscalls, 3);
}

static void int_arguments_ignore_their_upper_half(void **state)
{
    struct guest *g = *state;
    assert_int_equal(guest_call(g, NR_dup, UINT64_C(0xdeadbeef00000002), 0, 0, 0), 3);
}

static void the_simulators_own_descriptors_are_out_of_reach(void **state)
{
    struct guest *g = *state;
    int own = open("/dev/null", O_RDONLY);
    assert_int_equal(guest_call(g, NR_close, (uint64_t)own, 0, 0, 0), -9);
    assert_true(fcntl(own, F_GETFD) >= 0);
    assert_int_equal(guest_call(g, NR_close, 1, 0, 0, 0), 0);
    assert_true(fcntl(1, F_GETFD) >= 0);
    close(own);
}

static void powerpc_open_flags_are_translated_both_ways(void **state)
{
    (void)state;
    assert_int_equal(open_flags_to_host(040000), O_DIRECTORY);
    assert_int_equal(open_flags_to_host(0100000), O_NOFOLLOW);
    assert_int_equal(open_flags_to_host(0400000), O_DIRECT);
    assert_int_equal(open_flags_to_host(0200000), 0);
    assert_int_equal(open_flags_to_host(02 | 0100 | 02000), O_RDWR | O_CREAT | O_APPEND);
    assert_int_equal(open_flags_to_guest(O_WRONLY | O_DIRECT), 0400001);
    assert_int_equal(guest_errno(EDEADLK), 35);
}

static void time_is_the_creators_clock_plus_sleep(void **state)
{
    struct guest *g = *state;
    assert_int_equal(clock_now(g), 1000 * NS_PER_SECOND);
    g->now_ns = 5;
    assert_int_equal(clock_now(g), 1000 * NS_PER_SECOND + 5);
    guest_write_long(g->l, SCRATCH, 3);
    guest_write_long(g->l, SCRATCH + 8, 7);
    assert_int_equal(guest_call(g, NR_nanosleep, SCRATCH, 0, 0, 0), 0);
    assert_int_equal(clock_now(g), 1003 * NS_PER_SECOND + 12);
    guest_write_long(g->l, SCRATCH + 8, NS_PER_SECOND);
    assert_int_equal(guest_call(g, NR_nanosleep, SCRATCH, 0, 0, 0), -22);
}

static void an_alarm_is_due_at_its_deadline_and_not_before(void **state)
{
    struct guest *g = *state;
    struct exec_system system = linux_system(g->l);
    assert_int_equal(linux_next_deadline_ns(g->l), UINT64_MAX);
    g->now_ns = 50;
    guest_call(g, NR_alarm, 2, 0, 0, 0);
    assert_int_equal(linux_next_deadline_ns(g->l), 2 * NS_PER_SECOND + 50);
    g->now_ns = 2 * NS_PER_SECOND + 49;
    assert_true(system.poll(system.system, g->cpu));
    g->now_ns++;
    assert_false(system.poll(system.system, g->cpu));
    assert_int_equal(linux_exit_status(g->l), 128 + 14);
}

static void a_pause_lets_time_go_on_to_the_alarm(void **state)
{
    struct guest *g = *state;
    guest_call(g, NR_alarm, 3, 0, 0, 0);
    guest_call(g, NR_pause, 0, 0, 0, 0);
    assert_true(linux_has_exited(g->l));
    assert_int_equal(g->l->kernel->slept_ns, 3 * NS_PER_SECOND);
}

static void the_break_moves_and_stays_where_it_cannot(void **state)
{
    struct guest *g = *state;
    assert_int_equal(guest_call(g, NR_brk, 0, 0, 0, 0), 0x30000000);
    assert_int_equal(guest_call(g, NR_brk, 0x30000123, 0, 0, 0), 0x30000123);
    assert_true(guest_write(g->l, 0x3000ffff, "x", 1));
    assert_int_equal(guest_call(g, NR_brk, 0x2fffffff, 0, 0, 0), 0x30000123);
    assert_int_equal(guest_call(g, NR_brk, UINT64_C(1) << 60, 0, 0, 0), 0x30000123);
    process_map(g->process, 0x30040000, GUEST_PAGE, AREA_READ, NULL, 0, NULL);
    assert_int_equal(guest_call(g, NR_brk, 0x30040001, 0, 0, 0), 0x30000123);
    assert_int_equal(guest_call(g, NR_brk, 0x30000000, 0, 0, 0), 0x30000000);
    assert_false(guest_write(g->l, 0x30000000, "x", 1));
}

static void proc_tells_about_the_guest_alone(void **state)
{
    struct guest *g = *state;
    char buf[200];
    put_string(g, SCRATCH, "/proc/self/exe");
    int64_t n = guest_call(g, NR_readlinkat, AT_CWD, SCRATCH, SCRATCH + 100, 100);
    assert_int_equal(n, 5); /* absolute: static glibc programs insist */
    guest_read(g->l, SCRATCH + 100, buf, 5);
    assert_memory_equal(buf, "/prog", 5);
    put_string(g, SCRATCH, "/proc//1000/../self/./cmdline");
    int64_t fd = guest_call(g, NR_openat, AT_CWD, SCRATCH, 0, 0);
    assert_int_equal(fd, 3);
    n = guest_call(g, NR_read, (uint64_t)fd, SCRATCH + 100, 100, 0);
    assert_int_equal(n, sizeof "prog\0one\0two three");
    guest_read(g->l, SCRATCH + 100, buf, (uint64_t)n);
    assert_memory_equal(buf, "prog\0one\0two three", (size_t)n);
    put_string(g, SCRATCH, "/proc/1/environ");
    assert_int_equal(guest_call(g, NR_openat, AT_CWD, SCRATCH, 0, 0), -2);
    put_string(g, SCRATCH, "/proc/self/fd/99");
    assert_int_equal(guest_call(g, NR_openat, AT_CWD, SCRATCH, 0, 0), -2);
}

static void proc_tells_about_the_machine(void **state)
{
    static const struct {
        const char *path, *begins;
    } files[] = {{"/proc/stat", "cpu  "},
                 {"/proc/sys/kernel/osrelease", GUEST_RELEASE "\n"},
                 {"/proc/self/mountinfo", "1 0 8:1 / / rw"}};
    struct guest *g = *state;
    char buf[20];
    for (uint32_t n = 0; n < ARRAY_LEN(files); n++) {
        put_string(g, SCRATCH, files[n].path);
        int64_t fd = guest_call(g, NR_openat, AT_CWD, SCRATCH, 0, 0);
        uint64_t length = min_u64(strlen(files[n].begins), sizeof buf);
        assert_true(guest_call(g, NR_read, (uint64_t)fd, SCRATCH + 100, 400, 0) > 0);
        guest_read(g->l, SCRATCH + 100, buf, length);
        assert_memory_equal(buf, files[n].begins, length);
    }
}

static void a_broken_pipe_is_a_signal_to_the_guest_only(void **state)
{
    struct guest *g = *state;
    int p[2];
    assert_int_equal(pipe(p), 0);
    close(p[0]);
    fd_replace(&g->l->fds, 5, p[1], false);
    guest_call(g, NR_write, 5, SCRATCH, 1, 0);
    assert_int_equal(linux_exit_status(g->l), 128 + 13);
}

static void exit_keeps_eight_bits(void **state)
{
    struct guest *g = *state;
    guest_call(g, NR_exit_group, 0x1234, 0, 0, 0);
    assert_true(linux_has_exited(g->l));
    assert_int_equal(linux_exit_status(g->l), 0x34);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(an_error_is_positive_with_summary_overflow_set),
        GUEST_TEST(a_call_that_is_missing_is_counted),
        GUEST_TEST(int_arguments_ignore_their_upper_half),
        GUEST_TEST(the_simulators_own_descriptors_are_out_of_reach),
        cmocka_unit_test(powerpc_open_flags_are_translated_both_ways),
        GUEST_TEST(time_is_the_creators_clock_plus_sleep),
        GUEST_TEST(an_alarm_is_due_at_its_deadline_and_not_before),
        GUEST_TEST(a_pause_lets_time_go_on_to_the_alarm),
        GUEST_TEST(the_break_moves_and_stays_where_it_cannot),
        GUEST_TEST(proc_tells_about_the_guest_alone),
        GUEST_TEST(proc_tells_about_the_machine),
        GUEST_TEST(a_broken_pipe_is_a_signal_to_the_guest_only),
        GUEST_TEST(exit_keeps_eight_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
