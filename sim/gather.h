/* From a sweep and the results of its points to sweep.h5. */
#ifndef SIM_GATHER_H
#define SIM_GATHER_H

#include "sim/sweep/sweep.h"

/* As sweep_env wants them. */
char *gather_status(const char *path, double *host_seconds, uint32_t *exit_status);
bool gather_sweep(const struct sweep *s, const char *path, struct err *e);

#endif
