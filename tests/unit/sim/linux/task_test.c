/* Processes as their system calls show them: who runs is told by getpid. */
#include <errno.h>

#include "tests/unit/sim/linux/guest.h"

enum { CALL_FORK = 2, CALL_READ = 3, CALL_WRITE = 4, CALL_CLOSE = 6, CALL_GETPID = 20,
       CALL_KILL = 37, CALL_PIPE = 42, CALL_SETPGID = 57, CALL_GETPPID = 64, CALL_SETSID = 66,
       CALL_WAIT4 = 114, CALL_GETPGID = 132, CALL_YIELD = 158, CALL_PRCTL = 171,
       CALL_VFORK = 189, CALL_EXIT = 234, CALL_BRK = 45, CALL_PAUSE = 29 };
#define FIRST    ((int64_t)GUEST_PID)
#define SECOND   (FIRST + 1)
#define THIRD    (FIRST + 2)
#define ANY      ((uint64_t)-1)
#define NO_HANG  1
#define UNTRACED 2
#define STATUS   (SCRATCH + 4096)

static struct linux_process *running(struct guest *g)
{
    return g->l->kernel->threads.current->process;
}

static int64_t call(struct guest *g, uint64_t number, uint64_t a, uint64_t b)
{
    return guest_call(g, number, a, b, 0, 0);
}

static int64_t pid(struct guest *g) { return call(g, CALL_GETPID, 0, 0); }
static void yield(struct guest *g) { call(g, CALL_YIELD, 0, 0); }

/* The waiting thread that has been switched to makes its call again. */
static int64_t call_again(struct guest *g)
{
    const uint64_t *r = g->cpu->gpr;
    g->cpu->nia += 4;
    return guest_call(g, r[0], r[3], r[4], r[5], r[6]);
}

static uint32_t status(struct guest *g)
{
    uint32_t value = 0;
    assert_true(guest_read_u32(running(g), STATUS, &value));
    return value;
}

/* A child that runs now. */
static void fork_and_switch(struct guest *g)
{
    assert_true(call(g, CALL_FORK, 0, 0) > 0);
    yield(g);
    assert_int_equal(g->cpu->gpr[3], 0);
}

static void fork_returns_twice(void **state)
{
    struct guest *g = *state;
    assert_int_equal(call(g, CALL_FORK, 0, 0), SECOND);
    assert_int_equal(pid(g), FIRST);
    yield(g);
    assert_int_equal(g->cpu->gpr[3], 0);
    assert_int_equal(pid(g), SECOND);
    assert_int_equal(call(g, CALL_GETPPID, 0, 0), FIRST);
}

static void memory_is_copied_when_it_is_written(void **state)
{
    struct guest *g = *state;
    uint32_t value;
    guest_write_u32(g->l, SCRATCH, 1);
    uint64_t before = phys_resident_bytes(g->phys);
    fork_and_switch(g);
    assert_int_equal(phys_resident_bytes(g->phys), before);
    struct linux_process *child = running(g);
    guest_write_u32(child, SCRATCH, 2);
    assert_true(phys_resident_bytes(g->phys) > before);
    assert_true(guest_read_u32(g->l, SCRATCH, &value));
    assert_int_equal(value, 1);
    guest_write_u32(g->l, SCRATCH, 3);
    assert_true(guest_read_u32(child, SCRATCH, &value));
    assert_int_equal(value, 2);
}

static void a_parent_waits_for_the_end_of_its_child(void **state)
{
    struct guest *g = *state;
    call(g, CALL_FORK, 0, 0);
    call(g, CALL_WAIT4, ANY, STATUS);
    assert_int_equal(pid(g), SECOND);
    call(g, CALL_EXIT, 7, 0);
    assert_int_equal(running(g)->pid, FIRST);
    assert_int_equal(call_again(g), SECOND);
    assert_int_equal(status(g), 7 << 8);
    assert_int_equal(call(g, CALL_WAIT4, ANY, 0), -ECHILD);
    assert_false(linux_has_exited(g->l));
}

static void a_zombie_keeps_its_number_until_it_was_waited_for(void **state)
{
    struct guest *g = *state;
    fork_and_switch(g);
    call(g, CALL_EXIT, 0, 0);
    assert_int_equal(call(g, CALL_KILL, (uint64_t)SECOND, 0), 0);
    assert_int_equal(guest_call(g, CALL_WAIT4, (uint64_t)SECOND, 0, NO_HANG, 0), SECOND);
    assert_int_equal(call(g, CALL_KILL, (uint64_t)SECOND, 0), -ESRCH);
}

static void no_child_no_wait(void **state)
{
    struct guest *g = *state;
    assert_int_equal(call(g, CALL_WAIT4, ANY, 0), -ECHILD);
    call(g, CALL_FORK, 0, 0);
    assert_int_equal(guest_call(g, CALL_WAIT4, ANY, 0, NO_HANG, 0), 0);
    assert_int_equal(call(g, CALL_WAIT4, (uint64_t)THIRD, 0), -ECHILD);
}

static void nobody_waits_for_the_children_of_who_ignores_them(void **state)
{
    struct guest *g = *state;
    g->l->signals.action[GUEST_SIGCHLD].handler = GUEST_SIG_IGN;
    fork_and_switch(g);
    call(g, CALL_EXIT, 0, 0);
    assert_int_equal(call(g, CALL_WAIT4, ANY, 0), -ECHILD);
    assert_int_equal(g->l->kernel->task_count, 1);
}

static void the_end_of_a_child_is_a_signal(void **state)
{
    struct guest *g = *state;
    g->l->signals.blocked = SIGNAL_BIT(GUEST_SIGCHLD);
    fork_and_switch(g);
    call(g, CALL_EXIT, 3, 0);
    assert_int_equal(g->l->signals.queued, 1);
    const struct signal_info *info = &g->l->signals.queue[0];
    assert_int_equal(info->signo, GUEST_SIGCHLD);
    assert_int_equal(info->code, CODE_CLD_EXITED);
    assert_int_equal(info->pid, SECOND);
    assert_int_equal(info->value, 3);
}

static void a_fatal_signal_is_the_status(void **state)
{
    struct guest *g = *state;
    call(g, CALL_FORK, 0, 0);
    call(g, CALL_KILL, (uint64_t)SECOND, GUEST_SIGTERM);
    call(g, CALL_WAIT4, ANY, STATUS);
    assert_int_equal(running(g)->pid, FIRST);
    assert_int_equal(call_again(g), SECOND);
    assert_int_equal(status(g), GUEST_SIGTERM);
}

static void a_stopped_child_waits_for_sigcont(void **state)
{
    struct guest *g = *state;
    call(g, CALL_FORK, 0, 0);
    call(g, CALL_KILL, (uint64_t)SECOND, GUEST_SIGSTOP);
    guest_call(g, CALL_WAIT4, ANY, STATUS, UNTRACED, 0);
    assert_int_equal(running(g)->pid, FIRST);
    assert_int_equal(call_again(g), SECOND);
    assert_int_equal(status(g), GUEST_SIGSTOP << 8 | 0x7f);
    yield(g);
    assert_int_equal(pid(g), FIRST);
    call(g, CALL_KILL, (uint64_t)SECOND, GUEST_SIGCONT);
    yield(g);
    assert_int_equal(pid(g), SECOND);
}

static void a_group_gets_a_signal_together(void **state)
{
    struct guest *g = *state;
    call(g, CALL_FORK, 0, 0);
    call(g, CALL_FORK, 0, 0);
    assert_int_equal(call(g, CALL_SETPGID, (uint64_t)SECOND, 0), 0);
    assert_int_equal(call(g, CALL_SETPGID, (uint64_t)THIRD, (uint64_t)SECOND), 0);
    assert_int_equal(call(g, CALL_GETPGID, (uint64_t)THIRD, 0), SECOND);
    assert_int_equal(call(g, CALL_SETPGID, (uint64_t)THIRD, 4711), -EPERM);
    assert_int_equal(call(g, CALL_SETPGID, 4711, 0), -ESRCH);
    assert_int_equal(call(g, CALL_KILL, (uint64_t)-SECOND, GUEST_SIGKILL), 0);
    yield(g);
    assert_int_equal(pid(g), FIRST);
    assert_int_equal(guest_call(g, CALL_WAIT4, (uint64_t)-SECOND, 0, NO_HANG, 0), SECOND);
    assert_int_equal(guest_call(g, CALL_WAIT4, (uint64_t)-SECOND, 0, NO_HANG, 0), THIRD);
    assert_int_equal(call(g, CALL_KILL, (uint64_t)-SECOND, 0), -ESRCH);
}

static void a_session_leader_is_nobodys_group_member(void **state)
{
    struct guest *g = *state;
    assert_int_equal(call(g, CALL_SETSID, 0, 0), -EPERM);
    assert_int_equal(call(g, CALL_SETPGID, 0, 0), -EPERM);
    fork_and_switch(g);
    assert_int_equal(call(g, CALL_GETPGID, 0, 0), FIRST);
    assert_int_equal(call(g, CALL_SETSID, 0, 0), SECOND);
    assert_int_equal(call(g, CALL_GETPGID, 0, 0), SECOND);
    assert_int_equal(call(g, CALL_SETPGID, 0, 0), -EPERM);
}

static void orphans_run_on_and_belong_to_somebody_outside(void **state)
{
    struct guest *g = *state;
    call(g, CALL_FORK, 0, 0);
    call(g, CALL_EXIT, 5, 0);
    assert_false(linux_has_exited(g->l));
    assert_int_equal(pid(g), SECOND);
    assert_int_equal(call(g, CALL_GETPPID, 0, 0), GUEST_PARENT);
    call(g, CALL_EXIT, 6, 0);
    assert_true(linux_has_exited(g->l));
    assert_int_equal(linux_exit_status(g->l), 5);
    assert_int_equal(linux_update_stats(g->l)->orphans, 0);
}

static void an_orphan_that_only_waits_ends_with_the_run(void **state)
{
    struct guest *g = *state;
    call(g, CALL_FORK, 0, 0);
    call(g, CALL_EXIT, 5, 0);
    call(g, CALL_PAUSE, 0, 0);
    assert_true(linux_has_exited(g->l));
    assert_int_equal(linux_exit_status(g->l), 5);
    assert_int_equal(linux_update_stats(g->l)->orphans, 1);
}

static void a_subreaper_adopts_orphans(void **state)
{
    struct guest *g = *state;
    const uint64_t set_subreaper = 36;
    call(g, CALL_PRCTL, set_subreaper, 1);
    fork_and_switch(g);
    call(g, CALL_FORK, 0, 0);
    call(g, CALL_EXIT, 0, 0);
    while (pid(g) != THIRD)
        yield(g);
    assert_int_equal(call(g, CALL_GETPPID, 0, 0), FIRST);
}

static void a_child_may_die_with_its_parent(void **state)
{
    struct guest *g = *state;
    const uint64_t set_death_signal = 1;
    fork_and_switch(g);
    call(g, CALL_PRCTL, set_death_signal, GUEST_SIGKILL);
    yield(g);
    call(g, CALL_EXIT, 1, 0);
    assert_true(linux_has_exited(g->l));
}

static void vfork_lends_the_address_space_until_the_child_ends(void **state)
{
    struct guest *g = *state;
    call(g, CALL_VFORK, 0, 0);
    assert_int_equal(pid(g), SECOND);
    guest_write_u32(running(g), SCRATCH, 77);
    int64_t end = call(g, CALL_BRK, 0, 0);
    assert_int_equal(call(g, CALL_BRK, (uint64_t)end + GUEST_PAGE, 0), end + (int64_t)GUEST_PAGE);
    call(g, CALL_KILL, (uint64_t)FIRST, GUEST_SIGCHLD); /* no signal ends that wait */
    yield(g);
    assert_int_equal(pid(g), SECOND);
    call(g, CALL_EXIT, 0, 0);
    assert_int_equal(call_again(g), SECOND);
    uint32_t value;
    assert_true(guest_read_u32(g->l, SCRATCH, &value));
    assert_int_equal(value, 77);
    assert_int_equal(call(g, CALL_BRK, 0, 0), end + (int64_t)GUEST_PAGE);
}

static void a_pipe_ends_when_the_last_process_closes_it(void **state)
{
    struct guest *g = *state;
    uint32_t in, out;
    call(g, CALL_PIPE, SCRATCH, 0);
    assert_true(guest_read_u32(g->l, SCRATCH, &in) && guest_read_u32(g->l, SCRATCH + 4, &out));
    call(g, CALL_FORK, 0, 0);
    call(g, CALL_CLOSE, out, 0);
    guest_call(g, CALL_READ, in, SCRATCH + 64, 8, 0);
    assert_int_equal(pid(g), SECOND);
    assert_int_equal(guest_call(g, CALL_WRITE, out, SCRATCH, 3, 0), 3);
    call(g, CALL_EXIT, 0, 0);
    assert_int_equal(call_again(g), 3);
    assert_int_equal(guest_call(g, CALL_READ, in, SCRATCH + 64, 8, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(fork_returns_twice),
        GUEST_TEST(memory_is_copied_when_it_is_written),
        GUEST_TEST(a_parent_waits_for_the_end_of_its_child),
        GUEST_TEST(a_zombie_keeps_its_number_until_it_was_waited_for),
        GUEST_TEST(no_child_no_wait),
        GUEST_TEST(nobody_waits_for_the_children_of_who_ignores_them),
        GUEST_TEST(the_end_of_a_child_is_a_signal),
        GUEST_TEST(a_fatal_signal_is_the_status),
        GUEST_TEST(a_stopped_child_waits_for_sigcont),
        GUEST_TEST(a_group_gets_a_signal_together),
        GUEST_TEST(a_session_leader_is_nobodys_group_member),
        GUEST_TEST(orphans_run_on_and_belong_to_somebody_outside),
        GUEST_TEST(an_orphan_that_only_waits_ends_with_the_run),
        GUEST_TEST(a_subreaper_adopts_orphans),
        GUEST_TEST(a_child_may_die_with_its_parent),
        GUEST_TEST(vfork_lends_the_address_space_until_the_child_ends),
        GUEST_TEST(a_pipe_ends_when_the_last_process_closes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
