/* Reads /trace/inst of a result file, a chunk at a time, as absolute values
 * (sim/out/h5_inst_trace.h says how it is coded). Ends the program with a message when there is
 * none or it is damaged. */
#ifndef ANALYSIS_INST_TRACE_H
#define ANALYSIS_INST_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/table.h"

enum { TRACED_REGISTERS = 4, TRACED_NONE = 255 };
enum { TRACED_TAKEN = 1, TRACED_LOAD = 2, TRACED_STORE = 4, TRACED_BRANCH = 64,
       TRACED_SQUASHED = 256, /* and of these: */
       TRACED_DECODED = 512, TRACED_ISSUED = 1024, TRACED_DONE = 2048 };

struct traced {
    uint64_t row, pc, ea, fetch, decode, issue, done, retire; /* cycles */
    uint32_t word;
    uint16_t bytes, flags;
    size_t code; /* place in the tables below */
};

struct inst_trace {
    const char *path;
    struct table table;
    uint64_t rows;
    /* of the instructions that occur, by address */
    size_t code_count;
    uint64_t *code_pc, *code_word;
    char **code_text, **code_class;
    uint8_t (*in)[TRACED_REGISTERS], (*out)[TRACED_REGISTERS];
    /* of the chunks */
    size_t chunk_count;
    uint64_t *first_row, *base_pc, *base_ea, *base_fetch, *last_retire;
};

void inst_trace_open(struct inst_trace *t, const char *path);
void inst_trace_close(struct inst_trace *t);

static inline bool traced_reached(const struct traced *i, unsigned stage)
{
    return !(i->flags & TRACED_SQUASHED) || i->flags & stage;
}

/* Calls `visit` for rows first ... first + count - 1, as far as there are any. */
void inst_trace_visit(const struct inst_trace *t, uint64_t first, uint64_t count,
                      void (*visit)(void *ctx, const struct traced *i), void *ctx);
/* The first row of the chunk in which something retires at or after the cycle. */
uint64_t inst_trace_row_near(const struct inst_trace *t, uint64_t cycle);

#endif
