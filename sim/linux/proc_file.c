#include "sim/linux/proc_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/linux/internal.h"
#include "sim/linux/path.h"
#include "sim/linux/procfs.h"

#define MEMFD_LINK "/memfd:"
#define FILE_MARK  "simrun:" /* in front of the name, which tells it from the guest's own files */

int proc_file_create(const char *name)
{
    char mark[256];
    if (snprintf(mark, sizeof mark, FILE_MARK "%s", name) > 240) {
        errno = ENOENT; /* there is none so deep; a file in memory has no longer name */
        return -1;
    }
    return memfd_create(mark, MFD_CLOEXEC);
}

char *proc_file_name(char *link)
{
    const size_t mark = strlen(MEMFD_LINK FILE_MARK);
    if (strncmp(link, MEMFD_LINK FILE_MARK, mark) != 0)
        return NULL;
    char *end = strrchr(link, ' '); /* "(deleted)" */
    if (end)
        *end = 0;
    return link + mark;
}

/* The guest's descriptor is for reading only. NULL: the host has no /proc to open it by. */
static FILE *open_to_write(int host)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", host);
    fchmod(host, 0600);
    int fd = open(link, O_WRONLY | O_TRUNC | O_CLOEXEC);
    return fd < 0 ? NULL : fdopen(fd, "w");
}

bool proc_file_fill(int host, struct linux_process *l, const struct thread *t, const char *path)
{
    FILE *out = open_to_write(host);
    if (!out)
        return false;
    bool exists = procfs_generate(l, t, path, out);
    fclose(out);
    fchmod(host, 0444);
    uint64_t now = time_real_ns(l);
    const struct timespec at = {(time_t)(now / NS_PER_SECOND), (long)(now % NS_PER_SECOND)};
    futimens(host, (const struct timespec[]){at, at}); /* the guest's time, not the host's */
    return exists;
}

int64_t proc_file_renew(struct linux_process *l, int host)
{
    char link[64], text[PATH_MAX], path[PATH_MAX + 2];
    snprintf(link, sizeof link, "/proc/self/fd/%d", host);
    ssize_t n = readlink(link, text, sizeof text - 1);
    text[n < 0 ? 0 : n] = 0;
    const char *name = proc_file_name(text);
    if (!name)
        return -ESRCH;
    strcpy(path, name);
    struct path_subject s = path_name_self(l, path);
    tasks_discard_borrowed(l->kernel); /* it becomes shorter for a while */
    return proc_file_fill(host, s.process, s.thread, path) ? 0 : -ESRCH;
}

void proc_file_stat(struct stat *st)
{
    st->st_size = 0;
    st->st_blocks = 0;
}
