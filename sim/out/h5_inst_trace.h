/* /trace/inst: every retired instruction with the cycle of each of its stages, a column a field
 * (h5_columns.h). With squashed ones among them a row has its place where the instruction left the
 * pipeline; `retire` is the cycle in which it was squashed, as are the stages it did not reach.
 *
 * In the file, column by column (row: instruction):
 *   pc, fetch      differences to the row before, the first row of a chunk to /trace/index
 *   ea             differences to the last access before; rows without an access have 0
 *   decode, issue, done, retire    cycles after the stage before it
 *   word, bytes (of an access), flags (enum trace_flag)     as they are
 * /trace/index, a row a chunk: first_row, and of its first row pc, ea, fetch; last_retire.
 * /trace/code: pc, word, text, class and registers of each instruction that occurs. */
#ifndef SIM_OUT_H5_INST_TRACE_H
#define SIM_OUT_H5_INST_TRACE_H

#include "sim/out/h5_result.h"

/* The first ones are those of enum op_flag. */
enum trace_flag {
    TRACE_TAKEN = 1 << 0, TRACE_LOAD = 1 << 1, TRACE_STORE = 1 << 2, TRACE_SERIAL = 1 << 3,
    TRACE_FAULT = 1 << 4, TRACE_SYSTEM = 1 << 5, TRACE_BRANCH = 1 << 6,
    TRACE_PARTIAL = 1 << 7, /* the first half of an instruction that completes twice */
    TRACE_SQUASHED = 1 << 8, /* and the stages that it reached: */
    TRACE_DECODED = 1 << 9, TRACE_ISSUED = 1 << 10, TRACE_DONE = 1 << 11,
};

struct trace_record {
    uint64_t pc, ea;                             /* ea: 0 without an access */
    uint64_t fetch, decode, issue, done, retire; /* cycles, none before the one to its left */
    uint32_t word;
    uint16_t bytes, flags;
};

#define TRACE_REGISTERS 4

/* What /trace/code says of an instruction. */
struct trace_code {
    char text[80];
    char class[16];
    uint8_t in[TRACE_REGISTERS], out[TRACE_REGISTERS]; /* enum reg_id; 255: none */
};

struct inst_trace_setup {
    uint64_t last; /* records to keep; 0: all */
    void (*describe)(void *ctx, uint64_t pc, uint32_t word, struct trace_code *code);
    void *ctx;
};

struct h5_inst_trace;

/* Before the first record; the result owns it. */
struct h5_inst_trace *result_inst_trace(struct result *r, const struct inst_trace_setup *setup);
void h5_inst_trace_add(struct h5_inst_trace *t, const struct trace_record *record);
/* Writes all that is left. Before result_close. */
void result_inst_trace_end(struct result *r);

#endif
