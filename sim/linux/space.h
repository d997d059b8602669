/* Address spaces as processes have them: memory, predecoded code and where things lie. vfork lets
 * two processes use one.
 *
 * A pipeline may have instructions of a process in flight when another one takes its turn or the
 * process ends, and refers to predecoded code until they are done. An address space that nobody
 * uses any more is therefore freed when each core that has run in it has made a system call since,
 * which nothing older is in flight with. */
#ifndef SIM_LINUX_SPACE_H
#define SIM_LINUX_SPACE_H

#include <stdint.h>

#include "sim/linux/cores.h"

struct code;
struct kernel;
struct linux_process;
struct process;

struct address_space {
    struct process *process;
    struct code *code;             /* NULL where nothing is executed: tests of system calls */
    uint32_t users;                /* processes */
    uint32_t id;                   /* never used twice */
    uint64_t stack_top, stack_low; /* as mapped */
    uint64_t mmap_base;            /* mmap looks for room downwards from here */
    uint64_t brk_now;
    uint64_t vdso_ea;              /* of its ELF header */
    uint64_t sigtramp_ea;          /* code that calls a handler and returns from it */
    uint64_t left[KERNEL_CORES];   /* by each core, at which of its calls; 0: never */
    struct address_space *next;    /* of those to be freed */
};

/* Takes both over, for the one process that is given it. */
struct address_space *space_create(struct kernel *k, struct process *process, struct code *code);
/* As fork does. */
struct address_space *space_copy(struct kernel *k, const struct address_space *s);
/* Makes it the process's own; what it had before has to be released by the caller. */
void space_give(struct linux_process *l, struct address_space *s);
void space_release(struct kernel *k, struct address_space *s);
/* Frees what nobody uses; at a system call. */
void spaces_free_dead(struct kernel *k);
/* Lets the processor run in the process's address space. */
void space_enter(struct linux_process *l);

#endif
