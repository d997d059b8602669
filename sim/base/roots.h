/* Where a guest's absolute paths lie in the host. With a root every path is confined to that
 * directory, as chroot does; with a sysroot a path that exists below it is taken from there first,
 * "/" alone excepted. Symbolic links and ".." are resolved here, component by component, so that
 * neither leads out. */
#ifndef SIM_BASE_ROOTS_H
#define SIM_BASE_ROOTS_H

#include <limits.h>
#include <stdbool.h>

#include "sim/base/err.h"

struct roots {
    int root_fd, sysroot_fd; /* -1: none */
    char *root, *sysroot;    /* their real names in the host, without a slash at the end */
};

#define ROOTS_NONE ((struct roots){.root_fd = -1, .sysroot_fd = -1})

/* Either name may be NULL or empty. False with *e set when one is no directory. */
bool roots_open(struct roots *r, const char *root, const char *sysroot, struct err *e);
void roots_close(struct roots *r);

/* Finds an absolute guest path: 0 with *dirfd and `text` (PATH_MAX) set for the host's ...at()
 * calls, or a negative errno. Without `follow` the last component may be a symbolic link. What
 * does not exist yet can be made at the place found. Outside of all roots, text is the path. */
int roots_find(const struct roots *r, const char *path, bool follow, int *dirfd, char *text);
/* The host's name of an absolute guest path, to be freed; NULL with errno set. */
char *roots_host_name(const struct roots *r, const char *path);
/* The guest's name of an absolute host path; NULL when no name of the guest's leads there. */
const char *roots_guest_name(const struct roots *r, const char *host);

#endif
