/* Record locks (fcntl F_SETLK and its like): they belong to a process and a file. The host knows
 * but one process, so those of the guest's are kept here, and the host is told of all of them
 * together: other programs of the host meet them, as long as no guest process closes the file.
 * Deadlocks of waiting processes are not looked for. */
#ifndef SIM_LINUX_LOCKS_H
#define SIM_LINUX_LOCKS_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>

struct kernel;
struct linux_process;

struct record_lock {
    const struct linux_process *owner;
    uint64_t device, inode;
    int64_t start, end; /* end is exclusive */
    short type;         /* F_RDLCK, F_WRLCK */
};

/* Part of struct kernel. */
struct record_locks {
    struct record_lock *all;
    uint32_t count, room;
};

/* F_GETLK, F_SETLK or, without waiting, F_SETLKW: 0, or a negative errno, -EAGAIN when somebody is
 * in the way. *lock has the host's values and is relative to the descriptor as usual; the answer of
 * F_GETLK counts from the start. */
int64_t locks_control(struct linux_process *l, int host, int command, struct flock *lock);
/* Before the process closes a descriptor: all its locks on that file go. */
void locks_file_closes(struct linux_process *l, int host);
/* The end of a process. */
void locks_forget(struct kernel *k, const struct linux_process *owner);

#endif
