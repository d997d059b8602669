/* Descriptors that the guest's time, signals and processes make readable: timerfd, signalfd, pidfd.
 * The host knows each as an eventfd, which poll, epoll and a waiting thread look at like at any
 * other; its count is a timer's expirations, or 1 while a signal of the set is pending or when the
 * process has ended. */
#ifndef SIM_LINUX_FD_OBJECT_H
#define SIM_LINUX_FD_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

struct kernel;
struct linux_process;

enum fd_kind { FD_SIGNALS, FD_TIMER, FD_PROCESS };

struct fd_object {
    uint32_t users;         /* host descriptors in tables of the guest; 0: to be freed */
    int event_fd;           /* the simulator's own */
    struct fd_object *next;

    enum fd_kind kind;
    bool on_real_clock;
    uint64_t deadline_ns;   /* monotonic; 0: off */
    uint64_t interval_ns;

    uint32_t pid;           /* the process, or whose signals make it readable: its maker's */
    uint64_t signals;
};

/* A new descriptor for a new object, filled from *kind: its number or a negative errno. */
int64_t fd_object_create(struct linux_process *l, const struct fd_object *kind, bool nonblocking,
                         bool cloexec);
/* The object of a descriptor of this kind; NULL. */
struct fd_object *fd_object_find(struct linux_process *l, uint64_t guest, enum fd_kind kind);
/* Makes them readable as time, pending signals and processes say. */
void fd_objects_update(struct kernel *k);
/* When a timer that nobody has heard of yet goes off, or TIMER_NEVER. */
uint64_t fd_objects_next_wake(const struct kernel *k);
void fd_objects_free(struct kernel *k);

/* sys_pidfd.c: a new descriptor of a process, or a negative errno. */
int64_t pidfd_create(struct linux_process *l, uint32_t pid, bool nonblocking);
/* 0 with the process of a descriptor, or -EBADF. */
int64_t pidfd_process(struct linux_process *l, uint64_t guest, uint32_t *pid, bool *nonblocking);

/* sys_signalfd.c */
int64_t signalfd_read(struct linux_process *l, const struct fd_object *o, const uint64_t *a);

#endif
