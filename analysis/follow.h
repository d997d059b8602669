/* Looks at the intervals of a file that a run may be writing at this moment. The writer knows
 * nothing of its readers, so a look may find a state between two flushes: one that HDF5 cannot
 * open, or, at worst, one on which it crashes. Each look is therefore a process of its own, and
 * what it saw is to be trusted only when a second look agrees. */
#ifndef ANALYSIS_FOLLOW_H
#define ANALYSIS_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

enum { FOLLOW_COLUMNS = 64, FOLLOW_ROWS = 65536 };
enum { FOLLOW_INSTRUCTIONS, FOLLOW_CYCLES, FOLLOW_EVENTS }; /* the first columns */

struct glimpse {
    char status[32];
    bool has_intervals;
    uint64_t rows;    /* in `values`; FOLLOW_ROWS: there may be more */
    uint32_t columns; /* misses and mispredicts come after instructions and cycles */
    char names[FOLLOW_COLUMNS][64];
    uint64_t *values; /* [rows][columns] */
};

/* The rows from `first` on, of one core where columns have cores. False, with *g empty, when the
 * file cannot be read as it is now. The caller frees with glimpse_free. */
bool glimpse_take(struct glimpse *g, const char *path, uint64_t first, uint32_t core);
void glimpse_free(struct glimpse *g);

#endif
