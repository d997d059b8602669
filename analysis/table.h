/* Columns of /trace in an open result file. Every function ends the program with a message about a
 * damaged file when what it is asked for is not there. */
#ifndef ANALYSIS_TABLE_H
#define ANALYSIS_TABLE_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>

struct table {
    const char *path; /* of the file, for messages */
    hid_t file;
};

/* Also beside a run that is open: HDF5 refuses a second handle with another rule for locks. */
struct table table_open(const char *path);
void table_close(struct table *t);
bool table_has(const struct table *t, const char *name);

uint64_t table_length(const struct table *t, const char *name);
/* Rows first ... first + count - 1 in memory as `type`; the caller frees. */
void *table_rows(const struct table *t, const char *name, hid_t type, uint64_t first,
                 uint64_t count);
/* All of a dataset of that many rows, `width` values each; the caller frees. */
void *table_whole(const struct table *t, const char *name, hid_t type, size_t width, uint64_t rows);
/* Texts; the caller frees each with H5free_memory, and the list. */
char **table_texts(const struct table *t, const char *name, uint64_t rows);
/* Fails unless chunks begin with row 0 and each with a row behind the one before. */
void table_check_chunks(const struct table *t, const char *name, const uint64_t *first_row,
                        uint64_t chunks, uint64_t rows);

#endif
