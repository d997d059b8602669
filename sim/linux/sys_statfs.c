/* What is known about a file system: statfs in its forms. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/path.h"

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

static int64_t statfs_path(struct linux_process *l, uint64_t path, uint64_t ea, bool wide)
{
    struct guest_path p;
    struct statfs f;
    int64_t r = path_get(l, PATH_CWD, path, PATH_FOLLOW, &p);
    if (r < 0)
        return r;
    /* There is no statfsat. */
    int fd = openat(p.dirfd, p.text, O_PATH | O_CLOEXEC);
    r = fd < 0 || fstatfs(fd, &f) < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    path_done(&p);
    return r < 0 ? r : put_statfs(l, ea, &f, wide);
}

static int64_t statfs_fd(struct linux_process *l, uint64_t guest, uint64_t ea, bool wide)
{
    struct statfs f;
    int fd = fd_host(&l->fds, guest);
    if (fd < 0)
        return -EBADF;
    return fstatfs(fd, &f) < 0 ? -errno : put_statfs(l, ea, &f, wide);
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
