#include "analysis/reader.h"

#include <errno.h>
#include <hdf5.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/simstat.h"

enum { RANK_MAX = 3 };

/* A dataset in memory; data NULL when the file has none of this name. */
struct array {
    hsize_t dims[RANK_MAX];
    size_t count;
    void *data;
};

static hid_t text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

/* H5Lexists wants every group on the way to exist. */
static bool has(hid_t file, const char *path)
{
    char group[200];
    const char *slash = strrchr(path, '/');
    snprintf(group, sizeof group, "%.*s", (int)(slash - path), path);
    return (slash == path || H5Lexists(file, group, H5P_DEFAULT) > 0) &&
           H5Lexists(file, path, H5P_DEFAULT) > 0;
}

static struct array read_array(const struct run *r, const char *path, hid_t type, int rank)
{
    struct array a = {{0}, 1, NULL};
    if (!has(r->file, path))
        return a;
    hid_t set = H5Dopen2(r->file, path, H5P_DEFAULT);
    hid_t space = set < 0 ? H5I_INVALID_HID : H5Dget_space(set);
    if (space < 0 || H5Sget_simple_extent_ndims(space) != rank ||
        H5Sget_simple_extent_dims(space, a.dims, NULL) < 0)
        fail("%s: %s: not what a result file has here", r->path, path);
    for (int i = 0; i < rank; i++)
        if (__builtin_mul_overflow(a.count, a.dims[i], &a.count))
            fail("%s: %s: too large", r->path, path);
    a.data = allocate(a.count + 1, H5Tget_size(type));
    if (a.count && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, a.data) < 0)
        fail("%s: %s: cannot read; the file is damaged", r->path, path);
    H5Sclose(space);
    H5Dclose(set);
    return a;
}

char **run_texts(const struct run *r, const char *path, size_t *count)
{
    hid_t type = text_type();
    struct array a = read_array(r, path, type, 1);
    H5Tclose(type);
    *count = a.data ? a.count : 0;
    char **texts = a.data;
    for (size_t i = 0; i < *count; i++)
        texts[i] = texts[i] ? texts[i] : strdup(""); /* HDF5 reads a never written text as NULL */
    return texts;
}

static void want(const struct run *r, const char *path, const struct array *a, size_t count)
{
    if (a->data && a->count != count)
        fail("%s: %s: %zu values where %zu belong; the file is damaged", r->path, path, a->count,
             count);
}

static char *read_attribute(hid_t file, const char *name)
{
    char *text = NULL;
    hid_t type = text_type(), a = H5Aexists(file, name) > 0 ? H5Aopen(file, name, H5P_DEFAULT) : -1;
    if (a >= 0 && H5Aread(a, type, &text) < 0)
        text = NULL;
    if (a >= 0)
        H5Aclose(a);
    H5Tclose(type);
    return text;
}

void fail_to_open(const char *path)
{
    static const char signature[8] = "\211HDF\r\n\032\n";
    char bytes[sizeof signature] = "";
    FILE *file = fopen(path, "rbe");
    if (!file)
        fail("%s: cannot read: %s", path, strerror(errno));
    size_t count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    if (count == sizeof bytes && !memcmp(bytes, signature, sizeof bytes))
        fail("%s: cut off or damaged: it begins as a result file does, but HDF5 cannot open it",
             path);
    fail("%s: not a result file: HDF5 cannot open it", path);
}

static void open_file(struct run *r)
{
    if (access(r->path, R_OK))
        fail_to_open(r->path);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_file_locking(list, false, true); /* a .part file is locked by the run that writes it */
    r->file = H5Fopen(r->path, H5F_ACC_RDONLY, list);
    H5Pclose(list);
    if (r->file < 0)
        fail_to_open(r->path);
    char *format = read_attribute(r->file, "format");
    if (format && !strcmp(format, "simrun-sweep"))
        fail("%s: is the table of a sweep, for simstat sweep and report; the results of its points "
             "are in points/*/result.h5 beside it", r->path);
    if (!format || strcmp(format, RESULT_FORMAT))
        fail("%s: not a result file of simrun (attribute format)", r->path);
    free(format);
    uint64_t version = 0;
    hid_t a = H5Aopen(r->file, "format_version", H5P_DEFAULT);
    if (a < 0 || H5Aread(a, H5T_NATIVE_UINT64, &version) < 0 || version != RESULT_FORMAT_VERSION)
        fail("%s: format version %llu; this program reads version %d", r->path,
             (unsigned long long)version, RESULT_FORMAT_VERSION);
    H5Aclose(a);
    r->status = read_attribute(r->file, "status");
    if (!r->status)
        fail("%s: not a result file of simrun (attribute status)", r->path);
}

/* Adds up the chosen phases of data[phases][count] into a new array[count]. */
static uint64_t *add_phases(const struct run *r, const struct array *a, size_t count,
                            const char *phase)
{
    uint64_t *sum = allocate(count + 1, sizeof *sum);
    const uint64_t *data = a->data;
    for (size_t p = 0; p < r->phase_count; p++)
        for (size_t i = 0; i < count && (!phase || !strcmp(r->phases[p], phase)); i++)
            sum[i] += data[p * count + i];
    return sum;
}

static void check_phase(const struct run *r, const char *phase)
{
    for (size_t i = 0; phase && i < r->phase_count; i++)
        if (!strcmp(r->phases[i], phase))
            return;
    if (!phase)
        return;
    fprintf(stderr, "simstat: %s: phases of this run:", r->path);
    for (size_t i = 0; i < r->phase_count; i++)
        fprintf(stderr, " %s", r->phases[i]);
    fputc('\n', stderr);
    fail("%s: no phase is named %s", r->path, phase);
}

bool run_has(const struct run *r, const char *path)
{
    return has(r->file, path);
}

uint64_t *run_numbers(const struct run *r, const char *path, size_t count)
{
    struct array a = read_array(r, path, H5T_NATIVE_UINT64, 1);
    want(r, path, &a, count);
    return a.data;
}

double *run_reals(const struct run *r, const char *path, size_t count)
{
    struct array a = read_array(r, path, H5T_NATIVE_DOUBLE, 1);
    want(r, path, &a, count);
    return a.data;
}

int64_t *run_signed_numbers(const struct run *r, const char *path, size_t count)
{
    struct array a = read_array(r, path, H5T_NATIVE_INT64, 1);
    want(r, path, &a, count);
    return a.data;
}

char *run_text(const struct run *r, const char *path)
{
    hid_t type = text_type();
    struct array a = read_array(r, path, type, 0);
    char *text = a.data ? *(char **)a.data : NULL;
    free(a.data); /* the text itself stays */
    H5Tclose(type);
    return text;
}

static void read_stats(struct run *r, const char *phase)
{
    r->phases = run_texts(r, "/phases/name", &r->phase_count);
    check_phase(r, phase);
    r->stats = run_texts(r, "/stats/names", &r->stat_count);
    struct array values = read_array(r, "/stats/values", H5T_NATIVE_UINT64, 2);
    want(r, "/stats/values", &values, r->phase_count * r->stat_count);
    if (!values.data)
        r->stat_count = 0;
    r->values = add_phases(r, &values, r->stat_count, phase);
    free(values.data);
}

static void read_cpi(struct run *r, const char *phase)
{
    r->parts = run_texts(r, "/cpi/part", &r->part_count);
    struct array slots = read_array(r, "/cpi/slots", H5T_NATIVE_UINT64, 3);
    r->cores = 1;
    if (!slots.data) {
        r->part_count = 0;
        return;
    }
    r->cores = (unsigned)slots.dims[1];
    want(r, "/cpi/slots", &slots, r->phase_count * r->cores * r->part_count);
    r->slots = add_phases(r, &slots, r->cores * r->part_count, phase);
    free(slots.data);
}

static void read_config(struct run *r)
{
    static const struct {
        const char *name;
        size_t offset;
    } members[] = {{"section", offsetof(struct run_setting, section)},
                   {"key", offsetof(struct run_setting, key)},
                   {"value", offsetof(struct run_setting, value)},
                   {"unit", offsetof(struct run_setting, unit)},
                   {"origin", offsetof(struct run_setting, origin)}};
    hid_t row = H5Tcreate(H5T_COMPOUND, sizeof(struct run_setting)), text = text_type();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        H5Tinsert(row, members[i].name, members[i].offset, text);
    struct array a = read_array(r, "/config/table", row, 1);
    r->settings = a.data;
    r->setting_count = a.data ? a.count : 0;
    H5Tclose(text);
    H5Tclose(row);
}

void run_open(struct run *r, const char *path, const char *phase)
{
    *r = (struct run){.path = path};
    open_file(r);
    read_stats(r, phase);
    read_cpi(r, phase);
    read_config(r);
    r->program = run_text(r, "/meta/program");
}

void run_texts_free(char **texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        free(texts[i]);
    free(texts);
}

void run_close(struct run *r)
{
    run_texts_free(r->phases, r->phase_count);
    run_texts_free(r->stats, r->stat_count);
    run_texts_free(r->parts, r->part_count);
    for (size_t i = 0; i < r->setting_count; i++) {
        char *texts[] = {r->settings[i].section, r->settings[i].key, r->settings[i].value,
                         r->settings[i].unit, r->settings[i].origin};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            free(texts[k]);
    }
    free(r->settings);
    free(r->values);
    free(r->slots);
    free(r->status);
    free(r->program);
    H5Fclose(r->file);
}

bool run_value(const struct run *r, const char *full, uint64_t *value)
{
    for (size_t i = 0; i < r->stat_count; i++)
        if (!strcmp(r->stats[i], full)) {
            *value = r->values[i];
            return true;
        }
    return false;
}

bool run_meta(const struct run *r, const char *key, double *value)
{
    char path[200];
    snprintf(path, sizeof path, "/meta/%s", key);
    if (!has(r->file, path))
        return false;
    hid_t set = H5Dopen2(r->file, path, H5P_DEFAULT);
    bool ok = H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0;
    H5Dclose(set);
    return ok;
}

static struct run_column read_column(const struct run *r, const char *name)
{
    char path[300];
    struct run_column c = {.name = strdup(name)};
    snprintf(path, sizeof path, "/intervals/%s", name);
    hid_t set = H5Dopen2(r->file, path, H5P_DEFAULT);
    hid_t space = set < 0 ? H5I_INVALID_HID : H5Dget_space(set);
    int rank = H5Sget_simple_extent_ndims(space);
    struct array a = read_array(r, path, H5T_NATIVE_UINT64, rank == 2 ? 2 : 1);
    c.values = a.data;
    c.shared = rank == 1;
    c.rows = a.dims[0];
    c.width = c.shared ? 1 : a.dims[1];
    H5Sclose(space);
    H5Dclose(set);
    return c;
}

size_t run_columns(const struct run *r, struct run_column **columns)
{
    H5G_info_t info;
    size_t count = 0;
    if (!has(r->file, "/intervals") ||
        H5Gget_info_by_name(r->file, "/intervals", &info, H5P_DEFAULT) < 0)
        info.nlinks = 0;
    *columns = allocate(info.nlinks + 1, sizeof **columns);
    for (hsize_t i = 0; i < info.nlinks; i++) {
        char name[200] = "";
        H5Lget_name_by_idx(r->file, "/intervals", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name,
                           H5P_DEFAULT);
        if (strcmp(name, "interval") && strcmp(name, "core"))
            (*columns)[count++] = read_column(r, name);
    }
    for (size_t i = 1; i < count; i++)
        if ((*columns)[i].rows != (*columns)[0].rows)
            fail("%s: /intervals: columns of different lengths; the file is damaged", r->path);
    return count;
}

void run_columns_free(struct run_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(columns[i].name);
        free(columns[i].values);
    }
    free(columns);
}

uint64_t *run_counts(const struct run *r, const char *path, int rank, const char *phase,
                     size_t *count)
{
    struct array a = read_array(r, path, H5T_NATIVE_UINT64, rank);
    if (!a.data || a.dims[0] != r->phase_count)
        fail("%s: %s is missing or not of each phase; the file is damaged", r->path, path);
    *count = r->phase_count ? a.count / r->phase_count : 0;
    uint64_t *sum = add_phases(r, &a, *count, phase);
    free(a.data);
    return sum;
}
