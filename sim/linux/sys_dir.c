/* Names and directories. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/path.h"
#include "sim/linux/proc_dir.h"

#define DIRENT_ROOM 32768u

/* Entries have the host's layout (struct linux_dirent64 is the same everywhere), in the guest's
 * byte order. */
static void put_entry64(struct wire *w, const struct dirent64 *d, const char *name)
{
    wire_put(w, 8, d->d_ino);
    wire_put(w, 8, (uint64_t)d->d_off);
    wire_put(w, 2, d->d_reclen);
    wire_put(w, 1, d->d_type);
    wire_put_bytes(w, name, d->d_reclen - (uint32_t)offsetof(struct dirent64, d_name));
}

/* struct linux_dirent has the guest's longs, and the type in its last byte; it is never larger. */
static void put_entry(struct wire *w, const struct dirent64 *d, const char *name)
{
    uint32_t word = w->is_64bit ? 8 : 4, length = (uint32_t)strlen(name) + 1;
    uint32_t bytes = 2 * word + 2 + length + 1;
    uint32_t padding = -bytes & (word - 1);
    wire_put_long(w, d->d_ino);
    wire_put_long(w, (uint64_t)d->d_off);
    wire_put(w, 2, bytes + padding);
    wire_put_bytes(w, name, length);
    wire_zero(w, padding);
    wire_put(w, 1, d->d_type);
}

typedef void entry_writer(struct wire *w, const struct dirent64 *d, const char *name);

/* The bytes stored, or -EFAULT. */
static int64_t store_entries(struct linux_process *l, uint64_t ea, const char *from,
                             uint64_t bytes, entry_writer *put)
{
    uint64_t stored = 0;
    for (uint64_t at = 0; at < bytes;) {
        struct dirent64 d;
        struct wire w;
        memcpy(&d, from + at, offsetof(struct dirent64, d_name));
        wire_init(&w, l);
        put(&w, &d, from + at + offsetof(struct dirent64, d_name));
        if (!wire_store(&w, l, ea + stored))
            return -EFAULT;
        stored += w.used;
        at += d.d_reclen;
    }
    return (int64_t)stored;
}

static int64_t read_entries(struct linux_process *l, const uint64_t *a, entry_writer *put)
{
    _Alignas(struct dirent64) char entries[DIRENT_ROOM];
    const struct fd_entry *entry = fd_find(&l->fds, a[0]);
    if (!entry)
        return -EBADF;
    int fd = entry->host;
    uint64_t room = min_u64(a[2], sizeof entries);
    off_t before = lseek(fd, 0, SEEK_CUR);
    ssize_t n = entry->is_directory ? proc_dir_read(fd, entries, room)
                                    : getdents64(fd, entries, room);
    if (n < 0)
        return -errno;
    int64_t stored = store_entries(l, a[1], entries, (uint64_t)n, put);
    if (stored < 0)
        lseek(fd, before, SEEK_SET); /* nothing was read as far as the guest can tell */
    return stored;
}

int64_t sys_getdents64(struct linux_process *l, const uint64_t *a)
{
    return read_entries(l, a, put_entry64);
}

int64_t sys_getdents(struct linux_process *l, const uint64_t *a)
{
    return read_entries(l, a, put_entry);
}

/* One call on one path; what it makes gets the guest's umask. */
static int64_t on_path(struct linux_process *l, uint64_t dirfd, uint64_t ea,
                       int (*run)(const struct guest_path *p, uint64_t x, uint64_t y), uint64_t x,
                       uint64_t y)
{
    struct guest_path p;
    int64_t r = path_get(l, dirfd, ea, PATH_NOFOLLOW, &p);
    if (r < 0)
        return r;
    mode_t old = umask(l->umask);
    r = host_result(run(&p, x, y));
    umask(old);
    path_done(&p);
    return r;
}

static int run_mkdir(const struct guest_path *p, uint64_t mode, uint64_t unused)
{
    (void)unused;
    return mkdirat(p->dirfd, p->text, (mode_t)mode & 07777);
}

static int run_mknod(const struct guest_path *p, uint64_t mode, uint64_t dev)
{
    return mknodat(p->dirfd, p->text, (mode_t)mode, dev);
}

static int run_unlink(const struct guest_path *p, uint64_t flags, uint64_t unused)
{
    (void)unused;
    return unlinkat(p->dirfd, p->text, (int)flags);
}

int64_t sys_mkdir(struct linux_process *l, const uint64_t *a)
{
    return on_path(l, PATH_CWD, a[0], run_mkdir, a[1], 0);
}

int64_t sys_mkdirat(struct linux_process *l, const uint64_t *a)
{
    return on_path(l, a[0], a[1], run_mkdir, a[2], 0);
}

int64_t sys_mknod(struct linux_process *l, const uint64_t *a)
{
    return on_path(l, PATH_CWD, a[0], run_mknod, a[1], a[2]);
}

int64_t sys_mknodat(struct linux_process *l, const uint64_t *a)
{
    return on_path(l, a[0], a[1], run_mknod, a[2], a[3]);
}

int64_t sys_unlink(struct linux_process *l, const uint64_t *a)
{
    return on_path(l, PATH_CWD, a[0], run_unlink, 0, 0);
}

int64_t sys_rmdir(struct linux_process *l, const uint64_t *a)
{
    return on_path(l, PATH_CWD, a[0], run_unlink, AT_REMOVEDIR, 0);
}

int64_t sys_unlinkat(struct linux_process *l, const uint64_t *a)
{
    if (a[2] & ~(uint64_t)AT_REMOVEDIR)
        return -EINVAL;
    return on_path(l, a[0], a[1], run_unlink, a[2], 0);
}

/* One call on two paths. */
static int64_t on_paths(struct linux_process *l, const uint64_t *from, enum path_end from_end,
                        const uint64_t *to,
                        int (*run)(const struct guest_path *p, const struct guest_path *q,
                                   uint64_t flags),
                        uint64_t flags)
{
    struct guest_path p, q;
    int64_t r = path_get(l, from[0], from[1], from_end, &p);
    if (r < 0)
        return r;
    r = path_get(l, to[0], to[1], PATH_NOFOLLOW, &q);
    if (r == 0) {
        r = host_result(run(&p, &q, flags));
        path_done(&q);
    }
    path_done(&p);
    return r;
}

static int run_rename(const struct guest_path *p, const struct guest_path *q, uint64_t flags)
{
    return renameat2(p->dirfd, p->text, q->dirfd, q->text, (unsigned)flags);
}

static int run_link(const struct guest_path *p, const struct guest_path *q, uint64_t flags)
{
    return linkat(p->dirfd, p->text, q->dirfd, q->text, (int)flags);
}

int64_t sys_rename(struct linux_process *l, const uint64_t *a)
{
    return on_paths(l, (uint64_t[]){PATH_CWD, a[0]}, PATH_NOFOLLOW,
                    (uint64_t[]){PATH_CWD, a[1]}, run_rename, 0);
}

int64_t sys_renameat(struct linux_process *l, const uint64_t *a)
{
    return on_paths(l, a, PATH_NOFOLLOW, a + 2, run_rename, 0);
}

int64_t sys_renameat2(struct linux_process *l, const uint64_t *a)
{
    return on_paths(l, a, PATH_NOFOLLOW, a + 2, run_rename, a[4]);
}

int64_t sys_link(struct linux_process *l, const uint64_t *a)
{
    return on_paths(l, (uint64_t[]){PATH_CWD, a[0]}, PATH_NOFOLLOW,
                    (uint64_t[]){PATH_CWD, a[1]}, run_link, 0);
}

int64_t sys_linkat(struct linux_process *l, const uint64_t *a)
{
    if (a[4] & ~(uint64_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    enum path_end end = a[4] & AT_SYMLINK_FOLLOW ? PATH_FOLLOW : PATH_NOFOLLOW;
    return on_paths(l, a, end, a + 2, run_link, a[4]);
}

/* The target is a text, not a path to look up. */
static int64_t make_symlink(struct linux_process *l, uint64_t target_ea, uint64_t dirfd,
                            uint64_t ea)
{
    char target[PATH_MAX];
    struct guest_path p;
    int64_t r = guest_string(l, target_ea, target, sizeof target);
    if (r < 0)
        return r;
    r = path_get(l, dirfd, ea, PATH_NOFOLLOW, &p);
    if (r < 0)
        return r;
    r = host_result(symlinkat(target, p.dirfd, p.text));
    path_done(&p);
    return r;
}

int64_t sys_symlink(struct linux_process *l, const uint64_t *a)
{
    return make_symlink(l, a[0], PATH_CWD, a[1]);
}

int64_t sys_symlinkat(struct linux_process *l, const uint64_t *a)
{
    return make_symlink(l, a[0], a[1], a[2]);
}

/* The simulator itself stays where it is: the guest's working directory is a descriptor. */
static int64_t enter(struct linux_process *l, int dirfd, const char *path)
{
    int fd = openat(dirfd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (faccessat(fd, ".", X_OK, 0) < 0) {
        int why = errno;
        close(fd);
        return -why;
    }
    close(l->cwd_fd);
    l->cwd_fd = fd;
    l->cwd_is_generated = false;
    return 0;
}

static int64_t enter_generated(struct linux_process *l, int fd)
{
    if (fd < 0)
        return -errno;
    close(l->cwd_fd);
    l->cwd_fd = fd;
    l->cwd_is_generated = true;
    return 0;
}

int64_t sys_chdir(struct linux_process *l, const uint64_t *a)
{
    struct guest_path p;
    int64_t r = path_get(l, PATH_CWD, a[0], PATH_FOLLOW, &p);
    if (r < 0)
        return r;
    r = p.is_directory ? enter_generated(l, openat(p.dirfd, p.text, O_CLOEXEC))
                       : enter(l, p.dirfd, p.text);
    path_done(&p);
    return r;
}

int64_t sys_fchdir(struct linux_process *l, const uint64_t *a)
{
    const struct fd_entry *entry = fd_find(&l->fds, a[0]);
    if (!entry)
        return -EBADF;
    return entry->is_directory ? enter_generated(l, fcntl(entry->host, F_DUPFD_CLOEXEC, 3))
                               : enter(l, entry->host, ".");
}

/* The length with its zero, as the kernel's call returns. */
int64_t sys_getcwd(struct linux_process *l, const uint64_t *a)
{
    char path[PATH_MAX];
    int64_t n = path_of_descriptor(l, l->cwd_fd, path) + 1;
    if (n <= 0)
        return n - 1;
    if ((uint64_t)n > a[1])
        return -ERANGE;
    return guest_write(l, a[0], path, (uint64_t)n) ? n : -EFAULT;
}
