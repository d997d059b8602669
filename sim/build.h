/* Wires a machine from a configuration: processor, memory, program and, around the executor, the
 * timing models. With main.c the only code in sim/ that sees models/. */
#ifndef SIM_BUILD_H
#define SIM_BUILD_H

#include <signal.h>

#include "models/pipeline/pipeline.h"
#include "sim/base/err.h"
#include "sim/build_keys.h"
#include "sim/exec/step.h"
#include "sim/isa/processor.h"
#include "sim/loader/elf.h"
#include "sim/linux/linux.h"
#include "sim/platform/board.h"
#include "sim/platform/pseries/pseries.h"
#include "sim/schema/config.h"
#include "sim/schema/stats.h"

/* All sections that exist, for messages and `simrun explain`; the caller frees it. */
struct section_row *machine_sections(void);

/* Counted by the machine itself. */
#define MACHINE_STATS(X, o)                                                                        \
    X(o, ticks, TICKS, "simulated time")                                                           \
    X(o, fast_forwarded, INSTRUCTIONS, "instructions run functionally before timing started")
struct machine_stats {
    MACHINE_STATS(STAT_MEMBER, machine_stats)
};

enum machine_end {
    MACHINE_EXITED, /* the guest ended: machine_exit_status */
    MACHINE_LIMIT,  /* system.max_instructions */
    MACHINE_KILLED, /* machine_stop was called */
    MACHINE_HUNG,   /* nothing has retired for core.hang_cycles: machine_hang_report */
};

struct bbv;
struct machine;
struct places;
struct points;
struct sites;

/* What the machine calls while it runs; `owner` is passed back. */
struct machine_hooks {
    /* A phase begins: "fast_forward", "warmup" or "roi"; with markers "outside0", "pass0",
     * "outside1" ... The first one begins before the first instruction. */
    void (*phase)(void *owner, const char *name);
    void (*interval)(void *owner); /* every output.interval instructions */
    void (*attend)(void *owner);   /* soon after *attention became non-zero */
    /* When [trace] wants anything; may be NULL. */
    void (*retired)(void *owner, const struct retirement *r);
    void (*squashed)(void *owner, const struct retirement *r);
    void *owner;
};

struct machine_setup {
    struct config *config;        /* loaded, nothing bound yet; config_finish is called inside */
    /* Of the command line, replacing [workload]: PROGRAM ARG... NULL; may be NULL. */
    const char *const *arguments;
    struct machine_hooks hooks;
    const volatile sig_atomic_t *attention;
    int32_t gdb_port;             /* where to wait for a debugger; -1: there is none */
};

/* NULL with *e set: a configuration that cannot be (125) or a program that cannot be run (126). */
struct machine *machine_create(const struct machine_setup *setup, struct err *e);
void machine_destroy(struct machine *m);

/* Runs to the end. */
enum machine_end machine_run(struct machine *m);
/* After the run: closes what is written beside the result. False with *e set when that is not
 * whole. */
bool machine_finish(struct machine *m, struct err *e);
/* Where a hung machine stands: the oldest instruction, and what it waits for. */
enum { HANG_REPORT_ROOM = 400 };
void machine_hang_report(const struct machine *m, char *text, size_t room);
/* From the attend hook: end the run soon, cleanly. */
void machine_stop(struct machine *m);

int machine_exit_status(const struct machine *m);
/* What a program on a board has left as its result; false when there is none. */
bool machine_result(const struct machine *m, uint64_t *value);
struct stats *machine_stats(struct machine *m);
/* Brings statistics that are not counted as they happen up to date; before each snapshot. */
void machine_update_stats(struct machine *m);
struct core *machine_core(struct machine *m, uint32_t number);
uint32_t machine_core_count(const struct machine *m);
/* What the CPI stack by instruction is written by, a phase for each machine_end_phase; NULL: not
 * kept. */
struct places *machine_places(const struct machine *m);
/* The points of a sampled run; NULL: there are none. Their phases are "point0", "point1" ... */
const struct points *machine_points(const struct machine *m);
/* The basic-block vectors; NULL: not kept. */
struct bbv *machine_bbv(const struct machine *m);
/* What /branches and /loads are written by; NULL: not kept. */
struct sites *machine_sites(const struct machine *m);
/* Before the last snapshot of a phase. */
void machine_end_phase(struct machine *m);
uint64_t machine_instructions(const struct machine *m);
/* Of the core that has had most. */
uint64_t machine_cycles(const struct machine *m);
const struct system_keys *machine_system_keys(const struct machine *m);
const struct sample_keys *machine_sample_keys(const struct machine *m);
const struct output_keys *machine_output_keys(const struct machine *m);
const struct trace_keys *machine_trace_keys(const struct machine *m);
const struct workload_keys *machine_workload_keys(const struct machine *m);
/* In the host: what was named as the program, be it a script, and what runs in its place. */
const char *machine_named_path(const struct machine *m);
const char *machine_program_path(const struct machine *m);
/* Of the command line: PROGRAM ARG... NULL; NULL when the configuration names the program. */
const char *const *machine_arguments(const struct machine *m);

#endif
