/* Text file of completions (output.retire_trace), for comparison with another simulation of the
 * same program: one line each, "CYCLES PC WAIT": cycles since the last completion (first line:
 * since cycle 0), pc in hexadecimal, cycles from the start of execution to completion. */
#ifndef SIM_RETIRE_TRACE_H
#define SIM_RETIRE_TRACE_H

#include "models/pipeline/pipeline.h"

struct retire_trace;

struct retire_trace *retire_trace_open(const char *path, struct err *e);
void retire_trace_write(struct retire_trace *t, const struct retirement *r);
/* Frees it, if any; false with *e set when the file is not whole. */
bool retire_trace_finish(struct retire_trace *t, struct err *e);

#endif
