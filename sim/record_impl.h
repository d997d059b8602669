/* What record.c, record_write.c and record_summary.c share. */
#ifndef SIM_RECORD_IMPL_H
#define SIM_RECORD_IMPL_H

#include <time.h>

#include "sim/record.h"

struct run_phase {
    char *name;
    uint64_t start_instruction, end_instruction, start_cycle, end_cycle;
    uint64_t *start, *end; /* snapshots of all statistics */
    struct {
        uint64_t *start, *end;
    } hists; /* and of histograms */
};

struct record {
    struct record_setup setup;
    struct result *file; /* NULL: none wanted */
    struct machine *machine;
    struct trace *trace;      /* NULL: no file to record in */
    const struct config *config;
    struct run_phase *phases;
    uint32_t phase_count;
    enum machine_end end;
    struct timespec started;
    double host_seconds;
};

/* As the run ended; a broken law makes it RESULT_FAILED besides. */
enum result_status record_status(const struct record *r);
/* A part of the CPI stack; of several cores', the first one's. */
bool record_is_cpi(const struct stat_info *i);

/* Provenance, points and the statistics of all phases; intervals and traces were written as they
 * came. */
void record_write(struct record *r);

#endif
