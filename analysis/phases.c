/* simstat phases: groups the intervals of a run by the code they execute (basic-block vectors), and
 * tells for each group how much of the run it is and which interval stands for it. Where the run
 * was timed, also how well these few intervals tell the CPI of the whole. */
#include "analysis/phases.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PHASES_MOST = 10, PHASES_LIMIT = 100, TIMELINE = 76, TIMELINE_ROWS = 20 };

/* An interval much shorter than the others, the run's last, is no example of anything, unless it is
 * the only one. */
static bool is_whole(const struct run_bbv *b, size_t n)
{
    return b->intervals == 1 || b->instructions[n] >= b->length / 2;
}

/* The interval nearest to the centre of its group; ties go to the first. */
static void choose_representative(struct phase *p, size_t k, const struct clusters *c,
                                  const double *points, const struct run_bbv *b)
{
    p->distance = INFINITY;
    for (size_t n = 0; n < b->intervals; n++) {
        double d = cluster_distance(points + n * CLUSTER_DIMENSIONS,
                                    c->centre + k * CLUSTER_DIMENSIONS);
        if (c->of_point[n] == k && is_whole(b, n) && d < p->distance) {
            p->distance = d;
            p->representative = n;
        }
    }
}

/* The function with most instructions in the representative. */
static void choose_function(struct phase *p, const struct run_bbv *b)
{
    uint64_t *counts = allocate(b->blocks + 1, sizeof *counts), most = 0;
    for (uint64_t n = b->start[p->representative]; n < b->start[p->representative + 1]; n++) {
        size_t first = 0, block = b->block[n];
        while (strcmp(b->functions[first], b->functions[block]))
            first++;
        counts[first] += b->count[n];
        if (counts[first] > most) {
            most = counts[first];
            p->function = b->functions[first];
        }
    }
    p->function_share = (double)most / (double)b->instructions[p->representative];
    free(counts);
}

static void add_up(struct phases *ph, const struct run_bbv *b, const struct clusters *c,
                   const size_t *name)
{
    double *squares = allocate(ph->count, sizeof *squares);
    for (size_t n = 0; n < b->intervals; n++) {
        struct phase *p = &ph->phase[name[c->of_point[n]]];
        ph->of_interval[n] = name[c->of_point[n]];
        p->intervals++;
        p->instructions += b->instructions[n];
        ph->instructions += b->instructions[n];
        if (!b->cycles[n])
            continue;
        double cpi = (double)b->cycles[n] / (double)b->instructions[n];
        p->cycles += b->cycles[n];
        p->timed += b->instructions[n];
        squares[name[c->of_point[n]]] += cpi * cpi * (double)b->instructions[n];
        ph->cycles += b->cycles[n];
        ph->timed += b->instructions[n];
    }
    for (size_t k = 0; k < ph->count; k++) {
        struct phase *p = &ph->phase[k];
        if (!p->timed)
            continue;
        double mean = (double)p->cycles / (double)p->timed;
        p->deviation = sqrt(fmax(squares[k] / (double)p->timed - mean * mean, 0));
    }
    free(squares);
}

/* Phases are numbered in the order of their first intervals. */
static size_t *number_phases(const struct clusters *c, size_t points, size_t *count)
{
    size_t *name = allocate(c->k, sizeof *name);
    *count = 0;
    for (size_t k = 0; k < c->k; k++)
        name[k] = SIZE_MAX;
    for (size_t n = 0; n < points; n++)
        if (name[c->of_point[n]] == SIZE_MAX)
            name[c->of_point[n]] = (*count)++;
    return name;
}

/* The run's short end is put to the nearest group after the groups have been found. */
static void find_groups(struct clusters *c, const struct run_bbv *b, const double *points,
                        const struct phases_setup *setup)
{
    size_t whole = b->intervals;
    while (whole && !is_whole(b, whole - 1))
        whole--;
    if (setup->exactly)
        clusters_find(c, points, whole, setup->exactly, setup->seed);
    else
        clusters_choose(c, points, whole, setup->most, setup->seed);
    c->of_point = realloc(c->of_point, b->intervals * sizeof *c->of_point);
    if (!c->of_point)
        fail("out of memory");
    for (size_t n = whole; n < b->intervals; n++)
        c->of_point[n] = clusters_nearest(c, points + n * CLUSTER_DIMENSIONS);
}

void phases_find(struct phases *ph, const struct run_bbv *b, const struct phases_setup *setup)
{
    struct clusters c;
    struct cluster_rows rows = {b->start, b->block, b->count, b->intervals, b->blocks};
    double *points = cluster_project(&rows, setup->seed);
    find_groups(&c, b, points, setup);
    *ph = (struct phases){.of_interval = allocate(b->intervals, sizeof *ph->of_interval),
                          .bic = c.bic};
    size_t *name = number_phases(&c, b->intervals, &ph->count);
    ph->phase = allocate(ph->count, sizeof *ph->phase);
    for (size_t k = 0; k < c.k; k++)
        if (name[k] != SIZE_MAX) {
            choose_representative(&ph->phase[name[k]], k, &c, points, b);
            choose_function(&ph->phase[name[k]], b);
        }
    add_up(ph, b, &c, name);
    free(name);
    free(points);
    clusters_free(&c);
}

void phases_free(struct phases *ph)
{
    free(ph->phase);
    free(ph->of_interval);
}

double phase_weight(const struct phases *ph, const struct phase *p)
{
    return (double)p->instructions / (double)ph->instructions;
}

double phases_estimate(const struct phases *ph, const struct run_bbv *b)
{
    double cpi = 0;
    for (size_t k = 0; k < ph->count; k++) {
        size_t n = ph->phase[k].representative;
        if (!b->cycles[n])
            return NAN;
        cpi += phase_weight(ph, &ph->phase[k]) * (double)b->cycles[n] /
               (double)b->instructions[n];
    }
    return cpi;
}

static double cpi_of(uint64_t cycles, uint64_t instructions)
{
    return cycles ? (double)cycles / (double)instructions : (double)NAN;
}

static double interval_cpi(const struct run_bbv *b, size_t n)
{
    return cpi_of(b->cycles[n], b->instructions[n]);
}

static void print_cell(double value)
{
    if (isfinite(value))
        printf(" %9.4f", value);
    else
        printf(" %9s", "-");
}

static void print_phases(const struct phases *ph, const struct run_bbv *b)
{
    printf("%-6s %10s %9s %9s %9s %10s %16s %9s  %s\n", "phase", "intervals", "weight", "CPI",
           "std. dev.", "stands", "at instruction", "its CPI", "mostly in");
    for (size_t k = 0; k < ph->count; k++) {
        const struct phase *p = &ph->phase[k];
        printf("%-6zu %10zu %8.2f%%", k, p->intervals, 100 * phase_weight(ph, p));
        print_cell(cpi_of(p->cycles, p->timed));
        print_cell(p->timed ? p->deviation : (double)NAN);
        printf(" %10zu %16" PRIu64, p->representative, b->first[p->representative]);
        print_cell(interval_cpi(b, p->representative));
        printf("  %s (%.0f %%)\n", *p->function ? p->function : "?", 100 * p->function_share);
    }
}

static void print_estimate(const struct phases *ph, const struct run_bbv *b)
{
    double whole = (double)ph->cycles / (double)ph->timed, estimate = phases_estimate(ph, b);
    uint64_t chosen = 0;
    for (size_t k = 0; k < ph->count; k++)
        chosen += b->instructions[ph->phase[k].representative];
    if (!ph->timed) {
        puts("The run was not timed: no CPI.");
    } else if (ph->timed < ph->instructions) {
        puts("Not all of the run was timed: how well the phases tell its CPI cannot be said.");
    } else {
        printf("CPI of the whole %.4f, of %zu intervals by their weights %.4f: %+.2f %%, from "
               "%.2f %% of the instructions\n", whole, ph->count, estimate,
               100 * (estimate - whole) / whole,
               100 * (double)chosen / (double)ph->instructions);
    }
}

/* A letter an interval. */
static void print_timeline(const struct phases *ph, const struct run_bbv *b)
{
    puts("\nphase of each interval:");
    for (size_t n = 0; n < b->intervals && n < TIMELINE * TIMELINE_ROWS; n++) {
        size_t k = ph->of_interval[n];
        putchar(k < 10 ? '0' + (int)k : k < 36 ? 'a' + (int)k - 10 : '*');
        if (n % TIMELINE == TIMELINE - 1 || n + 1 == b->intervals)
            putchar('\n');
    }
    if (b->intervals > TIMELINE * TIMELINE_ROWS)
        printf("... %zu more; --csv --all lists them\n", b->intervals - TIMELINE * TIMELINE_ROWS);
}

static void print_cpi(double cpi, const char *behind)
{
    if (isfinite(cpi))
        printf("%.9g", cpi);
    fputs(behind, stdout);
}

static void print_csv(const struct phases *ph, const struct run_bbv *b, bool each)
{
    if (each) {
        puts("interval,first_instruction,instructions,phase,cpi");
        for (size_t n = 0; n < b->intervals; n++) {
            printf("%zu,%" PRIu64 ",%" PRIu64 ",%zu,", n, b->first[n], b->instructions[n],
                   ph->of_interval[n]);
            print_cpi(interval_cpi(b, n), "\n");
        }
        return;
    }
    puts("phase,intervals,weight,cpi,cpi_deviation,representative,first_instruction,"
         "instructions,representative_cpi,function");
    for (size_t k = 0; k < ph->count; k++) {
        const struct phase *p = &ph->phase[k];
        printf("%zu,%zu,%.9g,", k, p->intervals, phase_weight(ph, p));
        print_cpi(cpi_of(p->cycles, p->timed), ",");
        print_cpi(p->timed ? p->deviation : (double)NAN, ",");
        printf("%zu,%" PRIu64 ",%" PRIu64 ",", p->representative, b->first[p->representative],
               b->instructions[p->representative]);
        print_cpi(interval_cpi(b, p->representative), ",");
        printf("%s\n", p->function);
    }
}

static int compare_points(const void *pa, const void *pb)
{
    const struct phase *const *a = pa, *const *b = pb;
    return ((*a)->representative > (*b)->representative) -
           ((*a)->representative < (*b)->representative);
}

/* What simrun's key sample.points reads. */
static void write_points(const struct phases *ph, const struct run_bbv *b, const char *path)
{
    FILE *out = fopen(path, "we");
    const struct phase **order = allocate(ph->count, sizeof *order);
    if (!out)
        fail("%s: cannot be written: %s", path, strerror(errno));
    for (size_t k = 0; k < ph->count; k++)
        order[k] = &ph->phase[k];
    qsort(order, ph->count, sizeof *order, compare_points);
    fputs("# first instruction, instructions, weight\n", out);
    for (size_t k = 0; k < ph->count; k++)
        fprintf(out, "%" PRIu64 " %" PRIu64 " %.9g\n", b->first[order[k]->representative],
                b->instructions[order[k]->representative], phase_weight(ph, order[k]));
    if (fclose(out))
        fail("%s: cannot be written: %s", path, strerror(errno));
    free(order);
}

static uint64_t number_of(const char *option, const char *text, uint64_t least, uint64_t most)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end || *text == '-' || errno || value < least || value > most)
        fail("%s %s: not a whole number from %" PRIu64 " to %" PRIu64, option, text, least, most);
    return value;
}

void verb_phases(const struct run *runs, const struct options *o)
{
    struct run_bbv b;
    struct phases ph;
    struct phases_setup setup = {
        .most = o->most ? number_of("--most", o->most, 1, PHASES_LIMIT) : PHASES_MOST,
        .exactly = o->clusters ? number_of("--phases", o->clusters, 1, PHASES_LIMIT) : 0,
        .seed = o->seed ? number_of("--seed", o->seed, 0, UINT32_MAX) : 1};
    if (o->csv && strcmp(runs[0].status, "complete"))
        putchar('#'); /* most readers of CSV can skip such a line */
    print_status(&runs[0]);
    if (run_has(&runs[0], "/sample")) {
        print_sample(&runs[0], o);
        return;
    }
    run_bbv(&runs[0], &b);
    if (setup.exactly > b.intervals)
        fail("--phases %zu: the run has %zu intervals", setup.exactly, b.intervals);
    phases_find(&ph, &b, &setup);
    if (o->csv) {
        print_csv(&ph, &b, o->all);
    } else {
        printf("%zu intervals of %" PRIu64 " instructions, %zu basic blocks, %zu phases\n\n",
               b.intervals, b.length, b.blocks, ph.count);
        print_phases(&ph, &b);
        print_estimate(&ph, &b);
        print_timeline(&ph, &b);
    }
    if (o->output)
        write_points(&ph, &b, o->output);
    phases_free(&ph);
    run_bbv_free(&b);
}
