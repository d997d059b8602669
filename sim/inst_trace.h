/* Which retired instructions are recorded in /trace/inst: the section [trace]. */
#ifndef SIM_INST_TRACE_H
#define SIM_INST_TRACE_H

#include "sim/build.h"

struct inst_trace;
struct result;

/* Before the first cycle. NULL when none is wanted, or with *e set for a window that cannot be. */
struct inst_trace *inst_trace_create(struct machine *m, struct result *file, struct err *e);
void inst_trace_destroy(struct inst_trace *t);
/* An instruction retires. */
void inst_trace_add(struct inst_trace *t, const struct retirement *r);

#endif
