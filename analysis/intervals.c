/* simstat intervals: what was counted in each interval, as a table or CSV; ipc is computed. */
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"

/* One printed column: a dataset at one core, or a ratio of two. */
struct shown {
    char heading[120];
    const struct run_column *over, *under; /* under NULL: a count */
    size_t core;
};

struct table {
    const struct run *run;
    struct run_column *columns;
    size_t column_count;
    struct shown *shown;
    size_t shown_count;
};

static const struct run_column *find(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (!strcmp(t->columns[i].name, name))
            return &t->columns[i];
    return NULL;
}

static void show(struct table *t, const char *name, const struct run_column *over,
                 const struct run_column *under, int core)
{
    if (core >= (int)over->width && !over->shared)
        fail("%s: has no core %d; its cores are 0 to %zu", t->run->path, core, over->width - 1);
    for (size_t i = 0; i < over->width; i++) {
        if (core >= 0 && (int)i != core && !over->shared)
            continue;
        t->shown = realloc(t->shown, (t->shown_count + 1) * sizeof *t->shown);
        if (!t->shown)
            fail("out of memory");
        struct shown *s = &t->shown[t->shown_count++];
        *s = (struct shown){.over = over, .under = under, .core = i};
        snprintf(s->heading, sizeof s->heading, over->width > 1 ? "%s.%zu" : "%s", name, i);
    }
}

static void show_named(struct table *t, const char *name, int core)
{
    const struct run_column *instructions = find(t, "instructions"), *cycles = find(t, "cycles");
    const struct run_column *c = find(t, strncmp(name, "core.", 5) ? name : name + 5);
    if (c) {
        show(t, name, c, NULL, core);
    } else if (!strcmp(name, "ipc") && instructions && cycles) {
        show(t, name, instructions, cycles, core);
    } else {
        fprintf(stderr, "simstat: %s: columns of this run: ipc", t->run->path);
        for (size_t i = 0; i < t->column_count; i++)
            fprintf(stderr, ", %s", t->columns[i].name);
        fputc('\n', stderr);
        fail("%s: no column is named %s", t->run->path, name);
    }
}

static bool is_usual(const char *name)
{
    const char *last = strrchr(name, '.');
    return last && (!strcmp(last, ".misses") || !strcmp(last, ".mispredicts"));
}

/* A table of everything is wider than any window: what is looked at first. */
static void choose_usual(struct table *t, const struct options *o)
{
    show_named(t, "instructions", o->core);
    show_named(t, "cycles", o->core);
    show_named(t, "ipc", o->core);
    for (size_t i = 0; i < t->column_count; i++)
        if (is_usual(t->columns[i].name))
            show(t, t->columns[i].name, &t->columns[i], NULL, o->core);
}

static void choose(struct table *t, const struct options *o)
{
    bool has_ipc = find(t, "instructions") && find(t, "cycles");
    if (!o->columns && !o->csv && !o->all && has_ipc) {
        choose_usual(t, o);
        return;
    }
    if (!o->columns) {
        for (size_t i = 0; i < t->column_count; i++)
            show(t, t->columns[i].name, &t->columns[i], NULL, o->core);
        if (has_ipc)
            show_named(t, "ipc", o->core);
        return;
    }
    char *list = strdup(o->columns), *rest = list, *name;
    while ((name = strsep(&rest, ",")))
        show_named(t, name, o->core);
    free(list);
}

static void print_cell(const struct shown *s, size_t row, bool csv)
{
    uint64_t over = s->over->values[row * s->over->width + s->core];
    if (!s->under) {
        printf(csv ? ",%llu" : "%16llu", (unsigned long long)over);
        return;
    }
    double under = (double)s->under->values[row * s->under->width + s->core];
    printf(csv ? ",%.9g" : "%16.4f", under > 0 ? (double)over / under : (double)NAN);
}

static void print_table(const struct table *t, bool csv)
{
    printf(csv ? "interval" : "%8s", "interval");
    for (size_t i = 0; i < t->shown_count; i++)
        printf(csv ? ",%s" : " %15s", t->shown[i].heading);
    putchar('\n');
    for (size_t row = 0; row < t->columns[0].rows; row++) {
        printf(csv ? "%zu" : "%8zu", row);
        for (size_t i = 0; i < t->shown_count; i++)
            print_cell(&t->shown[i], row, csv);
        putchar('\n');
    }
}

void verb_intervals(const struct run *runs, const struct options *o)
{
    struct table t = {.run = &runs[0]};
    if (o->csv && strcmp(t.run->status, "complete"))
        putchar('#'); /* most readers of CSV can skip such a line */
    print_status(t.run);
    if (run_is_functional(t.run))
        want_timing(t.run, "intervals");
    t.column_count = run_columns(t.run, &t.columns);
    if (!t.column_count)
        fail("%s: recorded no intervals", t.run->path);
    choose(&t, o);
    print_table(&t, o->csv);
    free(t.shown);
    run_columns_free(t.columns, t.column_count);
}
