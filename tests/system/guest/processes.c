/* Processes: what fork copies and what it shares, how they end and who is told, groups, stopping,
 * time used. What is printed does not depend on who runs when. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "child.h"

static int exit_42(void) { return 42; }
static int abort_itself(void) { abort(); }
static int kill_itself(void) { return raise(SIGKILL); }
static int *volatile nowhere;
static int fault(void) { return *nowhere; }

static void ends(void)
{
    int status = status_of(start(exit_42));
    show("exited", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    show("aborted", WTERMSIG(status_of(start(abort_itself))));
    show("killed", WTERMSIG(status_of(start(kill_itself))));
    show("fault", WTERMSIG(status_of(start(fault))));
    show("no child", waitpid(-1, NULL, 0) == -1 ? errno : 0);
    show("not mine", waitpid(getpid(), NULL, 0) == -1 ? errno : 0);
    show("bad options", waitpid(-1, NULL, 0x100) == -1 ? errno : 0);
}

static long counter = 5;

static int change_everything(void)
{
    counter = 6;
    umask(077);
    chdir("/");
    setenv("X", "child", 1);
    struct rlimit limit = {100, 100};
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGUSR1, SIG_IGN);
    lseek(9, 3, SEEK_SET);
    close(8);
    return (int)counter;
}

static void copies(void)
{
    char here[4096], now[4096];
    struct rlimit limit;
    getcwd(here, sizeof here);
    int file = open("file", O_RDWR | O_CREAT, 0644);
    write(file, "0123456789", 10);
    dup2(file, 9);
    dup2(file, 8);
    show("child's counter", WEXITSTATUS(status_of(start(change_everything))));
    show("own counter", counter);
    show("own umask", umask(022));
    show("own directory", strcmp(here, getcwd(now, sizeof now)));
    show("own environment", getenv("X") != NULL);
    getrlimit(RLIMIT_NOFILE, &limit);
    show("own limit", limit.rlim_cur > 100);
    show("own action", signal(SIGUSR1, SIG_DFL) == SIG_DFL);
    show("shared offset", lseek(file, 0, SEEK_CUR));
    show("own descriptor", fcntl(8, F_GETFD));
    close(file);
    close(8);
    close(9);
}

/* Each process stores to pages that the others have, too. */
#define COPY_BYTES 300000
static unsigned char data[COPY_BYTES];

static int sum_of_changed(void)
{
    unsigned sum = 0;
    for (int n = 0; n < COPY_BYTES; n += 4099)
        data[n]++;
    for (int n = 0; n < COPY_BYTES; n++)
        sum = sum * 3 + data[n];
    return sum & 127;
}

static int nested(void)
{
    int inner = WEXITSTATUS(status_of(start(sum_of_changed)));
    return (inner ^ sum_of_changed()) & 127;
}

static void copy_on_write(void)
{
    for (int n = 0; n < COPY_BYTES; n++)
        data[n] = (unsigned char)(n * 7 >> 3);
    show("changed by a child", WEXITSTATUS(status_of(start(sum_of_changed))));
    show("changed by two", WEXITSTATUS(status_of(start(nested))));
    show("changed here", sum_of_changed());
}

static volatile sig_atomic_t got_signo, got_code, got_status, got_pid_right;
static pid_t expected;

static void on_child(int signo, siginfo_t *info, void *context)
{
    (void)context;
    got_signo = signo;
    got_code = info->si_code;
    got_status = info->si_status;
    got_pid_right = info->si_pid == expected;
}

static void told(void)
{
    struct sigaction action = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigset_t set, old;
    siginfo_t info;
    sigaction(SIGCHLD, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &old);
    expected = start(exit_42);
    while (!got_signo)
        sigsuspend(&old);
    sigprocmask(SIG_SETMASK, &old, NULL);
    show("signal", got_signo);
    show("code", got_code);
    show("status", got_status);
    show("right child", got_pid_right);
    show("looked at", waitid(P_PID, (id_t)expected, &info, WEXITED | WNOWAIT));
    show("still there", waitid(P_ALL, 0, &info, WEXITED));
    show("waitid's code", info.si_code);
    show("waitid's status", info.si_status);
    show("waitid's child", info.si_pid == expected);
    signal(SIGCHLD, SIG_IGN);
    expected = start(exit_42);
    show("ignored", waitpid(expected, NULL, 0) == -1 ? errno : 0);
    signal(SIGCHLD, SIG_DFL);
}

static int pause_for_ever(void)
{
    while (pause() == -1) {
    }
    return 0;
}

static void stops(void)
{
    int status;
    pid_t child = start(pause_for_ever);
    kill(child, SIGSTOP);
    show("stopped child", waitpid(child, &status, WUNTRACED) == child);
    show("by", WIFSTOPPED(status) ? WSTOPSIG(status) : -1);
    show("nothing new", waitpid(child, &status, WUNTRACED | WNOHANG));
    kill(child, SIGCONT);
    show("continued child", waitpid(child, &status, WCONTINUED) == child);
    show("continued", WIFCONTINUED(status));
    kill(child, SIGTERM);
    show("ended by", WTERMSIG(status_of(child)));
}

static void on_alarm(int signo) { (void)signo; }

static int interrupted_wait(void)
{
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    pid_t child = start(pause_for_ever);
    ualarm(20000, 0);
    int r = waitpid(child, NULL, 0) == -1 ? errno : 0;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return r;
}

static int in_own_group(void)
{
    pause();
    return 0;
}

static int in_own_session(void)
{
    return setsid() == getpid() && getpgrp() == getpid() && getsid(0) == getpid() &&
           setpgid(0, 0) == -1 && errno == EPERM;
}

static void groups(void)
{
    pid_t a = start(in_own_group), b = start(in_own_group);
    show("wait interrupted", WEXITSTATUS(status_of(start(interrupted_wait))));
    show("group made", setpgid(a, a));
    show("group joined", setpgid(b, a));
    show("group of the other", getpgid(b) == a);
    show("own group is another", getpgrp() != a);
    show("no such group", setpgid(b, 99999) == -1 ? errno : 0);
    show("group killed", kill(-a, SIGTERM));
    int status = 0;
    show("first", waitpid(-a, &status, 0) > 0 ? WTERMSIG(status) : -1);
    show("second", waitpid(-a, &status, 0) > 0 ? WTERMSIG(status) : -1);
    show("nobody left", kill(-a, 0) == -1 ? errno : 0);
    show("session", WEXITSTATUS(status_of(start(in_own_session))));
}

static long own_time(void)
{
    struct itimerval left;
    getitimer(ITIMER_REAL, &left);
    return left.it_value.tv_sec;
}

static int spin(void)
{
    for (volatile int n = 0; n < 3000000; n++) {
    }
    return own_time() != 0;
}

static void times(void)
{
    struct rusage children;
    int status;
    alarm(1000);
    pid_t child = start(spin);
    show("child with usage", wait4(child, &status, 0, &children) == child);
    show("alarm is not inherited", WEXITSTATUS(status));
    alarm(0);
    show("child's time counts", children.ru_utime.tv_sec * 1000000 + children.ru_utime.tv_usec > 0);
    getrusage(RUSAGE_CHILDREN, &children);
    show("children's time counts",
         children.ru_utime.tv_sec * 1000000 + children.ru_utime.tv_usec > 0);
}

static volatile int borrowed;

static void vforks(void)
{
    pid_t child = vfork();
    if (child == 0) {
        borrowed = 9;
        _exit(2);
    }
    show("memory was lent", borrowed);
    show("vfork's child", WEXITSTATUS(status_of(child)));
    char *argv[] = {"nothing", NULL}, *envp[] = {NULL};
    show("spawn of nothing", posix_spawn(&child, "./nothing", NULL, NULL, argv, envp));
    show("exec of a directory", execve("/", argv, envp) == -1 ? errno : 0);
    close(open("text", O_WRONLY | O_CREAT, 0644));
    show("exec without permission", execve("text", argv, envp) == -1 ? errno : 0);
    chmod("text", 0755);
    show("exec of nothing at all", execve("text", argv, envp) == -1 ? errno : 0);
}

static void *fork_here(void *arg)
{
    (void)arg;
    return (void *)(intptr_t)WEXITSTATUS(status_of(start(exit_42)));
}

static void fork_in_thread(void)
{
    pthread_t t;
    void *result = NULL;
    pthread_create(&t, NULL, fork_here, NULL);
    pthread_join(t, &result);
    show("child of a thread", (long)(intptr_t)result);
}

int main(void)
{
    ends();
    copies();
    copy_on_write();
    told();
    stops();
    groups();
    times();
    vforks();
    fork_in_thread();
    unlink("file");
    unlink("text");
    return 0;
}
