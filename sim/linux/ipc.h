/* System V shared memory, semaphores and message queues: what the three kinds of object have in
 * common. They belong to the run, not to a process, and the host's own are never seen. */
#ifndef SIM_LINUX_IPC_H
#define SIM_LINUX_IPC_H

#include <stdbool.h>
#include <stdint.h>

struct kernel;
struct linux_process;
struct wire;

enum ipc_kind { IPC_KIND_SHM, IPC_KIND_SEM, IPC_KIND_MSG, IPC_KINDS };
/* Flags and commands as the guest has them. */
enum { GUEST_IPC_CREAT = 01000, GUEST_IPC_EXCL = 02000, GUEST_IPC_NOWAIT = 04000 };
enum { GUEST_IPC_RMID, GUEST_IPC_SET, GUEST_IPC_STAT, GUEST_IPC_INFO };
enum { IPC_MAY_READ = 4, IPC_MAY_WRITE = 2 };

/* First member of each kind's own struct, which is one block for free() after its release. */
struct ipc_object {
    enum ipc_kind kind;
    int32_t key, id;
    uint32_t uid, gid, creator_uid, creator_gid, mode;
    int64_t changed_s;                      /* guest's clock, seconds since 1970 */
    void (*release)(struct ipc_object *o);  /* what it owns */
    bool removed;                           /* but somebody has waited for it and will look */
    struct ipc_object *next_removed;
};

/* Part of struct kernel. */
struct ipc_table {
    struct ipc_object **all; /* in the order in which they were made */
    uint32_t count, room;
    int32_t next_id[IPC_KINDS];
    struct ipc_object *removed;
};

#define IPC_OBJECTS_MAX 32000u /* of each kind */

/* What shmget, semget and msgget begin with: the object of that key; NULL with *error 0 when it has
 * to be made, otherwise with a negative errno. */
struct ipc_object *ipc_of_key(struct linux_process *l, enum ipc_kind kind, uint64_t key,
                              uint64_t flags, int64_t *error);
/* Takes a new one over and numbers it; the caller has filled in what is its own kind's. */
int64_t ipc_add(struct linux_process *l, struct ipc_object *o, enum ipc_kind kind, uint64_t key,
                uint64_t flags);
/* By its number, for one who wants this kind of access (0: none is asked for). NULL with *error. */
struct ipc_object *ipc_of_id(struct linux_process *l, enum ipc_kind kind, uint64_t id,
                             uint32_t access, int64_t *error);
/* By its place in the table, as ipcs(1) goes through it; NULL. */
struct ipc_object *ipc_of_index(const struct kernel *k, enum ipc_kind kind, uint64_t index);
uint32_t ipc_count(const struct kernel *k, enum ipc_kind kind);
/* Who waits for it tries once more, as what he waits for may have happened before, and is then told
 * that it is gone. */
void ipc_remove(struct kernel *k, struct ipc_object *o);

/* The caller waits until the object changes, at most until `until_ns` (monotonic); the result is
 * for the call to return: `interrupted` after a signal, -EAGAIN when the time is over, -EIDRM when
 * the object is. */
int64_t ipc_wait(struct linux_process *l, struct ipc_object *o, uint64_t until_ns,
                 int64_t interrupted);
/* Everybody who waits for it tries again. */
void ipc_wake(struct kernel *k, const struct ipc_object *o);
void ipc_process_ends(struct linux_process *l);
void ipc_free(struct kernel *k);

/* Guest's struct ipc64_perm, its pairs of longs for times, IPC_SET's part of it. */
#define IPC_PERM_BYTES 48u
void ipc_put_perm(struct wire *w, const struct ipc_object *o);
void ipc_put_time(struct wire *w, int64_t seconds);
int64_t ipc_set_perm(struct linux_process *l, struct ipc_object *o, uint64_t ea);
bool ipc_is_owner(const struct linux_process *l, const struct ipc_object *o);
int64_t ipc_now_s(const struct linux_process *l);

/* sys_sem.c: gives back what the process has taken with SEM_UNDO. */
void sem_undo_all(struct linux_process *l);
/* sys_shm.c: frees segments that were removed and that no process has attached any more. */
void shm_sweep(struct kernel *k);
#endif
