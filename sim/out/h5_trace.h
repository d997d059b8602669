/* /trace/cache: the accesses of caches, as a stream of lines. Written only when asked for: a row is
 * one to three bytes in the file. */
#ifndef SIM_OUT_H5_TRACE_H
#define SIM_OUT_H5_TRACE_H

#include "sim/out/h5_result.h"

struct h5_trace;

struct h5_trace_info {
    const char *cache;               /* name of its statistics */
    uint32_t sets, ways, line_bytes; /* become attributes of the dataset `line` */
    const char *commands, *outcomes; /* what the codes mean: "0 fetch, 1 load, ..." */
    uint32_t demand_commands;        /* commands below this are demand accesses; an attribute */
};

/* Belongs to r, which writes the rest and frees it when it is closed. */
struct h5_trace *result_trace(struct result *r, const struct h5_trace_info *info);
/* Adds an access. */
void h5_trace_add(struct h5_trace *t, uint64_t line, uint8_t command, uint8_t outcome);

#endif
