/* User processes under a model of Linux for ppc64le, ppc64 (ELFv1) and 32-bit ppc, as each
 * program's image says: system calls, signals, the initial stack, simulated time. It stands below
 * the executor (linux_system) and uses host files for the guest's; nothing else of the host reaches
 * the guest: time comes from the creator's clock, identity and environment from the configuration,
 * /proc is synthesised.
 *
 * The first process, made here, may make others, of other programs too; all of them share the
 * cores of one processor, each of which carries a thread at a time (thread.h, cores.h), so a run
 * repeats bit for bit. Its end gives the exit status. What it leaves behind runs on until it has
 * ended or only waits; then the run is over.
 *
 * Calls that are not implemented answer ENOSYS with one warning per number. Sleeping never sleeps
 * the host: it moves the guest's clock on. Interval timers are looked at whenever a system call is
 * made and when the executor polls: run up to linux_next_deadline_ns, then call exec_interrupt. */
#ifndef SIM_LINUX_LINUX_H
#define SIM_LINUX_LINUX_H

#include "sim/base/err.h"
#include "sim/base/roots.h"
#include "sim/exec/step.h"
#include "sim/mem/image.h"
#include "sim/mem/process.h"
#include "sim/schema/config.h"

#define LINUX_DEFAULT_ENV "PATH=/usr/local/bin:/usr/bin:/bin HOME=/ LANG=C"

/* [workload]: what runs. Words of `args` and `env` are separated by blanks; '...', "..." and \
 * quote as in a shell. */
#define WORKLOAD_KEYS(X, o)                                                                        \
    X(o, STR, program, "", "", "", "program to run; also argv[0] and AT_EXECFN, as written here")  \
    X(o, STR, sysroot, "", "", "",                                                                 \
      "directory in which absolute paths are looked for first: libraries, /etc, programs")         \
    X(o, STR, root, "", "", "",                                                                    \
      "directory that all of its files are confined to, as by chroot; program and cwd lie in it")  \
    X(o, STR, args, "", "", "", "its arguments, blanks separate, quotes as in a shell")            \
    X(o, STR, env, LINUX_DEFAULT_ENV, "", "", "its whole environment: NAME=value words")           \
    X(o, STR, input, "", "", "", "file that is its standard input; empty: the simulator's own")    \
    X(o, STR, cwd, "", "", "", "its working directory; empty: the simulator's, or root's top")     \
    X(o, SIZE, stack_size, "8MiB", "128KiB", "64MiB", "limit of its stack (RLIMIT_STACK)")         \
    X(o, SIZE, page_size, "64KiB", "4KiB", "64KiB", "the kernel's page, 4KiB or 64KiB")            \
    X(o, CHOICE, large_pages, "no", "no|2MiB", "",                                                 \
      "2MiB: aligned stretches of that size of anonymous memory are one page to TLBs")             \
    X(o, U64, seed, "1", "", "", "of all that is random: getrandom, /dev/urandom, darn")           \
    X(o, U64, epoch, "1700000000", "1000000", "4000000000",                                        \
      "clock at the start, seconds since 1970")                                                    \
    X(o, U32, uid, "1000", "", "", "user that the program runs as, in its own eyes")               \
    X(o, U32, gid, "1000", "", "", "its group")

#define LINUX_STATS(X, o)                                                                          \
    X(o, syscalls, COUNT, "system calls made")                                                     \
    X(o, unknown_syscalls, COUNT, "system calls answered with ENOSYS")                             \
    X(o, signals, COUNT, "signals delivered to handlers or ending the program")                    \
    X(o, processes, COUNT, "processes, the program's own included")                               \
    X(o, orphans, COUNT, "processes that still waited when nothing else was left of the run")     \
    X(o, page_faults, COUNT, "system pages touched for the first time, or copied after a fork")   \
    X(o, resident_bytes, BYTES, "guest memory that exists in the host")

struct workload_keys {
    WORKLOAD_KEYS(KEY_MEMBER, workload_keys)
};
struct linux_stats {
    LINUX_STATS(STAT_MEMBER, linux_stats)
};
extern const struct key_row workload_key_rows[];
extern const struct stat_row linux_stat_rows[];

struct linux_process;
struct processor;

struct linux_config {
    const struct workload_keys *keys; /* kept by reference, as are all members */
    const struct config *config;      /* where they are from, for messages; NULL: not known */
    /* the host file behind keys->program; opens of /proc/self/exe read it */
    const char *program_path;
    /* keys->program interprets this script, with this argument in front of it; NULL: none */
    const char *script, *script_argument;
    const struct roots *roots;        /* NULL: the host's file system as it is */
    uint64_t time_slice_ns;           /* of a thread, when there are several */
    /* replace keys->args when not NULL; end with NULL; without argv[0] */
    const char *const *args;
    const struct processor *processor; /* what the auxiliary vector and /proc/cpuinfo tell */
    struct program_image image;       /* mapped into the address space already */
    uint64_t (*now_ns)(void *ctx);    /* simulated time since the start; never goes back */
    /* Asked before a signal is delivered to the first process: the one to deliver instead, 0 for
     * none. For debuggers; NULL: nobody is asked. */
    uint32_t (*filter_signal)(void *ctx, uint32_t signo);
    /* Maps a program of that host path, called `name`, into an empty address space, as the first
     * one was: 0 or a negative errno of execve. NULL: there are no other programs. */
    int64_t (*load)(void *ctx, const char *host_path, const char *name, struct process *process,
                    struct program_image *image);
    /* Of a processor with several cores: how many, and their registers, the first one's included.
     * Until linux_use_all_cores the first one carries all threads. */
    uint32_t core_count;          /* 0 and 1: one, and what follows is not needed */
    struct cpu *const *cpus;
    /* A core has nothing to execute until told otherwise; it has to poll soon. */
    void (*set_idle)(void *ctx, uint32_t core, bool is_idle);
    void (*interrupt)(void *ctx, uint32_t core);
    void *ctx;
};

/* Maps the stack, sets the thread's registers to the program's start and gives it time base and
 * random numbers. Ignores the host's SIGPIPE and SIGXFSZ, which become the guest's. Takes over
 * the address space and the code that the processor is attached to, if any: both are gone after
 * linux_destroy. NULL with *e set, and nothing taken over: bad words in `args` or `env`, unreadable
 * `input`. The result is the first process; it stands for all of them below. */
struct linux_process *linux_create(struct process *process, struct cpu *cpu,
                                   const struct linux_config *config, struct err *e);
void linux_destroy(struct linux_process *l);

/* For exec_init. */
struct exec_system linux_system(struct linux_process *l);

/* Sends the process a signal, as kill(2) would; it is delivered when the executor polls. */
void linux_raise(struct linux_process *l, uint32_t signo);

/* The name of a system call of 64-bit or 32-bit programs, NULL when there is none of that
 * number. */
const char *linux_syscall_name(bool is_64bit, uint64_t number, bool *is_implemented);

bool linux_has_exited(const struct linux_process *l); /* and all that it has left behind */
bool linux_is_running(const struct linux_process *l); /* it has the processor */
/* As a shell reports it: the program's own, or 128 + N when signal N ended it. */
int linux_exit_status(const struct linux_process *l);

/* The address space of which cpu.asid is the number; NULL when there is none any more. */
const struct process *linux_address_space(const struct linux_process *l, uint32_t asid);

/* When the next interval timer fires or a time slice ends, in terms of now_ns; UINT64_MAX: never.
 */
uint64_t linux_next_deadline_ns(const struct linux_process *l);

/* The same for one of several cores. */
uint64_t linux_core_deadline_ns(const struct linux_process *l, uint32_t core);

/* From now on threads run on all cores. */
void linux_use_all_cores(struct linux_process *l);

/* Brought up to date by the call; the address never changes. */
const struct linux_stats *linux_update_stats(struct linux_process *l);

#endif
