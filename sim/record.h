/* Carries what a machine counts into the result file and the summary: phases, intervals,
 * provenance, checks. */
#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include "sim/build.h"
#include "sim/out/h5_result.h"

struct record;

struct record_setup {
    const char *path; /* result file; NULL: none */
    bool force;       /* overwrite it */
    int argc;         /* the command line, for /meta */
    char **argv;
};

/* Before the machine is made: refuses what cannot be written. */
struct record *record_create(const struct record_setup *setup, struct err *e);
void record_destroy(struct record *r);

/* The machine's statistics exist now. */
bool record_attach(struct record *r, struct machine *m, const struct config *config, struct err *e);

/* The machine's hooks. */
void record_phase(struct record *r, const char *name);
void record_interval(struct record *r);
/* An instruction retires; when [trace] wants anything. */
void record_retired(struct record *r, const struct retirement *retirement);
void record_squashed(struct record *r, const struct retirement *squashed);

/* Ends the last phase, checks the laws (naming the first broken one in *e, status 70; the file then
 * says `failed`), writes the file. `end` becomes the file's status. False with *e set when anything
 * went wrong. */
bool record_finish(struct record *r, enum machine_end end, struct err *e);

/* The summary of the last phase, lines prefixed `simrun: `; after record_finish. */
void record_summary(struct record *r, FILE *to);

#endif
