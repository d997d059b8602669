/* Who a process is: its number, parent, group and session. */
#include <errno.h>

#include "sim/linux/internal.h"

int64_t sys_getpid(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return l->pid;
}

int64_t sys_getppid(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return l->parent ? l->parent->pid : GUEST_PARENT;
}

int64_t sys_getpgrp(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return l->group;
}

int64_t sys_getpgid(struct linux_process *l, const uint64_t *a)
{
    const struct linux_process *of = task_named(l, a[0]);
    return of ? (int64_t)of->group : -ESRCH;
}

int64_t sys_getsid(struct linux_process *l, const uint64_t *a)
{
    const struct linux_process *of = task_named(l, a[0]);
    return of ? (int64_t)of->session : -ESRCH;
}

/* A group of its own, or one of the same session; for oneself or a child that has not started
 * another program. */
int64_t sys_setpgid(struct linux_process *l, const uint64_t *a)
{
    struct linux_process *of = a[0] ? task_find(l->kernel, a[0]) : l;
    if ((int64_t)a[1] < 0)
        return -EINVAL;
    if (!of || (of != l && of->parent != l))
        return -ESRCH;
    if (of != l && of->has_started_program)
        return -EACCES;
    uint32_t group = a[1] ? (uint32_t)a[1] : of->pid;
    const struct linux_process *member = task_next(l->kernel, group, NULL);
    if (of->session == of->pid || of->session != l->session ||
        (group != of->pid && (!member || member->session != l->session)))
        return -EPERM;
    of->group = group;
    return 0;
}

int64_t sys_setsid(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    if (task_next(l->kernel, l->pid, NULL))
        return -EPERM; /* there is a group of that number */
    l->session = l->group = l->pid;
    return l->pid;
}
