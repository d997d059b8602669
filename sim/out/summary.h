/* The summary at the end of a run: one table of rows and one renderer, so that simrun's last words
 * and `simstat summary` are the same text. Included through layout.h. */
#ifndef SIM_OUT_SUMMARY_H
#define SIM_OUT_SUMMARY_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sim/out/summary_rows.h"

/* Where the figures come from: live counters or a file. */
struct summary_source {
    void *context;
    /* By full name ("l1d.misses", "cpi.base", "meta.host_seconds"). */
    double (*value)(void *context, const char *full, bool *present);
    const char *program, *status; /* NULL: left out */
    const char *phases;           /* which ones the figures are of; NULL: there is one only */
    const char *const *cpi_parts; /* names of the "cpi." statistics in their order */
    unsigned cpi_part_count, cores;
};

/* With several cores the figures are "core.0.cycles", "core.1.cycles" ...: counters add up, cycles
 * pass side by side. NaN when absent. */
static inline double summary_value(const struct summary_source *s, const char *full)
{
    bool present = false, any = false, cycles = !strcmp(full, "core.cycles");
    double sum = 0, v = s->value(s->context, full, &present);
    int first = (int)strcspn(full, ".");
    if (present)
        return v;
    for (unsigned core = 0; core < s->cores; core++) {
        char name[200];
        snprintf(name, sizeof name, "%.*s.%u%s", first, full, core, full + first);
        v = s->value(s->context, name, &present);
        if (!present)
            continue;
        sum = cycles ? fmax(sum, v) : sum + v;
        any = true;
    }
    return any ? sum : (double)NAN;
}

static inline double summary_ratio(const struct summary_source *s, const struct summary_row *row,
                                   const char *component)
{
    char over[100], under[100];
    snprintf(over, sizeof over, "%s%s", *row->over == '.' ? component : "", row->over);
    snprintf(under, sizeof under, "%s%s", *row->under == '.' ? component : "", row->under);
    return summary_value(s, over) / (*under ? summary_value(s, under) : 1) * row->scale;
}

static inline void summary_rows(FILE *f, const struct summary_source *s,
                                const struct summary_row *rows, size_t count)
{
    for (const struct summary_row *row = rows; row < rows + count; row++) {
        char text[400];
        double v = summary_ratio(s, row, "");
        snprintf(text, sizeof text, row->format, v);
        if (isfinite(v))
            fprintf(f, "%-34s%16s%s\n", row->label, text, row->unit);
    }
}

/* One cache per line under common headings; nothing when no cache has figures. */
static inline void summary_caches(FILE *f, const struct summary_source *s)
{
#define SUMMARY_CACHE(label, component)                   {label, component},
#define SUMMARY_COLUMN(label, over, under, scale, format) {label, over, under, scale, format, ""},
    static const char *const caches[][2] = {SUMMARY_CACHES(SUMMARY_CACHE)};
    static const struct summary_row columns[] = {SUMMARY_CACHE_COLUMNS(SUMMARY_COLUMN)};
#undef SUMMARY_CACHE
#undef SUMMARY_COLUMN
    bool heading = false;
    for (size_t i = 0; i < sizeof caches / sizeof *caches; i++) {
        if (!isfinite(summary_ratio(s, &columns[0], caches[i][1])))
            continue;
        fprintf(f, "%s", heading ? "" : "\ncache ");
        for (size_t j = 0; !heading && j < sizeof columns / sizeof *columns; j++)
            fprintf(f, "%16s", columns[j].label);
        fprintf(f, "%s%-6s", heading ? "" : "\n", caches[i][0]);
        heading = true;
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++) {
            char text[400] = "-";
            double v = summary_ratio(s, &columns[j], caches[i][1]);
            if (isfinite(v))
                snprintf(text, sizeof text, columns[j].format, v);
            fprintf(f, "%16s", text);
        }
        fputc('\n', f);
    }
    if (heading)
        fputc('\n', f);
}

/* Each part as cycles per instruction, share and bar. Slots need no width here: all of them
 * together are the cycles. Parts that never happened are left out. */
static inline void summary_cpi(FILE *f, const struct summary_source *s)
{
    double total = 0, cpi = summary_value(s, "core.cycles") / summary_value(s, "core.instructions");
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < s->cpi_part_count; i++) {
            char name[200];
            snprintf(name, sizeof name, "cpi.%s", s->cpi_parts[i]);
            double slots = summary_value(s, name);
            if (!pass)
                total += isfinite(slots) ? slots : 0;
            else if (slots > 0)
                fprintf(f, "  %-24s%14.4f%9.1f  %.*s\n", s->cpi_parts[i], slots / total * cpi,
                        slots / total * 100, (int)(slots / total * 40 + 0.5),
                        "########################################");
        }
        if (!(total > 0) || !isfinite(cpi))
            return;
        if (!pass)
            fprintf(f, "\n%-26s%14s%9s\n", "CPI stack", "cycles/inst", "%");
    }
    fprintf(f, "  %-24s%14.4f%9.1f\n", "total", cpi, 100.0);
}

static inline void summary_print(FILE *f, const struct summary_source *s)
{
#define SUMMARY_ROW(label, over, under, scale, format, unit)                                       \
    {label, over, under, scale, format, unit},
    static const struct summary_row head[] = {SUMMARY_HEAD(SUMMARY_ROW)};
    static const struct summary_row cycles[] = {SUMMARY_CYCLES(SUMMARY_ROW)};
    static const struct summary_row events[] = {SUMMARY_EVENTS(SUMMARY_ROW)};
    static const struct summary_row host[] = {SUMMARY_HOST(SUMMARY_ROW)};
#undef SUMMARY_ROW
    if (s->program)
        fprintf(f, "%-34s%16s\n", "program", s->program);
    if (s->status)
        fprintf(f, "%-34s%16s\n", "status", s->status);
    if (s->phases)
        fprintf(f, "%-34s%16s\n", "phase", s->phases);
    summary_rows(f, s, head, sizeof head / sizeof *head);
    if (summary_value(s, "core.cycles") > 0) {
        summary_rows(f, s, cycles, sizeof cycles / sizeof *cycles);
        summary_cpi(f, s);
        summary_caches(f, s);
        summary_rows(f, s, events, sizeof events / sizeof *events);
    }
    summary_rows(f, s, host, sizeof host / sizeof *host);
}

#endif
