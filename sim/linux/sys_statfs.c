/* What is known about a file system: statfs in its forms. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/path.h"
#include "sim/linux/proc_file.h"

/* struct statfs64 is struct statfs on a 64-bit machine, 120 bytes; on a 32-bit one it has `wide`
 * counts and the other has longs, with EOVERFLOW for what does not fit. */
static int64_t put_statfs(struct linux_process *l, uint64_t ea, const struct statfs *f, bool wide)
{
    struct wire w;
    int32_t id[2];
    const uint64_t counts[] = {f->f_blocks, f->f_bfree, f->f_bavail, f->f_files, f->f_ffree};
    memcpy(id, &f->f_fsid, sizeof id);
    wire_init(&w, l);
    wide = wide || w.is_64bit;
    wire_put_long(&w, (uint64_t)f->f_type);
    wire_put_long(&w, (uint64_t)f->f_bsize);
    for (uint32_t n = 0; n < ARRAY_LEN(counts); n++) {
        if (!wide && counts[n] > UINT32_MAX)
            return -EOVERFLOW;
        wire_put(&w, wide ? 8 : 4, counts[n]);
    }
    wire_put(&w, 4, (uint32_t)id[0]);
    wire_put(&w, 4, (uint32_t)id[1]);
    wire_put_long(&w, (uint64_t)f->f_namelen);
    wire_put_long(&w, (uint64_t)f->f_frsize);
    wire_put_long(&w, (uint64_t)f->f_flags);
    wire_zero(&w, w.is_64bit ? 4 * 8 : 4 * 4);
    wire_zero(&w, (uint32_t)-w.used & (wide ? 7 : 3));
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

#define PAGE_BYTES_OF_PROC 65536 /* f_bsize: the page of Debian's kernels */

/* Below /proc and /sys the host has files in memory. */
static bool generated_statfs(int host, struct statfs *f)
{
    enum { NOSUID = 2, NODEV = 4, NOEXEC = 8, VALID = 0x20, RELATIME = 0x1000 };
    char link[64], text[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", host);
    ssize_t n = readlink(link, text, sizeof text - 1);
    text[n < 0 ? 0 : n] = 0;
    const char *name = proc_file_name(text);
    if (!name)
        return false;
    *f = (struct statfs){.f_type = strncmp(name, "/sys", 4) ? PROC_SUPER_MAGIC : SYSFS_MAGIC,
                         .f_bsize = PAGE_BYTES_OF_PROC, .f_frsize = PAGE_BYTES_OF_PROC,
                         .f_namelen = NAME_MAX,
                         .f_flags = NOSUID | NODEV | NOEXEC | VALID | RELATIME};
    return true;
}

static int64_t statfs_host(struct linux_process *l, int host, uint64_t ea, bool wide)
{
    struct statfs f;
    if (!generated_statfs(host, &f) && fstatfs(host, &f) < 0)
        return -errno;
    return put_statfs(l, ea, &f, wide);
}

static int64_t statfs_path(struct linux_process *l, uint64_t path, uint64_t ea, bool wide)
{
    struct guest_path p;
    int64_t r = path_get(l, PATH_CWD, path, PATH_FOLLOW, &p);
    if (r < 0)
        return r;
    /* There is no statfsat. */
    int fd = openat(p.dirfd, p.text, O_PATH | O_CLOEXEC);
    r = fd < 0 ? -errno : statfs_host(l, fd, ea, wide);
    if (fd >= 0)
        close(fd);
    path_done(&p);
    return r;
}

static int64_t statfs_fd(struct linux_process *l, uint64_t guest, uint64_t ea, bool wide)
{
    int fd = fd_host(&l->fds, guest);
    return fd < 0 ? -EBADF : statfs_host(l, fd, ea, wide);
}

static bool is_statfs64(const struct linux_process *l, uint64_t bytes)
{
    return bytes == (l->image.is_64bit ? 120 : 88);
}

int64_t sys_statfs(struct linux_process *l, const uint64_t *a)
{
    return statfs_path(l, a[0], a[1], false);
}

int64_t sys_fstatfs(struct linux_process *l, const uint64_t *a)
{
    return statfs_fd(l, a[0], a[1], false);
}

int64_t sys_statfs64(struct linux_process *l, const uint64_t *a)
{
    return is_statfs64(l, a[1]) ? statfs_path(l, a[0], a[2], true) : -EINVAL;
}

int64_t sys_fstatfs64(struct linux_process *l, const uint64_t *a)
{
    return is_statfs64(l, a[1]) ? statfs_fd(l, a[0], a[2], true) : -EINVAL;
}
