/* Phases of a run: groups of intervals that execute the same code. */
#ifndef ANALYSIS_PHASES_H
#define ANALYSIS_PHASES_H

#include "analysis/cluster.h"
#include "analysis/simstat.h"

struct phase {
    size_t intervals, representative; /* representative: an interval */
    uint64_t instructions, timed, cycles; /* timed: instructions whose cycles are known */
    double deviation; /* of the CPI of its intervals */
    double distance;  /* squared, of the representative to the centre */
    const char *function; /* with most of the representative's instructions; "": not known */
    double function_share;
};

struct phases {
    struct phase *phase; /* in the order of their first intervals */
    size_t *of_interval; /* [intervals] */
    size_t count;
    uint64_t instructions, timed, cycles;
    double bic;
};

struct phases_setup {
    size_t most, exactly; /* exactly 0: as many as the criterion says, `most` at most */
    uint64_t seed;
};

/* The texts in it are those of b. The caller frees with phases_free. */
void phases_find(struct phases *ph, const struct run_bbv *b, const struct phases_setup *setup);
void phases_free(struct phases *ph);
/* Share of the run's instructions. */
double phase_weight(const struct phases *ph, const struct phase *p);
/* CPI of the representatives by the weights of their phases; NaN when one was not timed. */
double phases_estimate(const struct phases *ph, const struct run_bbv *b);

#endif
