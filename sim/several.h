/* A machine of several cores: they execute in turn, cycle by cycle and by number, what the system
 * gives them; sleep while it gives them nothing; end together. Part of machine.h. */
#ifndef SIM_SEVERAL_H
#define SIM_SEVERAL_H

#include "sim/base/err.h"
#include "sim/engine/event.h"

struct core_env;
struct cpu;
struct insn;
struct linux_config;
struct machine;
struct machine_core;

/* What only a machine of several cores needs. */
struct several {
    struct cpu **cpus;
    uint64_t executed, limit; /* instructions since timing started, of all cores */
    uint64_t warm_at, interval_at;
    bool running;
    uint32_t entered, finished; /* the core that the kernel works for; how many have ended */
    struct event look;
    struct event marked;      /* a phase begins at the end of this tick */
    const struct insn *marker;
};

bool several_check(struct machine *m, struct err *e);
/* In place of what cores.c does for one core. */
void several_env(struct machine_core *c, struct core_env *env);
void several_os(struct machine *m, struct linux_config *config);
/* Timing begins, again after each point; it shall end. Of one core alone, too. */
void several_start(struct machine *m);
void several_stop(struct machine *m);
/* The system has been entered on behalf of this core; it is left, and the guest goes on or not. */
void several_enter(struct machine_core *c);
void several_leave(struct machine_core *c, bool goes_on);
/* Statistics of all cores as they stand at the end of this tick. */
void several_sync(struct machine *m);

#endif
