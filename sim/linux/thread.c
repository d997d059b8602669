#include "sim/linux/thread.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/err.h"
#include "sim/linux/internal.h"

/* Children have all of it, but real time where that was asked for. */
static void inherit_scheduling(struct thread *t, const struct thread *from)
{
    t->affinity = from ? from->affinity : UINT64_MAX;
    t->io_priority = from ? from->io_priority : 0;
    t->memory_policy = from ? from->memory_policy : 0;
    t->memory_nodes = from ? from->memory_nodes : 0;
    if (!from || (from->policy & SCHED_RESET && from->priority))
        return;
    t->policy = from->policy & ~SCHED_RESET;
    t->priority = from->priority;
}

static struct thread *thread_add(struct linux_process *l)
{
    struct threads *g = &l->kernel->threads;
    if (g->count == g->room) {
        g->room = g->room ? g->room * 2 : 8;
        g->all = xrealloc(g->all, g->room * sizeof *g->all);
    }
    struct thread *t = xcalloc(1, sizeof *t);
    t->tid = g->next_tid++;
    t->process = l;
    inherit_scheduling(t, g->current);
    t->alt = (struct signal_stack){.flags = SS_FLAG_DISABLE};
    g->all[g->count++] = t;
    g->alive++;
    l->threads_alive++;
    return t;
}

void thread_save(struct linux_process *l, struct thread *t)
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
void thread_load(struct linux_process *l, const struct thread *t)
{
    memcpy(l->cpu, t->registers, THREAD_REGISTERS);
    l->cpu->reservation.valid = false;
    l->cpu->fp_exceptions_enabled = t->fp_exceptions_enabled;
    thread_load_signals(l, t);
}

void thread_load_signals(struct linux_process *l, const struct thread *t)
{
    l->fp_exceptions = t->fp_exceptions;
    l->signals.blocked = t->blocked;
    l->signals.saved_mask = t->saved_mask;
    l->signals.has_saved_mask = t->has_saved_mask;
    l->signals.alt = t->alt;
}

/* The running thread may be another process's: l has its parent's state then. */
static struct thread *copy_running(struct linux_process *l)
{
    struct threads *g = &l->kernel->threads;
    if (g->alive == THREADS_MAX)
        return NULL;
    if (g->alive == 1) /* time slices begin */
        g->slice_end_ns = time_now_ns(l) + l->config.time_slice_ns;
    struct thread *t = thread_add(l);
    thread_save(l, t);
    if (g->current)
        memcpy(t->name, g->current->name, sizeof t->name);
    return t;
}

struct thread *thread_create(struct linux_process *l)
{
    struct thread *t = copy_running(l);
    if (t)
        t->alt = (struct signal_stack){.flags = SS_FLAG_DISABLE};
    return t;
}

struct thread *thread_create_leader(struct linux_process *l)
{
    l->leader = copy_running(l);
    if (l->leader)
        l->pid = l->leader->tid;
    return l->leader;
}

void thread_wait_clear(struct thread *t)
{
    free(t->wait.fds);
    if (t->wait.held_fd)
        close(t->wait.held_fd);
    t->wait = (struct thread_wait){0};
}

static void thread_free(struct thread *t)
{
    thread_wait_clear(t);
    free(t);
}

void threads_free(struct kernel *k)
{
    for (uint32_t n = 0; n < k->threads.count; n++)
        thread_free(k->threads.all[n]);
    free(k->threads.all);
}

/* A process keeps its first thread to the end: it has the name. */
void threads_remove_ended(struct kernel *k)
{
    struct threads *g = &k->threads;
    uint32_t kept = 0;
    for (uint32_t n = 0; n < g->count; n++) {
        struct thread *t = g->all[n];
        bool needed = !t->ended || t->runs ||
                      (t == t->process->leader && t->process->state != TASK_GONE);
        if (needed)
            g->all[kept++] = t;
        else
            thread_free(t);
    }
    g->count = kept;
}

struct thread *thread_find_any(const struct kernel *k, uint64_t tid)
{
    for (uint32_t n = 0; n < k->threads.count; n++)
        if (k->threads.all[n]->tid == tid && !k->threads.all[n]->ended)
            return k->threads.all[n];
    return NULL;
}

struct thread *thread_find(const struct linux_process *l, uint64_t tid)
{
    struct thread *t = thread_find_any(l->kernel, tid);
    return t && t->process == l ? t : NULL;
}

static void end_one(struct thread *t)
{
    futex_thread_ends(t);
    t->ended = true;
    t->process->threads_alive--;
    t->process->kernel->threads.alive--;
    signals_forget_thread(t->process, t->tid);
}

void thread_exit(struct linux_process *l, int status)
{
    end_one(thread_running(l));
    if (l->threads_alive == 0)
        task_end(l, TASK_EXITED(status)); /* the last word counts, as from Linux 5.18 on */
}

void threads_end_others(struct linux_process *l, const struct thread *but)
{
    struct threads *g = &l->kernel->threads;
    for (uint32_t n = 0; n < g->count; n++)
        if (g->all[n]->process == l && !g->all[n]->ended && g->all[n] != but)
            end_one(g->all[n]);
}
