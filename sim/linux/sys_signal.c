/* System calls about signals. */
#include <errno.h>

#include "sim/linux/internal.h"

enum { HOW_BLOCK, HOW_UNBLOCK, HOW_SETMASK };
#define SIGSET_BYTES WIRE_SIGSET_BYTES

static bool get_mask(struct linux_process *l, uint64_t ea, uint64_t *mask)
{
    struct wire w;
    if (!wire_load(&w, l, ea, SIGSET_BYTES))
        return false;
    *mask = wire_get_sigset(&w);
    return true;
}

static bool put_mask(struct linux_process *l, uint64_t ea, uint64_t mask)
{
    struct wire w;
    wire_init(&w, l);
    wire_put_sigset(&w, mask);
    return wire_store(&w, l, ea);
}

/* struct sigaction: handler, flags, restorer, mask. */
static bool put_action(struct linux_process *l, uint64_t ea, const struct signal_action *action)
{
    struct wire w;
    wire_init(&w, l);
    wire_put_long(&w, action->handler);
    wire_put_long(&w, action->flags);
    wire_put_long(&w, action->restorer);
    wire_put_sigset(&w, action->mask);
    return wire_store(&w, l, ea);
}

static bool get_action(struct linux_process *l, uint64_t ea, struct signal_action *action)
{
    struct wire w;
    if (!wire_load(&w, l, ea, l->image.is_64bit ? 32 : 20))
        return false;
    action->handler = wire_get_long(&w);
    action->flags = wire_get_long(&w);
    action->restorer = wire_get_long(&w);
    action->mask = wire_get_sigset(&w);
    return true;
}

/* struct old_sigaction of 32-bit programs: handler, mask of 32 signals, flags, restorer. */
static bool put_old_action(struct linux_process *l, uint64_t ea, const struct signal_action *action)
{
    struct wire w;
    wire_init(&w, l);
    wire_put_long(&w, action->handler);
    wire_put_long(&w, action->mask);
    wire_put_long(&w, action->flags);
    wire_put_long(&w, action->restorer);
    return wire_store(&w, l, ea);
}

static bool get_old_action(struct linux_process *l, uint64_t ea, struct signal_action *action)
{
    struct wire w;
    if (!wire_load(&w, l, ea, 16))
        return false;
    action->handler = wire_get_long(&w);
    action->mask = wire_get_long(&w);
    action->flags = wire_get_long(&w);
    action->restorer = wire_get_long(&w);
    return true;
}

/* A signal that is ignored now does not stay pending. */
static void forget_ignored(struct linux_process *l, uint32_t signo)
{
    uint64_t blocked = l->signals.blocked;
    struct signal_info info;
    l->signals.blocked = ~SIGNAL_BIT(signo);
    if (!signal_waits(l))
        while (signal_take(l, SIGNAL_BIT(signo), &info)) {
        }
    l->signals.blocked = blocked;
}

/* `is_old`: the structures of before real-time signals. */
static int64_t change_action(struct linux_process *l, const uint64_t *a, bool is_old)
{
    struct signal_action action;
    uint64_t signo = a[0];
    if (a[1] && !(is_old ? get_old_action : get_action)(l, a[1], &action))
        return -EFAULT;
    if (signo < 1 || signo > SIGNALS ||
        (a[1] && (signo == GUEST_SIGKILL || signo == GUEST_SIGSTOP)))
        return -EINVAL;
    if (a[2] && !(is_old ? put_old_action : put_action)(l, a[2], &l->signals.action[signo]))
        return -EFAULT;
    if (a[1]) {
        l->signals.action[signo] = action;
        forget_ignored(l, (uint32_t)signo);
    }
    return 0;
}

int64_t sys_rt_sigaction(struct linux_process *l, const uint64_t *a)
{
    return a[3] == SIGSET_BYTES ? change_action(l, a, false) : -EINVAL;
}

int64_t sys_sigaction(struct linux_process *l, const uint64_t *a)
{
    return change_action(l, a, true);
}

static uint64_t combined(uint64_t how, uint64_t old, uint64_t set)
{
    return how == HOW_BLOCK ? old | set : how == HOW_UNBLOCK ? old & ~set : set;
}

int64_t sys_rt_sigprocmask(struct linux_process *l, const uint64_t *a)
{
    uint64_t set, old = l->signals.blocked;
    if (a[3] != SIGSET_BYTES)
        return -EINVAL;
    if (a[1]) {
        if (!get_mask(l, a[1], &set))
            return -EFAULT;
        if (a[0] > HOW_SETMASK)
            return -EINVAL;
        signals_set_mask(l, combined(a[0], old, set));
    }
    return a[2] && !put_mask(l, a[2], old) ? -EFAULT : 0;
}

int64_t sys_rt_sigpending(struct linux_process *l, const uint64_t *a)
{
    if (a[1] > SIGSET_BYTES)
        return -EINVAL;
    return put_mask(l, a[0], signals_pending(l) & l->signals.blocked) ? 0 : -EFAULT;
}

int64_t sys_rt_sigsuspend(struct linux_process *l, const uint64_t *a)
{
    uint64_t mask;
    if (a[1] != SIGSET_BYTES)
        return -EINVAL;
    if (!get_mask(l, a[0], &mask))
        return -EFAULT;
    signals_set_temporary_mask(l, mask);
    time_wait_for_signal(l, "sigsuspend");
    return CALL_RESTART_NOHAND;
}

/* The calls of before real-time signals know the first 32; the others keep their state. */
int64_t sys_sigprocmask(struct linux_process *l, const uint64_t *a)
{
    uint64_t set, old = l->signals.blocked;
    if (a[1]) {
        if (!guest_read_long(l, a[1], &set))
            return -EFAULT;
        if (a[0] > HOW_SETMASK)
            return -EINVAL;
        signals_set_mask(l, combined(a[0], (uint32_t)old, set) | (old & ~(uint64_t)UINT32_MAX));
    }
    return a[2] && !guest_write_long(l, a[2], old) ? -EFAULT : 0;
}

int64_t sys_sigpending(struct linux_process *l, const uint64_t *a)
{
    return guest_write_long(l, a[0], signals_pending(l) & l->signals.blocked) ? 0 : -EFAULT;
}

int64_t sys_sigsuspend(struct linux_process *l, const uint64_t *a)
{
    signals_set_temporary_mask(l, a[0]);
    time_wait_for_signal(l, "sigsuspend");
    return CALL_RESTART_NOHAND;
}

int64_t sys_pause(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    time_wait_for_signal(l, "pause");
    return CALL_RESTART_NOHAND;
}

/* Waits with the set unblocked, so that its signals end the wait whatever their action. */
static int64_t wait_for_set(struct linux_process *l, uint64_t set, uint64_t timeout_ea)
{
    uint64_t blocked = l->signals.blocked, ns = 0;
    int64_t error;
    if (timeout_ea && !time_get_timespec(l, timeout_ea, &ns, &error))
        return error;
    thread_running(l)->wait.signals = set;
    l->signals.blocked &= ~set;
    bool expired = timeout_ea ? time_sleep_until(l, time_monotonic_ns(l) + ns)
                              : !time_wait_for_signal(l, "sigwait");
    l->signals.blocked = blocked;
    return expired ? -EAGAIN : 0;
}

int64_t sys_rt_sigtimedwait(struct linux_process *l, const uint64_t *a)
{
    struct signal_info info;
    uint64_t set;
    if (a[3] != SIGSET_BYTES)
        return -EINVAL;
    if (!get_mask(l, a[0], &set))
        return -EFAULT;
    set &= ~(SIGNAL_BIT(GUEST_SIGKILL) | SIGNAL_BIT(GUEST_SIGSTOP));
    if (!signal_take(l, set, &info)) {
        int64_t r = wait_for_set(l, set, a[2]);
        if (r < 0)
            return r;
        if (!signal_take(l, set, &info))
            return -EINTR;
    }
    if (a[1]) {
        struct wire w;
        wire_init(&w, l);
        signal_put_info(&w, &info);
        if (!wire_store(&w, l, a[1]))
            return -EFAULT;
    }
    return info.signo;
}

static struct signal_info info_of(const struct linux_process *sender, uint64_t signo, uint32_t tid,
                                  int32_t code)
{
    return (struct signal_info){.signo = (uint32_t)signo,
                                .code = code,
                                .tid = tid,
                                .pid = sender->pid,
                                .uid = sender->config.keys->uid};
}

static bool is_signal(uint64_t signo) { return (int64_t)signo >= 0 && signo <= SIGNALS; }

/* To all of a group, or (group 0) to everybody but the caller: 0 when there was anybody. */
static int64_t send_to_group(struct linux_process *l, uint32_t group, uint64_t signo)
{
    bool found = false;
    for (struct linux_process *each = NULL; (each = task_next(l->kernel, group, each));) {
        if (!group && each == l)
            continue;
        found = true;
        if (signo)
            signal_send(each, info_of(l, signo, 0, CODE_USER));
    }
    return found ? 0 : -ESRCH;
}

/* Zero is the own group, -1 everybody else, any other negative number a group. Who is outside may
 * not be killed. */
int64_t sys_kill(struct linux_process *l, const uint64_t *a)
{
    int64_t pid = (int64_t)a[0];
    if (!is_signal(a[1]))
        return -EINVAL;
    if (pid == GUEST_PARENT)
        return -EPERM;
    if (pid <= 0)
        return send_to_group(l, pid == 0 ? l->group : pid == -1 ? 0 : (uint32_t)-pid, a[1]);
    struct linux_process *to = task_named(l, a[0]);
    if (!to)
        return -ESRCH;
    return a[1] ? signal_send(to, info_of(l, a[1], 0, CODE_USER)) : 0;
}

static int64_t send_to_thread(struct linux_process *l, const struct thread *t, uint64_t signo)
{
    if (!is_signal(signo))
        return -EINVAL;
    if (!t)
        return -ESRCH;
    return signo ? signal_send(t->process, info_of(l, signo, t->tid, CODE_TKILL)) : 0;
}

int64_t sys_tkill(struct linux_process *l, const uint64_t *a)
{
    if ((int64_t)a[0] <= 0)
        return -EINVAL;
    return send_to_thread(l, thread_find_any(l->kernel, a[0]), a[1]);
}

int64_t sys_tgkill(struct linux_process *l, const uint64_t *a)
{
    if ((int64_t)a[0] <= 0 || (int64_t)a[1] <= 0)
        return -EINVAL;
    const struct thread *t = thread_find_any(l->kernel, a[1]);
    return send_to_thread(l, t && t->process->pid == a[0] ? t : NULL, a[2]);
}

/* A struct siginfo that the sender has filled in; false is EFAULT. */
static bool get_info(struct linux_process *l, uint64_t ea, uint64_t signo, struct signal_info *info)
{
    struct wire w;
    if (!wire_load(&w, l, ea, 128))
        return false;
    w.used = 8; /* behind si_signo and si_errno */
    *info = (struct signal_info){.signo = (uint32_t)signo, .code = (int32_t)wire_get(&w, 4)};
    w.used = w.is_64bit ? 16 : 12;
    info->pid = (uint32_t)wire_get(&w, 4);
    info->uid = (uint32_t)wire_get(&w, 4);
    info->value = wire_get_long(&w);
    return true;
}

/* Others may not be told what the kernel or kill would tell them. */
static int64_t queue_info(struct linux_process *l, struct linux_process *to,
                          const struct signal_info *info, uint64_t signo)
{
    if ((info->code >= 0 || info->code == CODE_TKILL) && to != l)
        return -EPERM;
    if (!is_signal(signo) || !to)
        return to ? -EINVAL : -ESRCH;
    return signo ? signal_send(to, *info) : 0;
}

int64_t sys_rt_sigqueueinfo(struct linux_process *l, const uint64_t *a)
{
    struct signal_info info;
    if (!get_info(l, a[2], a[1], &info))
        return -EFAULT;
    return queue_info(l, a[0] ? task_named(l, a[0]) : NULL, &info, a[1]);
}

int64_t sys_rt_tgsigqueueinfo(struct linux_process *l, const uint64_t *a)
{
    struct signal_info info;
    if (!get_info(l, a[3], a[2], &info))
        return -EFAULT;
    if ((int64_t)a[0] <= 0 || (int64_t)a[1] <= 0)
        return -EINVAL;
    const struct thread *t = thread_find_any(l->kernel, a[1]);
    info.tid = (uint32_t)a[1];
    return queue_info(l, t && t->process->pid == a[0] ? t->process : NULL, &info, a[2]);
}

static int64_t signal_return(struct linux_process *l, bool is_rt)
{
    l->registers_set = true;
    l->in_syscall = false;
    if (!signal_frame_pop(l, is_rt))
        signal_force(l, (struct signal_info){.signo = GUEST_SIGSEGV,
                                             .code = CODE_SEGV_MAPERR,
                                             .addr = l->cpu->gpr[1]});
    return 0;
}

int64_t sys_rt_sigreturn(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return signal_return(l, true);
}

int64_t sys_sigreturn(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return signal_return(l, false);
}

static bool put_stack(struct linux_process *l, uint64_t ea, const struct signal_stack *s,
                      uint32_t flags)
{
    struct wire w;
    wire_init(&w, l);
    wire_put_long(&w, s->sp);
    wire_put(&w, 4, flags);
    wire_put_long(&w, s->bytes);
    return wire_store(&w, l, ea);
}

int64_t sys_sigaltstack(struct linux_process *l, const uint64_t *a)
{
    struct signal_stack old = l->signals.alt, new;
    bool in_use = old.bytes && signal_stack_holds(&old, l->cpu->gpr[1] & l->cpu->ea_mask);
    struct wire w;
    if (a[0]) {
        if (!wire_load(&w, l, a[0], l->image.is_64bit ? 24 : 12))
            return -EFAULT;
        new.sp = wire_get_long(&w);
        new.flags = (uint32_t)wire_get(&w, 4);
        new.bytes = wire_get_long(&w);
        uint32_t mode = new.flags & ~SS_FLAG_AUTODISARM;
        if (in_use)
            return -EPERM;
        if (mode != 0 && mode != SS_FLAG_ONSTACK && mode != SS_FLAG_DISABLE)
            return -EINVAL;
        if (mode == SS_FLAG_DISABLE)
            new = (struct signal_stack){.flags = new.flags};
        else if (new.bytes < signal_min_stack(l))
            return -ENOMEM;
        l->signals.alt = new;
    }
    uint32_t flags = !old.bytes ? SS_FLAG_DISABLE : in_use ? SS_FLAG_ONSTACK : 0;
    flags |= old.flags & SS_FLAG_AUTODISARM;
    return a[1] && !put_stack(l, a[1], &old, flags) ? -EFAULT : 0;
}
