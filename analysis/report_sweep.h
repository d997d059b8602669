/* The report of a sweep's file: simstat report sweep.h5. */
#ifndef ANALYSIS_REPORT_SWEEP_H
#define ANALYSIS_REPORT_SWEEP_H

#include <stdio.h>

struct options;

/* The whole page. */
void report_sweep(const char *path, const struct options *o, FILE *out);

#endif
