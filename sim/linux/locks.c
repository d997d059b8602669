#include "sim/linux/locks.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/err.h"
#include "sim/linux/internal.h"

static bool overlap(const struct record_lock *a, const struct record_lock *b)
{
    return a->device == b->device && a->inode == b->inode && a->start < b->end &&
           b->start < a->end;
}

static void append(struct record_locks *s, const struct record_lock *lock)
{
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 16;
        s->all = xrealloc(s->all, s->room * sizeof *s->all);
    }
    s->all[s->count++] = *lock;
}

/* Another process's lock that the wanted one cannot stand beside; NULL. */
static const struct record_lock *find_conflict(const struct record_locks *s,
                                               const struct record_lock *wanted)
{
    for (uint32_t n = 0; n < s->count; n++) {
        const struct record_lock *lock = &s->all[n];
        if (lock->owner != wanted->owner && overlap(lock, wanted) &&
            (lock->type == F_WRLCK || wanted->type == F_WRLCK))
            return lock;
    }
    return NULL;
}

/* Cuts the range out of what the owner has: what sticks out on either side stays. */
static void cut_out(struct record_locks *s, const struct record_lock *range)
{
    for (uint32_t n = s->count; n-- > 0;) {
        struct record_lock old = s->all[n];
        if (old.owner != range->owner || !overlap(&old, range))
            continue;
        s->all[n] = s->all[--s->count];
        struct record_lock part = old;
        part.end = range->start;
        if (part.start < part.end)
            append(s, &part);
        part = old;
        part.start = range->end;
        if (part.start < part.end)
            append(s, &part);
    }
}

static struct flock host_lock(const struct record_lock *lock, short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = lock->start,
                          .l_len = lock->end == INT64_MAX ? 0 : lock->end - lock->start};
}

/* The host forgets the range, but not what others of the guest have of it. */
static void unlock_in_host(const struct record_locks *s, int host, const struct record_lock *range)
{
    struct flock lock = host_lock(range, F_UNLCK);
    fcntl(host, F_SETLK, &lock);
    for (uint32_t n = 0; n < s->count; n++)
        if (overlap(&s->all[n], range)) {
            lock = host_lock(&s->all[n], s->all[n].type);
            fcntl(host, F_SETLK, &lock);
        }
}

static int64_t set_lock(struct record_locks *s, int host, const struct record_lock *wanted)
{
    struct flock lock = host_lock(wanted, wanted->type);
    if (wanted->type == F_UNLCK) {
        cut_out(s, wanted);
        unlock_in_host(s, host, wanted);
        return 0;
    }
    if (find_conflict(s, wanted))
        return -EAGAIN;
    if (fcntl(host, F_SETLK, &lock) < 0)
        return errno == EACCES ? -EAGAIN : -errno;
    cut_out(s, wanted);
    append(s, wanted);
    return 0;
}

static int64_t get_lock(struct record_locks *s, int host, const struct record_lock *wanted,
                        struct flock *lock)
{
    const struct record_lock *other = find_conflict(s, wanted);
    *lock = host_lock(other ? other : wanted, other ? other->type : wanted->type);
    if (other)
        lock->l_pid = (pid_t)other->owner->pid;
    else if (fcntl(host, F_GETLK, lock) < 0)
        return -errno;
    return 0;
}

/* The bytes that *lock means; false when they begin before the file does. */
static bool find_range(int host, const struct flock *lock, struct record_lock *range)
{
    struct stat st = {0};
    fstat(host, &st);
    int64_t from = lock->l_whence == SEEK_END ? st.st_size : 0;
    if (lock->l_whence == SEEK_CUR)
        from = lseek(host, 0, SEEK_CUR);
    range->device = st.st_dev;
    range->inode = st.st_ino;
    if (__builtin_add_overflow(from, lock->l_start, &range->start) ||
        __builtin_add_overflow(range->start, lock->l_len, &range->end))
        return false;
    if (lock->l_len == 0)
        range->end = INT64_MAX;
    if (lock->l_len < 0) {
        int64_t end = range->start;
        range->start = range->end;
        range->end = end;
    }
    return range->start >= 0;
}

int64_t locks_control(struct linux_process *l, int host, int command, struct flock *lock)
{
    struct record_lock wanted = {.owner = l, .type = lock->l_type};
    if (lock->l_type != F_RDLCK && lock->l_type != F_WRLCK && lock->l_type != F_UNLCK)
        return -EINVAL;
    if (!find_range(host, lock, &wanted) || (command == F_GETLK && lock->l_type == F_UNLCK))
        return -EINVAL;
    if (command == F_GETLK)
        return get_lock(&l->kernel->locks, host, &wanted, lock);
    return set_lock(&l->kernel->locks, host, &wanted);
}

void locks_file_closes(struct linux_process *l, int host)
{
    struct record_locks *s = &l->kernel->locks;
    struct record_lock all = {.owner = l, .end = INT64_MAX};
    struct stat st;
    if (!s->count || host < 0 || fstat(host, &st) < 0)
        return;
    all.device = st.st_dev;
    all.inode = st.st_ino;
    uint32_t before = s->count;
    cut_out(s, &all);
    if (s->count != before)
        unlock_in_host(s, host, &all);
}

void locks_forget(struct kernel *k, const struct linux_process *owner)
{
    struct record_locks *s = &k->locks;
    uint32_t kept = 0;
    for (uint32_t n = 0; n < s->count; n++)
        if (s->all[n].owner != owner)
            s->all[kept++] = s->all[n];
    s->count = kept;
}
