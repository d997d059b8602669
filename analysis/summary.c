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

void verb_summary(const struct run *runs, const struct options *o)
{
    struct summary_source s;
    char together[64];
    summary_of_run(&s, &runs[0]);
    snprintf(together, sizeof together, "all %zu together", runs[0].phase_count);
    if (runs[0].phase_count > 1)
        s.phases = o->phase ? o->phase : together;
    print_status(&runs[0]);
    summary_print(stdout, &s);
    if (o->histograms) {
        putchar('\n');
        print_histograms(&runs[0], o);
    }
}
