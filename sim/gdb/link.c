#include "sim/gdb/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOMENT_MS 200 /* how late a request from elsewhere may be noticed during a wait */

/* A signal handler has no other way to its object. */
static void (*volatile notice_input)(void *owner);
static void *volatile notice_owner;

static void on_input(int signal_number)
{
    (void)signal_number;
    if (notice_input)
        notice_input(notice_owner);
}

static bool fails(struct link *l, uint16_t port, struct err *e)
{
    err_set(e, "--gdb %u: %s", port, strerror(errno));
    link_close(l);
    return false;
}

bool link_open(struct link *l, uint16_t port, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t bytes = sizeof at;
    *l = (struct link){.client = -1};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->listener < 0)
        return fails(l, port, e);
    setsockopt(l->listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(l->listener, (struct sockaddr *)&at, sizeof at) || listen(l->listener, 1) ||
        getsockname(l->listener, (struct sockaddr *)&at, &bytes))
        return fails(l, port, e);
    l->port = ntohs(at.sin_port);
    return true;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void link_hang_up(struct link *l)
{
    notice_input = NULL;
    close_one(&l->client);
}

void link_close(struct link *l)
{
    link_hang_up(l);
    close_one(&l->listener);
}

static bool readable(int fd, bool wait)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, wait ? MOMENT_MS : 0) > 0;
}

bool link_accept(struct link *l)
{
    if (!readable(l->listener, true))
        return false;
    l->client = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC);
    if (l->client < 0)
        return false;
    setsockopt(l->client, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    close_one(&l->listener); /* one client a run */
    return true;
}

void link_notify(struct link *l, void (*notice)(void *owner), void *owner)
{
    /* Not SA_RESTART: a guest that waits in a system call can be interrupted as well. */
    struct sigaction action = {.sa_handler = on_input};
    notice_owner = owner;
    notice_input = notice;
    sigaction(SIGIO, &action, NULL);
    fcntl(l->client, F_SETOWN, getpid());
    fcntl(l->client, F_SETFL, fcntl(l->client, F_GETFL) | O_ASYNC);
}

static void send_bytes(struct link *l, const char *from, size_t bytes)
{
    for (size_t done = 0; done < bytes && link_is_up(l);) {
        ssize_t n = send(l->client, from + done, bytes - done, MSG_NOSIGNAL);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            link_hang_up(l);
    }
}

void link_send(struct link *l)
{
    char frame[PACKET_FRAME_ROOM];
    send_bytes(l, frame, packet_frame(&l->reply, frame));
}

static void answer_frame(struct link *l, enum packet_event event)
{
    if (event == PACKET_AGAIN)
        link_send(l);
    else if (!l->no_ack && event == PACKET_COMPLETE)
        send_bytes(l, "+", 1);
    else if (!l->no_ack && event == PACKET_BAD)
        send_bytes(l, "-", 1);
}

enum packet_event link_receive(struct link *l, bool wait)
{
    uint8_t byte;
    while (link_is_up(l) && readable(l->client, wait)) {
        ssize_t n = recv(l->client, &byte, 1, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
            link_hang_up(l);
        if (n != 1)
            continue;
        enum packet_event event = packet_take(&l->reader, byte);
        answer_frame(l, event);
        if (event == PACKET_COMPLETE || event == PACKET_INTERRUPT)
            return event;
    }
    return PACKET_NOTHING;
}
