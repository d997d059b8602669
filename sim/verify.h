/* `simrun verify RESULT.h5`: runs again what a result file describes, from the file alone, and
 * compares every counter of every phase. */
#ifndef SIM_VERIFY_H
#define SIM_VERIFY_H

#include "sim/base/err.h"

/* argv[0] is "verify". 0 when all is equal, 1 when not, or a status with *e. */
int verify_main(int argc, char **argv, struct err *e);

#endif
