#include "sim/linux/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

#define GUEST_AT_FDCWD (-100)

void path_normalise(const char *from, char *to)
{
    char *start = to;
    while (*from) {
        while (*from == '/')
            from++;
        size_t n = strcspn(from, "/");
        if (n == 2 && from[0] == '.' && from[1] == '.') {
            while (to > start && *--to != '/') {
            }
        } else if (n && !(n == 1 && from[0] == '.')) {
            *to++ = '/';
            memcpy(to, from, n);
            to += n;
        }
        from += n;
    }
    *to = 0;
}

static const char *after(const char *path, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(path, prefix, n) == 0 ? path + n : NULL;
}

/* /proc/<pid> and /proc/thread-self become /proc/self; whose self that is. */
static struct linux_process *name_self(struct linux_process *l, char *path)
{
    char rest[PATH_MAX], *end;
    const char *tail = after(path, "/proc/thread-self/");
    struct linux_process *named = l;
    if (!tail && after(path, "/proc/") && path[6] >= '1' && path[6] <= '9') {
        named = task_find(l->kernel, strtoul(path + 6, &end, 10));
        tail = named && named->state == TASK_ALIVE && *end == '/' ? end + 1 : NULL;
    }
    if (!tail)
        return l;
    snprintf(rest, sizeof rest, "%s", tail);
    snprintf(path, PATH_MAX, "/proc/self/%.4000s", rest);
    return named;
}

/* The descriptor that a path like /dev/fd/3 names, as text; NULL for another path. */
static const char *descriptor_name(const char *path)
{
    static const char *const standard[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    static const char *const digits[] = {"0", "1", "2"};
    for (unsigned n = 0; n < 3; n++)
        if (strcmp(path, standard[n]) == 0)
            return digits[n];
    const char *name = after(path, "/dev/fd/");
    return name ? name : after(path, "/proc/self/fd/");
}

static int64_t use_descriptor(struct linux_process *l, const char *name, struct guest_path *p)
{
    char *end;
    unsigned long guest = strtoul(name, &end, 10);
    int host = fd_host(&l->fds, guest);
    if (end == name || *end || host < 0)
        return -ENOENT;
    p->is_descriptor = true;
    p->dirfd = AT_FDCWD;
    snprintf(p->text, sizeof p->text, "/proc/self/fd/%d", host);
    return 0;
}

static int64_t synthesise(struct linux_process *l, const char *name, struct guest_path *p)
{
    p->temp_fd = memfd_create("guest", MFD_CLOEXEC);
    int writer = p->temp_fd < 0 ? -1 : dup(p->temp_fd);
    FILE *out = writer < 0 ? NULL : fdopen(writer, "w");
    bool exists = out && procfs_generate(l, name, out);
    if (out)
        fclose(out);
    if (!exists) {
        path_done(p);
        return -ENOENT;
    }
    fchmod(p->temp_fd, 0444);
    p->dirfd = AT_FDCWD;
    snprintf(p->text, sizeof p->text, "/proc/self/fd/%d", p->temp_fd);
    return 0;
}

/* Devices that say nothing about the host: a directory given as root need not have them. */
static bool is_device(const char *name)
{
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/tty",
                                          "/dev/random", "/dev/urandom"};
    for (uint32_t n = 0; n < ARRAY_LEN(devices); n++)
        if (strcmp(name, devices[n]) == 0)
            return true;
    return false;
}

/* Absolute paths: a few do not mean a file of that name below the roots. */
static int64_t redirect(struct linux_process *l, const char *path, enum path_end end,
                        struct guest_path *p)
{
    char name[PATH_MAX + 2];
    path_normalise(path, name);
    l = name_self(l, name);
    const char *descriptor = descriptor_name(name);
    if (descriptor)
        return use_descriptor(l, descriptor, p);
    bool link = strcmp(name, "/proc/self/exe") == 0;
    /* Of the first program the name may be no more than that. */
    if (link || (l->exe->fd < 0 && strcmp(name, l->exe->name) == 0)) {
        p->exe_name = link ? l->exe->name : NULL;
        p->dirfd = AT_FDCWD;
        snprintf(p->text, sizeof p->text, "%s", l->exe->host_path);
        return 0;
    }
    if (after(name, "/proc/") || after(name, "/sys/") || strcmp(name, "/proc") == 0 ||
        strcmp(name, "/sys") == 0)
        return synthesise(l, name, p);
    if (is_device(name)) {
        p->dirfd = AT_FDCWD;
        strcpy(p->text, name);
        return 0;
    }
    return roots_find(l->config.roots, path, end == PATH_FOLLOW, &p->dirfd, p->text);
}

int64_t path_of_descriptor(struct linux_process *l, int host, char *to)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", host);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0)
        return -errno;
    path[n] = 0;
    /* Pipes and other files without a name are called "pipe:[7]" and the like. */
    const char *name = path[0] == '/' ? roots_guest_name(l->config.roots, path) : path;
    if (!name)
        return -ENOENT;
    strcpy(to, name);
    return (int64_t)strlen(to);
}

/* A relative path could leave the root by a link or "..", so it is looked up as an absolute one. */
static int64_t confine(struct linux_process *l, enum path_end end, struct guest_path *p)
{
    char path[PATH_MAX], whole[2 * PATH_MAX + 2];
    int64_t r = path_of_descriptor(l, p->dirfd, path);
    if (r < 0)
        return r;
    stpcpy(stpcpy(stpcpy(whole, path), "/"), p->text);
    return roots_find(l->config.roots, whole, end == PATH_FOLLOW, &p->dirfd, p->text);
}

int64_t path_get(struct linux_process *l, uint64_t dirfd, uint64_t ea, enum path_end end,
                 struct guest_path *p)
{
    char path[PATH_MAX];
    int64_t length = guest_string(l, ea, path, sizeof path);
    return length < 0 ? length : path_find(l, dirfd, path, end, p);
}

int64_t path_find(struct linux_process *l, uint64_t dirfd, const char *path, enum path_end end,
                  struct guest_path *p)
{
    p->temp_fd = -1;
    p->exe_name = NULL;
    p->is_descriptor = false;
    p->dirfd = l->cwd_fd;
    if (path[0] == '/')
        return redirect(l, path, end, p);
    if ((int64_t)dirfd != GUEST_AT_FDCWD) {
        p->dirfd = fd_host(&l->fds, dirfd);
        if (p->dirfd < 0)
            return -EBADF;
    }
    strcpy(p->text, path);
    bool confined = l->config.roots->root_fd >= 0;
    return confined && path[0] ? confine(l, end, p) : 0; /* an empty path is dirfd itself */
}

void path_done(struct guest_path *p)
{
    if (p->temp_fd >= 0)
        close(p->temp_fd);
    p->temp_fd = -1;
}
