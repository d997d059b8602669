/* Private to the trace writer: a chunk of records and its columns as HDF5 stores them (shuffled and
 * deflated). Knows no HDF5, so that a thread of its own may run it. */
#ifndef SIM_OUT_INST_TRACE_ENCODE_H
#define SIM_OUT_INST_TRACE_ENCODE_H

#include "sim/out/h5_inst_trace.h"

enum { TRACE_CHUNK = 32768, TRACE_DEFLATE_LEVEL = 1 };

/* name, type (signed or not, bits), unit, meaning */
#define TRACE_COLUMNS(X)                                                                           \
    X(pc, int64_t, "bytes", "address, difference to the row before")                               \
    X(word, uint32_t, "1", "instruction word")                                                     \
    X(ea, int64_t, "bytes", "effective address, difference to the access before; 0: no access")    \
    X(bytes, uint16_t, "bytes", "size of the access")                                              \
    X(flags, uint16_t, "1", "1 taken, 2 load, 4 store, 8 serialising, 16 fault, 32 system, 64 "    \
                            "branch, 128 first half")                                              \
    X(fetch, int64_t, "cycles", "cycle of its fetch, difference to the row before")                \
    X(decode, uint32_t, "cycles", "from fetch to the end of decode")                               \
    X(issue, uint32_t, "cycles", "from the end of decode to issue")                                \
    X(done, uint32_t, "cycles", "from issue to its result")                                        \
    X(retire, uint32_t, "cycles", "from its result to retirement")
#define TRACE_COLUMN_ENUM(name, type, unit, text) TRACE_COLUMN_##name,
enum trace_column { TRACE_COLUMNS(TRACE_COLUMN_ENUM) TRACE_COLUMN_COUNT };
#undef TRACE_COLUMN_ENUM

struct trace_index_row {
    uint64_t first_row, pc, ea, fetch, last_retire;
};

struct trace_chunk {
    struct trace_record records[TRACE_CHUNK];
    uint32_t count;
    struct trace_index_row index; /* first_row is set by the owner */
    struct {
        uint8_t *data;
        size_t bytes;
    } encoded[TRACE_COLUMN_COUNT];
};

struct trace_chunk *trace_chunk_create(void);
void trace_chunk_destroy(struct trace_chunk *c);
/* Rows past `count` are zero in the file's last chunk. */
void trace_chunk_encode(struct trace_chunk *c);

/* The instructions that have occurred: a set of (pc, word). */
struct trace_codes {
    struct {
        uint64_t pc;
        uint32_t word;
        bool used;
    } *slot;
    uint64_t slots, count;
};
void trace_codes_add(struct trace_codes *s, const struct trace_chunk *c);
void trace_codes_free(struct trace_codes *s);

#endif
