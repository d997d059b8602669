/* System V semaphores. An operation on several of them happens as a whole or not at all; who waits
 * tries again whenever the set changes, in the order of turns. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/linux/internal.h"
#include "sim/linux/ipc.h"

/* Linux's limits. */
#define SEMAPHORES_MAX 32000u /* of a set */
#define VALUE_MAX      32767
#define OPERATIONS_MAX 500u

enum { FLAG_UNDO = 010000 };

struct semaphore {
    int32_t value;
    uint32_t pid; /* of the last operation */
};

/* What a process gives back at its end, for each semaphore. */
struct undo {
    const struct linux_process *owner;
    int32_t *adjust;
    struct undo *next;
};

struct sem_set {
    struct ipc_object object;
    uint32_t count;
    struct semaphore *semaphores;
    int64_t used_s;
    struct undo *undos;
};

struct operation {
    uint32_t semaphore;
    int32_t change;
    uint32_t flags;
};

static void release(struct ipc_object *o)
{
    struct sem_set *s = (struct sem_set *)o;
    while (s->undos) {
        struct undo *next = s->undos->next;
        free(s->undos->adjust);
        free(s->undos);
        s->undos = next;
    }
    free(s->semaphores);
}

static struct sem_set *set_of(struct linux_process *l, uint64_t id, uint32_t access, int64_t *error)
{
    return (struct sem_set *)ipc_of_id(l, IPC_KIND_SEM, id, access, error);
}

int64_t sys_semget(struct linux_process *l, const uint64_t *a)
{
    int64_t error, count = (int64_t)a[1];
    if (count < 0 || count > SEMAPHORES_MAX)
        return -EINVAL;
    struct ipc_object *o = ipc_of_key(l, IPC_KIND_SEM, a[0], a[2], &error);
    if (o)
        return count > ((struct sem_set *)o)->count ? -EINVAL : o->id;
    if (error)
        return error;
    if (!count)
        return -EINVAL;
    struct sem_set *s = xcalloc(1, sizeof *s);
    s->object.release = release;
    s->count = (uint32_t)count;
    s->semaphores = xcalloc(s->count, sizeof *s->semaphores);
    return ipc_add(l, &s->object, IPC_KIND_SEM, a[0], a[2]);
}

static int32_t *adjustments(struct linux_process *l, struct sem_set *s)
{
    struct undo *u = s->undos;
    while (u && u->owner != l)
        u = u->next;
    if (!u) {
        u = xmalloc(sizeof *u);
        *u = (struct undo){l, xcalloc(s->count, sizeof *u->adjust), s->undos};
        s->undos = u;
    }
    return u->adjust;
}

void sem_undo_all(struct linux_process *l)
{
    for (uint32_t n = 0; n < l->kernel->ipc.count; n++) {
        struct sem_set *s = (struct sem_set *)l->kernel->ipc.all[n];
        struct undo **at = &s->undos, *u;
        if (s->object.kind != IPC_KIND_SEM)
            continue;
        while (*at && (*at)->owner != l)
            at = &(*at)->next;
        if (!(u = *at))
            continue;
        *at = u->next;
        for (uint32_t m = 0; m < s->count; m++) {
            int32_t value = s->semaphores[m].value + u->adjust[m];
            s->semaphores[m].value = value < 0 ? 0 : value > VALUE_MAX ? VALUE_MAX : value;
            if (u->adjust[m])
                s->semaphores[m].pid = l->pid;
        }
        free(u->adjust);
        free(u);
        ipc_wake(l->kernel, &s->object);
    }
}

/* -EAGAIN: the caller has to wait for this semaphore. */
static int64_t apply_one(struct linux_process *l, struct sem_set *s, const struct operation *o)
{
    int32_t *value = &s->semaphores[o->semaphore].value;
    if (o->change ? *value + o->change < 0 : *value != 0)
        return -EAGAIN;
    if (*value + o->change > VALUE_MAX)
        return -ERANGE;
    if (o->flags & FLAG_UNDO) {
        int32_t *adjust = &adjustments(l, s)[o->semaphore];
        if (*adjust - o->change > VALUE_MAX || *adjust - o->change < -VALUE_MAX - 1)
            return -ERANGE;
        *adjust -= o->change;
    }
    *value += o->change;
    return 0;
}

static void take_back(struct linux_process *l, struct sem_set *s, const struct operation *o)
{
    s->semaphores[o->semaphore].value -= o->change;
    if (o->flags & FLAG_UNDO)
        adjustments(l, s)[o->semaphore] += o->change;
}

/* All of them, or none and which of them was not possible. */
static int64_t apply(struct linux_process *l, struct sem_set *s, const struct operation *o,
                     uint32_t count, uint32_t *failed)
{
    for (uint32_t n = 0; n < count; n++) {
        int64_t r = apply_one(l, s, &o[n]);
        if (r == 0)
            continue;
        *failed = n;
        while (n-- > 0)
            take_back(l, s, &o[n]);
        return r;
    }
    return 0;
}

static void finish(struct linux_process *l, struct sem_set *s, const struct operation *o,
                   uint32_t count)
{
    bool changed = false;
    for (uint32_t n = 0; n < count; n++) {
        s->semaphores[o[n].semaphore].pid = l->pid;
        changed = changed || o[n].change;
    }
    s->used_s = ipc_now_s(l);
    if (changed)
        ipc_wake(l->kernel, &s->object);
}

static int64_t operate(struct linux_process *l, struct sem_set *s, const struct operation *o,
                       uint32_t count, uint64_t until_ns)
{
    uint32_t failed = 0;
    for (uint32_t n = 0; n < count; n++)
        if (o[n].semaphore >= s->count)
            return -EFBIG;
    int64_t r = apply(l, s, o, count, &failed);
    if (r == 0)
        finish(l, s, o, count);
    if (r != -EAGAIN || o[failed].flags & GUEST_IPC_NOWAIT)
        return r;
    struct thread_wait *w = &thread_running(l)->wait;
    w->semaphore = o[failed].semaphore;
    w->for_zero = o[failed].change == 0;
    return ipc_wait(l, &s->object, until_ns, -EINTR);
}

static bool get_operations(struct linux_process *l, uint64_t ea, struct operation *o,
                           uint32_t count, bool *alters)
{
    struct wire w;
    if (!wire_load(&w, l, ea, count * 6))
        return false;
    *alters = false;
    for (uint32_t n = 0; n < count; n++) {
        o[n].semaphore = (uint32_t)wire_get(&w, 2);
        o[n].change = (int16_t)wire_get(&w, 2);
        o[n].flags = (uint32_t)wire_get(&w, 2);
        *alters = *alters || o[n].change;
    }
    return true;
}

/* A zero address of the time limit: none. */
int64_t sys_semtimedop(struct linux_process *l, const uint64_t *a)
{
    struct operation o[OPERATIONS_MAX];
    uint64_t ns = 0;
    int64_t error;
    bool alters;
    if (a[2] == 0)
        return -EINVAL;
    if (a[2] > OPERATIONS_MAX)
        return -E2BIG;
    if (a[3] && !time_get_timespec(l, a[3], &ns, &error))
        return error;
    if (!get_operations(l, a[1], o, (uint32_t)a[2], &alters))
        return -EFAULT;
    struct sem_set *s = set_of(l, a[0], alters ? IPC_MAY_WRITE : IPC_MAY_READ, &error);
    if (!s)
        return error;
    return operate(l, s, o, (uint32_t)a[2], a[3] ? time_monotonic_ns(l) + ns : WAIT_FOR_EVER);
}

static int64_t waiters(const struct linux_process *l, const struct sem_set *s, uint32_t semaphore,
                       bool for_zero)
{
    int64_t count = 0;
    for (uint32_t n = 0; n < l->kernel->threads.count; n++) {
        const struct thread *t = l->kernel->threads.all[n];
        count += !t->ended && t->waiting && !t->wait.woken && t->wait.ipc == &s->object &&
                 t->wait.semaphore == semaphore && t->wait.for_zero == for_zero;
    }
    return count;
}

/* Nobody gives back what he has taken from a semaphore that was set since. */
static void forget_adjustments(struct sem_set *s, uint32_t semaphore)
{
    for (struct undo *u = s->undos; u; u = u->next)
        u->adjust[semaphore] = 0;
}

static void set_value(struct linux_process *l, struct sem_set *s, uint32_t semaphore, int32_t value)
{
    s->semaphores[semaphore] = (struct semaphore){value, l->pid};
    s->object.changed_s = ipc_now_s(l);
    forget_adjustments(s, semaphore);
    ipc_wake(l->kernel, &s->object);
}

/* The values of all, 16 bits each. */
static int64_t copy_values(struct linux_process *l, struct sem_set *s, uint64_t ea, bool set)
{
    struct wire w;
    for (uint32_t from = 0; from < s->count; from += WIRE_BYTES / 2) {
        uint32_t n = (uint32_t)min_u64(s->count - from, WIRE_BYTES / 2);
        wire_init(&w, l);
        if (set && !wire_load(&w, l, ea + 2 * from, 2 * n))
            return -EFAULT;
        for (uint32_t m = from; m < from + n; m++) {
            uint64_t value = set ? wire_get(&w, 2) : 0;
            if (value > VALUE_MAX)
                return -ERANGE;
            if (set)
                set_value(l, s, m, (int32_t)value);
            else
                wire_put(&w, 2, (uint64_t)s->semaphores[m].value);
        }
        if (!set && !wire_store(&w, l, ea + 2 * from))
            return -EFAULT;
    }
    return 0;
}

/* struct semid64_ds */
static int64_t put_status(struct linux_process *l, const struct sem_set *s, uint64_t ea)
{
    struct wire w;
    wire_init(&w, l);
    ipc_put_perm(&w, &s->object);
    ipc_put_time(&w, s->used_s);
    ipc_put_time(&w, s->object.changed_s);
    wire_put_long(&w, s->count);
    wire_put_long(&w, 0);
    wire_put_long(&w, 0);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

/* struct seminfo; of SEM_INFO two members say what is in use. */
static int64_t put_info(struct linux_process *l, uint64_t ea, bool usage)
{
    const struct ipc_object *o;
    uint32_t sets = ipc_count(l->kernel, IPC_KIND_SEM), all = 0;
    for (uint32_t n = 0; (o = ipc_of_index(l->kernel, IPC_KIND_SEM, n)); n++)
        all += ((const struct sem_set *)o)->count;
    const uint32_t total = IPC_OBJECTS_MAX * SEMAPHORES_MAX;
    const uint32_t words[] = {total, IPC_OBJECTS_MAX, total, total, SEMAPHORES_MAX,
                              OPERATIONS_MAX, OPERATIONS_MAX, usage ? sets : 20, VALUE_MAX,
                              usage ? all : VALUE_MAX};
    struct wire w;
    wire_init(&w, l);
    for (uint32_t n = 0; n < ARRAY_LEN(words); n++)
        wire_put(&w, 4, words[n]);
    return wire_store(&w, l, ea) ? (int64_t)(sets ? sets - 1 : 0) : -EFAULT;
}

enum command { GET_PID = 11, GET_VALUE, GET_ALL, GET_WAITERS, GET_ZERO_WAITERS, SET_VALUE, SET_ALL,
               STAT_INDEX, INFO, STAT_ANY };

static int64_t control_one(struct linux_process *l, struct sem_set *s, const uint64_t *a)
{
    if (a[1] >= s->count)
        return -EINVAL;
    const struct semaphore *one = &s->semaphores[a[1]];
    /* union semun as it is passed: its int is the first half of a big-endian long */
    bool high = l->image.big_endian && l->image.is_64bit;
    int32_t value = (int32_t)(high ? a[3] >> 32 : a[3]);
    switch (a[2]) {
    case GET_PID:
        return one->pid;
    case GET_VALUE:
        return one->value;
    case GET_WAITERS:
    case GET_ZERO_WAITERS:
        return waiters(l, s, (uint32_t)a[1], a[2] == GET_ZERO_WAITERS);
    default:
        if (value < 0 || value > VALUE_MAX)
            return -ERANGE;
        set_value(l, s, (uint32_t)a[1], value);
        return 0;
    }
}

static int64_t control_set(struct linux_process *l, struct sem_set *s, const uint64_t *a)
{
    switch (a[2]) {
    case GET_ALL:
    case SET_ALL:
        return copy_values(l, s, a[3], a[2] == SET_ALL);
    case GUEST_IPC_STAT:
        return put_status(l, s, a[3]);
    case GUEST_IPC_SET:
        return ipc_set_perm(l, &s->object, a[3]);
    case GUEST_IPC_RMID:
        if (!ipc_is_owner(l, &s->object))
            return -EPERM;
        ipc_remove(l->kernel, &s->object);
        return 0;
    default:
        return -EINVAL;
    }
}

static int64_t status_by_index(struct linux_process *l, const uint64_t *a)
{
    const struct ipc_object *o = ipc_of_index(l->kernel, IPC_KIND_SEM, a[0]);
    if (!o)
        return -EINVAL;
    int64_t r = put_status(l, (const struct sem_set *)o, a[3]);
    return r < 0 ? r : o->id;
}

int64_t sys_semctl(struct linux_process *l, const uint64_t *a)
{
    int64_t error;
    if (a[2] == GUEST_IPC_INFO || a[2] == INFO)
        return put_info(l, a[3], a[2] == INFO);
    if (a[2] == STAT_INDEX || a[2] == STAT_ANY)
        return status_by_index(l, a);
    bool alters = a[2] == SET_VALUE || a[2] == SET_ALL;
    bool reads = (a[2] >= GET_PID && a[2] <= GET_ZERO_WAITERS) || a[2] == GUEST_IPC_STAT;
    struct sem_set *s =
        set_of(l, a[0], alters ? IPC_MAY_WRITE : reads ? IPC_MAY_READ : 0u, &error);
    if (!s)
        return error;
    bool one = a[2] >= GET_PID && a[2] <= SET_VALUE && a[2] != GET_ALL;
    return one ? control_one(l, s, a) : control_set(l, s, a);
}
