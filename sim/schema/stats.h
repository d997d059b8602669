/* The statistics tree: who counts what. Built before the first cycle, then fixed; counting itself
 * is `s->stats.name++` in the component, and only sim/out knows how it is stored. Statistics are
 * never reset: a phase's figures are differences of snapshots.
 *
 *   struct stats *s = stats_create();
 *   stats_add(s, "l1d", cache_stat_rows, &cache->stats);
 *   stats_formula(s, "l1d", "miss_rate", "l1d.misses / l1d.accesses", "demand misses per access");
 *   stats_law(s, "l1d hits and misses", "l1d.hits + l1d.misses", "l1d.accesses");
 *   ... simulate ...
 *   uint64_t *values = xcalloc(stats_count(s), sizeof *values);
 *   stats_snapshot(s, values);
 *   double rate = stats_formula_value(s, 0, values);
 *   if (!stats_law_check(s, 0, values).held) panic(...);
 *
 * With several cores the number stands behind the first part of a name: "core.0.cycles",
 * "l1d.0.hits", "cpi.0.base"; shared units have none. The writers rely on it. */
#ifndef SIM_SCHEMA_STATS_H
#define SIM_SCHEMA_STATS_H

#include "sim/schema/hist.h"

struct stats;

struct stats *stats_create(void);
void stats_destroy(struct stats *s);

/* Adds the rows of one component; full names are "component.name" ("l1d.hits"). `base` must outlive
 * the tree. */
void stats_add(struct stats *s, const char *component, const struct stat_row *rows,
               const void *base);
/* Adds one statistic that no row list holds (a CPI part, say). The texts must outlive the tree. */
void stats_add_one(struct stats *s, const char *component, const char *name, enum stat_unit unit,
                   const char *text, const uint64_t *value);
/* A derived figure: "core.ipc" with equation "core.instructions / core.cycles": full names,
 * numbers, + - * / and parentheses; 0/0 and x/0 give NaN. Panics at once if a name is unknown or
 * the equation does not parse. */
void stats_formula(struct stats *s, const char *component, const char *name, const char *equation,
                   const char *text);
/* The histograms of one component, named likewise ("core.rob"); `base` must outlive the tree. */
void stats_add_hists(struct stats *s, const char *component, const struct hist_row *rows,
                     const void *base);
/* A law that must hold at the end of the run: both sides are equations without division or
 * fractions (else it panics), compared exactly, beyond 64 bits too; the reported values saturate at
 * the s64 limits. */
void stats_law(struct stats *s, const char *name, const char *left, const char *right);

/* A law over what histograms add up to as they stand: their counts, or the sums of their values.
 * The names on the left are histograms ("core.load_l1 + core.load_memory"), on the right
 * statistics. */
enum hist_total { HIST_COUNT, HIST_SUM };
void stats_hist_law(struct stats *s, const char *name, enum hist_total total, const char *left,
                    const char *right);

uint32_t stats_count(const struct stats *s);
struct stat_info {
    const char *component, *name, *full, *text;
    enum stat_unit unit;
    const uint64_t *value;
};
struct stat_info stats_get(const struct stats *s, uint32_t index);
/* Index of a full name, or -1. */
int32_t stats_find(const struct stats *s, const char *full);
/* "1", "cycles", "bytes", ... for the file's `units` */
const char *stats_unit_name(enum stat_unit unit);

/* Copies all values into values[stats_count]; differences of two such arrays are a phase. */
void stats_snapshot(const struct stats *s, uint64_t *values);

uint32_t stats_hist_count(const struct stats *s);
struct hist_info {
    const char *full, *text;
    enum stat_unit value_unit, count_unit;
    const struct hist *hist;
    uint64_t at; /* where stats_snapshot_hists puts its counts; its sum comes behind them */
};
struct hist_info stats_hist_get(const struct stats *s, uint32_t index);
/* Copies all counts and sums; how many there are. */
uint64_t stats_hist_room(const struct stats *s);
void stats_snapshot_hists(const struct stats *s, uint64_t *values);

uint32_t stats_formula_count(const struct stats *s);
struct formula_info {
    const char *full, *equation, *text;
};
struct formula_info stats_formula_get(const struct stats *s, uint32_t index);
/* Evaluates formula `index` over values[stats_count]. */
double stats_formula_value(const struct stats *s, uint32_t index, const uint64_t *values);

uint32_t stats_law_count(const struct stats *s);
struct law_info {
    const char *name, *left, *right; /* the equations as texts */
    int64_t left_value, right_value;
    bool held;
};
struct law_info stats_law_check(const struct stats *s, uint32_t index, const uint64_t *values);

#endif
