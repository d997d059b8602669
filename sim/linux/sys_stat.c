/* What is known about a file: stat in its forms, access, links, times, modes and owners. The host
 * user's files are the guest user's. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/path.h"
#include "sim/linux/proc_dir.h"
#include "sim/linux/proc_file.h"

/* Flags of the ...at() calls have the same values on every Linux. */
#define AT_FLAGS (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT)

static uint32_t uid_to_guest(const struct linux_process *l, uint32_t uid)
{
    return uid == l->host_uid ? l->config.keys->uid : uid;
}

static uint32_t gid_to_guest(const struct linux_process *l, uint32_t gid)
{
    return gid == l->host_gid ? l->config.keys->gid : gid;
}

static uint32_t uid_to_host(const struct linux_process *l, uint64_t uid)
{
    return uid == l->config.keys->uid ? l->host_uid : (uint32_t)uid;
}

static uint32_t gid_to_host(const struct linux_process *l, uint64_t gid)
{
    return gid == l->config.keys->gid ? l->host_gid : (uint32_t)gid;
}

static void put_time(struct wire *w, struct timespec t)
{
    wire_put_long(w, (uint64_t)t.tv_sec);
    wire_put_long(w, (uint64_t)t.tv_nsec);
}

/* struct stat: 144 bytes with st_nlink before st_mode on ppc64, 88 on ppc, where what does not fit
 * is EOVERFLOW. */
static int64_t put_stat(struct linux_process *l, uint64_t ea, const struct stat *st)
{
    struct wire w;
    wire_init(&w, l);
    if (!w.is_64bit && (st->st_ino > UINT32_MAX || st->st_size > INT32_MAX))
        return -EOVERFLOW;
    wire_put_long(&w, st->st_dev);
    wire_put_long(&w, st->st_ino);
    if (w.is_64bit)
        wire_put_long(&w, st->st_nlink);
    wire_put(&w, 4, st->st_mode);
    if (!w.is_64bit)
        wire_put(&w, 2, st->st_nlink);
    wire_put(&w, 4, uid_to_guest(l, st->st_uid));
    wire_put(&w, 4, gid_to_guest(l, st->st_gid));
    wire_put_long(&w, st->st_rdev);
    wire_put_long(&w, (uint64_t)st->st_size);
    wire_put_long(&w, (uint64_t)st->st_blksize);
    wire_put_long(&w, (uint64_t)st->st_blocks);
    put_time(&w, st->st_atim);
    put_time(&w, st->st_mtim);
    put_time(&w, st->st_ctim);
    wire_zero(&w, w.is_64bit ? 3 * 8 : 2 * 4);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

/* struct stat64 of ppc: 104 bytes. */
static int64_t put_stat64(struct linux_process *l, uint64_t ea, const struct stat *st)
{
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, 8, st->st_dev);
    wire_put(&w, 8, st->st_ino);
    wire_put(&w, 4, st->st_mode);
    wire_put(&w, 4, st->st_nlink);
    wire_put(&w, 4, uid_to_guest(l, st->st_uid));
    wire_put(&w, 4, gid_to_guest(l, st->st_gid));
    wire_put(&w, 8, st->st_rdev);
    wire_put(&w, 2, 0);
    wire_put(&w, 8, (uint64_t)st->st_size);
    wire_put(&w, 4, (uint64_t)st->st_blksize);
    wire_put(&w, 8, (uint64_t)st->st_blocks);
    put_time(&w, st->st_atim);
    put_time(&w, st->st_mtim);
    put_time(&w, st->st_ctim);
    wire_zero(&w, 2 * 4);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

/* One of the two. */
typedef int64_t stat_writer(struct linux_process *l, uint64_t ea, const struct stat *st);

static int64_t stat_fd(struct linux_process *l, const uint64_t *a, stat_writer *write)
{
    struct stat st;
    const struct fd_entry *entry = fd_find(&l->fds, a[0]);
    if (!entry)
        return -EBADF;
    if (fstat(entry->host, &st) < 0)
        return -errno;
    if (entry->is_directory)
        proc_dir_stat(&st);
    else if (entry->is_generated)
        proc_file_stat(&st);
    return write(l, a[1], &st);
}

int64_t sys_fstat(struct linux_process *l, const uint64_t *a) { return stat_fd(l, a, put_stat); }
int64_t sys_fstat64(struct linux_process *l, const uint64_t *a)
{
    return stat_fd(l, a, put_stat64);
}

/* Only the kind of a link below /proc is the guest's to know. */
#define ANY_LINK "/proc/self/exe"

/* What the host says of a file in memory is put right. The file is named by its path, or by a
 * descriptor and an empty path. */
static void correct_generated(struct linux_process *l, uint64_t dirfd, const struct guest_path *p,
                              struct stat *st)
{
    const struct fd_entry *entry = p->text[0] ? NULL : fd_find(&l->fds, dirfd);
    bool here = !p->text[0] && !entry;
    if (p->is_directory || (entry && entry->is_directory) || (here && l->cwd_is_generated))
        proc_dir_stat(st);
    else if (p->is_generated || (entry && entry->is_generated))
        proc_file_stat(st);
}

static int64_t stat_path(struct linux_process *l, uint64_t dirfd, uint64_t path, uint64_t ea,
                         uint64_t flags, stat_writer *write)
{
    struct guest_path p;
    struct stat st;
    if (flags & ~(uint64_t)AT_FLAGS)
        return -EINVAL;
    int64_t r = path_get(l, dirfd, path, path_end_of(flags), &p);
    if (r < 0)
        return r;
    if (p.temp_fd >= 0) /* its link is the simulator's, not the guest's */
        flags &= ~(uint64_t)AT_SYMLINK_NOFOLLOW;
    const char *name = p.link && flags & AT_SYMLINK_NOFOLLOW ? ANY_LINK : p.text;
    r = fstatat(p.dirfd, name, &st, (int)flags) < 0 ? -errno : 0;
    if (r == 0)
        correct_generated(l, dirfd, &p, &st);
    path_done(&p);
    return r < 0 ? r : write(l, ea, &st);
}

int64_t sys_stat(struct linux_process *l, const uint64_t *a)
{
    return stat_path(l, PATH_CWD, a[0], a[1], 0, put_stat);
}

int64_t sys_lstat(struct linux_process *l, const uint64_t *a)
{
    return stat_path(l, PATH_CWD, a[0], a[1], AT_SYMLINK_NOFOLLOW, put_stat);
}

int64_t sys_newfstatat(struct linux_process *l, const uint64_t *a)
{
    return stat_path(l, a[0], a[1], a[2], a[3], put_stat);
}

int64_t sys_stat64(struct linux_process *l, const uint64_t *a)
{
    return stat_path(l, PATH_CWD, a[0], a[1], 0, put_stat64);
}

int64_t sys_lstat64(struct linux_process *l, const uint64_t *a)
{
    return stat_path(l, PATH_CWD, a[0], a[1], AT_SYMLINK_NOFOLLOW, put_stat64);
}

int64_t sys_fstatat64(struct linux_process *l, const uint64_t *a)
{
    return stat_path(l, a[0], a[1], a[2], a[3], put_stat64);
}

static void put_statx_time(struct wire *w, const struct statx_timestamp *t)
{
    wire_put(w, 8, (uint64_t)t->tv_sec);
    wire_put(w, 4, t->tv_nsec);
    wire_put(w, 4, 0);
}

/* struct statx is the same for all architectures but for byte order: 256 bytes. */
static int64_t put_statx(struct linux_process *l, uint64_t ea, const struct statx *x)
{
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, 4, x->stx_mask & STATX_BASIC_STATS);
    wire_put(&w, 4, x->stx_blksize);
    wire_put(&w, 8, x->stx_attributes);
    wire_put(&w, 4, x->stx_nlink);
    wire_put(&w, 4, uid_to_guest(l, x->stx_uid));
    wire_put(&w, 4, gid_to_guest(l, x->stx_gid));
    wire_put(&w, 2, x->stx_mode);
    wire_put(&w, 8, x->stx_ino);
    wire_put(&w, 8, x->stx_size);
    wire_put(&w, 8, x->stx_blocks);
    wire_put(&w, 8, x->stx_attributes_mask);
    put_statx_time(&w, &x->stx_atime);
    put_statx_time(&w, &x->stx_btime);
    put_statx_time(&w, &x->stx_ctime);
    put_statx_time(&w, &x->stx_mtime);
    wire_put(&w, 4, x->stx_rdev_major);
    wire_put(&w, 4, x->stx_rdev_minor);
    wire_put(&w, 4, x->stx_dev_major);
    wire_put(&w, 4, x->stx_dev_minor);
    wire_zero(&w, 256 - w.used);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

int64_t sys_statx(struct linux_process *l, const uint64_t *a)
{
    struct guest_path p;
    struct statx x = {0};
    uint64_t flags = a[2], sync = AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC;
    if (flags & ~(AT_FLAGS | sync) || (flags & sync) == sync)
        return -EINVAL;
    int64_t r = path_get(l, a[0], a[1], path_end_of(flags), &p);
    if (r < 0)
        return r;
    if (p.temp_fd >= 0)
        flags &= ~(uint64_t)AT_SYMLINK_NOFOLLOW;
    const char *name = p.link && flags & AT_SYMLINK_NOFOLLOW ? ANY_LINK : p.text;
    r = statx(p.dirfd, name, (int)flags, (unsigned)a[3], &x) < 0 ? -errno : 0;
    struct stat st = {.st_mode = x.stx_mode, .st_nlink = x.stx_nlink,
                      .st_size = (off_t)x.stx_size, .st_blocks = (blkcnt_t)x.stx_blocks};
    if (r == 0)
        correct_generated(l, a[0], &p, &st);
    x.stx_mode = (uint16_t)st.st_mode;
    x.stx_nlink = (uint32_t)st.st_nlink;
    x.stx_size = (uint64_t)st.st_size;
    x.stx_blocks = (uint64_t)st.st_blocks;
    path_done(&p);
    return r < 0 ? r : put_statx(l, a[4], &x);
}

static int64_t access_path(struct linux_process *l, uint64_t dirfd, uint64_t path, uint64_t mode,
                           uint64_t flags)
{
    struct guest_path p;
    if (mode & ~UINT64_C(7) ||
        flags & ~(uint64_t)(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    int64_t r = path_get(l, dirfd, path, path_end_of(flags), &p);
    if (r < 0)
        return r;
    r = host_result(faccessat(p.dirfd, p.text, (int)mode, (int)flags));
    path_done(&p);
    return r;
}

int64_t sys_access(struct linux_process *l, const uint64_t *a)
{
    return access_path(l, PATH_CWD, a[0], a[1], 0);
}

int64_t sys_faccessat(struct linux_process *l, const uint64_t *a)
{
    return access_path(l, a[0], a[1], a[2], 0);
}

int64_t sys_faccessat2(struct linux_process *l, const uint64_t *a)
{
    return access_path(l, a[0], a[1], a[2], a[3]);
}

static int64_t read_link(struct linux_process *l, uint64_t dirfd, uint64_t path, uint64_t ea,
                         uint64_t size)
{
    struct guest_path p;
    char target[PATH_MAX];
    if ((int64_t)size <= 0)
        return -EINVAL;
    int64_t r = path_get(l, dirfd, path, PATH_NOFOLLOW, &p);
    if (r < 0)
        return r;
    if (p.link) {
        r = (int64_t)strlen(p.link);
        memcpy(target, p.link, min_u64((uint64_t)r, sizeof target));
    } else if (p.temp_fd >= 0) {
        r = -EINVAL; /* a synthesised file is no link */
    } else if (p.is_descriptor) {
        r = path_of_descriptor(l, atoi(strrchr(p.text, '/') + 1), target);
    } else {
        r = readlinkat(p.dirfd, p.text, target, sizeof target);
        r = r < 0 ? -errno : r;
    }
    path_done(&p);
    if (r < 0)
        return r;
    r = (int64_t)min_u64((uint64_t)r, min_u64(size, sizeof target));
    return guest_write(l, ea, target, (uint64_t)r) ? r : -EFAULT;
}

int64_t sys_readlink(struct linux_process *l, const uint64_t *a)
{
    return read_link(l, PATH_CWD, a[0], a[1], a[2]);
}

int64_t sys_readlinkat(struct linux_process *l, const uint64_t *a)
{
    return read_link(l, a[0], a[1], a[2], a[3]);
}

int64_t sys_umask(struct linux_process *l, const uint64_t *a)
{
    uint32_t old = l->umask;
    l->umask = a[0] & 0777;
    return old;
}

static int64_t change_mode(struct linux_process *l, uint64_t dirfd, uint64_t path, uint64_t mode)
{
    struct guest_path p;
    int64_t r = path_get(l, dirfd, path, PATH_FOLLOW, &p);
    if (r < 0)
        return r;
    r = host_result(fchmodat(p.dirfd, p.text, (mode_t)mode & 07777, 0));
    path_done(&p);
    return r;
}

int64_t sys_chmod(struct linux_process *l, const uint64_t *a)
{
    return change_mode(l, PATH_CWD, a[0], a[1]);
}

int64_t sys_fchmodat(struct linux_process *l, const uint64_t *a)
{
    return change_mode(l, a[0], a[1], a[2]);
}

int64_t sys_fchmod(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    return fd < 0 ? -EBADF : host_result(fchmod(fd, (mode_t)a[1] & 07777));
}

/* Only a superuser gives files away. */
static int64_t check_owner(const struct linux_process *l, uint64_t uid, uint64_t gid)
{
    const struct workload_keys *k = l->config.keys;
    bool own = (uid == k->uid || uid == UINT32_MAX) && (gid == k->gid || gid == UINT32_MAX);
    return own || k->uid == 0 ? 0 : -EPERM;
}

static int64_t change_owner(struct linux_process *l, uint64_t dirfd, const uint64_t *a,
                            uint64_t flags)
{
    struct guest_path p;
    if (flags & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    int64_t r = path_get(l, dirfd, a[0], path_end_of(flags), &p);
    if (r < 0)
        return r;
    r = check_owner(l, a[1], a[2]);
    if (r == 0)
        r = host_result(
            fchownat(p.dirfd, p.text, uid_to_host(l, a[1]), gid_to_host(l, a[2]), (int)flags));
    path_done(&p);
    return r;
}

int64_t sys_chown(struct linux_process *l, const uint64_t *a)
{
    return change_owner(l, PATH_CWD, a, 0);
}

int64_t sys_lchown(struct linux_process *l, const uint64_t *a)
{
    return change_owner(l, PATH_CWD, a, AT_SYMLINK_NOFOLLOW);
}

int64_t sys_fchownat(struct linux_process *l, const uint64_t *a)
{
    return change_owner(l, a[0], a + 1, a[4]);
}

int64_t sys_fchown(struct linux_process *l, const uint64_t *a)
{
    int fd = fd_host(&l->fds, a[0]);
    int64_t r = fd < 0 ? -EBADF : check_owner(l, a[1], a[2]);
    return r < 0 ? r : host_result(fchown(fd, uid_to_host(l, a[1]), gid_to_host(l, a[2])));
}
