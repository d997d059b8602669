/* The report of a sweep: states, a panel a workload, means with their confidence, sensitivity. */
#include "analysis/report_sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report.h"
#include "analysis/study.h"

enum { PANEL_WIDTH = 320, PANEL_HEIGHT = 200, MARGIN = 40, LINES = 6 };

static void write_states(FILE *out, const struct sweep_data *d)
{
    size_t missing = 0;
    for (size_t n = 0; n < d->point_count; n++)
        missing += !d->is_done[n];
    html_section(out, "states", "Points",
                 "Points that are complete or were ended by a limit of the configuration count in "
                 "the figures below; others have no result.");
    fputs("<p>", out);
    sweep_print_states(d, out);
    fputs(".</p>\n", out);
    if (missing) {
        html_table(out, "Points without a result", "point|workload|state");
        for (size_t n = 0; n < d->point_count; n++) {
            if (d->is_done[n])
                continue;
            fputs("<tr>", out);
            html_text_cell(out, d->ids[n]);
            html_text_cell(out, d->cases[n]);
            html_text_cell(out, d->states[n]);
            fputs("</tr>\n", out);
        }
        fputs("</tbody></table></div>\n", out);
    }
    fputs("</section>\n", out);
}

/* Mean of the figure over the points of a workload with these levels; NaN without one. */
static double mean_at(const struct study *s, const char *workload, const struct parameter *x,
                      size_t at, const struct parameter *by, size_t line)
{
    double sum = 0, count = 0;
    for (size_t n = 0; n < s->d->point_count; n++) {
        if (isnan(s->y[n]) || strcmp(s->d->cases[n], workload) || x->level[n] != at ||
            (by && by->level[n] != line))
            continue;
        sum += s->y[n];
        count++;
    }
    return count > 0 ? sum / count : (double)NAN;
}

struct panel {
    const struct study *s;
    const char *workload;
    const struct parameter *x, *by; /* by NULL: one line */
    double low, high;
};

static double place_x(const struct panel *p, size_t at)
{
    size_t steps = p->x->level_count > 1 ? p->x->level_count - 1 : 1;
    return MARGIN + (double)at * (PANEL_WIDTH - 2 * MARGIN) / (double)steps;
}

static double place_y(const struct panel *p, double y)
{
    double span = p->high > p->low ? p->high - p->low : 1;
    return PANEL_HEIGHT - MARGIN - (y - p->low) / span * (PANEL_HEIGHT - 2 * MARGIN);
}

static size_t line_count(const struct panel *p)
{
    size_t count = p->by ? p->by->level_count : 1;
    return count < LINES ? count : LINES;
}

static void find_extremes(struct panel *p)
{
    p->low = (double)INFINITY;
    p->high = -(double)INFINITY;
    for (size_t line = 0; line < line_count(p); line++)
        for (size_t at = 0; at < p->x->level_count; at++) {
            double y = mean_at(p->s, p->workload, p->x, at, p->by, line);
            if (isfinite(y)) {
                p->low = fmin(p->low, y);
                p->high = fmax(p->high, y);
            }
        }
}

static void write_line(FILE *out, const struct panel *p, size_t line)
{
    bool open = false;
    fprintf(out, "<path class=\"series s%zu\" fill=\"none\" d=\"", line);
    for (size_t at = 0; at < p->x->level_count; at++) {
        double y = mean_at(p->s, p->workload, p->x, at, p->by, line);
        if (!isfinite(y))
            continue;
        fprintf(out, "%c%.1f %.1f", open ? 'L' : 'M', place_x(p, at), place_y(p, y));
        open = true;
    }
    fputs("\"/>\n", out);
}

static void write_axes(FILE *out, const struct panel *p)
{
    static const char label[] = "<text style=\"text-anchor:end\" x=\"%d\" y=\"%d\">%.4g</text>\n";
    fprintf(out, label, MARGIN - 6, MARGIN, p->high);
    fprintf(out, label, MARGIN - 6, PANEL_HEIGHT - MARGIN, p->low);
    for (size_t at = 0; at < p->x->level_count; at++) {
        fprintf(out, "<text x=\"%.1f\" y=\"%d\" style=\"text-anchor:middle\">", place_x(p, at),
                PANEL_HEIGHT - MARGIN / 2);
        html_text(out, p->x->levels[at]);
        fputs("</text>\n", out);
    }
}

static void write_panel(FILE *out, struct panel *p)
{
    find_extremes(p);
    if (!isfinite(p->low))
        return;
    fprintf(out, "<figure><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"",
            PANEL_WIDTH, PANEL_HEIGHT, PANEL_WIDTH);
    html_text(out, p->workload);
    fputs("\">\n", out);
    write_axes(out, p);
    for (size_t line = 0; line < line_count(p); line++)
        write_line(out, p, line);
    fputs("</svg><figcaption>", out);
    html_text(out, *p->workload ? p->workload : "all");
    fputs(": ", out);
    html_text(out, p->s->metric);
    fputs(" along ", out);
    html_text(out, p->x->name);
    fputs("</figcaption></figure>\n", out);
}

static bool is_first_of_workload(const struct sweep_data *d, size_t n)
{
    for (size_t m = 0; m < n; m++)
        if (!strcmp(d->cases[m], d->cases[n]))
            return false;
    return true;
}

/* Along the parameter that matters most, a line for each value of the next one. */
static void write_panels(FILE *out, const struct study *s, const struct effect *effects,
                         size_t count)
{
    struct panel p = {.s = s};
    for (size_t n = 0; n < count; n++) {
        if (effects[n].b)
            continue;
        if (!p.x)
            p.x = effects[n].a;
        else if (!p.by)
            p.by = effects[n].a;
    }
    if (!p.x)
        return;
    html_section(out, "panels", s->metric, "Each panel is a workload; other parameters averaged.");
    fputs("<p>along ", out);
    html_text(out, p.x->name);
    for (size_t line = 0; p.by && line < line_count(&p); line++) {
        fprintf(out, " <span class=\"key s%zu\"></span> ", line);
        html_text(out, p.by->name);
        fputs(" = ", out);
        html_text(out, p.by->levels[line]);
    }
    fputs("</p>\n<div class=\"panels\">\n", out);
    for (size_t n = 0; n < s->d->point_count; n++)
        if (is_first_of_workload(s->d, n)) {
            p.workload = s->d->cases[n];
            write_panel(out, &p);
        }
    fputs("</div></section>\n", out);
}

static void write_means(FILE *out, const struct study *s)
{
    char title[300];
    snprintf(title, sizeof title, "Means of %.200s", s->metric);
    html_section(out, "means", title, "Geometric mean over the workloads; ratio to the first "
                                      "line with its 95 % confidence interval.");
    char headings[300];
    snprintf(headings, sizeof headings, "parameters|#workloads|#%.200s|#ratio|#from|#to",
             s->metric);
    html_table(out, "Means", headings);
    for (size_t g = 0; g < s->group_count; g++) {
        size_t count;
        double mean = study_mean(s, g, &count);
        struct ratio r = study_ratio(s, g);
        fputs("<tr><td>", out);
        for (size_t f = 0; f < s->factor_count; f++) {
            const struct parameter *k = &s->d->parameters[s->factor[f]];
            fputs(f ? ", " : "", out);
            html_text(out, k->name);
            fputs(" = ", out);
            html_text(out, k->texts[s->leader[g]]);
        }
        fputs("</td>", out);
        html_count_cell(out, count);
        html_number_cell(out, "%.6g", mean);
        html_number_cell(out, "%.4f", exp(r.log_mean));
        html_number_cell(out, "%.4f", exp(r.log_mean - r.half_width));
        html_number_cell(out, "%.4f", exp(r.log_mean + r.half_width));
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div></section>\n", out);
}

static void write_effects(FILE *out, const struct effect *effects, size_t count)
{
    html_section(out, "effects", "Sensitivity",
                 "Share of the variance within the workloads that a parameter, or the interaction "
                 "of two, explains.");
    html_table(out, "Sensitivity", "parameter|#share %|");
    for (size_t n = 0; n < count; n++) {
        double share = 100 * effects[n].share;
        fputs("<tr><td>", out);
        html_text(out, effects[n].a->name);
        if (effects[n].b) {
            fputs(" &times; ", out);
            html_text(out, effects[n].b->name);
        }
        fputs("</td>", out);
        html_number_cell(out, "%.2f", share);
        fprintf(out, "<td><svg width=\"200\" height=\"12\" aria-hidden=\"true\"><rect class=\"s0\" "
                     "width=\"%.1f\" height=\"12\"/></svg></td></tr>\n",
                2 * fmin(100, fmax(0, share)));
    }
    fputs("</tbody></table></div></section>\n", out);
}

void report_sweep(const char *path, const struct options *o, FILE *out)
{
    struct sweep_data d;
    struct study s;
    size_t count;
    sweep_open(&d, path);
    study_begin(&s, &d, o->metric ? o->metric : "cpi");
    struct effect *effects = study_effects(&s, &count);
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>", out);
    html_text(out, path);
    fprintf(out, " - simrun sweep</title>\n<style>\n%s</style>\n</head>\n<body>\n<header><h1>",
            report_css);
    html_text(out, path);
    fputs("</h1></header>\n<main>\n", out);
    write_states(out, &d);
    write_panels(out, &s, effects, count);
    write_means(out, &s);
    write_effects(out, effects, count);
    fputs("</main></body></html>\n", out);
    free(effects);
    study_end(&s);
    sweep_close(&d);
}
