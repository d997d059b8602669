/* Figures of a histogram, for tables and charts. */
#ifndef ANALYSIS_HISTOGRAMS_H
#define ANALYSIS_HISTOGRAMS_H

#include "analysis/simstat.h"

uint64_t hist_count(const struct run_hist *h);
double hist_mean(const struct run_hist *h); /* NaN when it is empty */
/* The bin up to which so large a share of all are. */
size_t hist_quantile(const struct run_hist *h, double share);

/* Texts for people, of numbers whose unit hist_unit names: ps become ns. A bin of one value is that
 * value; of a wider one only its end is known, and "<=" says so. */
enum { HIST_TEXT_MAX = 32 };
const char *hist_unit(const struct run_hist *h);
double hist_scaled(const struct run_hist *h, double value);
void hist_bin_text(const struct run_hist *h, size_t bin, char *text);
/* Of counts, which are times in histograms over time. */
void hist_count_text(const struct run_hist *h, uint64_t count, char *text);
/* The bins with counts lie in [first, end); together so many make one of at most `lines` lines. */
struct hist_range {
    size_t first, end, together;
};
struct hist_range hist_range(const struct run_hist *h, size_t lines);
/* Counts of the line that starts with bin `first`; *next: where the next one does. */
uint64_t hist_line(const struct run_hist *h, const struct hist_range *range, size_t first,
                   size_t *next);

#endif
