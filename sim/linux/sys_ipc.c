/* ipc: all System V calls in one, as the C library makes them on PowerPC. */
#include <errno.h>

#include "sim/linux/internal.h"
#include "sim/linux/ipc.h"

#define IPC_64 UINT64_C(0x100) /* in commands: not the structures of before Linux 2.4 */

static int64_t control(struct linux_process *l, const uint64_t *a,
                       int64_t (*call)(struct linux_process *, const uint64_t *))
{
    if (!(a[2] & IPC_64))
        return syscall_refuse(l, "ipc with the structures of Linux 2.2");
    return call(l, (uint64_t[]){a[1], a[2] & ~IPC_64, a[4]});
}

static int64_t control_semaphores(struct linux_process *l, const uint64_t *a)
{
    uint64_t argument;
    if (!a[4])
        return -EINVAL;
    if (!guest_read_long(l, a[4], &argument))
        return -EFAULT;
    return sys_semctl(l, (uint64_t[]){a[1], a[2], a[3] & ~IPC_64, argument});
}

/* Version 0 has the buffer's address and the type in a structure. */
static int64_t receive(struct linux_process *l, const uint64_t *a)
{
    uint64_t buffer = a[4], type = a[5], word = l->image.is_64bit ? 8 : 4;
    if (a[0] >> 16 == 0 &&
        (!guest_read_long(l, a[4], &buffer) || !guest_read_long(l, a[4] + word, &type)))
        return -EFAULT;
    if (!l->image.is_64bit)
        type = (uint64_t)(int32_t)type;
    return sys_msgrcv(l, (uint64_t[]){a[1], buffer, a[2], type, a[3]});
}

static int64_t attach(struct linux_process *l, const uint64_t *a)
{
    int64_t at = sys_shmat(l, (uint64_t[]){a[1], a[4], a[2]});
    if (at < 0)
        return at;
    return guest_write_long(l, a[3], (uint64_t)at) ? 0 : -EFAULT;
}

/* a: call, first, second, third, pointer, fifth. */
int64_t sys_ipc(struct linux_process *l, const uint64_t *a)
{
    enum { SEMOP = 1, SEMGET, SEMCTL, SEMTIMEDOP, MSGSND = 11, MSGRCV, MSGGET, MSGCTL, SHMAT = 21,
           SHMDT, SHMGET, SHMCTL };
    switch (a[0] & 0xffff) {
    case SEMOP:
        return sys_semtimedop(l, (uint64_t[]){a[1], a[4], a[2], 0});
    case SEMTIMEDOP:
        return sys_semtimedop(l, (uint64_t[]){a[1], a[4], a[2], a[5]});
    case SEMGET:
        return sys_semget(l, (uint64_t[]){a[1], a[2], a[3]});
    case SEMCTL:
        return control_semaphores(l, a);
    case MSGSND:
        return sys_msgsnd(l, (uint64_t[]){a[1], a[4], a[2], a[3]});
    case MSGRCV:
        return receive(l, a);
    case MSGGET:
        return sys_msgget(l, a + 1);
    case MSGCTL:
        return control(l, a, sys_msgctl);
    case SHMAT:
        return attach(l, a);
    case SHMDT:
        return sys_shmdt(l, a + 4);
    case SHMGET:
        return sys_shmget(l, a + 1);
    case SHMCTL:
        return control(l, a, sys_shmctl);
    default:
        return -ENOSYS;
    }
}
