/* Scheduling policies, niceness, disk priorities and capabilities of a user without privileges;
 * splice and tee. The expectations are Linux's, run on the host by such a user. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

static void policies(void)
{
    struct sched_param none = {0}, ten = {10}, got = {77};
    struct timespec slice;
    SHOW(sched_getscheduler(0));
    SHOW(sched_setscheduler(0, SCHED_FIFO, &ten));
    SHOW(sched_setscheduler(0, SCHED_FIFO, &none));
    SHOW(sched_setscheduler(0, SCHED_OTHER, &ten));
    SHOW(sched_setscheduler(0, 4, &none));
    SHOW(sched_setscheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, &none));
    SHOW(sched_getscheduler(0) == (SCHED_BATCH | SCHED_RESET_ON_FORK));
    SHOW(sched_setparam(0, &ten));
    SHOW(sched_setparam(0, &none));
    SHOW(sched_getparam(0, &got));
    SHOW(got.sched_priority);
    SHOW(sched_rr_get_interval(0, &slice));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        SHOW(sched_getscheduler(0));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void attributes(void)
{
    struct attributes a = {.size = sizeof a, .policy = SCHED_IDLE, .nice = 3}, b;
    SHOW(syscall(SYS_sched_setattr, 0, &a, 0));
    a.flags = 1;
    SHOW(syscall(SYS_sched_setattr, 0, &a, 0));
    memset(&b, 0, sizeof b);
    SHOW(syscall(SYS_sched_getattr, 0, &b, sizeof b, 0));
    printf("size %u policy %u flags %llu nice %d priority %u\n", b.size, b.policy,
           (unsigned long long)b.flags, b.nice, b.priority);
    SHOW(syscall(SYS_sched_getattr, 0, &b, 10, 0));
    a.policy = SCHED_FIFO;
    a.priority = 5;
    SHOW(syscall(SYS_sched_setattr, 0, &a, 0));
    a.policy = SCHED_OTHER;
    a.priority = 0;
    SHOW(syscall(SYS_sched_setattr, 0, &a, 0));
}

static void niceness(void)
{
    SHOW(nice(2));
    SHOW(nice(-1));
    SHOW(getpriority(PRIO_PROCESS, 0));
    SHOW(nice(100));
    SHOW(syscall(SYS_ioprio_get, 1, 0));
    SHOW(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 6));
    SHOW(syscall(SYS_ioprio_get, 1, 0) == (2 << 13 | 6));
    SHOW(syscall(SYS_ioprio_set, 1, 0, 1 << 13));
    SHOW(syscall(SYS_ioprio_set, 1, 0, 4 << 13));
    SHOW(syscall(SYS_ioprio_set, 1, 99999999, 2 << 13));
}

static void capabilities(void)
{
    struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct d[2] = {{0}};
    SHOW(syscall(SYS_capset, &h, d));
    d[0].effective = d[0].permitted = 1;
    SHOW(syscall(SYS_capset, &h, d));
    h.version = 7;
    SHOW(syscall(SYS_capset, &h, d));
}

static void splices(void)
{
    int p[2], q[2], on = 1;
    char text[20] = "";
    struct iovec v = {text, 5};
    loff_t at = 2;
    int file = open("file", O_RDWR | O_CREAT, 0600);
    GOOD(write(file, "0123456789", 10) == 10 && pipe(p) == 0 && pipe(q) == 0);
    SHOW(splice(file, &at, p[1], NULL, 6, 0));
    SHOW(at);
    SHOW(tee(p[0], q[1], 4, 0));
    SHOW(splice(p[0], NULL, q[1], NULL, 100, 0));
    SHOW(splice(p[0], NULL, q[1], NULL, 100, SPLICE_F_NONBLOCK));
    SHOW(splice(file, NULL, file, NULL, 4, 0));
    SHOW(splice(p[0], &at, q[1], NULL, 4, 0));
    SHOW(tee(file, q[1], 4, 0));
    SHOW(read(q[0], text, sizeof text));
    puts(text);
    SHOW(vmsplice(p[1], &v, 1, 0));
    SHOW(read(p[0], text + 10, 10));
    puts(text);
    SHOW(vmsplice(file, &v, 1, 0));
    SHOW(readahead(file, 0, 5));
    SHOW(readahead(99, 0, 5));
    GOOD(socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0);
    SHOW(ioctl(p[0], FIOASYNC, &on));
    GOOD(fcntl(p[0], F_GETFL) & O_ASYNC);
}

int main(void)
{
    policies();
    attributes();
    niceness();
    capabilities();
    splices();
    return 0;
}
