/* simstat fit: what an event costs. Least squares of the CPI of each interval on its events per
 * instruction: a coefficient is the cycles that one more event goes with, which is its cost when
 * events do not overlap and nothing that is left out goes along with it. Several files are pooled.
 */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/regression.h"
#include "analysis/shares.h"
#include "analysis/simstat.h"

/* Above VIF_MOST a coefficient is noise: its standard error is ten times what it would be alone. */
enum { ROWS_MIN = 10, ROWS_PER_TERM = 2, WORST = 3, VIF_MOST = 100 };
/* What is in doubt: a coefficient within so many standard errors of 0, or of such a VIF. */
enum { NOISE_ERRORS = 2, VIF_DOUBTFUL = 10 };

static const double ROUNDING = 1e-6; /* of the CPI: less is none */

struct fit {
    const struct options *options;
    char **names; /* [events]: of columns */
    double **x;   /* [events][rows]: per instruction */
    double *cpi;  /* [rows] */
    const char **path; /* [rows]: where the row is from */
    size_t *interval;
    size_t events, rows;
    double *share; /* [events]: of the variance of the CPI; NULL: too many events */
    size_t idle, shorter; /* rows left out: nothing ran; the rest at the end of a phase or run */
    FILE *notes;
};

static const struct run_column *find(const struct run_column *columns, size_t count,
                                     const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(columns[i].name, name))
            return &columns[i];
    return NULL;
}

static void *grow(void *p, size_t count, size_t size)
{
    p = reallocarray(p, count + 1, size);
    if (!p)
        fail("out of memory");
    return p;
}

static void add_event(struct fit *f, const char *name)
{
    for (size_t i = 0; i < f->events; i++)
        if (!strcmp(f->names[i], name))
            fail("--columns: %s is listed twice", name);
    f->names = grow(f->names, f->events, sizeof *f->names);
    f->names[f->events++] = strdup(name);
}

/* Without --columns the events that cost time: misses and mispredicts. Accesses are not: those of
 * one level are the misses of the level above. */
static void choose_events(struct fit *f, const struct run_column *columns, size_t count)
{
    if (!f->options->columns) {
        for (size_t i = 0; i < count; i++) {
            const char *last = strrchr(columns[i].name, '.');
            if (last && (!strcmp(last, ".misses") || !strcmp(last, ".mispredicts")))
                add_event(f, columns[i].name);
        }
        return;
    }
    char *list = strdup(f->options->columns), *rest = list, *name;
    while ((name = strsep(&rest, ",")))
        add_event(f, strncmp(name, "core.", 5) ? name : name + 5);
    free(list);
}

static const struct run_column *want(const struct run *r, const struct run_column *columns,
                                     size_t count, const char *name)
{
    const struct run_column *c = find(columns, count, name);
    if (!c) {
        fprintf(stderr, "simstat: %s: columns of this run:", r->path);
        for (size_t i = 0; i < count; i++)
            fprintf(stderr, " %s", columns[i].name);
        fputc('\n', stderr);
        fail("%s: no column is named %s%s", r->path, name,
             strcmp(name, "cycles") ? "; --columns names those to use" : "; fit needs cycles");
    }
    return c;
}

/* What a file has of the columns that matter. */
struct source {
    const struct run *run;
    const struct run_column *cycles, *instructions, **events;
    uint64_t longest; /* interval, in instructions */
};

static void add_row(struct fit *f, const struct source *s, size_t row, size_t core)
{
    uint64_t instructions = s->instructions->values[row * s->instructions->width + core];
    uint64_t cycles = s->cycles->values[row * s->cycles->width + core];
    if (!instructions || !cycles) {
        f->idle++;
        return;
    }
    if (instructions < s->longest / 2) {
        f->shorter++; /* its ratios are far noisier than the others' */
        return;
    }
    f->cpi = grow(f->cpi, f->rows, sizeof *f->cpi);
    f->path = grow(f->path, f->rows, sizeof *f->path);
    f->interval = grow(f->interval, f->rows, sizeof *f->interval);
    f->cpi[f->rows] = (double)cycles / (double)instructions;
    f->path[f->rows] = s->run->path;
    f->interval[f->rows] = row;
    for (size_t i = 0; i < f->events; i++) {
        const struct run_column *c = s->events[i];
        f->x[i] = grow(f->x[i], f->rows, sizeof *f->x[i]);
        f->x[i][f->rows] = (double)c->values[row * c->width + core] / (double)instructions;
    }
    f->rows++;
}

static void add_rows(struct fit *f, struct source *s)
{
    size_t width = s->instructions->width;
    for (size_t i = 0; i < s->instructions->rows * width; i++)
        if (s->instructions->values[i] > s->longest)
            s->longest = s->instructions->values[i];
    for (size_t i = 0; i < f->events; i++)
        if (s->events[i]->width != width)
            fail("%s: %s is counted for all cores together, cycles core by core; --columns names "
                 "those to use", s->run->path, f->names[i]);
    if (f->options->core >= (int)width)
        fail("%s: has no core %d; its cores are 0 to %zu", s->run->path, f->options->core,
             width - 1);
    for (size_t row = 0; row < s->instructions->rows; row++)
        for (size_t core = 0; core < width; core++)
            if (f->options->core < 0 || f->options->core == (int)core)
                add_row(f, s, row, core);
}

static void add_file(struct fit *f, const char *path)
{
    struct run run;
    struct run_column *columns;
    run_open(&run, path, NULL);
    if (strcmp(run.status, "complete"))
        fprintf(f->notes, "%s: status %s\n", path, run.status);
    size_t count = run_columns(&run, &columns);
    if (!count)
        fail("%s: recorded no intervals", path);
    if (!f->names) {
        choose_events(f, columns, count);
        f->x = allocate(f->events + 1, sizeof *f->x);
    }
    struct source s = {.run = &run,
                       .cycles = want(&run, columns, count, "cycles"),
                       .instructions = want(&run, columns, count, "instructions"),
                       .events = allocate(f->events + 1, sizeof *s.events)};
    for (size_t i = 0; i < f->events; i++)
        s.events[i] = want(&run, columns, count, f->names[i]);
    add_rows(f, &s);
    free(s.events);
    run_columns_free(columns, count);
    run_close(&run);
}

static void leave_out(struct fit *f, size_t event)
{
    free(f->names[event]);
    free(f->x[event]);
    f->events--;
    for (size_t i = event; i < f->events; i++) {
        f->names[i] = f->names[i + 1];
        f->x[i] = f->x[i + 1];
    }
}

/* What tells nothing is left out with a word; what the user asked for and cannot have is an error.
 */
static void drop_useless(struct fit *f)
{
    for (size_t i = f->events; i-- > 0;)
        if (regression_is_constant(f->x[i], f->rows)) {
            fprintf(f->notes, "left out: %s is %g in every interval\n", f->names[i],
                    f->x[i][0]);
            leave_out(f, i);
        }
    size_t i;
    while ((i = regression_dependence((const double *const *)f->x, f->events, f->rows)) !=
           REGRESSION_INDEPENDENT) {
        if (f->options->columns)
            fail("%s is a linear function of the columns before it: their costs cannot be told "
                 "apart; leave one of them out of --columns", f->names[i]);
        fprintf(f->notes, "left out: %s is a linear function of those before it\n", f->names[i]);
        leave_out(f, i);
    }
}

static void check_enough(const struct fit *f)
{
    size_t needed = ROWS_PER_TERM * (f->events + 1);
    needed = needed > ROWS_MIN ? needed : ROWS_MIN;
    if (f->rows < needed)
        fail("%zu intervals are too few for %zu coefficients: at least %zu are needed; run with a "
             "smaller output.interval", f->rows, f->events + 1, needed);
    if (!f->events)
        fail("no event is left that varies between intervals");
    if (regression_is_constant(f->cpi, f->rows))
        fail("the CPI is %g in every interval: there is nothing to explain", f->cpi[0]);
}

static void print_csv(const struct fit *f, const struct regression *r)
{
    puts("event,cycles,standard_error,per_1000_instructions,cpi,r2_alone,r2_unique,vif,share");
    printf("base,%.12g,%.12g,,%.12g,,,,\n", r->constant.coefficient, r->constant.error,
           r->constant.coefficient);
    for (size_t i = 0; i < f->events; i++) {
        const struct regression_term *t = &r->terms[i];
        double mean = gsl_stats_mean(f->x[i], 1, f->rows);
        printf("%s,%.12g,%.12g,%.12g,%.12g,%.12g,%.12g,%.12g,", f->names[i], t->coefficient,
               t->error, 1000 * mean, t->coefficient * mean, t->alone, t->unique, t->vif);
        printf(f->share ? "%.12g\n" : "\n", f->share ? f->share[i] : 0);
    }
}

static void print_terms(const struct fit *f, const struct regression *r)
{
    printf("%-24s %12s %12s %10s %9s %8s %9s %9s %8s\n", "event", "cycles each", "std. error",
           "per 1000", "CPI", "share", "R2 alone", "R2 unique", "VIF");
    printf("%-24s %12.4f %12.4f %10s %9.4f\n", "base, an instruction", r->constant.coefficient,
           r->constant.error, "", r->constant.coefficient);
    for (size_t i = 0; i < f->events; i++) {
        const struct regression_term *t = &r->terms[i];
        double mean = gsl_stats_mean(f->x[i], 1, f->rows);
        char share[20] = "-";
        if (f->share)
            snprintf(share, sizeof share, "%.1f %%", 100 * f->share[i]);
        printf("%-24s %12.4f %12.4f %10.4f %9.4f %8s %9.4f %9.4f %8.1f\n", f->names[i],
               t->coefficient, t->error, 1000 * mean, t->coefficient * mean, share, t->alone,
               t->unique, t->vif);
    }
    puts("share: of the variance of the CPI that the event explains, averaged over all orders in "
         "which\nevents can be added; shares sum to R2. R2 alone: of a fit on this event only; "
         "unique: lost\nwithout it; VIF above 10: nearly a function of the others, its coefficient "
         "is uncertain.\nThe column CPI adds up to the mean.\n");
}

static void print_residuals(const struct fit *f, const struct regression *r)
{
    double *sorted = allocate(f->rows, sizeof *sorted), *size = allocate(f->rows, sizeof *size);
    size_t worst[WORST];
    for (size_t i = 0; i < f->rows; i++) {
        sorted[i] = r->residuals[i];
        size[i] = fabs(r->residuals[i]);
    }
    gsl_sort(sorted, 1, f->rows);
    printf("residuals: lowest %.4f, quartiles %.4f %.4f %.4f, highest %.4f\n", sorted[0],
           gsl_stats_quantile_from_sorted_data(sorted, 1, f->rows, 0.25),
           gsl_stats_quantile_from_sorted_data(sorted, 1, f->rows, 0.5),
           gsl_stats_quantile_from_sorted_data(sorted, 1, f->rows, 0.75), sorted[f->rows - 1]);
    printf("correlation of neighbours %.2f (standard errors hold for 0)\n",
           gsl_stats_lag1_autocorrelation(r->residuals, 1, f->rows));
    gsl_sort_largest_index(worst, WORST, size, 1, f->rows);
    for (size_t i = 0; i < WORST; i++)
        printf("far off: %s interval %zu: CPI %.4f, fitted %.4f\n", f->path[worst[i]],
               f->interval[worst[i]], f->cpi[worst[i]],
               f->cpi[worst[i]] - r->residuals[worst[i]]);
    free(sorted);
    free(size);
}

/* Of the events that were not asked for, those whose costs cannot be told apart in these runs are
 * left out one by one. */
static void fit_apart(struct fit *f, struct regression *r)
{
    for (;;) {
        size_t worst = 0;
        regression_fit(r, f->cpi, (const double *const *)f->x, f->events, f->rows);
        for (size_t i = 1; i < f->events; i++)
            if (r->terms[i].vif > r->terms[worst].vif)
                worst = i;
        if (f->options->columns || !(r->terms[worst].vif > VIF_MOST))
            return;
        fprintf(f->notes, "left out: %s goes along with the others (VIF %.0f); --columns takes it "
                "in\n", f->names[worst], r->terms[worst].vif);
        leave_out(f, worst);
        regression_free(r);
    }
}

/* The least squares without negative costs are those of the events that keep one. */
static void leave_out_negative(struct fit *f)
{
    bool *kept = allocate(f->events + 1, sizeof *kept);
    regression_nonnegative(kept, f->cpi, (const double *const *)f->x, f->events, f->rows);
    for (size_t i = f->events; i-- > 0;)
        if (!kept[i]) {
            fprintf(f->notes, "cost 0: %s, which would be negative beside the others\n",
                    f->names[i]);
            leave_out(f, i);
        }
    free(kept);
    if (!f->events)
        fail("no event is left whose cost is not negative");
}

/* Nothing that happens gives cycles back: such a figure must not go without a remark. */
static void remark_negative(const struct fit *f, const struct regression *r)
{
    size_t negative = 0;
    double mean = gsl_stats_mean(f->cpi, 1, f->rows);
    for (size_t i = 0; i < f->events; i++) {
        const struct regression_term *t = &r->terms[i];
        if (t->coefficient * gsl_stats_mean(f->x[i], 1, f->rows) > -ROUNDING * mean)
            continue;
        fprintf(f->notes, "negative: %s, %.4g cycles: %s\n", f->names[i], t->coefficient,
                -t->coefficient < NOISE_ERRORS * t->error
                    ? "not told from 0 (less than 2 standard errors)"
                : t->vif > VIF_DOUBTFUL
                    ? "goes along with other events (VIF), which take the opposite of it"
                    : "goes along with something cheap that is not among the events");
        negative++;
    }
    if (negative)
        fprintf(f->notes, "A negative cost is not a physical one: events that go along with one "
                "another share theirs in any\nway, and %zu intervals may be too few. "
                "--non-negative fits costs of 0 or more; --columns takes fewer\nevents; more "
                "runs, or a smaller output.interval, give more intervals.\n", f->rows);
}

static void fit_free(struct fit *f)
{
    free(f->share);
    while (f->events)
        leave_out(f, f->events - 1);
    free(f->names);
    free(f->x);
    free(f->cpi);
    free(f->path);
    free(f->interval);
}

void verb_fit(char **paths, int count, const struct options *o)
{
    struct regression r;
    struct fit f = {.options = o, .notes = o->csv ? stderr : stdout};
    gsl_set_error_handler_off();
    for (int i = 0; i < count; i++)
        add_file(&f, paths[i]);
    if (!f.rows)
        fail("no interval has cycles: fit needs a run in timing mode");
    drop_useless(&f);
    check_enough(&f);
    if (f.idle || f.shorter)
        fprintf(f.notes, "left out: %zu intervals without cycles, %zu shorter than half the "
                "longest\n", f.idle, f.shorter);
    if (o->non_negative)
        leave_out_negative(&f);
    fit_apart(&f, &r);
    if (f.events <= SHARES_MAX) {
        f.share = allocate(f.events, sizeof *f.share);
        regression_shares(f.share, f.cpi, (const double *const *)f.x, f.events, f.rows);
    }
    if (o->csv) {
        print_csv(&f, &r);
    } else {
        print_terms(&f, &r);
        double mean = gsl_stats_mean(f.cpi, 1, f.rows);
        printf("%zu intervals, mean CPI %.4f, R2 %.4f (adjusted %.4f), standard error %.4f "
               "(%.1f %%)\n", f.rows, mean, r.r2, r.adjusted_r2, r.sigma, 100 * r.sigma / mean);
        print_residuals(&f, &r);
    }
    remark_negative(&f, &r);
    regression_free(&r);
    fit_free(&f);
}
