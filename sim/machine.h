/* Private to the files of this folder that make a machine, run it and look into it; others see
 * build.h. */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "sim/build.h"
#include "sim/gdb/gdb.h"
#include "sim/real_tlb.h"
#include "sim/script.h"
#include "sim/several.h"
#include "sim/watchdog.h"

struct bbv;
struct hierarchy;
struct places;
struct profile;
struct sites;
struct wrong_path;

/* A processor core: what executes on it and what that takes. */
struct machine_core {
    struct machine *machine;
    uint32_t number;
    char section[16]; /* of its keys */
    /* the functional side */
    struct cpu_keys cpu_keys;
    struct cpu cpu;
    struct exec exec;
    struct wrong_path *wrong_path;
    bool diverged; /* the pipeline is on a wrong path */
    uint64_t timer_ns; /* when the next interval timer of the guest fires */
    /* the timing side */
    struct core_keys keys;
    struct clock clock;
    struct core *core;
    struct real_tlb real_tlb[2]; /* by enum radix_side */
    /* of one of several */
    bool waits;           /* its next instruction has to be the oldest: nothing else is looked at */
    bool finished;
    uint64_t reserved_pa; /* while cpu.reservation is valid */
};

struct machine {
    struct machine_setup setup;
    struct system_keys system;
    struct sample_keys sample;
    struct output_keys output;
    struct trace_keys trace;
    struct workload_keys workload;
    struct machine_core *cores;
    uint32_t core_count;
    struct several several;
    /* the functional side */
    struct phys *phys;
    struct process *process;
    struct decoder *decoder;
    struct code *code;
    struct elf_program *program;
    struct roots roots;
    char *program_path; /* in the host */
    struct script script; /* which names the program, if any */
    struct linux_process *os;
    struct exec_system os_calls; /* of the executor to it */
    struct board_keys board_keys;
    struct platform_keys platform_keys;
    struct board *board; /* in place of process, program and os */
    struct pseries *partition; /* NULL: no operating system; owns the board */
    struct gdb *gdb; /* NULL: nobody debugs */
    /* the timing side */
    struct engine *engine;
    struct hierarchy *hierarchy;
    struct watchdog watchdog;
    struct retire_trace *retire_trace; /* NULL: nobody wants one */
    struct profile *profile; /* NULL: not wanted */
    struct places *places;   /* what names pages of code; NULL: nobody asks */
    struct sites *sites;     /* NULL: not wanted */
    struct bbv *bbv;         /* NULL: not wanted */
    struct points *points;   /* NULL: the run is timed as a whole */
    struct warming *warming; /* NULL: fast-forwarding leaves the models as they are */
    uint32_t point;          /* the one at hand */
    bool core_started; /* before that, instructions tell the time */
    /* run control */
    enum machine_end end;
    bool stopping;
    uint64_t next_interval;
    uint32_t passes; /* marked phases that are over */
    bool in_pass;
    struct machine_stats stats;
    struct stats *tree;
};

/* cores.c: the pipelines and what they fetch from. */
bool cores_bind(struct machine *m, struct err *e);
/* Makes the pipeline of a core, whose keys are bound. */
bool core_build(struct machine_core *c, struct err *e);
/* Gives the cores something to execute; after guest_create. */
bool executors_build(struct machine *m, struct err *e);
/* How the cores have ended: running while one does, at their limit when one was. */
enum core_end cores_end(const struct machine *m);
/* Instructions retired and exceptions taken by all of them. */
uint64_t cores_retired(const struct machine *m);
/* Instructions executed by all cores. */
uint64_t cores_icount(const struct machine *m);

/* The executor of a core with its timers looked after. */
enum exec_status core_next(struct machine_core *c, struct op *op, bool is_oldest);
/* timer_ns anew, after the guest may have set a timer. */
void core_find_timer(struct machine_core *c);

/* What runs on the processor, be it a Linux process or a board; in guest.c. */
bool guest_create(struct machine *m, struct err *e);
void guest_destroy(struct machine *m);
void guest_add_stats(struct machine *m, struct stats *s);
void guest_update_stats(struct machine *m);
/* For exec_init. */
struct exec_system guest_system(struct machine_core *c);
/* Says what page walks read; walks.c. */
struct hierarchy_setup;
void machine_walks(struct machine *m, struct hierarchy_setup *setup);
/* A marker has been executed, or in timing mode retired: the next phase begins. */
void guest_mark_phase(struct machine *m, const struct insn *marker);
int guest_exit_status(const struct machine *m);
void guest_raise(struct machine *m, uint32_t signo);
/* When it wants to be polled next, in terms of machine_now_ns; UINT64_MAX: never. */
uint64_t guest_next_deadline_ns(const struct machine *m, uint32_t core);

/* Rows of the machine's own sections; in sections.c. */
extern const struct key_row system_key_rows[], cpu_key_rows[], sample_key_rows[],
    output_key_rows[], trace_key_rows[];

/* Guest time in nanoseconds since the start: never the host's. `ctx` is the machine. */
uint64_t machine_now_ns(void *ctx);

/* Instructions at which the run ends; UINT64_MAX: no limit. */
static inline uint64_t machine_limit(const struct machine *m)
{
    return m->system.max_instructions ? m->system.max_instructions : UINT64_MAX;
}

#endif
