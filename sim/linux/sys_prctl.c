/* prctl: the options that make sense without privileges. */
#include <errno.h>
#include <string.h>

#include "sim/linux/internal.h"

enum prctl_option {
    SET_PDEATHSIG = 1, GET_PDEATHSIG = 2, GET_DUMPABLE = 3, SET_DUMPABLE = 4, GET_UNALIGN = 5,
    SET_UNALIGN = 6, GET_KEEPCAPS = 7, GET_FPEMU = 9, GET_FPEXC = 11, SET_FPEXC = 12,
    GET_TIMING = 13, SET_NAME = 15, GET_NAME = 16, GET_ENDIAN = 19, SET_ENDIAN = 20,
    GET_SECCOMP = 21, CAPBSET_READ = 23, GET_SECUREBITS = 27, SET_TIMERSLACK = 29,
    GET_TIMERSLACK = 30, SET_CHILD_SUBREAPER = 36, GET_CHILD_SUBREAPER = 37,
    SET_NO_NEW_PRIVS = 38, GET_NO_NEW_PRIVS = 39, GET_TID_ADDRESS = 40,
    SET_THP_DISABLE = 41, GET_THP_DISABLE = 42,
};
#define FPEXC_SW_ENABLE UINT64_C(0x80)
#define FPEXC_SW_BITS   UINT64_C(0x1f0000)
#define TIMER_SLACK_NS  50000
#define LAST_CAPABILITY 40 /* CAP_CHECKPOINT_RESTORE, Linux 5.9 */

static int64_t put_u32(struct linux_process *l, uint64_t ea, uint32_t value)
{
    return guest_write_u32(l, ea, value) ? 0 : -EFAULT;
}

/* The software-enabled kind is for processors with SPE. */
static int64_t set_fp_exceptions(struct linux_process *l, uint64_t mode)
{
    if (mode & (FPEXC_SW_ENABLE | FPEXC_SW_BITS) || mode > 3)
        return -EINVAL;
    l->fp_exceptions = (uint32_t)mode;
    l->cpu->fp_exceptions_enabled = mode != 0; /* the imprecise modes are as precise as the other */
    return 0;
}

static int64_t set_name(struct linux_process *l, uint64_t ea)
{
    char name[sizeof thread_running(l)->name] = {0};
    int64_t r = guest_string(l, ea, name, sizeof name);
    if (r == -EFAULT)
        return r;
    name[sizeof name - 1] = 0;
    memcpy(thread_running(l)->name, name, sizeof name);
    return 0;
}

/* Options that nothing depends on here: the same answer in every process. */
static int64_t answer_alike(const uint64_t *a)
{
    switch ((enum prctl_option)a[0]) {
    case GET_DUMPABLE:
        return 1;
    case GET_TIMERSLACK:
        return TIMER_SLACK_NS;
    case SET_NO_NEW_PRIVS:
        return a[1] == 1 ? 0 : -EINVAL;
    case CAPBSET_READ:
        return a[1] <= LAST_CAPABILITY ? 1 : -EINVAL;
    case SET_DUMPABLE:
    case SET_UNALIGN:
    case SET_TIMERSLACK:
    case SET_THP_DISABLE:
    case GET_KEEPCAPS:
    case GET_TIMING:
    case GET_SECCOMP:
    case GET_SECUREBITS:
    case GET_NO_NEW_PRIVS:
    case GET_THP_DISABLE:
        return 0;
    default:
        return -EINVAL;
    }
}

int64_t sys_prctl(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = thread_running(l);
    switch ((enum prctl_option)a[0]) {
    case SET_NAME:
        return set_name(l, a[1]);
    case GET_NAME:
        return guest_write(l, a[1], t->name, sizeof t->name) ? 0 : -EFAULT;
    case GET_FPEXC:
        return put_u32(l, a[1], l->fp_exceptions);
    case SET_FPEXC:
        return set_fp_exceptions(l, a[1]);
    case GET_ENDIAN:
        return put_u32(l, a[1], l->image.big_endian ? 0 : 1);
    case SET_ENDIAN:
        return a[1] == (l->image.big_endian ? 0 : 1) ? 0 : -EINVAL;
    case SET_PDEATHSIG:
        if (a[1] > SIGNALS)
            return -EINVAL;
        l->death_signal = (uint32_t)a[1];
        return 0;
    case GET_PDEATHSIG:
        return put_u32(l, a[1], l->death_signal);
    case SET_CHILD_SUBREAPER:
        l->adopts = a[1];
        return 0;
    case GET_CHILD_SUBREAPER:
        return put_u32(l, a[1], l->adopts);
    case GET_UNALIGN:
        return put_u32(l, a[1], 0);
    case GET_TID_ADDRESS:
        return guest_write_long(l, a[1], t->clear_child_tid) ? 0 : -EFAULT;
    default:
        return answer_alike(a);
    }
}
