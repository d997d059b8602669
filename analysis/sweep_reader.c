#include "analysis/sweep_reader.h"

#include <hdf5.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"

struct file {
    hid_t id;
    const char *path;
};

static void *read_set(const struct file *f, const char *name, hid_t type, size_t wanted,
                      size_t *count)
{
    hsize_t dims[2] = {1, 1};
    hid_t set = H5Dopen2(f->id, name, H5P_DEFAULT);
    hid_t space = set < 0 ? -1 : H5Dget_space(set);
    if (space < 0 || H5Sget_simple_extent_ndims(space) > 2 ||
        H5Sget_simple_extent_dims(space, dims, NULL) < 0)
        fail("%s: %s: not what a sweep's file has here", f->path, name);
    *count = dims[0] * dims[1];
    if (wanted != SIZE_MAX && *count != wanted)
        fail("%s: %s: %zu values, not %zu; the file is damaged", f->path, name, *count, wanted);
    void *data = allocate(*count + 1, H5Tget_size(type));
    if (*count && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        fail("%s: %s: cannot be read; the file is damaged", f->path, name);
    H5Sclose(space);
    H5Dclose(set);
    return data;
}

static char **read_texts(const struct file *f, const char *name, size_t wanted, size_t *count)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    char **texts = read_set(f, name, type, wanted, count);
    H5Tclose(type);
    for (size_t n = 0; n < *count; n++) {
        char *theirs = texts[n];
        texts[n] = strdup(theirs ? theirs : "");
        if (!texts[n])
            fail("out of memory");
        H5free_memory(theirs);
    }
    return texts;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t n = 0; n < count; n++)
        free(texts[n]);
    free(texts);
}

/* Numbers by size, words by the alphabet. */
static int by_value(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    char *end_x, *end_y;
    uint64_t p = strtoull(x, &end_x, 10), q = strtoull(y, &end_y, 10);
    if (*x && *y && !*end_x && !*end_y)
        return p < q ? -1 : p > q;
    return strcmp(x, y);
}

static void find_levels(struct parameter *p, size_t points)
{
    char **sorted = allocate(points + 1, sizeof *sorted);
    p->levels = allocate(points + 1, sizeof *p->levels);
    p->level = allocate(points + 1, sizeof *p->level);
    memcpy(sorted, p->texts, points * sizeof *sorted);
    qsort(sorted, points, sizeof *sorted, by_value);
    for (size_t n = 0; n < points; n++)
        if (!n || strcmp(sorted[n], sorted[n - 1]))
            p->levels[p->level_count++] = sorted[n];
    for (size_t n = 0; n < points; n++)
        while (strcmp(p->levels[p->level[n]], p->texts[n]))
            p->level[n]++;
    free(sorted);
}

static void read_parameter(const struct file *f, struct parameter *p, const char *name,
                           size_t points)
{
    char path[300];
    size_t count;
    snprintf(path, sizeof path, "/parameters/%s", name);
    hid_t set = H5Dopen2(f->id, path, H5P_DEFAULT), type = set < 0 ? -1 : H5Dget_type(set);
    bool is_text = type >= 0 && H5Tget_class(type) == H5T_STRING;
    if (type >= 0)
        H5Tclose(type);
    if (set >= 0)
        H5Dclose(set);
    p->name = strdup(name);
    if (is_text) {
        p->texts = read_texts(f, path, points, &count);
    } else {
        uint64_t *numbers = read_set(f, path, H5T_NATIVE_UINT64, points, &count);
        p->texts = allocate(points + 1, sizeof *p->texts);
        for (size_t n = 0; n < points; n++) {
            p->texts[n] = allocate(24, 1);
            snprintf(p->texts[n], 24, "%" PRIu64, numbers[n]);
        }
        free(numbers);
    }
    find_levels(p, points);
}

static void read_parameters(struct sweep_data *d, const struct file *f)
{
    hid_t group = H5Gopen2(f->id, "/parameters", H5P_DEFAULT);
    hsize_t count = 0;
    if (group < 0 || H5Gget_num_objs(group, &count) < 0)
        fail("%s: /parameters: missing; the file is damaged", f->path);
    d->parameters = allocate(count + 1, sizeof *d->parameters);
    for (hsize_t n = 0; n < count; n++) {
        char name[200];
        if (H5Gget_objname_by_idx(group, n, name, sizeof name) < 0)
            fail("%s: /parameters: cannot be read; the file is damaged", f->path);
        read_parameter(f, &d->parameters[d->parameter_count++], name, d->point_count);
    }
    H5Gclose(group);
}

bool sweep_is(const char *path)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    bool is = file >= 0 && H5Aexists(file, "sweep") > 0;
    if (file >= 0)
        H5Fclose(file);
    return is;
}

void sweep_open(struct sweep_data *d, const char *path)
{
    size_t count;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    struct file f = {H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), path};
    if (f.id < 0 || H5Aexists(f.id, "sweep") <= 0)
        fail("%s: not a sweep's file; `simrun sweep` writes sweep.h5", path);
    *d = (struct sweep_data){.path = path};
    d->ids = read_texts(&f, "/points/id", SIZE_MAX, &d->point_count);
    d->cases = read_texts(&f, "/points/case", d->point_count, &count);
    d->states = read_texts(&f, "/points/state", d->point_count, &count);
    d->is_done = read_set(&f, "/points/is_done", H5T_NATIVE_UINT8, d->point_count, &count);
    read_parameters(d, &f);
    d->stats = read_texts(&f, "/stats/names", SIZE_MAX, &d->stat_count);
    d->values = read_set(&f, "/stats/values", H5T_NATIVE_UINT64, d->point_count * d->stat_count,
                         &count);
    H5Fclose(f.id);
}

void sweep_close(struct sweep_data *d)
{
    for (size_t n = 0; n < d->parameter_count; n++) {
        struct parameter *p = &d->parameters[n];
        free_texts(p->texts, d->point_count);
        free(p->levels);
        free(p->level);
        free(p->name);
    }
    free(d->parameters);
    free_texts(d->ids, d->point_count);
    free_texts(d->cases, d->point_count);
    free_texts(d->states, d->point_count);
    free_texts(d->stats, d->stat_count);
    free(d->is_done);
    free(d->values);
}

static double counter(const struct sweep_data *d, size_t point, const char *name, size_t bytes)
{
    for (size_t n = 0; n < d->stat_count; n++)
        if (strlen(d->stats[n]) == bytes && !strncmp(d->stats[n], name, bytes))
            return (double)d->values[point * d->stat_count + n];
    fail("%s: %.*s: no such statistic; /stats/names lists them", d->path, (int)bytes, name);
}

double sweep_figure(const struct sweep_data *d, size_t point, const char *metric)
{
    const char *formula = !strcmp(metric, "ipc")   ? "core.instructions/core.cycles"
                          : !strcmp(metric, "cpi") ? "core.cycles/core.instructions"
                                                   : metric;
    size_t over = strcspn(formula, "/");
    double value = counter(d, point, formula, over);
    if (formula[over])
        value /= counter(d, point, formula + over + 1, strlen(formula + over + 1));
    return value;
}
