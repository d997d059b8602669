/* Writes sweep.h5: one row per point.
 *
 * /            attributes format, format_version, sweep (the file's name)
 * /points      id (scale); case, state, reason, result (path, relative to this file), host_seconds;
 *              is_done u8: 1 for complete and limit, the only rows that may be averaged over
 * /parameters  one dataset per axis, by its name: u64 with units where it is a number, text else;
 *              attribute key: the configuration key
 * /stats       names (scale), units, descriptions; values[point, stat] u64: the last phase of each
 *              result, zero without one; phase[point]: its name
 * /results     ID: external link to the result file of each point that has one */
#ifndef SIM_OUT_H5_SWEEP_H
#define SIM_OUT_H5_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"

struct sweep_column {
    const char *name, *key, *unit;
    bool is_number;
    const char **texts;      /* [points] */
    const uint64_t *numbers; /* [points] */
};

struct sweep_table {
    const char *sweep;
    uint32_t points, columns;
    const char **ids, **cases, **states, **reasons;
    const char **results; /* "points/ID/result.h5"; "" when there is none */
    const uint8_t *is_done;
    const double *host_seconds;
    const uint64_t *exit_statuses; /* of the programs; 0 where none has ended */
    const struct sweep_column *column;
};

/* Written beside its final name and renamed when whole. Results are looked for beside `path`. */
bool sweep_file_write(const char *path, const struct sweep_table *t, struct err *e);

#endif
