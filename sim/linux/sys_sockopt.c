/* Options of sockets: those that the table knows, everything else ENOPROTOOPT. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/linux/internal.h"
#include "sim/linux/socket.h"

enum option_kind { INT, LINGER, TIME, TIME_WIDE, CREDENTIALS, TEXT };
enum { OPTION_TEXT_MAX = 16 };

struct option_row {
    uint32_t level, guest;
    int host;
    enum option_kind kind;
};

/* Guest numbers: asm-generic/socket.h, but 16 to 21 powerpc's asm/socket.h. */
static const struct option_row rows[] = {
    {SOL_SOCKET, 1, SO_DEBUG, INT},         {SOL_SOCKET, 2, SO_REUSEADDR, INT},
    {SOL_SOCKET, 3, SO_TYPE, INT},          {SOL_SOCKET, 4, SO_ERROR, INT},
    {SOL_SOCKET, 5, SO_DONTROUTE, INT},     {SOL_SOCKET, 6, SO_BROADCAST, INT},
    {SOL_SOCKET, 7, SO_SNDBUF, INT},        {SOL_SOCKET, 8, SO_RCVBUF, INT},
    {SOL_SOCKET, 9, SO_KEEPALIVE, INT},     {SOL_SOCKET, 10, SO_OOBINLINE, INT},
    {SOL_SOCKET, 12, SO_PRIORITY, INT},     {SOL_SOCKET, 13, SO_LINGER, LINGER},
    {SOL_SOCKET, 15, SO_REUSEPORT, INT},    {SOL_SOCKET, 16, SO_RCVLOWAT, INT},
    {SOL_SOCKET, 17, SO_SNDLOWAT, INT},     {SOL_SOCKET, 18, SO_RCVTIMEO, TIME},
    {SOL_SOCKET, 19, SO_SNDTIMEO, TIME},    {SOL_SOCKET, 20, SO_PASSCRED, INT},
    {SOL_SOCKET, 21, SO_PEERCRED, CREDENTIALS},
    {SOL_SOCKET, 30, SO_ACCEPTCONN, INT},   {SOL_SOCKET, 38, SO_PROTOCOL, INT},
    {SOL_SOCKET, 39, SO_DOMAIN, INT},       {SOL_SOCKET, 42, SO_PEEK_OFF, INT},
    {SOL_SOCKET, 66, SO_RCVTIMEO, TIME_WIDE}, {SOL_SOCKET, 67, SO_SNDTIMEO, TIME_WIDE},
    {IPPROTO_TCP, 1, TCP_NODELAY, INT},     {IPPROTO_TCP, 2, TCP_MAXSEG, INT},
    {IPPROTO_TCP, 3, TCP_CORK, INT},        {IPPROTO_TCP, 4, TCP_KEEPIDLE, INT},
    {IPPROTO_TCP, 5, TCP_KEEPINTVL, INT},   {IPPROTO_TCP, 6, TCP_KEEPCNT, INT},
    {IPPROTO_TCP, 7, TCP_SYNCNT, INT},      {IPPROTO_TCP, 8, TCP_LINGER2, INT},
    {IPPROTO_TCP, 9, TCP_DEFER_ACCEPT, INT}, {IPPROTO_TCP, 10, TCP_WINDOW_CLAMP, INT},
    {IPPROTO_TCP, 12, TCP_QUICKACK, INT},   {IPPROTO_TCP, 13, TCP_CONGESTION, TEXT},
    {IPPROTO_TCP, 18, TCP_USER_TIMEOUT, INT}, {IPPROTO_TCP, 23, TCP_FASTOPEN, INT},
    {IPPROTO_IP, 1, IP_TOS, INT},           {IPPROTO_IP, 2, IP_TTL, INT},
    {IPPROTO_IP, 8, IP_PKTINFO, INT},       {IPPROTO_IP, 10, IP_MTU_DISCOVER, INT},
    {IPPROTO_IP, 12, IP_RECVTTL, INT},      {IPPROTO_IP, 13, IP_RECVTOS, INT},
    {IPPROTO_IP, 14, IP_MTU, INT},          {IPPROTO_IP, 15, IP_FREEBIND, INT},
    {IPPROTO_IP, 33, IP_MULTICAST_TTL, INT}, {IPPROTO_IP, 34, IP_MULTICAST_LOOP, INT},
    {IPPROTO_IPV6, 16, IPV6_UNICAST_HOPS, INT}, {IPPROTO_IPV6, 18, IPV6_MULTICAST_HOPS, INT},
    {IPPROTO_IPV6, 19, IPV6_MULTICAST_LOOP, INT}, {IPPROTO_IPV6, 23, IPV6_MTU_DISCOVER, INT},
    {IPPROTO_IPV6, 24, IPV6_MTU, INT},      {IPPROTO_IPV6, 26, IPV6_V6ONLY, INT},
    {IPPROTO_IPV6, 49, IPV6_RECVPKTINFO, INT}, {IPPROTO_IPV6, 51, IPV6_RECVHOPLIMIT, INT},
    {IPPROTO_IPV6, 66, IPV6_RECVTCLASS, INT}, {IPPROTO_IPV6, 67, IPV6_TCLASS, INT},
};

static const struct option_row *find_row(struct linux_process *l, uint64_t level, uint64_t option)
{
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if (rows[n].level == (uint32_t)level && rows[n].guest == (uint32_t)option)
            return &rows[n];
    if (!l->kernel->refused_option)
        log_warn("socket option %u of level %u is not implemented: ENOPROTOOPT",
                 (unsigned)option, (unsigned)level);
    l->kernel->refused_option = true;
    return NULL;
}

static int64_t set_int(struct linux_process *l, int fd, const struct option_row *row, uint64_t ea,
                       uint64_t bytes)
{
    uint32_t value;
    uint8_t byte;
    bool short_form = row->level == IPPROTO_IP && bytes && bytes < 4;
    if (short_form) { /* the options of IP take a byte as well */
        if (!guest_read(l, ea, &byte, 1))
            return -EFAULT;
        value = byte;
    } else if (bytes < 4) {
        return -EINVAL;
    } else if (!guest_read_u32(l, ea, &value)) {
        return -EFAULT;
    }
    int number = (int)value;
    return host_result(setsockopt(fd, (int)row->level, row->host, &number, sizeof number));
}

static int64_t set_linger(struct linux_process *l, int fd, uint64_t ea, uint64_t bytes)
{
    struct linger value;
    struct wire w;
    if (bytes < 8)
        return -EINVAL;
    if (!wire_load(&w, l, ea, 8))
        return -EFAULT;
    value.l_onoff = (int)wire_get(&w, 4);
    value.l_linger = (int)wire_get(&w, 4);
    return host_result(setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof value));
}

/* struct timeval: two longs, or two numbers of 64 bits. */
static int64_t set_time(struct linux_process *l, int fd, const struct option_row *row, uint64_t ea,
                        uint64_t bytes)
{
    bool wide = row->kind == TIME_WIDE || l->image.is_64bit;
    struct timeval value;
    struct wire w;
    if (bytes < (wide ? 16 : 8))
        return -EINVAL;
    if (!wire_load(&w, l, ea, wide ? 16 : 8))
        return -EFAULT;
    value.tv_sec = wide ? (time_t)wire_get(&w, 8) : (int32_t)wire_get(&w, 4);
    value.tv_usec = wide ? (suseconds_t)wire_get(&w, 8) : (int32_t)wire_get(&w, 4);
    return host_result(setsockopt(fd, SOL_SOCKET, row->host, &value, sizeof value));
}

static int64_t set_text(struct linux_process *l, int fd, const struct option_row *row, uint64_t ea,
                        uint64_t bytes)
{
    char text[OPTION_TEXT_MAX];
    bytes = min_u64(bytes, sizeof text);
    if (!guest_read(l, ea, text, bytes))
        return -EFAULT;
    return host_result(setsockopt(fd, (int)row->level, row->host, text, (socklen_t)bytes));
}

/* The socket a[0] and its option a[2] of the level a[1]; what is no socket is told from an option
 * that is not there. */
static int64_t find_option(struct linux_process *l, const uint64_t *a, int *fd,
                           const struct option_row **row)
{
    int type;
    socklen_t bytes = sizeof type;
    *fd = fd_host(&l->fds, a[0]);
    if (*fd < 0)
        return -EBADF;
    if (getsockopt(*fd, SOL_SOCKET, SO_TYPE, &type, &bytes) < 0)
        return -errno;
    *row = find_row(l, a[1], a[2]);
    return *row ? 0 : -ENOPROTOOPT;
}

int64_t sys_setsockopt(struct linux_process *l, const uint64_t *a)
{
    const struct option_row *row;
    int fd;
    int64_t r = find_option(l, a, &fd, &row);
    if (r < 0)
        return r;
    if ((int32_t)a[4] < 0)
        return -EINVAL;
    uint64_t bytes = (uint32_t)a[4];
    switch (row->kind) {
    case INT:
        return set_int(l, fd, row, a[3], bytes);
    case LINGER:
        return set_linger(l, fd, a[3], bytes);
    case TIME:
    case TIME_WIDE:
        return set_time(l, fd, row, a[3], bytes);
    case TEXT:
        return set_text(l, fd, row, a[3], bytes);
    default:
        return -ENOPROTOOPT;
    }
}

/* Whoever lives in the simulator is told of as the first process. */
static void put_credentials(struct linux_process *l, struct wire *w, const struct ucred *u)
{
    wire_put(w, 4, u->pid == getpid() ? l->kernel->first->pid : (uint32_t)u->pid);
    wire_put(w, 4, u->uid == l->host_uid ? l->config.keys->uid : u->uid);
    wire_put(w, 4, u->gid == l->host_gid ? l->config.keys->gid : u->gid);
}

union option_value {
    int number;
    struct linger linger;
    struct timeval time;
    struct ucred credentials;
    char text[OPTION_TEXT_MAX];
};

static void put_value(struct linux_process *l, struct wire *w, const struct option_row *row,
                      const union option_value *v, socklen_t bytes)
{
    bool error = row->level == SOL_SOCKET && row->host == SO_ERROR && v->number;
    bool wide = row->kind == TIME_WIDE || l->image.is_64bit;
    wire_init(w, l);
    switch (row->kind) {
    case INT:
        wire_put(w, 4, error ? guest_errno(v->number) : (uint32_t)v->number);
        break;
    case LINGER:
        wire_put(w, 4, (uint32_t)v->linger.l_onoff);
        wire_put(w, 4, (uint32_t)v->linger.l_linger);
        break;
    case TIME:
    case TIME_WIDE:
        wire_put(w, wide ? 8 : 4, (uint64_t)v->time.tv_sec);
        wire_put(w, wide ? 8 : 4, (uint64_t)v->time.tv_usec);
        break;
    case CREDENTIALS:
        put_credentials(l, w, &v->credentials);
        break;
    case TEXT:
        wire_put_bytes(w, v->text, bytes);
    }
}

int64_t sys_getsockopt(struct linux_process *l, const uint64_t *a)
{
    union option_value value = {0};
    socklen_t bytes = sizeof value;
    uint32_t room;
    struct wire w;
    const struct option_row *row;
    int fd;
    int64_t r = find_option(l, a, &fd, &row);
    if (r < 0)
        return r;
    if (!guest_read_u32(l, a[4], &room))
        return -EFAULT;
    if ((int32_t)room < 0)
        return -EINVAL;
    if (getsockopt(fd, (int)row->level, row->host, &value, &bytes) < 0)
        return -errno;
    put_value(l, &w, row, &value, bytes);
    room = (uint32_t)min_u64(room, w.used);
    if (!guest_write(l, a[3], w.bytes, room))
        return -EFAULT;
    return guest_write_u32(l, a[4], room) ? 0 : -EFAULT;
}
