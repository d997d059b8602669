/* The words that may stand in the place of options and configuration: `simrun explain`, ... */
#ifndef SIM_VERBS_H
#define SIM_VERBS_H

#include <stdbool.h>

bool verb_is(const char *word);
/* Carries out argv[1] when it is one of the verbs: true with the exit status. */
bool verb_run(int argc, char **argv, int *status);

#endif
