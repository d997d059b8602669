/* /trace/mem: every request that a cache or the memory has accepted, in the order of acceptance, a
 * column a field (h5_columns.h).
 *
 * In the file, column by column (row: request):
 *   cycle          of the core in which it was accepted, difference to the row before
 *   latency        core cycles until the answer; 4294967295: none when recording ended
 *   pc, address    difference to the row before of the same level, the first one of a chunk to 0;
 *                  pc is 0 in rows without the flag 1, which have no instruction
 *   level, kind, outcome    who was asked, what for and what was found: places in the lists of
 *                  names in /trace/mem_names
 *   answered_by    the level that had the data; 255: no answer when recording ended
 *   bytes, core, flags      as they are
 * /trace/mem_index, a row a chunk: first_row, and cycle of that row. */
#ifndef SIM_OUT_H5_MEM_TRACE_H
#define SIM_OUT_H5_MEM_TRACE_H

#include "sim/out/h5_result.h"

enum { MEM_TRACE_LEVELS = 128, MEM_TRACE_NO_LEVEL = 255, MEM_TRACE_HAS_PC = 1 };
#define MEM_TRACE_UNANSWERED UINT64_MAX

struct mem_record {
    uint64_t cycle, answered; /* core cycles; answered: MEM_TRACE_UNANSWERED, or not before cycle */
    uint64_t pc, pa;          /* pc: 0 when there is none */
    uint16_t bytes;
    uint8_t core, kind, outcome, level, answered_by;
};

/* What the numbers in records mean. */
struct mem_trace_names {
    const char *const *names;
    uint32_t count;
};
struct mem_trace_setup {
    uint64_t last; /* records to keep; 0: all */
    struct mem_trace_names levels, kinds, outcomes; /* levels: of their statistics */
};

struct h5_mem_trace;

/* Before the first record; the result owns it. */
struct h5_mem_trace *result_mem_trace(struct result *r, const struct mem_trace_setup *setup);
void h5_mem_trace_add(struct h5_mem_trace *t, const struct mem_record *record);
/* Writes all that is left. Before result_close. */
void result_mem_trace_end(struct result *r);

#endif
