/* The options of simstat's command line: which verbs each is for. */
#ifndef ANALYSIS_OPTIONS_H
#define ANALYSIS_OPTIONS_H

#include "analysis/simstat.h"

/* Ends the program at a mistake; texts point into argv, and optind is the first word that is no
 * option. */
struct options options_parse(int argc, char **argv);
/* Ends the program when an option was given that the verb does not look at. */
void options_check(const struct options *o, const char *verb);
void options_print_help(void);

#endif
