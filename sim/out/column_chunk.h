/* Private to the writer of tables: a chunk of records and its columns as HDF5 stores them (shuffled
 * and deflated). Knows no HDF5 file, so that a thread of its own may run it. */
#ifndef SIM_OUT_COLUMN_CHUNK_H
#define SIM_OUT_COLUMN_CHUNK_H

#include "sim/out/h5_columns.h"

enum { COLUMN_DEFLATE_LEVEL = 1 };

struct packed_column {
    uint8_t *data;
    size_t bytes;
};

struct column_chunk {
    uint8_t *records;
    uint32_t count;
    uint64_t index[COLUMNS_INDEX_MAX];
    struct packed_column packed[COLUMNS_MAX];
};

size_t column_bytes(const struct column *c);
struct column_chunk *column_chunk_create(const struct columns_setup *s);
void column_chunk_destroy(struct column_chunk *c);
/* Rows past `count` are zero in the file's last chunk. */
void column_chunk_pack(struct column_chunk *c, const struct columns_setup *s);

/* A chunk of zeros of one byte; the caller frees its data. */
void column_zeros_pack(struct packed_column *p);

#endif
