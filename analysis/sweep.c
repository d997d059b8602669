/* simstat sweep: what the points of a sweep say together. Only points that are done count; what is
 * left out is said first. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"
#include "analysis/study.h"

static void print_missing(const struct sweep_data *d)
{
    size_t missing = 0;
    for (size_t n = 0; n < d->point_count; n++)
        missing += !d->is_done[n];
    printf("%s: ", d->path);
    sweep_print_states(d, stdout);
    if (missing)
        printf("; %zu have no result and are left out of every figure below", missing);
    printf("\n");
    for (size_t n = 0; n < d->point_count; n++)
        if (!d->is_done[n])
            printf("  %s %s: %s\n", d->ids[n], d->cases[n], d->states[n]);
}

static void print_parameters(const struct study *s, size_t point, const char *gap)
{
    for (size_t f = 0; f < s->factor_count; f++) {
        const struct parameter *p = &s->d->parameters[s->factor[f]];
        int width = (int)(strlen(p->name) > 10 ? strlen(p->name) : 10);
        if (*gap == ',' && p->numbers)
            printf("%s%" PRIu64, f ? gap : "", p->numbers[point]);
        else
            printf("%s%*s", f ? gap : "", *gap == ',' ? 0 : width, p->texts[point]);
    }
}

static void print_heading(const struct study *s, const char *gap)
{
    for (size_t f = 0; f < s->factor_count; f++) {
        const struct parameter *p = &s->d->parameters[s->factor[f]];
        printf("%s%*s", f ? gap : "", *gap == ',' ? 0 : 10, p->name);
    }
}

static void print_points(const struct study *s, bool csv)
{
    const char *gap = csv ? "," : "  ";
    printf(csv ? "workload%s" : "\n%-16s%s", csv ? gap : "workload", csv ? "" : gap);
    print_heading(s, gap);
    printf("%s%*s\n", gap, csv ? 0 : 14, s->metric);
    for (size_t n = 0; n < s->d->point_count; n++) {
        if (isnan(s->y[n]))
            continue;
        printf(csv ? "%s%s" : "%-16s%s", s->d->cases[n], gap);
        print_parameters(s, n, gap);
        printf("%s%*.*g\n", gap, csv ? 0 : 14, csv ? 17 : 6, s->y[n]);
    }
}

/* One line per combination of parameters, over the workloads. */
static void print_means(const struct study *s)
{
    printf("\nGeometric mean of %s over the workloads, and its ratio to the first line with the\n"
           "%d %% confidence interval over the workloads\n\n", s->metric, CONFIDENCE_PERCENT);
    print_heading(s, "  ");
    printf("%10s%14s%10s   %s\n", "workloads", s->metric, "ratio", "interval");
    for (size_t g = 0; g < s->group_count; g++) {
        size_t count;
        double mean = study_mean(s, g, &count);
        struct ratio r = study_ratio(s, g);
        print_parameters(s, s->leader[g], "  ");
        printf("%10zu%14.6g%10.4f", count, mean, exp(r.log_mean));
        if (isfinite(r.half_width))
            printf("   %.4f .. %.4f", exp(r.log_mean - r.half_width),
                   exp(r.log_mean + r.half_width));
        printf("\n");
    }
}

static void print_effects(const struct study *s)
{
    size_t count;
    struct effect *effects = study_effects(s, &count);
    printf("\nSensitivity of %s: share of the variance within the workloads (of logarithms);\n"
           "interactions of two parameters beside the effects of each. Exact for full products;\n"
           "in screening designs interactions are mixed with each other.\n\n", s->metric);
    printf("%-32s%9s%12s   %s\n", "parameter", "share %", "range %", "lowest .. highest at");
    for (size_t n = 0; n < count; n++) {
        const struct effect *f = &effects[n];
        char name[200];
        snprintf(name, sizeof name, "%s%s%s", f->a->name, f->b ? " x " : "",
                 f->b ? f->b->name : "");
        printf("%-32s%9.2f", name, 100 * f->share);
        if (!f->b)
            printf("%12.2f   %s .. %s", 100 * (exp(f->spread.high - f->spread.low) - 1),
                   f->a->levels[f->spread.low_cell], f->a->levels[f->spread.high_cell]);
        printf("\n");
    }
    free(effects);
}

/* Points that no other beats in both figures (smaller is better), per workload. */
static void print_pareto(const struct study *s, const char *pair)
{
    char first[200];
    const char *comma = strchr(pair, ',');
    if (!comma)
        fail("--pareto %s: write two figures, FIRST,SECOND; smaller is better", pair);
    snprintf(first, sizeof first, "%.*s", (int)(comma - pair), pair);
    printf("\nPareto front of %s and %s (smaller is better in both)\n\n%-16s  ", first, comma + 1,
           "workload");
    print_heading(s, "  ");
    printf("%16s%16s\n", first, comma + 1);
    for (size_t n = 0; n < s->d->point_count; n++) {
        bool beaten = isnan(s->y[n]);
        double a = beaten ? 0 : sweep_figure(s->d, n, first);
        double b = beaten ? 0 : sweep_figure(s->d, n, comma + 1);
        for (size_t m = 0; m < s->d->point_count && !beaten; m++) {
            if (isnan(s->y[m]) || strcmp(s->d->cases[m], s->d->cases[n]))
                continue;
            double c = sweep_figure(s->d, m, first), d = sweep_figure(s->d, m, comma + 1);
            beaten = c <= a && d <= b && (c < a || d < b);
        }
        if (beaten)
            continue;
        printf("%-16s  ", s->d->cases[n]);
        print_parameters(s, n, "  ");
        printf("%16.6g%16.6g\n", a, b);
    }
}

void verb_sweep(const char *path, const struct options *o)
{
    struct sweep_data d;
    struct study s;
    sweep_open(&d, path);
    study_begin(&s, &d, o->metric ? o->metric : "cpi");
    if (o->csv) {
        print_points(&s, true);
    } else {
        print_missing(&d);
        if (o->all)
            print_points(&s, false);
        print_means(&s);
        print_effects(&s);
        if (o->pareto)
            print_pareto(&s, o->pareto);
    }
    study_end(&s);
    sweep_close(&d);
}
