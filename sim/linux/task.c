#include "sim/linux/task.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/err.h"
#include "sim/base/log.h"
#include "sim/linux/internal.h"

void task_add(struct kernel *k, struct linux_process *l)
{
    if (k->task_count == k->task_room) {
        k->task_room = k->task_room ? k->task_room * 2 : 8;
        k->tasks = xrealloc(k->tasks, k->task_room * sizeof *k->tasks);
    }
    k->tasks[k->task_count++] = l;
    k->stats.processes++;
}

static void own_state(struct linux_process *c, struct linux_process *parent, bool shares_space)
{
    c->threads_alive = 0;
    c->exit_signal = GUEST_SIGCHLD;
    c->vfork_waiter = c->death_signal = c->stop_news = 0;
    c->adopts = c->continue_news = c->has_started_program = false;
    c->signals.queued = 0;
    c->signals.restart = 0;
    c->signals.has_saved_mask = false;
    c->cpu_ns = c->children_cpu_ns = 0;
    c->in_syscall = false;
    c->exe->users++;
    timers_init(c);
    fd_table_copy(&c->fds, &parent->fds);
    if (c->cwd_fd >= 0)
        c->cwd_fd = fcntl(c->cwd_fd, F_DUPFD_CLOEXEC, 3);
    if (shares_space)
        c->space->users++;
    else
        space_give(c, space_copy(c->kernel, parent->space));
}

struct linux_process *task_fork(struct linux_process *parent, bool shares_space)
{
    struct linux_process *c = xmalloc(sizeof *c);
    *c = *parent;
    c->parent = parent;
    if (!thread_create_leader(c)) {
        free(c);
        return NULL;
    }
    own_state(c, parent, shares_space);
    c->threads_alive = 1;
    task_add(c->kernel, c);
    return c;
}

struct linux_process *task_find(const struct kernel *k, uint64_t pid)
{
    for (uint32_t n = 0; n < k->task_count; n++)
        if (k->tasks[n]->pid == pid && k->tasks[n]->state != TASK_GONE)
            return k->tasks[n];
    return NULL;
}

struct linux_process *task_named(struct linux_process *l, uint64_t id)
{
    const struct thread *t = id ? thread_find_any(l->kernel, id) : thread_running(l);
    return t ? t->process : task_find(l->kernel, id);
}

struct linux_process *task_next(const struct kernel *k, uint32_t group,
                                const struct linux_process *after)
{
    bool passed = !after;
    for (uint32_t n = 0; n < k->task_count; n++) {
        struct linux_process *l = k->tasks[n];
        if (passed && l->state != TASK_GONE && (!group || l->group == group))
            return l;
        passed = passed || l == after;
    }
    return NULL;
}

/* Threads of the parent that wait for a child look again. */
static void wake_waits(struct linux_process *parent)
{
    struct threads *g = &parent->kernel->threads;
    for (uint32_t n = 0; n < g->count; n++)
        if (g->all[n]->process == parent && g->all[n]->wait.for_child)
            g->all[n]->wait.woken = true;
}

static void tell_parent(struct linux_process *l, uint32_t signo, int32_t code, uint32_t status)
{
    if (!l->parent || l->parent->state != TASK_ALIVE)
        return;
    if (signo)
        signal_send(l->parent, (struct signal_info){.signo = signo,
                                                    .code = code,
                                                    .pid = l->pid,
                                                    .uid = l->config.keys->uid,
                                                    .value = status});
    wake_waits(l->parent);
}

/* Nobody will ask how it ended. */
static bool is_unwanted(const struct linux_process *l)
{
    if (!l->parent || l->parent->state != TASK_ALIVE)
        return true;
    const struct signal_action *a = &l->parent->signals.action[GUEST_SIGCHLD];
    return l->exit_signal == GUEST_SIGCHLD &&
           (a->handler == GUEST_SIG_IGN || a->flags & SA_FLAG_NOCLDWAIT);
}

static void tell_of_end(struct linux_process *l)
{
    bool killed = l->end_status & 127;
    tell_parent(l, l->exit_signal, killed ? CODE_CLD_KILLED : CODE_CLD_EXITED,
                killed ? l->end_status & 127 : l->end_status >> 8);
    if (is_unwanted(l) && l != l->kernel->first)
        l->state = TASK_GONE;
}

/* Who takes care of its children from now on. */
static struct linux_process *adopter(const struct linux_process *l)
{
    struct linux_process *p = l->parent;
    while (p && !(p->adopts && p->state == TASK_ALIVE))
        p = p->parent;
    return p;
}

static void leave_children(struct linux_process *l)
{
    struct kernel *k = l->kernel;
    for (uint32_t n = 0; n < k->task_count; n++) {
        struct linux_process *c = k->tasks[n];
        if (c->parent != l)
            continue;
        c->parent = adopter(l);
        if (c->state == TASK_ZOMBIE)
            tell_of_end(c);
        else if (c->death_signal && c->state == TASK_ALIVE)
            signal_send(c, (struct signal_info){.signo = c->death_signal, .pid = l->pid});
    }
}

void task_end_vfork(struct linux_process *l)
{
    struct thread *t = l->vfork_waiter ? thread_find_any(l->kernel, l->vfork_waiter) : NULL;
    l->vfork_waiter = 0;
    if (t)
        t->wait.woken = true;
}

/* The number of the process stays in use until it has been waited for; its first thread keeps the
 * name. */
void task_end(struct linux_process *l, uint32_t status)
{
    struct kernel *k = l->kernel;
    if (l->state != TASK_ALIVE)
        return;
    threads_end_others(l, NULL);
    cores_account(l);
    l->end_status = status;
    l->state = TASK_ZOMBIE;
    l->stopped = 0;
    l->signals.queued = 0;
    for (uint32_t n = 0; n < l->fds.count; n++)
        fd_drop(l, n);
    fd_table_free(&l->fds);
    l->fds = (struct fd_table){0};
    locks_forget(k, l);
    ipc_process_ends(l);
    for (uint32_t n = 0; n < TIMERS; n++)
        l->timers[n].deadline_ns = 0;
    task_end_vfork(l);
    space_release(k, l->space);
    leave_children(l);
    tell_of_end(l);
    k->over = k->threads.alive == 0;
}

void task_stop(struct linux_process *l, uint32_t signo)
{
    const struct linux_process *p = l->parent;
    l->stopped = l->stop_news = signo;
    l->continue_news = false;
    bool quiet = p && p->signals.action[GUEST_SIGCHLD].flags & SA_FLAG_NOCLDSTOP;
    tell_parent(l, quiet ? 0 : GUEST_SIGCHLD, CODE_CLD_STOPPED, signo);
}

void task_continue(struct linux_process *l)
{
    if (!l->stopped)
        return;
    l->stopped = l->stop_news = 0;
    l->continue_news = true;
    tell_parent(l, GUEST_SIGCHLD, CODE_CLD_CONTINUED, GUEST_SIGCONT);
}

/* A group is orphaned when no member has its parent in another group of the session: nobody there
 * would let it go on. */
static bool is_orphaned(const struct linux_process *l)
{
    const struct kernel *k = l->kernel;
    for (const struct linux_process *m = NULL; (m = task_next(k, l->group, m));)
        if (m->parent && m->parent->session == m->session && m->parent->group != m->group)
            return false;
    return true;
}

bool task_may_stop(const struct linux_process *l, uint32_t signo)
{
    return l != l->kernel->first && (signo == GUEST_SIGSTOP || !is_orphaned(l));
}

void task_reap(struct linux_process *l)
{
    if (l->parent)
        l->parent->children_cpu_ns += l->cpu_ns + l->children_cpu_ns;
    l->state = TASK_GONE;
}

static void task_free(struct linux_process *l)
{
    fd_table_free(&l->fds);
    if (l->cwd_fd >= 0)
        close(l->cwd_fd);
    program_release(l->exe);
    free(l);
}

void tasks_remove_gone(struct kernel *k)
{
    uint32_t kept = 0;
    for (uint32_t n = 0; n < k->task_count; n++) {
        struct linux_process *l = k->tasks[n];
        if (l->state != TASK_GONE || cores_run(k, l))
            k->tasks[kept++] = l;
        else
            task_free(l);
    }
    k->task_count = kept;
}

void tasks_end_orphans(struct kernel *k)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < k->task_count; n++)
        if (k->tasks[n]->state == TASK_ALIVE) {
            task_end(k->tasks[n], TASK_KILLED(GUEST_SIGKILL));
            count++;
        }
    k->stats.orphans += count;
    log_warn("the program has left %u processes behind that only wait: they end with it", count);
}

void tasks_free(struct kernel *k)
{
    for (uint32_t n = 0; n < k->task_count; n++) {
        struct linux_process *l = k->tasks[n];
        if (l->state == TASK_ALIVE)
            space_release(k, l->space);
        task_free(l);
    }
    free(k->tasks);
    free(k->locks.all);
    ipc_free(k);
}

void tasks_discard_borrowed(struct kernel *k)
{
    for (uint32_t n = 0; n < k->task_count; n++)
        if (k->tasks[n]->state == TASK_ALIVE)
            process_discard_borrowed(k->tasks[n]->process);
}
