/* Futexes, and what the threads library leaves in the kernel for the end of a thread. A futex is
 * known by its address: all threads share one address space. */
#include <errno.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

#define ANY_BITS     UINT32_MAX
#define ROBUST_LIMIT 2048 /* entries looked at, as Linux: the list may be circular */
#define TID_BITS     UINT32_C(0x3fffffff)
#define OWNER_DIED   UINT32_C(0x40000000)
#define HAS_WAITERS  UINT32_C(0x80000000)

int64_t sys_set_tid_address(struct linux_process *l, const uint64_t *a)
{
    l->threads.current->clear_child_tid = a[0];
    return l->threads.current->tid;
}

int64_t sys_set_robust_list(struct linux_process *l, const uint64_t *a)
{
    uint64_t head_bytes = l->image.is_64bit ? 24 : 12;
    if (a[1] != head_bytes)
        return -EINVAL;
    l->threads.current->robust_list = a[0];
    return 0;
}

int64_t sys_get_robust_list(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = a[0] ? thread_find(l, a[0]) : l->threads.current;
    if (!t)
        return -ESRCH;
    return guest_write_long(l, a[2], l->image.is_64bit ? 24 : 12) &&
                   guest_write_long(l, a[1], t->robust_list)
               ? 0
               : -EFAULT;
}

/* Who has waited longest at `ea` for one of these bits; NULL. */
static struct thread *first_waiter(struct linux_process *l, uint64_t ea, uint32_t bits)
{
    struct thread *first = NULL;
    for (uint32_t n = 0; n < l->threads.count; n++) {
        struct thread *t = l->threads.all[n];
        if (!t->ended && t->waiting && ea && t->wait.futex_ea == ea && t->wait.futex_bits & bits &&
            (!first || t->wait.futex_turn < first->wait.futex_turn))
            first = t;
    }
    return first;
}

static int64_t wake(struct linux_process *l, uint64_t ea, int64_t most, uint32_t bits)
{
    struct thread *t;
    int64_t woken = 0;
    for (; woken < most && (t = first_waiter(l, ea, bits)); woken++) {
        t->wait.futex_ea = 0;
        t->wait.woken = true;
    }
    return woken;
}

/* Wakes some and lets others wait at `to` instead; how many were either. */
static int64_t requeue(struct linux_process *l, const uint64_t *a)
{
    struct thread *t;
    int64_t done = wake(l, a[0], (int32_t)a[2], ANY_BITS), most = (int32_t)a[3];
    for (int64_t n = 0; n < most && a[0] != a[4] && (t = first_waiter(l, a[0], ANY_BITS)); n++) {
        t->wait.futex_ea = a[4];
        done++;
    }
    return done;
}

static int32_t signed_field(uint64_t op, uint32_t lowest)
{
    return (int32_t)((uint32_t)op << (20 - lowest)) >> 20;
}

static bool wake_op_compare(uint32_t how, int32_t old, int32_t with)
{
    switch (how) {
    case 0: return old == with;
    case 1: return old != with;
    case 2: return old < with;
    case 3: return old <= with;
    case 4: return old > with;
    default: return old >= with;
    }
}

static uint32_t wake_op_apply(uint32_t how, uint32_t old, uint32_t with)
{
    switch (how) {
    case 0: return with;
    case 1: return old + with;
    case 2: return old | with;
    case 3: return old & ~with;
    default: return old ^ with;
    }
}

/* Changes the second word, wakes at the first one and, when its old value compares, at the second
 * one. */
static int64_t wake_op(struct linux_process *l, const uint64_t *a)
{
    uint32_t op = (uint32_t)a[5] >> 28, compare = (uint32_t)a[5] >> 24 & 15, old;
    uint32_t with = (uint32_t)signed_field(a[5], 12);
    if (op & 8) /* FUTEX_OP_OPARG_SHIFT */
        with = UINT32_C(1) << (with & 31);
    if (a[4] & 3)
        return -EINVAL;
    if (!guest_read_u32(l, a[4], &old))
        return -EFAULT;
    if ((op & 7) > 4 || compare > 5)
        return -ENOSYS;
    if (!guest_write_u32(l, a[4], wake_op_apply(op & 7, old, with)))
        return -EFAULT;
    int64_t woken = wake(l, a[0], (int32_t)a[2], ANY_BITS);
    if (wake_op_compare(compare, (int32_t)old, signed_field(a[5], 0)))
        woken += wake(l, a[4], (int32_t)a[3], ANY_BITS);
    return woken;
}

static int64_t begin_wait(struct linux_process *l, const uint64_t *a, uint32_t bits)
{
    struct thread_wait *w = &l->threads.current->wait;
    uint32_t value;
    if (!guest_read_u32(l, a[0], &value))
        return -EFAULT;
    if (value != (uint32_t)a[2])
        return -EAGAIN;
    w->futex_ea = a[0];
    w->futex_bits = bits;
    w->futex_turn = l->threads.futex_turns++;
    return 0;
}

static int64_t futex_wait(struct linux_process *l, const uint64_t *a, bool absolute, bool real,
                          uint32_t bits)
{
    struct thread_wait *w = &l->threads.current->wait;
    uint64_t ns = 0, now = real ? time_real_ns(l) : time_monotonic_ns(l);
    int64_t error;
    if (a[3] && !time_get_timespec(l, a[3], &ns, &error))
        return error;
    if (!l->threads.is_retry && (error = begin_wait(l, a, bits)) < 0)
        return error;
    if (w->woken)
        return 0;
    if (!a[3]) {
        time_wait_for_signal(l, "futex");
        return CALL_RESTART;
    }
    uint64_t left = !absolute ? ns : ns > now ? ns - now : 0;
    return time_sleep_until(l, time_monotonic_ns(l) + left) ? -ETIMEDOUT : -EINTR;
}

int64_t sys_futex(struct linux_process *l, const uint64_t *a)
{
    enum { WAIT, WAKE, FD, REQUEUE, CMP_REQUEUE, WAKE_OP, WAIT_BITSET = 9, WAKE_BITSET = 10 };
    const uint64_t private = 128, real_clock = 256;
    uint64_t command = a[1] & ~(private | real_clock);
    uint32_t value;
    if (a[0] & 3)
        return -EINVAL;
    switch (command) {
    case WAIT:
        return futex_wait(l, a, false, false, ANY_BITS);
    case WAIT_BITSET:
        return a[5] == 0 ? -EINVAL
                         : futex_wait(l, a, true, a[1] & real_clock, (uint32_t)a[5]);
    case WAKE:
        return wake(l, a[0], (int32_t)a[2], ANY_BITS);
    case WAKE_BITSET:
        return a[5] == 0 ? -EINVAL : wake(l, a[0], (int32_t)a[2], (uint32_t)a[5]);
    case REQUEUE:
        return requeue(l, a);
    case CMP_REQUEUE:
        if (!guest_read_u32(l, a[0], &value))
            return -EFAULT;
        return value != (uint32_t)a[5] ? -EAGAIN : requeue(l, a);
    case WAKE_OP:
        return wake_op(l, a);
    default:
        return -ENOSYS;
    }
}

/* A mutex that its owner takes to the grave: the next one to lock it is told. */
static void release_robust(struct linux_process *l, uint64_t ea)
{
    uint32_t value;
    ea &= l->cpu->ea_mask; /* the offset may be negative */
    if (ea & 3 || !guest_read_u32(l, ea, &value) ||
        (value & TID_BITS) != l->threads.current->tid)
        return;
    guest_write_u32(l, ea, (value & HAS_WAITERS) | OWNER_DIED);
    if (value & HAS_WAITERS)
        wake(l, ea, 1, ANY_BITS);
}

/* struct robust_list_head: the first entry, the offset from an entry to its futex, the entry whose
 * lock was just being taken. Bit 0 of an entry says that its mutex inherits priority. */
static void release_robust_list(struct linux_process *l)
{
    uint64_t head = l->threads.current->robust_list, word = l->image.is_64bit ? 8 : 4;
    uint64_t entry, offset, pending;
    if (!head || !guest_read_long(l, head, &entry) || !guest_read_long(l, head + word, &offset) ||
        !guest_read_long(l, head + 2 * word, &pending))
        return;
    for (uint32_t n = 0; n < ROBUST_LIMIT && (entry & ~UINT64_C(1)) != head; n++) {
        uint64_t at = entry & ~UINT64_C(1);
        bool more = guest_read_long(l, at, &entry);
        if (at != (pending & ~UINT64_C(1)))
            release_robust(l, at + offset);
        if (!more)
            return;
    }
    if (pending)
        release_robust(l, (pending & ~UINT64_C(1)) + offset);
}

void futex_thread_ends(struct linux_process *l)
{
    struct thread *t = l->threads.current;
    release_robust_list(l);
    if (t->clear_child_tid && l->threads.alive > 1) {
        guest_write_u32(l, t->clear_child_tid, 0);
        wake(l, t->clear_child_tid, 1, ANY_BITS);
    }
}
