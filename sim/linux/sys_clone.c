/* New threads and processes. */
#include <errno.h>
#include <string.h>

#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"

enum clone_flag {
    SHARE_VM = 0x100, SHARE_FS = 0x200, SHARE_FILES = 0x400, SHARE_SIGHAND = 0x800,
    GIVE_PIDFD = 0x1000,
    UNTIL_EXEC = 0x4000 /* CLONE_VFORK */, SAME_PARENT = 0x8000, SAME_PROCESS = 0x10000,
    SHARE_SEMADJ = 0x40000, SET_TLS = 0x80000, PARENT_SET_TID = 0x100000,
    CHILD_CLEAR_TID = 0x200000, IS_DETACHED = 0x400000, IS_UNTRACED = 0x800000,
    CHILD_SET_TID = 0x1000000,
};
#define CLEAR_SIGHAND UINT64_C(0x100000000) /* clone3 alone */
#define SHARE_IO      UINT64_C(0x80000000)
#define THREAD_FLAGS  (SHARE_VM | SHARE_FS | SHARE_FILES | SHARE_SIGHAND | SAME_PROCESS)
#define OTHER_FLAGS                                                                                \
    (SHARE_SEMADJ | SET_TLS | PARENT_SET_TID | CHILD_CLEAR_TID | IS_DETACHED | IS_UNTRACED |      \
     CHILD_SET_TID | SHARE_IO)
#define PROCESS_FLAGS (SHARE_VM | UNTIL_EXEC | SAME_PARENT | CLEAR_SIGHAND | GIVE_PIDFD)
#define EXIT_SIGNAL   UINT64_C(0xff) /* in the flags of clone */

struct clone_request {
    uint64_t flags, exit_signal, stack, parent_tid_ea, child_tid_ea, tls, pidfd_ea;
};

/* sc returns zero in the new thread. */
static void start_registers(struct linux_process *l, const struct clone_request *q, struct cpu *s)
{
    s->gpr[3] = 0;
    s->cr[0] &= (uint8_t)~CR_SO;
    if (q->stack)
        s->gpr[1] = q->stack;
    if (q->flags & SET_TLS)
        s->gpr[l->image.is_64bit ? 13 : 2] = q->tls;
}

/* Who the new thread belongs to: the caller or a new process. NULL: there are too many. */
static struct thread *make_one(struct linux_process *l, const struct clone_request *q)
{
    if (q->flags & SAME_PROCESS)
        return thread_create(l);
    struct linux_process *child = task_fork(l, q->flags & SHARE_VM);
    if (!child)
        return NULL;
    child->exit_signal = (uint32_t)q->exit_signal;
    if (q->flags & SAME_PARENT) {
        child->parent = l->parent;
        child->exit_signal = l->exit_signal;
    }
    if (q->flags & CLEAR_SIGHAND)
        memset(child->signals.action, 0, sizeof child->signals.action);
    if (q->flags & SHARE_VM && !(q->flags & UNTIL_EXEC))
        child->leader->alt = (struct signal_stack){.flags = SS_FLAG_DISABLE};
    return child->leader;
}

/* The copy is taken of the parent's registers, which are then put back. */
static struct thread *copy_thread(struct linux_process *l, const struct clone_request *q)
{
    struct cpu *s = l->cpu;
    uint64_t r1 = s->gpr[1], r2 = s->gpr[2], r3 = s->gpr[3], r13 = s->gpr[13];
    uint8_t cr0 = s->cr[0];
    start_registers(l, q, s);
    struct thread *t = make_one(l, q);
    s->gpr[1] = r1, s->gpr[2] = r2, s->gpr[3] = r3, s->gpr[13] = r13;
    s->cr[0] = cr0;
    return t;
}

/* -ENOSYS for what is not implemented: processes that share descriptors or handlers but not all of
 * a thread's state, name spaces. */
static int64_t check_flags(struct linux_process *l, const struct clone_request *q)
{
    uint64_t known = OTHER_FLAGS | (q->flags & SAME_PROCESS ? THREAD_FLAGS : PROCESS_FLAGS);
    if ((q->flags & SAME_PROCESS && !(q->flags & SHARE_SIGHAND)) ||
        (q->flags & SHARE_SIGHAND && !(q->flags & SHARE_VM)) ||
        (q->flags & GIVE_PIDFD && q->flags & (SAME_PROCESS | IS_DETACHED)) ||
        (q->flags & SAME_PARENT && l == l->kernel->first) || q->exit_signal > SIGNALS)
        return -EINVAL;
    if (q->flags & ~known || (q->flags & SAME_PROCESS && (q->flags & THREAD_FLAGS) != THREAD_FLAGS))
        return syscall_refuse(l, "clone with these flags");
    return 0;
}

/* The child has the parent's address space until it ends or starts another program; no signal ends
 * this wait. The call is made again when it does. */
static int64_t wait_for_vfork(struct linux_process *l)
{
    struct thread *t = thread_running(l);
    if (t->wait.woken)
        return t->wait.vfork_child;
    t->wait.until_ns = WAIT_FOR_EVER;
    l->kernel->threads.must_wait = true;
    return CALL_RESTART;
}

/* The descriptor of a child is the caller's alone, who gets none where the child cannot be made. */
static struct thread *copy_with_pidfd(struct linux_process *l, const struct clone_request *q,
                                      int64_t *r)
{
    int64_t guest = pidfd_create(l, 0, false);
    struct thread *t = guest < 0 ? NULL : copy_thread(l, q);
    *r = guest < 0 ? guest : 0;
    if (!t) {
        fd_drop(l, (uint64_t)guest);
        return NULL;
    }
    fd_object_find(l, (uint64_t)guest, FD_PROCESS)->pid = t->process->pid;
    fd_close(&t->process->fds, (uint64_t)guest);
    guest_write_u32(l, q->pidfd_ea, (uint32_t)guest);
    return t;
}

static int64_t make_thread(struct linux_process *l, const struct clone_request *q)
{
    struct thread *running = thread_running(l);
    if (running->wait.vfork_child)
        return wait_for_vfork(l);
    int64_t r = check_flags(l, q);
    struct thread *t = r                       ? NULL
                       : q->flags & GIVE_PIDFD ? copy_with_pidfd(l, q, &r)
                                               : copy_thread(l, q);
    if (!t)
        return r ? r : -EAGAIN;
    if (q->flags & CHILD_CLEAR_TID)
        t->clear_child_tid = q->child_tid_ea;
    /* Linux does not report a bad address here either. */
    if (q->flags & PARENT_SET_TID)
        guest_write_u32(l, q->parent_tid_ea, t->tid);
    if (q->flags & CHILD_SET_TID)
        guest_write_u32(t->process, q->child_tid_ea, t->tid);
    if (!(q->flags & UNTIL_EXEC))
        return t->tid;
    t->process->vfork_waiter = running->tid;
    running->wait.vfork_child = t->tid;
    return wait_for_vfork(l);
}

int64_t sys_fork(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return make_thread(l, &(struct clone_request){.exit_signal = GUEST_SIGCHLD});
}

int64_t sys_vfork(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return make_thread(l, &(struct clone_request){.flags = SHARE_VM | UNTIL_EXEC,
                                                  .exit_signal = GUEST_SIGCHLD});
}

int64_t sys_clone(struct linux_process *l, const uint64_t *a)
{
    struct clone_request q = {.flags = (uint32_t)a[0] & ~EXIT_SIGNAL,
                              .exit_signal = a[0] & EXIT_SIGNAL, .stack = a[1],
                              .parent_tid_ea = a[2], .tls = a[3], .child_tid_ea = a[4],
                              .pidfd_ea = a[2]};
    if (q.flags & GIVE_PIDFD && q.flags & PARENT_SET_TID)
        return -EINVAL; /* both would be written there */
    return make_thread(l, &q);
}

int64_t sys_clone3(struct linux_process *l, const uint64_t *a)
{
    enum { FLAGS, PIDFD, CHILD_TID, PARENT_TID, EXIT_SIGNAL_, STACK, STACK_SIZE, TLS, WORDS };
    uint64_t v[WORDS];
    struct wire w;
    if (a[1] < sizeof v)
        return -EINVAL;
    if (a[1] > WIRE_BYTES)
        return -E2BIG;
    if (!wire_load(&w, l, a[0], sizeof v))
        return -EFAULT;
    for (uint32_t n = 0; n < WORDS; n++)
        v[n] = wire_get(&w, 8);
    if (!v[STACK] != !v[STACK_SIZE] || v[FLAGS] & EXIT_SIGNAL)
        return -EINVAL;
    struct clone_request q = {.flags = v[FLAGS], .exit_signal = v[EXIT_SIGNAL_],
                              .stack = v[STACK] + v[STACK_SIZE],
                              .parent_tid_ea = v[PARENT_TID], .child_tid_ea = v[CHILD_TID],
                              .tls = v[TLS], .pidfd_ea = v[PIDFD]};
    return make_thread(l, &q);
}

/* Nothing is shared by processes that could be taken apart, and the threads of one share all; name
 * spaces take a capability. */
int64_t sys_unshare(struct linux_process *l, const uint64_t *a)
{
    const uint64_t spaces = 0x7e020080; /* CLONE_NEW..., time among them */
    const uint64_t parts = THREAD_FLAGS | SHARE_SEMADJ;
    if (a[0] & ~(spaces | parts))
        return -EINVAL;
    if (a[0] & spaces)
        return -EPERM;
    if (l->threads_alive == 1 || !(a[0] & ~(uint64_t)SHARE_SEMADJ))
        return 0;
    return a[0] & (SAME_PROCESS | SHARE_SIGHAND | SHARE_VM)
               ? -EINVAL
               : syscall_refuse(l, "unshare in one of several threads");
}

int64_t sys_gettid(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return thread_running(l)->tid;
}

int64_t sys_sched_yield(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    l->kernel->threads.gives_way = l->kernel->threads.alive > 1;
    return 0;
}

int64_t sys_exit(struct linux_process *l, const uint64_t *a)
{
    thread_exit(l, (int)(int64_t)a[0]);
    return 0;
}

int64_t sys_exit_group(struct linux_process *l, const uint64_t *a)
{
    task_end(l, TASK_EXITED(a[0]));
    return 0;
}
