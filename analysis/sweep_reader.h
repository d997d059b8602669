/* Opens a sweep.h5 (sim/out/h5_sweep.h says what is in it) and holds it in memory. Ends the program
 * with a message when the file is none of ours or damaged. */
#ifndef ANALYSIS_SWEEP_READER_H
#define ANALYSIS_SWEEP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct parameter {
    char *name;
    char **texts;     /* [points]: as words, or numbers with their unit: 512KiB */
    uint64_t *numbers; /* [points]; NULL: words */
    size_t *level;    /* [points]: place of the value among the different ones, ascending */
    char **levels;
    size_t level_count;
};

struct sweep_data {
    const char *path;
    char **ids, **cases, **states;
    uint8_t *is_done;
    size_t point_count;
    struct parameter *parameters;
    size_t parameter_count;
    char **stats;
    uint64_t *values; /* [points][stats] */
    size_t stat_count;
};

/* Whether the file is one; false also when it cannot be read. */
bool sweep_is(const char *path);
void sweep_open(struct sweep_data *d, const char *path);
void sweep_close(struct sweep_data *d);
/* "8 points: 6 complete, 1 limit, 1 failed" */
void sweep_print_states(const struct sweep_data *d, FILE *to);

/* A figure of one point: "ipc", "cpi", a statistic, or a ratio "A/B". NaN when it is 0/0; ends the
 * program when there is no such statistic. */
double sweep_figure(const struct sweep_data *d, size_t point, const char *metric);

#endif
