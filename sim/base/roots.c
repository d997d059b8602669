#include "sim/base/roots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_LINKS 40 /* as Linux */

static bool open_one(const char *kind, const char *name, int *fd, char **real, struct err *e)
{
    *fd = -1;
    *real = NULL;
    if (!name || !*name)
        return true;
    *fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    *real = *fd < 0 ? NULL : realpath(name, NULL);
    if (!*real)
        return err_set(e, "%s cannot be the %s: %s", name, kind, strerror(errno));
    if (strcmp(*real, "/") == 0)
        **real = 0;
    return true;
}

bool roots_open(struct roots *r, const char *root, const char *sysroot, struct err *e)
{
    *r = ROOTS_NONE;
    if (open_one("root", root, &r->root_fd, &r->root, e) &&
        open_one("sysroot", sysroot, &r->sysroot_fd, &r->sysroot, e))
        return true;
    roots_close(r);
    return false;
}

void roots_close(struct roots *r)
{
    if (r->root_fd >= 0)
        close(r->root_fd);
    if (r->sysroot_fd >= 0)
        close(r->sysroot_fd);
    free(r->root);
    free(r->sysroot);
    *r = ROOTS_NONE;
}

/* A path on its way through a directory tree. `done` is relative to the tree's top and holds
 * neither links nor "..". */
struct walk {
    int top;
    bool follow;
    bool slash; /* one ended the path */
    int links;
    const char *at; /* what is left, in `rest` */
    char done[PATH_MAX], rest[PATH_MAX];
};

/* Goes through the link at `done`: its target comes before what is left, and the walk goes on from
 * the directory that holds it (the first `parent` bytes), or from the top. */
static int enter_link(struct walk *w, size_t parent)
{
    char target[PATH_MAX], joined[2 * PATH_MAX + 2];
    ssize_t n = readlinkat(w->top, w->done, target, sizeof target - 1);
    if (n < 0)
        return -errno;
    target[n] = 0;
    if (++w->links > MAX_LINKS)
        return -ELOOP;
    stpcpy(stpcpy(stpcpy(joined, target), *w->at || w->slash ? "/" : ""), w->at);
    if (strlen(joined) >= sizeof w->rest)
        return -ENAMETOOLONG;
    strcpy(w->rest, joined);
    w->at = w->rest;
    w->done[target[0] == '/' ? 0 : parent] = 0;
    return 0;
}

/* "." and "..": the top is its own parent. */
static int step_dots(struct walk *w, size_t dots)
{
    struct stat st;
    if (w->done[0] && fstatat(w->top, w->done, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (w->done[0] && !S_ISDIR(st.st_mode))
        return -ENOTDIR;
    char *slash = strrchr(w->done, '/');
    if (dots == 2)
        *(slash ? slash : w->done) = 0;
    return 0;
}

static int step_name(struct walk *w, const char *name, size_t length)
{
    struct stat st;
    bool last = !*w->at;
    size_t parent = strlen(w->done);
    if (parent + length + 3 > sizeof w->done) /* two slashes and the zero */
        return -ENAMETOOLONG;
    char *end = stpcpy(w->done + parent, parent ? "/" : "");
    memcpy(end, name, length);
    end[length] = 0;
    if (fstatat(w->top, w->done, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return last && errno == ENOENT ? 0 : -errno;
    if (S_ISLNK(st.st_mode) && (!last || w->follow || w->slash))
        return enter_link(w, parent);
    return last || S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

static int walk_step(struct walk *w)
{
    const char *name = w->at;
    size_t length = strcspn(name, "/"), slashes = strspn(name + length, "/");
    w->at = name + length + slashes;
    /* A slash at the end asks for a directory, and for what a link leads to. */
    w->slash = slashes && !*w->at;
    if (length && length <= 2 && strncmp(name, "..", length) == 0)
        return step_dots(w, length);
    return length ? step_name(w, name, length) : 0;
}

static int walk_path(int top, const char *path, bool follow, char *text)
{
    struct walk w = {.top = top, .follow = follow};
    if (strlen(path) >= sizeof w.rest)
        return -ENAMETOOLONG;
    w.at = strcpy(w.rest, path);
    while (*w.at) {
        int r = walk_step(&w);
        if (r < 0)
            return r;
    }
    if (!w.done[0])
        strcpy(text, ".");
    else
        stpcpy(stpcpy(text, w.done), w.slash ? "/" : "");
    return 0;
}

int roots_find(const struct roots *r, const char *path, bool follow, int *dirfd, char *text)
{
    struct stat st;
    /* "/" itself is what lies behind: who walks up from the working directory has to get there. */
    if (r->sysroot_fd >= 0 && walk_path(r->sysroot_fd, path, follow, text) == 0 &&
        strcmp(text, ".") != 0 && fstatat(r->sysroot_fd, text, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        *dirfd = r->sysroot_fd;
        return 0;
    }
    *dirfd = r->root_fd;
    if (r->root_fd >= 0)
        return walk_path(r->root_fd, path, follow, text);
    if (strlen(path) >= PATH_MAX)
        return -ENAMETOOLONG;
    *dirfd = AT_FDCWD;
    strcpy(text, path);
    return 0;
}

char *roots_host_name(const struct roots *r, const char *path)
{
    char text[PATH_MAX];
    int dirfd, result = roots_find(r, path, true, &dirfd, text);
    if (result < 0) {
        errno = -result;
        return NULL;
    }
    if (dirfd == AT_FDCWD)
        return xstrdup(text);
    const char *top = dirfd == r->sysroot_fd ? r->sysroot : r->root;
    char *name = xmalloc(strlen(top) + 1 + strlen(text) + 1);
    stpcpy(stpcpy(stpcpy(name, top), "/"), text);
    return name;
}

static const char *below(const char *top, const char *host)
{
    size_t n = top ? strlen(top) : 0;
    if (!top || strncmp(host, top, n) != 0 || (host[n] && host[n] != '/'))
        return NULL;
    return host[n] ? host + n : "/";
}

const char *roots_guest_name(const struct roots *r, const char *host)
{
    const char *name = below(r->root, host);
    if (!name)
        name = below(r->sysroot, host);
    return name || r->root ? name : host;
}
