#include "sim/linux/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/proc_dir.h"
#include "sim/linux/proc_file.h"

#define GUEST_AT_FDCWD (-100)
#define MAX_LINKS      40 /* as Linux */

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

/* The number at `text`, which ends there or with a slash: what is behind it; NULL: none. */
static const char *number_at(const char *text, uint64_t *number)
{
    char *end;
    *number = *text >= '1' && *text <= '9' ? strtoul(text, &end, 10) : 0;
    return *number && (*end == '/' || *end == 0) ? end : NULL;
}

struct path_subject path_name_self(struct linux_process *l, char *path)
{
    char rest[PATH_MAX];
    uint64_t id;
    struct path_subject s = {.process = l};
    const char *tail = after(path, "/proc/thread-self"), *own = after(path, "/proc/self");
    if (tail && (*tail == '/' || *tail == 0)) {
        s.thread = thread_running(l);
    } else if (after(path, "/proc/") && (tail = number_at(path + strlen("/proc/"), &id))) {
        s.process = task_find(l->kernel, id);
        if (!s.process || s.process->state != TASK_ALIVE)
            return (struct path_subject){.process = l};
    } else {
        tail = own;
    }
    const char *task = tail ? after(tail, "/task/") : NULL, *below;
    if (task && !s.thread && (below = number_at(task, &id)) &&
        (s.thread = thread_find(s.process, id)))
        tail = below;
    if (tail && tail != own) {
        strcpy(rest, tail);
        snprintf(path, PATH_MAX, "/proc/self%.4000s", rest);
    }
    return s;
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
    const struct fd_entry *entry = fd_find(&l->fds, guest);
    if (end == name || *end || !entry)
        return -ENOENT;
    p->is_descriptor = true;
    p->is_directory = entry->is_directory;
    p->is_generated = entry->is_generated;
    p->dirfd = AT_FDCWD;
    snprintf(p->text, sizeof p->text, "/proc/self/fd/%d", entry->host);
    return 0;
}

/* `name` as the guest has it, without /proc/self in it. */
static void full_name(const struct path_subject *s, const char *name, char *full)
{
    const char *tail = after(name, "/proc/self");
    if (!tail)
        strcpy(full, name);
    else if (s->thread)
        snprintf(full, PATH_MAX, "/proc/%u/task/%u%.4000s", s->process->pid, s->thread->tid, tail);
    else
        snprintf(full, PATH_MAX, "/proc/%u%.4000s", s->process->pid, tail);
}

static int64_t synthesise(const struct path_subject *s, const char *name, struct guest_path *p)
{
    char full[PATH_MAX];
    full_name(s, name, full);
    p->temp_fd = proc_file_create(full);
    if (p->temp_fd < 0)
        return -errno;
    if (!proc_file_fill(p->temp_fd, s->process, s->thread, name)) {
        path_done(p);
        p->temp_fd = proc_dir_open(s->process, s->thread, name, full);
        p->is_directory = true;
    }
    p->is_generated = !p->is_directory;
    if (p->temp_fd < 0)
        return -errno;
    p->dirfd = AT_FDCWD;
    snprintf(p->text, sizeof p->text, "/proc/self/fd/%d", p->temp_fd);
    return 0;
}

/* The links that are no descriptors. */
static bool find_link(struct linux_process *l, const struct path_subject *s, const char *path,
                      const char *name, struct guest_path *p)
{
    bool is_self = strcmp(path, "/proc/self") == 0;
    if (is_self || strcmp(path, "/proc/thread-self") == 0) {
        int n = snprintf(p->link_room, sizeof p->link_room, "%u", l->pid);
        if (!is_self)
            snprintf(p->link_room + n, sizeof p->link_room - (size_t)n, "/task/%u",
                     thread_running(l)->tid);
        p->link = p->link_room;
    } else if (strcmp(name, "/proc/self/root") == 0) {
        p->link = "/";
    }
    if (p->link) { /* what calls see of a link is the same of any below /proc */
        p->dirfd = AT_FDCWD;
        strcpy(p->text, "/proc/self/exe");
    } else if (strcmp(name, "/proc/self/cwd") == 0) {
        p->is_descriptor = true;
        p->dirfd = AT_FDCWD;
        snprintf(p->text, sizeof p->text, "/proc/self/fd/%d", s->process->cwd_fd);
    }
    return p->link || p->is_descriptor;
}

/* Devices that say nothing about the host: a directory given as root need not have them. */
static bool is_device(const char *name)
{
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/tty",
                                          "/dev/random", "/dev/urandom", "/dev/ptmx"};
    const char *terminal = after(name, "/dev/pts/");
    if (terminal && *terminal && strspn(terminal, "0123456789") == strlen(terminal))
        return true;
    for (uint32_t n = 0; n < ARRAY_LEN(devices); n++)
        if (strcmp(name, devices[n]) == 0)
            return true;
    return false;
}

static int64_t redirect(struct linux_process *l, const char *path, enum path_end end,
                        struct guest_path *p);

/* A path through /proc/<pid>/root or cwd goes on from there: true with *r set. */
static bool follow_link(const struct path_subject *s, const char *name, enum path_end end,
                        struct guest_path *p, int64_t *r)
{
    char whole[2 * PATH_MAX + 2];
    const char *root = after(name, "/proc/self/root"), *cwd = after(name, "/proc/self/cwd");
    const char *tail = root ? root : cwd;
    if (!tail || (*tail && *tail != '/') || (!*tail && end == PATH_NOFOLLOW))
        return false;
    *r = root ? 0 : path_of_descriptor(s->process, s->process->cwd_fd, whole);
    if (*r < 0)
        return true;
    strcpy(whole + *r, *tail ? tail : "/");
    *r = strlen(whole) < PATH_MAX ? redirect(s->process, whole, end, p) : -ENAMETOOLONG;
    return true;
}

static bool is_generated_name(const char *name)
{
    const char *proc = after(name, "/proc"), *sys = after(name, "/sys"), *tail = proc ? proc : sys;
    return tail && (*tail == 0 || *tail == '/');
}

/* Does a link at the path's end lead below /proc or /sys, perhaps by other links? The host must not
 * follow it. True with `to` set, which has the room of two paths. */
static bool leads_to_generated(const struct linux_process *l, const char *path, char *to)
{
    char text[PATH_MAX], whole[3 * PATH_MAX];
    int dirfd;
    strcpy(to, path);
    for (uint32_t links = 0; links < MAX_LINKS && strlen(to) < PATH_MAX; links++) {
        ssize_t n = -1;
        if (roots_find(l->config.roots, to, false, &dirfd, text) == 0)
            n = readlinkat(dirfd, text, whole + PATH_MAX, PATH_MAX - 1);
        if (n < 0)
            return false;
        whole[PATH_MAX + n] = 0;
        char *target = whole + PATH_MAX, *slash = strrchr(to, '/');
        if (*target != '/') {
            target -= slash + 1 - to;
            memcpy(target, to, (size_t)(slash + 1 - to));
        }
        path_normalise(target, to);
        if (is_generated_name(to))
            return true;
    }
    return false;
}

static int64_t find_in_roots(struct linux_process *l, const char *path, enum path_end end,
                             struct guest_path *p)
{
    char to[2 * PATH_MAX];
    if (end == PATH_FOLLOW && leads_to_generated(l, path, to))
        return redirect(l, to, end, p);
    return roots_find(l->config.roots, path, end == PATH_FOLLOW, &p->dirfd, p->text);
}

/* Absolute paths: a few do not mean a file of that name below the roots. */
static int64_t redirect(struct linux_process *l, const char *path, enum path_end end,
                        struct guest_path *p)
{
    char name[PATH_MAX + 2], full[PATH_MAX + 2];
    path_normalise(path, full);
    strcpy(name, full);
    struct path_subject s = path_name_self(l, name);
    const char *descriptor = descriptor_name(name);
    int64_t r;
    if (*path && path[strlen(path) - 1] == '/')
        end = PATH_FOLLOW;
    if (descriptor)
        return use_descriptor(s.process, descriptor, p);
    if (follow_link(&s, name, end, p, &r))
        return r;
    bool link = strcmp(name, "/proc/self/exe") == 0;
    l = s.process;
    /* Of the first program the name may be no more than that. */
    if (link || (l->exe->fd < 0 && strcmp(name, l->exe->name) == 0)) {
        p->link = link ? l->exe->name : NULL;
        p->dirfd = AT_FDCWD;
        snprintf(p->text, sizeof p->text, "%s", l->exe->host_path);
        return 0;
    }
    if (is_generated_name(name))
        return end == PATH_NOFOLLOW && find_link(l, &s, full, name, p) ? 0
                                                                       : synthesise(&s, name, p);
    if (is_device(name)) {
        p->dirfd = AT_FDCWD;
        strcpy(p->text, name);
        return 0;
    }
    return find_in_roots(l, path, end, p);
}

int64_t path_of_descriptor(struct linux_process *l, int host, char *to)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", host);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0)
        return -errno;
    path[n] = 0;
    const char *generated = proc_file_name(path);
    if (generated) {
        strcpy(to, generated);
        return (int64_t)strlen(to);
    }
    /* Pipes and other files without a name are called "pipe:[7]" and the like. */
    const char *name = path;
    if (path[0] == '/' && !is_device(path))
        name = roots_guest_name(l->config.roots, path);
    if (!name)
        return -ENOENT;
    strcpy(to, name);
    return (int64_t)strlen(to);
}

/* A relative path could leave the root by a link or "..", so it is looked up as an absolute one;
 * from a synthesised directory none leads to anything that the host has. */
static int64_t confine(struct linux_process *l, enum path_end end, bool generated,
                       struct guest_path *p)
{
    char path[PATH_MAX], whole[2 * PATH_MAX + 2];
    int64_t r = path_of_descriptor(l, p->dirfd, path);
    if (r < 0)
        return r;
    stpcpy(stpcpy(stpcpy(whole, path), "/"), p->text);
    if (generated)
        return strlen(whole) < PATH_MAX ? redirect(l, whole, end, p) : -ENAMETOOLONG;
    return find_in_roots(l, whole, end, p);
}

/* Could the host come to /proc or /sys by a link at the path's end? */
static bool ends_in_link(const struct guest_path *p)
{
    char target;
    return readlinkat(p->dirfd, p->text, &target, 1) >= 0;
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
    p->link = NULL;
    p->is_descriptor = p->is_directory = p->is_generated = false;
    p->dirfd = l->cwd_fd;
    bool generated = l->cwd_is_generated;
    if (path[0] == '/')
        return redirect(l, path, end, p);
    if ((int64_t)dirfd != GUEST_AT_FDCWD) {
        const struct fd_entry *entry = fd_find(&l->fds, dirfd);
        if (!entry)
            return -EBADF;
        p->dirfd = entry->host;
        generated = entry->is_directory;
    }
    strcpy(p->text, path);
    bool confined = l->config.roots->root_fd >= 0;
    if (!path[0])
        return 0; /* dirfd itself */
    if (!confined && !generated && (end == PATH_NOFOLLOW || !ends_in_link(p)))
        return 0;
    return confine(l, end, generated, p);
}

void path_done(struct guest_path *p)
{
    if (p->temp_fd >= 0)
        close(p->temp_fd);
    p->temp_fd = -1;
}
