/* Formulas and laws of a component that may exist several times, each under its own name: templates
 * in which `@` stands for the name. */
#ifndef MODELS_CACHE_NAMED_LAWS_H
#define MODELS_CACHE_NAMED_LAWS_H

#include "sim/schema/stats.h"

struct law_row {
    const char *name, *left, *right; /* NULL name ends the list */
};

struct formula_row {
    const char *name, *equation, *text; /* NULL name ends the list */
};

void named_laws(struct stats *s, const char *name, const struct law_row *rows);
/* Laws over the counts of histograms (stats_hist_law). */
void named_hist_laws(struct stats *s, const char *name, const struct law_row *rows);
void named_formulas(struct stats *s, const char *name, const struct formula_row *rows);

#endif
