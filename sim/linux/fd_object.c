#include "sim/linux/fd_object.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/linux/internal.h"

int64_t fd_object_create(struct linux_process *l, const struct fd_object *kind, bool nonblocking,
                         bool cloexec)
{
    int host = eventfd(0, EFD_CLOEXEC | (nonblocking ? EFD_NONBLOCK : 0));
    int own = host < 0 ? -1 : dup(host);
    int64_t guest = own < 0 ? -errno : fd_adopt(l, host, cloexec);
    if (own < 0 && host >= 0)
        close(host);
    if (guest < 0) {
        if (own >= 0)
            close(own);
        return guest;
    }
    struct fd_object *o = xmalloc(sizeof *o);
    *o = *kind;
    o->users = 1;
    o->event_fd = own;
    o->pid = kind->kind == FD_SIGNALS ? l->pid : kind->pid;
    o->next = l->kernel->fd_objects;
    l->kernel->fd_objects = o;
    fd_find(&l->fds, (uint64_t)guest)->is_counter = true;
    fd_find(&l->fds, (uint64_t)guest)->object = o;
    return guest;
}

struct fd_object *fd_object_find(struct linux_process *l, uint64_t guest, enum fd_kind kind)
{
    struct fd_entry *entry = fd_find(&l->fds, guest);
    return entry && entry->object && entry->object->kind == kind ? entry->object : NULL;
}

static void remove_unused(struct kernel *k)
{
    for (struct fd_object **at = &k->fd_objects; *at;) {
        struct fd_object *o = *at;
        if (o->users) {
            at = &o->next;
            continue;
        }
        *at = o->next;
        close(o->event_fd);
        free(o);
    }
}

static bool is_readable(const struct fd_object *o)
{
    struct pollfd p = {.fd = o->event_fd, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

static void add(const struct fd_object *o, uint64_t count)
{
    if (write(o->event_fd, &count, sizeof count) < 0)
        panic("an eventfd takes no count");
}

/* Never waits: there is something to read. */
static void take_all(const struct fd_object *o)
{
    uint64_t count;
    if (read(o->event_fd, &count, sizeof count) < 0)
        panic("an eventfd gives no count");
}

static void update_timer(struct fd_object *o, uint64_t now)
{
    if (!o->deadline_ns || now < o->deadline_ns)
        return;
    uint64_t late = now - o->deadline_ns, interval = o->interval_ns;
    add(o, interval ? 1 + late / interval : 1);
    o->deadline_ns = interval ? now + interval - late % interval : 0;
}

static void update_signals(struct kernel *k, const struct fd_object *o)
{
    const struct linux_process *l = task_find(k, o->pid);
    bool pending = false, readable = is_readable(o);
    for (uint32_t n = 0; l && l->state == TASK_ALIVE && n < l->signals.queued; n++)
        pending = pending || o->signals & SIGNAL_BIT(l->signals.queue[n].signo);
    if (pending && !readable)
        add(o, 1);
    if (!pending && readable)
        take_all(o);
}

static void update_process(const struct kernel *k, const struct fd_object *o)
{
    const struct linux_process *l = task_find(k, o->pid);
    if (!(l && l->state == TASK_ALIVE) && !is_readable(o))
        add(o, 1);
}

void fd_objects_update(struct kernel *k)
{
    if (!k->fd_objects)
        return;
    remove_unused(k);
    uint64_t now = time_monotonic_ns(k->first);
    for (struct fd_object *o = k->fd_objects; o; o = o->next)
        switch (o->kind) {
        case FD_TIMER: update_timer(o, now); break;
        case FD_SIGNALS: update_signals(k, o); break;
        case FD_PROCESS: update_process(k, o); break;
        }
}

uint64_t fd_objects_next_wake(const struct kernel *k)
{
    uint64_t next = TIMER_NEVER;
    for (const struct fd_object *o = k->fd_objects; o; o = o->next)
        if (o->users && o->kind == FD_TIMER && o->deadline_ns && !is_readable(o))
            next = min_u64(next, o->deadline_ns);
    return next;
}

void fd_objects_free(struct kernel *k)
{
    for (struct fd_object *o = k->fd_objects; o; o = o->next)
        o->users = 0;
    remove_unused(k);
}
