/* /hist: the histograms, by phase. */
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/out/h5_result_priv.h"

struct job {
    struct result *result;
    struct h5_file *file;
    const struct result_hists *phases;
    uint32_t phase_count;
    struct hist_info info;
    uint64_t bins; /* that are written */
};

/* What a phase added to a word of the snapshots. */
static uint64_t added(const struct result_hists *p, uint64_t at)
{
    return p->end[at] - p->start[at];
}

/* All bins where there is a largest value; else as far as any phase has counts, one at least. */
static uint64_t bins_of(const struct job *j)
{
    const struct hist *h = j->info.hist;
    uint64_t last = h->bins;
    if (h->bins == h->exact)
        return last;
    for (; last > 1; last--)
        for (uint32_t p = 0; p < j->phase_count; p++)
            if (added(&j->phases[p], j->info.at + last - 1))
                return last;
    return last;
}

static void write_one(const struct job *j, const char *name, const char *units, const char *text,
                      struct h5_array a)
{
    char *path = xasprintf("/hist/%s/%s", j->info.full, name);
    a.path = path;
    a.units = units;
    a.long_name = text;
    a.type = H5_U64;
    h5_write(j->file, &a);
    free(path);
}

static void write_bins(const struct job *j)
{
    const char *units = stats_unit_name(j->info.value_unit);
    uint64_t *edges = xcalloc(j->bins + 1, sizeof *edges);
    for (uint32_t n = 0; n <= j->bins; n++)
        edges[n] = hist_edge(j->info.hist, n);
    write_one(j, "bin", units, "smallest value in the bin",
              (struct h5_array){.rank = 1, .dims = {j->bins}, .data = edges, .scale_name = "bin"});
    write_one(j, "edges", units, "bin n has the values from edges[n] to edges[n + 1] - 1",
              (struct h5_array){.rank = 1, .dims = {j->bins + 1}, .data = edges,
                                .scale_name = "edge"});
    free(edges);
}

static void write_counts(const struct job *j)
{
    uint64_t *counts = xcalloc(j->phase_count * j->bins + 1, sizeof *counts);
    uint64_t *sums = xcalloc(j->phase_count + UINT64_C(1), sizeof *sums);
    for (uint32_t p = 0; p < j->phase_count; p++) {
        for (uint64_t n = 0; n < j->bins; n++)
            counts[p * j->bins + n] = added(&j->phases[p], j->info.at + n);
        sums[p] = added(&j->phases[p], j->info.at + j->info.hist->bins);
    }
    char *bin = xasprintf("/hist/%s/bin", j->info.full);
    char *group = xasprintf("/hist/%s", j->info.full);
    char *scale = h5_phase_scale(j->result, group);
    write_one(j, "counts", stats_unit_name(j->info.count_unit), j->info.text,
              (struct h5_array){.rank = 2, .dims = {j->phase_count, j->bins}, .data = counts,
                                .scales = {scale, bin}});
    write_one(j, "sum", stats_unit_name(j->info.value_unit), "sum of the values, exact",
              (struct h5_array){.rank = 1, .dims = {j->phase_count}, .data = sums,
                                .scales = {scale}});
    free(scale);
    free(group);
    free(bin);
    free(sums);
    free(counts);
}

void result_hists(struct result *r, const struct stats *s, const struct result_hists *phases,
                  uint32_t phase_count)
{
    struct job j = {.result = r, .file = &r->file, .phases = phases, .phase_count = phase_count};
    if (stats_hist_count(s))
        h5_group(&r->file, "/hist", "how often each value occurred, by phase");
    for (uint32_t n = 0; n < stats_hist_count(s); n++) {
        j.info = stats_hist_get(s, n);
        j.bins = bins_of(&j);
        char *group = xasprintf("/hist/%s", j.info.full);
        h5_group(&r->file, group, j.info.text);
        free(group);
        write_bins(&j);
        write_counts(&j);
    }
}
