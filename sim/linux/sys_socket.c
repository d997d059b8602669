/* Sockets: making, naming, connecting and closing them (socket.h). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"
#include "sim/linux/socket.h"

#define TYPE_MASK  15u
#define TYPE_FLAGS ((uint64_t)(GUEST_O_NONBLOCK | GUEST_O_CLOEXEC))

/* Types and families have the same numbers on powerpc. 0 or a negative errno. */
static int64_t check_kind(uint64_t family, uint64_t type)
{
    if (type & ~(TYPE_MASK | TYPE_FLAGS))
        return -EINVAL;
    if (family != AF_UNIX && family != AF_INET && family != AF_INET6)
        return -EAFNOSUPPORT;
    return family != AF_UNIX && (type & TYPE_MASK) == SOCK_RAW ? -EPERM : 0;
}

static int host_type(uint64_t type)
{
    return (int)(type & TYPE_MASK) | SOCK_CLOEXEC |
           (type & GUEST_O_NONBLOCK ? SOCK_NONBLOCK : 0);
}

int64_t sys_socket(struct linux_process *l, const uint64_t *a)
{
    int64_t r = check_kind(a[0], a[1]);
    if (r < 0)
        return r;
    int fd = socket((int)a[0], host_type(a[1]), (int)a[2]);
    if (fd < 0)
        return -errno;
    l->kernel->has_sockets = true;
    if (a[0] != AF_UNIX)
        l->kernel->ties_sockets = setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) == 0;
    return fd_adopt(l, fd, a[1] & GUEST_O_CLOEXEC);
}

int64_t sys_socketpair(struct linux_process *l, const uint64_t *a)
{
    int host[2];
    struct wire w;
    int64_t r = check_kind(a[0], a[1]);
    if (r < 0)
        return r;
    if (socketpair((int)a[0], host_type(a[1]), (int)a[2], host) < 0)
        return -errno;
    bool cloexec = a[1] & GUEST_O_CLOEXEC;
    int64_t first = fd_adopt(l, host[0], cloexec), second = fd_adopt(l, host[1], cloexec);
    wire_init(&w, l);
    wire_put(&w, 4, (uint64_t)first);
    wire_put(&w, 4, (uint64_t)second);
    if (first >= 0 && second >= 0 && wire_store(&w, l, a[3]))
        return 0;
    fd_close(&l->fds, (uint64_t)first);
    fd_close(&l->fds, (uint64_t)second);
    return first >= 0 && second >= 0 ? -EFAULT : -EMFILE;
}

/* A file that is made here has the guest's mode. */
int64_t sys_bind(struct linux_process *l, const uint64_t *a)
{
    struct socket_name name;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    int64_t r = socket_name_get(l, a[1], (uint32_t)a[2], SOCKET_BIND, &name);
    if (r < 0)
        return r;
    mode_t old = umask(l->umask);
    r = bind(fd, (struct sockaddr *)&name.host, name.bytes) < 0 ? -errno : 0;
    umask(old);
    if (r == 0)
        socket_name_keep(l, &name, a[1], (uint32_t)a[2]);
    socket_name_done(&name);
    return r;
}

int64_t sys_listen(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : host_result(listen(fd, (int)a[1]));
}

/* A connection that takes time is asked for again until it stands. That of a full AF_UNIX listener
 * does not begin: nothing tells when there is room. */
int64_t sys_connect(struct linux_process *l, const uint64_t *a)
{
    struct socket_name name;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    int64_t r = socket_name_get(l, a[1], (uint32_t)a[2], SOCKET_SEND, &name);
    if (r < 0)
        return r;
    int flags = socket_unblock(fd);
    r = connect(fd, (struct sockaddr *)&name.host, name.bytes);
    socket_restore(fd, flags);
    int why = errno;
    socket_name_done(&name);
    errno = why;
    if (r == 0 || (why == EISCONN && l->kernel->threads.is_retry))
        return 0;
    if (!socket_may_wait(fd, 0))
        return -why;
    r = why == EAGAIN ? socket_wait_retry(l, fd, POLLOUT) : socket_wait(l, fd, POLLOUT);
    return r == -EAGAIN && why != EAGAIN ? -EINPROGRESS : r;
}

/* Gives what there is room for, and the whole length. */
static int64_t put_name(struct linux_process *l, uint64_t ea, uint64_t length_ea,
                        const struct sockaddr_storage *name, socklen_t bytes)
{
    uint32_t room, length;
    if (!guest_read_u32(l, length_ea, &room))
        return -EFAULT;
    if (room > INT32_MAX)
        return -EINVAL;
    if (!socket_name_put(l, ea, room, name, bytes, &length))
        return -EFAULT;
    return guest_write_u32(l, length_ea, length) ? 0 : -EFAULT;
}

static int64_t accept_one(struct linux_process *l, const uint64_t *a, uint64_t flags)
{
    struct sockaddr_storage name = {0};
    socklen_t bytes = sizeof name;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    if (flags & ~TYPE_FLAGS)
        return -EINVAL;
    int old = socket_unblock(fd);
    int host = accept4(fd, (struct sockaddr *)&name, &bytes,
                       SOCK_CLOEXEC | (flags & GUEST_O_NONBLOCK ? SOCK_NONBLOCK : 0));
    socket_restore(fd, old);
    if (host < 0)
        return socket_may_wait(fd, 0) ? socket_wait(l, fd, POLLIN) : -errno;
    int64_t r = a[1] ? put_name(l, a[1], a[2], &name, bytes) : 0;
    if (r < 0) {
        close(host);
        return r;
    }
    return fd_adopt(l, host, flags & GUEST_O_CLOEXEC);
}

int64_t sys_accept(struct linux_process *l, const uint64_t *a) { return accept_one(l, a, 0); }
int64_t sys_accept4(struct linux_process *l, const uint64_t *a) { return accept_one(l, a, a[3]); }

static int64_t tell_name(struct linux_process *l, const uint64_t *a,
                         int (*ask)(int fd, struct sockaddr *name, socklen_t *bytes))
{
    struct sockaddr_storage name = {0};
    socklen_t bytes = sizeof name;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    if (ask(fd, (struct sockaddr *)&name, &bytes) < 0)
        return -errno;
    return put_name(l, a[1], a[2], &name, bytes);
}

int64_t sys_getsockname(struct linux_process *l, const uint64_t *a)
{
    return tell_name(l, a, getsockname);
}

int64_t sys_getpeername(struct linux_process *l, const uint64_t *a)
{
    return tell_name(l, a, getpeername);
}

int64_t sys_shutdown(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : host_result(shutdown(fd, (int)a[1]));
}

/* The old way to all of them: a number and the address of the arguments, each a long. */
int64_t sys_socketcall(struct linux_process *l, const uint64_t *a)
{
    static const struct {
        int64_t (*handler)(struct linux_process *l, const uint64_t *a);
        uint32_t args;
    } rows[] = {
        {sys_socket, 3},     {sys_bind, 3},        {sys_connect, 3},     {sys_listen, 2},
        {sys_accept, 3},     {sys_getsockname, 3}, {sys_getpeername, 3}, {sys_socketpair, 4},
        {sys_send, 4},       {sys_recv, 4},        {sys_sendto, 6},      {sys_recvfrom, 6},
        {sys_shutdown, 2},   {sys_setsockopt, 5},  {sys_getsockopt, 5},  {sys_sendmsg, 3},
        {sys_recvmsg, 3},    {sys_accept4, 4},     {sys_recvmmsg, 5},    {sys_sendmmsg, 4},
    };
    uint64_t args[SYSCALL_ARGS] = {0};
    uint64_t row = a[0] - 1;
    if (row >= ARRAY_LEN(rows))
        return -EINVAL;
    for (uint32_t n = 0; n < rows[row].args; n++)
        if (!guest_read_long(l, a[1] + n * (l->image.is_64bit ? 8 : 4), &args[n]))
            return -EFAULT;
    return rows[row].handler(l, args);
}
