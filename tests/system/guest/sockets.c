/* Sockets: client and server as threads and as processes over TCP, UDP and AF_UNIX; names,
 * ancillary data, shutting down, descriptors that do not wait. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define STREAM 300000

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A listener on a port that the system chooses. */
static int listener(struct sockaddr_in *at)
{
    socklen_t bytes = sizeof *at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    *at = loopback(0);
    bind(fd, (struct sockaddr *)at, bytes);
    listen(fd, 5);
    getsockname(fd, (struct sockaddr *)at, &bytes);
    printf("listens on %s, %u bytes of name, a port: %d\n", inet_ntoa(at->sin_addr), bytes,
           at->sin_port != 0);
    return fd;
}

static unsigned checksum;

static void count_stream(int fd)
{
    static unsigned char part[7000];
    long n, total = 0;
    unsigned sum = 1;
    while ((n = recv(fd, part, sizeof part, 0)) > 0) {
        total += n;
        for (long i = 0; i < n; i++)
            sum = sum * 31 + part[i];
    }
    printf("stream of %ld, %x\n", total, sum);
    checksum = sum;
}

static void send_stream(int fd)
{
    unsigned char *bytes = malloc(STREAM);
    for (long n = 0; n < STREAM; n++)
        bytes[n] = (unsigned char)(n * 7 >> 3);
    if (send(fd, bytes, STREAM, 0) != STREAM)
        printf("sent less\n");
    free(bytes);
}

static struct sockaddr_in server_name;

static void *tcp_client(void *arg)
{
    (void)arg;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char answer[6] = "";
    if (connect(fd, (struct sockaddr *)&server_name, sizeof server_name) != 0)
        printf("connect: %d\n", errno);
    send_stream(fd);
    shutdown(fd, SHUT_WR);
    recv(fd, answer, 5, MSG_WAITALL);
    printf("answer %s\n", answer);
    close(fd);
    return NULL;
}

/* The answer comes in two parts. */
static void serve_one(int fd)
{
    struct sockaddr_in peer;
    socklen_t bytes = sizeof peer;
    struct timespec moment = {0, 1000000};
    int client = accept(fd, (struct sockaddr *)&peer, &bytes);
    printf("from %s, %u bytes\n", inet_ntoa(peer.sin_addr), bytes);
    count_stream(client);
    send(client, "he", 2, 0);
    nanosleep(&moment, NULL);
    send(client, "llo", 3, 0);
    close(client);
}

static void tcp_threads(void)
{
    pthread_t t;
    int fd = listener(&server_name);
    pthread_create(&t, NULL, tcp_client, NULL);
    serve_one(fd);
    pthread_join(t, NULL);
    close(fd);
}

static void tcp_processes(void)
{
    int status = 0, fd = listener(&server_name);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        char answer[6] = "";
        int to = socket(AF_INET, SOCK_STREAM, 0);
        connect(to, (struct sockaddr *)&server_name, sizeof server_name);
        send_stream(to);
        shutdown(to, SHUT_WR);
        recv(to, answer, 5, MSG_WAITALL);
        _exit(strcmp(answer, "hello") == 0 ? 3 : 4);
    }
    serve_one(fd);
    waitpid(child, &status, 0);
    printf("client's status %d\n", WEXITSTATUS(status));
    close(fd);
}

static void udp(void)
{
    struct sockaddr_in a = loopback(0), from, b = loopback(0);
    socklen_t bytes = sizeof a;
    int one = socket(AF_INET, SOCK_DGRAM, 0), two = socket(AF_INET, SOCK_DGRAM, 0);
    char text[32] = "";
    bind(one, (struct sockaddr *)&a, sizeof a);
    bind(two, (struct sockaddr *)&b, sizeof b);
    getsockname(one, (struct sockaddr *)&a, &bytes);
    getsockname(two, (struct sockaddr *)&b, &bytes);
    SHOW(sendto(two, "datagram", 8, 0, (struct sockaddr *)&a, sizeof a));
    SHOW(recvfrom(one, text, sizeof text, MSG_PEEK, (struct sockaddr *)&from, &bytes));
    GOOD(from.sin_port == b.sin_port && bytes == sizeof from);
    SHOW(recv(one, text, 4, MSG_TRUNC));
    printf("%s\n", text);
    SHOW(recv(one, text, 4, MSG_DONTWAIT));
    SHOW(connect(two, (struct sockaddr *)&a, sizeof a));
    SHOW(write(two, "", 0));
    SHOW(read(one, text, sizeof text));
    SHOW(recv(one, text, sizeof text, MSG_DONTWAIT));
    close(one);
    SHOW(send(two, "x", 1, 0));
    SHOW(send(two, "x", 1, 0));
    close(two);
}

/* Datagrams of more than one piece, several with one call. */
static void many_messages(void)
{
    int pair[2];
    char a[8] = "ab", b[8] = "cde", x[2][8] = {{0}}, y[2][8] = {{0}};
    struct iovec out[2] = {{a, 2}, {b, 3}};
    struct iovec in[2][2] = {{{x[0], 1}, {y[0], 7}}, {{x[1], 1}, {y[1], 7}}};
    struct mmsghdr m[2] = {{.msg_hdr = {.msg_iov = out, .msg_iovlen = 2}},
                           {.msg_hdr = {.msg_iov = out + 1, .msg_iovlen = 1}}};
    struct mmsghdr r[2] = {{.msg_hdr = {.msg_iov = in[0], .msg_iovlen = 2}},
                           {.msg_hdr = {.msg_iov = in[1], .msg_iovlen = 2}}};
    socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    SHOW(sendmmsg(pair[0], m, 2, 0));
    printf("%u %u\n", m[0].msg_len, m[1].msg_len);
    SHOW(recvmmsg(pair[1], r, 2, 0, NULL));
    printf("%u %s %s, %u %s %s\n", r[0].msg_len, x[0], y[0], r[1].msg_len, x[1], y[1]);
    SHOW(recvmmsg(pair[1], r, 2, MSG_DONTWAIT, NULL));
    sendmmsg(pair[0], m, 1, 0);
    SHOW(recvmmsg(pair[1], r, 2, MSG_WAITFORONE, NULL));
    close(pair[0]);
    close(pair[1]);
}

/* By a path, relative and absolute; the name that others are told is the one that was bound. */
static void unix_names(void)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "socket"}, name;
    socklen_t bytes = sizeof name;
    char text[8] = "";
    int fd = socket(AF_UNIX, SOCK_STREAM, 0), to = socket(AF_UNIX, SOCK_STREAM, 0);
    SHOW(connect(to, (struct sockaddr *)&at, sizeof at));
    SHOW(bind(fd, (struct sockaddr *)&at, sizeof at));
    SHOW(connect(to, (struct sockaddr *)&at, sizeof at));
    SHOW(listen(fd, 1));
    SHOW(connect(to, (struct sockaddr *)&at, sizeof at));
    int end = accept(fd, (struct sockaddr *)&name, &bytes);
    printf("a peer without a name: %u\n", bytes);
    bytes = sizeof name;
    SHOW(getpeername(to, (struct sockaddr *)&name, &bytes));
    printf("%s %u\n", name.sun_path, bytes);
    SHOW(write(to, "abc", 3));
    SHOW(read(end, text, sizeof text));
    int again = socket(AF_UNIX, SOCK_STREAM, 0);
    SHOW(bind(again, (struct sockaddr *)&at, sizeof at));
    at.sun_path[0] = 0;
    SHOW(bind(again, (struct sockaddr *)&at, offsetof(struct sockaddr_un, sun_path) + 1 + 17));
    SHOW(unlink("socket"));
    close(fd), close(to), close(end), close(again);
}

static void seqpacket(void)
{
    int pair[2];
    char text[8];
    SHOW(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair));
    SHOW(fcntl(pair[0], F_GETFD));
    SHOW(fcntl(pair[1], F_GETFL));
    SHOW(send(pair[0], "one", 3, 0));
    SHOW(send(pair[0], "three", 5, 0));
    SHOW(recv(pair[1], text, sizeof text, 0));
    SHOW(recv(pair[1], text, sizeof text, 0));
    SHOW(recv(pair[1], text, sizeof text, 0));
    close(pair[0]);
    SHOW(recv(pair[1], text, sizeof text, 0));
    close(pair[1]);
}

/* A descriptor goes to another process. */
static void ancillary_data(void)
{
    int pair[2], ends[2], on = 1;
    char byte = 'x', control[256], text[8] = "";
    struct iovec iov = {&byte, 1};
    struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
                       .msg_controllen = sizeof control};
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    fflush(stdout);
    if (fork() == 0) {
        pipe(ends);
        memset(control, 0, sizeof control);
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        *c = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
        memcpy(CMSG_DATA(c), &ends[0], sizeof(int));
        m.msg_controllen = CMSG_SPACE(sizeof(int));
        long sent = sendmsg(pair[1], &m, 0);
        write(ends[1], "passed", 6);
        _exit(sent == 1 ? 0 : errno);
    }
    SHOW(recvmsg(pair[0], &m, MSG_CMSG_CLOEXEC));
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    printf("control of %d: %d %d\n", c->cmsg_len == CMSG_LEN(sizeof(int)), c->cmsg_level,
           c->cmsg_type);
    int fd = -1;
    memcpy(&fd, CMSG_DATA(c), sizeof fd);
    SHOW(fcntl(fd, F_GETFD));
    SHOW(read(fd, text, sizeof text));
    printf("%s\n", text);
    wait(&on);
    printf("sender's status %d\n", on);

    close(fd), close(pair[0]), close(pair[1]);
}

static void credentials(void)
{
    int pair[2], on = 1;
    char byte = 'x', control[256];
    struct iovec iov = {&byte, 1};
    struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control};
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    SHOW(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
    SHOW(write(pair[1], "c", 1));
    m.msg_controllen = sizeof control;
    SHOW(recvmsg(pair[0], &m, 0));
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    struct ucred who = {0};
    if (c)
        memcpy(&who, CMSG_DATA(c), sizeof who);
    GOOD(c && c->cmsg_type == SCM_CREDENTIALS && who.pid == getpid() && who.uid == getuid());
    SHOW(write(pair[1], "c", 1));
    m.msg_controllen = 4;
    SHOW(recvmsg(pair[0], &m, 0));
    printf("no room for control: %d %d\n", (int)m.msg_controllen, m.msg_flags & MSG_CTRUNC);
    close(pair[0]), close(pair[1]);
}

static volatile int broken;

static void on_broken(int number) { broken = number; }

static void shutting_down(void)
{
    int pair[2];
    char text[8];
    signal(SIGPIPE, on_broken);
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    SHOW(shutdown(pair[0], SHUT_WR));
    SHOW(read(pair[1], text, sizeof text));
    SHOW(send(pair[0], "x", 1, MSG_NOSIGNAL));
    printf("signal %d\n", broken);
    SHOW(write(pair[0], "x", 1));
    printf("signal %d\n", broken == SIGPIPE);
    SHOW(write(pair[1], "abc", 3));
    int there = 0;
    SHOW(ioctl(pair[0], FIONREAD, &there));
    SHOW(there);
    close(pair[1]);
    SHOW(recv(pair[0], text, sizeof text, 0));
    SHOW(recv(pair[0], text, sizeof text, 0));
    SHOW(shutdown(pair[0], 7));
    SHOW(shutdown(0, SHUT_RD));
    close(pair[0]);
}

/* Non-blocking: the connection is waited for by poll, input by epoll. */
static void not_blocking(void)
{
    struct sockaddr_in at;
    char text[8];
    int fd = listener(&at), epoll = epoll_create1(0), error = -1;
    socklen_t bytes = sizeof error;
    int to = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    SHOW(fcntl(fd, F_SETFL, O_NONBLOCK));
    SHOW(accept4(fd, NULL, NULL, SOCK_CLOEXEC));
    SHOW(connect(to, (struct sockaddr *)&at, sizeof at));
    struct pollfd p = {to, POLLOUT, 0};
    SHOW(poll(&p, 1, -1));
    SHOW(getsockopt(to, SOL_SOCKET, SO_ERROR, &error, &bytes));
    SHOW(error);
    p = (struct pollfd){fd, POLLIN, 0};
    SHOW(poll(&p, 1, 1000));
    int end = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    SHOW(fcntl(end, F_GETFL));
    SHOW(recv(end, text, sizeof text, 0));
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0x123456789abcdefULL};
    SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, end, &event));
    SHOW(epoll_wait(epoll, &event, 1, 0));
    SHOW(send(to, "event", 5, 0));
    SHOW(epoll_wait(epoll, &event, 1, -1));
    printf("%x %llx\n", event.events, (unsigned long long)event.data.u64);
    close(fd);
    at.sin_port = htons(1);
    int other = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(connect(other, (struct sockaddr *)&at, sizeof at));
    close(to), close(end), close(epoll), close(other);
}

int main(void)
{
    tcp_threads();
    tcp_processes();
    udp();
    many_messages();
    unix_names();
    seqpacket();
    ancillary_data();
    credentials();
    shutting_down();
    not_blocking();
    return 0;
}
