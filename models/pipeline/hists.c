#include "models/pipeline/hists.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/err.h"

static const struct hist_row rows[] = {CORE_HISTS(HIST_ROW, core_hists) HIST_END};
static const struct hist_row cause_rows[] = {CORE_CAUSE_HISTS(HIST_ROW, core_hists) HIST_END};

void core_hists_create(struct core_hists *h, bool on)
{
    h->on = on;
    if (on) {
        hists_create(rows, h);
        hists_create(cause_rows, h);
    }
}

void core_hists_destroy(struct core_hists *h)
{
    if (h->on) {
        hists_destroy(rows, h);
        hists_destroy(cause_rows, h);
    }
}

static const struct core_hist_law laws[] = {
    {"every cycle retires so many instructions", HIST_COUNT, "@.retired_per_cycle", "@.cycles"},
    {"instructions by cycle add up", HIST_SUM, "@.retired_per_cycle", "@.instructions"},
    {"every instruction took its time to retire", HIST_COUNT, "@.fetch_to_retire",
     "@.instructions"},
    {"every mispredicted branch ends a run", HIST_COUNT, "@.mispredict_run", "%.mispredicts"},
    {.name = NULL},
}, cause_laws[] = {
    {"loads by level add up", HIST_COUNT,
     "@.load_forwarded + @.load_l1 + @.load_l2 + @.load_l3 + @.load_memory", "@.loads"},
    {"every forwarded load has a distance", HIST_COUNT, "@.forward_distance",
     "@.forwarded_loads"},
    {"every branch took its time", HIST_COUNT, "@.branch_resolution", "%.branches"},
    {"every mispredicted branch took its time", HIST_COUNT, "@.mispredict_resolution",
     "%.mispredicts"},
    {.name = NULL},
};

/* The names put in; the caller frees it. */
static char *put_names(const char *equation, const char *core, const char *bpred)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (; *equation; equation++)
        if (*equation == '@' || *equation == '%')
            fputs(*equation == '@' ? core : bpred, out);
        else
            putc(*equation, out);
    fclose(out);
    return text;
}

void core_hists_laws(const struct core_hist_law *law, struct stats *s, const char *core,
                     const char *bpred)
{
    for (; law->name; law++) {
        char *name = xasprintf("%s: %s", core, law->name);
        char *left = put_names(law->left, core, bpred);
        char *right = put_names(law->right, core, bpred);
        stats_hist_law(s, name, law->total, left, right);
        free(name);
        free(left);
        free(right);
    }
}

void core_hists_register(const struct core_hists *h, struct stats *s, const char *core,
                         const char *bpred, bool tells_causes)
{
    if (!h->on)
        return;
    stats_add_hists(s, core, rows, h);
    core_hists_laws(laws, s, core, bpred);
    if (tells_causes) {
        stats_add_hists(s, core, cause_rows, h);
        core_hists_laws(cause_laws, s, core, bpred);
    }
}
