/* New threads. A new process (fork, vfork, clone without CLONE_THREAD) is not implemented. */
#include <errno.h>

#include "sim/linux/internal.h"

enum clone_flag {
    SHARE_VM = 0x100, SHARE_FS = 0x200, SHARE_FILES = 0x400, SHARE_SIGHAND = 0x800,
    SAME_PROCESS = 0x10000, SHARE_SEMADJ = 0x40000, SET_TLS = 0x80000, PARENT_SET_TID = 0x100000,
    CHILD_CLEAR_TID = 0x200000, IS_DETACHED = 0x400000, CHILD_SET_TID = 0x1000000,
};
#define THREAD_FLAGS (SHARE_VM | SHARE_FS | SHARE_FILES | SHARE_SIGHAND | SAME_PROCESS)
#define OTHER_FLAGS                                                                                \
    (SHARE_SEMADJ | SET_TLS | PARENT_SET_TID | CHILD_CLEAR_TID | IS_DETACHED | CHILD_SET_TID)

struct clone_request {
    uint64_t flags, stack, parent_tid_ea, child_tid_ea, tls;
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

/* The copy is taken of the parent's registers, which are then put back. */
static struct thread *copy_thread(struct linux_process *l, const struct clone_request *q)
{
    struct cpu *s = l->cpu;
    uint64_t r1 = s->gpr[1], r2 = s->gpr[2], r3 = s->gpr[3], r13 = s->gpr[13];
    uint8_t cr0 = s->cr[0];
    start_registers(l, q, s);
    struct thread *t = thread_create(l);
    s->gpr[1] = r1, s->gpr[2] = r2, s->gpr[3] = r3, s->gpr[13] = r13;
    s->cr[0] = cr0;
    return t;
}

static int64_t make_thread(struct linux_process *l, const struct clone_request *q)
{
    if ((q->flags & SAME_PROCESS && !(q->flags & SHARE_SIGHAND)) ||
        (q->flags & SHARE_SIGHAND && !(q->flags & SHARE_VM)))
        return -EINVAL;
    if ((q->flags & THREAD_FLAGS) != THREAD_FLAGS ||
        q->flags & ~(uint64_t)(THREAD_FLAGS | OTHER_FLAGS))
        return syscall_refuse(l, "clone that makes a process");
    struct thread *t = copy_thread(l, q);
    if (!t)
        return -EAGAIN;
    if (q->flags & CHILD_CLEAR_TID)
        t->clear_child_tid = q->child_tid_ea;
    /* Linux does not report a bad address here either. */
    if (q->flags & PARENT_SET_TID)
        guest_write_u32(l, q->parent_tid_ea, t->tid);
    if (q->flags & CHILD_SET_TID)
        guest_write_u32(l, q->child_tid_ea, t->tid);
    return t->tid;
}

int64_t sys_clone(struct linux_process *l, const uint64_t *a)
{
    const uint64_t exit_signal = 0xff; /* of processes */
    struct clone_request q = {.flags = a[0] & ~exit_signal, .stack = a[1], .parent_tid_ea = a[2],
                              .tls = a[3], .child_tid_ea = a[4]};
    return make_thread(l, &q);
}

int64_t sys_clone3(struct linux_process *l, const uint64_t *a)
{
    enum { FLAGS, PIDFD, CHILD_TID, PARENT_TID, EXIT_SIGNAL, STACK, STACK_SIZE, TLS, WORDS };
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
    if (!v[STACK] != !v[STACK_SIZE])
        return -EINVAL;
    struct clone_request q = {.flags = v[FLAGS], .stack = v[STACK] + v[STACK_SIZE],
                              .parent_tid_ea = v[PARENT_TID], .child_tid_ea = v[CHILD_TID],
                              .tls = v[TLS]};
    return make_thread(l, &q);
}

int64_t sys_gettid(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    return l->threads.current->tid;
}

int64_t sys_sched_yield(struct linux_process *l, const uint64_t *a)
{
    (void)a;
    l->threads.gives_way = l->threads.alive > 1;
    return 0;
}

int64_t sys_exit(struct linux_process *l, const uint64_t *a)
{
    futex_thread_ends(l);
    thread_exit(l, (int)(int64_t)a[0]);
    return 0;
}

int64_t sys_exit_group(struct linux_process *l, const uint64_t *a)
{
    linux_exit(l, (int)(int64_t)a[0]);
    return 0;
}
