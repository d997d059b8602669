#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/inotify.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"
#include "sim/linux/path.h"

#define EVENTS_ROOM 8192u

static int64_t make(struct linux_process *l, uint64_t flags)
{
    if (flags & ~(uint64_t)(GUEST_O_CLOEXEC | GUEST_O_NONBLOCK))
        return -EINVAL;
    int host = inotify_init1(IN_CLOEXEC | (flags & GUEST_O_NONBLOCK ? IN_NONBLOCK : 0));
    int64_t guest = fd_adopt(l, host, flags & GUEST_O_CLOEXEC);
    if (guest >= 0)
        fd_find(&l->fds, (uint64_t)guest)->is_inotify = true;
    return guest;
}

int64_t sys_inotify_init(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return make(l, 0);
}

int64_t sys_inotify_init1(struct linux_process *l, const uint64_t *a)
{
    return make(l, a[0]);
}

/* 0 with *host set, or a negative errno. */
static int64_t instance(struct linux_process *l, uint64_t guest, int *host)
{
    const struct fd_entry *entry = fd_find(&l->fds, guest);
    *host = entry ? entry->host : -1;
    return !entry ? -EBADF : entry->is_inotify ? 0 : -EINVAL;
}

int64_t sys_inotify_add_watch(struct linux_process *l, const uint64_t *a)
{
    struct guest_path p;
    char name[PATH_MAX + 64];
    int host;
    int64_t r = instance(l, a[0], &host);
    if (r < 0)
        return r;
    bool follow = !(a[2] & IN_DONT_FOLLOW);
    r = path_get(l, PATH_CWD, a[1], follow ? PATH_FOLLOW : PATH_NOFOLLOW, &p);
    if (r < 0)
        return r;
    /* There is no inotify_add_watchat. */
    if (p.dirfd == AT_FDCWD || p.text[0] == '/')
        strcpy(name, p.text);
    else
        snprintf(name, sizeof name, "/proc/self/fd/%d/%s", p.dirfd, p.text);
    r = host_result(inotify_add_watch(host, name, (uint32_t)a[2]));
    path_done(&p);
    return r;
}

int64_t sys_inotify_rm_watch(struct linux_process *l, const uint64_t *a)
{
    int host;
    int64_t r = instance(l, a[0], &host);
    return r < 0 ? r : host_result(inotify_rm_watch(host, (int)a[1]));
}

static uint32_t cookie_to_guest(struct inotify_cookies *c, uint32_t host)
{
    if (!host)
        return 0;
    uint32_t oldest = c->count > INOTIFY_COOKIES ? c->count - INOTIFY_COOKIES : 0;
    for (uint32_t n = c->count; n > oldest; n--)
        if (c->host[(n - 1) % INOTIFY_COOKIES] == host)
            return n;
    c->host[c->count++ % INOTIFY_COOKIES] = host;
    return c->count;
}

static void put_event(struct linux_process *l, struct wire *w, const struct inotify_event *e)
{
    wire_put(w, 4, (uint32_t)e->wd);
    wire_put(w, 4, e->mask);
    wire_put(w, 4, cookie_to_guest(&l->kernel->cookies, e->cookie));
    wire_put(w, 4, e->len);
}

int64_t inotify_read(struct linux_process *l, int fd, uint64_t ea, uint64_t bytes)
{
    _Alignas(struct inotify_event) char events[EVENTS_ROOM];
    int64_t wait = thread_wait_for_host(l, fd, POLLIN);
    if (wait)
        return wait;
    ssize_t n = read(fd, events, min_u64(bytes, sizeof events));
    if (n < 0)
        return host_result(n);
    for (ssize_t at = 0; at < n;) {
        struct inotify_event e;
        struct wire w;
        memcpy(&e, events + at, sizeof e);
        wire_init(&w, l);
        put_event(l, &w, &e);
        wire_put_bytes(&w, events + at + sizeof e, e.len);
        if (!wire_store(&w, l, ea + (uint64_t)at))
            return -EFAULT;
        at += (ssize_t)(sizeof e + e.len);
    }
    return n;
}
