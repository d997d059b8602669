/* What sockets can be asked and told: options, names of interfaces, waiting with a timeout, wrong
 * arguments. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

/* With one datagram: its number of hops. */
static void hop_limit(void)
{
    struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    socklen_t bytes = sizeof at;
    char byte = 'x', control[64] = {0};
    struct iovec iov = {&byte, 1};
    struct msghdr m = {.msg_name = &at, .msg_namelen = sizeof at, .msg_iov = &iov,
                       .msg_iovlen = 1, .msg_control = control,
                       .msg_controllen = CMSG_SPACE(sizeof(int))};
    int in = socket(AF_INET6, SOCK_DGRAM, 0), out = socket(AF_INET6, SOCK_DGRAM, 0), on = 1;
    int hops = 33;
    bind(in, (struct sockaddr *)&at, sizeof at);
    getsockname(in, (struct sockaddr *)&at, &bytes);
    SHOW(setsockopt(in, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on));
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    *c = (struct cmsghdr){CMSG_LEN(sizeof hops), IPPROTO_IPV6, IPV6_HOPLIMIT};
    memcpy(CMSG_DATA(c), &hops, sizeof hops);
    SHOW(sendmsg(out, &m, 0));
    hops = 0;
    m.msg_controllen = sizeof control;
    SHOW(recvmsg(in, &m, 0));
    c = CMSG_FIRSTHDR(&m);
    if (c)
        memcpy(&hops, CMSG_DATA(c), sizeof hops);
    printf("%d hops, name of %u bytes\n", hops, m.msg_namelen);
    close(in), close(out);
}

static void interfaces(void)
{
    char name[IF_NAMESIZE] = "";
    SHOW(if_nametoindex("lo"));
    SHOW(if_nametoindex("none"));
    GOOD(if_indextoname(1, name) && strcmp(name, "lo") == 0);
}

static void show_option(int fd, int level, int option, const char *what)
{
    int value = -1;
    socklen_t bytes = sizeof value;
    int r = getsockopt(fd, level, option, &value, &bytes);
    printf("%s: %d, %d of %u\n", what, r, value, bytes);
}

static void options(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), pair[2], on = 1, low = 5;
    struct linger linger = {1, 9}, got = {0};
    struct timeval time = {2, 0}, set = {0};
    struct ucred peer = {0};
    socklen_t bytes = sizeof got;
    show_option(fd, SOL_SOCKET, SO_TYPE, "type");
    show_option(fd, SOL_SOCKET, SO_DOMAIN, "domain");
    show_option(fd, SOL_SOCKET, SO_ACCEPTCONN, "listens");
    show_option(fd, SOL_SOCKET, SO_ERROR, "error");
    SHOW(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    show_option(fd, SOL_SOCKET, SO_REUSEADDR, "reuse");
    SHOW(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, 2));
    SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof low));
    show_option(fd, SOL_SOCKET, SO_RCVLOWAT, "low");
    SHOW(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    show_option(fd, IPPROTO_TCP, TCP_NODELAY, "no delay");
    SHOW(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
    SHOW(getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &bytes));
    printf("%d %d of %u\n", got.l_onoff, got.l_linger, bytes);
    SHOW(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time));
    bytes = sizeof set;
    SHOW(getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &set, &bytes));
    printf("%ld s, whole: %d\n", (long)set.tv_sec, bytes == sizeof set);
    SHOW(getsockopt(0, SOL_SOCKET, SO_TYPE, &on, &bytes));
    SHOW(getsockopt(fd, SOL_SOCKET, 7777, &on, &bytes));
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    bytes = sizeof peer;
    SHOW(getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, &peer, &bytes));
    GOOD(peer.pid == getpid() && peer.uid == getuid() && peer.gid == getgid());
    close(fd), close(pair[0]), close(pair[1]);
}

static long milliseconds(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - from->tv_sec) * 1000 + (now.tv_nsec - from->tv_nsec) / 1000000;
}

static void timeouts(void)
{
    int pair[2];
    char text[8];
    struct timeval time = {0, 60000}, left = {0, 50000};
    struct timespec from, short_time = {0, 30000000};
    fd_set set;
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    SHOW(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
    clock_gettime(CLOCK_MONOTONIC, &from);
    SHOW(read(pair[0], text, sizeof text));
    GOOD(milliseconds(&from) >= 60);
    struct pollfd p = {pair[0], POLLIN | POLLOUT, 0};
    SHOW(poll(&p, 1, 0));
    printf("%x\n", p.revents);
    p.events = POLLIN;
    SHOW(ppoll(&p, 1, &short_time, NULL));
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    SHOW(select(pair[0] + 1, &set, NULL, NULL, &left));
    printf("left %ld %ld\n", (long)left.tv_sec, (long)left.tv_usec);
    write(pair[1], "abc", 3);
    left.tv_sec = 5;
    FD_SET(pair[0], &set);
    SHOW(select(pair[0] + 1, &set, NULL, NULL, &left));
    GOOD(left.tv_sec == 4 || left.tv_sec == 5);
    close(pair[1]);
    read(pair[0], text, sizeof text);
    p.events = POLLIN | POLLRDHUP;
    SHOW(poll(&p, 1, -1));
    printf("%x\n", p.revents);
    close(pair[0]);
}

static void wrong_arguments(void)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "s"};
    struct sockaddr_in in = {.sin_family = AF_INET};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0), pair[2];
    socklen_t bytes = 16;
    char byte;
    void *volatile nowhere = (void *)8, *bad = nowhere;
    struct msghdr m = {.msg_iov = bad, .msg_iovlen = 1};
    socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    SHOW(socket(AF_UNIX, 77, 0));
    SHOW(socket(99, SOCK_STREAM, 0));
    SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    SHOW(bind(fd, bad, sizeof at));
    SHOW(bind(fd, (struct sockaddr *)&in, sizeof in));
    SHOW(bind(99, (struct sockaddr *)&at, sizeof at));
    SHOW(accept(fd, NULL, NULL));
    SHOW(listen(0, 1));
    SHOW(send(fd, "x", 1, MSG_NOSIGNAL));
    SHOW(recv(fd, &byte, 1, 0));
    SHOW(send(pair[0], bad, 1, 0));
    SHOW(sendmsg(pair[0], bad, 0));
    SHOW(sendmsg(pair[0], &m, 0));
    SHOW(recvmsg(pair[0], bad, MSG_DONTWAIT));
    SHOW(sendto(pair[0], "x", 1, 0, bad, 16));
    SHOW(getsockname(pair[0], bad, &bytes));
    SHOW(socketpair(AF_INET, SOCK_STREAM, 0, pair));
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, bad));
    close(fd);
}

int main(void)
{
    hop_limit();
    interfaces();
    options();
    timeouts();
    wrong_arguments();
    return 0;
}
