/* Descriptors of processes: made from a number or by clone, waited for, signalled through. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define BY_PIDFD 3 /* P_PIDFD */

static pid_t make_child(int status)
{
    pid_t child = fork();
    if (child)
        return child;
    if (status < 0)
        pause();
    usleep(2000);
    _exit(status);
}

static int open_pid(pid_t pid, unsigned flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }

static long send_signal(int fd, int signo, siginfo_t *info, unsigned flags)
{
    return syscall(SYS_pidfd_send_signal, fd, signo, info, flags);
}

static short state(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, ms) < 0 ? -1 : p.revents;
}

static void wait_by_it(void)
{
    siginfo_t info = {0};
    char byte;
    pid_t child = make_child(7);
    int fd = open_pid(child, 0);
    GOOD(fd >= 0);
    printf("close on exec: %d\n", fcntl(fd, F_GETFD));
    printf("ready at first: %d\n", state(fd, 0));
    SHOW(read(fd, &byte, 1));
    SHOW(write(fd, &byte, 1));
    printf("ready: %d\n", state(fd, -1));
    SHOW(waitid(BY_PIDFD, (id_t)fd, &info, WEXITED | WNOWAIT));
    SHOW(waitid(BY_PIDFD, (id_t)fd, &info, WEXITED));
    printf("its child: %d, code %d, status %d\n", info.si_pid == child, info.si_code,
           info.si_status);
    printf("still ready: %d\n", state(fd, 0));
    SHOW(waitid(BY_PIDFD, (id_t)fd, &info, WEXITED));
    SHOW(send_signal(fd, 0, NULL, 0));
    close(fd);
    SHOW(waitid(BY_PIDFD, (id_t)fd, &info, WEXITED));
}

static void signals(void)
{
    int status;
    siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
    pid_t child = make_child(-1);
    int fd = open_pid(child, 0), other = open("/dev/null", O_RDONLY);
    SHOW(send_signal(fd, 0, NULL, 0));
    SHOW(send_signal(fd, SIGUSR2, &info, 0));
    SHOW(send_signal(fd, SIGTERM, NULL, 1));
    SHOW(send_signal(fd, 999, NULL, 0));
    SHOW(send_signal(other, SIGTERM, NULL, 0));
    SHOW(send_signal(-1, SIGTERM, NULL, 0));
    SHOW(send_signal(fd, SIGUSR1, &info, 0));
    GOOD(waitpid(child, &status, 0) == child);
    printf("status %x\n", (unsigned)status);
    close(fd);
    close(other);
}

static void not_waiting(void)
{
    siginfo_t info = {0};
    pid_t child = make_child(-1);
    int fd = open_pid(child, O_NONBLOCK);
    SHOW(waitid(BY_PIDFD, (id_t)fd, &info, WEXITED));
    kill(child, SIGKILL);
    GOOD(waitpid(child, NULL, 0) == child);
    SHOW(open_pid(child, 0));
    SHOW(open_pid(0, 0));
    SHOW(open_pid(getpid(), 1));
    close(fd);
}

/* Its own process never ends as long as it looks. */
static void own(void)
{
    int fd = open_pid(getpid(), 0);
    struct epoll_event event = {.events = EPOLLIN}, got;
    struct timespec soon = {.tv_nsec = 1000000}, bad = {.tv_nsec = -1};
    int epoll = epoll_create1(0);
    SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
    SHOW(epoll_pwait2(epoll, &got, 1, &soon, NULL));
    SHOW(epoll_pwait2(epoll, &got, 1, &bad, NULL));
    pid_t child = make_child(0);
    int second = open_pid(child, 0);
    event.data.u64 = 77;
    SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, second, &event));
    SHOW(epoll_pwait2(epoll, &got, 1, NULL, NULL));
    printf("which: %d\n", (int)got.data.u64);
    waitpid(child, NULL, 0);
    close(epoll);
    close(second);
    close(fd);
}

struct request {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static void from_clone(void)
{
    int fd = -1, status;
    struct request q = {.flags = CLONE_PIDFD, .pidfd = (uintptr_t)&fd, .exit_signal = SIGCHLD};
    pid_t child = (pid_t)syscall(SYS_clone3, &q, sizeof q);
    if (child == 0)
        _exit(fcntl(fd < 0 ? 3 : fd, F_GETFD) < 0 ? 5 : 6);
    GOOD(child > 0 && fd >= 0);
    printf("ready: %d\n", state(fd, -1));
    GOOD(waitpid(child, &status, 0) == child);
    printf("the child has no such descriptor: %d\n", WEXITSTATUS(status) == 5);
    close(fd);
    q.flags |= CLONE_PARENT_SETTID | CLONE_DETACHED;
    SHOW(syscall(SYS_clone3, &q, sizeof q));
}

static void far_memory(void)
{
    static char text[8192] = "of the parent";
    char got[64] = "", more[64] = "";
    int ready[2], status;
    if (pipe(ready))
        return;
    pid_t child = fork();
    if (child == 0) {
        strcpy(text, "of the child");
        strcpy(text + 4090, "over a page's end");
        if (write(ready[1], "x", 1) != 1)
            _exit(1);
        pause();
    }
    if (read(ready[0], got, 1) != 1)
        return;
    struct iovec own[2] = {{got, 13}, {more, 18}}, far[2] = {{text, 13}, {text + 4090, 18}};
    SHOW(process_vm_readv(child, own, 2, far, 2, 0));
    printf("%s, %s, %s\n", got, more, text);
    strcpy(more, "written");
    own[1].iov_len = 8;
    SHOW(process_vm_writev(child, own + 1, 1, far, 1, 0));
    SHOW(process_vm_readv(child, own, 1, far, 1, 0));
    printf("%s\n", got);
    far[1].iov_base = (void *)64;
    own[1].iov_len = 18;
    SHOW(process_vm_readv(child, own, 2, far, 2, 0));
    SHOW(process_vm_readv(child, own, 1, far + 1, 1, 0));
    SHOW(process_vm_readv(child, own, 1, far, 1, 1));
    kill(child, SIGKILL);
    GOOD(waitpid(child, &status, 0) == child);
    SHOW(process_vm_readv(child, own, 1, far, 1, 0));
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    wait_by_it();
    signals();
    not_waiting();
    own();
    from_clone();
    far_memory();
    return 0;
}
