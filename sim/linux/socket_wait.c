/* Waiting for sockets. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/time.h>

#include "sim/linux/internal.h"
#include "sim/linux/socket.h"

bool socket_may_wait(int fd, uint64_t flags)
{
    return (errno == EAGAIN || errno == EINPROGRESS || errno == EALREADY) &&
           !(flags & MSG_DONTWAIT) && !(fcntl(fd, F_GETFL) & O_NONBLOCK);
}

/* The host keeps the socket's timeout, which has no effect there. */
static uint64_t timeout_of(int fd, short events)
{
    struct timeval t = {0};
    socklen_t bytes = sizeof t;
    getsockopt(fd, SOL_SOCKET, events == POLLIN ? SO_RCVTIMEO : SO_SNDTIMEO, &t, &bytes);
    uint64_t ns = (uint64_t)t.tv_sec * NS_PER_SECOND + (uint64_t)t.tv_usec * 1000;
    return ns ? ns : WAIT_FOR_EVER;
}

/* As Linux: with a timeout the call is not made again after a signal. */
static int64_t wait_until_timeout(struct linux_process *l, int fd, short events)
{
    uint64_t timeout = timeout_of(fd, events), until = WAIT_FOR_EVER;
    if (timeout != WAIT_FOR_EVER)
        until = time_monotonic_ns(l) + timeout;
    if (!thread_wait_until(l, until))
        return CALL_RESTART;
    if (signal_waits(l))
        return timeout == WAIT_FOR_EVER ? CALL_RESTART : -EINTR;
    return -EAGAIN;
}

int64_t socket_wait(struct linux_process *l, int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};
    thread_wait_on(l, &p, 1);
    return wait_until_timeout(l, fd, events);
}

int64_t socket_wait_retry(struct linux_process *l, int fd, short events)
{
    thread_wait_on(l, NULL, 0);
    return wait_until_timeout(l, fd, events);
}

int socket_unblock(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (!(flags & O_NONBLOCK))
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    return flags;
}

void socket_restore(int fd, int flags)
{
    int why = errno;
    if (!(flags & O_NONBLOCK))
        fcntl(fd, F_SETFL, flags);
    errno = why;
}
