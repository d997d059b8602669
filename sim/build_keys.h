/* Keys of the machine's own sections: [system], [sample], [output], [trace], and of [core] what
 * programs can tell of the processor. */
#ifndef SIM_BUILD_KEYS_H
#define SIM_BUILD_KEYS_H

#include "sim/isa/processor.h"
#include "sim/schema/config.h"

#define SYSTEM_KEYS(X, o)                                                                          \
    X(o, CHOICE, kind, "user", "user|bare|full", "",                                              \
      "user: one Linux program; bare: one program in supervisor state ([board]); full: an "        \
      "operating system ([platform])")                                                             \
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
enum { KIND_USER, KIND_BARE, KIND_FULL };
enum { MODE_FUNCTIONAL, MODE_TIMING };
enum { TIME_INSTRUCTIONS, TIME_CYCLES };
struct system_keys {
    SYSTEM_KEYS(KEY_MEMBER, system_keys)
};

/* Of [core], beside the pipeline's: what programs can tell of the processor. */
#define CPU_KEYS(X, o)                                                                             \
    X(o, CHOICE, isa, "3.0", processor_choices + 1, "",                                            \
      "instruction set and identity: 3.0 POWER9, 2.07 POWER8, 2.06 POWER7, 2.03 970, classic32 "   \
      "PowerPC 750; the others are the processors of those names")
struct cpu_keys {
    CPU_KEYS(KEY_MEMBER, cpu_keys)
};

#define SAMPLE_KEYS(X, o)                                                                          \
    X(o, COUNT, fast_forward, "0", "", "",                                                         \
      "instructions to run functionally before timing starts")                                     \
    X(o, COUNT, warmup, "0", "", "",                                                               \
      "instructions to run with timing before the phase that counts (roi) starts")                 \
    X(o, CHOICE, warming, "none", "none|functional", "",                                           \
      "functional: instructions that are run functionally before or between what is timed train "  \
      "caches, TLBs and branch predictors")                                                        \
    X(o, STR, points, "", "", "",                                                                  \
      "file of points (simstat phases -o): these are timed, each after `warmup`, with "            \
      "fast-forwarding in between; empty: none")                                                   \
    X(o, BOOL, markers, "no", "", "",                                                              \
      "yes: phases begin at `or 26,26,26` (pass0, pass1 ...) and end at `or 28,28,28`")
enum { WARMING_NONE, WARMING_FUNCTIONAL };
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
    X(o, COUNT, bbv_interval, "1M", "1K", "", "instructions of a row of /bbv, not `interval`")     \
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

#endif
