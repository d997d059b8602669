/* Children that run one function. */
#ifndef TESTS_SYSTEM_GUEST_CHILD_H
#define TESTS_SYSTEM_GUEST_CHILD_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void show(const char *what, long value) { printf("%s: %ld\n", what, value); }

/* Runs `body` in a child, which ends with what it returns. */
static inline pid_t start(int (*body)(void))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(body());
    return child;
}

/* As waitpid gives it; -1: it was no child. */
static inline int status_of(pid_t child)
{
    int status = -1;
    return waitpid(child, &status, 0) == child ? status : -1;
}

#endif
