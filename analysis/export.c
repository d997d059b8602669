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

/* Of the rows that there are; a window in cycles begins with the chunk that holds the cycle. */
static struct export_range find_range(const struct inst_trace *t, const struct options *o,
                                      bool is_for_viewers)
{
    struct export_range r = {0, is_for_viewers ? ROWS_DEFAULT : UINT64_MAX};
    if (o->first)
        r.first = number("--first", o->first);
    if (o->cycle)
        r.first = inst_trace_row_near(t, number("--cycle", o->cycle));
    if (o->count)
        r.count = number("--count", o->count);
    if (r.first >= t->rows)
        fail("%s: the trace has %llu instructions, none from %llu on", t->path,
             (unsigned long long)t->rows, (unsigned long long)r.first);
    if (r.count > t->rows - r.first)
        r.count = t->rows - r.first;
    return r;
}

void verb_export(const char *path, const struct options *o)
{
    struct inst_trace t;
    size_t n = 0, count = sizeof formats / sizeof *formats;
    while (n < count && (!o->format || strcmp(formats[n].name, o->format)))
        n++;
    if (n == count)
        fail("export: which format? --format konata, perfetto, csv or champsim");
    inst_trace_open(&t, path);
    struct export_range range = find_range(&t, o, formats[n].is_for_viewers);
    FILE *out = o->output ? fopen(o->output, "we") : stdout;
    if (!out)
        fail("%s: cannot be written: %s", o->output, strerror(errno));
    formats[n].write(&t, &range, out);
    bool ok = !ferror(out);
    if (o->output && (fclose(out) || !ok))
        fail("%s: cannot be written: %s", o->output, strerror(errno));
    fprintf(stderr, "simstat: %llu of %llu instructions, from row %llu on\n",
            (unsigned long long)range.count, (unsigned long long)t.rows,
            (unsigned long long)range.first);
    inst_trace_close(&t);
}
