/* Messages: send, recv and their family. The host works straight on the guest's frames and never
 * waits (socket.h). */
#include <errno.h>
#include <poll.h>
#include <stddef.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/socket.h"

#define IOV_ROOM    1024u /* the host's UIO_MAXIOV */
#define MAX_AT_ONCE UINT64_C(0x7fff0000)
/* Flags have the same values on powerpc; those that say how to wait are for here. */
#define SEND_FLAGS                                                                                 \
    (MSG_OOB | MSG_DONTROUTE | MSG_EOR | MSG_MORE | MSG_CONFIRM | MSG_FASTOPEN)
#define RECEIVE_FLAGS (MSG_OOB | MSG_PEEK | MSG_TRUNC | MSG_ERRQUEUE)

/* A guest's struct msghdr, or what stands for one. */
struct message {
    uint64_t name_ea, name_bytes, control_ea, control_bytes;
    struct guest_span spans[SPAN_MAX];
    struct guest_cursor cursor;
    /* Results of receiving. */
    uint32_t name_length, flags;
    uint64_t control_used;
};

static void skip(struct guest_cursor *c, uint64_t bytes)
{
    while (bytes && c->spans) {
        uint64_t part = min_u64(bytes, c->span->bytes - c->at);
        bytes -= part;
        c->at += part;
        if (c->at == c->span->bytes) {
            c->span++;
            c->spans--;
            c->at = 0;
        }
    }
}

static uint64_t bytes_of(const struct guest_cursor *c)
{
    uint64_t bytes = 0;
    for (uint32_t n = 0; n < c->spans; n++)
        bytes += c->span[n].bytes;
    return bytes;
}

static bool is_stream(int fd)
{
    int type = 0;
    socklen_t bytes = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &bytes) == 0 && type == SOCK_STREAM;
}

/* What is done of a stream's bytes counts when the rest cannot be waited for. */
static int64_t wait_for_rest(struct linux_process *l, int fd, short events, uint64_t total)
{
    int64_t r = socket_wait(l, fd, events);
    thread_running(l)->wait.written = total;
    return total && !l->kernel->threads.must_wait ? (int64_t)total : r;
}

static int64_t send_error(struct linux_process *l, uint64_t flags)
{
    int why = errno;
    if (why == EPIPE && !(flags & MSG_NOSIGNAL))
        signal_send(l, (struct signal_info){.signo = GUEST_SIGPIPE, .code = CODE_USER,
                                            .pid = l->pid, .uid = l->config.keys->uid});
    return -why;
}

/* h->msg_iov has room for IOV_ROOM. A stream takes a message in parts, also from one try of the
 * call to the next; name and ancillary data go with the first. */
static int64_t send_bytes(struct linux_process *l, int fd, const struct guest_cursor *from,
                          struct msghdr *h, uint64_t flags)
{
    bool stream = is_stream(fd);
    uint64_t part, whole = bytes_of(from), total = thread_running(l)->wait.written;
    for (;;) {
        struct guest_cursor c = *from;
        skip(&c, total);
        h->msg_iovlen = guest_next_iov(l, &c, h->msg_iov, IOV_ROOM, &part);
        if (c.faulted && (!stream || !part))
            return total ? (int64_t)total : -EFAULT;
        if (c.spans && !stream)
            return -EMSGSIZE;
        if (total)
            h->msg_controllen = 0;
        ssize_t n = sendmsg(fd, h, (int)(flags & SEND_FLAGS) | MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && socket_may_wait(fd, flags))
            return wait_for_rest(l, fd, POLLOUT, total);
        if (n < 0)
            return total ? (int64_t)total : send_error(l, flags);
        total += (uint64_t)n;
        if (!stream || total >= whole)
            return (int64_t)total;
    }
}

static int64_t send_message(struct linux_process *l, int fd, struct message *m, uint64_t flags)
{
    _Alignas(struct cmsghdr) char control[SOCKET_CONTROL_MAX] = {0};
    struct iovec iov[IOV_ROOM];
    struct msghdr h = {.msg_iov = iov};
    struct socket_name name = {.dir_fd = -1};
    int64_t r = 0;
    if (m->control_bytes) {
        r = socket_control_get(l, m->control_ea, m->control_bytes, control, &h.msg_controllen);
        h.msg_control = control;
    }
    if (r == 0 && m->name_ea && m->name_bytes)
        r = socket_name_get(l, m->name_ea, m->name_bytes, SOCKET_SEND, &name);
    if (r < 0)
        return r;
    if (name.bytes) {
        h.msg_name = &name.host;
        h.msg_namelen = name.bytes;
    }
    r = send_bytes(l, fd, &m->cursor, &h, flags);
    socket_name_done(&name);
    return r;
}

/* The number of bytes, *h with what else came. */
static int64_t receive_bytes(struct linux_process *l, int fd, const struct guest_cursor *to,
                             struct msghdr *h, uint64_t flags)
{
    bool all = flags & MSG_WAITALL && !(flags & (MSG_PEEK | MSG_ERRQUEUE)) && is_stream(fd);
    uint64_t part, whole = bytes_of(to), total = all ? thread_running(l)->wait.written : 0;
    for (;;) {
        struct guest_cursor c = *to;
        skip(&c, total);
        h->msg_iovlen = guest_next_iov(l, &c, h->msg_iov, IOV_ROOM, &part);
        if (c.faulted && !part)
            return total ? (int64_t)total : -EFAULT;
        ssize_t n = recvmsg(fd, h, (int)(flags & RECEIVE_FLAGS) | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (n < 0 && !(flags & MSG_ERRQUEUE) && socket_may_wait(fd, flags))
            return wait_for_rest(l, fd, POLLIN, total);
        if (n < 0)
            return total ? (int64_t)total : -errno;
        if (c.faulted && h->msg_flags & MSG_TRUNC)
            return -EFAULT;
        total += (uint64_t)n;
        if (!all || n == 0 || total >= whole)
            return (int64_t)total;
    }
}

static int64_t receive_message(struct linux_process *l, int fd, struct message *m, uint64_t flags)
{
    _Alignas(struct cmsghdr) char control[SOCKET_CONTROL_MAX];
    struct sockaddr_storage name = {0};
    struct iovec iov[IOV_ROOM];
    struct msghdr h = {.msg_iov = iov,
                       .msg_name = m->name_ea ? &name : NULL,
                       .msg_namelen = m->name_ea ? sizeof name : 0,
                       .msg_control = m->control_bytes ? control : NULL,
                       .msg_controllen = m->control_bytes ? sizeof control : 0};
    int64_t n = receive_bytes(l, fd, &m->cursor, &h, flags);
    if (n < 0 || l->kernel->threads.must_wait)
        return n;
    m->flags = (uint32_t)(h.msg_flags & ~MSG_CMSG_CLOEXEC) | (flags & MSG_CMSG_CLOEXEC);
    if (m->control_bytes &&
        !socket_control_put(l, &h, m->control_ea, m->control_bytes, flags & MSG_CMSG_CLOEXEC,
                            &m->flags, &m->control_used))
        return -EFAULT;
    if (m->name_ea && !socket_name_put(l, m->name_ea, m->name_bytes, &name, h.msg_namelen,
                                       &m->name_length))
        return -EFAULT;
    return n;
}

/* One buffer without ancillary data. */
static void set_buffer(struct message *m, uint64_t ea, uint64_t bytes, bool store)
{
    m->spans[0] = (struct guest_span){ea, min_u64(bytes, MAX_AT_ONCE)};
    m->cursor = (struct guest_cursor){.span = m->spans, .spans = 1, .store = store};
    m->name_ea = m->name_bytes = m->control_ea = m->control_bytes = 0;
}

/* 0 or -EFAULT. Linux refuses what does not lie in the user's half before it looks at pages. */
static int64_t get_spans(struct linux_process *l, struct message *m, uint64_t ea, uint64_t count)
{
    uint32_t word = l->image.is_64bit ? 8 : 4;
    uint64_t left = MAX_AT_ONCE;
    for (uint32_t n = 0; n < count; n++) {
        struct guest_span *s = &m->spans[n];
        if (!guest_read_long(l, ea + n * 2 * word, &s->ea) ||
            !guest_read_long(l, ea + (n * 2 + 1) * word, &s->bytes))
            return -EFAULT;
        if (s->bytes >> (word * 8 - 1))
            return -EINVAL;
        s->bytes = min_u64(s->bytes, left);
        left -= s->bytes;
    }
    return 0;
}

/* Where the members that receiving changes lie in a guest's struct msghdr. */
struct header_places {
    uint32_t name_length, control_length, flags, bytes;
};

static struct header_places places_of(const struct linux_process *l)
{
    return l->image.is_64bit ? (struct header_places){8, 40, 48, 56}
                             : (struct header_places){4, 20, 24, 28};
}

static int64_t get_header(struct linux_process *l, uint64_t ea, struct message *m, bool store)
{
    struct wire w;
    if (!wire_load(&w, l, ea, places_of(l).bytes))
        return -EFAULT;
    m->name_ea = wire_get_long(&w);
    m->name_bytes = wire_get(&w, 4);
    uint64_t iov_ea = wire_get_long(&w), count = wire_get_long(&w);
    m->control_ea = wire_get_long(&w);
    m->control_bytes = wire_get_long(&w);
    m->control_used = m->name_length = m->flags = 0;
    if ((int32_t)m->name_bytes < 0)
        return -EINVAL;
    m->name_bytes = min_u64(m->name_bytes, SOCKET_NAME_MAX);
    if (count > SPAN_MAX)
        return -EMSGSIZE;
    m->cursor = (struct guest_cursor){.span = m->spans, .spans = (uint32_t)count, .store = store};
    return get_spans(l, m, iov_ea, count);
}

static bool put_header(struct linux_process *l, uint64_t ea, const struct message *m)
{
    struct header_places at = places_of(l);
    return (!m->name_ea || guest_write_u32(l, ea + at.name_length, m->name_length)) &&
           guest_write_long(l, ea + at.control_length, m->control_used) &&
           guest_write_u32(l, ea + at.flags, m->flags);
}

static int64_t send_header(struct linux_process *l, int fd, uint64_t ea, uint64_t flags)
{
    struct message m;
    int64_t r = get_header(l, ea, &m, false);
    return r < 0 ? r : send_message(l, fd, &m, flags);
}

static int64_t receive_header(struct linux_process *l, int fd, uint64_t ea, uint64_t flags)
{
    struct message m;
    int64_t r = get_header(l, ea, &m, true);
    if (r == 0)
        r = receive_message(l, fd, &m, flags);
    if (r < 0 || l->kernel->threads.must_wait)
        return r;
    return put_header(l, ea, &m) ? r : -EFAULT;
}

int64_t sys_sendmsg(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : send_header(l, fd, a[1], a[2]);
}

int64_t sys_recvmsg(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : receive_header(l, fd, a[1], a[2]);
}

int64_t sys_sendto(struct linux_process *l, const uint64_t *a)
{
    struct message m;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    set_buffer(&m, a[1], a[2], false);
    m.name_ea = a[4];
    m.name_bytes = (uint32_t)a[5];
    return send_message(l, fd, &m, a[3]);
}

int64_t sys_recvfrom(struct linux_process *l, const uint64_t *a)
{
    struct message m;
    uint32_t room = 0;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    set_buffer(&m, a[1], a[2], true);
    if (a[4] && !guest_read_u32(l, a[5], &room))
        return -EFAULT;
    if (room > INT32_MAX)
        return -EINVAL;
    m.name_ea = a[4];
    m.name_bytes = room;
    int64_t r = receive_message(l, fd, &m, a[3]);
    if (r < 0 || l->kernel->threads.must_wait || !a[4])
        return r;
    return guest_write_u32(l, a[5], m.name_length) ? r : -EFAULT;
}

int64_t sys_send(struct linux_process *l, const uint64_t *a)
{
    return sys_sendto(l, (uint64_t[]){a[0], a[1], a[2], a[3], 0, 0});
}

int64_t sys_recv(struct linux_process *l, const uint64_t *a)
{
    return sys_recvfrom(l, (uint64_t[]){a[0], a[1], a[2], a[3], 0, 0});
}

int64_t socket_transfer(struct linux_process *l, int fd, struct guest_cursor *c)
{
    struct iovec iov[IOV_ROOM];
    struct msghdr h = {.msg_iov = iov};
    return c->store ? receive_bytes(l, fd, c, &h, 0) : send_bytes(l, fd, c, &h, 0);
}

/* struct mmsghdr: a header, and the bytes of its message. */
static uint64_t element_bytes(const struct linux_process *l) { return l->image.is_64bit ? 64 : 32; }

static bool put_count(struct linux_process *l, uint64_t element_ea, int64_t bytes)
{
    return guest_write_u32(l, element_ea + places_of(l).bytes, (uint32_t)bytes);
}

/* Only the first message is waited with. */
int64_t sys_sendmmsg(struct linux_process *l, const uint64_t *a)
{
    uint64_t count = min_u64((uint32_t)a[2], SPAN_MAX), n;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    for (n = 0; n < count; n++) {
        uint64_t ea = a[1] + n * element_bytes(l);
        int64_t r = send_header(l, fd, ea, a[3] | (n ? MSG_DONTWAIT : 0));
        if (l->kernel->threads.must_wait)
            return r;
        if (r >= 0 && !put_count(l, ea, r))
            r = -EFAULT;
        if (r < 0)
            return n ? (int64_t)n : r;
        thread_running(l)->wait.written = 0;
    }
    return (int64_t)n;
}

/* One after the other: what has come is counted in wait.written while the rest is waited for. */
static int64_t receive_many(struct linux_process *l, int fd, const uint64_t *a, uint64_t until)
{
    uint64_t count = min_u64((uint32_t)a[2], SPAN_MAX), n = thread_running(l)->wait.written;
    uint64_t flags = a[3] & ~(uint64_t)(MSG_WAITALL | MSG_WAITFORONE);
    for (; n < count && (!n || time_monotonic_ns(l) < until); n++) {
        uint64_t ea = a[1] + n * element_bytes(l);
        int64_t r = receive_header(l, fd, ea,
                                   flags | (n && a[3] & MSG_WAITFORONE ? MSG_DONTWAIT : 0));
        thread_running(l)->wait.written = n;
        if (l->kernel->threads.must_wait)
            return r;
        if (r >= 0 && !put_count(l, ea, r))
            r = -EFAULT;
        if (r < 0)
            return n ? (int64_t)n : r;
    }
    return (int64_t)n;
}

/* As on Linux the timeout is looked at when a message has come. */
int64_t sys_recvmmsg(struct linux_process *l, const uint64_t *a)
{
    struct thread_wait *w = &thread_running(l)->wait;
    uint64_t ns = 0;
    int64_t error;
    int fd = fd_host(&l->fds, a[0]);
    if (a[4] && !time_get_timespec(l, a[4], &ns, &error))
        return error;
    if (fd < 0)
        return -EBADF;
    if (!l->kernel->threads.is_retry)
        w->call_until_ns = a[4] ? time_monotonic_ns(l) + ns : WAIT_FOR_EVER;
    int64_t r = receive_many(l, fd, a, w->call_until_ns);
    uint64_t now = time_monotonic_ns(l);
    if (a[4] && r > 0 && !l->kernel->threads.must_wait &&
        !time_put_timespec(l, a[4], w->call_until_ns > now ? w->call_until_ns - now : 0))
        return -EFAULT;
    return r;
}
