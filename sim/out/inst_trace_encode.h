/* Private to the writer of /trace/inst: what its columns hold. Knows no HDF5. */
#ifndef SIM_OUT_INST_TRACE_ENCODE_H
#define SIM_OUT_INST_TRACE_ENCODE_H

#include "sim/out/h5_inst_trace.h"

/* name, type, unit, meaning */
#define TRACE_COLUMNS(X)                                                                           \
    X(pc, I64, "bytes", "address, difference to the row before")                                   \
    X(word, U32, "1", "instruction word")                                                          \
    X(ea, I64, "bytes", "effective address, difference to the access before; 0: no access")        \
    X(bytes, U16, "bytes", "size of the access")                                                   \
    X(flags, U16, "1", "1 taken, 2 load, 4 store, 8 serialising, 16 fault, 32 system, 64 "         \
                       "branch, 128 first half, 256 squashed having been 512 decoded, "            \
                       "1024 issued, 2048 done")                                                   \
    X(fetch, I64, "cycles", "cycle of its fetch, difference to the row before")                    \
    X(decode, U32, "cycles", "from fetch to the end of decode")                                    \
    X(issue, U32, "cycles", "from the end of decode to issue")                                     \
    X(done, U32, "cycles", "from issue to its result")                                             \
    X(retire, U32, "cycles", "from its result to retirement")
#define TRACE_COLUMN_ENUM(name, type, unit, text) TRACE_COLUMN_##name,
enum trace_column { TRACE_COLUMNS(TRACE_COLUMN_ENUM) TRACE_COLUMN_COUNT };
#undef TRACE_COLUMN_ENUM

/* Of a chunk, beside the number of its first row. */
#define TRACE_INDEX(X)                                                                             \
    X(pc, "bytes", "address of that row")                                                          \
    X(ea, "bytes", "address of the chunk's first access")                                          \
    X(fetch, "cycles", "cycle of fetch of that row")                                               \
    X(last_retire, "cycles", "cycle in which the chunk's last row retired")
#define TRACE_INDEX_ENUM(name, unit, text) TRACE_INDEX_##name,
enum trace_index { TRACE_INDEX(TRACE_INDEX_ENUM) TRACE_INDEX_COUNT };
#undef TRACE_INDEX_ENUM

/* As struct columns_setup wants it; `to` and `index` by the enums above. */
void inst_trace_spread(const struct trace_record *records, uint32_t count, void *const *to,
                       uint64_t *index);

/* The instructions that have occurred: a set of (pc, word). */
struct trace_codes {
    struct {
        uint64_t pc;
        uint32_t word;
        bool used;
    } *slot;
    uint64_t slots, count;
};
void trace_codes_add(struct trace_codes *s, const struct trace_record *records, uint32_t count);
void trace_codes_free(struct trace_codes *s);

#endif
