/* simstat report: one page of HTML that needs neither network nor other files. Each section is a
 * file with one function, which writes nothing when the result has nothing of its kind. Whatever
 * comes from the result goes through html_text or json_text. */
#ifndef ANALYSIS_REPORT_H
#define ANALYSIS_REPORT_H

#include <stdio.h>

#include "analysis/reader.h"
#include "analysis/simstat.h"

struct report {
    const struct run *run; /* of the chosen phase, or of all added up */
    const struct options *o;
    FILE *out;
    /* Each phase by itself; one when a phase is chosen. */
    struct run *phases;
    const char **phase_names;
    size_t phase_count;
};

/* Parts of the CPI stack that share a colour. */
enum { CPI_GROUPS = 7 };

/* Escaped for text, and for attributes in double quotes. */
void html_text(FILE *out, const char *text);
/* Escaped for a string of JSON inside a script element. */
void json_text(FILE *out, const char *text);
void html_text_cell(FILE *out, const char *text);
/* A cell with a number; a dash when it is not finite. */
void html_number_cell(FILE *out, const char *format, double value);
void html_count_cell(FILE *out, uint64_t value);
void html_value_cell(FILE *out, const char *text); /* a number as text */
/* <section> with a heading and a line under it; the caller closes it. */
void html_section(FILE *out, const char *id, const char *title, const char *lead);
/* "<table> ... <tbody>" with headings "name|count|...": a leading # is a column of numbers. */
void html_table(FILE *out, const char *caption, const char *headings);
/* over / under * scale; NaN when under is 0. */
double ratio(uint64_t over, uint64_t under, double scale);
uint64_t sum_of(const uint64_t *values, size_t count);
/* Places in `weights`, the largest first, equals in their order; the caller frees. */
size_t *largest_first(const uint64_t *weights, size_t count);

const char *cpi_group_name(unsigned group);
unsigned cpi_group(const char *part);
/* slots[parts of the run] as one bar of `width` units for `full` slots. */
void report_bar(const struct report *p, const uint64_t *slots, double full, double width);
void report_groups_legend(const struct report *p);
double instructions_of(const struct run *r);
double cycles_of(const struct run *r);

void report_provenance(const struct report *p);
void report_summary(const struct report *p);
void report_machine(const struct report *p);
void report_cpi(const struct report *p);
void report_intervals(const struct report *p);
void report_hists(const struct report *p);
void report_places(const struct report *p);
void report_sites(const struct report *p);
void report_trace(const struct report *p);
void report_checks(const struct report *p);
void report_config(const struct report *p);

/* analysis/report.css and report.js. */
extern const char report_css[], report_js[];

#endif
