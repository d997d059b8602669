/* Reads back what the writer of this folder has written: for sweeps, which gather results, and for
 * `simrun verify`, which compares one with a new run. Files that are damaged or not ours give NULL
 * or false, never an abort. */
#ifndef SIM_OUT_H5_READ_H
#define SIM_OUT_H5_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"

/* The counters of all phases. */
struct result_values {
    char **phases, **names, **units, **texts; /* units and texts: of the statistics */
    uint64_t *values;                         /* [phases][stats] */
    uint32_t phase_count, stat_count;
};

/* The status word of a file of the final name; NULL when it cannot be read. The caller frees it. */
char *result_read_status(const char *path);
/* A number of /meta ("/meta/host_seconds"); 0 when absent. */
double result_read_number(const char *path, const char *dataset);
/* A text dataset ("/config/text") or member of /meta ("/meta/program_sha256"); NULL when absent.
 * The caller frees it. */
char *result_read_text(const char *path, const char *dataset);
/* A list of texts ("/config/arguments"), which ends with NULL; NULL when absent. */
char **result_read_texts(const char *path, const char *dataset, uint32_t *count);
void result_free_texts(char **texts, uint32_t count);

bool result_read_values(struct result_values *v, const char *path, struct err *e);
void result_free_values(struct result_values *v);

#endif
