/* Reads /trace/mem of a result file, a chunk at a time, as absolute values
 * (sim/out/h5_mem_trace.h says how it is coded). Ends the program with a message when there is none
 * or it is damaged. */
#ifndef ANALYSIS_MEM_TRACE_H
#define ANALYSIS_MEM_TRACE_H

#include "analysis/table.h"

enum { MEM_TRACE_LEVELS = 128, MEM_TRACE_NOBODY = 255 };

struct traced_request {
    uint64_t row, cycle, latency, pc, address; /* pc: 0 when it has none */
    uint16_t bytes;
    uint8_t core, kind, outcome, level;
    uint8_t answered_by; /* MEM_TRACE_NOBODY: it has no answer, and no latency */
};

struct mem_trace {
    struct table table;
    uint64_t rows;
    struct mem_names {
        char **names;
        uint64_t count;
    } levels, kinds, outcomes;
    uint64_t *first_row, *base_cycle; /* of the chunks */
    uint64_t chunk_count;
};

void mem_trace_open(struct mem_trace *t, const char *path);
void mem_trace_close(struct mem_trace *t);
/* Calls `visit` for rows first ... first + count - 1, as far as there are any. */
void mem_trace_visit(const struct mem_trace *t, uint64_t first, uint64_t count,
                     void (*visit)(void *ctx, const struct traced_request *r), void *ctx);
/* The first row of the chunk in which the cycle lies. */
uint64_t mem_trace_row_near(const struct mem_trace *t, uint64_t cycle);

#endif
