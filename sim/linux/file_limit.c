#include "sim/linux/file_limit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"

static int64_t too_long(struct linux_process *l)
{
    signal_send(l, (struct signal_info){.signo = GUEST_SIGXFSZ, .code = CODE_USER, .pid = l->pid,
                                        .uid = l->config.keys->uid});
    return -EFBIG;
}

/* Has this process a limit, and is it one for this file? */
static bool is_limited(const struct linux_process *l, int fd, struct stat *st)
{
    return l->limits[GUEST_RLIMIT_FSIZE].soft != UINT64_MAX && fstat(fd, st) == 0 &&
           S_ISREG(st->st_mode);
}

int64_t file_limit_write(struct linux_process *l, int fd, off_t offset, uint64_t *bytes)
{
    struct stat st;
    if (!is_limited(l, fd, &st))
        return 0;
    if (fcntl(fd, F_GETFL) & O_APPEND)
        offset = st.st_size;
    else if (offset < 0)
        offset = lseek(fd, 0, SEEK_CUR);
    uint64_t most = l->limits[GUEST_RLIMIT_FSIZE].soft;
    if ((uint64_t)offset >= most)
        return too_long(l);
    *bytes = min_u64(*bytes, most - (uint64_t)offset);
    return 0;
}

int64_t file_limit_size(struct linux_process *l, int fd, uint64_t size)
{
    struct stat st;
    bool grows = is_limited(l, fd, &st) && size > (uint64_t)st.st_size;
    return grows && size > l->limits[GUEST_RLIMIT_FSIZE].soft ? too_long(l) : 0;
}
