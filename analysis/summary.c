/* simstat summary: the text simrun printed at the end of the run. */
#include <string.h>

#include "analysis/simstat.h"

static double value_of(void *context, const char *full, bool *present)
{
    const struct run *r = context;
    uint64_t counter = 0;
    double number = 0;
    *present = true;
    if (!strncmp(full, "meta.", 5)) {
        *present = run_meta(r, full + 5, &number);
        return number;
    }
    *present = run_value(r, full, &counter);
    return (double)counter;
}

void summary_of_run(struct summary_source *s, const struct run *r)
{
    *s = (struct summary_source){.context = (void *)(uintptr_t)r,
                                 .value = value_of,
                                 .program = r->program,
                                 .status = r->status,
                                 .cpi_parts = (const char *const *)r->parts,
                                 .cpi_part_count = (unsigned)r->part_count,
                                 .cores = r->cores};
}

bool run_is_functional(const struct run *r)
{
    for (size_t i = 0; i < r->setting_count; i++)
        if (!strcmp(r->settings[i].section, "system") && !strcmp(r->settings[i].key, "mode"))
            return !strcmp(r->settings[i].value, "functional");
    return false;
}

void want_timing(const struct run *r, const char *verb)
{
    struct summary_source s;
    summary_of_run(&s, r);
    if (run_is_functional(r))
        fail("%s: has no timing: the run was functional (system.mode, -m), without cycles; %s "
             "needs one in timing mode", r->path, verb);
    if (r->stat_count && !(summary_value(&s, "core.cycles") > 0))
        fail("%s: has no timing here: no cycle passes in fast-forwarding, and nothing else was "
             "chosen or has run", r->path);
}

/* A run as one of its cores sees it. */
struct one_core {
    const struct run *run;
    int number;
};

static double value_of_core(void *context, const char *full, bool *present)
{
    const struct one_core *c = context;
    char own[200];
    uint64_t counter = 0;
    int head = (int)strcspn(full, ".");
    snprintf(own, sizeof own, "%.*s.%d%s", head, full, c->number, full + head);
    *present = run_value(c->run, own, &counter);
    return *present ? (double)counter : value_of((void *)(uintptr_t)c->run, full, present);
}

static void choose_core(struct summary_source *s, struct one_core *c)
{
    if (c->number >= (int)c->run->cores)
        fail("%s: has no core %d; its cores are 0 to %u", c->run->path, c->number,
             c->run->cores - 1);
    if (c->run->cores > 1)
        printf("core %d of %u; what they share is counted for all together\n", c->number,
               c->run->cores);
    s->value = value_of_core;
    s->context = c;
    s->cores = 1;
}

void verb_summary(const struct run *runs, const struct options *o)
{
    struct summary_source s;
    struct one_core one = {&runs[0], o->core};
    char together[64];
    summary_of_run(&s, &runs[0]);
    snprintf(together, sizeof together, "all %zu together", runs[0].phase_count);
    if (runs[0].phase_count > 1)
        s.phases = o->phase ? o->phase : together;
    print_status(&runs[0]);
    if (o->core >= 0)
        choose_core(&s, &one);
    summary_print(stdout, &s);
    if (o->histograms) {
        putchar('\n');
        print_histograms(&runs[0], o);
    }
}
