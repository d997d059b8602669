/* Setting a file's times. "Now" is the guest's clock, so that a run repeats. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "sim/linux/internal.h"
#include "sim/linux/path.h"

static struct timespec guest_now(const struct linux_process *l)
{
    uint64_t ns = time_real_ns(l);
    return (struct timespec){(time_t)(ns / NS_PER_SECOND), (long)(ns % NS_PER_SECOND)};
}

/* `path` zero names the descriptor itself. */
static int64_t set_times(struct linux_process *l, uint64_t dirfd, uint64_t path,
                         const struct timespec *t, uint64_t flags)
{
    struct guest_path p;
    if (flags & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (!path) {
        int fd = fd_host(&l->fds, dirfd);
        return fd < 0 ? -EBADF : host_result(futimens(fd, t));
    }
    int64_t r = path_get(l, dirfd, path, path_end_of(flags), &p);
    if (r < 0)
        return r;
    r = host_result(utimensat(p.dirfd, p.text, t, (int)flags));
    path_done(&p);
    return r;
}

/* Two times of a pair of numbers each, the second micro- or nanoseconds; zero address: now. */
static int64_t get_times(struct linux_process *l, uint64_t ea, struct timespec *t, bool micro)
{
    struct wire w;
    bool wide = micro ? l->image.is_64bit : l->wide_time;
    t[0] = t[1] = guest_now(l);
    if (!ea)
        return 0;
    if (!wire_load(&w, l, ea, wide ? 32 : 16))
        return -EFAULT;
    for (unsigned n = 0; n < 2; n++) {
        t[n].tv_sec = wide ? (time_t)wire_get(&w, 8) : (int32_t)wire_get(&w, 4);
        t[n].tv_nsec = wide ? (long)wire_get(&w, 8) : (int32_t)wire_get(&w, 4);
        if (micro && (t[n].tv_nsec < 0 || t[n].tv_nsec > 999999))
            return -EINVAL;
        if (micro)
            t[n].tv_nsec *= 1000;
        else if (t[n].tv_nsec == UTIME_NOW)
            t[n] = guest_now(l);
    }
    return 0;
}

int64_t sys_utimensat(struct linux_process *l, const uint64_t *a)
{
    struct timespec t[2];
    int64_t r = get_times(l, a[2], t, false);
    return r < 0 ? r : set_times(l, a[0], a[1], t, a[3]);
}

int64_t sys_futimesat(struct linux_process *l, const uint64_t *a)
{
    struct timespec t[2];
    int64_t r = get_times(l, a[2], t, true);
    return r < 0 ? r : set_times(l, a[0], a[1], t, 0);
}

int64_t sys_utimes(struct linux_process *l, const uint64_t *a)
{
    struct timespec t[2];
    int64_t r = get_times(l, a[1], t, true);
    return r < 0 ? r : a[0] ? set_times(l, PATH_CWD, a[0], t, 0) : -EFAULT;
}

int64_t sys_utime(struct linux_process *l, const uint64_t *a)
{
    struct timespec t[2] = {guest_now(l), guest_now(l)};
    struct wire w;
    if (a[1]) {
        if (!wire_load(&w, l, a[1], l->image.is_64bit ? 16 : 8))
            return -EFAULT;
        for (unsigned n = 0; n < 2; n++)
            t[n] = (struct timespec){.tv_sec = wire_get_signed_long(&w)};
    }
    return a[0] ? set_times(l, PATH_CWD, a[0], t, 0) : -EFAULT;
}
