/* Threads as their system calls show them: who runs is told by gettid. */
#include <errno.h>
#include <unistd.h>

#include "tests/unit/sim/linux/guest.h"

enum { CALL_EXIT = 1, CALL_PIPE = 42, CALL_READ = 3, CALL_WRITE = 4, CALL_CLONE = 120,
       CALL_YIELD = 158, CALL_NANOSLEEP = 162, CALL_GETTID = 207, CALL_FUTEX = 221,
       CALL_TGKILL = 250, CALL_ROBUST = 300 };
enum { FUTEX_WAIT, FUTEX_WAKE, FUTEX_REQUEUE = 3, FUTEX_CMP_REQUEUE = 4, FUTEX_WAKE_OP = 5 };
#define THREAD      UINT64_C(0x10f00)
#define CLEAR_TID   UINT64_C(0x200000)
#define FIRST       ((int64_t)GUEST_PID)
#define SECOND      (FIRST + 1)
#define THIRD       (FIRST + 2)
#define FUTEX_A     (SCRATCH + 256)
#define FUTEX_B     (SCRATCH + 512)
#define NO_TIMEOUT  0

static int64_t running(struct guest *g) { return guest_call(g, CALL_GETTID, 0, 0, 0, 0); }

static int64_t make_thread(struct guest *g)
{
    return guest_call(g, CALL_CLONE, THREAD, SCRATCH + 0x1000, 0, 0);
}

static int64_t futex(struct guest *g, uint64_t ea, uint64_t command, uint64_t value)
{
    return guest_call(g, CALL_FUTEX, ea, command, value, NO_TIMEOUT);
}

static void yield(struct guest *g) { guest_call(g, CALL_YIELD, 0, 0, 0, 0); }

/* As the executor does between instructions. */
static void poll(struct guest *g)
{
    struct exec_system system = linux_system(g->l);
    assert_true(system.poll(system.system, g->cpu));
}

/* The waiting thread that has been switched to makes its call again: r0 and the arguments are as
 * they were. */
static int64_t call_again(struct guest *g)
{
    const uint64_t *r = g->cpu->gpr;
    g->cpu->nia += 4;
    return guest_call(g, r[0], r[3], r[4], r[5], r[6]);
}

static void a_new_thread_has_its_own_stack_and_gets_zero(void **state)
{
    struct guest *g = *state;
    g->cpu->gpr[20] = 77;
    assert_int_equal(make_thread(g), SECOND);
    assert_int_equal(running(g), FIRST);
    yield(g);
    assert_int_equal(g->cpu->gpr[3], 0);
    assert_int_equal(g->cpu->gpr[1], SCRATCH + 0x1000);
    assert_int_equal(g->cpu->gpr[20], 77);
    assert_int_equal(running(g), SECOND);
}

static void a_thread_keeps_its_turn_for_a_time_slice(void **state)
{
    struct guest *g = *state;
    uint64_t slice = g->l->config.time_slice_ns;
    assert_int_equal(linux_next_deadline_ns(g->l), UINT64_MAX);
    make_thread(g);
    assert_int_equal(linux_next_deadline_ns(g->l), slice);
    g->now_ns = slice - 1;
    poll(g);
    assert_int_equal(running(g), FIRST);
    g->now_ns = slice;
    poll(g);
    assert_int_equal(running(g), SECOND);
    assert_int_equal(linux_next_deadline_ns(g->l), 2 * slice);
    g->now_ns = 2 * slice;
    poll(g);
    assert_int_equal(running(g), FIRST);
}

static void turns_go_round_in_the_order_of_creation(void **state)
{
    struct guest *g = *state;
    make_thread(g);
    make_thread(g);
    for (int64_t n = 0; n < 7; n++) {
        assert_int_equal(running(g), FIRST + n % 3);
        yield(g);
    }
}

static void a_switch_breaks_reservations(void **state)
{
    struct guest *g = *state;
    make_thread(g);
    g->cpu->reservation.valid = true;
    yield(g);
    assert_false(g->cpu->reservation.valid);
}

static void a_waiter_is_woken_and_its_call_returns_zero(void **state)
{
    struct guest *g = *state;
    make_thread(g);
    futex(g, FUTEX_A, FUTEX_WAIT, 0);
    assert_int_equal(running(g), SECOND);
    assert_int_equal(futex(g, FUTEX_B, FUTEX_WAKE, 9), 0);
    yield(g);
    assert_int_equal(running(g), SECOND);
    assert_int_equal(futex(g, FUTEX_A, FUTEX_WAKE, 9), 1);
    yield(g);
    assert_int_equal(call_again(g), 0);
    assert_int_equal(running(g), FIRST);
}

static void a_futex_that_has_changed_is_not_waited_for(void **state)
{
    struct guest *g = *state;
    make_thread(g);
    assert_int_equal(futex(g, FUTEX_A, FUTEX_WAIT, 1), -EAGAIN);
    assert_int_equal(futex(g, FUTEX_A + 1, FUTEX_WAIT, 0), -EINVAL);
    assert_int_equal(futex(g, 0x1000, FUTEX_WAIT, 0), -EFAULT);
    assert_int_equal(running(g), FIRST);
}

/* Two wait at A; the third thread runs. */
static void let_two_wait(struct guest *g)
{
    make_thread(g);
    make_thread(g);
    futex(g, FUTEX_A, FUTEX_WAIT, 0);
    futex(g, FUTEX_A, FUTEX_WAIT, 0);
    assert_int_equal(running(g), THIRD);
}

static void who_waits_longest_is_woken_first(void **state)
{
    struct guest *g = *state;
    let_two_wait(g);
    assert_int_equal(futex(g, FUTEX_A, FUTEX_WAKE, 1), 1);
    yield(g);
    assert_int_equal(call_again(g), 0);
    assert_int_equal(running(g), FIRST);
    yield(g);
    assert_int_equal(running(g), THIRD);
}

static void requeued_waiters_are_woken_at_the_other_futex(void **state)
{
    struct guest *g = *state;
    let_two_wait(g);
    g->cpu->gpr[7] = FUTEX_B;
    assert_int_equal(guest_call(g, CALL_FUTEX, FUTEX_A, FUTEX_REQUEUE, 1, 9), 2);
    assert_int_equal(futex(g, FUTEX_A, FUTEX_WAKE, 9), 0);
    assert_int_equal(futex(g, FUTEX_B, FUTEX_WAKE, 9), 1);
    g->cpu->gpr[8] = 5;
    assert_int_equal(guest_call(g, CALL_FUTEX, FUTEX_A, FUTEX_CMP_REQUEUE, 1, 9), -EAGAIN);
}

static void wake_op_changes_a_word_and_wakes_by_its_old_value(void **state)
{
    struct guest *g = *state;
    const uint64_t add_3_if_zero = UINT64_C(1) << 28 | 3 << 12;
    uint32_t value = 0;
    let_two_wait(g);
    g->cpu->gpr[7] = FUTEX_A;
    g->cpu->gpr[8] = add_3_if_zero;
    assert_int_equal(guest_call(g, CALL_FUTEX, FUTEX_B, FUTEX_WAKE_OP, 1, 1), 1);
    assert_true(guest_read_u32(g->l, FUTEX_A, &value));
    assert_int_equal(value, 3);
    assert_int_equal(guest_call(g, CALL_FUTEX, FUTEX_B, FUTEX_WAKE_OP, 1, 1), 0);
}

/* Relative times count from the first try. */
static void time_goes_by_only_when_all_wait(void **state)
{
    struct guest *g = *state;
    uint64_t start = time_monotonic_ns(g->l), request = SCRATCH;
    make_thread(g);
    guest_write_long(g->l, request + 8, 5000);
    guest_call(g, CALL_NANOSLEEP, request, 0, 0, 0);
    assert_int_equal(running(g), SECOND);
    assert_int_equal(time_monotonic_ns(g->l), start);
    guest_write_long(g->l, request + 8, 3000);
    guest_call(g, CALL_NANOSLEEP, request, 0, 0, 0);
    assert_int_equal(time_monotonic_ns(g->l), start + 3000);
    assert_int_equal(call_again(g), 0);
    assert_int_equal(running(g), SECOND);
    guest_call(g, CALL_EXIT, 0, 0, 0, 0);
    assert_int_equal(time_monotonic_ns(g->l), start + 5000);
    assert_int_equal(call_again(g), 0);
    assert_int_equal(running(g), FIRST);
}

static void a_reader_lets_others_run_until_there_is_something(void **state)
{
    struct guest *g = *state;
    uint32_t in, out;
    make_thread(g);
    assert_int_equal(guest_call(g, CALL_PIPE, SCRATCH, 0, 0, 0), 0);
    assert_true(guest_read_u32(g->l, SCRATCH, &in) && guest_read_u32(g->l, SCRATCH + 4, &out));
    guest_call(g, CALL_READ, in, SCRATCH + 64, 8, 0);
    assert_int_equal(running(g), SECOND);
    assert_int_equal(guest_call(g, CALL_WRITE, out, SCRATCH, 5, 0), 5);
    yield(g);
    assert_int_equal(call_again(g), 5);
    assert_int_equal(running(g), FIRST);
}

static void a_signal_for_a_thread_interrupts_its_wait(void **state)
{
    struct guest *g = *state;
    g->l->signals.action[GUEST_SIGUSR1] = (struct signal_action){.handler = SCRATCH};
    make_thread(g);
    guest_write_long(g->l, SCRATCH + 8, 5000);
    guest_call(g, CALL_NANOSLEEP, SCRATCH, 0, 0, 0);
    assert_int_equal(guest_call(g, CALL_TGKILL, GUEST_PID, (uint64_t)FIRST, GUEST_SIGUSR1, 0), 0);
    assert_int_equal(running(g), SECOND);
    yield(g);
    call_again(g);
    assert_int_equal(g->cpu->gpr[3], GUEST_SIGUSR1); /* the handler's argument */
    assert_int_equal(running(g), FIRST);
}

static void the_end_of_a_thread_clears_its_word_and_wakes_there(void **state)
{
    struct guest *g = *state;
    uint32_t word = 0;
    g->cpu->gpr[7] = FUTEX_A;
    guest_write_u32(g->l, FUTEX_A, (uint32_t)SECOND);
    guest_call(g, CALL_CLONE, THREAD | CLEAR_TID, SCRATCH + 0x1000, 0, 0);
    futex(g, FUTEX_A, FUTEX_WAIT, (uint64_t)SECOND);
    guest_call(g, CALL_EXIT, 0, 0, 0, 0);
    assert_true(guest_read_u32(g->l, FUTEX_A, &word));
    assert_int_equal(word, 0);
    assert_int_equal(call_again(g), 0);
    assert_int_equal(running(g), FIRST);
    assert_false(linux_has_exited(g->l));
    assert_int_equal(linux_next_deadline_ns(g->l), UINT64_MAX);
}

static void a_lock_of_a_thread_that_ends_is_marked(void **state)
{
    struct guest *g = *state;
    uint64_t head = SCRATCH + 1024, entry = SCRATCH + 2048;
    uint32_t lock = 0;
    make_thread(g);
    yield(g);
    guest_write_long(g->l, head, entry);
    guest_write_long(g->l, head + 8, 16);
    guest_write_long(g->l, head + 16, 0);
    guest_write_long(g->l, entry, head);
    guest_write_u32(g->l, entry + 16, (uint32_t)SECOND);
    assert_int_equal(guest_call(g, CALL_ROBUST, head, 24, 0, 0), 0);
    guest_call(g, CALL_EXIT, 0, 0, 0, 0);
    assert_true(guest_read_u32(g->l, entry + 16, &lock));
    assert_int_equal(lock, 0x40000000);
}

static void the_last_thread_ends_the_process(void **state)
{
    struct guest *g = *state;
    make_thread(g);
    guest_call(g, CALL_EXIT, 3, 0, 0, 0);
    assert_false(linux_has_exited(g->l));
    assert_int_equal(running(g), SECOND);
    guest_call(g, CALL_EXIT, 4, 0, 0, 0);
    assert_true(linux_has_exited(g->l));
    assert_int_equal(linux_exit_status(g->l), 4);
}

static void flags_that_do_not_go_together_are_refused(void **state)
{
    struct guest *g = *state;
    const uint64_t files = 0x400;
    assert_int_equal(guest_call(g, CALL_CLONE, files, 0, 0, 0), -ENOSYS);
    assert_int_equal(guest_call(g, CALL_CLONE, 0x10000, 0, 0, 0), -EINVAL);
    assert_int_equal(running(g), FIRST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(a_new_thread_has_its_own_stack_and_gets_zero),
        GUEST_TEST(a_thread_keeps_its_turn_for_a_time_slice),
        GUEST_TEST(turns_go_round_in_the_order_of_creation),
        GUEST_TEST(a_switch_breaks_reservations),
        GUEST_TEST(a_waiter_is_woken_and_its_call_returns_zero),
        GUEST_TEST(a_futex_that_has_changed_is_not_waited_for),
        GUEST_TEST(who_waits_longest_is_woken_first),
        GUEST_TEST(requeued_waiters_are_woken_at_the_other_futex),
        GUEST_TEST(wake_op_changes_a_word_and_wakes_by_its_old_value),
        GUEST_TEST(time_goes_by_only_when_all_wait),
        GUEST_TEST(a_reader_lets_others_run_until_there_is_something),
        GUEST_TEST(a_signal_for_a_thread_interrupts_its_wait),
        GUEST_TEST(the_end_of_a_thread_clears_its_word_and_wakes_there),
        GUEST_TEST(a_lock_of_a_thread_that_ends_is_marked),
        GUEST_TEST(the_last_thread_ends_the_process),
        GUEST_TEST(flags_that_do_not_go_together_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
