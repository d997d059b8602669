/* Scheduling policies, priorities and affinity. Turns go round whatever they say: only what was set
 * is kept, and affinity is obeyed. */
#include <errno.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

enum { POLICY_OTHER, POLICY_FIFO, POLICY_RR, POLICY_BATCH, POLICY_IDLE = 5, POLICY_DEADLINE };
#define ATTR_BYTES 48u /* struct sched_attr, first version */

static uint32_t word_bytes(const struct linux_process *l) { return l->image.is_64bit ? 8 : 4; }

static struct thread *thread_of(const struct linux_process *l, uint64_t tid)
{
    return tid ? thread_find_any(l->kernel, tid) : thread_running(l);
}

/* A bit for each core; there are fewer than bits in a long. */
static uint64_t all_cores(const struct linux_process *l)
{
    return (UINT64_C(1) << l->kernel->cores.count) - 1;
}

int64_t sys_sched_getaffinity(struct linux_process *l, const uint64_t *a)
{
    uint32_t word = word_bytes(l);
    const struct thread *t = a[0] ? thread_find_any(l->kernel, a[0]) : thread_running(l);
    if (a[1] < word || a[1] % word)
        return -EINVAL;
    if (!t)
        return -ESRCH;
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, word, t->affinity & all_cores(l));
    return wire_store(&w, l, a[2]) ? (int64_t)word : -EFAULT;
}

int64_t sys_sched_setaffinity(struct linux_process *l, const uint64_t *a)
{
    struct thread *t = a[0] ? thread_find_any(l->kernel, a[0]) : thread_running(l);
    uint8_t bytes[8] = {0};
    uint64_t mask = 0;
    if (!t)
        return -ESRCH;
    if (!guest_read(l, a[2], bytes, min_u64(a[1], word_bytes(l))))
        return -EFAULT;
    for (uint32_t n = 0; n < word_bytes(l); n++)
        mask |= (uint64_t)bytes[l->image.big_endian ? word_bytes(l) - 1 - n : n] << 8 * n;
    if (!(mask & all_cores(l)))
        return -EINVAL;
    t->affinity = mask;
    return 0;
}

static bool is_real_time(uint32_t policy)
{
    return policy == POLICY_FIFO || policy == POLICY_RR;
}

/* What takes a superuser: real time (RLIMIT_RTPRIO is zero), not to reset children any more, to be
 * more than idle again. */
static bool is_privileged(const struct thread *t, uint32_t policy)
{
    return is_real_time(policy & ~SCHED_RESET) || (t->policy & ~policy & SCHED_RESET) ||
           ((t->policy & ~SCHED_RESET) == POLICY_IDLE && (policy & ~SCHED_RESET) != POLICY_IDLE);
}

static int64_t set_policy(struct linux_process *l, struct thread *t, uint32_t policy,
                          uint32_t priority)
{
    uint32_t plain = policy & ~SCHED_RESET;
    if (plain > POLICY_IDLE || plain == 4)
        return -EINVAL;
    if (is_real_time(plain) ? priority < 1 || priority > 99 : priority != 0)
        return -EINVAL;
    if (is_privileged(t, policy) && l->config.keys->uid != 0)
        return -EPERM;
    t->policy = policy;
    t->priority = priority;
    return 0;
}

int64_t sys_sched_setscheduler(struct linux_process *l, const uint64_t *a)
{
    struct thread *t = thread_of(l, a[0]);
    uint32_t priority;
    if ((int64_t)a[0] < 0 || (int64_t)a[1] < 0 || !a[2])
        return -EINVAL;
    if (!guest_read_u32(l, a[2], &priority))
        return -EFAULT;
    return t ? set_policy(l, t, (uint32_t)a[1], priority) : -ESRCH;
}

int64_t sys_sched_getscheduler(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = thread_of(l, a[0]);
    return (int64_t)a[0] < 0 ? -EINVAL : t ? (int64_t)t->policy : -ESRCH;
}

int64_t sys_sched_setparam(struct linux_process *l, const uint64_t *a)
{
    struct thread *t = thread_of(l, a[0]);
    uint32_t priority;
    if ((int64_t)a[0] < 0 || !a[1])
        return -EINVAL;
    if (!guest_read_u32(l, a[1], &priority))
        return -EFAULT;
    return t ? set_policy(l, t, t->policy, priority) : -ESRCH;
}

int64_t sys_sched_getparam(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = thread_of(l, a[0]);
    if ((int64_t)a[0] < 0 || !a[1])
        return -EINVAL;
    if (!t)
        return -ESRCH;
    return guest_write_u32(l, a[1], t->priority) ? 0 : -EFAULT;
}

/* struct sched_attr: its size, policy, flags (1: reset on fork), nice, priority, then what belongs
 * to deadlines, which are not offered. */
int64_t sys_sched_setattr(struct linux_process *l, const uint64_t *a)
{
    struct thread *t = thread_of(l, a[0]);
    struct wire w;
    uint32_t size;
    if (!a[1] || (int64_t)a[0] < 0 || a[2])
        return -EINVAL;
    if (!guest_read_u32(l, a[1], &size) || !wire_load(&w, l, a[1], ATTR_BYTES))
        return -EFAULT;
    if (size && size < ATTR_BYTES)
        return guest_write_u32(l, a[1], ATTR_BYTES) ? -E2BIG : -EFAULT;
    if (!t)
        return -ESRCH;
    wire_get(&w, 4);
    uint32_t policy = (uint32_t)wire_get(&w, 4);
    uint64_t flags = wire_get(&w, 8);
    int32_t nice = (int32_t)wire_get(&w, 4);
    uint32_t priority = (uint32_t)wire_get(&w, 4);
    if (policy == POLICY_DEADLINE)
        return -EPERM;
    if (policy > POLICY_DEADLINE || flags & ~UINT64_C(1))
        return -EINVAL;
    bool has_nice = policy == POLICY_OTHER || policy == POLICY_BATCH;
    if (has_nice && nice < t->process->nice && l->config.keys->uid != 0)
        return -EPERM;
    int64_t r = set_policy(l, t, policy | (flags & 1 ? SCHED_RESET : 0), priority);
    if (r == 0 && has_nice)
        t->process->nice = nice < -20 ? -20 : nice > 19 ? 19 : nice;
    return r;
}

int64_t sys_sched_getattr(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = thread_of(l, a[0]);
    struct wire w;
    if (!a[1] || (int64_t)a[0] < 0 || a[2] < ATTR_BYTES || a[2] > 4096 || a[3])
        return -EINVAL;
    if (!t)
        return -ESRCH;
    wire_init(&w, l);
    wire_put(&w, 4, ATTR_BYTES);
    wire_put(&w, 4, t->policy & ~SCHED_RESET);
    wire_put(&w, 8, t->policy & SCHED_RESET ? 1 : 0);
    wire_put(&w, 4, (uint32_t)t->process->nice);
    wire_put(&w, 4, t->priority);
    wire_zero(&w, 24);
    return wire_store(&w, l, a[1]) ? 0 : -EFAULT;
}

int64_t sys_sched_rr_get_interval(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = thread_of(l, a[0]);
    if ((int64_t)a[0] < 0)
        return -EINVAL;
    if (!t)
        return -ESRCH;
    uint64_t ns = t->policy == POLICY_FIFO ? 0 : l->config.time_slice_ns;
    return time_put_timespec(l, a[1], ns) ? 0 : -EFAULT;
}

static int64_t priority_limit(uint64_t policy, int64_t real_time)
{
    if (is_real_time((uint32_t)policy))
        return real_time;
    return policy <= POLICY_DEADLINE && policy != 4 ? 0 : -EINVAL;
}

int64_t sys_sched_get_priority_max(struct linux_process *l, const uint64_t *a)
{
    (void)l;
    return priority_limit(a[0], 99);
}

int64_t sys_sched_get_priority_min(struct linux_process *l, const uint64_t *a)
{
    (void)l;
    return priority_limit(a[0], 1);
}

/* Next process that a priority call means by (which, who), behind `after`. */
static struct linux_process *next_of(struct linux_process *l, const uint64_t *a,
                                     const struct linux_process *after)
{
    enum { PROCESS, GROUP, USER };
    if (a[0] == PROCESS)
        return after ? NULL : task_named(l, a[1]);
    if (a[0] == USER)
        return a[1] && a[1] != l->config.keys->uid ? NULL : task_next(l->kernel, 0, after);
    return task_next(l->kernel, a[1] ? (uint32_t)a[1] : l->group, after);
}

/* The kernel answers 20 - nice, of the one that has the best. */
int64_t sys_getpriority(struct linux_process *l, const uint64_t *a)
{
    int64_t best = -ESRCH;
    if (a[0] > 2)
        return -EINVAL;
    for (const struct linux_process *each = NULL; (each = next_of(l, a, each));)
        best = best > 20 - each->nice ? best : 20 - each->nice;
    return best;
}

int64_t sys_setpriority(struct linux_process *l, const uint64_t *a)
{
    int64_t nice = (int64_t)a[2], r = -ESRCH;
    if (a[0] > 2)
        return -EINVAL;
    nice = nice < -20 ? -20 : nice > 19 ? 19 : nice;
    for (struct linux_process *each = NULL; (each = next_of(l, a, each));) {
        r = r == -ESRCH ? 0 : r;
        if (nice < each->nice)
            r = -EACCES;
        else
            each->nice = (int32_t)nice;
    }
    return r;
}

/* Adds to the process's own; -EPERM instead of setpriority's -EACCES. */
int64_t sys_nice(struct linux_process *l, const uint64_t *a)
{
    int64_t add = (int64_t)a[0] < -40 ? -40 : (int64_t)a[0] > 40 ? 40 : (int64_t)a[0];
    int64_t r = sys_setpriority(l, (uint64_t[]){0, 0, (uint64_t)(l->nice + add)});
    return r == -EACCES ? -EPERM : r;
}

/* Class and level of disk scheduling, of threads (1), groups (2) or users (3). */
int64_t sys_ioprio_set(struct linux_process *l, const uint64_t *a)
{
    enum { REAL_TIME = 1, BEST_EFFORT, IDLE };
    uint64_t class = a[2] >> 13, level = a[2] & 7;
    if (class > IDLE || (class == 0 && level) || a[0] < 1 || a[0] > 3)
        return -EINVAL;
    if (class == REAL_TIME && l->config.keys->uid != 0)
        return -EPERM;
    bool found = false;
    for (uint32_t n = 0; n < l->kernel->threads.count; n++) {
        struct thread *t = l->kernel->threads.all[n];
        uint32_t group = a[1] ? (uint32_t)a[1] : l->group;
        bool meant = a[0] == 1   ? t == thread_of(l, a[1])
                     : a[0] == 2 ? t->process->group == group
                                 : !a[1] || a[1] == l->config.keys->uid;
        if (!meant || t->ended)
            continue;
        t->io_priority = (uint32_t)a[2];
        found = true;
    }
    return found ? 0 : -ESRCH;
}

/* Of one thread; groups and users are asked by nobody. */
int64_t sys_ioprio_get(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = thread_of(l, a[0] == 1 ? a[1] : 0);
    return a[0] < 1 || a[0] > 3 ? -EINVAL : t ? (int64_t)t->io_priority : -ESRCH;
}
