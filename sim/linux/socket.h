/* Sockets: the guest's are the host's, confined to this machine. AF_UNIX paths are the guest's
 * files (path.h); AF_INET and AF_INET6 reach loopback addresses only, where everything else has no
 * network; other families do not exist (glibc does without AF_NETLINK).
 *
 * No host call blocks: a guest's thread waits by the scheduler, with timeouts in guest time. Of
 * sockets whose other end may lie outside the host is given a moment before time goes by
 * (schedule.c). All guest processes are one process of the host, so that credentials name the
 * first one whichever it was. */
#ifndef SIM_LINUX_SOCKET_H
#define SIM_LINUX_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "sim/linux/guest_mem.h"

struct kernel;
struct linux_process;

#define SOCKET_NAME_MAX 128u /* Linux's sockaddr_storage */

/* A name for the host. */
struct socket_name {
    struct sockaddr_storage host;
    socklen_t bytes;
    int dir_fd;  /* that an AF_UNIX path begins at, open until socket_name_done; -1 */
    bool kept;   /* dir_fd belongs to the table of bound names */
};

enum socket_use { SOCKET_BIND, SOCKET_SEND };

/* socket_name.c. 0 or a negative errno; call socket_name_done after success only. */
int64_t socket_name_get(struct linux_process *l, uint64_t ea, uint64_t bytes, enum socket_use use,
                        struct socket_name *name);
void socket_name_done(struct socket_name *name);
/* After a bind by path: the name as the guest wrote it, for those who ask. */
void socket_name_keep(struct linux_process *l, struct socket_name *name, uint64_t ea,
                      uint64_t bytes);
void socket_names_free(struct kernel *k);
/* As much of it as `room` holds at ea (0: not wanted); *bytes is the whole length. */
bool socket_name_put(struct linux_process *l, uint64_t ea, uint64_t room,
                     const struct sockaddr_storage *host, socklen_t host_bytes, uint32_t *bytes);

/* socket_wait.c. For a host call that would have blocked: is the guest's descriptor such that it
 * waits? `flags` are those of a message. */
bool socket_may_wait(int fd, uint64_t flags);
/* Waits for events, SO_RCVTIMEO or SO_SNDTIMEO (by POLLIN, POLLOUT) at most: what the call has to
 * return, or to answer with after a timeout. */
int64_t socket_wait(struct linux_process *l, int fd, short events);
/* The same, where no descriptor tells when to try again. */
int64_t socket_wait_retry(struct linux_process *l, int fd, short events);
/* Runs with O_NONBLOCK; the old flags for socket_restore. */
int socket_unblock(int fd);
void socket_restore(int fd, int flags);

/* socket_control.c: ancillary data. */
#define SOCKET_CONTROL_MAX 4096u
/* Guest's to host's: 0 and *used, or a negative errno. */
int64_t socket_control_get(struct linux_process *l, uint64_t ea, uint64_t bytes, void *host,
                           size_t *used);
/* Host's to guest's, descriptors included; *flags gets MSG_CTRUNC when there is not room for all,
 * *used the bytes written. False: EFAULT. */
bool socket_control_put(struct linux_process *l, struct msghdr *host, uint64_t ea, uint64_t room,
                        bool cloexec, uint32_t *flags, uint64_t *used);

/* sys_message.c: read and write of sockets. */
int64_t socket_transfer(struct linux_process *l, int fd, struct guest_cursor *c);

/* sys_interface.c: ioctl of a host descriptor about network interfaces, of which "lo" is the only
 * one. */
#define INTERFACE_FIRST 0x8910u
#define INTERFACE_LAST  0x894fu
int64_t interface_ioctl(struct linux_process *l, int fd, uint64_t request, uint64_t ea);

#endif
