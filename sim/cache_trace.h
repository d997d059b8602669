/* Connects the caches whose accesses shall be recorded with the result file. */
#ifndef SIM_CACHE_TRACE_H
#define SIM_CACHE_TRACE_H

struct machine;
struct result;

/* Before the first cycle. */
void cache_traces_attach(struct machine *m, struct result *file);

#endif
