/* simstat cpi: the CPI stack of each core, or of one, as a table with bars. */
#include "analysis/simstat.h"

#include <math.h>
#include <string.h>

enum { BAR = 40 };
static const double LEGEND_LEAST = 0.01; /* of the slots: parts that are explained unasked */

static double of_core(const struct run *r, const char *name, unsigned core)
{
    struct summary_source s;
    char full[100];
    bool present;
    summary_of_run(&s, r);
    snprintf(full, sizeof full, "core.%u.%s", core, name);
    double v = s.value(s.context, full, &present);
    if (present || r->cores > 1)
        return v;
    snprintf(full, sizeof full, "core.%s", name);
    return s.value(s.context, full, &present);
}

static void print_stack(const struct run *r, unsigned core, const struct options *o)
{
    const uint64_t *slots = r->slots + core * r->part_count;
    double total = 0;
    double instructions = of_core(r, "instructions", core), cycles = of_core(r, "cycles", core);
    for (size_t i = 0; i < r->part_count; i++)
        total += (double)slots[i];
    if (!o->csv)
        printf("core %u: %.0f instructions, %.0f cycles, CPI %.4f\n  %-24s%16s%14s%9s\n", core,
               instructions, cycles, cycles / instructions, "part", "slots", "cycles/inst", "%");
    for (size_t i = 0; i < r->part_count; i++) {
        double share = total > 0 ? (double)slots[i] / total : 0;
        double cpi = share * cycles / instructions;
        if (o->csv)
            printf("%u,%s,%llu,%.9g,%.6g\n", core, r->parts[i], (unsigned long long)slots[i], cpi,
                   share * 100);
        else if (slots[i] || o->all)
            printf("  %-24s%16llu%14.4f%9.1f  %.*s\n", r->parts[i], (unsigned long long)slots[i],
                   cpi, share * 100, (int)(share * BAR + 0.5),
                   "########################################");
    }
}

/* The largest share of a part in the stack of any core that is shown. */
static double largest_share(const struct run *r, size_t part, const struct options *o)
{
    double largest = 0;
    for (unsigned core = 0; core < r->cores; core++) {
        const uint64_t *slots = r->slots + core * r->part_count;
        double total = 0;
        for (size_t i = 0; i < r->part_count; i++)
            total += (double)slots[i];
        if (total > 0 && (o->core < 0 || o->core == (int)core))
            largest = fmax(largest, (double)slots[part] / total);
    }
    return largest;
}

/* What the parts of some weight mean: the sentences that the file itself has. */
static void print_legend(const struct run *r, const struct options *o)
{
    size_t count;
    char **texts = run_texts(r, "/stats/descriptions", &count);
    puts("\nmeaning");
    for (size_t i = 0; i < r->part_count; i++) {
        char full[100];
        snprintf(full, sizeof full, r->cores > 1 ? "cpi.0.%s" : "cpi.%s", r->parts[i]);
        if (!o->all && largest_share(r, i, o) < LEGEND_LEAST)
            continue;
        for (size_t n = 0; n < r->stat_count && n < count; n++)
            if (!strcmp(r->stats[n], full))
                printf("  %-24s%s\n", r->parts[i], texts[n]);
    }
    run_texts_free(texts, count);
}

void verb_cpi(const struct run *runs, const struct options *o)
{
    const struct run *r = &runs[0];
    print_status(r);
    if (!r->part_count)
        fail("%s: has no CPI stack (a functional run, or not finished)", r->path);
    want_timing(r, "cpi");
    if (o->places) {
        print_places(r, o);
        return;
    }
    if (o->core >= (int)r->cores)
        fail("%s: has no core %d; its cores are 0 to %u", r->path, o->core, r->cores - 1);
    if (o->csv)
        puts("core,part,slots,cycles_per_instruction,percent");
    for (unsigned core = 0; core < r->cores; core++)
        if (o->core < 0 || o->core == (int)core)
            print_stack(r, core, o);
    if (!o->csv)
        print_legend(r, o);
}
