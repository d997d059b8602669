/* Calls of the threads library, for the one thread there is. */
#include <errno.h>

#include "sim/linux/internal.h"

int64_t sys_set_tid_address(struct linux_process *l, const uint64_t *a)
{
    l->clear_child_tid = a[0];
    return GUEST_PID;
}

int64_t sys_set_robust_list(struct linux_process *l, const uint64_t *a)
{
    uint64_t head_bytes = l->image.is_64bit ? 24 : 12;
    if (a[1] != head_bytes)
        return -EINVAL;
    l->robust_list = a[0];
    return 0;
}

int64_t sys_get_robust_list(struct linux_process *l, const uint64_t *a)
{
    if (!process_is_self(a[0]))
        return -ESRCH;
    return guest_write_long(l, a[2], l->image.is_64bit ? 24 : 12) &&
                   guest_write_long(l, a[1], l->robust_list)
               ? 0
               : -EFAULT;
}

static int64_t futex_wait(struct linux_process *l, const uint64_t *a, bool absolute, bool real)
{
    uint64_t ns = 0, now = real ? time_real_ns(l) : time_monotonic_ns(l);
    uint32_t value;
    int64_t error;
    if (a[3] && !time_get_timespec(l, a[3], &ns, &error))
        return error;
    if (!guest_read_u32(l, a[0], &value))
        return -EFAULT;
    if (value != (uint32_t)a[2])
        return -EAGAIN;
    if (!a[3]) { /* nobody else could wake it */
        time_wait_for_signal(l, "futex");
        return CALL_RESTART;
    }
    uint64_t left = !absolute ? ns : ns > now ? ns - now : 0;
    return time_sleep_until(l, time_monotonic_ns(l) + left) ? -ETIMEDOUT : -EINTR;
}

int64_t sys_futex(struct linux_process *l, const uint64_t *a)
{
    enum { WAIT, WAKE, FD, REQUEUE, CMP_REQUEUE, WAKE_OP, WAIT_BITSET = 9, WAKE_BITSET = 10 };
    const uint64_t private = 128, real_clock = 256;
    uint64_t command = a[1] & ~(private | real_clock);
    uint32_t value;
    if (a[0] & 3)
        return -EINVAL;
    switch (command) {
    case WAIT:
        return futex_wait(l, a, false, false);
    case WAIT_BITSET:
        return a[5] == 0 ? -EINVAL : futex_wait(l, a, true, a[1] & real_clock);
    case WAKE:
    case WAKE_BITSET:
    case REQUEUE:
        return 0; /* no thread waits */
    case CMP_REQUEUE:
        return !guest_read_u32(l, a[0], &value) ? -EFAULT : value != (uint32_t)a[5] ? -EAGAIN : 0;
    default:
        return -ENOSYS;
    }
}
