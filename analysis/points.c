/* simstat phases, of a run with sample.points: what the points say of the whole. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"

struct point {
    const char *phase;
    uint64_t first, instructions, cycles; /* as timed */
    double weight;
};

struct list {
    struct point *point;
    size_t count, missing; /* missing: the run ended before them */
    double weight, cpi;    /* of those that are there */
};

static void measure(const struct run *r, struct point *p)
{
    struct run phase;
    bool there = false;
    for (size_t n = 0; n < r->phase_count; n++)
        there = there || !strcmp(r->phases[n], p->phase);
    p->instructions = p->cycles = 0;
    if (!there)
        return;
    run_open(&phase, r->path, p->phase);
    run_value(&phase, "core.instructions", &p->instructions);
    run_value(&phase, "core.cycles", &p->cycles);
    run_close(&phase);
}

static double cpi_of(const struct point *p)
{
    return p->instructions ? (double)p->cycles / (double)p->instructions : (double)NAN;
}

static void print_csv(const struct list *l)
{
    puts("point,first_instruction,instructions,cycles,weight,cpi");
    for (size_t n = 0; n < l->count; n++) {
        const struct point *p = &l->point[n];
        printf("%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%.9g,", p->phase, p->first,
               p->instructions, p->cycles, p->weight);
        printf(p->instructions ? "%.9g\n" : "\n", cpi_of(p));
    }
    printf("estimate,,,,%.9g,%.9g\n", l->weight, l->cpi);
}

static void print_table(const struct list *l)
{
    printf("%-10s %16s %16s %16s %9s %9s\n", "point", "at instruction", "instructions", "cycles",
           "weight", "CPI");
    for (size_t n = 0; n < l->count; n++) {
        const struct point *p = &l->point[n];
        printf("%-10s %16" PRIu64 " %16" PRIu64 " %16" PRIu64 " %8.2f%% %9.4f\n", p->phase,
               p->first, p->instructions, p->cycles, 100 * p->weight, cpi_of(p));
    }
    printf("estimated CPI of the whole %.4f, IPC %.4f; the points stand for %.2f %% of it\n",
           l->cpi, 1 / l->cpi, 100 * l->weight);
    if (l->missing)
        printf("%zu points were not reached\n", l->missing);
}

void print_sample(const struct run *r, const struct options *o)
{
    struct list l = {.weight = 0};
    char **names = run_texts(r, "/sample/phase", &l.count);
    uint64_t *first = run_numbers(r, "/sample/first", l.count);
    double *weight = run_reals(r, "/sample/weight", l.count);
    if (!first || !weight)
        fail("%s: /sample: not what a result file has here", r->path);
    l.point = allocate(l.count + 1, sizeof *l.point);
    for (size_t n = 0; n < l.count; n++) {
        struct point *p = &l.point[n];
        *p = (struct point){.phase = names[n], .first = first[n], .weight = weight[n]};
        measure(r, p);
        l.missing += !p->instructions;
        l.weight += p->instructions ? p->weight : 0;
        l.cpi += p->instructions ? p->weight * cpi_of(p) : 0;
    }
    l.cpi /= l.weight;
    if (!(l.weight > 0))
        fail("%s: no point was reached", r->path);
    (o->csv ? print_csv : print_table)(&l);
    free(l.point);
    free(weight);
    free(first);
    run_texts_free(names, l.count);
}
