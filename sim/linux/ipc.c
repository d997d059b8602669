#include "sim/linux/ipc.h"

#include <errno.h>
#include <stdlib.h>

#include "sim/base/err.h"
#include "sim/linux/internal.h"

#define PRIVATE_KEY 0

int64_t ipc_now_s(const struct linux_process *l)
{
    return (int64_t)(time_real_ns(l) / NS_PER_SECOND);
}

bool ipc_is_owner(const struct linux_process *l, const struct ipc_object *o)
{
    uint32_t uid = l->config.keys->uid;
    return uid == 0 || uid == o->uid || uid == o->creator_uid;
}

/* There is one user, but the mode may keep even the owner out. */
static bool may_access(const struct linux_process *l, const struct ipc_object *o, uint32_t access)
{
    uint32_t shift = ipc_is_owner(l, o) ? 6 : l->config.keys->gid == o->gid ? 3 : 0;
    return l->config.keys->uid == 0 || !(access & ~(o->mode >> shift));
}

static bool is_waited_for(const struct kernel *k, const struct ipc_object *o)
{
    for (uint32_t n = 0; n < k->threads.count; n++)
        if (!k->threads.all[n]->ended && k->threads.all[n]->wait.ipc == o)
            return true;
    return false;
}

static void free_object(struct ipc_object *o)
{
    o->release(o);
    free(o);
}

static void free_removed(struct kernel *k)
{
    for (struct ipc_object **at = &k->ipc.removed, *o; (o = *at);) {
        if (is_waited_for(k, o)) {
            at = &o->next_removed;
            continue;
        }
        *at = o->next_removed;
        free_object(o);
    }
}

struct ipc_object *ipc_of_key(struct linux_process *l, enum ipc_kind kind, uint64_t key,
                              uint64_t flags, int64_t *error)
{
    struct ipc_table *t = &l->kernel->ipc;
    free_removed(l->kernel);
    *error = 0;
    for (uint32_t n = 0; (int32_t)key != PRIVATE_KEY && n < t->count; n++) {
        struct ipc_object *o = t->all[n];
        if (o->kind != kind || o->key != (int32_t)key)
            continue;
        uint32_t asked = (uint32_t)(flags >> 6 | flags >> 3 | flags) & 7;
        if (flags & GUEST_IPC_CREAT && flags & GUEST_IPC_EXCL)
            *error = -EEXIST;
        else if (!may_access(l, o, asked))
            *error = -EACCES;
        return *error ? NULL : o;
    }
    if ((int32_t)key != PRIVATE_KEY && !(flags & GUEST_IPC_CREAT))
        *error = -ENOENT;
    else if (ipc_count(l->kernel, kind) >= IPC_OBJECTS_MAX)
        *error = -ENOSPC;
    return NULL;
}

int64_t ipc_add(struct linux_process *l, struct ipc_object *o, enum ipc_kind kind, uint64_t key,
                uint64_t flags)
{
    struct ipc_table *t = &l->kernel->ipc;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 8;
        t->all = xrealloc(t->all, t->room * sizeof *t->all);
    }
    t->all[t->count++] = o;
    o->kind = kind;
    o->key = (int32_t)key;
    o->id = t->next_id[kind]++;
    o->uid = o->creator_uid = l->config.keys->uid;
    o->gid = o->creator_gid = l->config.keys->gid;
    o->mode = flags & 0777;
    o->changed_s = ipc_now_s(l);
    return o->id;
}

struct ipc_object *ipc_of_id(struct linux_process *l, enum ipc_kind kind, uint64_t id,
                             uint32_t access, int64_t *error)
{
    struct ipc_table *t = &l->kernel->ipc;
    for (uint32_t n = 0; n < t->count; n++) {
        if (t->all[n]->kind != kind || t->all[n]->id != (int32_t)id)
            continue;
        *error = may_access(l, t->all[n], access) ? 0 : -EACCES;
        return *error ? NULL : t->all[n];
    }
    struct ipc_object *seen = thread_running(l)->wait.ipc;
    *error = seen ? 0 : -EINVAL;
    return seen;
}

struct ipc_object *ipc_of_index(const struct kernel *k, enum ipc_kind kind, uint64_t index)
{
    for (uint32_t n = 0; n < k->ipc.count; n++)
        if (k->ipc.all[n]->kind == kind && index-- == 0)
            return k->ipc.all[n];
    return NULL;
}

uint32_t ipc_count(const struct kernel *k, enum ipc_kind kind)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < k->ipc.count; n++)
        count += k->ipc.all[n]->kind == kind;
    return count;
}

void ipc_remove(struct kernel *k, struct ipc_object *o)
{
    struct ipc_table *t = &k->ipc;
    uint32_t kept = 0;
    ipc_wake(k, o);
    for (uint32_t n = 0; n < t->count; n++)
        if (t->all[n] != o)
            t->all[kept++] = t->all[n];
    t->count = kept;
    o->removed = true;
    o->next_removed = t->removed;
    t->removed = o;
    free_removed(k);
}

int64_t ipc_wait(struct linux_process *l, struct ipc_object *o, uint64_t until_ns,
                 int64_t interrupted)
{
    struct thread_wait *w = &thread_running(l)->wait;
    if (o->removed)
        return -EIDRM;
    w->ipc = o;
    w->woken = false;
    if (until_ns != WAIT_FOR_EVER)
        return time_sleep_until(l, until_ns) ? -EAGAIN : interrupted;
    time_wait_for_signal(l, "System V IPC");
    return interrupted;
}

void ipc_wake(struct kernel *k, const struct ipc_object *o)
{
    for (uint32_t n = 0; n < k->threads.count; n++) {
        struct thread *t = k->threads.all[n];
        if (!t->ended && t->waiting && t->wait.ipc == o)
            t->wait.woken = true;
    }
}

void ipc_process_ends(struct linux_process *l)
{
    sem_undo_all(l);
    shm_sweep(l->kernel);
}

void ipc_free(struct kernel *k)
{
    for (uint32_t n = 0; n < k->ipc.count; n++)
        free_object(k->ipc.all[n]);
    for (struct ipc_object *o; (o = k->ipc.removed); free_object(o))
        k->ipc.removed = o->next_removed;
    free(k->ipc.all);
}

void ipc_put_perm(struct wire *w, const struct ipc_object *o)
{
    const uint32_t words[] = {(uint32_t)o->key, o->uid, o->gid, o->creator_uid, o->creator_gid,
                              o->mode, 0, 0}; /* then the number's generation, padding */
    for (uint32_t n = 0; n < sizeof words / sizeof words[0]; n++)
        wire_put(w, 4, words[n]);
    wire_zero(w, IPC_PERM_BYTES - sizeof words);
}

/* 32-bit programs have the high word in front of the low one. */
void ipc_put_time(struct wire *w, int64_t seconds)
{
    if (!w->is_64bit)
        wire_put(w, 4, (uint64_t)seconds >> 32);
    wire_put_long(w, (uint64_t)seconds);
}

int64_t ipc_set_perm(struct linux_process *l, struct ipc_object *o, uint64_t ea)
{
    struct wire w;
    if (!wire_load(&w, l, ea, IPC_PERM_BYTES))
        return -EFAULT;
    if (!ipc_is_owner(l, o))
        return -EPERM;
    wire_get(&w, 4); /* the key stays */
    o->uid = (uint32_t)wire_get(&w, 4);
    o->gid = (uint32_t)wire_get(&w, 4);
    wire_get(&w, 4);
    wire_get(&w, 4);
    o->mode = (o->mode & ~0777u) | (wire_get(&w, 4) & 0777);
    o->changed_s = ipc_now_s(l);
    return 0;
}
