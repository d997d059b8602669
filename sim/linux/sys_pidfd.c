/* Descriptors of processes (fd_object.h): ready when the process has ended. */
#include <errno.h>
#include <fcntl.h>

#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"

int64_t pidfd_create(struct linux_process *l, uint32_t pid, bool nonblocking)
{
    struct fd_object kind = {.kind = FD_PROCESS, .pid = pid};
    return fd_object_create(l, &kind, nonblocking, true);
}

int64_t pidfd_process(struct linux_process *l, uint64_t guest, uint32_t *pid, bool *nonblocking)
{
    const struct fd_object *o = fd_object_find(l, guest, FD_PROCESS);
    if (!o)
        return -EBADF;
    *pid = o->pid;
    *nonblocking = fcntl(o->event_fd, F_GETFL) & O_NONBLOCK;
    return 0;
}

int64_t sys_pidfd_open(struct linux_process *l, const uint64_t *a)
{
    if (a[1] & ~(uint64_t)GUEST_O_NONBLOCK || (int64_t)a[0] <= 0)
        return -EINVAL;
    if (!task_find(l->kernel, a[0]))
        return thread_find_any(l->kernel, a[0]) ? -EINVAL : -ESRCH;
    int64_t guest = pidfd_create(l, (uint32_t)a[0], a[1]);
    fd_objects_update(l->kernel);
    return guest;
}

int64_t sys_pidfd_send_signal(struct linux_process *l, const uint64_t *a)
{
    uint32_t pid, signo;
    bool nonblocking;
    int64_t r = pidfd_process(l, a[0], &pid, &nonblocking);
    if (a[3] || r < 0)
        return a[3] ? -EINVAL : r;
    if (!a[2])
        return sys_kill(l, (uint64_t[]){pid, a[1]});
    if (!guest_read_u32(l, a[2], &signo))
        return -EFAULT;
    return signo == a[1] ? sys_rt_sigqueueinfo(l, (uint64_t[]){pid, a[1], a[2]}) : -EINVAL;
}
