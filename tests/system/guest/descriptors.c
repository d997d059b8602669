/* Descriptors that stand for time, signals and counts: timerfd, signalfd, eventfd; reading and
 * writing several pieces of a file. */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static void timers(void)
{
    struct itimerspec once = {.it_value = {0, 20000000}}, now;
    struct itimerspec often = {{0, 10000000}, {0, 10000000}}, none = {0};
    struct timespec sleep = {0, 35000000};
    uint64_t count = 0;
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    SHOW(read(fd, &count, 8));
    SHOW(timerfd_settime(fd, 0, &once, NULL));
    SHOW(timerfd_gettime(fd, &now));
    GOOD(now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 20000000);
    struct pollfd p = {fd, POLLIN, 0};
    SHOW(poll(&p, 1, 5000));
    SHOW(read(fd, &count, 8));
    SHOW(count);
    SHOW(timerfd_settime(fd, 0, &often, &now));
    SHOW(now.it_value.tv_nsec);
    nanosleep(&sleep, NULL);
    SHOW(read(fd, &count, 8));
    GOOD(count >= 3);
    SHOW(timerfd_settime(fd, 0, &none, &now));
    SHOW(now.it_interval.tv_nsec);
    SHOW(write(fd, &count, 8));
    close(fd);
}

static void timer_at_a_time(void)
{
    struct timespec from, to;
    struct itimerspec once = {0};
    uint64_t count = 0;
    int fd = timerfd_create(CLOCK_REALTIME, 0);
    clock_gettime(CLOCK_REALTIME, &from);
    once.it_value = from;
    once.it_value.tv_nsec += 30000000;
    once.it_value.tv_sec += once.it_value.tv_nsec / 1000000000;
    once.it_value.tv_nsec %= 1000000000;
    SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &once, NULL));
    SHOW(read(fd, &count, 4));
    SHOW(read(fd, &count, 8));
    clock_gettime(CLOCK_REALTIME, &to);
    GOOD((to.tv_sec - from.tv_sec) * 1000000000LL + to.tv_nsec - from.tv_nsec >= 30000000);
    SHOW(timerfd_settime(fd, 4, &once, NULL));
    SHOW(timerfd_settime(0, 0, &once, NULL));
    SHOW(timerfd_create(99, 0));
    close(fd);
}

static void show_signal(int fd)
{
    struct signalfd_siginfo s;
    memset(&s, 0, sizeof s);
    SHOW(read(fd, &s, sizeof s));
    printf("signal %u code %d value %d, own: %d\n", s.ssi_signo, s.ssi_code, s.ssi_int,
           s.ssi_pid == (uint32_t)getpid());
}

static void signals(void)
{
    sigset_t set;
    struct signalfd_siginfo s;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int fd = signalfd(-1, &set, SFD_NONBLOCK), epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    SHOW(read(fd, &s, sizeof s));
    SHOW(read(fd, &s, 100));
    SHOW(epoll_wait(epoll, &event, 1, 0));
    kill(getpid(), SIGUSR1);
    SHOW(epoll_wait(epoll, &event, 1, -1));
    show_signal(fd);
    SHOW(epoll_wait(epoll, &event, 1, 0));
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 77});
    show_signal(fd);
    sigaddset(&set, SIGUSR2);
    SHOW(signalfd(fd, &set, 0) == fd);
    SHOW(signalfd(0, &set, 0));
    close(fd);
    close(epoll);
}

static void end_of_a_child(void)
{
    sigset_t set;
    struct signalfd_siginfo s;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int fd = signalfd(-1, &set, SFD_CLOEXEC);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct timespec moment = {0, 1000000};
        nanosleep(&moment, NULL);
        _exit(5);
    }
    SHOW(read(fd, &s, sizeof s));
    printf("signal %u code %d status %d, child: %d\n", s.ssi_signo, s.ssi_code, s.ssi_status,
           s.ssi_pid == (uint32_t)child);
    wait(NULL);
    close(fd);
}

static void counters(void)
{
    uint64_t value = 0;
    int fd = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK), copy = dup(fd);
    SHOW(read(copy, &value, 8));
    SHOW(value);
    value = 5;
    SHOW(write(fd, &value, 8));
    SHOW(read(fd, &value, 7));
    value = UINT64_MAX;
    SHOW(write(fd, &value, 8));
    close(fd);
    for (int n = 0; n < 8; n++)
        if (read(copy, &value, 8) != 8)
            printf("empty after %d, errno %d\n", n, errno);
    close(copy);
}

/* What preadv2 adds to preadv: the file's own place as an offset, and flags. */
static void vectors(void)
{
    char a[4] = "abc", b[8] = "defghij";
    struct iovec iov[] = {{a, 3}, {b, 5}};
    int fd = open("vectors", O_RDWR | O_CREAT, 0600);
    SHOW(pwritev2(fd, iov, 2, 10, 0));
    SHOW(pwritev2(fd, iov, 1, -1, 0));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(pwritev2(fd, iov, 2, INT64_C(0x100000002), 0));
    SHOW(lseek(fd, 0, SEEK_END));
    SHOW(lseek(fd, 0x100000000, SEEK_SET));
    SHOW(preadv2(fd, iov, 2, -1, 0));
    printf("%d %d %c %.5s\n", a[0], a[1], a[2], b);
    SHOW(preadv2(fd, iov, 2, 10, 0));
    printf("%.3s %.5s\n", a, b);
    SHOW(preadv2(fd, iov, 2, -2, 0));
    SHOW(preadv2(fd, iov, 2, 0, 0x400));
    close(fd);
    unlink("vectors");
}

/* With another process there, too, nothing waits for the wrong end of a pipe. */
static void wrong_ends(void)
{
    int ends[2];
    char byte = 0;
    if (pipe(ends))
        return;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    SHOW(write(ends[0], &byte, 1));
    SHOW(read(ends[1], &byte, 1));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

int main(void)
{
    wrong_ends();
    vectors();
    timers();
    timer_at_a_time();
    signals();
    end_of_a_child();
    counters();
    return 0;
}
