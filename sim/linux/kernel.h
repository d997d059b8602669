/* What all processes of a run share: the table of processes, whose turn it is, time, what is
 * counted. Each core carries one thread at a time; see cores.h. */
#ifndef SIM_LINUX_KERNEL_H
#define SIM_LINUX_KERNEL_H

#include "sim/base/rng.h"
#include "sim/linux/cores.h"
#include "sim/linux/inotify.h"
#include "sim/linux/ipc.h"
#include "sim/linux/linux.h"
#include "sim/linux/locks.h"
#include "sim/linux/thread.h"

#define SYSCALL_NUMBERS 512u

struct address_space;
struct fd_object;
struct socket_binding;

struct kernel {
    struct cpu *cpu;              /* of the active core, as what says so below */
    struct kernel_cores cores;
    struct phys *phys;
    struct linux_process *first;  /* the program's own: its end is the run's result */
    struct linux_process **tasks; /* in the order in which they were made, zombies included */
    uint32_t task_count, task_room;
    struct threads threads;
    bool over;                    /* nothing is left to run */

    struct address_space *entered; /* that the active core runs in */
    struct address_space *dead;    /* to be freed when no instruction of theirs is in flight */
    uint32_t next_space;
    uint64_t dead_page_faults;     /* of address spaces that are gone */

    struct record_locks locks;
    struct ipc_table ipc;

    uint64_t slept_ns;            /* how far the guest's clocks are ahead of config.now_ns */
    uint64_t turn_began_ns;       /* of the active core's process, in terms of now_ns */
    uint32_t foreground_group;    /* of the terminal */
    struct rng rng;

    struct socket_binding *bindings; /* AF_UNIX paths that were bound */
    bool has_sockets;             /* others than pairs: the host may have something to say */
    bool ties_sockets;            /* of the network, to the interface "lo" */
    struct fd_object *fd_objects; /* timerfd, signalfd */
    struct inotify_cookies cookies;

    struct linux_stats stats;
    bool warned[SYSCALL_NUMBERS], refused, refused_network, refused_option,
        refused_instruction;
};

#endif
