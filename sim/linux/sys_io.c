/* read, write and their family: the host works straight on the guest's frames, up to IOV_ROOM of
 * them at a time. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/fd_object.h"
#include "sim/linux/file_limit.h"
#include "sim/linux/inotify.h"
#include "sim/linux/internal.h"
#include "sim/linux/proc_file.h"
#include "sim/linux/socket.h"

#define IOV_ROOM    256u
#define MAX_AT_ONCE UINT64_C(0x7fff0000) /* Linux's MAX_RW_COUNT with 64 KiB pages */
#define NO_OFFSET   (-1)

/* The type in st_mode; 0 when there is no such descriptor. */
static mode_t type_of(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? st.st_mode & S_IFMT : 0;
}

/* /dev/random and /dev/urandom, under whatever name; numbers of Linux's devices.txt. */
static bool is_random(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && major(st.st_rdev) == 1 &&
           (minor(st.st_rdev) == 8 || minor(st.st_rdev) == 9);
}

/* In place of the host's random bytes those of workload.seed, so that runs repeat. */
static void make_random(struct linux_process *l, const struct iovec *iov, uint64_t bytes)
{
    for (; bytes; iov++) {
        uint64_t part = min_u64(bytes, iov->iov_len);
        for (uint64_t done = 0; done < part; done += 8) {
            uint64_t value = rng_next(&l->kernel->rng);
            memcpy((char *)iov->iov_base + done, &value, min_u64(8, part - done));
        }
        bytes -= part;
    }
}

static int64_t host_transfer(int fd, struct iovec *iov, uint32_t count, off_t offset, bool store)
{
    if (offset == NO_OFFSET)
        return store ? readv(fd, iov, (int)count) : writev(fd, iov, (int)count);
    return store ? preadv(fd, iov, (int)count, offset) : pwritev(fd, iov, (int)count, offset);
}

/* A broken pipe and a file over its limit are signals, too. */
static int64_t transfer_error(struct linux_process *l, int64_t result)
{
    struct signal_info info = {.code = CODE_USER, .pid = l->pid, .uid = l->config.keys->uid};
    if (result == -EPIPE)
        info.signo = GUEST_SIGPIPE;
    if (info.signo)
        signal_send(l, info);
    return result;
}

/* A number of 4 or 8 bytes, signed. */
static bool get_number(struct linux_process *l, uint64_t ea, uint32_t bytes, off_t *number)
{
    struct wire w;
    if (!wire_load(&w, l, ea, bytes))
        return false;
    *number = bytes == 8 ? (off_t)wire_get(&w, 8) : (int32_t)wire_get(&w, 4);
    return true;
}

static bool put_number(struct linux_process *l, uint64_t ea, uint32_t bytes, off_t number)
{
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, bytes, (uint64_t)number);
    return wire_store(&w, l, ea);
}

/* An eventfd's count in the guest's byte order. */
static int64_t transfer_counter(struct linux_process *l, int fd, const uint64_t *a, bool store)
{
    off_t value;
    if (a[2] < sizeof value)
        return -EINVAL;
    if (!store && !get_number(l, a[1], 8, &value))
        return -EFAULT;
    int64_t n = thread_wait_for_host(l, fd, store ? POLLIN : POLLOUT);
    if (n < 0)
        return n;
    n = store ? read(fd, &value, sizeof value) : write(fd, &value, sizeof value);
    if (n < 0)
        return host_result(n);
    return store && !put_number(l, a[1], 8, value) ? -EFAULT : n;
}

/* Continues a write that was set aside: what is done already. */
static uint64_t skip_written(struct linux_process *l, struct guest_cursor *c)
{
    guest_skip(c, thread_running(l)->wait.written);
    return thread_running(l)->wait.written;
}

/* Leaves only so many bytes of the pieces: how many pieces that are. */
static uint32_t cut(struct iovec *iov, uint32_t count, uint64_t *bytes, uint64_t left)
{
    if (*bytes <= left)
        return count;
    *bytes = left;
    for (count = 0; iov[count].iov_len < left; count++)
        left -= iov[count].iov_len;
    iov[count].iov_len = left;
    return count + 1;
}

/* The next pieces of a write that may have to wait: together what a pipe takes at once if it takes
 * anything. */
static uint32_t next_write(struct linux_process *l, struct guest_cursor *c, struct iovec *iov,
                           uint64_t *bytes)
{
    struct guest_cursor from = *c;
    uint32_t room = (uint32_t)min_u64(IOV_ROOM, 2 * c->spans + 2);
    uint32_t count = guest_next_iov(l, c, iov, room, bytes);
    if (*bytes <= PIPE_BUF)
        return count;
    *c = from;
    guest_skip(c, PIPE_BUF);
    return cut(iov, count, bytes, PIPE_BUF);
}

/* Other threads may have to run before the descriptor is ready: 0 when it is. */
static int64_t wait_for_turn(struct linux_process *l, int fd, bool store, uint64_t total)
{
    int64_t r = thread_wait_for_host(l, fd, store ? POLLIN : POLLOUT);
    thread_running(l)->wait.written = total;
    return r < 0 && total && !l->kernel->threads.must_wait ? (int64_t)total : r;
}

/* After the first part only a regular file (or any write) goes on: a pipe or terminal gives what it
 * has. */
static int64_t transfer(struct linux_process *l, uint64_t guest_fd, struct guest_cursor *c,
                        off_t offset)
{
    struct iovec iov[IOV_ROOM];
    int fd = fd_host(&l->fds, guest_fd);
    if (fd < 0)
        return -EBADF;
    mode_t type = type_of(fd);
    bool regular = type == S_IFREG, goes_on = !c->store || regular;
    if (type == S_IFSOCK && offset == NO_OFFSET)
        return socket_transfer(l, fd, c);
    bool shared = threads_share(l) && !regular;
    uint64_t part, total = shared ? skip_written(l, c) : 0;
    for (;;) {
        int64_t wait = shared ? wait_for_turn(l, fd, c->store, total) : 0;
        if (wait)
            return wait;
        uint32_t count = shared && !c->store ? next_write(l, c, iov, &part)
                                             : guest_next_iov(l, c, iov, IOV_ROOM, &part);
        if (count == 0 && total)
            return (int64_t)total;
        uint64_t room = part;
        if (part && !c->store && file_limit_write(l, fd, offset, &room) < 0)
            return total ? (int64_t)total : -EFBIG;
        bool is_last = room < part;
        count = cut(iov, count, &part, room);
        int64_t n = host_transfer(fd, iov, count, offset, c->store);
        if (n < 0)
            return total ? (int64_t)total : transfer_error(l, host_result(n));
        if (c->store && type == S_IFCHR && is_random(fd))
            make_random(l, iov, (uint64_t)n);
        if (count == 0 && c->faulted)
            return -EFAULT; /* after the host has judged the descriptor */
        total += (uint64_t)n;
        if (offset != NO_OFFSET)
            offset += n;
        if (n == 0 || (uint64_t)n < part || is_last || !goes_on || c->faulted || !c->spans)
            return (int64_t)total;
    }
}

/* A file below /proc is made anew when it is read from its start. */
static int64_t begin_reading(struct linux_process *l, const struct fd_entry *entry, off_t offset)
{
    if (!entry->is_generated)
        return 0;
    off_t at = offset == NO_OFFSET ? lseek(entry->host, 0, SEEK_CUR) : offset;
    return at == 0 ? proc_file_renew(l, entry->host) : 0;
}

/* Linux refuses what does not lie in the user's half before it looks at pages. */
static bool in_user_space(const struct linux_process *l, uint64_t ea, uint64_t bytes)
{
    return ea <= l->image.user_end && bytes <= l->image.user_end - ea;
}

static int64_t transfer_one(struct linux_process *l, const uint64_t *a, off_t offset, bool store)
{
    struct guest_span span = {a[1], min_u64(a[2], MAX_AT_ONCE)};
    struct guest_cursor c = {.span = &span, .spans = 1, .store = store};
    const struct fd_entry *entry = fd_find(&l->fds, a[0]);
    if (!entry)
        return -EBADF;
    if ((int64_t)a[2] < 0)
        return -EINVAL;
    if (!in_user_space(l, a[1], a[2]))
        return -EFAULT;
    if (entry->is_directory)
        return store ? -EISDIR : -EBADF;
    if (entry->is_inotify && store && offset == NO_OFFSET)
        return inotify_read(l, entry->host, a[1], a[2]);
    if (entry->object && (!store || entry->object->kind == FD_PROCESS))
        return -EINVAL;
    if (entry->object && entry->object->kind == FD_SIGNALS)
        return signalfd_read(l, entry->object, a);
    if (entry->is_counter && offset == NO_OFFSET)
        return transfer_counter(l, entry->host, a, store);
    int64_t r = store ? begin_reading(l, entry, offset) : 0;
    return r < 0 ? r : transfer(l, a[0], &c, offset);
}

static int64_t transfer_vector(struct linux_process *l, const uint64_t *a, off_t offset, bool store)
{
    struct guest_span spans[SPAN_MAX];
    uint32_t word = l->image.is_64bit ? 8 : 4;
    uint64_t total = 0;
    if (fd_host(&l->fds, a[0]) < 0)
        return -EBADF;
    if (a[2] > SPAN_MAX)
        return -EINVAL;
    for (uint32_t n = 0; n < a[2]; n++) {
        if (!guest_read_long(l, a[1] + n * 2 * word, &spans[n].ea) ||
            !guest_read_long(l, a[1] + (n * 2 + 1) * word, &spans[n].bytes))
            return -EFAULT;
        if (spans[n].bytes >> (word * 8 - 1)) /* negative as ssize_t */
            return -EINVAL;
        if (!in_user_space(l, spans[n].ea, spans[n].bytes))
            return -EFAULT;
        spans[n].bytes = min_u64(spans[n].bytes, MAX_AT_ONCE - total);
        total += spans[n].bytes;
    }
    const struct fd_entry *entry = fd_find(&l->fds, a[0]);
    if (entry->is_inotify && store && a[2] && offset == NO_OFFSET)
        return inotify_read(l, entry->host, spans[0].ea, spans[0].bytes);
    if (entry->is_counter && a[2]) /* a number lies in the first span */
        return transfer_one(l, (uint64_t[]){a[0], spans[0].ea, spans[0].bytes}, offset, store);
    struct guest_cursor c = {.span = spans, .spans = (uint32_t)a[2], .store = store};
    int64_t r = store ? begin_reading(l, entry, offset) : 0;
    return r < 0 ? r : transfer(l, a[0], &c, offset);
}

int64_t sys_read(struct linux_process *l, const uint64_t *a)
{
    return transfer_one(l, a, NO_OFFSET, true);
}

int64_t sys_write(struct linux_process *l, const uint64_t *a)
{
    return transfer_one(l, a, NO_OFFSET, false);
}

int64_t sys_readv(struct linux_process *l, const uint64_t *a)
{
    return transfer_vector(l, a, NO_OFFSET, true);
}

int64_t sys_writev(struct linux_process *l, const uint64_t *a)
{
    return transfer_vector(l, a, NO_OFFSET, false);
}

static bool bad_offset(uint64_t offset) { return (int64_t)offset < 0; }

int64_t sys_pread64(struct linux_process *l, const uint64_t *a)
{
    return bad_offset(a[3]) ? -EINVAL : transfer_one(l, a, (off_t)a[3], true);
}

int64_t sys_pwrite64(struct linux_process *l, const uint64_t *a)
{
    return bad_offset(a[3]) ? -EINVAL : transfer_one(l, a, (off_t)a[3], false);
}

int64_t sys_preadv(struct linux_process *l, const uint64_t *a)
{
    return bad_offset(a[3]) ? -EINVAL : transfer_vector(l, a, (off_t)a[3], true);
}

int64_t sys_pwritev(struct linux_process *l, const uint64_t *a)
{
    return bad_offset(a[3]) ? -EINVAL : transfer_vector(l, a, (off_t)a[3], false);
}

/* The hint to poll for the end and orders to write at once change nothing here; not to wait and to
 * append are refused as by a file system that cannot do so. */
static int64_t transfer_with_flags(struct linux_process *l, const uint64_t *a, bool store)
{
    enum { RWF_HIPRI_ = 1, RWF_DSYNC_ = 2, RWF_SYNC_ = 4 };
    uint64_t flags = l->image.is_64bit ? a[5] : a[4]; /* longs: the offset's upper half is unused */
    if (flags & ~(uint64_t)(RWF_HIPRI_ | RWF_DSYNC_ | RWF_SYNC_))
        return -EOPNOTSUPP;
    if (bad_offset(a[3]) && (int64_t)a[3] != NO_OFFSET)
        return -EINVAL;
    return transfer_vector(l, a, (off_t)a[3], store);
}

int64_t sys_preadv2(struct linux_process *l, const uint64_t *a)
{
    return transfer_with_flags(l, a, true);
}

int64_t sys_pwritev2(struct linux_process *l, const uint64_t *a)
{
    return transfer_with_flags(l, a, false);
}

/* As much as a pipe takes without waiting, when it takes anything: others may have to run to empty
 * it. */
static int64_t send_part(struct linux_process *l, int out, int in, off_t *offset, uint64_t bytes)
{
    char part[PIPE_BUF];
    int64_t r = thread_wait_for_host(l, out, POLLOUT);
    if (r < 0)
        return r;
    bytes = min_u64(bytes, sizeof part);
    ssize_t n = offset ? pread(in, part, bytes, *offset) : read(in, part, bytes);
    ssize_t done = n > 0 ? write(out, part, (size_t)n) : n;
    if (n > 0 && !offset)
        lseek(in, (done > 0 ? done : 0) - n, SEEK_CUR); /* what was not taken */
    if (done > 0 && offset)
        *offset += done;
    return done < 0 ? host_result(done) : done;
}

static int64_t send_file(struct linux_process *l, const uint64_t *a, uint32_t offset_bytes)
{
    int out = fd_host(&l->fds, a[0]), in = fd_host(&l->fds, a[1]);
    off_t offset = 0;
    if (out < 0 || in < 0)
        return -EBADF;
    if (a[2] && !get_number(l, a[2], offset_bytes, &offset))
        return -EFAULT;
    if (is_random(in))
        return -EINVAL; /* as Linux 5.10 to 5.18: callers read and write then */
    off_t *at = a[2] ? &offset : NULL;
    bool in_parts = threads_share(l) && type_of(in) == S_IFREG && type_of(out) != S_IFREG;
    uint64_t room = a[3];
    if (a[3] && file_limit_write(l, out, -1, &room) < 0)
        return -EFBIG;
    int64_t n = in_parts ? send_part(l, out, in, at, a[3])
                         : host_result(sendfile(out, in, at, min_u64(room, MAX_AT_ONCE)));
    if (n < 0)
        return transfer_error(l, n);
    return a[2] && !put_number(l, a[2], offset_bytes, offset) ? -EFAULT : n;
}

int64_t sys_sendfile(struct linux_process *l, const uint64_t *a)
{
    return send_file(l, a, l->image.is_64bit ? 8 : 4);
}

int64_t sys_sendfile64(struct linux_process *l, const uint64_t *a) { return send_file(l, a, 8); }

int64_t sys_copy_file_range(struct linux_process *l, const uint64_t *a)
{
    int in = fd_host(&l->fds, a[0]), out = fd_host(&l->fds, a[2]);
    off_t from = 0, to = 0;
    if (in < 0 || out < 0)
        return -EBADF;
    if ((a[1] && !get_number(l, a[1], 8, &from)) || (a[3] && !get_number(l, a[3], 8, &to)))
        return -EFAULT;
    uint64_t room = a[4];
    if (a[4] && file_limit_write(l, out, a[3] ? to : -1, &room) < 0)
        return -EFBIG;
    ssize_t n = copy_file_range(in, a[1] ? &from : NULL, out, a[3] ? &to : NULL,
                                min_u64(room, MAX_AT_ONCE), (unsigned)a[5]);
    if (n < 0)
        return host_result(n);
    if ((a[1] && !put_number(l, a[1], 8, from)) || (a[3] && !put_number(l, a[3], 8, to)))
        return -EFAULT;
    return n;
}
