#include "analysis/study.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"

static bool same_parameters(const struct study *s, size_t a, size_t b)
{
    for (size_t f = 0; f < s->factor_count; f++) {
        const struct parameter *p = &s->d->parameters[s->factor[f]];
        if (p->level[a] != p->level[b])
            return false;
    }
    return true;
}

void study_begin(struct study *s, const struct sweep_data *d, const char *metric)
{
    *s = (struct study){.d = d, .metric = metric};
    s->y = allocate(d->point_count + 1, sizeof *s->y);
    s->factor = allocate(d->parameter_count + 1, sizeof *s->factor);
    s->group = allocate(d->point_count + 1, sizeof *s->group);
    s->leader = allocate(d->point_count + 1, sizeof *s->leader);
    size_t finite = 0;
    for (size_t n = 0; n < d->parameter_count; n++)
        if (d->parameters[n].level_count > 1)
            s->factor[s->factor_count++] = n;
    for (size_t n = 0; n < d->point_count; n++) {
        s->y[n] = d->is_done[n] ? sweep_figure(d, n, metric) : (double)NAN;
        while (s->group[n] < s->group_count && !same_parameters(s, s->leader[s->group[n]], n))
            s->group[n]++;
        if (s->group[n] == s->group_count)
            s->leader[s->group_count++] = n;
        finite += isfinite(s->y[n]);
    }
    if (!finite)
        fail("%s: no point that is done has a figure for %s%s", d->path, metric,
             strcmp(metric, "cpi") && strcmp(metric, "ipc")
                 ? "" : ": functional runs have no cycles; --metric names a statistic");
}

void study_end(struct study *s)
{
    free(s->y);
    free(s->factor);
    free(s->group);
    free(s->leader);
}

/* The point of group g with the workload of `point`, if it counts. */
static size_t partner(const struct study *s, size_t g, size_t point)
{
    for (size_t n = 0; n < s->d->point_count; n++)
        if (s->group[n] == g && !strcmp(s->d->cases[n], s->d->cases[point]) && !isnan(s->y[n]))
            return n;
    return SIZE_MAX;
}

struct ratio study_ratio(const struct study *s, size_t g)
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

double study_mean(const struct study *s, size_t g, size_t *count)
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

struct effect *study_effects(const struct study *s, size_t *count)
{
    double *x = allocate(s->d->point_count + 1, sizeof *x), total = centre(s, x);
    size_t room = s->factor_count * (s->factor_count + 1) / 2;
    struct effect *effects = allocate(room + 1, sizeof *effects);
    *count = total > 0 ? find_effects(s, x, total, effects) : 0;
    free(x);
    return effects;
}
