/* inotify: what happens to files is the host's to tell, since they are its own. */
#ifndef SIM_LINUX_INOTIFY_H
#define SIM_LINUX_INOTIFY_H

#include <stdint.h>

#define INOTIFY_COOKIES 64u

/* Part of struct kernel. The host counts the renames of all its programs; the guest sees those of
 * its own, 1, 2 ... */
struct inotify_cookies {
    uint32_t host[INOTIFY_COOKIES]; /* the latest, by the guest's number */
    uint32_t count;
};

struct linux_process;

/* read: whole events, as many as fit, in the guest's byte order. */
int64_t inotify_read(struct linux_process *l, int fd, uint64_t ea, uint64_t bytes);

#endif
