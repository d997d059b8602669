/* `simrun check`: what a program needs that is not implemented, told without running it. */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "sim/base/err.h"

extern const char check_usage[];

/* argv[2] on are the arguments. Prints the report; the exit status: 0 when nothing is missing, 1
 * when something is; with *e set when there is no report. */
int check_run(int argc, char **argv, struct err *e);

#endif
