/* Flags of open and fcntl: powerpc has its own values for four of them. */
#ifndef SIM_LINUX_OPEN_FLAGS_H
#define SIM_LINUX_OPEN_FLAGS_H

#include <fcntl.h>
#include <stdint.h>

enum {
    GUEST_O_WRONLY = 01, GUEST_O_ACCMODE = 03, GUEST_O_CREAT = 0100, GUEST_O_EXCL = 0200,
    GUEST_O_NOFOLLOW = 0100000, GUEST_O_TRUNC = 01000,
    GUEST_O_NONBLOCK = 04000, GUEST_O_DIRECT = 0400000, GUEST_O_CLOEXEC = 02000000,
    GUEST_O_LARGEFILE = 0200000, GUEST_O_TMPFILE_BIT = 020000000,
};
enum { GUEST_RLIMIT_FSIZE = 1, GUEST_RLIMIT_STACK = 3, GUEST_RLIMIT_NOFILE = 7 };

/* Guest value, host's name. The access mode is a number of its own; O_LARGEFILE means nothing to a
 * 64-bit host. */
#define OPEN_FLAGS(X)                                                                              \
    X(0100, O_CREAT) X(0200, O_EXCL) X(0400, O_NOCTTY) X(01000, O_TRUNC) X(02000, O_APPEND)        \
    X(04000, O_NONBLOCK) X(010000, O_DSYNC) X(04010000, O_SYNC) X(020000, O_ASYNC)                 \
    X(040000, O_DIRECTORY) X(0100000, O_NOFOLLOW) X(0400000, O_DIRECT) X(01000000, O_NOATIME)      \
    X(010000000, O_PATH) X(020040000, O_TMPFILE)

#define OPEN_FLAG_OR(guest, host) | (uint64_t)(guest)
#define GUEST_OPEN_FLAGS                                                                           \
    ((uint64_t)(GUEST_O_ACCMODE | GUEST_O_CLOEXEC | GUEST_O_LARGEFILE) OPEN_FLAGS(OPEN_FLAG_OR))

#define OPEN_FLAG_TO_HOST(guest, host) | ((flags & (guest)) == (guest) ? (host) : 0)
#define OPEN_FLAG_TO_GUEST(guest, host) | ((flags & (host)) == (host) ? (uint64_t)(guest) : 0)

static inline int open_flags_to_host(uint64_t flags)
{
    return (int)(flags & GUEST_O_ACCMODE) OPEN_FLAGS(OPEN_FLAG_TO_HOST);
}

static inline uint64_t open_flags_to_guest(int flags)
{
    return (uint64_t)(flags & O_ACCMODE) OPEN_FLAGS(OPEN_FLAG_TO_GUEST);
}

#endif
