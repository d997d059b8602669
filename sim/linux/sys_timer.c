/* Timers that send signals: the three interval timers and those of timer_create, in one array. Each
 * runs on the monotonic clock or on processor time; deadlines on the real clock are converted, as
 * the two keep their distance. */
#include <errno.h>

#include "sim/base/bits.h"
#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"

enum { GUEST_ITIMER_REAL, GUEST_ITIMER_VIRTUAL, GUEST_ITIMER_PROF };
enum { NOTIFY_SIGNAL = 0, NOTIFY_NONE = 1, NOTIFY_THREAD_ID = 4 };
#define GUEST_TIMER_ABSTIME 1

void timers_init(struct linux_process *l)
{
    static const uint32_t signo[ITIMERS] = {GUEST_SIGALRM, GUEST_SIGVTALRM, GUEST_SIGPROF};
    for (uint32_t n = 0; n < ITIMERS; n++)
        l->timers[n] = (struct guest_timer){.used = true,
                                            .on_cpu_time = n != GUEST_ITIMER_REAL,
                                            .signal = {.signo = signo[n], .code = CODE_KERNEL}};
}

static uint64_t timer_now(const struct linux_process *l, const struct guest_timer *t)
{
    return t->on_cpu_time ? time_cpu_ns(l) : time_monotonic_ns(l);
}

/* Periods that have gone by are one signal; how many more there were is the overrun. */
static void timer_fire(struct linux_process *l, struct guest_timer *t, uint64_t now)
{
    uint64_t late = now - t->deadline_ns;
    t->overrun = t->interval_ns ? (uint32_t)min_u64(late / t->interval_ns, INT32_MAX) : 0;
    t->deadline_ns = t->interval_ns ? now + t->interval_ns - late % t->interval_ns : 0;
    if (t->signal.code == CODE_TIMER)
        t->signal.uid = t->overrun; /* si_overrun has that place */
    if (t->signal.signo)
        signal_send(l, t->signal);
}

static void check_one(struct linux_process *l)
{
    for (uint32_t n = 0; n < TIMERS; n++) {
        struct guest_timer *t = &l->timers[n];
        uint64_t now = t->deadline_ns ? timer_now(l, t) : 0;
        if (t->deadline_ns && now >= t->deadline_ns)
            timer_fire(l, t, now);
    }
}

void timers_check(struct linux_process *l)
{
    for (struct linux_process *each = NULL; (each = task_next(l->kernel, 0, each));)
        check_one(each);
}

uint64_t timers_next_wake(const struct kernel *k)
{
    uint64_t next = fd_objects_next_wake(k);
    for (const struct linux_process *l = NULL; (l = task_next(k, 0, l));)
        for (uint32_t n = 0; n < TIMERS; n++)
            if (l->timers[n].deadline_ns && !l->timers[n].on_cpu_time)
                next = min_u64(next, l->timers[n].deadline_ns);
    return next;
}

/* In terms of now_ns, if nobody else runs until then. */
static uint64_t deadline_now(const struct linux_process *l, const struct guest_timer *t)
{
    const struct kernel *k = l->kernel;
    uint64_t offset = UPTIME_NS + k->slept_ns;
    if (!t->deadline_ns)
        return TIMER_NEVER;
    if (!t->on_cpu_time)
        return max_u64(t->deadline_ns, offset) - offset;
    if (!cores_run(k, l))
        return TIMER_NEVER;
    return cores_turn_began_ns(k, l) + max_u64(t->deadline_ns, l->cpu_ns) - l->cpu_ns;
}

/* When a thread that waits can go on because its time has come, if a core is idle. */
static uint64_t next_waiter(const struct kernel *k)
{
    uint64_t offset = UPTIME_NS + k->slept_ns, next = TIMER_NEVER;
    bool is_idle = false;
    for (uint32_t n = 0; n < k->cores.used; n++)
        is_idle |= !core_thread(k, n);
    for (uint32_t n = 0; is_idle && n < k->threads.count; n++) {
        const struct thread *t = k->threads.all[n];
        if (!t->ended && t->waiting && t->wait.until_ns != WAIT_FOR_EVER)
            next = min_u64(next, max_u64(t->wait.until_ns, offset) - offset);
    }
    return next;
}

uint64_t linux_core_deadline_ns(const struct linux_process *first, uint32_t core)
{
    const struct kernel *k = first->kernel;
    bool is_active = core == k->cores.active;
    uint64_t slice_end = is_active ? k->threads.slice_end_ns : k->cores.core[core].slice_end_ns;
    uint64_t next = k->threads.alive > 1 ? slice_end : TIMER_NEVER;
    if (k->cores.used > 1)
        next = min_u64(next, next_waiter(k));
    for (const struct linux_process *l = NULL; (l = task_next(k, 0, l));)
        for (uint32_t n = 0; n < TIMERS; n++)
            next = min_u64(next, deadline_now(l, &l->timers[n]));
    return next;
}

uint64_t linux_next_deadline_ns(const struct linux_process *first)
{
    return linux_core_deadline_ns(first, first->kernel->cores.active);
}

static uint64_t timer_left(const struct linux_process *l, const struct guest_timer *t)
{
    uint64_t now = timer_now(l, t);
    return !t->deadline_ns ? 0 : t->deadline_ns > now ? t->deadline_ns - now : 1000; /* not off */
}

static void timer_start(struct linux_process *l, struct guest_timer *t, uint64_t ns,
                        uint64_t interval_ns)
{
    t->deadline_ns = ns ? timer_now(l, t) + ns : 0;
    t->interval_ns = interval_ns;
}

static bool put_itimer(struct linux_process *l, uint64_t ea, const struct guest_timer *t)
{
    uint32_t half = l->image.is_64bit ? 16 : 8;
    return time_put_timeval(l, ea, t->interval_ns) &&
           time_put_timeval(l, ea + half, timer_left(l, t));
}

int64_t sys_getitimer(struct linux_process *l, const uint64_t *a)
{
    if (a[0] >= ITIMERS)
        return -EINVAL;
    return put_itimer(l, a[1], &l->timers[a[0]]) ? 0 : -EFAULT;
}

int64_t sys_setitimer(struct linux_process *l, const uint64_t *a)
{
    uint64_t v[4] = {0};
    struct wire w;
    if (a[1]) {
        if (!wire_load(&w, l, a[1], l->image.is_64bit ? 32 : 16))
            return -EFAULT;
        for (uint32_t n = 0; n < 4; n++)
            v[n] = wire_get_long(&w);
    }
    if (a[0] >= ITIMERS || v[0] > UINT32_MAX || v[2] > UINT32_MAX || v[1] > 999999 || v[3] > 999999)
        return -EINVAL;
    if (a[2] && !put_itimer(l, a[2], &l->timers[a[0]]))
        return -EFAULT;
    timer_start(l, &l->timers[a[0]], v[2] * NS_PER_SECOND + v[3] * 1000,
                v[0] * NS_PER_SECOND + v[1] * 1000);
    return 0;
}

/* Whole seconds: rounded, but never down to "no alarm". */
int64_t sys_alarm(struct linux_process *l, const uint64_t *a)
{
    struct guest_timer *t = &l->timers[GUEST_ITIMER_REAL];
    uint64_t left = timer_left(l, t), seconds = (left + NS_PER_SECOND / 2) / NS_PER_SECOND;
    timer_start(l, t, a[0] * NS_PER_SECOND, 0);
    return (int64_t)(left ? max_u64(seconds, 1) : 0);
}

/* struct sigevent: value, signo, notify. Without one: SIGALRM with the timer's number as its
 * value. */
static int64_t get_event(struct linux_process *l, uint64_t ea, struct signal_info *signal)
{
    struct wire w;
    if (!ea) {
        signal->signo = GUEST_SIGALRM;
        signal->value = signal->pid;
        return 0;
    }
    if (!wire_load(&w, l, ea, 64))
        return -EFAULT;
    signal->value = wire_get_long(&w);
    signal->signo = (uint32_t)wire_get(&w, 4);
    uint64_t notify = wire_get(&w, 4);
    if (notify == NOTIFY_NONE) {
        signal->signo = 0;
        return 0;
    }
    if (notify == NOTIFY_THREAD_ID) {
        signal->tid = (uint32_t)wire_get(&w, 4);
        if (!thread_find(l, signal->tid))
            return -EINVAL;
    }
    if (notify != NOTIFY_SIGNAL && notify != NOTIFY_THREAD_ID)
        return -EINVAL;
    return signal->signo >= 1 && signal->signo <= SIGNALS ? 0 : -EINVAL;
}

int64_t sys_timer_create(struct linux_process *l, const uint64_t *a)
{
    uint64_t now, n = ITIMERS;
    if (!time_read_clock(l, a[0], &now))
        return -EINVAL;
    while (n < TIMERS && l->timers[n].used)
        n++;
    if (n == TIMERS)
        return -EAGAIN;
    struct guest_timer t = {.used = true};
    t.on_cpu_time = (int64_t)a[0] < 0 || a[0] == 2 || a[0] == 3; /* processes', threads' clocks */
    t.clock_offset_ns = now - timer_now(l, &t);
    t.signal = (struct signal_info){.code = CODE_TIMER, .pid = (uint32_t)(n - ITIMERS)};
    int64_t r = get_event(l, a[1], &t.signal);
    if (r < 0)
        return r;
    if (!guest_write_u32(l, a[2], t.signal.pid))
        return -EFAULT;
    l->timers[n] = t;
    return 0;
}

/* The timer that the guest calls `id`; NULL when there is none. */
static struct guest_timer *timer_find(struct linux_process *l, uint64_t id)
{
    return id < TIMERS - ITIMERS && l->timers[ITIMERS + id].used ? &l->timers[ITIMERS + id] : NULL;
}

static bool put_itimerspec(struct linux_process *l, uint64_t ea, const struct guest_timer *t)
{
    uint32_t half = time_spec_bytes(l);
    return time_put_timespec(l, ea, t->interval_ns) &&
           time_put_timespec(l, ea + half, timer_left(l, t));
}

int64_t sys_timer_settime(struct linux_process *l, const uint64_t *a)
{
    struct guest_timer *t = timer_find(l, a[0]);
    uint64_t interval, value, half = time_spec_bytes(l);
    int64_t error;
    if (!a[2] || !t)
        return -EINVAL;
    if (!time_get_timespec(l, a[2], &interval, &error) ||
        !time_get_timespec(l, a[2] + half, &value, &error))
        return error;
    struct guest_timer old = *t;
    timer_start(l, t, value, interval);
    if (value && a[1] & GUEST_TIMER_ABSTIME) /* what is past is due at once */
        t->deadline_ns = value > t->clock_offset_ns ? value - t->clock_offset_ns : 1;
    return a[3] && !put_itimerspec(l, a[3], &old) ? -EFAULT : 0;
}

int64_t sys_timer_gettime(struct linux_process *l, const uint64_t *a)
{
    const struct guest_timer *t = timer_find(l, a[0]);
    if (!t)
        return -EINVAL;
    return put_itimerspec(l, a[1], t) ? 0 : -EFAULT;
}

int64_t sys_timer_getoverrun(struct linux_process *l, const uint64_t *a)
{
    const struct guest_timer *t = timer_find(l, a[0]);
    return t ? (int64_t)t->overrun : -EINVAL;
}

int64_t sys_timer_delete(struct linux_process *l, const uint64_t *a)
{
    struct guest_timer *t = timer_find(l, a[0]);
    if (!t)
        return -EINVAL;
    *t = (struct guest_timer){0};
    return 0;
}
