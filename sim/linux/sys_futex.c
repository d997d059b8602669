/* Futexes, and what the threads library leaves in the kernel for the end of a thread. */
#include <errno.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/mem/file_source.h"

#define ANY_BITS     UINT32_MAX
#define ROBUST_LIMIT 2048 /* entries looked at, as Linux: the list may be circular */
#define TID_BITS     UINT32_C(0x3fffffff)
#define OWNER_DIED   UINT32_C(0x40000000)
#define HAS_WAITERS  UINT32_C(0x80000000)

int64_t sys_set_tid_address(struct linux_process *l, const uint64_t *a)
{
    thread_running(l)->clear_child_tid = a[0];
    return thread_running(l)->tid;
}

int64_t sys_set_robust_list(struct linux_process *l, const uint64_t *a)
{
    uint64_t head_bytes = l->image.is_64bit ? 24 : 12;
    if (a[1] != head_bytes)
        return -EINVAL;
    thread_running(l)->robust_list = a[0];
    return 0;
}

int64_t sys_get_robust_list(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = a[0] ? thread_find_any(l->kernel, a[0]) : thread_running(l);
    if (!t)
        return -ESRCH;
    return guest_write_long(l, a[2], l->image.is_64bit ? 24 : 12) &&
                   guest_write_long(l, a[1], t->robust_list)
               ? 0
               : -EFAULT;
}

static struct futex_key key_of(const struct linux_process *l, uint64_t ea)
{
    struct futex_key key = {0, l->space->id, ea};
    const struct area *a = process_area_at(l->process, ea);
    if (a && a->start <= ea && a->source && a->source->borrow)
        file_source_identify(a->source, a->source_offset + (ea - a->start), &key.device,
                             &key.inode_or_space, &key.offset_or_ea);
    return key;
}

static bool is_same(const struct futex_key *a, const struct futex_key *b)
{
    return a->device == b->device && a->inode_or_space == b->inode_or_space &&
           a->offset_or_ea == b->offset_or_ea;
}

/* Who has waited longest at `ea` for one of these bits; NULL. */
static struct thread *first_waiter(struct linux_process *l, uint64_t ea, uint32_t bits)
{
    const struct threads *g = &l->kernel->threads;
    struct futex_key key = key_of(l, ea);
    struct thread *first = NULL;
    for (uint32_t n = 0; n < g->count; n++) {
        struct thread *t = g->all[n];
        if (!t->ended && t->waiting && t->wait.on_futex && t->wait.futex_bits & bits &&
            is_same(&t->wait.futex, &key) &&
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
        t->wait.on_futex = false;
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
        t->wait.futex = key_of(l, a[4]);
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
    struct thread_wait *w = &thread_running(l)->wait;
    uint32_t value;
    if (!guest_read_u32(l, a[0], &value))
        return -EFAULT;
    if (value != (uint32_t)a[2])
        return -EAGAIN;
    w->on_futex = true;
    w->futex = key_of(l, a[0]);
    w->futex_bits = bits;
    w->futex_turn = l->kernel->threads.futex_turns++;
    return 0;
}

static int64_t futex_wait(struct linux_process *l, const uint64_t *a, bool absolute, bool real,
                          uint32_t bits)
{
    struct thread_wait *w = &thread_running(l)->wait;
    uint64_t ns = 0, now = real ? time_real_ns(l) : time_monotonic_ns(l);
    int64_t error;
    if (a[3] && !time_get_timespec(l, a[3], &ns, &error))
        return error;
    if (!l->kernel->threads.is_retry && (error = begin_wait(l, a, bits)) < 0)
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

/* Locks that inherit priority hold their owner's number, or zero. All priorities are equal here, so
 * that only the hand-over differs from other futexes. 0: the caller has the lock. */
static int64_t take_pi(struct linux_process *l, uint64_t ea)
{
    uint32_t value, self = thread_running(l)->tid;
    if (!guest_read_u32(l, ea, &value))
        return -EFAULT;
    uint32_t owner = value & TID_BITS;
    if (owner == self)
        return l->kernel->threads.is_retry ? 0 : -EDEADLK;
    if (owner)
        return thread_find_any(l->kernel, owner) ? -EAGAIN : -ESRCH;
    value |= self | (first_waiter(l, ea, ANY_BITS) ? HAS_WAITERS : 0);
    return guest_write_u32(l, ea, value) ? 0 : -EFAULT;
}

/* The time is absolute. */
static int64_t lock_pi(struct linux_process *l, const uint64_t *a, bool real)
{
    struct thread_wait *w = &thread_running(l)->wait;
    uint64_t ns, now = real ? time_real_ns(l) : time_monotonic_ns(l), value;
    uint32_t word;
    int64_t error, r = take_pi(l, a[0]);
    if (r != -EAGAIN)
        return r;
    if (a[3] && !time_get_timespec(l, a[3], &ns, &error))
        return error;
    if (!guest_read_u32(l, a[0], &word) || !guest_write_u32(l, a[0], word | HAS_WAITERS))
        return -EFAULT;
    value = word | HAS_WAITERS;
    w->woken = false;
    if (!w->on_futex && (r = begin_wait(l, (uint64_t[]){a[0], 0, value}, ANY_BITS)) < 0)
        return r;
    if (!a[3]) {
        time_wait_for_signal(l, "futex");
        return CALL_RESTART;
    }
    uint64_t left = ns > now ? ns - now : 0;
    return time_sleep_until(l, time_monotonic_ns(l) + left) ? -ETIMEDOUT : CALL_RESTART;
}

/* The one who waits longest has the lock at once. */
static int64_t unlock_pi(struct linux_process *l, uint64_t ea)
{
    uint32_t value;
    if (!guest_read_u32(l, ea, &value))
        return -EFAULT;
    if ((value & TID_BITS) != thread_running(l)->tid)
        return -EPERM;
    const struct thread *next = first_waiter(l, ea, ANY_BITS);
    wake(l, ea, 1, ANY_BITS);
    value = next ? next->tid : 0;
    if (next && first_waiter(l, ea, ANY_BITS))
        value |= HAS_WAITERS;
    return guest_write_u32(l, ea, value) ? 0 : -EFAULT;
}

int64_t sys_futex(struct linux_process *l, const uint64_t *a)
{
    enum { WAIT, WAKE, FD, REQUEUE, CMP_REQUEUE, WAKE_OP, LOCK_PI, UNLOCK_PI, TRYLOCK_PI,
           WAIT_BITSET, WAKE_BITSET, LOCK_PI2 = 13 };
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
    case LOCK_PI:
    case LOCK_PI2:
        return lock_pi(l, a, command == LOCK_PI || a[1] & real_clock);
    case TRYLOCK_PI:
        return take_pi(l, a[0]);
    case UNLOCK_PI:
        return unlock_pi(l, a[0]);
    default:
        return -ENOSYS;
    }
}

/* A mutex that its owner takes to the grave: the next one to lock it is told. */
static void release_robust(const struct thread *t, uint64_t ea)
{
    struct linux_process *l = t->process;
    uint32_t value;
    if (!l->image.is_64bit)
        ea = (uint32_t)ea; /* the offset may be negative */
    if (ea & 3 || !guest_read_u32(l, ea, &value) || (value & TID_BITS) != t->tid)
        return;
    guest_write_u32(l, ea, (value & HAS_WAITERS) | OWNER_DIED);
    if (value & HAS_WAITERS)
        wake(l, ea, 1, ANY_BITS);
}

/* struct robust_list_head: the first entry, the offset from an entry to its futex, the entry whose
 * lock was just being taken. Bit 0 of an entry says that its mutex inherits priority. */
static void release_robust_list(const struct thread *t)
{
    struct linux_process *l = t->process;
    uint64_t head = t->robust_list, word = l->image.is_64bit ? 8 : 4;
    uint64_t entry, offset, pending;
    if (!head || !guest_read_long(l, head, &entry) || !guest_read_long(l, head + word, &offset) ||
        !guest_read_long(l, head + 2 * word, &pending))
        return;
    for (uint32_t n = 0; n < ROBUST_LIMIT && (entry & ~UINT64_C(1)) != head; n++) {
        uint64_t at = entry & ~UINT64_C(1);
        bool more = guest_read_long(l, at, &entry);
        if (at != (pending & ~UINT64_C(1)))
            release_robust(t, at + offset);
        if (!more)
            return;
    }
    if (pending)
        release_robust(t, (pending & ~UINT64_C(1)) + offset);
}

void futex_thread_ends(struct thread *t)
{
    struct linux_process *l = t->process;
    release_robust_list(t);
    if (t->clear_child_tid && (l->threads_alive > 1 || l->space->users > 1)) {
        guest_write_u32(l, t->clear_child_tid, 0);
        wake(l, t->clear_child_tid, 1, ANY_BITS);
    }
}
