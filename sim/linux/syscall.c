/* The system call gate: looks the number up, puts arguments into shape, reports the result as
 * Linux/ppc64 does. */
#include <errno.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/linux/internal.h"

#define MAX_ERRNO 4095

struct syscall_row {
    const char *name; /* NULL: no such number */
    int64_t (*handler)(struct linux_process *l, const uint64_t *a);
    const char *args;
};

static const struct syscall_row rows[SYSCALL_NUMBERS] = {
#define CALL(number, name, args) [number] = {#name, sys_##name, args},
#define NONE(number, name)       [number] = {#name, NULL, ""},
#include "sim/linux/syscall.def"
#undef CALL
#undef NONE
};

uint32_t guest_errno(int host)
{
    switch (host) {
#define ERRNO(name, number)                                                                        \
    case name:                                                                                     \
        return number;
#include "sim/linux/errno.def"
#undef ERRNO
    default:
        return 5; /* EIO: the host has no better word that Linux knows */
    }
}

int64_t host_result(int64_t result)
{
    if (result >= 0)
        return result;
    return errno == EINTR ? CALL_RESTART : -errno;
}

/* Registers hold 64 bits whatever the argument's type; what is above an int is not looked at. */
static void fetch_arguments(const struct cpu *s, const char *kinds, uint64_t *a)
{
    uint64_t mask = s->ea_mask;
    for (uint32_t n = 0; n < 6; n++)
        a[n] = s->gpr[3 + n] & mask;
    for (uint32_t n = 0; kinds[n]; n++) {
        if (kinds[n] == 'd')
            a[n] = (uint64_t)(int64_t)(int32_t)(uint32_t)a[n];
        else if (kinds[n] == 'u')
            a[n] = (uint32_t)a[n];
    }
}

static int64_t unknown_call(struct linux_process *l, uint64_t number)
{
    l->stats.unknown_syscalls++;
    if (number >= SYSCALL_NUMBERS) {
        number = SYSCALL_NUMBERS - 1; /* warned of once for all of them */
        if (!l->warned[number])
            log_warn("system call number out of range: ENOSYS");
    } else if (!l->warned[number]) {
        log_warn("system call %u (%s) is not implemented: ENOSYS", (unsigned)number,
                 rows[number].name ? rows[number].name : "no such call");
    }
    l->warned[number] = true;
    return -ENOSYS;
}

static void finish(struct linux_process *l, int64_t result)
{
    struct cpu *s = l->cpu;
    if (result == CALL_RESTART || result == CALL_RESTART_NOHAND) {
        l->signals.restart = (int)result; /* settled when signals are delivered */
        return;
    }
    if (result < 0 && result >= -MAX_ERRNO) {
        s->gpr[3] = guest_errno((int)-result);
        s->cr[0] |= CR_SO;
    } else {
        s->gpr[3] = (uint64_t)result;
        s->cr[0] &= (uint8_t)~CR_SO;
    }
}

void linux_syscall(struct linux_process *l)
{
    uint64_t number = l->cpu->gpr[0], a[6];
    const struct syscall_row *row = number < SYSCALL_NUMBERS ? &rows[number] : NULL;
    int64_t result;
    l->stats.syscalls++;
    l->syscall_r3 = l->cpu->gpr[3];
    l->in_syscall = true;
    l->registers_set = false;
    timers_check(l);
    if (row && row->handler) {
        fetch_arguments(l->cpu, row->args, a);
        result = row->handler(l, a);
    } else {
        result = unknown_call(l, number);
    }
    if (!l->registers_set)
        finish(l, result);
}
