/* What [trace] records into the result file: instructions, requests to the memory system, both in
 * one window. */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "sim/build.h"

struct result;
struct trace;

/* False with *e set for keys that say what cannot be, or nothing. */
bool trace_check(const struct machine *m, struct err *e);
/* Before the first cycle. NULL with *e set for what cannot be recorded. */
struct trace *trace_create(struct machine *m, struct result *file, struct err *e);
void trace_destroy(struct trace *t);
/* An instruction retires; when machine_trace_keys ask for anything. */
void trace_retired(struct trace *t, const struct retirement *r);
/* An instruction is squashed; with [trace] squashed = yes. */
void trace_squashed(struct trace *t, const struct retirement *r);
/* Writes what is left. */
void trace_end(struct trace *t);

#endif
