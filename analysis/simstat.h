/* simstat: analysis of result files on the command line. Each verb is one file with one function.
 */
#ifndef ANALYSIS_SIMSTAT_H
#define ANALYSIS_SIMSTAT_H

#include "analysis/reader.h"

enum { SIMSTAT_USER_ERROR = 125 }; /* as simrun: a mistake of the user's */

enum { OPTIONS_MAX = 32 };

/* What the command line said. */
struct options {
    const char *phase;   /* NULL: all phases together */
    const char *columns; /* comma separated; NULL: all */
    int core;            /* -1: all */
    double min_percent;  /* compare: smaller changes are left out */
    const char *metric, *pareto; /* sweep; NULL when not given */
    const char *format, *first, *cycle, *count, *output; /* export, report; likewise */
    const char *most, *clusters, *seed; /* phases; likewise */
    bool csv, all, histograms, non_negative, help;
    bool given[OPTIONS_MAX]; /* of options.c's rows */
    const char *places;  /* cpi: "functions" or "lines" instead of cores; NULL: cores */
};

/* "simstat: ..." on stderr, exit status 125. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A file that HDF5 does not open: missing, something else, or cut off. */
_Noreturn void fail_to_open(const char *path);
void *allocate(size_t count, size_t size);

/* The figures of the chosen phases as simrun's summary wants them; *s refers to r. */
void summary_of_run(struct summary_source *s, const struct run *r);

/* Without cycles every figure of them would be 0: ends the program when the run was functional, or
 * the chosen phase was. */
bool run_is_functional(const struct run *r);
void want_timing(const struct run *r, const char *verb);

/* The heading of every report: says when a result is not that of a complete run. */
void print_status(const struct run *r);

void verb_summary(const struct run *runs, const struct options *o);
void verb_cpi(const struct run *runs, const struct options *o);
void verb_intervals(const struct run *runs, const struct options *o);
void verb_compare(const struct run *runs, const struct options *o);
void verb_histograms(const struct run *runs, const struct options *o);
/* Without the heading. */
void print_histograms(const struct run *r, const struct options *o);
/* verb_phases of a run of which only points were timed. */
void print_sample(const struct run *r, const struct options *o);
void verb_phases(const struct run *runs, const struct options *o);
void verb_belady(const struct run *runs, const struct options *o);
/* Of runs with output.sites = yes. */
void verb_branches(const struct run *runs, const struct options *o);
void verb_loads(const struct run *runs, const struct options *o);
/* verb_cpi by function or by source line. */
void print_places(const struct run *r, const struct options *o);
/* Of a result with recorded instructions. */
void verb_export(const char *path, const struct options *o);
void verb_fit(char **paths, int count, const struct options *o);
/* Of a file that may be under way: RESULT.h5 or RESULT.h5.part. */
void verb_tail(const char *path, const struct options *o);
/* Of a result or of the file of a sweep. */
void verb_report(const char *path, const struct options *o);
/* Of the file of a sweep. */
void verb_sweep(const char *path, const struct options *o);

#endif
