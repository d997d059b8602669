/* A process: what it has of its own, and its place among the others (parents, groups, sessions,
 * the end of one and who is told). "Task" is short for it where "process" is the address space of
 * sim/mem. */
#ifndef SIM_LINUX_TASK_H
#define SIM_LINUX_TASK_H

#include "sim/linux/fd_table.h"
#include "sim/linux/linux.h"
#include "sim/linux/signal.h"

#define GUEST_PID    1000u /* of the first process */
#define GUEST_PARENT 1u    /* of it and of orphans: somebody outside */
#define AUXV_MAX     40
#define RLIMITS      16
#define ITIMERS      3
#define TIMERS       (ITIMERS + 32) /* and those of timer_create */

/* Results of system calls besides values and negative host errnos: interrupted, to be made again
 * unless a handler without SA_RESTART runs, or unless any handler runs. */
#define CALL_RESTART        (-512)
#define CALL_RESTART_NOHAND (-514)

/* The status that wait(2) reports. */
#define TASK_EXITED(status) (((uint32_t)(status) & 255) << 8)
#define TASK_KILLED(signo)  ((uint32_t)(signo) & 127)

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

/* A program as it was started; processes that fork has made of one share it. */
struct executable {
    uint32_t users;
    char **argv, **envp;       /* one block each */
    char *called;              /* as the call named it, or of a script the script: AT_EXECFN */
    char *name;                /* absolute, but without the host's directories in it */
    char *host_path;           /* to open it */
    int fd;                    /* that host_path stands for; -1: none is needed */
    uint64_t auxv[2 * AUXV_MAX];
    uint32_t auxv_words;
};

enum task_state { TASK_ALIVE, TASK_ZOMBIE, TASK_GONE };

struct linux_process {
    /* Given. */
    struct kernel *kernel;
    struct cpu *cpu;
    struct linux_config config;

    /* Its place. */
    uint32_t pid, group, session;
    struct linux_process *parent; /* NULL: somebody outside */
    struct thread *leader;
    uint32_t threads_alive;
    enum task_state state;
    uint32_t end_status;          /* as wait reports it */
    uint32_t exit_signal;         /* for the parent; 0: none */
    uint32_t vfork_waiter;        /* thread that waits for it to leave the address space; 0: none */
    uint32_t death_signal;        /* when the parent ends: PR_SET_PDEATHSIG */
    bool adopts;                  /* orphans below it: PR_SET_CHILD_SUBREAPER */
    bool has_started_program;     /* since it was made: setpgid by the parent comes too late */
    uint32_t stopped;             /* by this signal; 0: it runs */
    uint32_t stop_news;           /* likewise, and wait has not reported it yet */
    bool continue_news;

    /* The program and its memory. */
    struct address_space *space;
    struct process *process;      /* the space's */
    struct mmu *mmu;
    struct program_image image;
    struct executable *exe;

    /* Files. */
    struct fd_table fds;
    int cwd_fd;
    bool cwd_is_generated;        /* a directory below /proc or /sys: proc_dir.h */
    uint32_t umask;
    uint32_t host_uid, host_gid;  /* shown to the guest as its own */

    /* Signals and time. */
    struct signals signals;
    struct guest_timer timers[TIMERS]; /* ITIMER_REAL, _VIRTUAL, _PROF first */
    uint64_t cpu_ns;              /* up to its last turn */
    uint64_t children_cpu_ns;     /* of those that were waited for */

    /* The rest. */
    struct guest_limit limits[RLIMITS];
    uint32_t fp_exceptions;       /* PR_SET_FPEXC */
    uint32_t personality;
    int32_t nice;

    /* The current system call. */
    uint64_t syscall_r3;          /* r3 when it was made, to make it again */
    bool in_syscall;
    bool wide_time;               /* its struct timespec: two 64-bit numbers */
    bool registers_set;           /* by the call itself (rt_sigreturn) */
};

/* A child of the running process, alone with the thread that `leader` becomes; what the flags of
 * clone ask for is up to the caller. NULL when there are too many threads. */
struct linux_process *task_fork(struct linux_process *parent, bool shares_space);
void task_add(struct kernel *k, struct linux_process *l);
/* One that has not been waited for yet; NULL. */
struct linux_process *task_find(const struct kernel *k, uint64_t pid);
/* The same as calls name it: by the number of any of its threads, or zero for the caller. */
struct linux_process *task_named(struct linux_process *l, uint64_t id);
/* The next member of a group (0: any process) behind `after` (NULL: the first one); NULL. */
struct linux_process *task_next(const struct kernel *k, uint32_t group,
                                const struct linux_process *after);

/* Ends it with all its threads; `status` as wait reports it. */
void task_end(struct linux_process *l, uint32_t status);
/* Has left the address space that a vfork lent it. */
void task_end_vfork(struct linux_process *l);
void task_stop(struct linux_process *l, uint32_t signo);
void task_continue(struct linux_process *l);
/* Is a stop by this signal possible? Not where nobody could let it go on. */
bool task_may_stop(const struct linux_process *l, uint32_t signo);
/* After wait: it is no more. */
void task_reap(struct linux_process *l);
/* Frees those that are no more and do not run. */
void tasks_remove_gone(struct kernel *k);
/* What is still there long after the first process has ended. */
void tasks_end_orphans(struct kernel *k);
void tasks_free(struct kernel *k);

/* Files were cut, or moved in the host's memory: no process may use what it has borrowed. */
void tasks_discard_borrowed(struct kernel *k);

/* program.c: lets the process begin l->exe in its address space, which holds nothing else. */
void program_start(struct linux_process *l);
void program_release(struct executable *x);

#endif
