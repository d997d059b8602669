/* Timers that are read: on the guest's clocks (fd_object.h). */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"

enum { REAL_CLOCK = 0, MONOTONIC_CLOCK = 1, BOOT_CLOCK = 7, REAL_ALARM = 8, BOOT_ALARM = 9 };
enum { ABSOLUTE = 1, CANCEL_ON_SET = 2 }; /* the clock is never set */

int64_t sys_timerfd_create(struct linux_process *l, const uint64_t *a)
{
    struct fd_object kind = {.kind = FD_TIMER, .on_real_clock = a[0] == REAL_CLOCK};
    if (a[1] & ~(uint64_t)(GUEST_O_CLOEXEC | GUEST_O_NONBLOCK))
        return -EINVAL;
    if (a[0] == REAL_ALARM || a[0] == BOOT_ALARM)
        return -EPERM;
    if (a[0] != REAL_CLOCK && a[0] != MONOTONIC_CLOCK && a[0] != BOOT_CLOCK)
        return -EINVAL;
    return fd_object_create(l, &kind, a[1] & GUEST_O_NONBLOCK, a[1] & GUEST_O_CLOEXEC);
}

/* struct itimerspec: the interval, and what is left. */
static bool put_timer(struct linux_process *l, uint64_t ea, const struct fd_object *o)
{
    uint64_t now = time_monotonic_ns(l), left = 0;
    if (o->deadline_ns)
        left = o->deadline_ns > now ? o->deadline_ns - now : 1;
    return time_put_timespec(l, ea, o->interval_ns) &&
           time_put_timespec(l, ea + time_spec_bytes(l), left);
}

/* On the monotonic clock, from which the real one keeps its distance. */
static uint64_t deadline_of(struct linux_process *l, const struct fd_object *o, uint64_t value,
                            bool absolute)
{
    uint64_t now = time_monotonic_ns(l), offset = time_real_ns(l) - now;
    if (!value)
        return 0;
    if (!absolute)
        return value < TIMER_NEVER - now ? now + value : TIMER_NEVER;
    if (!o->on_real_clock)
        return value;
    return value > offset ? value - offset : 1;
}

/* What has expired and was not read is forgotten. */
static void forget(const struct fd_object *o)
{
    struct pollfd p = {.fd = o->event_fd, .events = POLLIN};
    uint64_t count;
    if (poll(&p, 1, 0) > 0 && read(o->event_fd, &count, sizeof count) < 0)
        return; /* there is nothing to forget */
}

int64_t sys_timerfd_settime(struct linux_process *l, const uint64_t *a)
{
    uint64_t interval, value;
    int64_t error;
    struct fd_object *o = fd_object_find(l, a[0], FD_TIMER);
    if (a[1] & ~(uint64_t)(ABSOLUTE | CANCEL_ON_SET))
        return -EINVAL;
    if (!time_get_timespec(l, a[2], &interval, &error) ||
        !time_get_timespec(l, a[2] + time_spec_bytes(l), &value, &error))
        return error;
    if (!o)
        return fd_host(&l->fds, a[0]) < 0 ? -EBADF : -EINVAL;
    struct fd_object old = *o;
    forget(o);
    o->deadline_ns = deadline_of(l, o, value, a[1] & ABSOLUTE);
    o->interval_ns = interval;
    fd_objects_update(l->kernel);
    return a[3] && !put_timer(l, a[3], &old) ? -EFAULT : 0;
}

int64_t sys_timerfd_gettime(struct linux_process *l, const uint64_t *a)
{
    const struct fd_object *o = fd_object_find(l, a[0], FD_TIMER);
    if (!o)
        return fd_host(&l->fds, a[0]) < 0 ? -EBADF : -EINVAL;
    return put_timer(l, a[1], o) ? 0 : -EFAULT;
}
