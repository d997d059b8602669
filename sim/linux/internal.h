/* What the files of this folder share: functions that several kinds of system call use. */
#ifndef SIM_LINUX_INTERNAL_H
#define SIM_LINUX_INTERNAL_H

#include "sim/linux/guest_mem.h"
#include "sim/linux/kernel.h"
#include "sim/linux/space.h"
#include "sim/linux/task.h"

#define SYSCALL_ARGS    6u
#define NS_PER_SECOND   UINT64_C(1000000000)
#define CLOCK_TICKS     100u                /* AT_CLKTCK */
#define UPTIME_NS       (100 * NS_PER_SECOND) /* CLOCK_MONOTONIC at the program's start */
#define STACK_GUARD     (UINT64_C(1) << 20) /* nothing is mapped so close below the stack's limit */
#define TIMER_NEVER     UINT64_MAX
#define GUEST_RAM_BYTES (UINT64_C(4) << 30) /* as sysinfo and meminfo tell */
#define GUEST_RELEASE   "6.1.0-simulated"
#define GUEST_VERSION   "#1 SMP"

/* Results of system calls besides values and negative host errnos: interrupted, to be made again
 * unless a handler without SA_RESTART runs, or unless any handler runs. */
#define CALL_RESTART        (-512)
#define CALL_RESTART_NOHAND (-514)

/* syscall.c */
void linux_syscall(struct linux_process *l);
/* -ENOSYS for a part of a call, with a warning the first time. */
int64_t syscall_refuse(struct linux_process *l, const char *what);
/* Linux's number for a host errno; both positive. */
uint32_t guest_errno(int host);

/* emulate.c: carries out the instruction at nia, which the processor refused, and goes past it.
 * False: Linux does not know it either. */
bool emulate_instruction(struct linux_process *l);

/* stack.c: maps and fills the stack of the program in l->exe. */
void stack_build(struct linux_process *l);
/* Bytes of its stack that the strings and vectors take. */
uint64_t stack_words_bytes(char *const *argv, char *const *envp);
/* words.c: NULL with *e set when a quote is not closed. Ends with NULL; one block for free().
 * `first` becomes word 0 unless NULL. */
char **words_split(const char *text, const char *first, struct err *e);
bool stack_set_limit(struct linux_process *l, uint64_t bytes);

/* sys_time.c */
uint64_t time_now_ns(const struct linux_process *l); /* of simulation: config.now_ns */
uint64_t time_monotonic_ns(const struct linux_process *l);
uint64_t time_real_ns(const struct linux_process *l);
uint64_t time_cpu_ns(const struct linux_process *l);
/* The value of a guest clock; false when there is no such clock. */
bool time_read_clock(struct linux_process *l, uint64_t clock, uint64_t *ns);
/* Moves the guest's clock to `until_ns` (monotonic). False: a signal that has to be handled came
 * first. */
bool time_sleep_until(struct linux_process *l, uint64_t until_ns);
/* Waits for a signal: true when one is there; false when only the host can end the wait (its own
 * signal came). */
bool time_wait_for_signal(struct linux_process *l, const char *what);
/* A struct timespec; false and *error (-EFAULT, -EINVAL) when it is bad. */
bool time_get_timespec(struct linux_process *l, uint64_t ea, uint64_t *ns, int64_t *error);
/* Bytes of a struct timespec of the current call. */
static inline uint32_t time_spec_bytes(const struct linux_process *l)
{
    return l->wide_time ? 16 : 8;
}
bool time_put_timespec(struct linux_process *l, uint64_t ea, uint64_t ns);
bool time_put_timeval(struct linux_process *l, uint64_t ea, uint64_t ns);

/* sys_timer.c */
void timers_init(struct linux_process *l);
/* Raises the signals of timers that are due, of all processes. */
void timers_check(struct linux_process *l);
/* When a timer of any process would end a sleep (monotonic), or TIMER_NEVER. */
uint64_t timers_next_wake(const struct kernel *k);

/* syscall.c: whether a host call was interrupted is told apart here. */
int64_t host_result(int64_t result);

static inline struct thread *thread_running(const struct linux_process *l)
{
    return l->kernel->threads.current;
}

/* sys_mem.c: room for a new mapping, at `ea` unless that is zero; or a negative errno. What is
 * there may be replaced, or is -EEXIST. */
int64_t mem_room(const struct linux_process *l, uint64_t ea, uint64_t bytes, bool replace);

/* 0 when a range begins with a page and lies in the user's half; *bytes becomes whole pages. */
int64_t mem_check_range(const struct linux_process *l, uint64_t ea, uint64_t *bytes);
bool mem_is_mapped(const struct linux_process *l, uint64_t ea, uint64_t bytes); /* all of it */

/* sys_proc.c: a struct rusage. */
bool rusage_put(struct linux_process *l, uint64_t ea, uint64_t cpu_ns, bool own);

/* sys_futex.c: what a thread leaves locked, and who waits for its end. */
void futex_thread_ends(struct thread *t);

/* sys_file.c: gives a new host descriptor (or -1 with errno) a guest number. */
int64_t fd_adopt(struct linux_process *l, int host, bool close_on_exec);
/* As close does; false when there is no such descriptor. */
bool fd_drop(struct linux_process *l, uint64_t guest);
int64_t fcntl_duplicate(struct linux_process *l, uint64_t guest, uint64_t lowest, bool cloexec);

#define CALL(number, name, args) \
    int64_t sys_##name(struct linux_process *l, const uint64_t *a);
#define NONE(number, name)
#define DENY(number, name)
#define SAME(number, name, handler, args)
#define TIME64(number, name, handler, args)
#include "sim/linux/syscall.def"
#include "sim/linux/syscall_ppc32.def"
#undef TIME64
#undef SAME
#undef CALL
#undef DENY
#undef NONE

#endif
