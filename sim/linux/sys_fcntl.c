/* fcntl: flags of descriptors, record locks, sizes of pipes, seals. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"

/* A lock that is waited for is tried again while others run. */
static int64_t control_lock(struct linux_process *l, int fd, int command, struct flock *lock)
{
    bool is_ofd = command == F_OFD_GETLK || command == F_OFD_SETLK || command == F_OFD_SETLKW;
    bool waits = command == F_SETLKW || command == F_OFD_SETLKW;
    if (is_ofd && !(waits && threads_share(l)))
        return host_result(fcntl(fd, command, lock));
    int64_t r = is_ofd ? host_result(fcntl(fd, F_OFD_SETLK, lock))
                       : locks_control(l, fd, command, lock);
    if (!waits || r != -EAGAIN)
        return r;
    if (!threads_share(l)) { /* somebody outside has it */
        r = host_result(fcntl(fd, command, lock));
        return r < 0 || is_ofd ? r : locks_control(l, fd, command, lock);
    }
    thread_wait_on(l, NULL, 0);
    thread_wait_until(l, WAIT_FOR_EVER);
    return CALL_RESTART;
}

/* struct flock, or flock64, with numbers of `bytes`; F_RDLCK, F_WRLCK and F_UNLCK are the same
 * everywhere. */
static int64_t lock(struct linux_process *l, int fd, int command, uint64_t ea, uint32_t bytes)
{
    struct flock lock = {0};
    struct wire w;
    if (!wire_load(&w, l, ea, bytes == 8 ? 32 : 16))
        return -EFAULT;
    lock.l_type = (short)wire_get(&w, 2);
    lock.l_whence = (short)wire_get(&w, 2);
    lock.l_start = bytes == 8 ? (off_t)wire_get(&w, 8) : (int32_t)wire_get(&w, 4);
    lock.l_len = bytes == 8 ? (off_t)wire_get(&w, 8) : (int32_t)wire_get(&w, 4);
    int64_t r = control_lock(l, fd, command, &lock);
    if (r < 0)
        return r;
    if (command != F_GETLK && command != F_OFD_GETLK)
        return 0;
    wire_init(&w, l);
    wire_put(&w, 2, (uint16_t)lock.l_type);
    wire_put(&w, 2, (uint16_t)lock.l_whence);
    wire_put(&w, bytes, (uint64_t)lock.l_start);
    wire_put(&w, bytes, (uint64_t)lock.l_len);
    wire_put(&w, 4, (uint32_t)lock.l_pid);
    wire_zero(&w, bytes - 4);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

/* The 64-bit commands are for 32-bit programs; a file description's locks are 64-bit for all. */
static int64_t lock_command(struct linux_process *l, int fd, const uint64_t *a)
{
    static const struct {
        uint32_t guest;
        int host;
        bool is_64bit, for_32bit_only;
    } rows[] = {
        {5, F_GETLK, false, false},      {6, F_SETLK, false, false},
        {7, F_SETLKW, false, false},     {12, F_GETLK, true, true},
        {13, F_SETLK, true, true},       {14, F_SETLKW, true, true},
        {36, F_OFD_GETLK, true, false},  {37, F_OFD_SETLK, true, false},
        {38, F_OFD_SETLKW, true, false},
    };
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if (rows[n].guest == a[1] && !(rows[n].for_32bit_only && l->image.is_64bit))
            return lock(l, fd, rows[n].host, a[2],
                        rows[n].is_64bit || l->image.is_64bit ? 8 : 4);
    return -EINVAL;
}

int64_t sys_fcntl(struct linux_process *l, const uint64_t *a)
{
    enum { DUPFD, GETFD, SETFD, GETFL, SETFL, SETOWN = 8, GETOWN, GETSIG = 11,
           DUPFD_CLOEXEC = 1030, SETPIPE_SZ, GETPIPE_SZ, ADD_SEALS, GET_SEALS };
    struct fd_entry *entry = fd_find(&l->fds, a[0]);
    if (!entry)
        return -EBADF;
    int fd = entry->host, flags;
    switch (a[1]) {
    case DUPFD:
    case DUPFD_CLOEXEC:
        return fcntl_duplicate(l, a[0], (uint32_t)a[2], a[1] == DUPFD_CLOEXEC);
    case GETFD:
        return entry->close_on_exec;
    case SETFD:
        entry->close_on_exec = a[2] & 1;
        return 0;
    case GETFL:
        flags = fcntl(fd, F_GETFL);
        return flags < 0 ? -errno : (int64_t)open_flags_to_guest(flags);
    case SETFL:
        return host_result(fcntl(fd, F_SETFL, open_flags_to_host(a[2])));
    case SETOWN: /* no SIGIO is ever sent */
    case GETOWN:
    case GETSIG:
        return 0;
    case SETPIPE_SZ:
        return host_result(fcntl(fd, F_SETPIPE_SZ, (int)a[2]));
    case GETPIPE_SZ:
        return host_result(fcntl(fd, F_GETPIPE_SZ));
    case ADD_SEALS:
        return host_result(fcntl(fd, F_ADD_SEALS, (int)a[2]));
    case GET_SEALS:
        return host_result(fcntl(fd, F_GET_SEALS));
    default:
        return lock_command(l, fd, a);
    }
}
