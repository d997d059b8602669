/* The processor cores that threads run on. The kernel works on behalf of one core at a time, the
 * active one: its registers, thread, address space and turn stand in struct kernel, those of the
 * others here. */
#ifndef SIM_LINUX_CORES_H
#define SIM_LINUX_CORES_H

#include <stdbool.h>
#include <stdint.h>

#define KERNEL_CORES 32u

struct address_space;
struct cpu;
struct kernel;
struct linux_config;
struct linux_process;
struct thread;

struct kernel_core {
    struct cpu *cpu;
    struct thread *current;        /* NULL: idle */
    struct address_space *entered;
    uint64_t turn_began_ns, slice_end_ns;
    uint64_t calls;                /* system calls: moments with nothing older in flight */
};

/* Part of struct kernel. */
struct kernel_cores {
    struct kernel_core core[KERNEL_CORES];
    uint32_t count;  /* that there are, as programs are told */
    uint32_t used;   /* that threads run on so far: one before timing starts */
    uint32_t active;
};

void cores_init(struct kernel *k, struct cpu *cpu, const struct linux_config *config);
/* Goes on on behalf of another core. */
void core_select(struct kernel *k, uint32_t number);
/* The same by its registers. */
void core_select_cpu(struct kernel *k, const struct cpu *cpu);
/* The thread of a core; NULL: idle. */
struct thread *core_thread(const struct kernel *k, uint32_t number);
/* Does another core than the active one run anything? */
bool cores_others_run(const struct kernel *k);
/* Does any of them run this process? */
bool cores_run(const struct kernel *k, const struct linux_process *l);
/* When it came to a core that runs it, and how long all of them have done so; cpu_ns is without. */
uint64_t cores_turn_began_ns(const struct kernel *k, const struct linux_process *l);
uint64_t cores_turns_ns(const struct linux_process *l);
/* Adds that to cpu_ns; new turns begin. */
void cores_account(struct linux_process *l);
/* May the thread run on this core? */
bool core_suits(const struct kernel *k, const struct thread *t, uint32_t number);
/* The active core has nothing to run. */
void core_idle(struct kernel *k);
/* After the active core is done: gives idle cores what can run there, and tells busy ones of what
 * concerns their threads. */
void cores_spread(struct kernel *k);
/* linux.c: signals and turns of the active core, before it goes back to the guest. */
void core_leave(struct kernel *k);

#endif
