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

size_t hist_quantile(const struct run_hist *h, double share)
{
    double wanted = share * (double)hist_count(h), below = 0;
    size_t last = 0;
    for (size_t n = 0; n < h->bins; n++) {
        below += (double)h->counts[n];
        last = h->counts[n] ? n : last;
        if (h->counts[n] && below >= wanted)
            break;
    }
    return last;
}

static bool is_time(const char *unit) { return !strcmp(unit, "ps"); }

const char *hist_unit(const struct run_hist *h) { return is_time(h->units) ? "ns" : h->units; }

double hist_scaled(const struct run_hist *h, double value)
{
    return is_time(h->units) ? value / 1000 : value;
}

void hist_bin_text(const struct run_hist *h, size_t bin, char *text)
{
    uint64_t last = h->edges[bin + 1] - 1;
    snprintf(text, HIST_TEXT_MAX, "%s%.*f", last > h->edges[bin] ? "<=" : "",
             is_time(h->units) ? 2 : 0, hist_scaled(h, (double)last));
}

void hist_count_text(const struct run_hist *h, uint64_t count, char *text)
{
    static const char *const units[] = {"ps", "ns", "us", "ms", "s"};
    double time = (double)count;
    size_t n = 0;
    if (!is_time(h->count_units)) {
        snprintf(text, HIST_TEXT_MAX, "%" PRIu64, count);
        return;
    }
    for (; time >= 1000 && n + 1 < sizeof units / sizeof *units; n++)
        time /= 1000;
    snprintf(text, HIST_TEXT_MAX, "%.6g %s", time, units[n]);
}

static void print_line(const struct run_hist *h)
{
    static const double shares[] = {0.5, 0.9, 0.99, 1};
    char text[HIST_TEXT_MAX];
    hist_count_text(h, hist_count(h), text);
    printf("%-28s %14s %12.2f", h->name, text, hist_scaled(h, hist_mean(h)));
    for (size_t n = 0; n < sizeof shares / sizeof *shares; n++) {
        hist_bin_text(h, hist_quantile(h, shares[n]), text);
        printf(" %10s", text);
    }
    printf("  %s\n", hist_unit(h));
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
    char text[HIST_TEXT_MAX];
    int decimals = is_time(h->units) ? 2 : 0;
    printf("\n%s: %s%s%s\n", h->name, h->text, strcmp(hist_unit(h), "1") ? ", in " : "",
           strcmp(hist_unit(h), "1") ? hist_unit(h) : "");
    for (size_t n = range.first; n < range.end; n = next) {
        uint64_t count = hist_line(h, &range, n, &next);
        most = count > most ? count : most;
    }
    for (size_t n = range.first; n < range.end; n = next) {
        uint64_t count = hist_line(h, &range, n, &next);
        hist_count_text(h, count, text);
        printf("  %12.*f to %12.*f %16s%7.2f %%  %.*s\n", decimals,
               hist_scaled(h, (double)h->edges[n]), decimals,
               hist_scaled(h, (double)(h->edges[next] - 1)), text,
               100 * (double)count / (double)all, (int)((double)count / (double)most * BAR + 0.5),
               "########################################");
    }
}

static void print_csv(const struct run_hist *h)
{
    for (size_t n = 0; n < h->bins; n++)
        if (h->counts[n])
            printf("%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%s,%s\n", h->name,
                   h->edges[n], h->edges[n + 1] - 1, h->counts[n], h->units, h->count_units);
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
    if (!count && !strcmp(r->status, RESULT_RUNNING))
        fail("%s: has no histograms: they are written when the run ends", r->path);
    if (!count)
        fail("%s: has no histograms: it was written before there were any", r->path);
    if (o->columns)
        check_listed(r, hists, count, o->columns);
    if (o->csv)
        puts("histogram,from,to,count,unit,count_unit");
    else
        printf("%-28s %14s %12s %10s %10s %10s %10s  %s\n", "histogram", "count", "mean",
               "median", "90 %", "99 %", "largest", "unit");
    for (size_t n = 0; n < count; n++)
        if (is_chosen(&hists[n], o))
            (o->csv ? print_csv : print_line)(&hists[n]);
    if (!o->csv)
        puts("<= N: somewhere in a bin that ends with N; counts over time are simulated time");
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
