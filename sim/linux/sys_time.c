/* Clocks and sleeping, all in simulated time: the creator's clock plus what the
 * guest has slept. */
#include <errno.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/linux/internal.h"

enum guest_clock {
    CLOCK_REAL = 0, CLOCK_MONO = 1, CLOCK_PROCESS = 2, CLOCK_THREAD = 3, CLOCK_MONO_RAW = 4,
    CLOCK_REAL_COARSE = 5, CLOCK_MONO_COARSE = 6, CLOCK_BOOT = 7, CLOCK_TAI_ = 11,
};
#define GUEST_TIMER_ABSTIME 1

uint64_t time_now_ns(const struct linux_process *l) { return l->config.now_ns(l->config.ctx); }

uint64_t time_cpu_ns(const struct linux_process *l)
{
    return l->cpu_ns + (l->state == TASK_ALIVE ? cores_turns_ns(l) : 0);
}

uint64_t time_monotonic_ns(const struct linux_process *l)
{
    return UPTIME_NS + time_now_ns(l) + l->kernel->slept_ns;
}

uint64_t time_real_ns(const struct linux_process *l)
{
    return l->config.keys->epoch * NS_PER_SECOND + time_now_ns(l) + l->kernel->slept_ns;
}

/* Timers of processor time stand still while the guest sleeps. */
bool time_sleep_until(struct linux_process *l, uint64_t until_ns)
{
    if (threads_share(l))
        return thread_wait_until(l, until_ns) && !signal_waits(l);
    for (;;) {
        timers_check(l);
        uint64_t now = time_monotonic_ns(l);
        if (signal_waits(l))
            return false;
        if (now >= until_ns)
            return true;
        l->kernel->slept_ns += min_u64(timers_next_wake(l->kernel), until_ns) - now;
    }
}

bool time_wait_for_signal(struct linux_process *l, const char *what)
{
    if (threads_share(l))
        return thread_wait_until(l, WAIT_FOR_EVER);
    for (;;) {
        timers_check(l);
        uint64_t alarm = timers_next_wake(l->kernel);
        if (signal_waits(l))
            return true;
        if (alarm == TIMER_NEVER) {
            log_warn("the program waits for ever (%s)", what);
            pause(); /* as on a real machine; ends with a signal to the simulator */
            return false;
        }
        l->kernel->slept_ns += alarm - time_monotonic_ns(l);
    }
}

bool time_get_timespec(struct linux_process *l, uint64_t ea, uint64_t *ns, int64_t *error)
{
    struct wire w;
    *error = -EFAULT;
    if (!wire_load(&w, l, ea, time_spec_bytes(l)))
        return false;
    int64_t seconds = l->wide_time ? (int64_t)wire_get(&w, 8) : (int32_t)wire_get(&w, 4);
    uint64_t part = wire_get(&w, l->wide_time ? 8 : 4);
    if (!l->image.is_64bit)
        part = (uint32_t)part; /* Linux ignores what 32-bit programs leave in the upper half */
    *error = -EINVAL;
    if (seconds < 0 || part >= NS_PER_SECOND)
        return false;
    /* 2^63 ns are for ever. */
    *ns = (uint64_t)seconds < INT64_MAX / NS_PER_SECOND
              ? (uint64_t)seconds * NS_PER_SECOND + part
              : INT64_MAX;
    return true;
}

bool time_put_timespec(struct linux_process *l, uint64_t ea, uint64_t ns)
{
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, l->wide_time ? 8 : 4, ns / NS_PER_SECOND);
    wire_put(&w, l->wide_time ? 8 : 4, ns % NS_PER_SECOND);
    return wire_store(&w, l, ea);
}

bool time_put_timeval(struct linux_process *l, uint64_t ea, uint64_t ns)
{
    struct wire w;
    wire_init(&w, l);
    wire_put_long(&w, ns / NS_PER_SECOND);
    wire_put_long(&w, ns % NS_PER_SECOND / 1000);
    return wire_store(&w, l, ea);
}

bool time_read_clock(struct linux_process *l, uint64_t clock, uint64_t *ns)
{
    switch (clock) {
    case CLOCK_REAL:
    case CLOCK_REAL_COARSE:
    case CLOCK_TAI_:
        *ns = time_real_ns(l);
        return true;
    case CLOCK_MONO:
    case CLOCK_MONO_RAW:
    case CLOCK_MONO_COARSE:
    case CLOCK_BOOT:
        *ns = time_monotonic_ns(l);
        return true;
    case CLOCK_PROCESS:
    case CLOCK_THREAD:
        *ns = time_cpu_ns(l);
        return true;
    default:
        /* The encoded clocks of processes and threads: ~pid << 3 | kind. */
        if ((int64_t)clock >= 0)
            return false;
        struct linux_process *named = task_named(l, (uint64_t) ~((int64_t)clock >> 3));
        *ns = named ? time_cpu_ns(named) : 0;
        return named;
    }
}

int64_t sys_clock_gettime(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns;
    if (!time_read_clock(l, a[0], &ns))
        return -EINVAL;
    return time_put_timespec(l, a[1], ns) ? 0 : -EFAULT;
}

int64_t sys_clock_getres(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns;
    if (!time_read_clock(l, a[0], &ns))
        return -EINVAL;
    bool coarse = a[0] == CLOCK_REAL_COARSE || a[0] == CLOCK_MONO_COARSE;
    return !a[1] || time_put_timespec(l, a[1], coarse ? 4000000 : 1) ? 0 : -EFAULT;
}

int64_t sys_gettimeofday(struct linux_process *l, const uint64_t *a)
{
    if (a[0] && !time_put_timeval(l, a[0], time_real_ns(l)))
        return -EFAULT;
    return a[1] && !guest_write(l, a[1], &(uint64_t){0}, 8) ? -EFAULT : 0; /* UTC */
}

int64_t sys_time(struct linux_process *l, const uint64_t *a)
{
    uint64_t seconds = time_real_ns(l) / NS_PER_SECOND;
    return a[0] && !guest_write_long(l, a[0], seconds) ? -EFAULT : (int64_t)seconds;
}

/* An interrupted sleep is not made again: Linux restarts it with the rest only where no handler
 * ran, and here something that runs no handler does not interrupt. */
static int64_t sleep_for(struct linux_process *l, uint64_t ns, uint64_t rest_ea)
{
    uint64_t now = time_monotonic_ns(l), until = now + ns;
    if (time_sleep_until(l, until))
        return 0;
    now = time_monotonic_ns(l);
    until = l->kernel->threads.is_retry ? thread_running(l)->wait.until_ns : until;
    if (rest_ea && !l->kernel->threads.must_wait &&
        !time_put_timespec(l, rest_ea, until > now ? until - now : 0))
        return -EFAULT;
    return -EINTR;
}

int64_t sys_nanosleep(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns;
    int64_t error;
    return time_get_timespec(l, a[0], &ns, &error) ? sleep_for(l, ns, a[1]) : error;
}

int64_t sys_clock_nanosleep(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns, now;
    int64_t error;
    if (a[0] == CLOCK_THREAD || !time_read_clock(l, a[0], &now))
        return -EINVAL;
    if (!time_get_timespec(l, a[2], &ns, &error))
        return error;
    if (!(a[1] & GUEST_TIMER_ABSTIME))
        return sleep_for(l, ns, a[3]);
    if (ns <= now || time_sleep_until(l, time_monotonic_ns(l) + (ns - now)))
        return 0;
    return CALL_RESTART_NOHAND;
}

/* struct timex of a clock that nobody keeps in step with another one; its longs have 64 bits where
 * a struct timespec has. */
static bool put_timex(struct linux_process *l, uint64_t ea)
{
    enum { UNSYNCHRONISED = 0x40, MAX_ERROR_US = 16000000, TICK_US = 10000 };
    const uint64_t now = time_real_ns(l), tolerance = 500 << 16; /* parts of 2^16 in a million */
    const uint32_t word = l->wide_time ? 8 : 4;
    const uint64_t longs[] = {0, 0, MAX_ERROR_US, MAX_ERROR_US}; /* offset, freq, both errors */
    const uint64_t more[] = {2, 1, tolerance, now / NS_PER_SECOND, now % NS_PER_SECOND / 1000,
                             TICK_US, 0, 0}; /* from constant to jitter */
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, word, 0); /* modes */
    for (uint32_t n = 0; n < ARRAY_LEN(longs); n++)
        wire_put(&w, word, longs[n]);
    wire_put(&w, 4, UNSYNCHRONISED);
    for (uint32_t n = 0; n < ARRAY_LEN(more); n++)
        wire_put(&w, word, more[n]);
    wire_put(&w, 4, 0); /* shift */
    for (uint32_t n = 0; n < 5; n++)
        wire_put(&w, word, 0); /* of pulses per second */
    wire_zero(&w, 4 + 11 * 4); /* tai, and room */
    return wire_store(&w, l, ea);
}

/* Reading is for everybody. */
int64_t sys_adjtimex(struct linux_process *l, const uint64_t *a)
{
    enum { ONCE_READ = 0xa001, TIME_NOT_KEPT = 5 };
    uint32_t modes;
    if (!guest_read_u32(l, a[0], &modes))
        return -EFAULT;
    if (modes && modes != ONCE_READ)
        return -EPERM;
    return put_timex(l, a[0]) ? TIME_NOT_KEPT : -EFAULT;
}

int64_t sys_clock_adjtime(struct linux_process *l, const uint64_t *a)
{
    uint64_t ns;
    if (!time_read_clock(l, a[0], &ns))
        return -EINVAL;
    return a[0] == CLOCK_REAL ? sys_adjtimex(l, a + 1) : -EOPNOTSUPP;
}
