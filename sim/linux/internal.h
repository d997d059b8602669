/* What the files of this folder share: the process's state, and functions that several kinds of
 * system call use. */
#ifndef SIM_LINUX_INTERNAL_H
#define SIM_LINUX_INTERNAL_H

#include "sim/base/rng.h"
#include "sim/linux/fd_table.h"
#include "sim/linux/guest_mem.h"
#include "sim/linux/linux.h"
#include "sim/linux/signal.h"
#include "sim/linux/thread.h"

#define SYSCALL_NUMBERS 512u
#define SYSCALL_ARGS    6u
#define NS_PER_SECOND   UINT64_C(1000000000)
#define CLOCK_TICKS     100u                /* AT_CLKTCK */
#define UPTIME_NS       (100 * NS_PER_SECOND) /* CLOCK_MONOTONIC at the program's start */
#define GUEST_PID       1000
#define GUEST_PARENT    1
#define STACK_GUARD     (UINT64_C(1) << 20) /* nothing is mapped so close below the stack's limit */
#define AUXV_MAX        32
#define RLIMITS         16
#define ITIMERS         3
#define TIMERS          (ITIMERS + 32) /* and those of timer_create */
#define TIMER_NEVER     UINT64_MAX
#define GUEST_RAM_BYTES (UINT64_C(4) << 30) /* as sysinfo and meminfo tell */
#define GUEST_RELEASE   "6.1.0-simulated"
#define GUEST_VERSION   "#1 SMP"

/* Results of system calls besides values and negative host errnos: interrupted, to be made again
 * unless a handler without SA_RESTART runs, or unless any handler runs. */
#define CALL_RESTART        (-512)
#define CALL_RESTART_NOHAND (-514)

struct guest_limit {
    uint64_t soft, hard; /* UINT64_MAX: none */
};

struct guest_timer {
    bool used;
    bool on_cpu_time;         /* or on the monotonic clock */
    uint64_t deadline_ns;     /* on that clock; 0: off */
    uint64_t interval_ns;
    uint64_t clock_offset_ns; /* of the clock it was made for, as the guest sees it */
    uint32_t overrun;
    struct signal_info signal; /* signo 0: none */
};

struct linux_process {
    /* Given. */
    struct process *process;
    struct mmu *mmu;
    struct cpu *cpu;
    struct linux_config config;
    struct program_image image;

    /* Address space. */
    uint64_t stack_top, stack_low; /* as mapped */
    uint64_t mmap_base;            /* mmap looks for room downwards from here */
    uint64_t brk_now;
    uint64_t sigtramp_ea;          /* code that calls a handler and returns from it */

    /* Files. */
    struct fd_table fds;
    int cwd_fd;
    uint32_t umask;
    uint32_t host_uid, host_gid;   /* shown to the guest as its own */

    /* Signals and time. */
    struct threads threads;
    struct signals signals;
    struct guest_timer timers[TIMERS]; /* ITIMER_REAL, _VIRTUAL, _PROF first */
    uint64_t slept_ns;             /* how far the guest's clocks are ahead of config.now_ns */

    /* The rest. */
    struct guest_limit limits[RLIMITS];
    uint64_t auxv[2 * AUXV_MAX];
    uint32_t auxv_words;
    char **argv, **envp;
    char *exe_name;                /* absolute, but without the host's directories in it */
    uint32_t fp_exceptions;        /* PR_SET_FPEXC */
    uint32_t personality;
    int32_t nice;
    struct rng rng;
    uint64_t syscall_r3;           /* r3 when the current system call was made, to make it again */
    bool in_syscall;
    bool wide_time;                /* struct timespec of the current call: two 64-bit numbers */
    bool registers_set;            /* by the current call itself (rt_sigreturn) */
    bool exited;
    int exit_status;
    struct linux_stats stats;
    bool warned[SYSCALL_NUMBERS], refused;
};

/* syscall.c */
void linux_syscall(struct linux_process *l);
/* Ends the process with all its threads. */
void linux_exit(struct linux_process *l, int status);
/* -ENOSYS for a part of a call, with a warning the first time. */
int64_t syscall_refuse(struct linux_process *l, const char *what);
/* Linux's number for a host errno; both positive. */
uint32_t guest_errno(int host);

/* emulate.c: carries out the instruction at nia, which the processor refused, and goes past it.
 * False: Linux does not know it either. */
bool emulate_instruction(struct linux_process *l);

/* stack.c */
bool stack_build(struct linux_process *l, struct err *e);
/* NULL with *e set when a quote is not closed. Ends with NULL; one block for free(). `first`
 * becomes word 0 unless NULL. */
char **words_split(const char *text, const char *first, struct err *e);
bool stack_set_limit(struct linux_process *l, uint64_t bytes);

/* sys_time.c */
uint64_t time_monotonic_ns(const struct linux_process *l);
uint64_t time_real_ns(const struct linux_process *l);
uint64_t time_cpu_ns(const struct linux_process *l);
/* The value of a guest clock; false when there is no such clock. */
bool time_read_clock(const struct linux_process *l, uint64_t clock, uint64_t *ns);
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
/* Raises the signals of timers that are due. */
void timers_check(struct linux_process *l);
/* When a timer would end a sleep (monotonic), or TIMER_NEVER. */
uint64_t timers_next_wake(const struct linux_process *l);

/* syscall.c: whether a host call was interrupted is told apart here. */
int64_t host_result(int64_t result);

/* A process or thread number as calls take it: zero is the caller. */
static inline bool process_is_self(const struct linux_process *l, uint64_t pid)
{
    return pid == 0 || pid == GUEST_PID || thread_find(l, pid);
}

/* sys_futex.c: of the running thread. */
void futex_thread_ends(struct linux_process *l);

/* sys_file.c: gives a new host descriptor (or -1 with errno) a guest number. */
int64_t fd_adopt(struct linux_process *l, int host, bool close_on_exec);
int64_t fcntl_duplicate(struct linux_process *l, uint64_t guest, uint64_t lowest, bool cloexec);

#define CALL(number, name, args) \
    int64_t sys_##name(struct linux_process *l, const uint64_t *a);
#define NONE(number, name)
#define SAME(number, name, handler, args)
#define TIME64(number, name, handler, args)
#include "sim/linux/syscall.def"
#include "sim/linux/syscall_ppc32.def"
#undef TIME64
#undef SAME
#undef CALL
#undef NONE

#endif
