#include "sim/linux/proc_dir.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/proc_file.h"
#include "sim/linux/procfs.h"

struct listing {
    int fd;
    uint64_t bytes, entries;
};

static bool add(struct listing *d, const char *name, size_t length, uint8_t type)
{
    struct dirent64 e = {.d_ino = ++d->entries, .d_type = type};
    size_t bytes = offsetof(struct dirent64, d_name) + length + 1;
    bytes = (bytes + 7) & ~(size_t)7;
    memcpy(e.d_name, name, length);
    e.d_reclen = (unsigned short)bytes;
    d->bytes += bytes;
    e.d_off = (off64_t)d->bytes;
    return write(d->fd, &e, bytes) == (ssize_t)bytes;
}

static void add_number(struct listing *d, const char *prefix, uint64_t number, uint8_t type)
{
    char name[32];
    add(d, name, (size_t)snprintf(name, sizeof name, "%s%" PRIu64, prefix, number), type);
}

/* Is the next component of `path` below `dir` that of an earlier row, too? */
static bool is_known(const char *dir, const char *name, size_t length, uint32_t before)
{
    size_t depth = strlen(dir);
    for (uint32_t n = 0; n < before; n++) {
        const char *path = procfs_file(n);
        if (strncmp(path, dir, depth) == 0 && path[depth] == '/' &&
            strncmp(path + depth + 1, name, length) == 0 &&
            (path[depth + 1 + length] == '/' || path[depth + 1 + length] == 0))
            return true;
    }
    return false;
}

/* What the paths of the files that there are say. /proc/self itself is a link. */
static void add_files(struct listing *d, const char *dir)
{
    const char *path;
    size_t depth = strlen(dir);
    for (uint32_t n = 0; (path = procfs_file(n)); n++) {
        if (strncmp(path, dir, depth) != 0 || path[depth] != '/')
            continue;
        const char *name = path + depth + 1;
        size_t length = strcspn(name, "/");
        bool is_self = strcmp(dir, "/proc") == 0 && length == 4 && memcmp(name, "self", 4) == 0;
        if (!is_self && !is_known(dir, name, length, n))
            add(d, name, length, name[length] ? DT_DIR : DT_REG);
    }
}

static void add_processes(struct linux_process *l, struct listing *d)
{
    add(d, "self", 4, DT_LNK);
    add(d, "thread-self", 11, DT_LNK);
    for (struct linux_process *p = NULL; (p = task_next(l->kernel, 0, p));)
        if (p->state == TASK_ALIVE)
            add_number(d, "", p->pid, DT_DIR);
}

static void add_threads(struct linux_process *l, struct listing *d)
{
    const struct threads *all = &l->kernel->threads;
    for (uint32_t n = 0; n < all->count; n++)
        if (all->all[n]->process == l && !all->all[n]->ended)
            add_number(d, "", all->all[n]->tid, DT_DIR);
}

static void add_descriptors(struct linux_process *l, struct listing *d)
{
    for (uint32_t n = 0; n < l->fds.count; n++)
        if (fd_host(&l->fds, n) >= 0)
            add_number(d, "", n, DT_LNK);
}

/* A thread's directory is that of its process, without those of the other threads. */
static void add_own(struct listing *d, bool of_thread)
{
    add(d, "cwd", 3, DT_LNK);
    add(d, "exe", 3, DT_LNK);
    add(d, "root", 4, DT_LNK);
    add(d, "fd", 2, DT_DIR);
    if (!of_thread)
        add(d, "task", 4, DT_DIR);
}

static bool fill(struct linux_process *l, const struct thread *t, const char *path,
                 struct listing *d)
{
    char first[PATH_MAX];
    strcpy(first, path);
    uint32_t cpu = procfs_cpu(first);
    add(d, ".", 1, DT_DIR);
    add(d, "..", 2, DT_DIR);
    if (strcmp(path, "/proc/self/fd") == 0) {
        add_descriptors(l, d);
        return true;
    }
    if (strcmp(path, "/proc/self/task") == 0 && !t) {
        add_threads(l, d);
        return true;
    }
    if (strcmp(path, "/proc") == 0)
        add_processes(l, d);
    if (strcmp(path, "/proc/self") == 0)
        add_own(d, t);
    if (strcmp(path, CPU_DIR) == 0)
        for (uint32_t n = 1; n < l->kernel->cores.count; n++) /* the first one has rows */
            add_number(d, "cpu", n, DT_DIR);
    if (cpu < l->kernel->cores.count)
        add_files(d, first);
    return d->entries > 2;
}

int proc_dir_open(struct linux_process *l, const struct thread *t, const char *path,
                  const char *name)
{
    struct listing d = {.fd = proc_file_create(name)};
    if (d.fd >= 0 && !fill(l, t, path, &d)) {
        close(d.fd);
        errno = ENOENT;
        return -1;
    }
    if (d.fd >= 0 && (fchmod(d.fd, 0555) < 0 || lseek(d.fd, 0, SEEK_SET) < 0))
        panic("a file in memory cannot be used");
    return d.fd;
}

ssize_t proc_dir_read(int host, char *to, uint64_t room)
{
    off_t at = lseek(host, 0, SEEK_CUR);
    ssize_t n = pread(host, to, room, at);
    ssize_t whole = 0;
    while (whole < n) {
        struct dirent64 e;
        if ((size_t)(n - whole) < offsetof(struct dirent64, d_name))
            break;
        memcpy(&e, to + whole, offsetof(struct dirent64, d_name));
        if (e.d_reclen > n - whole)
            break;
        whole += e.d_reclen;
    }
    if (n > 0 && whole == 0)
        errno = EINVAL;
    lseek(host, at + whole, SEEK_SET);
    return n > 0 && whole == 0 ? -1 : n < 0 ? n : whole;
}

void proc_dir_stat(struct stat *st)
{
    st->st_mode = S_IFDIR | 0555;
    st->st_nlink = 2;
    proc_file_stat(st);
}
