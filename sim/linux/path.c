#include "sim/linux/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* /proc/<pid> and /proc/thread-self are /proc/self. */
static void name_self(char *path)
{
    char own[32], rest[PATH_MAX];
    snprintf(own, sizeof own, "/proc/%d/", GUEST_PID);
    const char *tail = after(path, own);
    if (!tail)
        tail = after(path, "/proc/thread-self/");
    if (tail) {
        snprintf(rest, sizeof rest, "%s", tail);
        snprintf(path, PATH_MAX, "/proc/self/%.4000s", rest);
    }
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
    snprintf(p->text, sizeof p->text, "/proc/self/fd/%d", p->temp_fd);
    return 0;
}

/* Absolute paths that do not mean the host's file of that name. */
static int64_t redirect(struct linux_process *l, struct guest_path *p)
{
    char name[PATH_MAX + 2];
    path_normalise(p->text, name);
    name_self(name);
    const char *descriptor = descriptor_name(name);
    if (descriptor)
        return use_descriptor(l, descriptor, p);
    bool link = strcmp(name, "/proc/self/exe") == 0;
    if (link || strcmp(name, l->exe_name) == 0) {
        p->is_exe = link;
        p->dirfd = AT_FDCWD;
        snprintf(p->text, sizeof p->text, "%s", l->config.program_path);
        return 0;
    }
    if (after(name, "/proc/") || after(name, "/sys/") || strcmp(name, "/proc") == 0 ||
        strcmp(name, "/sys") == 0)
        return synthesise(l, name, p);
    return 0;
}

int64_t path_get(struct linux_process *l, uint64_t dirfd, uint64_t ea, struct guest_path *p)
{
    p->temp_fd = -1;
    p->is_exe = false;
    p->dirfd = l->cwd_fd;
    int64_t length = guest_string(l, ea, p->text, sizeof p->text);
    if (length < 0)
        return length;
    if (p->text[0] == '/')
        return redirect(l, p);
    if ((int64_t)dirfd != GUEST_AT_FDCWD) {
        p->dirfd = fd_host(&l->fds, dirfd);
        if (p->dirfd < 0)
            return -EBADF;
    }
    return 0;
}

void path_done(struct guest_path *p)
{
    if (p->temp_fd >= 0)
        close(p->temp_fd);
    p->temp_fd = -1;
}
