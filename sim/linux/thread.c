#include "sim/linux/thread.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/base/log.h"
#include "sim/linux/internal.h"

#define HOST_LOOK_MS 1 /* between looks at descriptors while nothing in the guest can go on */

static struct thread *thread_add(struct linux_process *l)
{
    struct threads *g = &l->threads;
    if (g->count == g->room) {
        g->room = g->room ? g->room * 2 : 8;
        g->all = xrealloc(g->all, g->room * sizeof *g->all);
    }
    struct thread *t = xcalloc(1, sizeof *t);
    t->tid = g->next_tid++;
    t->alt = (struct signal_stack){.flags = SS_FLAG_DISABLE};
    g->all[g->count++] = t;
    g->alive++;
    return t;
}

void threads_init(struct linux_process *l)
{
    l->threads.next_tid = GUEST_PID;
    l->threads.current = thread_add(l);
}

void threads_free(struct linux_process *l)
{
    for (uint32_t n = 0; n < l->threads.count; n++)
        free(l->threads.all[n]);
    free(l->threads.all);
}

struct thread *thread_find(const struct linux_process *l, uint64_t tid)
{
    for (uint32_t n = 0; n < l->threads.count; n++)
        if (l->threads.all[n]->tid == tid && !l->threads.all[n]->ended)
            return l->threads.all[n];
    return NULL;
}

static void save(struct linux_process *l, struct thread *t)
{
    memcpy(t->registers, l->cpu, THREAD_REGISTERS);
    t->fp_exceptions_enabled = l->cpu->fp_exceptions_enabled;
    t->fp_exceptions = l->fp_exceptions;
    t->blocked = l->signals.blocked;
    t->saved_mask = l->signals.saved_mask;
    t->has_saved_mask = l->signals.has_saved_mask;
    t->alt = l->signals.alt;
}

/* A reservation does not survive: another thread may have written there. */
static void load(struct linux_process *l, const struct thread *t)
{
    memcpy(l->cpu, t->registers, THREAD_REGISTERS);
    l->cpu->reservation.valid = false;
    l->cpu->fp_exceptions_enabled = t->fp_exceptions_enabled;
    l->fp_exceptions = t->fp_exceptions;
    l->signals.blocked = t->blocked;
    l->signals.saved_mask = t->saved_mask;
    l->signals.has_saved_mask = t->has_saved_mask;
    l->signals.alt = t->alt;
}

struct thread *thread_create(struct linux_process *l)
{
    if (l->threads.alive == THREADS_MAX)
        return NULL;
    if (l->threads.alive == 1) /* time slices begin */
        l->threads.slice_end_ns = l->config.now_ns(l->config.ctx) + l->config.time_slice_ns;
    struct thread *t = thread_add(l);
    save(l, t);
    t->alt = (struct signal_stack){.flags = SS_FLAG_DISABLE};
    memcpy(t->name, l->threads.current->name, sizeof t->name);
    return t;
}

static void remove_ended(struct linux_process *l)
{
    struct threads *g = &l->threads;
    uint32_t kept = 1;
    for (uint32_t n = 1; n < g->count; n++) {
        if (g->all[n]->ended && g->all[n] != g->current)
            free(g->all[n]);
        else
            g->all[kept++] = g->all[n];
    }
    g->count = kept;
}

void thread_exit(struct linux_process *l, int status)
{
    struct threads *g = &l->threads;
    struct thread *t = g->current;
    t->ended = true;
    signals_forget_thread(l, t->tid);
    if (--g->alive == 0)
        linux_exit(l, status); /* the last word counts, as from Linux 5.18 on */
}

bool threads_share(const struct linux_process *l)
{
    /* A wait that was begun with others is ended in the same way. */
    return l->threads.alive > 1 || l->threads.is_retry;
}

bool thread_wait_until(struct linux_process *l, uint64_t until_ns)
{
    struct threads *g = &l->threads;
    struct thread_wait *w = &g->current->wait;
    timers_check(l);
    if (!g->is_retry)
        w->until_ns = until_ns;
    if (signal_waits(l) || w->woken || time_monotonic_ns(l) >= w->until_ns)
        return true;
    g->must_wait = true;
    return false;
}

int64_t thread_wait_for_host(struct linux_process *l, int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};
    if (!threads_share(l) || poll(&p, 1, 0) != 0 || fcntl(fd, F_GETFL) & O_NONBLOCK)
        return 0;
    l->threads.current->wait.on_host = true;
    thread_wait_until(l, WAIT_FOR_EVER);
    return CALL_RESTART;
}

static bool is_ready(const struct linux_process *l, const struct thread *t)
{
    const struct thread_wait *w = &t->wait;
    if (t->ended)
        return false;
    return !t->waiting || w->woken || (w->on_host && !w->looked) ||
           time_monotonic_ns(l) >= w->until_ns || signal_waits_for(l, t);
}

static uint32_t index_of_current(const struct threads *g)
{
    uint32_t n = 0;
    while (g->all[n] != g->current)
        n++;
    return n;
}

/* The next one in turn that can go on, the running one last; NULL when none can. */
static struct thread *next_ready(const struct linux_process *l)
{
    const struct threads *g = &l->threads;
    uint32_t from = index_of_current(g);
    for (uint32_t n = 1; n <= g->count; n++) {
        struct thread *t = g->all[(from + n) % g->count];
        if (is_ready(l, t))
            return t;
    }
    return NULL;
}

/* Descriptors are looked at again when something has happened that may have changed them. */
static void look_again(struct linux_process *l)
{
    for (uint32_t n = 0; n < l->threads.count; n++)
        l->threads.all[n]->wait.looked = false;
}

/* Nobody can go on: time goes by, up to the first moment at which somebody can. False: only the
 * host can end this. */
static bool idle(struct linux_process *l)
{
    uint64_t until = timers_next_wake(l);
    for (uint32_t n = 0; n < l->threads.count; n++)
        if (!l->threads.all[n]->ended)
            until = min_u64(until, l->threads.all[n]->wait.until_ns);
    if (until == WAIT_FOR_EVER)
        return false;
    l->slept_ns += until - min_u64(until, time_monotonic_ns(l));
    timers_check(l);
    look_again(l);
    return true;
}

/* Somebody outside may write to a descriptor, or end the simulator. Without descriptors only the
 * latter is left: the guest has deadlocked. */
static struct thread *wait_for_host(struct linux_process *l)
{
    struct thread *alive = NULL;
    bool on_host = false;
    for (uint32_t n = 0; n < l->threads.count; n++) {
        struct thread *t = l->threads.all[n];
        if (t->ended)
            continue;
        alive = t;
        on_host = on_host || t->wait.on_host;
    }
    if (!on_host && !l->threads.warned) {
        log_warn("deadlock: each of the program's %u threads waits for ever", l->threads.alive);
        l->threads.warned = true;
    }
    if (on_host)
        poll(NULL, 0, HOST_LOOK_MS);
    else
        pause();
    look_again(l);
    return alive;
}

static void switch_to(struct linux_process *l, struct thread *t)
{
    struct threads *g = &l->threads;
    if (t != g->current) {
        if (!g->current->ended)
            save(l, g->current);
        load(l, t);
        g->current = t;
        remove_ended(l);
    }
    g->slice_end_ns = l->config.now_ns(l->config.ctx) + l->config.time_slice_ns;
}

/* In front of the `sc` again. */
static void set_aside(struct linux_process *l)
{
    struct thread *t = l->threads.current;
    l->cpu->nia = (l->cpu->nia - 4) & l->cpu->ea_mask;
    l->cpu->gpr[3] = l->syscall_r3;
    t->waiting = true;
    t->wait.looked = true;
}

void thread_schedule(struct linux_process *l)
{
    struct threads *g = &l->threads;
    bool slice_over = g->alive > 1 && l->config.now_ns(l->config.ctx) >= g->slice_end_ns;
    if (l->exited || !(g->must_wait || g->gives_way || g->current->ended || slice_over))
        return;
    if (g->must_wait)
        set_aside(l);
    else
        look_again(l);
    g->must_wait = g->gives_way = false;
    if (!g->current->ended)
        save(l, g->current); /* is_ready asks for its signals */
    struct thread *next;
    while (!(next = next_ready(l)) && idle(l)) {
    }
    switch_to(l, next ? next : wait_for_host(l));
}

uint64_t thread_slice_end(const struct linux_process *l)
{
    return l->threads.alive > 1 ? l->threads.slice_end_ns : UINT64_MAX;
}
