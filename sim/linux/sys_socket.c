/* The names of sockets that the program was started with, as standard input say. It cannot make any
 * of its own; but shells ask who is at the other end and take ENOSYS for somebody. */
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

/* Ports and addresses are in network order everywhere; the rest is in the guest's. */
static void put_name(struct wire *w, const struct sockaddr_storage *name, socklen_t bytes)
{
    const uint8_t *from = (const uint8_t *)name;
    wire_put(w, 2, name->ss_family);
    if (name->ss_family == AF_INET6 && bytes == sizeof(struct sockaddr_in6)) {
        uint32_t scope = offsetof(struct sockaddr_in6, sin6_scope_id);
        wire_put_bytes(w, from + w->used, scope - w->used);
        wire_put(w, 4, ((const struct sockaddr_in6 *)name)->sin6_scope_id);
    } else if (bytes > w->used) {
        wire_put_bytes(w, from + w->used, bytes - w->used);
    }
}

/* As much of the name as there is room for, and its whole length. */
static int64_t tell_name(struct linux_process *l, const uint64_t *a,
                         int (*ask)(int fd, struct sockaddr *name, socklen_t *bytes))
{
    struct sockaddr_storage name = {0};
    socklen_t bytes = sizeof name;
    uint32_t room;
    struct wire w;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    if (ask(fd, (struct sockaddr *)&name, &bytes) < 0)
        return -errno;
    if (!guest_read_u32(l, a[2], &room))
        return -EFAULT;
    if (room > INT32_MAX)
        return -EINVAL;
    wire_init(&w, l);
    put_name(&w, &name, bytes);
    if (!guest_write(l, a[1], w.bytes, min_u64(room, bytes)))
        return -EFAULT;
    return guest_write_u32(l, a[2], bytes) ? 0 : -EFAULT;
}

int64_t sys_getsockname(struct linux_process *l, const uint64_t *a)
{
    return tell_name(l, a, getsockname);
}

int64_t sys_getpeername(struct linux_process *l, const uint64_t *a)
{
    return tell_name(l, a, getpeername);
}
