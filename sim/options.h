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
    /* -s, -m and --max-insts as "section.key=value", in order; ends with NULL. */
    const char **overrides;
    bool quiet, force, help, version;
};

/* False with *e set on a mistake. The texts point into argv or live until the process ends. */
bool options_parse(struct options *o, int argc, char **argv, struct err *e);

extern const char options_help[];

#endif
