/* Names of sockets, between the guest and the host. */
#include "sim/linux/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/base/log.h"
#include "sim/linux/internal.h"
#include "sim/linux/path.h"

#define UNIX_PATH_AT  offsetof(struct sockaddr_un, sun_path)
#define UNIX_PATH_MAX sizeof(((struct sockaddr_un *)0)->sun_path)

/* A path that the guest has bound: the host knows it by another one, through the directory's
 * descriptor, which therefore stays open. */
struct socket_binding {
    struct socket_binding *next;
    int dir_fd;
    char host[UNIX_PATH_MAX], guest[UNIX_PATH_MAX + 1];
};

static void refuse_network(struct linux_process *l)
{
    if (!l->kernel->refused_network)
        log_warn("the program asks for the network: there are loopback addresses only");
    l->kernel->refused_network = true;
}

static bool is_loopback4(const struct in_addr *a) { return ntohl(a->s_addr) >> 24 == 127; }

static bool is_loopback6(const struct in6_addr *a)
{
    struct in_addr low;
    memcpy(&low, a->s6_addr + 12, sizeof low);
    return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && is_loopback4(&low));
}

/* An unspecified address means this machine to connect to; to bind to, all interfaces, which a
 * socket that is tied to "lo" has one of. Where the host does not tie it, the one is named. */
static int64_t confine(struct linux_process *l, struct socket_name *name, enum socket_use use)
{
    struct sockaddr_in *in = (struct sockaddr_in *)&name->host;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&name->host;
    bool v6 = name->host.ss_family == AF_INET6;
    bool any = v6 ? IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr) : in->sin_addr.s_addr == INADDR_ANY;
    if (any && use == SOCKET_BIND && !l->kernel->ties_sockets) {
        if (v6)
            in6->sin6_addr = in6addr_loopback;
        else
            in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    if (any || (v6 ? is_loopback6(&in6->sin6_addr) : is_loopback4(&in->sin_addr)))
        return 0;
    refuse_network(l);
    return use == SOCKET_BIND ? -EADDRNOTAVAIL : -ENETUNREACH;
}

/* Opens the directory of a path; `last` is what is left of it. -1 with errno set. */
static int open_directory(const struct guest_path *p, const char **last)
{
    char dir[PATH_MAX];
    const char *slash = strrchr(p->text, '/');
    *last = slash ? slash + 1 : p->text;
    if (!slash)
        strcpy(dir, ".");
    else
        snprintf(dir, sizeof dir, "%.*s", (int)(slash == p->text ? 1 : slash - p->text), p->text);
    return openat(p->dirfd, dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static bool same_directory(int a, int b)
{
    struct stat sa, sb;
    return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

/* One descriptor for a directory, so that one place has one name in the host. */
static void share_directory(struct linux_process *l, struct socket_name *name)
{
    for (struct socket_binding *b = l->kernel->bindings; b; b = b->next)
        if (same_directory(b->dir_fd, name->dir_fd)) {
            close(name->dir_fd);
            name->dir_fd = b->dir_fd;
            name->kept = true;
            return;
        }
}

/* The host's sun_path is too short for most of its paths: they begin at a directory's descriptor.
 */
static int64_t find_path(struct linux_process *l, const char *path, struct socket_name *name)
{
    struct guest_path p;
    struct sockaddr_un *un = (struct sockaddr_un *)&name->host;
    const char *last;
    int64_t r = path_find(l, PATH_CWD, path, PATH_FOLLOW, &p);
    if (r < 0)
        return r;
    name->dir_fd = open_directory(&p, &last);
    if (name->dir_fd < 0) {
        r = -errno;
        path_done(&p);
        return r;
    }
    share_directory(l, name);
    int length = snprintf(un->sun_path, UNIX_PATH_MAX, "/proc/self/fd/%d/%s", name->dir_fd, last);
    path_done(&p);
    name->bytes = (socklen_t)(UNIX_PATH_AT + (size_t)length + 1);
    if (length < (int)UNIX_PATH_MAX)
        return 0;
    socket_name_done(name);
    return -ENAMETOOLONG;
}

static int64_t get_unix(struct linux_process *l, const uint8_t *from, struct socket_name *name)
{
    struct sockaddr_un *un = (struct sockaddr_un *)&name->host;
    char path[UNIX_PATH_MAX + 1] = {0};
    if (name->bytes > sizeof *un)
        return -EINVAL;
    memcpy(un->sun_path, from, name->bytes - UNIX_PATH_AT);
    if (name->bytes == UNIX_PATH_AT || !from[0])
        return 0; /* unnamed, or of the abstract name space */
    memcpy(path, from, name->bytes - UNIX_PATH_AT);
    return find_path(l, path, name);
}

int64_t socket_name_get(struct linux_process *l, uint64_t ea, uint64_t bytes, enum socket_use use,
                        struct socket_name *name)
{
    struct wire w;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&name->host;
    *name = (struct socket_name){.bytes = (socklen_t)bytes, .dir_fd = -1};
    if (bytes > SOCKET_NAME_MAX)
        return -EINVAL;
    if (!wire_load(&w, l, ea, (uint32_t)bytes))
        return -EFAULT;
    if (bytes < sizeof(sa_family_t))
        return bytes ? -EINVAL : 0;
    uint8_t *to = (uint8_t *)&name->host;
    memcpy(to, w.bytes, bytes);
    name->host.ss_family = (sa_family_t)wire_get(&w, 2);
    switch (name->host.ss_family) {
    case AF_UNIX:
        return get_unix(l, w.bytes + UNIX_PATH_AT, name);
    case AF_INET6:
        if (bytes < offsetof(struct sockaddr_in6, sin6_scope_id))
            return -EINVAL;
        w.used = offsetof(struct sockaddr_in6, sin6_scope_id);
        in6->sin6_scope_id = bytes >= sizeof *in6 ? (uint32_t)wire_get(&w, 4) : 0;
        return confine(l, name, use);
    case AF_INET:
        return bytes < sizeof(struct sockaddr_in) ? -EINVAL : confine(l, name, use);
    case AF_UNSPEC: /* dissolves an association */
        return use == SOCKET_BIND ? -EINVAL : 0;
    default:
        return -EAFNOSUPPORT;
    }
}

void socket_name_done(struct socket_name *name)
{
    if (name->dir_fd >= 0 && !name->kept)
        close(name->dir_fd);
    name->dir_fd = -1;
}

static struct socket_binding *find_binding(const struct linux_process *l, const char *host)
{
    struct socket_binding *b = l->kernel->bindings;
    while (b && strncmp(b->host, host, UNIX_PATH_MAX) != 0)
        b = b->next;
    return b;
}

void socket_name_keep(struct linux_process *l, struct socket_name *name, uint64_t ea,
                      uint64_t bytes)
{
    const struct sockaddr_un *un = (const struct sockaddr_un *)&name->host;
    if (name->dir_fd < 0)
        return;
    struct socket_binding *b = find_binding(l, un->sun_path);
    if (!b) {
        b = xcalloc(1, sizeof *b);
        b->next = l->kernel->bindings;
        b->dir_fd = name->kept ? fcntl(name->dir_fd, F_DUPFD_CLOEXEC, 3) : name->dir_fd;
        name->kept = true;
        memcpy(b->host, un->sun_path, sizeof b->host);
        l->kernel->bindings = b;
    }
    memset(b->guest, 0, sizeof b->guest);
    guest_read(l, ea + UNIX_PATH_AT, b->guest, min_u64(bytes - UNIX_PATH_AT, UNIX_PATH_MAX));
}

void socket_names_free(struct kernel *k)
{
    while (k->bindings) {
        struct socket_binding *b = k->bindings;
        k->bindings = b->next;
        close(b->dir_fd);
        free(b);
    }
}

static uint32_t put_unix(struct linux_process *l, struct wire *w, const struct sockaddr_un *un,
                         socklen_t bytes)
{
    const struct socket_binding *b =
        bytes > UNIX_PATH_AT && un->sun_path[0] ? find_binding(l, un->sun_path) : NULL;
    if (b)
        wire_put_bytes(w, b->guest, (uint32_t)strlen(b->guest) + 1);
    else if (bytes > UNIX_PATH_AT)
        wire_put_bytes(w, un->sun_path, bytes - (uint32_t)UNIX_PATH_AT);
    return w->used;
}

/* Ports and addresses are in network order everywhere; the rest is in the guest's. */
bool socket_name_put(struct linux_process *l, uint64_t ea, uint64_t room,
                     const struct sockaddr_storage *host, socklen_t host_bytes, uint32_t *bytes)
{
    const uint8_t *from = (const uint8_t *)host;
    struct wire w;
    wire_init(&w, l);
    *bytes = host_bytes;
    if (host_bytes < sizeof(sa_family_t))
        return true;
    wire_put(&w, 2, host->ss_family);
    if (host->ss_family == AF_UNIX) {
        *bytes = put_unix(l, &w, (const struct sockaddr_un *)host, host_bytes);
    } else if (host->ss_family == AF_INET6 && host_bytes == sizeof(struct sockaddr_in6)) {
        uint32_t scope = offsetof(struct sockaddr_in6, sin6_scope_id);
        wire_put_bytes(&w, from + w.used, scope - w.used);
        wire_put(&w, 4, ((const struct sockaddr_in6 *)host)->sin6_scope_id);
    } else {
        wire_put_bytes(&w, from + w.used, host_bytes - w.used);
    }
    return guest_write(l, ea, w.bytes, min_u64(room, *bytes));
}
