/* Ancillary data of messages. A guest's struct cmsghdr is a long and two ints; headers begin at
 * multiples of a long. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"
#include "sim/linux/socket.h"

#define FDS_MAX 253u /* SCM_MAX_FD */

static uint32_t long_bytes(const struct linux_process *l) { return l->image.is_64bit ? 8 : 4; }
static uint32_t header_bytes(const struct linux_process *l) { return long_bytes(l) + 8; }

/* The guest's descriptors become the host's. */
static int64_t get_rights(struct linux_process *l, struct wire *w, uint32_t bytes, int *to)
{
    if (bytes / 4 > FDS_MAX)
        return -EINVAL;
    for (uint32_t n = 0; n < bytes / 4; n++) {
        to[n] = fd_host(&l->fds, wire_get(w, 4));
        if (to[n] < 0)
            return -EBADF;
    }
    return bytes / 4 * (int64_t)sizeof *to;
}

static int64_t get_credentials(struct linux_process *l, struct wire *w, uint32_t bytes,
                               struct ucred *to)
{
    if (bytes != 12)
        return -EINVAL;
    uint32_t pid = (uint32_t)wire_get(w, 4), uid = (uint32_t)wire_get(w, 4);
    uint32_t gid = (uint32_t)wire_get(w, 4);
    if (pid != l->pid || uid != l->config.keys->uid || gid != l->config.keys->gid)
        return -EPERM;
    *to = (struct ucred){getpid(), getuid(), getgid()};
    return sizeof *to;
}

/* What may be said of one datagram on its way. */
static bool is_number(uint32_t level, uint32_t type)
{
    return (level == IPPROTO_IP && (type == IP_TOS || type == IP_TTL)) ||
           (level == IPPROTO_IPV6 && (type == IPV6_HOPLIMIT || type == IPV6_TCLASS));
}

/* One header with its data, w.used behind the header: the bytes of host data. */
static int64_t get_one(struct linux_process *l, struct wire *w, uint32_t level, uint32_t type,
                       uint32_t bytes, void *to)
{
    if (level == SOL_SOCKET && type == SCM_RIGHTS)
        return get_rights(l, w, bytes, to);
    if (level == SOL_SOCKET && type == SCM_CREDENTIALS)
        return get_credentials(l, w, bytes, to);
    if (!is_number(level, type) || bytes != 4)
        return -EINVAL;
    uint32_t number = (uint32_t)wire_get(w, 4);
    memcpy(to, &number, sizeof number);
    return sizeof number;
}

int64_t socket_control_get(struct linux_process *l, uint64_t ea, uint64_t bytes, void *host,
                           size_t *used)
{
    struct wire w;
    uint32_t at = 0, header = header_bytes(l);
    *used = 0;
    if (bytes > SOCKET_CONTROL_MAX / 2)
        return -ENOBUFS;
    if (!wire_load(&w, l, ea, (uint32_t)bytes))
        return -EFAULT;
    while (at + header <= bytes) {
        w.used = at;
        uint64_t length = wire_get_long(&w);
        uint32_t level = (uint32_t)wire_get(&w, 4), type = (uint32_t)wire_get(&w, 4);
        struct cmsghdr *c = (struct cmsghdr *)((char *)host + *used);
        if (length < header || length > bytes - at)
            return -EINVAL;
        int64_t n = get_one(l, &w, level, type, (uint32_t)length - header, CMSG_DATA(c));
        if (n < 0)
            return n;
        *c = (struct cmsghdr){CMSG_LEN((size_t)n), (int)level, (int)type};
        *used += CMSG_SPACE((size_t)n);
        at += (uint32_t)align_up(length, long_bytes(l));
    }
    return 0;
}

/* Is it an eventfd, whose count is in the host's byte order? */
static bool is_counter(int fd)
{
    char link[64], name[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof name);
    return n > 0 && memmem(name, (size_t)n, "[eventfd]", 9);
}

/* Descriptors that there is no room or no number for are closed, as by Linux. */
static void put_rights(struct linux_process *l, struct wire *w, const struct cmsghdr *c,
                       uint32_t room, bool cloexec, uint32_t *flags)
{
    uint32_t count = (uint32_t)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int)), end = w->used + room;
    for (uint32_t n = 0; n < count; n++) {
        int fd;
        memcpy(&fd, CMSG_DATA(c) + n * sizeof fd, sizeof fd);
        if (w->used + 4 > end) {
            *flags |= MSG_CTRUNC;
            close(fd);
            continue;
        }
        bool counter = is_counter(fd);
        int64_t guest = fd_adopt(l, fd, cloexec);
        if (guest < 0) {
            *flags |= MSG_CTRUNC;
            end = w->used;
            continue;
        }
        fd_find(&l->fds, (uint64_t)guest)->is_counter = counter;
        wire_put(w, 4, (uint64_t)guest);
    }
}

/* Whoever lives in the simulator is told of as the first process. */
static void put_credentials(struct linux_process *l, struct wire *w, const struct cmsghdr *c)
{
    struct ucred u;
    memcpy(&u, CMSG_DATA(c), sizeof u);
    bool ours = u.pid == getpid();
    wire_put(w, 4, ours ? l->kernel->first->pid : (uint32_t)u.pid);
    wire_put(w, 4, u.uid == l->host_uid ? l->config.keys->uid : u.uid);
    wire_put(w, 4, u.gid == l->host_gid ? l->config.keys->gid : u.gid);
}

/* Numbers of 4 bytes with an address behind or before them. */
static void put_internet(struct wire *w, const struct cmsghdr *c)
{
    const unsigned char *data = CMSG_DATA(c);
    uint32_t number;
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
        wire_put_bytes(w, data, 16);
        data += 16;
    }
    memcpy(&number, data, sizeof number);
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS)
        wire_put(w, 1, *data);
    else
        wire_put(w, 4, number);
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
        wire_put_bytes(w, data + 4, 8);
}

static uint32_t guest_data_bytes(const struct cmsghdr *c)
{
    return (uint32_t)(c->cmsg_len - CMSG_LEN(0));
}

/* False: nothing more fits. */
static bool put_one(struct linux_process *l, struct wire *w, const struct cmsghdr *c,
                    uint64_t room, bool cloexec, uint32_t *flags)
{
    uint32_t at = w->used, header = header_bytes(l), end;
    bool rights = c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS;
    bool fits = at + header + (rights ? 0 : guest_data_bytes(c)) <= room;
    if (!fits)
        *flags |= MSG_CTRUNC;
    if (!fits && !rights)
        return false;
    if (fits)
        wire_zero(w, header);
    if (rights)
        put_rights(l, w, c, fits ? (uint32_t)room - w->used : 0, cloexec, flags);
    else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS)
        put_credentials(l, w, c);
    else
        put_internet(w, c);
    end = w->used;
    if (fits && end > at + header) {
        w->used = at;
        wire_put_long(w, end - at);
        wire_put(w, 4, (uint32_t)c->cmsg_level);
        wire_put(w, 4, (uint32_t)c->cmsg_type);
        w->used = end;
        wire_zero(w, (uint32_t)min_u64(align_up(end, long_bytes(l)), room) - end);
    } else {
        w->used = at;
    }
    return fits;
}

bool socket_control_put(struct linux_process *l, struct msghdr *host, uint64_t ea, uint64_t room,
                        bool cloexec, uint32_t *flags, uint64_t *used)
{
    struct wire w;
    wire_init(&w, l);
    room = min_u64(room, WIRE_BYTES);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(host); c; c = CMSG_NXTHDR(host, c))
        put_one(l, &w, c, room, cloexec, flags);
    *used = w.used;
    return !w.used || wire_store(&w, l, ea);
}
