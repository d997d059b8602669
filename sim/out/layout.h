/* The result file and the summary: names, values and rows that the writer (sim/out), the
 * simulator's last words and `simstat` share. Needs nothing but the C library.
 *
 * /            attributes format, format_version, model_version, run_id, status
 * /meta        scalars: what depends on the time and the host (created, command_line, host ...)
 * /config      text; table of section, key, value, number, unit, origin; arguments, when the
 *              command line named the program
 * /phases      name (scale); start_ and end_instruction, start_ and end_cycle
 * /stats       names (scale), units, descriptions, component; values[phase, stat] u64;
 *              formula_names (scale), equations, formula_descriptions; formulas[phase, formula] f64
 * /hist/NAME   bin (scale): smallest value in each bin; edges: the same and one past the last;
 *              counts[phase, bin], sum[phase] of the values, both u64
 * /intervals   interval, core (scales); one u64 dataset per column: [interval, core], or [interval]
 *              for a unit that the cores share; each row is what was counted in that interval
 * /cpi         core, part (scales); slots[phase, core, part] u64, attribute width (slots per cycle)
 * /cpi/functions  with output.functions = yes: name (scale), object, address; instructions[phase,
 *              function], slots[phase, function, part] u64 of all cores; they sum to /cpi/slots
 * /cpi/lines   likewise, with file and line; of programs with debug information
 * /sample      with sample.points, of each point: phase (scale), first, instructions, weight
 * /bbv         with output.bbv = yes: basic-block vectors by interval, see sim/out/h5_bbv.h
 * /trace/inst, /trace/index, /trace/code: retired instructions, see sim/out/h5_inst_trace.h
 * /trace/mem, /trace/mem_index, /trace/mem_names: requests to caches and memory, see
 *              sim/out/h5_mem_trace.h
 * /trace/cache NAME/line (attributes sets, ways, line_bytes), command (attribute demand_commands),
 *              outcome: the accesses of a cache in order, when its key `trace` asks for them
 * /branches    with output.sites = yes, of each branch: object, address, function, file, line;
 *              count, taken, mispredicts[phase, branch]
 * /loads       likewise; count, latency[phase, load], served[phase, load, level]
 * /checks      law (scale), left_equation, right_equation, left, right, held
 *
 * Beside these each group has the names of the phases (scale `phase`) and dimensions without values
 * (`row`, `entry`, ...) where its datasets lie along any: every axis of every dataset has a scale.
 * Every dataset has `units` and `long_name`. What differs between two runs of the same input is
 * under /meta alone, `created` and `command_line` included, so that
 * `h5diff --exclude-path /meta A.h5 B.h5` finds nothing. */
#ifndef SIM_OUT_LAYOUT_H
#define SIM_OUT_LAYOUT_H

#include "sim/out/summary.h"

#define RESULT_FORMAT         "simrun-result"
#define RESULT_FORMAT_VERSION 1
#define RESULT_PART_SUFFIX    ".part"   /* of the file's name until it is complete */
#define RESULT_RUNNING        "running" /* status of such a file */

/* How a run ended. */
#define RESULT_STATUSES(X)                                                                         \
    X(COMPLETE, "complete") /* the guest ended by itself */                                        \
    X(LIMIT, "limit")       /* a limit of the configuration ended it */                            \
    X(KILLED, "killed")     /* SIGINT or SIGTERM to the simulator */                               \
    X(FAILED, "failed")     /* an error of the simulator */
#define RESULT_STATUS_ENUM(name, text) RESULT_##name,
enum result_status { RESULT_STATUSES(RESULT_STATUS_ENUM) RESULT_STATUS_COUNT };
#undef RESULT_STATUS_ENUM

#endif
