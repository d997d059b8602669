/* The command line of `simrun sweep`. */
#ifndef SIM_SWEEP_OPTIONS_H
#define SIM_SWEEP_OPTIONS_H

#include "sim/sweep/pool.h"

enum sweep_action {
    SWEEP_RUN,     /* points run on this host */
    SWEEP_LIST,    /* --dry-run */
    SWEEP_COLLECT, /* --collect */
    SWEEP_SLURM,   /* --slurm: submitted and watched */
    SWEEP_SCRIPT,  /* --script: the same script, for the user to submit */
    SWEEP_CONDOR,  /* --condor: a submit file of HTCondor */
};

struct sweep_options {
    struct pool_options pool;
    enum sweep_action action;
    const char *file;
    const char *task;    /* --task: file with the points of a batch, one a line; else NULL */
    uint64_t index;      /* --index: which of them; UINT64_MAX: the batch system's variable tells */
    const char *sbatch;  /* --sbatch: further options of sbatch; "" when not given */
    bool help;
};

extern const char sweep_help[];

/* False with *e on a mistake. Texts point into argv. */
bool sweep_options_parse(struct sweep_options *o, int argc, char **argv, struct err *e);

#endif
