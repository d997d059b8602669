/* Whose turn it is, and what happens when nobody can go on. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/base/log.h"
#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"

#define HOST_LOOK_MS 1  /* between tries of calls that no descriptor tells about */
#define NS_PER_MS     UINT64_C(1000000)
#define HOST_GRACE_MS 20 /* for the other ends of sockets, before simulated time goes by */

/* A wait that was begun with others is ended in the same way. What the first process leaves behind
 * must not hold up the end of the run. */
bool threads_share(const struct linux_process *l)
{
    const struct kernel *k = l->kernel;
    return k->threads.alive > 1 || k->threads.is_retry || k->first->state != TASK_ALIVE ||
           k->has_sockets || k->fd_objects;
}

bool thread_wait_until(struct linux_process *l, uint64_t until_ns)
{
    struct threads *g = &l->kernel->threads;
    struct thread_wait *w = &g->current->wait;
    timers_check(l);
    if (!g->is_retry)
        w->until_ns = until_ns;
    if (signal_waits(l) || w->woken || time_monotonic_ns(l) >= w->until_ns)
        return true;
    g->must_wait = true;
    return false;
}

void thread_wait_on(struct linux_process *l, const struct pollfd *fds, uint32_t count)
{
    struct thread_wait *w = &thread_running(l)->wait;
    w->on_host = true;
    w->fds = xrealloc(w->fds, (count + 1) * sizeof *fds);
    if (count)
        memcpy(w->fds, fds, count * sizeof *fds);
    w->fd_count = count;
}

int64_t thread_wait_for_host(struct linux_process *l, int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};
    if (!threads_share(l) || poll(&p, 1, 0) != 0)
        return 0;
    /* What is not open for this will never be ready: the host refuses it at once. */
    int flags = fcntl(fd, F_GETFL);
    if (flags & O_NONBLOCK || (flags & O_ACCMODE) == (events & POLLOUT ? O_RDONLY : O_WRONLY))
        return 0;
    thread_wait_on(l, &p, 1);
    thread_wait_until(l, WAIT_FOR_EVER);
    return CALL_RESTART;
}

/* Asks the host once, until anything else has run. */
static bool host_is_ready(struct thread_wait *w)
{
    if (!w->on_host || w->looked)
        return false;
    w->looked = true;
    return !w->fd_count || poll(w->fds, w->fd_count, 0) != 0;
}

/* Not by those that run on other cores. */
static bool is_runnable(const struct kernel *k, const struct thread *t)
{
    return !t->ended && !t->process->stopped && (!t->runs || t == k->threads.current);
}

static bool is_ready(const struct kernel *k, struct thread *t)
{
    struct thread_wait *w = &t->wait;
    if (!is_runnable(k, t))
        return false;
    if (!t->waiting || w->woken)
        return true;
    if (w->vfork_child)
        return false;
    return time_monotonic_ns(k->first) >= w->until_ns || signal_waits_for(t->process, t) ||
           host_is_ready(w);
}

static uint32_t index_of_current(const struct threads *g)
{
    uint32_t n = 0;
    while (g->current && g->all[n] != g->current)
        n++;
    return n;
}

/* The next one in turn that can go on here, the running one last; NULL when none can. */
static struct thread *next_ready(const struct kernel *k)
{
    const struct threads *g = &k->threads;
    uint32_t from = index_of_current(g);
    for (uint32_t n = 1; n <= g->count; n++) {
        struct thread *t = g->all[(from + n) % g->count];
        if (core_suits(k, t, k->cores.active) && is_ready(k, t))
            return t;
    }
    return NULL;
}

/* Is there one that can go on, but not here? */
static bool is_ready_elsewhere(const struct kernel *k)
{
    for (uint32_t n = 0; n < k->threads.count; n++)
        if (!core_suits(k, k->threads.all[n], k->cores.active) && is_ready(k, k->threads.all[n]))
            return true;
    return false;
}

/* Descriptors are looked at again when something has happened that may have changed them. */
static void look_again(struct kernel *k)
{
    fd_objects_update(k);
    for (uint32_t n = 0; n < k->threads.count; n++)
        k->threads.all[n]->wait.looked = false;
}

static struct pollfd *all_descriptors(const struct kernel *k, uint32_t *count, bool *trying);

/* Sockets may have their other ends outside, and the host may be late with what it carries within:
 * it gets as much of its time as would go by here, up to a limit. */
static bool host_answers(struct kernel *k, uint64_t ns)
{
    uint32_t count = 0;
    bool trying = false;
    if (!k->has_sockets || !ns)
        return false;
    struct pollfd *fds = all_descriptors(k, &count, &trying);
    int ms = (int)min_u64((ns + NS_PER_MS - 1) / NS_PER_MS, HOST_GRACE_MS);
    bool answers = count && poll(fds, count, trying ? HOST_LOOK_MS : ms) > 0;
    free(fds);
    return answers;
}

/* A call that waits once more may have done part of its work: before time goes by. */
static void look_at_descriptors_again(struct kernel *k)
{
    for (uint32_t n = 0; n < k->threads.count; n++)
        if (k->threads.all[n]->wait.fd_count)
            k->threads.all[n]->wait.looked = false;
}

/* Nobody can go on: time goes by, up to the first moment at which somebody can. False: only the
 * host can end this. */
static bool idle(struct kernel *k)
{
    uint64_t until = timers_next_wake(k), now = time_monotonic_ns(k->first);
    for (uint32_t n = 0; n < k->threads.count; n++)
        if (is_runnable(k, k->threads.all[n]))
            until = min_u64(until, k->threads.all[n]->wait.until_ns);
    if (until == WAIT_FOR_EVER)
        return false;
    if (!host_answers(k, until - min_u64(until, now)))
        k->slept_ns += until - min_u64(until, now);
    timers_check(k->first);
    look_again(k);
    return true;
}

/* All descriptors that somebody waits for; *trying when there are calls that can only be tried
 * again. To be freed. */
static struct pollfd *all_descriptors(const struct kernel *k, uint32_t *count, bool *trying)
{
    struct pollfd *fds = NULL;
    *count = 0;
    for (uint32_t n = 0; n < k->threads.count; n++) {
        const struct thread *t = k->threads.all[n];
        if (!is_runnable(k, t) || !t->wait.on_host)
            continue;
        *trying = *trying || !t->wait.fd_count;
        fds = xrealloc(fds, (*count + t->wait.fd_count + 1) * sizeof *fds);
        memcpy(fds + *count, t->wait.fds, t->wait.fd_count * sizeof *fds);
        *count += t->wait.fd_count;
    }
    return fds;
}

static void warn_of_deadlock(struct kernel *k)
{
    if (!k->threads.warned)
        log_warn("deadlock: each of the program's %u threads waits for ever", k->threads.alive);
    k->threads.warned = true;
}

/* Somebody outside may write to a descriptor, or end the simulator. Without descriptors only the
 * latter is left: the guest has deadlocked. Whoever is returned looks for himself; NULL: what the
 * first process has left behind has come to rest. */
static struct thread *wait_for_host(struct kernel *k)
{
    uint32_t count, n = 0;
    bool trying = false;
    if (k->first->state != TASK_ALIVE) {
        tasks_end_orphans(k);
        return NULL;
    }
    struct pollfd *fds = all_descriptors(k, &count, &trying);
    if (fds) {
        poll(fds, count, trying ? HOST_LOOK_MS : -1);
    } else {
        warn_of_deadlock(k);
        pause();
    }
    free(fds);
    look_again(k);
    struct thread *ready = next_ready(k);
    while (!ready && !is_runnable(k, k->threads.all[n]))
        n++; /* the first process never stops */
    return ready ? ready : k->threads.all[n];
}

static void switch_to(struct kernel *k, struct thread *t)
{
    struct threads *g = &k->threads;
    struct linux_process *from = g->current ? g->current->process : NULL, *to = t->process;
    uint64_t now = time_now_ns(to);
    to->cpu = k->cpu;
    if (t != g->current) {
        if (g->current)
            g->current->runs = false;
        thread_load(to, t);
        g->current = t;
        t->runs = true;
    }
    if (from != to) {
        if (from)
            from->cpu_ns += now - k->turn_began_ns;
        k->turn_began_ns = now;
        space_enter(to);
    }
    threads_remove_ended(k);
    tasks_remove_gone(k);
    g->slice_end_ns = now + to->config.time_slice_ns;
}

/* In front of the `sc` again, which has not been carried out and does not count. */
static void set_aside(struct linux_process *l)
{
    struct thread *t = thread_running(l);
    l->cpu->nia = (l->cpu->nia - 4) & l->cpu->ea_mask;
    l->cpu->gpr[3] = l->syscall_r3;
    l->cpu->icount--;
    t->waiting = true;
    t->wait.looked = true;
}

bool thread_take_ready(struct kernel *k)
{
    struct thread *t = next_ready(k);
    if (t)
        switch_to(k, t);
    return t;
}

/* No thread can go on here: time goes by until one can, unless another core runs or can run one. */
static struct thread *wait_for_ready(struct kernel *k)
{
    struct thread *next;
    if (cores_others_run(k))
        return NULL;
    look_at_descriptors_again(k);
    while (!(next = next_ready(k)) && !is_ready_elsewhere(k) && idle(k)) {
    }
    return next || is_ready_elsewhere(k) ? next : wait_for_host(k);
}

bool thread_schedule(struct kernel *k)
{
    struct threads *g = &k->threads;
    struct thread *next, *old = g->current;
    struct linux_process *l = old->process;
    bool slice_over = g->alive > 1 && time_now_ns(l) >= g->slice_end_ns;
    if (k->over ||
        !(g->must_wait || g->gives_way || old->ended || l->stopped || slice_over ||
          !core_suits(k, old, k->cores.active)))
        return false;
    if (!g->must_wait || !g->is_retry) /* a call that is tried in vain changes nothing */
        look_again(k);
    if (g->must_wait)
        set_aside(l);
    g->must_wait = g->gives_way = false;
    if (!old->ended)
        thread_save(l, old); /* is_ready asks for its signals */
    if (!(next = next_ready(k)))
        next = wait_for_ready(k);
    if (next)
        switch_to(k, next);
    else if (!k->over && k->cores.used > 1)
        core_idle(k);
    return next;
}
