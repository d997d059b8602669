/* simstat histograms: how often each value occurred; a line for each histogram, bins with bars, or
 * CSV. */
#include "analysis/histograms.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 16, BAR = 40 };

uint64_t hist_count(const struct run_hist *h)
{
    uint64_t count = 0;
    for (size_t n = 0; n < h->bins; n++)
        count += h->counts[n];
    return count;
}

double hist_mean(const struct run_hist *h)
{
    uint64_t count = hist_count(h);
    return count ? (double)h->sum / (double)count : (double)NAN;
}

uint64_t hist_quantile(const struct run_hist *h, double share)
{
    double wanted = share * (double)hist_count(h), below = 0;
    size_t n = 0, last = 0;
    for (; n < h->bins; n++) {
        below += (double)h->counts[n];
        last = h->counts[n] ? n : last;
        if (h->counts[n] && below >= wanted)
            break;
    }
    return h->edges[n < h->bins ? n + 1 : last + 1] - 1;
}

static void print_line(const struct run_hist *h)
{
    printf("%-28s %14" PRIu64 " %12.2f %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64
           "  %s\n", h->name, hist_count(h), hist_mean(h), hist_quantile(h, 0.5),
           hist_quantile(h, 0.9), hist_quantile(h, 0.99), hist_quantile(h, 1), h->units);
}

struct hist_range hist_range(const struct run_hist *h, size_t lines)
{
    struct hist_range range = {.end = h->bins};
    while (range.end && !h->counts[range.end - 1])
        range.end--;
    while (range.first < range.end && !h->counts[range.first])
        range.first++;
    range.together = (range.end - range.first + lines - 1) / lines;
    return range;
}

uint64_t hist_line(const struct run_hist *h, const struct hist_range *range, size_t first,
                   size_t *next)
{
    uint64_t count = 0;
    for (*next = first; *next < first + range->together && *next < range->end; ++*next)
        count += h->counts[*next];
    return count;
}

static void print_bins(const struct run_hist *h)
{
    struct hist_range range = hist_range(h, LINES_MAX);
    uint64_t most = 1, all = hist_count(h);
    size_t next;
    printf("\n%s: %s\n", h->name, h->text);
    for (size_t n = range.first; n < range.end; n = next) {
        uint64_t count = hist_line(h, &range, n, &next);
        most = count > most ? count : most;
    }
    for (size_t n = range.first; n < range.end; n = next) {
        uint64_t count = hist_line(h, &range, n, &next);
        printf("  %12" PRIu64 " to %12" PRIu64 " %16" PRIu64 "%7.2f %%  %.*s\n", h->edges[n],
               h->edges[next] - 1, count, 100 * (double)count / (double)all,
               (int)((double)count / (double)most * BAR + 0.5),
               "########################################");
    }
}

static void print_csv(const struct run_hist *h)
{
    for (size_t n = 0; n < h->bins; n++)
        if (h->counts[n])
            printf("%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%s\n", h->name, h->edges[n],
                   h->edges[n + 1] - 1, h->counts[n], h->units);
}

static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
        if (strcspn(at, ",") == length && !strncmp(at, name, length))
            return true;
    return false;
}

static void check_listed(const struct run *r, const struct run_hist *hists, size_t count,
                         const char *columns)
{
    char *list = strdup(columns), *rest = list, *name;
    while ((name = strsep(&rest, ","))) {
        size_t n = 0;
        while (n < count && strcmp(hists[n].name, name))
            n++;
        if (n < count)
            continue;
        fprintf(stderr, "simstat: %s: histograms of this run:", r->path);
        for (n = 0; n < count; n++)
            fprintf(stderr, " %s", hists[n].name);
        fputc('\n', stderr);
        fail("%s: no histogram is named %s", r->path, name);
    }
    free(list);
}

static bool is_chosen(const struct run_hist *h, const struct options *o)
{
    return o->columns ? is_listed(o->columns, h->name) : o->all || hist_count(h);
}

void print_histograms(const struct run *r, const struct options *o)
{
    struct run_hist *hists;
    size_t count = run_hists(r, o->phase, &hists);
    if (!count)
        fail("%s: has no histograms: it was written before there were any", r->path);
    if (o->columns)
        check_listed(r, hists, count, o->columns);
    if (o->csv)
        puts("histogram,from,to,count,unit");
    else
        printf("%-28s %14s %12s %10s %10s %10s %10s  %s\n", "histogram", "count", "mean",
               "median", "90 %", "99 %", "largest", "unit");
    for (size_t n = 0; n < count; n++)
        if (is_chosen(&hists[n], o))
            (o->csv ? print_csv : print_line)(&hists[n]);
    for (size_t n = 0; n < count && !o->csv && (o->columns || o->all); n++)
        if (is_chosen(&hists[n], o))
            print_bins(&hists[n]);
    run_hists_free(hists, count);
}

void verb_histograms(const struct run *runs, const struct options *o)
{
    if (o->csv && strcmp(runs[0].status, "complete"))
        putchar('#'); /* most readers of CSV can skip such a line */
    print_status(&runs[0]);
    print_histograms(&runs[0], o);
}
