/* The system call gate: looks the number up, puts arguments into shape, reports the result as
 * Linux/ppc64 does. */
#include <errno.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/linux/fd_object.h"
#include "sim/linux/internal.h"

#define MAX_ERRNO 4095

struct syscall_row {
    const char *name; /* NULL: no such number */
    int64_t (*handler)(struct linux_process *l, const uint64_t *a);
    const char *args;
    bool wide_time; /* struct timespec has 64-bit seconds, whatever the size of long */
};

static int64_t denied(struct linux_process *l, const uint64_t *a)
{
    (void)l, (void)a;
    return -EPERM;
}

static const struct syscall_row rows[SYSCALL_NUMBERS] = {
#define CALL(number, name, args) [number] = {#name, sys_##name, args, false},
#define NONE(number, name)       [number] = {#name, NULL, "", false},
#define DENY(number, name)       [number] = {#name, denied, "", false},
#include "sim/linux/syscall.def"
};

/* What a 32-bit program finds before it; empty rows leave the number to the table above. */
static const struct syscall_row rows_ppc32[SYSCALL_NUMBERS] = {
#define SAME(number, name, handler, args)   [number] = {#name, sys_##handler, args},
#define TIME64(number, name, handler, args) [number] = {#name, sys_##handler, args, true},
#include "sim/linux/syscall_ppc32.def"
#undef TIME64
#undef SAME
#undef CALL
#undef DENY
#undef NONE
};

static const struct syscall_row *find_row(bool is_64bit, uint64_t number)
{
    if (number >= SYSCALL_NUMBERS)
        return NULL;
    bool differs = !is_64bit && rows_ppc32[number].name;
    return differs ? &rows_ppc32[number] : &rows[number];
}

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

static uint64_t sign_extended(uint64_t value) { return (uint64_t)(int64_t)(int32_t)value; }

/* Registers hold 64 bits whatever the argument's type; what is above an int is not looked at. */
static void fetch_arguments(const struct cpu *s, const char *kinds, uint64_t *a)
{
    const uint64_t *r = &s->gpr[3];
    memset(a, 0, SYSCALL_ARGS * sizeof *a);
    for (uint32_t n = 0, at = 0; kinds[n]; n++, at++) {
        uint64_t value = r[at] & s->ea_mask;
        switch (kinds[n]) {
        case 'd':
            a[n] = sign_extended(value);
            break;
        case 'u':
            a[n] = (uint32_t)value;
            break;
        case 's':
            a[n] = s->is_64bit ? value : sign_extended(value);
            break;
        case 'L':
            at = (at + 1) & ~1u;
            a[n] = r[at] << 32 | (uint32_t)r[at + 1];
            at++;
            break;
        case 'P':
            a[n] = r[at + 1] << 32 | (uint32_t)value;
            at++;
            break;
        default:
            a[n] = value;
        }
    }
}

const char *linux_syscall_name(bool is_64bit, uint64_t number, bool *is_implemented)
{
    const struct syscall_row *row = find_row(is_64bit, number);
    *is_implemented = row && row->handler;
    return row ? row->name : NULL;
}

static int64_t unknown_call(struct linux_process *l, uint64_t number)
{
    const struct syscall_row *row = find_row(l->image.is_64bit, number);
    l->kernel->stats.unknown_syscalls++;
    if (number >= SYSCALL_NUMBERS) {
        number = SYSCALL_NUMBERS - 1; /* warned of once for all of them */
        if (!l->kernel->warned[number])
            log_warn("system call number out of range: ENOSYS");
    } else if (!l->kernel->warned[number]) {
        log_warn("system call %u (%s) is not implemented: ENOSYS", (unsigned)number,
                 row->name ? row->name : "no such call");
    }
    l->kernel->warned[number] = true;
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

int64_t syscall_refuse(struct linux_process *l, const char *what)
{
    l->kernel->stats.unknown_syscalls++;
    if (!l->kernel->refused)
        log_warn("%s is not implemented: ENOSYS", what);
    l->kernel->refused = true;
    return -ENOSYS;
}

/* A call that is made again after a wait is the same one. */
static void begin_call(struct linux_process *l)
{
    struct thread *t = thread_running(l);
    l->kernel->threads.is_retry = t->waiting;
    t->waiting = false;
    if (l->kernel->threads.is_retry)
        return;
    l->kernel->stats.syscalls++;
    thread_wait_clear(t);
}

void linux_syscall(struct linux_process *l)
{
    uint64_t number = l->cpu->gpr[0] & l->cpu->ea_mask, a[SYSCALL_ARGS];
    const struct syscall_row *row = find_row(l->image.is_64bit, number);
    int64_t result;
    begin_call(l);
    l->syscall_r3 = l->cpu->gpr[3];
    l->in_syscall = true;
    l->registers_set = false;
    timers_check(l);
    fd_objects_update(l->kernel);
    if (row && row->handler) {
        fetch_arguments(l->cpu, row->args, a);
        l->wide_time = l->image.is_64bit || row->wide_time;
        result = row->handler(l, a);
    } else {
        result = unknown_call(l, number);
    }
    if (!l->registers_set && !l->kernel->threads.must_wait)
        finish(l, result);
}
