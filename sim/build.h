/* Wires a machine from a configuration: processor, memory, program and, around the executor, the
 * timing models. With main.c the only code in sim/ that sees models/. */
#ifndef SIM_BUILD_H
#define SIM_BUILD_H

#include <signal.h>

#include "models/pipeline/pipeline.h"
#include "sim/base/err.h"
#include "sim/exec/step.h"
#include "sim/loader/elf.h"
#include "sim/isa/processor.h"
#include "sim/linux/linux.h"
#include "sim/platform/board.h"
#include "sim/schema/config.h"
#include "sim/schema/stats.h"

#define SYSTEM_KEYS(X, o)                                                                          \
    X(o, CHOICE, kind, "user", "user|bare", "",                                                    \
      "user: one Linux program; bare: one program in supervisor state ([board])")                  \
    X(o, CHOICE, mode, "timing", "functional|timing", "",                                          \
      "functional: the instruction set alone; timing: every cycle (option -m)")                    \
    X(o, CHOICE, time, "instructions", "instructions|cycles", "",                                  \
      "the guest's clock: 1 ns per instruction (the same in every mode), or simulated time")       \
    X(o, COUNT, time_slice, "100K", "100", "",                                                     \
      "instructions after which it is another thread's turn (with time = cycles: nanoseconds)")    \
    X(o, U32, cores, "1", "1", "32",                                                               \
      "processor cores; [core.0], [core.1] ... override [core] for one of them")                   \
    X(o, BOOL, skip_idle, "yes", "", "", "no: look at every cycle, also when nothing can happen")  \
    X(o, COUNT, max_instructions, "0", "", "", "end the run after so many instructions; 0: never")
enum { KIND_USER, KIND_BARE };
enum { MODE_FUNCTIONAL, MODE_TIMING };
enum { TIME_INSTRUCTIONS, TIME_CYCLES };
struct system_keys {
    SYSTEM_KEYS(KEY_MEMBER, system_keys)
};

/* Of [core], beside the pipeline's: what programs can tell of the processor. */
#define CPU_KEYS(X, o)                                                                             \
    X(o, CHOICE, isa, "3.0", processor_choices + 1, "",                                            \
      "instruction set and identity: POWER9, POWER8, POWER7, 970, 750 and Microwatt in turn")
struct cpu_keys {
    CPU_KEYS(KEY_MEMBER, cpu_keys)
};

#define SAMPLE_KEYS(X, o)                                                                          \
    X(o, COUNT, fast_forward, "0", "", "",                                                         \
      "instructions to run functionally before timing starts")                                     \
    X(o, COUNT, warmup, "0", "", "",                                                               \
      "instructions to run with timing before the phase that counts (roi) starts")                 \
    X(o, STR, points, "", "", "",                                                                  \
      "file of points (simstat phases -o): these are timed, each after `warmup`, with "            \
      "fast-forwarding in between; empty: none")                                                   \
    X(o, BOOL, markers, "no", "", "",                                                              \
      "yes: phases begin at `or 26,26,26` (pass0, pass1 ...) and end at `or 28,28,28`")
struct sample_keys {
    SAMPLE_KEYS(KEY_MEMBER, sample_keys)
};

#define OUTPUT_KEYS(X, o)                                                                          \
    X(o, STR, file, "", "", "",                                                                    \
      "result file; empty: named after the configuration; none: no file")                          \
    X(o, STR, retire_trace, "", "", "",                                                            \
      "text file with a line per completion: cycles since the last one, pc, cycles from "          \
      "execution to completion; empty: none")                                                      \
    X(o, BOOL, bbv, "no", "", "",                                                                  \
      "/bbv: instructions by basic block in every interval, for simstat phases")                   \
    X(o, COUNT, bbv_interval, "1M", "1K", "", "instructions of such an interval")                  \
    X(o, COUNT, interval, "1M", "0", "", "instructions per row of /intervals; 0: no intervals")    \
    X(o, BOOL, functions, "no", "", "",                                                            \
      "timing mode: the CPI stack by function and, with debug information, source line; runs "     \
      "about 4 % longer")                                                                          \
    X(o, BOOL, histograms, "no", "", "",                                                           \
      "timing mode: histograms of the core beside those of caches and memory, in /hist; runs "     \
      "3 to 8 % longer")                                                                          \
    X(o, BOOL, sites, "no", "", "",                                                                \
      "timing mode: /branches and /loads, what was counted at each branch and load")
struct output_keys {
    OUTPUT_KEYS(KEY_MEMBER, output_keys)
};

#define TRACE_KEYS(X, o)                                                                           \
    X(o, BOOL, instructions, "no", "", "",                                                         \
      "yes: record every retired instruction with its stages in /trace/inst")                      \
    X(o, BOOL, squashed, "no", "", "",                                                             \
      "yes: also the instructions that were fetched in vain, with the stages that they reached")   \
    X(o, BOOL, memory, "no", "", "",                                                               \
      "yes: record every request to a cache or the memory, with its answer, in /trace/mem")        \
    X(o, STR, from, "", "", "",                                                                    \
      "where recording begins: instruction:N, cycle:N, pc:0xADDRESS, symbol:FUNCTION; empty: at "  \
      "the first")                                                                                 \
    X(o, STR, to, "", "", "", "where it ends, likewise; empty: at the last")                       \
    X(o, COUNT, last, "0", "", "",                                                                 \
      "keep only so many of the youngest, in memory, until the run or the window ends; 0: all")
struct trace_keys {
    TRACE_KEYS(KEY_MEMBER, trace_keys)
};

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
