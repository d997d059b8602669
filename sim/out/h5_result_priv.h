/* Inside of struct result, shared by the files h5_*.c. */
#ifndef SIM_OUT_H5_RESULT_PRIV_H
#define SIM_OUT_H5_RESULT_PRIV_H

#include "sim/out/h5_file.h"
#include "sim/out/h5_result.h"

struct h5_intervals;
struct h5_bbv;
struct h5_inst_trace;
struct h5_mem_trace;
struct h5_trace;

struct result {
    struct h5_file file;
    char *path, *part;
    bool force;
    int lock;                       /* descriptor of the .part file, locked */
    struct h5_intervals *intervals; /* NULL: none recorded */
    struct h5_inst_trace *inst_trace; /* likewise */
    struct h5_mem_trace *mem_trace;   /* likewise */
    struct h5_bbv *bbv;               /* likewise */
    struct h5_trace *traces;        /* a list; NULL: none */
    char **phases;                  /* their names; NULL until result_stats */
    uint32_t phase_count;
};

/* "l1d.misses" of core 2 is "l1d.2.misses"; the caller frees it. */
char *h5_core_name(const char *full, uint32_t core);

/* Makes /trace unless it is there. */
void result_trace_group(struct result *r);

/* GROUP/phase, a scale with the names of the phases, made when it is not there: whoever opens the
 * group alone knows them. The caller frees the path. */
char *h5_phase_scale(struct result *r, const char *group);

/* Writes the rows still in memory and closes the datasets. */
void h5_intervals_finish(struct h5_file *f, struct h5_intervals *t);
/* The same for a list of traces. */
void h5_traces_finish(struct h5_trace *t);

/* Frees a trace without writing what is left of it. */
void h5_inst_trace_stop(struct h5_inst_trace *t);
void h5_mem_trace_stop(struct h5_mem_trace *t);
void h5_bbv_free(struct h5_bbv *b);

#endif
