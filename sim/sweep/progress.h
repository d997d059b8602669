/* How a sweep is getting on: a line that is drawn over on a terminal, otherwise a line for each
 * point that ended. */
#ifndef SIM_SWEEP_PROGRESS_H
#define SIM_SWEEP_PROGRESS_H

#include "sim/sweep/sweep.h"

struct sweep_progress {
    bool quiet, on_terminal, line_open;
    uint32_t jobs;
    double started, shown; /* seconds */
};

void sweep_progress_start(struct sweep_progress *g, bool quiet, uint32_t jobs, double now);
void sweep_progress_show(struct sweep_progress *g, const struct sweep *s, uint32_t running,
                         double now);
void sweep_progress_ended(struct sweep_progress *g, const struct sweep *s, const struct point *p);
void sweep_progress_end(struct sweep_progress *g);

/* "3 h 12 min", "45 s". */
void sweep_duration(char *text, size_t room, double seconds);
/* "sort l2.size=262144 l2.ways=4": case and what varies. The caller frees it. */
char *sweep_point_name(const struct sweep *s, const struct point *p);

#endif
