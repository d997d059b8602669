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

/* A value of one point. */
struct value {
    uint64_t number;
    char *text;
};

/* Numbers by size, words by the alphabet. */
static int by_value(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return strcmp(x->text, y->text);
}

static void find_levels(struct parameter *p, size_t points)
{
    struct value *sorted = allocate(points + 1, sizeof *sorted);
    p->levels = allocate(points + 1, sizeof *p->levels);
    p->level = allocate(points + 1, sizeof *p->level);
    for (size_t n = 0; n < points; n++)
        sorted[n] = (struct value){p->numbers ? p->numbers[n] : 0, p->texts[n]};
    qsort(sorted, points, sizeof *sorted, by_value);
    for (size_t n = 0; n < points; n++)
        if (!n || strcmp(sorted[n].text, sorted[n - 1].text))
            p->levels[p->level_count++] = sorted[n].text;
    for (size_t n = 0; n < points; n++)
        while (strcmp(p->levels[p->level[n]], p->texts[n]))
            p->level[n]++;
    free(sorted);
}

/* As a configuration says it: the largest unit of which it is a whole multiple. */
static void write_number(char *text, size_t room, uint64_t number, const char *unit)
{
    static const struct {
        const char *of, *name;
        uint64_t scale;
    } units[] = {{"bytes", "GiB", 1 << 30},      {"bytes", "MiB", 1 << 20},
                 {"bytes", "KiB", 1 << 10},      {"Hz", "GHz", 1000000000},
                 {"Hz", "MHz", 1000000},         {"Hz", "kHz", 1000},
                 {"Hz", "Hz", 1},                {"ps", "ms", 1000000000},
                 {"ps", "us", 1000000},          {"ps", "ns", 1000},
                 {"ps", "ps", 1}};
    for (size_t n = 0; n < sizeof units / sizeof *units; n++)
        if (number && !strcmp(units[n].of, unit) && number % units[n].scale == 0) {
            snprintf(text, room, "%" PRIu64 "%s", number / units[n].scale, units[n].name);
            return;
        }
    snprintf(text, room, "%" PRIu64, number);
}

/* "" when it has none. */
static void read_unit(hid_t set, char *unit, size_t room)
{
    char *text = NULL;
    hid_t a = H5Aexists(set, "units") > 0 ? H5Aopen(set, "units", H5P_DEFAULT) : -1;
    hid_t type = a < 0 ? -1 : H5Aget_type(a);
    if (type >= 0 && H5Tis_variable_str(type) > 0 && H5Aread(a, type, &text) < 0)
        text = NULL;
    snprintf(unit, room, "%s", text ? text : "");
    H5free_memory(text);
    if (type >= 0)
        H5Tclose(type);
    if (a >= 0)
        H5Aclose(a);
}

static void write_numbers(struct parameter *p, size_t points, const char *unit)
{
    p->texts = allocate(points + 1, sizeof *p->texts);
    for (size_t n = 0; n < points; n++) {
        p->texts[n] = allocate(32, 1);
        write_number(p->texts[n], 32, p->numbers[n], unit);
    }
}

static void read_parameter(const struct file *f, struct parameter *p, const char *name,
                           size_t points)
{
    char path[300], unit[20] = "";
    size_t count;
    snprintf(path, sizeof path, "/parameters/%s", name);
    hid_t set = H5Dopen2(f->id, path, H5P_DEFAULT), type = set < 0 ? -1 : H5Dget_type(set);
    bool is_text = type >= 0 && H5Tget_class(type) == H5T_STRING;
    if (type >= 0)
        H5Tclose(type);
    if (set >= 0) {
        read_unit(set, unit, sizeof unit);
        H5Dclose(set);
    }
    p->name = strdup(name);
    if (is_text) {
        p->texts = read_texts(f, path, points, &count);
    } else {
        p->numbers = read_set(f, path, H5T_NATIVE_UINT64, points, &count);
        write_numbers(p, points, unit);
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
    if (f.id < 0)
        fail_to_open(path);
    if (H5Aexists(f.id, "sweep") <= 0)
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
        free(p->numbers);
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

void sweep_print_states(const struct sweep_data *d, FILE *to)
{
    fprintf(to, "%zu points", d->point_count);
    const char *gap = ": ";
    for (size_t n = 0; n < d->point_count; n++) {
        size_t first = 0, count = 0;
        while (strcmp(d->states[first], d->states[n]))
            first++;
        for (size_t m = n; first == n && m < d->point_count; m++)
            count += !strcmp(d->states[m], d->states[n]);
        if (first != n)
            continue;
        bool is_limit = !strcmp(d->states[n], "limit");
        fprintf(to, "%s%zu %s", gap, count, is_limit ? "ended by a limit" : d->states[n]);
        gap = ", ";
    }
}

static size_t find_stat(const struct sweep_data *d, const char *name)
{
    size_t n = 0;
    while (n < d->stat_count && strcmp(d->stats[n], name))
        n++;
    return n;
}

/* Points of several cores have "core.0.cycles", "core.1.cycles" ... in place of "core.cycles":
 * counters add up, cycles pass side by side. What a point does not count is 0. */
static double counter(const struct sweep_data *d, size_t point, const char *name, size_t bytes)
{
    char full[200], one[220];
    const uint64_t *values = d->values + point * d->stat_count;
    snprintf(full, sizeof full, "%.*s", (int)bytes, name);
    size_t at = find_stat(d, full), head = strcspn(full, ".");
    bool is_known = at < d->stat_count, is_cycles = !strcmp(full, "core.cycles");
    double sum = is_known ? (double)values[at] : 0;
    for (unsigned core = 0; !(sum > 0) || core > 0; core++) {
        snprintf(one, sizeof one, "%.*s.%u%s", (int)head, full, core, full + head);
        at = find_stat(d, one);
        if (at == d->stat_count)
            break;
        is_known = true;
        sum = is_cycles ? fmax(sum, (double)values[at]) : sum + (double)values[at];
    }
    if (!is_known)
        fail("%s: %s: no such statistic; `simstat summary` of a point shows the usual ones, "
             "/stats/names lists all", d->path, full);
    return sum;
}

double sweep_figure(const struct sweep_data *d, size_t point, const char *metric)
{
    const char *formula = !strcmp(metric, "ipc")   ? "core.instructions/core.cycles"
                          : !strcmp(metric, "cpi") ? "core.cycles/core.instructions"
                                                   : metric;
    size_t over = strcspn(formula, "/");
    if (formula != metric && counter(d, point, "core.cycles", strlen("core.cycles")) < 1)
        return (double)NAN; /* a functional run */
    double value = counter(d, point, formula, over);
    if (formula[over])
        value /= counter(d, point, formula + over + 1, strlen(formula + over + 1));
    return value;
}
