#include "sim/linux/signal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/log.h"
#include "sim/linux/internal.h"

enum default_action { ENDS, IGNORED, STOPS };

/* Real-time signals (32..64) end the process, too: ENDS is zero. */
static const uint8_t default_actions[SIGNALS + 1] = {
#define SIGNAL_DEFAULT(name, number, action) [number] = action,
    SIGNAL_LIST(SIGNAL_DEFAULT)
#undef SIGNAL_DEFAULT
};

#define UNBLOCKABLE (SIGNAL_BIT(GUEST_SIGKILL) | SIGNAL_BIT(GUEST_SIGSTOP))
#define STOPPING                                                                                   \
    (SIGNAL_BIT(GUEST_SIGSTOP) | SIGNAL_BIT(GUEST_SIGTSTP) | SIGNAL_BIT(GUEST_SIGTTIN) |           \
     SIGNAL_BIT(GUEST_SIGTTOU))
/* Delivered before all others: they belong to the current instruction. */
#define SYNCHRONOUS                                                                                \
    (SIGNAL_BIT(GUEST_SIGSEGV) | SIGNAL_BIT(GUEST_SIGBUS) | SIGNAL_BIT(GUEST_SIGILL) |             \
     SIGNAL_BIT(GUEST_SIGTRAP) | SIGNAL_BIT(GUEST_SIGFPE) | SIGNAL_BIT(GUEST_SIGSYS))

void signals_init(struct linux_process *l)
{
    memset(&l->signals, 0, sizeof l->signals);
    l->signals.alt.flags = SS_FLAG_DISABLE;
}

static bool is_for(const struct signal_info *info, const struct thread *t)
{
    return info->tid == 0 || info->tid == t->tid;
}

uint64_t signals_pending(const struct linux_process *l)
{
    uint64_t set = 0;
    for (uint32_t n = 0; n < l->signals.queued; n++)
        if (is_for(&l->signals.queue[n], thread_running(l)))
            set |= SIGNAL_BIT(l->signals.queue[n].signo);
    return set;
}

static bool is_ignored(const struct linux_process *l, uint32_t signo)
{
    uint64_t handler = l->signals.action[signo].handler;
    if (handler != GUEST_SIG_DFL)
        return handler == GUEST_SIG_IGN;
    return default_actions[signo] == IGNORED ||
           (default_actions[signo] == STOPS && !task_may_stop(l, signo));
}

void signals_reset_handlers(struct linux_process *l)
{
    for (uint32_t n = 1; n <= SIGNALS; n++) {
        struct signal_action *a = &l->signals.action[n];
        *a = (struct signal_action){
            .handler = a->handler == GUEST_SIG_IGN ? GUEST_SIG_IGN : GUEST_SIG_DFL};
    }
}

bool signal_waits(const struct linux_process *l)
{
    for (uint32_t n = 0; n < l->signals.queued; n++) {
        uint32_t signo = l->signals.queue[n].signo;
        if (is_for(&l->signals.queue[n], thread_running(l)) &&
            !(l->signals.blocked & SIGNAL_BIT(signo)) && !is_ignored(l, signo))
            return true;
    }
    return false;
}

bool signal_waits_for(const struct linux_process *l, const struct thread *t)
{
    for (uint32_t n = 0; n < l->signals.queued; n++) {
        const struct signal_info *info = &l->signals.queue[n];
        uint64_t bit = SIGNAL_BIT(info->signo);
        if (is_for(info, t) &&
            (t->wait.signals & bit || (!(t->blocked & bit) && !is_ignored(l, info->signo))))
            return true;
    }
    return false;
}

static bool is_pending(const struct linux_process *l, const struct signal_info *info)
{
    for (uint32_t n = 0; n < l->signals.queued; n++)
        if (l->signals.queue[n].signo == info->signo && l->signals.queue[n].tid == info->tid)
            return true;
    return false;
}

static void remove_pending(struct linux_process *l, uint32_t n)
{
    struct signals *s = &l->signals;
    s->queued--;
    memmove(s->queue + n, s->queue + n + 1, (s->queued - n) * sizeof *s->queue);
}

void signals_forget_thread(struct linux_process *l, uint32_t tid)
{
    for (uint32_t n = l->signals.queued; n-- > 0;)
        if (l->signals.queue[n].tid == tid)
            remove_pending(l, n);
}

/* An ignored signal is kept where a thread that could take it blocks it or waits for it. */
static bool is_kept(const struct linux_process *l, const struct signal_info *info)
{
    uint64_t bit = SIGNAL_BIT(info->signo);
    const struct threads *g = &l->kernel->threads;
    for (uint32_t n = 0; n < g->count; n++) {
        const struct thread *t = g->all[n];
        uint64_t blocked = t == g->current ? l->signals.blocked : t->blocked;
        if (t->process == l && !t->ended && is_for(info, t) &&
            (blocked | (t->waiting ? t->wait.signals : 0)) & bit)
            return true;
    }
    return false;
}

static void drop_pending(struct linux_process *l, uint64_t set)
{
    for (uint32_t n = l->signals.queued; n-- > 0;)
        if (SIGNAL_BIT(l->signals.queue[n].signo) & set)
            remove_pending(l, n);
}

/* To go on and to stop undo each other, whatever becomes of the signal itself. */
static void settle_stop(struct linux_process *l, uint32_t signo)
{
    if (default_actions[signo] == STOPS)
        drop_pending(l, SIGNAL_BIT(GUEST_SIGCONT));
    if (signo == GUEST_SIGCONT) {
        drop_pending(l, STOPPING);
        task_continue(l);
    }
    if (signo == GUEST_SIGKILL)
        l->stopped = 0;
}

int64_t signal_send(struct linux_process *l, struct signal_info info)
{
    if (l->state != TASK_ALIVE)
        return 0;
    settle_stop(l, info.signo);
    if (is_ignored(l, info.signo) && !is_kept(l, &info))
        return 0;
    if (info.signo < 32 && is_pending(l, &info))
        return 0;
    if (l->signals.queued == SIGNAL_QUEUE)
        return -EAGAIN;
    l->signals.queue[l->signals.queued++] = info;
    return 0;
}

void signal_force(struct linux_process *l, struct signal_info info)
{
    uint64_t bit = SIGNAL_BIT(info.signo);
    struct signal_info old;
    if (l->signals.blocked & bit || l->signals.action[info.signo].handler == GUEST_SIG_IGN) {
        l->signals.action[info.signo].handler = GUEST_SIG_DFL;
        l->signals.blocked &= ~bit;
    }
    /* The fault's own information counts, and there must be room for it. */
    while (signal_take(l, bit, &old)) {
    }
    info.tid = thread_running(l)->tid;
    if (l->signals.queued == SIGNAL_QUEUE)
        l->signals.queued--;
    l->signals.queue[l->signals.queued++] = info;
}

bool signal_take(struct linux_process *l, uint64_t set, struct signal_info *info)
{
    struct signals *s = &l->signals;
    uint64_t wanted = signals_pending(l) & set;
    if (!wanted)
        return false;
    if (wanted & SYNCHRONOUS)
        wanted &= SYNCHRONOUS;
    uint32_t signo = (uint32_t)__builtin_ctzll(wanted) + 1, n = 0;
    while (s->queue[n].signo != signo || !is_for(&s->queue[n], thread_running(l)))
        n++;
    *info = s->queue[n];
    remove_pending(l, n);
    return true;
}

void signals_set_mask(struct linux_process *l, uint64_t mask)
{
    l->signals.blocked = mask & ~UNBLOCKABLE;
}

void signals_set_temporary_mask(struct linux_process *l, uint64_t mask)
{
    if (!l->signals.has_saved_mask) /* a call that is made again has done so already */
        l->signals.saved_mask = l->signals.blocked;
    l->signals.has_saved_mask = true;
    signals_set_mask(l, mask);
}

/* Makes the interrupted system call again when the guest goes on. */
static void rewind_call(struct linux_process *l)
{
    l->cpu->nia = (l->cpu->nia - 4) & l->cpu->ea_mask;
    l->cpu->gpr[3] = l->syscall_r3;
}

static void settle_call(struct linux_process *l, const struct signal_action *action)
{
    int restart = l->signals.restart;
    l->signals.restart = 0;
    if (!restart)
        return;
    if (!action || (restart == CALL_RESTART && action->flags & SA_FLAG_RESTART)) {
        rewind_call(l);
    } else {
        l->cpu->gpr[3] = EINTR; /* 4 on every host */
        l->cpu->cr[0] |= CR_SO;
    }
}

static void run_handler(struct linux_process *l, const struct signal_info *info)
{
    struct signal_action *slot = &l->signals.action[info->signo], action = *slot;
    settle_call(l, &action);
    if (!signal_frame_push(l, &action, info)) {
        /* No stack for the frame: SIGSEGV, and without a handler when that was SIGSEGV itself. */
        if (info->signo == GUEST_SIGSEGV)
            slot->handler = GUEST_SIG_DFL;
        signal_force(l, (struct signal_info){.signo = GUEST_SIGSEGV, .code = CODE_KERNEL});
        return;
    }
    if (action.flags & SA_FLAG_RESETHAND)
        slot->handler = GUEST_SIG_DFL;
    uint64_t mask = l->signals.blocked | action.mask;
    if (!(action.flags & SA_FLAG_NODEFER))
        mask |= SIGNAL_BIT(info->signo);
    signals_set_mask(l, mask);
    l->signals.has_saved_mask = false; /* the frame holds it */
}

/* Said of the first process when its own instruction did it: nobody else would, no shell waits. */
static void tell_end(const struct linux_process *l, const struct signal_info *info)
{
    static const char *const names[SIGNALS + 1] = {
#define SIGNAL_NAME(name, number, action) [number] = "SIG" #name,
        SIGNAL_LIST(SIGNAL_NAME)
#undef SIGNAL_NAME
    };
    bool has_address = info->signo == GUEST_SIGSEGV || info->signo == GUEST_SIGBUS;
    char address[40] = "";
    if (l != l->kernel->first || info->code <= 0 || !(SYNCHRONOUS & SIGNAL_BIT(info->signo)))
        return;
    if (has_address && info->code != CODE_KERNEL)
        snprintf(address, sizeof address, ", which accessed 0x%llx",
                 (unsigned long long)info->addr);
    log_warn("%s ended the program: exit status %u; at 0x%llx%s", names[info->signo],
             128 + info->signo, (unsigned long long)l->cpu->nia, address);
}

/* What happens where there is no handler. */
static void act_by_default(struct linux_process *l, const struct signal_info *info)
{
    if (default_actions[info->signo] == STOPS) {
        task_stop(l, info->signo);
        return;
    }
    tell_end(l, info);
    task_end(l, TASK_KILLED(info->signo));
}

void signals_deliver(struct linux_process *l)
{
    struct signal_info info;
    bool is_debugged = l->config.filter_signal && l == l->kernel->first;
    while (l->state == TASK_ALIVE && !l->stopped &&
           signal_take(l, ~l->signals.blocked, &info)) {
        if (is_debugged)
            info.signo = l->config.filter_signal(l->config.ctx, info.signo);
        if (!info.signo || is_ignored(l, info.signo))
            continue;
        l->kernel->stats.signals++;
        if (l->signals.action[info.signo].handler == GUEST_SIG_DFL)
            act_by_default(l, &info);
        else
            run_handler(l, &info);
    }
    settle_call(l, NULL);
    if (l->signals.has_saved_mask) {
        l->signals.blocked = l->signals.saved_mask;
        l->signals.has_saved_mask = false;
    }
}
