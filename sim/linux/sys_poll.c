/* Waiting for descriptors. A wait with a finite timeout looks at the host once and then lets
 * simulated time go by; a wait without one blocks in the host, unless a timer of the guest's would
 * end it. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"

#define FOR_EVER UINT64_MAX
#define FD_SETSIZE_MAX 4096u /* RLIMIT_NOFILE's hard limit */

/* Asks the host: now, or until something happens. */
struct waiter {
    int64_t (*look)(struct waiter *w, int timeout_ms);
    struct pollfd *fds;
    uint64_t count;
    int epoll;
    struct epoll_event *events;
};

/* What the scheduler has to look at for it: of an epoll the thing itself. */
static void wait_on(struct linux_process *l, const struct waiter *w)
{
    struct pollfd epoll = {.fd = w->epoll, .events = POLLIN};
    if (w->fds)
        thread_wait_on(l, w->fds, (uint32_t)w->count);
    else
        thread_wait_on(l, &epoll, 1);
}

static int64_t look_poll(struct waiter *w, int timeout_ms)
{
    return poll(w->fds, w->count, timeout_ms);
}

static int64_t look_epoll(struct waiter *w, int timeout_ms)
{
    return epoll_wait(w->epoll, w->events, (int)w->count, timeout_ms);
}

/* The number of ready descriptors, -EINTR, or CALL_RESTART_NOHAND when the simulator itself was
 * signalled. */
static int64_t wait_for(struct linux_process *l, struct waiter *w, uint64_t timeout_ns)
{
    int64_t ready = w->look(w, 0);
    timers_check(l);
    if (ready != 0)
        return ready < 0 ? -errno : ready;
    if (signal_waits(l))
        return -EINTR;
    if (threads_share(l)) {
        uint64_t until = time_monotonic_ns(l) + timeout_ns;
        wait_on(l, w);
        return thread_wait_until(l, timeout_ns == FOR_EVER ? WAIT_FOR_EVER : until) &&
                       !signal_waits(l)
                   ? 0
                   : -EINTR;
    }
    if (timeout_ns != FOR_EVER)
        return time_sleep_until(l, time_monotonic_ns(l) + timeout_ns) ? 0 : -EINTR;
    if (timers_next_wake(l->kernel) != TIMER_NEVER)
        return time_wait_for_signal(l, "poll") ? -EINTR : CALL_RESTART_NOHAND;
    ready = w->look(w, -1);
    return ready < 0 && errno == EINTR ? CALL_RESTART_NOHAND : ready < 0 ? -errno : ready;
}

/* Blocked signals for the time of the wait; -EFAULT, -EINVAL or 0. `ea` zero: none. */
static int64_t set_wait_mask(struct linux_process *l, uint64_t ea, uint64_t bytes)
{
    struct wire w;
    if (!ea)
        return 0;
    if (bytes != 8)
        return -EINVAL;
    if (!wire_load(&w, l, ea, WIRE_SIGSET_BYTES))
        return -EFAULT;
    signals_set_temporary_mask(l, wire_get_sigset(&w));
    return 0;
}

/* A wait that ends without a handler puts the mask back at once. */
static int64_t end_wait(struct linux_process *l, int64_t result)
{
    if (result != -EINTR && result != CALL_RESTART_NOHAND && l->signals.has_saved_mask) {
        l->signals.blocked = l->signals.saved_mask;
        l->signals.has_saved_mask = false;
    }
    return result;
}

/* struct pollfd: int fd; short events, revents. Bits have the same values on powerpc. */
static int64_t poll_guest(struct linux_process *l, uint64_t ea, uint64_t count, uint64_t timeout_ns)
{
    if (count > l->limits[GUEST_RLIMIT_NOFILE].soft)
        return -EINVAL;
    struct pollfd *fds = xcalloc(count + 1, sizeof *fds);
    struct waiter waiter = {.look = look_poll, .fds = fds, .count = count};
    struct wire w;
    int64_t r = 0, bad = 0;
    for (uint64_t n = 0; n < count && r == 0; n++) {
        if (!wire_load(&w, l, ea + 8 * n, 8)) {
            r = -EFAULT;
            break;
        }
        int32_t guest = (int32_t)wire_get(&w, 4);
        fds[n].fd = guest < 0 ? -1 : fd_host(&l->fds, (uint32_t)guest);
        fds[n].events = (short)wire_get(&w, 2);
        if (guest >= 0 && fds[n].fd < 0)
            bad++;
    }
    if (r == 0)
        r = wait_for(l, &waiter, bad ? 0 : timeout_ns);
    for (uint64_t n = 0; n < count && r >= 0; n++) {
        int32_t guest = 0;
        if (!wire_load(&w, l, ea + 8 * n, 8)) {
            r = -EFAULT;
            break;
        }
        guest = (int32_t)wire_get(&w, 4);
        if (guest >= 0 && fds[n].fd < 0)
            fds[n].revents = POLLNVAL;
        w.used = 6;
        wire_put(&w, 2, (uint16_t)fds[n].revents);
        wire_store(&w, l, ea + 8 * n);
    }
    free(fds);
    return r >= 0 ? r + bad : r;
}

static uint64_t from_ms(uint64_t ms) { return (int64_t)ms < 0 ? FOR_EVER : ms * 1000000; }

int64_t sys_poll(struct linux_process *l, const uint64_t *a)
{
    return poll_guest(l, a[0], a[1], from_ms(a[2]));
}

/* From a call's first try on: when its time is over. */
static void note_end(struct linux_process *l, uint64_t timeout_ns)
{
    uint64_t now = time_monotonic_ns(l);
    if (!l->kernel->threads.is_retry)
        thread_running(l)->wait.call_until_ns =
            timeout_ns < WAIT_FOR_EVER - now ? now + timeout_ns : WAIT_FOR_EVER;
}

static uint64_t time_left(const struct linux_process *l)
{
    uint64_t now = time_monotonic_ns(l), until = thread_running(l)->wait.call_until_ns;
    return until > now ? until - now : 0;
}

/* The calls with a struct timespec write what is left of it there, if they can. */
static int64_t tell_time_left(struct linux_process *l, uint64_t ea, int64_t result)
{
    if (ea && !l->kernel->threads.must_wait)
        time_put_timespec(l, ea, time_left(l));
    return result;
}

int64_t sys_ppoll(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns = FOR_EVER;
    int64_t error;
    if (a[2] && !time_get_timespec(l, a[2], &ns, &error))
        return error;
    note_end(l, ns);
    int64_t r = set_wait_mask(l, a[3], a[4]);
    return r < 0 ? r : tell_time_left(l, a[2], end_wait(l, poll_guest(l, a[0], a[1], ns)));
}

/* select: three sets of bits in longs. */
struct select_sets {
    uint64_t ea[3];
    uint64_t bits[3][FD_SETSIZE_MAX / 64];
    uint32_t longs;
};

static bool get_sets(struct linux_process *l, struct select_sets *s)
{
    uint32_t word = l->image.is_64bit ? 8 : 4;
    for (uint32_t n = 0; n < 3; n++)
        for (uint32_t i = 0; s->ea[n] && i < s->longs; i++) {
            uint64_t value;
            if (!guest_read_long(l, s->ea[n] + i * word, &value))
                return false;
            s->bits[n][i * word / 8] |= value << (i * word * 8 % 64);
        }
    return true;
}

static bool put_sets(struct linux_process *l, const struct select_sets *s)
{
    uint32_t word = l->image.is_64bit ? 8 : 4;
    for (uint32_t n = 0; n < 3; n++)
        for (uint32_t i = 0; s->ea[n] && i < s->longs; i++)
            if (!guest_write_long(l, s->ea[n] + i * word,
                                  s->bits[n][i * word / 8] >> (i * word * 8 % 64)))
                return false;
    return true;
}

static const short select_wants[3] = {POLLIN, POLLOUT, POLLPRI};
static const short select_gets[3] = {POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI};

/* One pollfd for each descriptor in any set; -EBADF when one is not open. */
static int64_t sets_to_fds(struct linux_process *l, const struct select_sets *s, uint64_t count,
                           struct pollfd *fds)
{
    for (uint64_t fd = 0; fd < count; fd++) {
        fds[fd].fd = -1;
        for (uint32_t n = 0; n < 3; n++)
            if (s->bits[n][fd / 64] >> (fd % 64) & 1)
                fds[fd].events |= select_wants[n];
        if (!fds[fd].events)
            continue;
        fds[fd].fd = fd_host(&l->fds, fd);
        if (fds[fd].fd < 0)
            return -EBADF;
    }
    return 0;
}

static int64_t fds_to_sets(struct select_sets *s, uint64_t count, const struct pollfd *fds)
{
    int64_t ready = 0;
    for (uint64_t fd = 0; fd < count; fd++)
        for (uint32_t n = 0; n < 3; n++) {
            uint64_t bit = UINT64_C(1) << (fd % 64);
            if (!(s->bits[n][fd / 64] & bit))
                continue;
            if (fds[fd].revents & select_gets[n])
                ready++;
            else
                s->bits[n][fd / 64] &= ~bit;
        }
    return ready;
}

static int64_t select_guest(struct linux_process *l, const uint64_t *a, uint64_t timeout_ns)
{
    struct select_sets s = {.ea = {a[1], a[2], a[3]}};
    if ((int64_t)a[0] < 0)
        return -EINVAL;
    uint64_t count = min_u64(a[0], FD_SETSIZE_MAX), bits = l->image.is_64bit ? 64 : 32;
    s.longs = (uint32_t)((count + bits - 1) / bits);
    if (!get_sets(l, &s))
        return -EFAULT;
    struct pollfd *fds = xcalloc(count + 1, sizeof *fds);
    struct waiter waiter = {.look = look_poll, .fds = fds, .count = count};
    int64_t r = sets_to_fds(l, &s, count, fds);
    if (r == 0)
        r = wait_for(l, &waiter, timeout_ns);
    if (r >= 0) {
        r = fds_to_sets(&s, count, fds);
        if (!put_sets(l, &s))
            r = -EFAULT;
    }
    free(fds);
    return r;
}

/* The timeout is a struct timeval that gets what is left. */
int64_t sys__newselect(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns = FOR_EVER;
    struct wire w;
    if (a[4]) {
        if (!wire_load(&w, l, a[4], l->image.is_64bit ? 16 : 8))
            return -EFAULT;
        uint64_t seconds = wire_get_long(&w), micro = wire_get_long(&w);
        if (seconds > INT32_MAX || micro > INT32_MAX)
            return -EINVAL;
        ns = seconds * NS_PER_SECOND + micro * 1000;
    }
    note_end(l, ns);
    int64_t r = select_guest(l, a, ns);
    if (a[4] && !l->kernel->threads.must_wait)
        time_put_timeval(l, a[4], time_left(l));
    return r;
}

int64_t sys_pselect6(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns = FOR_EVER, mask_ea = 0, mask_bytes = 8;
    int64_t error;
    if (a[4] && !time_get_timespec(l, a[4], &ns, &error))
        return error;
    /* The sixth argument points at the mask's address and size. */
    if (a[5] && (!guest_read_long(l, a[5], &mask_ea) ||
                 !guest_read_long(l, a[5] + (l->image.is_64bit ? 8 : 4), &mask_bytes)))
        return -EFAULT;
    note_end(l, ns);
    int64_t r = set_wait_mask(l, mask_ea, mask_bytes);
    return r < 0 ? r : tell_time_left(l, a[4], end_wait(l, select_guest(l, a, ns)));
}

int64_t sys_epoll_create(struct linux_process *l, const uint64_t *a)
{
    return (int64_t)a[0] <= 0 ? -EINVAL : fd_adopt(l, epoll_create1(EPOLL_CLOEXEC), false);
}

int64_t sys_epoll_create1(struct linux_process *l, const uint64_t *a)
{
    if (a[0] & ~(uint64_t)GUEST_O_CLOEXEC)
        return -EINVAL;
    return fd_adopt(l, epoll_create1(EPOLL_CLOEXEC), a[0]);
}

/* struct epoll_event is not packed on powerpc: events, 4 bytes of padding, data. */
int64_t sys_epoll_ctl(struct linux_process *l, const uint64_t *a)
{
    int epoll = fd_host(&l->fds, a[0]), fd = fd_host(&l->fds, a[2]);
    struct epoll_event event = {0};
    struct wire w;
    if (a[1] != EPOLL_CTL_DEL) {
        if (!wire_load(&w, l, a[3], 16))
            return -EFAULT;
        event.events = (uint32_t)wire_get(&w, 4);
        event.data.u64 = wire_get(&w, 8);
    }
    if (epoll < 0 || fd < 0)
        return -EBADF;
    return host_result(epoll_ctl(epoll, (int)a[1], fd, &event));
}

static int64_t epoll_guest(struct linux_process *l, const uint64_t *a, uint64_t timeout_ns)
{
    enum { AT_ONCE = 256 };
    struct epoll_event events[AT_ONCE];
    int64_t most = (int64_t)a[2];
    struct waiter waiter = {.look = look_epoll, .epoll = fd_host(&l->fds, a[0]), .events = events};
    if (waiter.epoll < 0)
        return -EBADF;
    if (most <= 0)
        return -EINVAL;
    waiter.count = min_u64((uint64_t)most, AT_ONCE);
    int64_t r = wait_for(l, &waiter, timeout_ns);
    for (int64_t n = 0; n < r; n++) {
        struct wire w;
        wire_init(&w, l);
        wire_put(&w, 4, events[n].events);
        wire_put(&w, 8, events[n].data.u64);
        if (!wire_store(&w, l, a[1] + (uint64_t)n * 16))
            return n ? n : -EFAULT;
    }
    return r;
}

int64_t sys_epoll_wait(struct linux_process *l, const uint64_t *a)
{
    return epoll_guest(l, a, from_ms(a[3]));
}

int64_t sys_epoll_pwait2(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns = FOR_EVER;
    int64_t error;
    if (a[3] && !time_get_timespec(l, a[3], &ns, &error))
        return error;
    int64_t r = set_wait_mask(l, a[4], a[5]);
    return r < 0 ? r : end_wait(l, epoll_guest(l, a, ns));
}

int64_t sys_epoll_pwait(struct linux_process *l, const uint64_t *a)
{
    int64_t r = set_wait_mask(l, a[4], a[5]);
    return r < 0 ? r : end_wait(l, epoll_guest(l, a, from_ms(a[3])));
}
