#include "sim/out/h5_sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/out/h5_file.h"
#include "sim/out/h5_read.h"
#include "sim/out/layout.h"
#include "sim/out/seal.h"

/* At the top, where it is in the sight of all groups. */
#define ID_SCALE "/point"

/* Statistics of all results side by side: different machines count different things. */
struct gathered {
    char **names, **units, **texts;
    uint64_t **columns; /* [stats] of [points] */
    uint32_t count, room;
    const char **phases; /* [points] */
};

static uint32_t column_of(struct gathered *g, const struct sweep_table *t,
                          const struct result_values *v, uint32_t stat)
{
    /* Results of one machine have the same order: the place is nearly always right. */
    if (stat < g->count && !strcmp(g->names[stat], v->names[stat]))
        return stat;
    for (uint32_t n = 0; n < g->count; n++)
        if (!strcmp(g->names[n], v->names[stat]))
            return n;
    if (g->count == g->room) {
        g->room = g->room ? 2 * g->room : 256;
        g->names = xrealloc(g->names, g->room * sizeof *g->names);
        g->units = xrealloc(g->units, g->room * sizeof *g->units);
        g->texts = xrealloc(g->texts, g->room * sizeof *g->texts);
        g->columns = xrealloc(g->columns, g->room * sizeof *g->columns);
    }
    g->names[g->count] = xstrdup(v->names[stat]);
    g->units[g->count] = xstrdup(v->units[stat]);
    g->texts[g->count] = xstrdup(v->texts[stat]);
    g->columns[g->count] = xcalloc(t->points + UINT64_C(1), sizeof **g->columns);
    return g->count++;
}

/* Of the last phase: the one that counts. */
static bool gather_point(struct gathered *g, const struct sweep_table *t, uint32_t point,
                         const char *path, struct err *e)
{
    struct result_values v;
    bool ok = result_read_values(&v, path, e);
    if (ok && v.phase_count) {
        const uint64_t *last = v.values + (size_t)(v.phase_count - 1) * v.stat_count;
        for (uint32_t n = 0; n < v.stat_count; n++) {
            uint32_t column = column_of(g, t, &v, n); /* may move g->columns */
            g->columns[column][point] = last[n];
        }
        g->phases[point] = xstrdup(v.phases[v.phase_count - 1]);
    }
    result_free_values(&v);
    return ok;
}

static bool gather(struct gathered *g, const struct sweep_table *t, const char *folder,
                   struct err *e)
{
    bool ok = true;
    g->phases = xcalloc(t->points + UINT64_C(1), sizeof *g->phases);
    for (uint32_t n = 0; n < t->points; n++) {
        g->phases[n] = NULL;
        char *path = xasprintf("%s%s", folder, t->results[n]);
        if (ok && *t->results[n])
            ok = gather_point(g, t, n, path, e);
        if (!g->phases[n])
            g->phases[n] = xstrdup("");
        free(path);
    }
    return ok;
}

static void free_gathered(struct gathered *g, uint32_t points)
{
    for (uint32_t n = 0; n < g->count; n++) {
        free(g->names[n]);
        free(g->units[n]);
        free(g->texts[n]);
        free(g->columns[n]);
    }
    for (uint32_t n = 0; n < points; n++)
        free((char *)g->phases[n]);
    free(g->phases);
    free(g->names);
    free(g->units);
    free(g->texts);
    free(g->columns);
}

static void write_column(struct h5_file *f, const char *path, const char *units,
                         const char *long_name, enum h5_type type, uint32_t points,
                         const void *data)
{
    h5_write(f, &(struct h5_array){path, units, long_name, type, 1, {points}, data, {ID_SCALE},
                                   NULL});
}

static void write_points(struct h5_file *f, const struct sweep_table *t)
{
    uint32_t n = t->points;
    h5_write(f, &(struct h5_array){ID_SCALE, "", "name of the point", H5_TEXT, 1, {n}, t->ids,
                                   {NULL}, "point"});
    h5_group(f, "/points", "the points of the sweep");
    write_column(f, "/points/id", "", "name of the point", H5_TEXT, n, t->ids);
    write_column(f, "/points/case", "", "workload", H5_TEXT, n, t->cases);
    write_column(f, "/points/state", "", "how its run ended", H5_TEXT, n, t->states);
    write_column(f, "/points/reason", "", "why it failed", H5_TEXT, n, t->reasons);
    write_column(f, "/points/result", "", "result file, relative to this one", H5_TEXT, n,
                 t->results);
    write_column(f, "/points/is_done", "1", "1: complete or at its limit", H5_U8, n, t->is_done);
    write_column(f, "/points/host_seconds", "s", "wall time of the run, 0 without a result",
                 H5_F64, n, t->host_seconds);
    write_column(f, "/points/exit_status", "1", "the program's, 0 where it did not end by itself",
                 H5_U64, n, t->exit_statuses);
}

static void write_parameters(struct h5_file *f, const struct sweep_table *t)
{
    h5_group(f, "/parameters", "what varies, by axis");
    for (uint32_t c = 0; c < t->columns; c++) {
        const struct sweep_column *k = &t->column[c];
        char *path = xasprintf("/parameters/%s", k->name);
        write_column(f, path, k->is_number ? k->unit : "", k->key, k->is_number ? H5_U64 : H5_TEXT,
                     t->points, k->is_number ? (const void *)k->numbers : k->texts);
        free(path);
    }
}

static void write_stats(struct h5_file *f, const struct sweep_table *t, const struct gathered *g)
{
    uint64_t *values = xcalloc((uint64_t)g->count * t->points + 1, sizeof *values);
    for (uint32_t p = 0; p < t->points; p++)
        for (uint32_t n = 0; n < g->count; n++)
            values[(size_t)p * g->count + n] = g->columns[n][p];
    h5_group(f, "/stats", "counters of each point's last phase");
    h5_write(f, &(struct h5_array){"/stats/names", "", "full name of the statistic", H5_TEXT, 1,
                                   {g->count}, g->names, {NULL}, "stat"});
    h5_write(f, &(struct h5_array){"/stats/units", "", "unit of the statistic", H5_TEXT, 1,
                                   {g->count}, g->units, {"/stats/names"}, NULL});
    h5_write(f, &(struct h5_array){"/stats/descriptions", "", "what is counted", H5_TEXT, 1,
                                   {g->count}, g->texts, {"/stats/names"}, NULL});
    h5_write(f, &(struct h5_array){"/stats/values", "see /stats/units",
                                   "what was counted; zero where the point has no result", H5_U64,
                                   2, {t->points, g->count}, values,
                                   {ID_SCALE, "/stats/names"}, NULL});
    write_column(f, "/stats/phase", "", "phase that the values are of", H5_TEXT, t->points,
                 g->phases);
    free(values);
}

static void write_links(struct h5_file *f, const struct sweep_table *t)
{
    h5_group(f, "/results", "the result files");
    for (uint32_t n = 0; n < t->points; n++) {
        char *path = xasprintf("/results/%s", t->ids[n]);
        if (*t->results[n] && h5_ok(f))
            h5_check(f, H5Lcreate_external(t->results[n], "/", f->id, path, H5P_DEFAULT,
                                           H5P_DEFAULT) >= 0, path);
        free(path);
    }
}

static bool write_file(const char *path, const struct sweep_table *t, const struct gathered *g,
                       struct err *e)
{
    struct h5_file f = {0};
    char *part = xasprintf("%s.%d%s", path, (int)getpid(), RESULT_PART_SUFFIX);
    h5_init();
    if (h5_create(&f, part)) {
        h5_attribute_text(&f, f.id, "format", "simrun-sweep");
        h5_attribute_u64(&f, f.id, "format_version", 1);
        h5_attribute_text(&f, f.id, "sweep", t->sweep);
        write_points(&f, t);
        write_parameters(&f, t);
        write_stats(&f, t, g);
        write_links(&f, t);
        h5_close(&f);
    }
    bool ok = h5_ok(&f);
    int fd = ok ? open(part, O_RDWR | O_CLOEXEC) : -1;
    if (!ok)
        *e = f.error;
    else if (fd < 0 || !seal_write(fd))
        ok = err_set(e, "%s: cannot write the checksum: %s", part, strerror(errno));
    else if (rename(part, path))
        ok = err_set(e, "%s: cannot be written: %s", path, strerror(errno));
    if (!ok)
        unlink(part);
    if (fd >= 0)
        close(fd);
    free(part);
    return ok;
}

bool sweep_file_write(const char *path, const struct sweep_table *t, struct err *e)
{
    const char *slash = strrchr(path, '/');
    char *folder = xasprintf("%.*s", slash ? (int)(slash - path) + 1 : 0, path);
    struct gathered g = {0};
    bool ok = gather(&g, t, folder, e) && write_file(path, t, &g, e);
    free_gathered(&g, t->points);
    free(folder);
    return ok;
}
