/* A table of many rows, written while the simulation runs: a dataset a column, in one group.
 *
 * The simulation only fills records. A thread spreads whole chunks of them over the columns,
 * shuffles and deflates these; what is ready is handed to HDF5 by the simulation's own thread,
 * since HDF5 knows one thread. Memory stays flat: when the thread falls behind, the simulation
 * waits for it. With `last` set only that many of the youngest records are kept, in memory, and
 * written at the end.
 *
 * Chunks can be read alone: a row of the index says where each begins and what `spread` says of
 * it. Along the rows there is a dimension without values, `row`. */
#ifndef SIM_OUT_H5_COLUMNS_H
#define SIM_OUT_H5_COLUMNS_H

#include "sim/out/h5_file.h"

enum { COLUMNS_CHUNK = 32768, COLUMNS_MAX = 16, COLUMNS_INDEX_MAX = 8 };

enum column_type { COLUMN_U8, COLUMN_U16, COLUMN_U32, COLUMN_U64, COLUMN_I64 };

struct column {
    const char *name, *units, *long_name;
    enum column_type type;
};

struct columns_setup {
    const char *group, *long_name;
    const struct column *columns;
    uint32_t column_count;
    /* A row a chunk, all u64; the dataset `first_row` comes by itself. NULL: no index. */
    const char *index_group, *index_long_name;
    const struct column *index;
    uint32_t index_count;
    size_t record_bytes;
    uint64_t last; /* records to keep; 0: all */
    /* In the thread: what `count` records say, column by column (COLUMNS_CHUNK zeros each), and the
     * index row of their chunk. */
    void (*spread)(void *ctx, const void *records, uint32_t count, void *const *columns,
                   uint64_t *index);
    void *ctx;
};

struct h5_columns;

/* `setup` is copied, what it points to is not. */
struct h5_columns *h5_columns_create(struct h5_file *f, const struct columns_setup *setup);
/* Room for the next record, to be filled before the next call. */
void *h5_columns_next(struct h5_columns *t);
/* Writes all that is left and the index, and ends the thread; then `spread` runs no more. */
void h5_columns_end(struct h5_columns *t);
/* Frees; without h5_columns_end before, what is left is not written. */
void h5_columns_destroy(struct h5_columns *t);
/* Of a column, for attributes; negative after an error. */
hid_t h5_columns_dataset(const struct h5_columns *t, uint32_t column);

#endif
