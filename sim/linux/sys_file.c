/* Opening, closing and duplicating descriptors; what is done to a file as a whole. */
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/fd_object.h"
#include "sim/linux/file_limit.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"
#include "sim/linux/path.h"

int64_t fd_adopt(struct linux_process *l, int host, bool close_on_exec)
{
    if (host < 0)
        return host_result(host);
    return fd_install(&l->fds, host, close_on_exec, 0, l->limits[GUEST_RLIMIT_NOFILE].soft);
}

/* With the guest's umask, not the simulator's. */
static int make_file(const struct guest_path *p, int flags, uint64_t mode, uint32_t mask)
{
    mode_t old = umask(mask);
    int host = openat(p->dirfd, p->text, flags, (mode_t)mode & 07777);
    int why = errno;
    umask(old);
    errno = why;
    return host;
}

static int64_t open_path(struct linux_process *l, uint64_t dirfd, uint64_t ea, uint64_t flags,
                         uint64_t mode)
{
    struct guest_path p;
    bool exclusive = (flags & GUEST_O_CREAT) && (flags & GUEST_O_EXCL);
    enum path_end end = flags & GUEST_O_NOFOLLOW || exclusive ? PATH_NOFOLLOW : PATH_FOLLOW;
    int64_t r = path_get(l, dirfd, ea, end, &p);
    if (r < 0)
        return r;
    int host_flags = open_flags_to_host(flags) | O_CLOEXEC | O_NOCTTY;
    bool directory = p.is_directory, generated = p.is_generated;
    if (directory && (flags & (O_ACCMODE | GUEST_O_CREAT))) {
        path_done(&p);
        return -EISDIR;
    }
    if (directory || p.temp_fd >= 0)
        host_flags &= ~O_NOFOLLOW; /* the link is the simulator's */
    if (directory)
        host_flags &= ~O_DIRECTORY;
    bool waits = fifo_waits(l, &p, host_flags);
    int host = waits ? (int)fifo_open(l, &p, host_flags)
                     : make_file(&p, host_flags, mode, l->umask);
    int why = errno;
    path_done(&p);
    errno = why;
    if (waits && host < 0)
        return host;
    if (host >= 0 && flags & GUEST_O_TRUNC)
        tasks_discard_borrowed(l->kernel);
    int64_t guest = fd_adopt(l, host, flags & GUEST_O_CLOEXEC);
    if (guest >= 0) {
        fd_find(&l->fds, (uint64_t)guest)->is_directory = directory;
        fd_find(&l->fds, (uint64_t)guest)->is_generated = generated;
    }
    return guest;
}

int64_t sys_openat(struct linux_process *l, const uint64_t *a)
{
    return open_path(l, a[0], a[1], a[2], a[3]);
}

/* struct open_how: flags, mode, ways in which the path may not be resolved. Unlike the others it
 * refuses what it does not know. */
int64_t sys_openat2(struct linux_process *l, const uint64_t *a)
{
    enum { HOW_BYTES = 24 };
    struct wire w;
    if (a[3] < HOW_BYTES)
        return -EINVAL;
    if (a[3] > WIRE_BYTES)
        return -E2BIG;
    if (!wire_load(&w, l, a[2], (uint32_t)a[3]))
        return -EFAULT;
    uint64_t flags = wire_get(&w, 8), mode = wire_get(&w, 8), resolve = wire_get(&w, 8);
    while (w.used < a[3])
        if (wire_get(&w, 1))
            return -E2BIG;
    bool makes = flags & (GUEST_O_CREAT | GUEST_O_TMPFILE_BIT);
    if (flags & ~GUEST_OPEN_FLAGS || mode & ~UINT64_C(07777) || (mode && !makes))
        return -EINVAL;
    return resolve ? syscall_refuse(l, "openat2 with RESOLVE_ flags")
                   : open_path(l, a[0], a[1], flags, mode);
}

int64_t sys_open(struct linux_process *l, const uint64_t *a)
{
    return open_path(l, PATH_CWD, a[0], a[1], a[2]);
}

int64_t sys_creat(struct linux_process *l, const uint64_t *a)
{
    return open_path(l, PATH_CWD, a[0], GUEST_O_CREAT | GUEST_O_WRONLY | GUEST_O_TRUNC, a[1]);
}

bool fd_drop(struct linux_process *l, uint64_t guest)
{
    locks_file_closes(l, fd_host(&l->fds, guest));
    return fd_close(&l->fds, guest);
}

int64_t sys_close(struct linux_process *l, const uint64_t *a)
{
    return fd_drop(l, a[0]) ? 0 : -EBADF;
}

int64_t sys_close_range(struct linux_process *l, const uint64_t *a)
{
    enum { UNSHARE = 2, CLOEXEC = 4 };
    if (a[0] > a[1] || a[2] & ~(uint64_t)(UNSHARE | CLOEXEC))
        return -EINVAL;
    for (uint64_t n = a[0]; n <= a[1] && n < l->fds.count; n++) {
        struct fd_entry *entry = fd_find(&l->fds, n);
        if (entry && a[2] & CLOEXEC)
            entry->close_on_exec = true;
        else if (entry)
            fd_drop(l, n);
    }
    return 0;
}

/* A copy is of the kind of its original. */
static int64_t same_kind(struct linux_process *l, uint64_t guest, int64_t copy)
{
    if (copy < 0)
        return copy;
    struct fd_entry *to = fd_find(&l->fds, (uint64_t)copy);
    const struct fd_entry *from = fd_find(&l->fds, guest);
    to->is_counter = from->is_counter;
    to->is_inotify = from->is_inotify;
    to->is_directory = from->is_directory;
    to->is_generated = from->is_generated;
    to->object = from->object;
    if (to->object)
        to->object->users++;
    return copy;
}

static int64_t duplicate(struct linux_process *l, uint64_t guest, uint64_t lowest, bool cloexec)
{
    int host = fd_host(&l->fds, guest);
    if (host < 0)
        return -EBADF;
    int copy = fcntl(host, F_DUPFD_CLOEXEC, 3);
    if (copy < 0)
        return -errno;
    return same_kind(l, guest, fd_install(&l->fds, copy, cloexec, lowest,
                                          l->limits[GUEST_RLIMIT_NOFILE].soft));
}

static int64_t duplicate_to(struct linux_process *l, uint64_t guest, uint64_t to, bool cloexec)
{
    int host = fd_host(&l->fds, guest);
    if (host < 0 || to >= min_u64(l->limits[GUEST_RLIMIT_NOFILE].soft, FD_MAX))
        return -EBADF;
    int copy = fcntl(host, F_DUPFD_CLOEXEC, 3);
    if (copy < 0)
        return -errno;
    fd_drop(l, to);
    fd_replace(&l->fds, (uint32_t)to, copy, cloexec);
    return same_kind(l, guest, (int64_t)to);
}

int64_t sys_dup(struct linux_process *l, const uint64_t *a) { return duplicate(l, a[0], 0, false); }

int64_t sys_dup2(struct linux_process *l, const uint64_t *a)
{
    if (a[0] == a[1])
        return fd_host(&l->fds, a[0]) < 0 ? -EBADF : (int64_t)a[0];
    return duplicate_to(l, a[0], a[1], false);
}

int64_t sys_dup3(struct linux_process *l, const uint64_t *a)
{
    if (a[0] == a[1] || a[2] & ~(uint64_t)GUEST_O_CLOEXEC)
        return -EINVAL;
    return duplicate_to(l, a[0], a[1], a[2]);
}

int64_t fcntl_duplicate(struct linux_process *l, uint64_t guest, uint64_t lowest, bool cloexec)
{
    if (lowest >= l->limits[GUEST_RLIMIT_NOFILE].soft)
        return fd_host(&l->fds, guest) < 0 ? -EBADF : -EINVAL;
    return duplicate(l, guest, lowest, cloexec);
}

static int64_t make_pipe(struct linux_process *l, uint64_t ea, uint64_t flags)
{
    int host[2];
    if (flags & ~(uint64_t)(GUEST_O_CLOEXEC | GUEST_O_NONBLOCK | GUEST_O_DIRECT))
        return -EINVAL;
    if (pipe2(host, open_flags_to_host(flags) | O_CLOEXEC) < 0)
        return -errno;
    bool cloexec = flags & GUEST_O_CLOEXEC;
    int64_t in = fd_adopt(l, host[0], cloexec), out = fd_adopt(l, host[1], cloexec);
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, 4, (uint64_t)in);
    wire_put(&w, 4, (uint64_t)out);
    if (in >= 0 && out >= 0 && wire_store(&w, l, ea))
        return 0;
    fd_close(&l->fds, (uint64_t)in);
    fd_close(&l->fds, (uint64_t)out);
    return in >= 0 && out >= 0 ? -EFAULT : -EMFILE;
}

int64_t sys_pipe(struct linux_process *l, const uint64_t *a) { return make_pipe(l, a[0], 0); }
int64_t sys_pipe2(struct linux_process *l, const uint64_t *a) { return make_pipe(l, a[0], a[1]); }

static int64_t make_counter(struct linux_process *l, uint64_t value, int flags, bool cloexec)
{
    int64_t guest = fd_adopt(l, eventfd((unsigned)value, flags | EFD_CLOEXEC), cloexec);
    if (guest >= 0)
        fd_find(&l->fds, (uint64_t)guest)->is_counter = true;
    return guest;
}

int64_t sys_eventfd(struct linux_process *l, const uint64_t *a)
{
    return make_counter(l, a[0], 0, false);
}

int64_t sys_eventfd2(struct linux_process *l, const uint64_t *a)
{
    int semaphore = a[1] & 1 ? EFD_SEMAPHORE : 0;
    if (a[1] & ~(uint64_t)(1 | GUEST_O_CLOEXEC | GUEST_O_NONBLOCK))
        return -EINVAL;
    int nonblock = a[1] & GUEST_O_NONBLOCK ? EFD_NONBLOCK : 0;
    return make_counter(l, a[0], semaphore | nonblock, a[1] & GUEST_O_CLOEXEC);
}

int64_t sys_memfd_create(struct linux_process *l, const uint64_t *a)
{
    char name[250];
    int64_t length = guest_string(l, a[0], name, sizeof name);
    if (length < 0)
        return length == -ENAMETOOLONG ? -EINVAL : length;
    if (a[1] & ~UINT64_C(3)) /* MFD_CLOEXEC, MFD_ALLOW_SEALING */
        return -EINVAL;
    unsigned sealing = a[1] & 2 ? MFD_ALLOW_SEALING : 0;
    return fd_adopt(l, memfd_create(name, MFD_CLOEXEC | sealing), a[1] & 1);
}

int64_t sys_lseek(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    if (a[2] > SEEK_HOLE)
        return -EINVAL;
    return host_result(lseek(fd, (off_t)a[1], (int)a[2]));
}

int64_t sys__llseek(struct linux_process *l, const uint64_t *a)
{
    struct wire w;
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    if (a[4] > SEEK_HOLE)
        return -EINVAL;
    off_t at = lseek(fd, (off_t)(a[1] << 32 | (uint32_t)a[2]), (int)a[4]);
    if (at < 0)
        return -errno;
    wire_init(&w, l);
    wire_put(&w, 8, (uint64_t)at);
    return wire_store(&w, l, a[3]) ? 0 : -EFAULT;
}

/* Calls of one host descriptor and nothing else to translate. */
int64_t sys_fsync(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : host_result(fsync(fd));
}

int64_t sys_fdatasync(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : host_result(fdatasync(fd));
}

int64_t sys_syncfs(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : host_result(syncfs(fd));
}

/* Nothing of the guest's is newer than what the host has; flushing all disks is not a program's
 * business here. */
int64_t sys_sync(struct linux_process *l, const uint64_t *a)
{
    (void)l, (void)a;
    return 0;
}

int64_t sys_sync_file_range2(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF
                  : host_result(sync_file_range(fd, (off64_t)a[2], (off64_t)a[3], (unsigned)a[1]));
}

int64_t sys_fadvise64(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : -posix_fadvise(fd, (off_t)a[1], (off_t)a[2], (int)a[3]);
}

/* Its advice comes second, so that the pairs of registers leave no gap. */
int64_t sys_fadvise64_64(struct linux_process *l, const uint64_t *a)
{
    return sys_fadvise64(l, (uint64_t[]){a[0], a[2], a[3], a[1]});
}

int64_t sys_fallocate(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    enum { KEEP_SIZE = 1 };
    int64_t r = a[1] & KEEP_SIZE ? 0 : file_limit_size(l, fd, a[2] + a[3]);
    if (r < 0)
        return r;
    r = host_result(fallocate(fd, (int)a[1], (off_t)a[2], (off_t)a[3]));
    tasks_discard_borrowed(l->kernel); /* collapsing a range makes a file shorter */
    return r;
}

static int64_t resize(struct linux_process *l, int fd, uint64_t size)
{
    int64_t r = file_limit_size(l, fd, size);
    return r < 0 ? r : host_result(ftruncate(fd, (off_t)size));
}

int64_t sys_truncate(struct linux_process *l, const uint64_t *a)
{
    struct guest_path p;
    int64_t r = path_get(l, PATH_CWD, a[0], PATH_FOLLOW, &p);
    if (r < 0)
        return r;
    /* There is no truncateat. */
    int fd = (int64_t)a[1] < 0 ? -1 : openat(p.dirfd, p.text, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    r = (int64_t)a[1] < 0 ? -EINVAL : fd < 0 ? -errno : resize(l, fd, a[1]);
    if (fd >= 0)
        close(fd);
    path_done(&p);
    tasks_discard_borrowed(l->kernel);
    return r;
}

int64_t sys_ftruncate(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    if (fd < 0)
        return -EBADF;
    int64_t r = resize(l, fd, a[1]);
    tasks_discard_borrowed(l->kernel);
    return r;
}
