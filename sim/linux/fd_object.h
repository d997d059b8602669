/* Descriptors that the guest's time and signals make readable: timerfd and signalfd. The host knows
 * each as an eventfd, which poll, epoll and a waiting thread look at like at any other; its count
 * is a timer's expirations, or 1 while a signal of the set is pending. */
#ifndef SIM_LINUX_FD_OBJECT_H
#define SIM_LINUX_FD_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

struct kernel;
struct linux_process;

struct fd_object {
    uint32_t users;         /* host descriptors in tables of the guest; 0: to be freed */
    int event_fd;           /* the simulator's own */
    struct fd_object *next;

    bool is_timer;
    bool on_real_clock;
    uint64_t deadline_ns;   /* monotonic; 0: off */
    uint64_t interval_ns;

    uint32_t pid;           /* whose signals make it readable: its maker's */
    uint64_t signals;
};

/* A new descriptor for a new object, filled from *kind: its number or a negative errno. */
int64_t fd_object_create(struct linux_process *l, const struct fd_object *kind, bool nonblocking,
                         bool cloexec);
/* The object of a descriptor; NULL. */
struct fd_object *fd_object_find(struct linux_process *l, uint64_t guest, bool is_timer);
/* Makes them readable as time and pending signals say. */
void fd_objects_update(struct kernel *k);
/* When a timer that nobody has heard of yet goes off, or TIMER_NEVER. */
uint64_t fd_objects_next_wake(const struct kernel *k);
void fd_objects_free(struct kernel *k);

/* sys_signalfd.c */
int64_t signalfd_read(struct linux_process *l, const struct fd_object *o, const uint64_t *a);

#endif
