/* What /trace/inst says of an instruction. */
#ifndef SIM_INST_TRACE_H
#define SIM_INST_TRACE_H

#include "sim/build.h"

struct h5_inst_trace;
struct result;

/* Before the first cycle. */
struct h5_inst_trace *inst_trace_create(struct machine *m, struct result *file);
/* An instruction of the window retires. */
void inst_trace_add(struct h5_inst_trace *t, const struct retirement *r);
/* One is squashed. */
void inst_trace_add_squashed(struct h5_inst_trace *t, const struct retirement *r);

#endif
