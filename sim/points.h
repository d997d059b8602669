/* The points of a sampled run (sample.points): stretches of instructions that are timed, with
 * fast-forwarding in between. `simstat phases -o FILE` writes such a file: a line a point, number
 * of its first instruction, instructions, weight; # starts a comment. */
#ifndef SIM_POINTS_H
#define SIM_POINTS_H

#include <stdint.h>

#include "sim/base/err.h"

struct point_row {
    uint64_t first, instructions;
    double weight;
};

struct points {
    struct point_row *row; /* in the order of their first instructions, apart from each other */
    uint32_t count;
};

/* NULL with *e set, which names file and line. */
struct points *points_read(const char *path, struct err *e);
void points_destroy(struct points *p);

#endif
