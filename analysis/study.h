/* What the points of a sweep say together: groups of points with the same parameters, ratios
 * between them, and how much of the variance each parameter explains. Only points that are done
 * count. */
#ifndef ANALYSIS_STUDY_H
#define ANALYSIS_STUDY_H

#include "analysis/sweep_reader.h"

enum { CONFIDENCE_PERCENT = 95 };

/* What varies: parameters with more than one level. */
struct study {
    const struct sweep_data *d;
    const char *metric;
    double *y;           /* [points]: the figure; NaN where it does not count */
    size_t *factor;      /* parameters that vary */
    size_t factor_count;
    size_t *group;       /* [points]: points with the same parameters, whatever the workload */
    size_t *leader;      /* [groups]: one point of each */
    size_t group_count;
};

/* Ratios to the first group, workload by workload, on a logarithmic scale: mean, half width of the
 * confidence interval (Student's t over the workloads; NaN for one), number. */
struct ratio {
    double log_mean, half_width;
    size_t count;
};

/* Sum of squares between the cells that one or two factors make, and their means' extremes. */
struct spread {
    double squares, low, high;
    size_t low_cell, high_cell;
};

struct effect {
    const struct parameter *a, *b; /* b NULL: a main effect */
    struct spread spread;
    double share; /* of the variance within the workloads */
};

void study_begin(struct study *s, const struct sweep_data *d, const char *metric);
void study_end(struct study *s);

/* Over the workloads; NaN and *count 0 when nothing counts. */
double study_mean(const struct study *s, size_t group, size_t *count);
struct ratio study_ratio(const struct study *s, size_t group);
/* Main effects and interactions of two, the largest share first; the caller frees. */
struct effect *study_effects(const struct study *s, size_t *count);

#endif
