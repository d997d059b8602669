/* simstat sweep: what the points of a sweep say together. Only points that are done count; what is
 * left out is said first. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"
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

static bool same_parameters(const struct study *s, size_t a, size_t b)
{
    for (size_t f = 0; f < s->factor_count; f++) {
        const struct parameter *p = &s->d->parameters[s->factor[f]];
        if (p->level[a] != p->level[b])
            return false;
    }
    return true;
}

static void study_begin(struct study *s, const struct sweep_data *d, const char *metric)
{
    *s = (struct study){.d = d, .metric = metric};
    s->y = allocate(d->point_count + 1, sizeof *s->y);
    s->factor = allocate(d->parameter_count + 1, sizeof *s->factor);
    s->group = allocate(d->point_count + 1, sizeof *s->group);
    s->leader = allocate(d->point_count + 1, sizeof *s->leader);
    for (size_t n = 0; n < d->parameter_count; n++)
        if (d->parameters[n].level_count > 1)
            s->factor[s->factor_count++] = n;
    for (size_t n = 0; n < d->point_count; n++) {
        s->y[n] = d->is_done[n] ? sweep_figure(d, n, metric) : (double)NAN;
        while (s->group[n] < s->group_count && !same_parameters(s, s->leader[s->group[n]], n))
            s->group[n]++;
        if (s->group[n] == s->group_count)
            s->leader[s->group_count++] = n;
    }
}

static void study_end(struct study *s)
{
    free(s->y);
    free(s->factor);
    free(s->group);
    free(s->leader);
}

static void print_missing(const struct sweep_data *d)
{
    size_t missing = 0;
    for (size_t n = 0; n < d->point_count; n++)
        missing += !d->is_done[n];
    printf("%s: %zu points", d->path, d->point_count);
    if (missing)
        printf("; %zu are NOT done and left out of every figure below", missing);
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

/* The point of group g with the workload of `point`, if it counts. */
static size_t partner(const struct study *s, size_t g, size_t point)
{
    for (size_t n = 0; n < s->d->point_count; n++)
        if (s->group[n] == g && !strcmp(s->d->cases[n], s->d->cases[point]) && !isnan(s->y[n]))
            return n;
    return SIZE_MAX;
}

/* Ratios to the first group, workload by workload, on a logarithmic scale: mean, half width of the
 * confidence interval (Student's t over the workloads; NaN for one), number. */
struct ratio {
    double log_mean, half_width;
    size_t count;
};

static struct ratio compare_groups(const struct study *s, size_t g)
{
    struct ratio r = {0, (double)NAN, 0};
    double sum = 0, squares = 0;
    for (size_t n = 0; n < s->d->point_count; n++) {
        size_t base = s->group[n] == g && !isnan(s->y[n]) ? partner(s, 0, n) : SIZE_MAX;
        if (base == SIZE_MAX || !(s->y[n] > 0) || !(s->y[base] > 0))
            continue;
        double x = log(s->y[n] / s->y[base]);
        sum += x;
        squares += x * x;
        r.count++;
    }
    double n = (double)r.count;
    r.log_mean = sum / n;
    if (r.count > 1) {
        double variance = fmax(0, (squares - sum * sum / n) / (n - 1));
        double t = gsl_cdf_tdist_Pinv(0.5 + CONFIDENCE_PERCENT / 200.0, n - 1);
        r.half_width = t * sqrt(variance / n);
    }
    return r;
}

static double geometric_mean(const struct study *s, size_t g, size_t *count)
{
    double sum = 0;
    *count = 0;
    for (size_t n = 0; n < s->d->point_count; n++)
        if (s->group[n] == g && s->y[n] > 0) {
            sum += log(s->y[n]);
            ++*count;
        }
    return *count ? exp(sum / (double)*count) : (double)NAN;
}

/* One line per combination of parameters, over the workloads. */
static void print_means(const struct study *s)
{
    printf("\nGeometric mean of %s over the workloads, and its ratio to the first line with the\n"
           "%d %% confidence interval over the workloads\n\n", s->metric, CONFIDENCE_PERCENT);
    print_heading(s, "  ");
    printf("%10s%14s%10s   %s\n", "workloads", "mean", "ratio", "interval");
    for (size_t g = 0; g < s->group_count; g++) {
        size_t count;
        double mean = geometric_mean(s, g, &count);
        struct ratio r = compare_groups(s, g);
        print_parameters(s, s->leader[g], "  ");
        printf("%10zu%14.6g%10.4f", count, mean, exp(r.log_mean));
        if (isfinite(r.half_width))
            printf("   %.4f .. %.4f", exp(r.log_mean - r.half_width),
                   exp(r.log_mean + r.half_width));
        printf("\n");
    }
}

/* Sum of squares between the cells that one or two factors make, and their means' extremes. */
struct spread {
    double squares, low, high;
    size_t low_cell, high_cell;
};

static struct spread spread_of(const struct study *s, const double *x, const struct parameter *a,
                               const struct parameter *b, double mean)
{
    size_t columns = b ? b->level_count : 1, cells = a->level_count * columns;
    double *sum = allocate(cells, sizeof *sum), *count = allocate(cells, sizeof *count);
    struct spread r = {0, (double)INFINITY, -(double)INFINITY, 0, 0};
    for (size_t n = 0; n < s->d->point_count; n++)
        if (!isnan(x[n])) {
            size_t cell = a->level[n] * columns + (b ? b->level[n] : 0);
            sum[cell] += x[n];
            count[cell]++;
        }
    for (size_t c = 0; c < cells; c++) {
        double m = sum[c] / count[c];
        if (!(count[c] > 0))
            continue;
        r.squares += count[c] * (m - mean) * (m - mean);
        if (m < r.low) {
            r.low = m;
            r.low_cell = c;
        }
        if (m > r.high) {
            r.high = m;
            r.high_cell = c;
        }
    }
    free(sum);
    free(count);
    return r;
}

struct effect {
    const struct parameter *a, *b; /* b NULL: a main effect */
    struct spread spread;
    double share; /* of the variance within the workloads */
};

static int by_share(const void *a, const void *b)
{
    const struct effect *x = a, *y = b;
    return x->share > y->share ? -1 : x->share < y->share;
}

/* Logarithms less the workload's mean: effects are relative, and workloads differ anyway. */
static double centre(const struct study *s, double *x)
{
    double squares = 0;
    for (size_t n = 0; n < s->d->point_count; n++) {
        double sum = 0, count = 0;
        for (size_t m = 0; m < s->d->point_count; m++)
            if (!strcmp(s->d->cases[m], s->d->cases[n]) && s->y[m] > 0) {
                sum += log(s->y[m]);
                count++;
            }
        x[n] = s->y[n] > 0 ? log(s->y[n]) - sum / count : (double)NAN;
        squares += isnan(x[n]) ? 0 : x[n] * x[n];
    }
    return squares;
}

static size_t find_effects(const struct study *s, const double *x, double total,
                           struct effect *effects)
{
    size_t count = 0;
    for (size_t i = 0; i < s->factor_count; i++) {
        const struct parameter *a = &s->d->parameters[s->factor[i]];
        struct effect main = {.a = a, .spread = spread_of(s, x, a, NULL, 0)};
        main.share = main.spread.squares / total;
        effects[count++] = main;
        for (size_t j = 0; j < i; j++) {
            const struct parameter *b = &s->d->parameters[s->factor[j]];
            struct effect pair = {.a = a, .b = b, .spread = spread_of(s, x, a, b, 0)};
            pair.share = (pair.spread.squares - main.spread.squares -
                          spread_of(s, x, b, NULL, 0).squares) / total;
            effects[count++] = pair;
        }
    }
    qsort(effects, count, sizeof *effects, by_share);
    return count;
}

static void print_effects(const struct study *s)
{
    double *x = allocate(s->d->point_count + 1, sizeof *x), total = centre(s, x);
    size_t room = s->factor_count * (s->factor_count + 1) / 2;
    struct effect *effects = allocate(room + 1, sizeof *effects);
    size_t count = total > 0 ? find_effects(s, x, total, effects) : 0;
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
    free(x);
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
