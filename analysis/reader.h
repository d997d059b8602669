/* Opens a result file and holds the small parts of it in memory. Ends the program with a message
 * when the file is none of ours or damaged; what an unfinished file lacks is empty. */
#ifndef ANALYSIS_READER_H
#define ANALYSIS_READER_H

#include "sim/out/layout.h"

#include <stdint.h>

struct run_setting {
    char *section, *key, *value, *unit, *origin;
};

struct run {
    const char *path;
    char *status, *program;
    char **phases;
    char **stats;     /* full names */
    uint64_t *values; /* [stats]: of the chosen phase, or all added up */
    char **parts;     /* of the CPI stack */
    uint64_t *slots;  /* [cores][parts]: as values */
    struct run_setting *settings;
    size_t phase_count, stat_count, part_count, setting_count;
    unsigned cores;
    int64_t file; /* HDF5's handle */
};

/* phase: a name, or NULL for all phases together. */
void run_open(struct run *r, const char *path, const char *phase);
void run_close(struct run *r);

/* False when the run has no such statistic. */
bool run_value(const struct run *r, const char *full, uint64_t *value);
/* A number of /meta; false when there is none. */
bool run_meta(const struct run *r, const char *key, double *value);

/* One dataset of /intervals: values[rows][width], width 1 for a shared unit. */
struct run_column {
    char *name;
    uint64_t *values;
    size_t rows, width;
    bool shared; /* by the cores */
};
/* All columns but the scales, in the order of their names; the caller frees with run_columns_free.
 */
size_t run_columns(const struct run *r, struct run_column **columns);
void run_columns_free(struct run_column *columns, size_t count);

/* The CPI stack by place in the program; of the chosen phase, or of all added up. */
struct run_places {
    char **names;   /* "" when not known */
    char **objects; /* of functions; NULL for lines */
    uint64_t *instructions; /* [count] */
    uint64_t *slots;        /* [count][parts of the run] */
    size_t count;   /* 0: the run has none */
    uint64_t width; /* slots per cycle */
};
/* kind: "functions" or "lines"; phase as for run_open. The caller frees with run_places_free. */
void run_places(const struct run *r, const char *kind, const char *phase, struct run_places *p);
void run_places_free(struct run_places *p);

/* A histogram, of the chosen phase or of all added up. */
struct run_hist {
    char *name, *text;
    char *units, *count_units; /* of the values, of what is counted */
    uint64_t *edges;           /* [bins + 1]: bin n has edges[n] <= value < edges[n + 1] */
    uint64_t *counts;          /* [bins] */
    uint64_t sum;              /* of the values */
    size_t bins;
};
/* In the order of their names; none in old files. The caller frees with run_hists_free. */
size_t run_hists(const struct run *r, const char *phase, struct run_hist **hists);
void run_hists_free(struct run_hist *hists, size_t count);

/* Basic-block vectors: instructions by block in each interval. */
struct run_bbv {
    uint64_t length;         /* instructions of an interval; the last may be shorter */
    uint64_t *start;         /* [intervals + 1]: rows in block and count */
    uint64_t *first;         /* [intervals]: number of its first instruction */
    uint64_t *instructions, *cycles; /* [intervals]; cycles 0: not timed */
    uint32_t *block;
    uint64_t *count;
    char **functions;        /* [blocks]; "": not known */
    size_t intervals, blocks;
};
/* Ends the program when the run has none. The caller frees with run_bbv_free. */
void run_bbv(const struct run *r, struct run_bbv *b);
void run_bbv_free(struct run_bbv *b);

/* Any dataset by its path. Texts and numbers of rank 1: count 0 or NULL when the file has none; the
 * caller frees, texts with run_texts_free. */
bool run_has(const struct run *r, const char *path);
char **run_texts(const struct run *r, const char *path, size_t *count);
void run_texts_free(char **texts, size_t count);
uint64_t *run_numbers(const struct run *r, const char *path, size_t count);
double *run_reals(const struct run *r, const char *path, size_t count);
int64_t *run_signed_numbers(const struct run *r, const char *path, size_t count);
/* A single text; NULL when there is none. */
char *run_text(const struct run *r, const char *path);
/* Counters [phases][...] of the chosen phase, or of all added up; of how many is told. */
uint64_t *run_counts(const struct run *r, const char *path, int rank, const char *phase,
                     size_t *count);

#endif
