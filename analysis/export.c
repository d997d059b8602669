#include "analysis/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"

/* Viewers hold all of it in memory. */
enum { ROWS_DEFAULT = 100000 };

static const struct {
    const char *name;
    void (*write)(const struct inst_trace *t, const struct export_range *r, FILE *out);
    bool is_for_viewers;
} formats[] = {
    {"konata", export_konata, true},
    {"perfetto", export_perfetto, true},
    {"csv", export_csv, false},
    {"champsim", export_champsim, false},
};

static const struct {
    const char *name;
    void (*write)(const struct run *r, const struct run_places *p, FILE *out);
} profile_formats[] = {{"callgrind", export_callgrind}, {"flame", export_flame}};

static uint64_t number(const char *option, const char *text)
{
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    uint64_t scale = *end == 'K' ? 1000 : *end == 'M' ? 1000000 : 1;
    if (*text < '0' || *text > '9' || end[scale > 1] || errno || value > UINT64_MAX / scale)
        fail("%s %s: not a number; write 500, 100K or 2M", option, text);
    return value * scale;
}

/* Of the rows that there are. */
static struct export_range limit(struct export_range r, uint64_t rows, const char *path,
                                 const char *what)
{
    if (r.first >= rows)
        fail("%s: the trace has %llu %s, none from %llu on", path, (unsigned long long)rows, what,
             (unsigned long long)r.first);
    if (r.count > rows - r.first)
        r.count = rows - r.first;
    return r;
}

/* A window in cycles begins with the chunk that holds the cycle. */
struct export_range export_chosen(const struct inst_trace *t, const struct options *o,
                                  uint64_t rows)
{
    struct export_range r = {0, rows};
    if (o->first)
        r.first = number("--first", o->first);
    if (o->cycle)
        r.first = inst_trace_row_near(t, number("--cycle", o->cycle));
    if (o->count)
        r.count = number("--count", o->count);
    return limit(r, t->rows, t->path, "instructions");
}

static struct export_range chosen_requests(const struct mem_trace *t, const struct options *o)
{
    struct export_range r = {0, UINT64_MAX};
    if (o->first)
        r.first = number("--first", o->first);
    if (o->cycle)
        r.first = mem_trace_row_near(t, number("--cycle", o->cycle));
    if (o->count)
        r.count = number("--count", o->count);
    return limit(r, t->rows, t->table.path, "requests");
}

static FILE *open_output(const struct options *o)
{
    FILE *out = o->output ? fopen(o->output, "we") : stdout;
    if (!out)
        fail("%s: cannot be written: %s", o->output, strerror(errno));
    return out;
}

static void close_output(const struct options *o, FILE *out)
{
    bool ok = !ferror(out);
    if (o->output && (fclose(out) || !ok))
        fail("%s: cannot be written: %s", o->output, strerror(errno));
}

static void tell_range(const struct export_range *range, uint64_t rows, const char *what)
{
    fprintf(stderr, "simstat: %llu of %llu %s, from row %llu on\n",
            (unsigned long long)range->count, (unsigned long long)rows, what,
            (unsigned long long)range->first);
}

static void export_trace(const char *path, const struct options *o, size_t n)
{
    struct inst_trace t;
    inst_trace_open(&t, path);
    struct export_range range =
        export_chosen(&t, o, formats[n].is_for_viewers ? ROWS_DEFAULT : UINT64_MAX);
    FILE *out = open_output(o);
    formats[n].write(&t, &range, out);
    close_output(o, out);
    tell_range(&range, t.rows, "instructions");
    inst_trace_close(&t);
}

static void export_mem_trace(const char *path, const struct options *o)
{
    struct mem_trace t;
    mem_trace_open(&t, path);
    struct export_range range = chosen_requests(&t, o);
    FILE *out = open_output(o);
    export_requests(&t, &range, out);
    close_output(o, out);
    tell_range(&range, t.rows, "requests");
    mem_trace_close(&t);
}

static void export_profile(const char *path, const struct options *o, size_t n)
{
    struct run run;
    struct run_places places;
    run_open(&run, path, o->phase);
    run_places(&run, "functions", o->phase, &places);
    if (!places.count)
        fail("%s: has no CPI stack by function; run with -s output.functions=yes", path);
    FILE *out = open_output(o);
    profile_formats[n].write(&run, &places, out);
    close_output(o, out);
    run_places_free(&places);
    run_close(&run);
}

void verb_export(const char *path, const struct options *o)
{
    for (size_t n = 0; o->format && n < sizeof formats / sizeof *formats; n++)
        if (!strcmp(formats[n].name, o->format)) {
            export_trace(path, o, n);
            return;
        }
    for (size_t n = 0; o->format && n < sizeof profile_formats / sizeof *profile_formats; n++)
        if (!strcmp(profile_formats[n].name, o->format)) {
            export_profile(path, o, n);
            return;
        }
    if (o->format && !strcmp(o->format, "requests")) {
        export_mem_trace(path, o);
        return;
    }
    fail("export: which format? --format konata, perfetto, csv or champsim (of recorded "
         "instructions), requests (CSV of requests to caches and memory), callgrind or flame "
         "(of functions)");
}
