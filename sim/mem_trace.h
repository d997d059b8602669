/* Records the requests that caches and memory accept: /trace/mem with [trace] memory = yes, and
 * /trace/cache of the caches whose key `trace` is set. */
#ifndef SIM_MEM_TRACE_H
#define SIM_MEM_TRACE_H

#include "sim/trace_window.h"

struct mem_trace;
struct result;

/* Before the first cycle; the window is kept by reference. */
struct mem_trace *mem_trace_create(struct machine *m, struct result *file,
                                   const struct trace_window *window);
/* Passes on what is still without an answer. */
void mem_trace_end(struct mem_trace *t);
void mem_trace_destroy(struct mem_trace *t);

#endif
