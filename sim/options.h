/* The command line of simrun. */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"

struct options {
    const char *config;      /* CONFIG.ini */
    const char **arguments;  /* PROGRAM ARG... NULL after --; NULL when there is none */
    const char *output;      /* -o; NULL when not given */
    char **overrides; /* -s, -m and --max-insts as "section.key=value"; owned; ends with NULL */
    int32_t gdb_port; /* --gdb; -1 when not given */
    bool quiet, force, help, version;
};

/* False with *e set on a mistake. Texts that are not owned point into argv. */
bool options_parse(struct options *o, int argc, char **argv, struct err *e);
/* Also after a mistake. */
void options_destroy(struct options *o);

extern const char options_help[];

#endif
