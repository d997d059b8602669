/* Opening a named pipe waits for somebody at its other end, who may be another thread or process of
 * the guest: the host must not wait. Locks on files likewise. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/linux/internal.h"
#include "sim/linux/path.h"

static bool is_write_end(int host, const struct stat *fifo)
{
    struct stat st;
    return fstat(host, &st) == 0 && st.st_ino == fifo->st_ino && st.st_dev == fifo->st_dev &&
           (fcntl(host, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

/* Does anybody in the guest have it open for writing? */
static bool guest_writes(const struct kernel *k, int reader)
{
    struct stat fifo;
    fstat(reader, &fifo);
    for (const struct linux_process *l = NULL; (l = task_next(k, 0, l));)
        for (uint32_t n = 0; n < l->fds.count; n++)
            if (l->fds.entries[n].host >= 0 && is_write_end(l->fds.entries[n].host, &fifo))
                return true;
    return false;
}

/* A writer outside is noticed by what it has written, or when it is gone. */
static bool has_writer(const struct linux_process *l, int reader)
{
    struct pollfd p = {.fd = reader, .events = POLLIN};
    return poll(&p, 1, 0) != 0 || guest_writes(l->kernel, reader);
}

bool fifo_waits(const struct linux_process *l, const struct guest_path *p, int flags)
{
    struct stat st;
    return threads_share(l) && !(flags & (O_NONBLOCK | O_PATH)) &&
           (flags & O_ACCMODE) != O_RDWR && fstatat(p->dirfd, p->text, &st, 0) == 0 &&
           S_ISFIFO(st.st_mode);
}

/* A reader keeps its end open while it waits, so that writers find it. */
int64_t fifo_open(struct linux_process *l, const struct guest_path *p, int flags)
{
    struct thread_wait *w = &thread_running(l)->wait;
    bool reads = (flags & O_ACCMODE) == O_RDONLY;
    int fd = w->held_fd ? w->held_fd : openat(p->dirfd, p->text, flags | O_NONBLOCK);
    if (fd >= 0 && (!reads || has_writer(l, fd))) {
        w->held_fd = 0;
        fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
        return fd;
    }
    if (fd < 0 && errno != ENXIO)
        return -errno;
    if (fd >= 0)
        w->held_fd = fd;
    thread_wait_on(l, NULL, 0);
    thread_wait_until(l, WAIT_FOR_EVER);
    return CALL_RESTART;
}

int64_t sys_flock(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    bool waits = threads_share(l) && !(a[1] & LOCK_NB);
    if (fd < 0)
        return -EBADF;
    int64_t r = host_result(flock(fd, (int)a[1] | (waits ? LOCK_NB : 0)));
    if (r != -EWOULDBLOCK || !waits)
        return r;
    thread_wait_on(l, NULL, 0);
    thread_wait_until(l, WAIT_FOR_EVER);
    return CALL_RESTART;
}
