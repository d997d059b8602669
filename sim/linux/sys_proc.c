/* The process itself: users, limits, accounting, scheduling on one processor. */
#include <errno.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"

/* Calls that answer a number. */
#define ANSWER(name, value)                                                                        \
    int64_t sys_##name(struct linux_process *l, const uint64_t *a)                                 \
    {                                                                                              \
        (void)l, (void)a;                                                                          \
        return (value);                                                                            \
    }
ANSWER(getuid, l->config.keys->uid)
ANSWER(geteuid, l->config.keys->uid)
ANSWER(setfsuid, l->config.keys->uid) /* the old one, which it is still */
ANSWER(setfsgid, l->config.keys->gid)
ANSWER(getgid, l->config.keys->gid)
ANSWER(getegid, l->config.keys->gid)
ANSWER(rseq, -ENOSYS) /* as a kernel without it: every program asks, none needs it */
#undef ANSWER

static int64_t put_three(struct linux_process *l, const uint64_t *a, uint32_t id)
{
    for (uint32_t n = 0; n < 3; n++)
        if (!guest_write_u32(l, a[n], id))
            return -EFAULT;
    return 0;
}

int64_t sys_getresuid(struct linux_process *l, const uint64_t *a)
{
    return put_three(l, a, l->config.keys->uid);
}

int64_t sys_getresgid(struct linux_process *l, const uint64_t *a)
{
    return put_three(l, a, l->config.keys->gid);
}

/* An unprivileged process may only set what it is already; -1 leaves as is. */
static int64_t set_ids(const uint64_t *a, uint32_t count, uint32_t own)
{
    for (uint32_t n = 0; n < count; n++)
        if (a[n] != own && (count == 1 || a[n] != UINT32_MAX))
            return own == 0 ? 0 : -EPERM;
    return 0;
}

#define SET_IDS(name, count, which)                                                                \
    int64_t sys_##name(struct linux_process *l, const uint64_t *a)                                 \
    {                                                                                              \
        return set_ids(a, count, l->config.keys->which);                                           \
    }
SET_IDS(setuid, 1, uid)
SET_IDS(setgid, 1, gid)
SET_IDS(setreuid, 2, uid)
SET_IDS(setregid, 2, gid)
SET_IDS(setresuid, 3, uid)
SET_IDS(setresgid, 3, gid)
#undef SET_IDS

/* No supplementary groups. */
int64_t sys_getgroups(struct linux_process *l, const uint64_t *a)
{
    (void)l;
    return (int64_t)a[0] < 0 ? -EINVAL : 0;
}

/* Limits of `bytes` each; in 32 bits all ones mean none, as in 64. */
static int64_t put_limit(struct linux_process *l, uint64_t ea, struct guest_limit limit,
                         uint32_t bytes)
{
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, bytes, min_u64(limit.soft, UINT64_MAX >> (64 - 8 * bytes)));
    wire_put(&w, bytes, min_u64(limit.hard, UINT64_MAX >> (64 - 8 * bytes)));
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

static uint64_t get_limit(struct wire *w, uint32_t bytes)
{
    uint64_t value = wire_get(w, bytes);
    return value == UINT64_MAX >> (64 - 8 * bytes) ? UINT64_MAX : value;
}

static uint32_t long_bytes(const struct linux_process *l) { return l->image.is_64bit ? 8 : 4; }

/* `of`: whose limit it is; the numbers are the caller's. */
static int64_t set_limit(struct linux_process *l, struct linux_process *of, uint64_t resource,
                         uint64_t ea, uint32_t bytes)
{
    struct guest_limit limit, *now = &of->limits[resource];
    struct wire w;
    if (!wire_load(&w, l, ea, 2 * bytes))
        return -EFAULT;
    limit.soft = get_limit(&w, bytes);
    limit.hard = get_limit(&w, bytes);
    if (limit.soft > limit.hard)
        return -EINVAL;
    if (limit.hard > now->hard)
        return -EPERM;
    *now = limit;
    if (resource == GUEST_RLIMIT_STACK)
        stack_set_limit(of, limit.soft);
    return 0;
}

int64_t sys_prlimit64(struct linux_process *l, const uint64_t *a)
{
    struct linux_process *of = task_named(l, a[0]);
    if (!of || of->state != TASK_ALIVE)
        return -ESRCH;
    if (a[1] >= RLIMITS)
        return -EINVAL;
    struct guest_limit old = of->limits[a[1]];
    int64_t r = a[2] ? set_limit(l, of, a[1], a[2], 8) : 0;
    return r == 0 && a[3] ? put_limit(l, a[3], old, 8) : r;
}

int64_t sys_getrlimit(struct linux_process *l, const uint64_t *a)
{
    return a[0] >= RLIMITS ? -EINVAL : put_limit(l, a[1], l->limits[a[0]], long_bytes(l));
}

int64_t sys_ugetrlimit(struct linux_process *l, const uint64_t *a) { return sys_getrlimit(l, a); }

int64_t sys_setrlimit(struct linux_process *l, const uint64_t *a)
{
    return a[0] >= RLIMITS ? -EINVAL : set_limit(l, l, a[0], a[1], long_bytes(l));
}

/* `own`: of the process itself, or of its children that were waited for. */
bool rusage_put(struct linux_process *l, uint64_t ea, uint64_t cpu_ns, bool own)
{
    struct wire w;
    wire_init(&w, l);
    wire_put_long(&w, cpu_ns / NS_PER_SECOND);
    wire_put_long(&w, cpu_ns % NS_PER_SECOND / 1000);
    wire_put_long(&w, 0); /* system time: the model's calls take none */
    wire_put_long(&w, 0);
    wire_put_long(&w, own ? phys_resident_bytes(l->mmu->phys) >> 10 : 0);
    for (uint32_t n = 0; n < 3; n++)
        wire_put_long(&w, 0);
    wire_put_long(&w, own ? process_pages_touched(l->process) : 0);
    for (uint32_t n = 0; n < 9; n++)
        wire_put_long(&w, 0);
    return wire_store(&w, l, ea);
}

int64_t sys_getrusage(struct linux_process *l, const uint64_t *a)
{
    enum { SELF = 0, CHILDREN = -1, THREAD = 1 };
    bool own = (int64_t)a[0] != CHILDREN;
    if ((int64_t)a[0] != SELF && (int64_t)a[0] != CHILDREN && (int64_t)a[0] != THREAD)
        return -EINVAL;
    return rusage_put(l, a[1], own ? time_cpu_ns(l) : l->children_cpu_ns, own) ? 0 : -EFAULT;
}

int64_t sys_times(struct linux_process *l, const uint64_t *a)
{
    const uint64_t tick = NS_PER_SECOND / CLOCK_TICKS;
    struct wire w;
    wire_init(&w, l);
    wire_put_long(&w, time_cpu_ns(l) / tick);
    wire_put_long(&w, 0);
    wire_put_long(&w, l->children_cpu_ns / tick);
    wire_put_long(&w, 0);
    if (a[0] && !wire_store(&w, l, a[0]))
        return -EFAULT;
    return (int64_t)(time_monotonic_ns(l) / tick);
}

int64_t sys_sysinfo(struct linux_process *l, const uint64_t *a)
{
    const uint64_t unit = l->image.is_64bit ? 1 : 4096; /* so that the numbers fit in a long */
    uint64_t used = min_u64(phys_resident_bytes(l->mmu->phys), GUEST_RAM_BYTES);
    struct wire w;
    wire_init(&w, l);
    wire_put_long(&w, time_monotonic_ns(l) / NS_PER_SECOND);
    for (uint32_t n = 0; n < 3; n++)
        wire_put_long(&w, 0); /* loads */
    wire_put_long(&w, GUEST_RAM_BYTES / unit);
    wire_put_long(&w, (GUEST_RAM_BYTES - used) / unit);
    for (uint32_t n = 0; n < 4; n++)
        wire_put_long(&w, 0); /* shared, buffers, swap */
    wire_put(&w, 2, l->kernel->threads.alive); /* procs */
    wire_put_long(&w, 0);
    wire_put_long(&w, 0);
    wire_put(&w, 4, unit);
    wire_zero(&w, l->image.is_64bit ? 4 : 8);
    return wire_store(&w, l, a[0]) ? 0 : -EFAULT;
}

int64_t sys_uname(struct linux_process *l, const uint64_t *a)
{
    enum { FIELD = 65 };
    const char *fields[] = {"Linux",       "simulated", GUEST_RELEASE,
                            GUEST_VERSION, "ppc64le",   "(none)"};
    struct wire w;
    if (!l->image.is_64bit)
        fields[4] = "ppc";
    else if (l->image.big_endian)
        fields[4] = "ppc64";
    wire_init(&w, l);
    for (uint32_t n = 0; n < ARRAY_LEN(fields); n++) {
        wire_put_bytes(&w, fields[n], (uint32_t)strlen(fields[n]));
        wire_zero(&w, (n + 1) * FIELD - w.used);
    }
    return wire_store(&w, l, a[0]) ? 0 : -EFAULT;
}

int64_t sys_personality(struct linux_process *l, const uint64_t *a)
{
    uint32_t old = l->personality;
    if (a[0] != UINT32_MAX)
        l->personality = (uint32_t)a[0];
    return old;
}

int64_t sys_getcpu(struct linux_process *l, const uint64_t *a)
{
    for (uint32_t n = 0; n < 2; n++)
        if (a[n] && !guest_write_u32(l, a[n], n ? 0 : l->kernel->cores.active))
            return -EFAULT;
    return 0;
}

/* No capability. */
int64_t sys_capget(struct linux_process *l, const uint64_t *a)
{
    const uint32_t v1 = 0x19980330, v2 = 0x20071026, v3 = 0x20080522;
    uint32_t version, pid;
    struct wire w;
    if (!guest_read_u32(l, a[0], &version) || !guest_read_u32(l, a[0] + 4, &pid))
        return -EFAULT;
    if (version != v1 && version != v2 && version != v3)
        return guest_write_u32(l, a[0], v3) ? (a[1] ? -EINVAL : 0) : -EFAULT;
    if (!task_named(l, pid))
        return -ESRCH;
    wire_init(&w, l);
    wire_zero(&w, version == v1 ? 12 : 24);
    return !a[1] || wire_store(&w, l, a[1]) ? 0 : -EFAULT;
}

/* Nobody has any capability, so all that can be set is none. */
int64_t sys_capset(struct linux_process *l, const uint64_t *a)
{
    const uint32_t v1 = 0x19980330, v2 = 0x20071026, v3 = 0x20080522;
    uint32_t version, pid;
    uint8_t sets[24] = {0};
    if (!guest_read_u32(l, a[0], &version) || !guest_read_u32(l, a[0] + 4, &pid))
        return -EFAULT;
    if (version != v1 && version != v2 && version != v3)
        return guest_write_u32(l, a[0], v3) ? -EINVAL : -EFAULT;
    if (pid && pid != thread_running(l)->tid)
        return -EPERM;
    if (!guest_read(l, a[1], sets, version == v1 ? 12 : 24))
        return -EFAULT;
    for (uint32_t n = 0; n < sizeof sets; n++)
        if (sets[n])
            return -EPERM;
    return 0;
}

int64_t sys_getrandom(struct linux_process *l, const uint64_t *a)
{
    uint64_t done = 0, want = min_u64(a[1], INT32_MAX);
    if (a[2] & ~UINT64_C(7) || (a[2] & 6) == 6)
        return -EINVAL;
    while (done < want) {
        uint64_t value = rng_next(&l->kernel->rng), part = min_u64(8, want - done);
        if (!guest_write(l, a[0] + done, &value, part))
            return done ? (int64_t)done : -EFAULT;
        done += part;
    }
    return (int64_t)done;
}

/* With one thread there is nothing to be ordered against: no command is offered. */
int64_t sys_membarrier(struct linux_process *l, const uint64_t *a)
{
    (void)l;
    return a[0] == 0 && a[1] == 0 ? 0 : -EINVAL;
}
