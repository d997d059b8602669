/* Fast-forwarding with functional warming (sample.warming). */
#ifndef SIM_WARMING_H
#define SIM_WARMING_H

#include "sim/base/err.h"

struct machine;

/* After the cores have been built. Refuses what cannot be warmed. */
bool warming_build(struct machine *m, struct err *e);
void warming_destroy(struct machine *m);
/* As exec_run, of a machine with `warming`. */
void warming_run(struct machine *m, uint64_t until);

#endif
