/* Signals that are read (fd_object.h). A descriptor that a fork has made of another one is ready
 * when its maker has a signal; whoever reads gets his own. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "sim/base/bits.h"
#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"

#define SIGINFO_BYTES 128u
#define NEVER_READ    (SIGNAL_BIT(GUEST_SIGKILL) | SIGNAL_BIT(GUEST_SIGSTOP))

static int64_t make_or_change(struct linux_process *l, const uint64_t *a, uint64_t flags)
{
    struct fd_object kind = {.kind = FD_SIGNALS}, *o = fd_object_find(l, a[0], FD_SIGNALS);
    struct wire w;
    if (a[2] != WIRE_SIGSET_BYTES || flags & ~(uint64_t)(GUEST_O_CLOEXEC | GUEST_O_NONBLOCK))
        return -EINVAL;
    if (!wire_load(&w, l, a[1], WIRE_SIGSET_BYTES))
        return -EFAULT;
    kind.signals = wire_get_sigset(&w) & ~NEVER_READ;
    int64_t fd = (int64_t)a[0];
    if (fd == -1) {
        fd = fd_object_create(l, &kind, flags & GUEST_O_NONBLOCK, flags & GUEST_O_CLOEXEC);
    } else {
        if (!o)
            return fd_host(&l->fds, a[0]) < 0 ? -EBADF : -EINVAL;
        o->signals = kind.signals;
    }
    fd_objects_update(l->kernel);
    return fd;
}

int64_t sys_signalfd(struct linux_process *l, const uint64_t *a)
{
    return make_or_change(l, a, 0);
}

int64_t sys_signalfd4(struct linux_process *l, const uint64_t *a)
{
    return make_or_change(l, a, a[3]);
}

/* struct signalfd_siginfo. */
static void put_info(struct wire *w, const struct signal_info *info)
{
    bool child = info->code > 0 && info->signo == GUEST_SIGCHLD, fault = info->code > 0 && !child;
    wire_put(w, 4, info->signo);
    wire_put(w, 4, 0); /* ssi_errno */
    wire_put(w, 4, (uint32_t)info->code);
    wire_put(w, 4, info->code == CODE_TIMER ? 0 : info->pid);
    wire_put(w, 4, info->code == CODE_TIMER ? 0 : info->uid);
    wire_put(w, 4, 0); /* ssi_fd */
    wire_put(w, 4, info->code == CODE_TIMER ? info->pid : 0); /* ssi_tid */
    wire_put(w, 4, 0); /* ssi_band */
    wire_put(w, 4, info->code == CODE_TIMER ? info->uid : 0); /* ssi_overrun */
    wire_put(w, 4, 0); /* ssi_trapno */
    wire_put(w, 4, child ? info->value : 0);
    wire_put(w, 4, child ? 0 : info->value);
    wire_put(w, 8, child ? 0 : info->value);
    wire_put(w, 8, 0); /* ssi_utime */
    wire_put(w, 8, 0); /* ssi_stime */
    wire_put(w, 8, fault ? info->addr : 0);
    wire_zero(w, SIGINFO_BYTES - w->used);
}

int64_t signalfd_read(struct linux_process *l, const struct fd_object *o, const uint64_t *a)
{
    struct pollfd p = {.fd = o->event_fd, .events = POLLIN};
    struct signal_info info;
    uint64_t room = a[2] / SIGINFO_BYTES, n;
    if (!room)
        return -EINVAL;
    for (n = 0; n < room && signal_take(l, o->signals, &info); n++) {
        struct wire w;
        wire_init(&w, l);
        put_info(&w, &info);
        if (!wire_store(&w, l, a[1] + n * SIGINFO_BYTES))
            return n ? (int64_t)(n * SIGINFO_BYTES) : -EFAULT;
    }
    fd_objects_update(l->kernel);
    if (n)
        return (int64_t)(n * SIGINFO_BYTES);
    if (fcntl(o->event_fd, F_GETFL) & O_NONBLOCK)
        return -EAGAIN;
    thread_wait_on(l, &p, 1);
    thread_wait_until(l, WAIT_FOR_EVER);
    return CALL_RESTART;
}
