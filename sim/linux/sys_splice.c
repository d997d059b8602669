/* splice, tee and vmsplice: data between pipes and files. The host moves them; where a guest's
 * memory takes part they are copied. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

#define FLAGS_KNOWN UINT64_C(15)
#define MAX_AT_ONCE UINT64_C(0x7fff0000)

/* Blocks the caller, not the others, until both sides are ready. */
static int64_t wait_for_both(struct linux_process *l, int in, int out, uint64_t flags)
{
    if (flags & SPLICE_F_NONBLOCK)
        return 0;
    int64_t r = thread_wait_for_host(l, in, POLLIN);
    return r ? r : thread_wait_for_host(l, out, POLLOUT);
}

/* An offset in the guest's memory; none where the address is zero. */
static bool get_offset(struct linux_process *l, uint64_t ea, off_t *offset)
{
    struct wire w;
    if (!ea)
        return true;
    if (!wire_load(&w, l, ea, 8))
        return false;
    *offset = (off_t)wire_get(&w, 8);
    return true;
}

static bool put_offset(struct linux_process *l, uint64_t ea, off_t offset)
{
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, 8, (uint64_t)offset);
    return !ea || wire_store(&w, l, ea);
}

int64_t sys_splice(struct linux_process *l, const uint64_t *a)
{
    int in = fd_host(&l->fds, a[0]), out = fd_host(&l->fds, a[2]);
    off_t from = 0, to = 0;
    if (in < 0 || out < 0)
        return -EBADF;
    if (a[5] & ~FLAGS_KNOWN)
        return -EINVAL;
    if (!get_offset(l, a[1], &from) || !get_offset(l, a[3], &to))
        return -EFAULT;
    int64_t r = a[4] ? wait_for_both(l, in, out, a[5]) : 0;
    if (r)
        return r;
    r = host_result(splice(in, a[1] ? &from : NULL, out, a[3] ? &to : NULL,
                           min_u64(a[4], MAX_AT_ONCE), (unsigned)a[5]));
    if (r > 0 && (!put_offset(l, a[1], from) || !put_offset(l, a[3], to)))
        return -EFAULT;
    return r;
}

int64_t sys_tee(struct linux_process *l, const uint64_t *a)
{
    int in = fd_host(&l->fds, a[0]), out = fd_host(&l->fds, a[1]);
    if (a[3] & ~FLAGS_KNOWN)
        return -EINVAL;
    if (in < 0 || out < 0)
        return -EBADF;
    int64_t r = a[2] ? wait_for_both(l, in, out, a[3]) : 0;
    return r ? r : host_result(tee(in, out, min_u64(a[2], MAX_AT_ONCE), (unsigned)a[3]));
}

/* Into or out of a pipe, whichever end it is. */
int64_t sys_vmsplice(struct linux_process *l, const uint64_t *a)
{
    struct stat st;
    int fd = fd_host(&l->fds, a[0]), mode = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    if (a[3] & ~FLAGS_KNOWN)
        return -EINVAL;
    if (mode < 0 || fstat(fd, &st) < 0 || !S_ISFIFO(st.st_mode))
        return -EBADF;
    short events = (mode & O_ACCMODE) == O_RDONLY ? POLLIN : POLLOUT;
    struct pollfd p = {.fd = fd, .events = events};
    if (a[3] & SPLICE_F_NONBLOCK && poll(&p, 1, 0) == 0)
        return -EAGAIN;
    return events == POLLIN ? sys_readv(l, a) : sys_writev(l, a);
}

int64_t sys_readahead(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : host_result(readahead(fd, (off_t)a[1], a[2]));
}
