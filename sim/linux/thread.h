/* The threads of all processes and who of them runs. One runs at a time on a core: its registers
 * are in struct cpu and, while the kernel works for that core, its signal state in its struct
 * linux_process, those of the others in struct thread. Turns go round in the order in which
 * threads were made, after a time slice or when a thread has to wait; nothing depends on the
 * host's time, so a run repeats.
 *
 * A system call that has to wait is not left half done: the thread is set aside in front of its
 * `sc`, and the call is made again when there is a reason to. thread.waiting is true until then. */
#ifndef SIM_LINUX_THREAD_H
#define SIM_LINUX_THREAD_H

#include <stddef.h>

#include "sim/isa/state.h"
#include "sim/linux/signal.h"

struct ipc_object;
struct kernel;
struct linux_process;
struct pollfd;

#define THREADS_MAX   4096u /* of all processes */
#define WAIT_FOR_EVER UINT64_MAX
#define SCHED_RESET   UINT32_C(0x40000000) /* in a policy: not for children */
/* Everything that a thread has of a processor lies in front of the reservation. */
#define THREAD_REGISTERS offsetof(struct cpu, reservation)

/* A futex that several processes know is named by its place in a file, another one by its address
 * space and address (device 0). */
struct futex_key {
    uint64_t device, inode_or_space, offset_or_ea;
};

/* What a call waits for, beside signals; kept from its first try to the last. */
struct thread_wait {
    uint64_t until_ns;     /* monotonic; WAIT_FOR_EVER */
    uint64_t signals;      /* of this set, even blocked ones end the wait (sigtimedwait) */
    bool on_host;          /* for what only a look at the host can tell: `fds`, or trying again */
    bool looked;           /* and that has been done since anything else ran */
    struct pollfd *fds;    /* owned */
    uint32_t fd_count;
    bool on_futex;
    struct futex_key futex;
    uint32_t futex_bits;
    uint64_t futex_turn;   /* who waits longest is woken first */
    struct ipc_object *ipc; /* until it changes */
    uint32_t semaphore;    /* of that set, */
    bool for_zero;         /* for which to become zero, or for more of it */
    bool for_child;        /* for one to end, stop or go on */
    uint32_t vfork_child;  /* to end or to start another program: no signal ends this wait */
    bool woken;            /* by another thread's call */
    int held_fd;           /* of the host, closed if the wait comes to nothing; 0: none */
    uint64_t written;      /* bytes of a write that are done; of recvmmsg, messages */
    uint64_t call_until_ns; /* of recvmmsg, select and their like: the end of their time */
};

struct thread {
    uint32_t tid;
    struct linux_process *process;
    bool waiting;
    struct thread_wait wait;
    bool ended;
    bool runs;                        /* on some core */
    uint64_t affinity;                /* cores that it may run on, a bit each */
    uint32_t policy, priority;        /* of scheduling, as set */
    uint32_t io_priority;
    uint32_t memory_policy, memory_nodes; /* as set */
    uint64_t clear_child_tid, robust_list;
    char name[16];                    /* PR_SET_NAME */
    /* While another thread runs. */
    uint8_t registers[THREAD_REGISTERS];
    bool fp_exceptions_enabled;
    uint32_t fp_exceptions;
    uint64_t blocked, saved_mask;
    bool has_saved_mask;
    struct signal_stack alt;
};

/* Part of struct kernel. */
struct threads {
    struct thread **all; /* in the order of their turns */
    uint32_t count, room;
    uint32_t alive;
    struct thread *current; /* of the active core; NULL: it is idle */
    uint32_t next_tid;     /* processes are numbered by it as well */
    uint64_t futex_turns;  /* waits so far */
    uint64_t slice_end_ns; /* of the active core, in terms of now_ns */
    bool is_retry;         /* the current call is made again after a wait */
    bool must_wait;        /* the current call cannot go on */
    bool gives_way;        /* sched_yield */
    bool warned;           /* that all wait for ever */
};

/* thread.c */
/* The first of a process, which is given its number: with the registers of the running thread, to
 * run after all others. NULL when there are too many. */
struct thread *thread_create_leader(struct linux_process *l);
/* Another one of the running process; the same. */
struct thread *thread_create(struct linux_process *l);
void threads_free(struct kernel *k);
/* Frees what has ended and is not needed any more. */
void threads_remove_ended(struct kernel *k);
/* One of the process's threads that has not ended; NULL. */
struct thread *thread_find(const struct linux_process *l, uint64_t tid);
/* The same of any process. */
struct thread *thread_find_any(const struct kernel *k, uint64_t tid);
/* Ends the running thread, and with the last one the process. */
void thread_exit(struct linux_process *l, int status);
/* Ends all of a process but one, which may be NULL. */
void threads_end_others(struct linux_process *l, const struct thread *but);
/* Exchanges what the processor and the process hold of the running thread. */
void thread_save(struct linux_process *l, struct thread *t);
void thread_load(struct linux_process *l, const struct thread *t);
/* The signal state alone: its registers have not left their core. */
void thread_load_signals(struct linux_process *l, const struct thread *t);
void thread_wait_clear(struct thread *t);

/* schedule.c */
/* Is there another thread that a wait of the running one must not hold up? */
bool threads_share(const struct linux_process *l);
/* For a call that cannot go on: true when it may, because the time has come or (check signal_waits)
 * a signal has. False: the call has to return at once, and is made again later. */
bool thread_wait_until(struct linux_process *l, uint64_t until_ns);
/* What to look at in the host before the call of a thread that waits is made again. None: it is
 * made again every millisecond. */
void thread_wait_on(struct linux_process *l, const struct pollfd *fds, uint32_t count);
/* For one host descriptor: 0 when reading or writing (POLLIN, POLLOUT) does not block, or nobody
 * else is held up; otherwise what the call has to return. */
int64_t thread_wait_for_host(struct linux_process *l, int fd, short events);

/* Before going back to the guest: another thread's turn when the running one waits, has ended,
 * gives way or has had its time slice. False when the running one simply goes on. */
bool thread_schedule(struct kernel *k);
/* The active core, which is idle, runs the first thread that can go on there; false: there is
 * none. */
bool thread_take_ready(struct kernel *k);

#endif
