/* /branches and /loads of a run: what was counted at each branch or load (output.sites = yes). */
#ifndef ANALYSIS_SITES_H
#define ANALYSIS_SITES_H

#include "analysis/reader.h"

struct sites {
    size_t count;              /* branches or loads */
    char **functions, **files; /* "": not known */
    uint64_t *addresses, *lines;
    uint64_t *executed, *cost; /* cost: mispredicts, or cycles of latency, summed */
    uint64_t *taken;           /* of branches; else NULL */
    uint64_t *served;          /* of loads [count][levels]; else NULL */
    size_t levels;
};

/* Of the chosen phase (NULL: all added up). False when the run has none; sites_free in any case. */
bool sites_read_branches(struct sites *s, const struct run *r, const char *phase);
bool sites_read_loads(struct sites *s, const struct run *r, const char *phase);
void sites_free(struct sites *s);

enum { LEVEL_NAME_MAX = 16 };
/* "L1", "L2", "L3" or "memory": who served, as /loads/served counts; machines leave levels out. */
const char *sites_level(const struct run *r, size_t level, char out[LEVEL_NAME_MAX]);

#endif
