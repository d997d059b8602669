/* IPC, misses and the CPI stack over time, from /intervals: a run of any length is drawn in at most
 * POINTS steps, each the sum of its intervals, so that no step is a sample. */
#include "analysis/report.h"

#include <stdlib.h>
#include <string.h>

enum { POINTS = 200, SERIES_MAX = 8, LEFT = 60, TOP = 12, PLOT_WIDTH = 670, PLOT_HEIGHT = 170 };

struct series {
    const char *name;
    double values[POINTS];
};

struct timeline {
    const struct report *p;
    struct run_column *columns;
    size_t column_count, rows, points;
    const struct run_column *instructions, *cycles;
    double end[POINTS]; /* instructions retired at the end of each step */
    struct series series[SERIES_MAX];
    size_t series_count;
};

static const struct run_column *find(const struct timeline *t, const char *name)
{
    for (size_t n = 0; n < t->column_count; n++)
        if (!strcmp(t->columns[n].name, name))
            return &t->columns[n];
    return NULL;
}

/* Of all cores in one step. */
static uint64_t step(const struct timeline *t, const struct run_column *c, size_t point)
{
    size_t from = point * t->rows / t->points, to = (point + 1) * t->rows / t->points;
    return sum_of(c->values + from * c->width, (to - from) * c->width);
}

static struct series *add_series(struct timeline *t, const char *name)
{
    struct series *s = &t->series[t->series_count++];
    s->name = name;
    return s;
}

static bool is_misses(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (!strcmp(dot, ".misses") || !strcmp(dot, ".mispredicts"));
}

static bool prepare(struct timeline *t)
{
    t->column_count = run_columns(t->p->run, &t->columns);
    t->instructions = find(t, "instructions");
    t->cycles = find(t, "cycles");
    if (!t->instructions || !t->cycles)
        return false;
    t->rows = t->instructions->rows;
    if (!sum_of(t->cycles->values, t->rows * t->cycles->width))
        return false; /* nothing was timed */
    t->points = t->rows < POINTS ? t->rows : POINTS;
    struct series *ipc = add_series(t, "IPC");
    for (size_t n = 0; n < t->points; n++) {
        uint64_t count = step(t, t->instructions, n);
        t->end[n] = (n ? t->end[n - 1] : 0) + (double)count;
        /* of the machine, whose cores count the same cycles */
        ipc->values[n] = ratio(count, step(t, t->cycles, n), (double)t->cycles->width);
    }
    for (size_t c = 0; c < t->column_count && t->series_count < SERIES_MAX; c++) {
        struct series *s = is_misses(t->columns[c].name) ? add_series(t, t->columns[c].name) : NULL;
        for (size_t n = 0; s && n < t->points; n++)
            s->values[n] = ratio(step(t, &t->columns[c], n), step(t, t->instructions, n), 1000);
    }
    return true;
}

/* The next of 1, 2, 5, 10 ...: the end of an axis. */
static double round_up(double v)
{
    double power = v > 0 ? pow(10, floor(log10(v))) : 1;
    return (v <= power ? 1 : v <= 2 * power ? 2 : v <= 5 * power ? 5 : 10) * power;
}

static double x_of(const struct timeline *t, double instructions)
{
    return LEFT + instructions / fmax(t->end[t->points - 1], 1) * PLOT_WIDTH;
}

static double start_of(const struct timeline *t, size_t point)
{
    return point ? t->end[point - 1] : 0;
}

static void open_chart(const struct timeline *t, const char *title, double top)
{
    FILE *out = t->p->out;
    fprintf(out, "<h3>%s</h3>\n<div class=\"wide\" tabindex=\"0\"><svg class=\"chart\" "
                 "role=\"img\" aria-label=\"%s\" viewBox=\"0 0 760 212\">\n", title, title);
    for (int n = 0; n <= 4; n++) {
        double y = TOP + PLOT_HEIGHT - n * PLOT_HEIGHT / 4.0;
        fprintf(out, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                     "<text class=\"y\" x=\"%d\" y=\"%.1f\">%g</text>\n",
                LEFT, LEFT + PLOT_WIDTH, y, y, LEFT - 8, y + 4, top * n / 4);
    }
    for (int n = 0; n <= 4; n++)
        fprintf(out, "<text x=\"%d\" y=\"200\">%.4g M</text>\n", LEFT + n * PLOT_WIDTH / 4,
                t->end[t->points - 1] * n / 4e6);
}

/* What each step stands for, under the pointer. */
static void write_hints(const struct timeline *t, size_t first, size_t last)
{
    FILE *out = t->p->out;
    for (size_t n = 0; n < t->points; n++) {
        double x = x_of(t, start_of(t, n));
        fprintf(out, "<rect class=\"hint\" x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\"><title>"
                     "to instruction %.0f", x, TOP, x_of(t, t->end[n]) - x, PLOT_HEIGHT, t->end[n]);
        for (size_t s = first; s < last; s++) {
            fputs("\n", out);
            html_text(out, t->series[s].name);
            fprintf(out, ": %.4g", t->series[s].values[n]);
        }
        fputs("</title></rect>\n", out);
    }
}

static void draw_lines(const struct timeline *t, const char *title, size_t first, size_t last)
{
    FILE *out = t->p->out;
    double top = 0;
    for (size_t s = first; s < last; s++)
        for (size_t n = 0; n < t->points; n++)
            top = fmax(top, t->series[s].values[n]); /* passes NaN by */
    top = round_up(top);
    open_chart(t, title, top);
    for (size_t s = first; s < last; s++) {
        fprintf(out, "<path class=\"line s%zu\" d=\"", s - first);
        for (size_t n = 0; n < t->points; n++) {
            double v = isfinite(t->series[s].values[n]) ? t->series[s].values[n] : 0;
            fprintf(out, "%c%.2f %.2fH%.2f", n ? 'L' : 'M', x_of(t, start_of(t, n)),
                    TOP + PLOT_HEIGHT * (1 - v / top), x_of(t, t->end[n]));
        }
        fputs("\"/>\n", out);
    }
    write_hints(t, first, last);
    fputs("</svg></div>\n<ul class=\"legend\">", out);
    for (size_t s = first; s < last; s++) {
        fprintf(out, "<li><i class=\"s%zu\"></i>", s - first);
        html_text(out, t->series[s].name);
        fputs("</li>", out);
    }
    fputs("</ul>\n", out);
}

/* A column for each step as high as its CPI, cut into groups of parts. */
static void draw_stack(const struct timeline *t)
{
    FILE *out = t->p->out;
    double top = 0;
    for (size_t n = 0; n < t->points; n++)
        top = fmax(top, 1 / t->series[0].values[n]);
    top = round_up(isfinite(top) ? top : 0);
    open_chart(t, "CPI stack over time", top);
    for (size_t n = 0; n < t->points; n++) {
        double x = x_of(t, start_of(t, n)), y = TOP + PLOT_HEIGHT, all = 0, group[CPI_GROUPS] = {0};
        for (size_t c = 0; c < t->column_count; c++) {
            if (strncmp(t->columns[c].name, "cpi.", 4))
                continue;
            double slots = (double)step(t, &t->columns[c], n);
            group[cpi_group(t->columns[c].name + 4)] += slots;
            all += slots;
        }
        for (unsigned g = 0; all > 0 && isfinite(1 / t->series[0].values[n]) && g < CPI_GROUPS;
             g++) {
            double height = group[g] / all / t->series[0].values[n] / top * PLOT_HEIGHT;
            y -= height;
            if (height > 0)
                fprintf(out, "<rect class=\"g%u\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" "
                             "height=\"%.2f\"><title>%s: %.4f</title></rect>\n",
                        g, x, y, x_of(t, t->end[n]) - x + 0.3, height, cpi_group_name(g),
                        group[g] / all / t->series[0].values[n]);
        }
    }
    fputs("</svg></div>\n", out);
    report_groups_legend(t->p);
}

static void write_table(const struct timeline *t)
{
    FILE *out = t->p->out;
    char *headings = NULL;
    size_t size;
    FILE *line = open_memstream(&headings, &size);
    if (!line)
        fail("out of memory");
    fputs("#to instruction", line);
    for (size_t s = 0; s < t->series_count; s++) {
        fputs("|#", line);
        html_text(line, t->series[s].name);
    }
    fclose(line);
    fputs("<details><summary>The same as a table</summary>\n", out);
    html_table(out, "IPC, and misses per 1000 instructions", headings);
    for (size_t n = 0; n < t->points; n++) {
        fputs("<tr>", out);
        html_number_cell(out, "%.0f", t->end[n]);
        for (size_t s = 0; s < t->series_count; s++)
            html_number_cell(out, "%.4f", t->series[s].values[n]);
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div></details>\n", out);
    free(headings);
}

void report_intervals(const struct report *p)
{
    struct timeline *t = allocate(1, sizeof *t);
    t->p = p;
    if (prepare(t)) {
        html_section(p->out, "intervals", "Over time",
                     "The whole run, whatever the phase; to the right millions of instructions.");
        draw_lines(t, "Instructions per cycle", 0, 1);
        if (t->series_count > 1)
            draw_lines(t, "Misses per 1000 instructions", 1, t->series_count);
        if (p->run->part_count)
            draw_stack(t);
        write_table(t);
        fputs("</section>\n", p->out);
    }
    run_columns_free(t->columns, t->column_count);
    free(t);
}
