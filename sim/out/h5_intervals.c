/* /intervals: what was counted in every N instructions, one extendible dataset per column. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/base/bits.h"
#include "sim/out/h5_result_priv.h"

enum { CHUNK_ROWS = 1024, DEFLATE_LEVEL = 1 };
enum { FLUSH_SECONDS = 2 }; /* of the host: how old a .part may be to those who look at it */

/* One statistic of one core each (or one shared one); rows wait in `rows` until a chunk is full. */
struct column {
    char *path;
    const uint64_t **counters; /* [width] */
    uint64_t *last;            /* [width]: at the end of the last interval */
    uint64_t *rows;            /* [CHUNK_ROWS][width] */
    uint32_t width;            /* cores, or 1 */
    bool shared;               /* [interval] instead of [interval, core] */
    hid_t set;
};

struct h5_intervals {
    struct column *columns;                /* the first is the scale */
    uint32_t column_count, cores, pending; /* pending: rows in memory */
    uint64_t written, number;              /* rows in the file; of the interval: 0, 1, 2 ... */
    time_t flushed;                        /* when rows were last written */
};

#define INTERVAL_SCALE "/intervals/interval"
#define CORE_SCALE     "/intervals/core"

static time_t host_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return t.tv_sec;
}

char *h5_core_name(const char *full, uint32_t core)
{
    int first = (int)strcspn(full, ".");
    return xasprintf("%.*s.%u%s", first, full, core, full + first);
}

static int32_t find_for_core(const struct stats *s, const char *name, uint32_t core)
{
    char *full = h5_core_name(name, core);
    int32_t index = stats_find(s, full);
    free(full);
    return index;
}

static void column_init(struct column *c, const char *name, uint32_t width, bool shared)
{
    const char *shown = strncmp(name, "core.", 5) ? name : name + 5;
    *c = (struct column){.width = width, .shared = shared, .set = H5I_INVALID_HID};
    c->path = xasprintf("/intervals/%s", shown);
    c->counters = xcalloc(width, sizeof *c->counters);
    c->last = xcalloc(width, sizeof *c->last);
    c->rows = xcalloc(CHUNK_ROWS * (uint64_t)width, sizeof *c->rows);
}

static void column_free(struct column *c)
{
    if (c->set >= 0)
        H5Dclose(c->set);
    free(c->path);
    free(c->counters);
    free(c->last);
    free(c->rows);
}

static void create_dataset(struct h5_file *f, struct column *c, const char *units,
                           const char *long_name)
{
    int rank = c->shared ? 1 : 2;
    hsize_t dims[] = {0, c->width}, most[] = {H5S_UNLIMITED, c->width};
    hsize_t chunk[] = {CHUNK_ROWS, c->width};
    hid_t list = h5_creation_list(f), space = H5Screate_simple(rank, dims, most);
    h5_check(f,
             H5Pset_chunk(list, rank, chunk) >= 0 && H5Pset_shuffle(list) >= 0 &&
                 H5Pset_deflate(list, DEFLATE_LEVEL) >= 0,
             c->path);
    c->set = h5_create_dataset(f, c->path, H5T_NATIVE_UINT64, space, list, units, long_name);
    H5Sclose(space);
    H5Pclose(list);
}

/* The column of a statistic, per core where numbered names exist; false for an unknown name. */
static bool add_column(struct result *r, const struct stats *s, const char *name, struct err *e)
{
    struct h5_intervals *t = r->intervals;
    struct column *c = &t->columns[t->column_count];
    int32_t index = stats_find(s, name);
    bool numbered = find_for_core(s, name, 0) >= 0;
    bool shared = !numbered && t->cores > 1;
    column_init(c, name, shared ? 1 : t->cores, shared);
    t->column_count++;
    for (const struct column *other = t->columns; other < c; other++)
        if (!strcmp(other->path, c->path))
            return err_set(e, "intervals: %s is listed twice", name);
    for (uint32_t core = 0; core < c->width; core++) {
        int32_t found = numbered ? find_for_core(s, name, core) : index;
        if (found < 0)
            return err_set(e, "intervals: no statistic is named %s%s", name,
                           numbered ? " on every core" : "");
        index = found;
        c->counters[core] = stats_get(s, (uint32_t)found).value;
        c->last[core] = *c->counters[core];
    }
    struct stat_info info = stats_get(s, (uint32_t)index);
    create_dataset(&r->file, c, stats_unit_name(info.unit), info.text);
    if (h5_ok(&r->file))
        h5_attach_scale(&r->file, c->set, 0, INTERVAL_SCALE);
    if (h5_ok(&r->file) && !shared)
        h5_attach_scale(&r->file, c->set, 1, CORE_SCALE);
    return true;
}

static void write_core_scale(struct h5_file *f, uint32_t cores)
{
    uint64_t *numbers = xcalloc(cores, sizeof *numbers);
    for (uint32_t i = 0; i < cores; i++)
        numbers[i] = i;
    h5_write(f, &(struct h5_array){CORE_SCALE,
                                   "1",
                                   "number of the core",
                                   H5_U64,
                                   1,
                                   {cores},
                                   numbers,
                                   .scale_name = "core"});
    free(numbers);
}

bool result_intervals(struct result *r, const struct stats *s, const char *const *names,
                      uint32_t count, uint32_t cores, struct err *e)
{
    struct h5_intervals *t = xcalloc(1, sizeof *t);
    r->intervals = t;
    t->cores = cores;
    t->flushed = host_time();
    t->columns = xcalloc(count + UINT64_C(1), sizeof *t->columns);
    h5_group(&r->file, "/intervals", "what was counted in each interval");
    write_core_scale(&r->file, cores);
    column_init(&t->columns[0], "interval", 1, true);
    t->column_count = 1;
    t->columns[0].counters[0] = &t->number;
    create_dataset(&r->file, &t->columns[0], "1", "number of the interval");
    h5_make_scale(&r->file, t->columns[0].set, "interval");
    for (uint32_t i = 0; i < count; i++)
        if (!add_column(r, s, names[i], e)) {
            h5_intervals_finish(&r->file, t);
            r->intervals = NULL;
            return false;
        }
    return true;
}

static void append_rows(struct h5_file *f, const struct column *c, uint64_t at, uint32_t rows)
{
    int rank = c->shared ? 1 : 2;
    hsize_t size[] = {at + rows, c->width}, start[] = {at, 0}, count[] = {rows, c->width};
    bool ok = H5Dset_extent(c->set, size) >= 0;
    hid_t file = H5Dget_space(c->set), memory = H5Screate_simple(rank, count, NULL);
    ok = ok && H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
         H5Dwrite(c->set, H5T_NATIVE_UINT64, memory, file, H5P_DEFAULT, c->rows) >= 0;
    h5_check(f, ok, c->path);
    H5Sclose(memory);
    H5Sclose(file);
}

/* Also brings the file up to date on the disk, for those who look at a .part. */
static void write_pending(struct h5_file *f, struct h5_intervals *t)
{
    for (uint32_t i = 0; i < t->column_count && h5_ok(f); i++)
        append_rows(f, &t->columns[i], t->written, t->pending);
    t->written += t->pending;
    t->pending = 0;
    h5_flush(f);
}

/* The host's clock decides when rows are written, never what they are. */
static bool is_due(const struct h5_intervals *t, time_t now)
{
    return (t->written + t->pending) % CHUNK_ROWS == 0 || now - t->flushed >= FLUSH_SECONDS;
}

void result_interval(struct result *r)
{
    struct h5_intervals *t = r->intervals;
    if (!t || !h5_ok(&r->file))
        return;
    for (uint32_t i = 0; i < t->column_count; i++) {
        struct column *c = &t->columns[i];
        for (uint32_t core = 0; core < c->width; core++) {
            uint64_t now = *c->counters[core];
            c->rows[t->pending * c->width + core] = now - c->last[core];
            c->last[core] = i ? now : 0; /* the scale is the number itself */
        }
    }
    t->number++;
    t->pending++;
    time_t now = host_time();
    if (is_due(t, now)) {
        write_pending(&r->file, t);
        t->flushed = now;
    }
}

void h5_intervals_finish(struct h5_file *f, struct h5_intervals *t)
{
    if (t->pending)
        write_pending(f, t);
    for (uint32_t i = 0; i < t->column_count; i++)
        column_free(&t->columns[i]);
    free(t->columns);
    free(t);
}
