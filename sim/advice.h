/* What a configuration says in vain although it is legal: it may be a point of a sweep, or a file
 * for several modes, where an error would be in the way. */
#ifndef SIM_ADVICE_H
#define SIM_ADVICE_H

struct machine;

/* A warning for each, before the run. */
void advise(const struct machine *m);

#endif
