/* Where in the program its cycles went: folds the CPI stack by instruction into one by function and
 * one by source line, for the result file. Nothing when the run has none. */
#ifndef SIM_PLACES_H
#define SIM_PLACES_H

struct machine;
struct result;

/* After the last phase and before the machine's program goes away. */
void places_write(const struct machine *m, struct result *file);

#endif
