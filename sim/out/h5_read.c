#include "sim/out/h5_read.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include "sim/out/h5_file.h"
#include "sim/out/layout.h"
#include "sim/out/seal.h"

static hid_t open_file(const char *path)
{
    h5_init();
    if (seal_check(path) == SEAL_BROKEN)
        return H5I_INVALID_HID;
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_file_locking(list, false, true);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, list);
    H5Pclose(list);
    return file;
}

/* HDF5's texts are freed by HDF5; ours by free. */
static char *own(char *theirs)
{
    char *ours = theirs ? xstrdup(theirs) : NULL;
    if (theirs)
        H5free_memory(theirs);
    return ours;
}

char *result_read_status(const char *path)
{
    char *text = NULL;
    hid_t file = open_file(path), type = h5_text_type();
    hid_t attribute = file < 0 ? -1 : H5Aopen(file, "status", H5P_DEFAULT);
    if (attribute >= 0) {
        if (H5Aread(attribute, type, &text) < 0)
            text = NULL;
        H5Aclose(attribute);
    }
    if (file >= 0)
        H5Fclose(file);
    H5Tclose(type);
    return own(text);
}

/* Elements of a dataset of rank 0 to 2, all of them: its number, or -1. */
static int64_t read_all(hid_t file, const char *name, hid_t type, void **data)
{
    hsize_t dims[2] = {1, 1};
    int64_t count = -1;
    hid_t set = H5Dopen2(file, name, H5P_DEFAULT), space = set < 0 ? -1 : H5Dget_space(set);
    if (space >= 0 && H5Sget_simple_extent_ndims(space) <= 2 &&
        H5Sget_simple_extent_dims(space, dims, NULL) >= 0 && dims[0] * dims[1] < UINT32_MAX) {
        *data = xcalloc(dims[0] * dims[1] + 1, H5Tget_size(type));
        if (dims[0] * dims[1] == 0 ||
            H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, *data) >= 0)
            count = (int64_t)(dims[0] * dims[1]);
    }
    if (count < 0) {
        free(*data);
        *data = NULL;
    }
    if (space >= 0)
        H5Sclose(space);
    if (set >= 0)
        H5Dclose(set);
    return count;
}

double result_read_number(const char *path, const char *dataset)
{
    void *data = NULL;
    hid_t file = open_file(path);
    double number = 0;
    if (file >= 0 && read_all(file, dataset, H5T_NATIVE_DOUBLE, &data) == 1)
        number = *(double *)data;
    free(data);
    if (file >= 0)
        H5Fclose(file);
    return number;
}

static char **read_texts(hid_t file, const char *name, uint32_t *count)
{
    void *data = NULL;
    hid_t type = h5_text_type();
    int64_t n = read_all(file, name, type, &data);
    H5Tclose(type);
    *count = n < 0 ? 0 : (uint32_t)n;
    char **texts = data;
    for (uint32_t i = 0; i < *count; i++)
        texts[i] = own(texts[i]);
    return texts;
}

char **result_read_texts(const char *path, const char *dataset, uint32_t *count)
{
    hid_t file = open_file(path);
    char **texts = NULL;
    *count = 0;
    if (file < 0)
        return NULL;
    texts = read_texts(file, dataset, count);
    H5Fclose(file);
    return texts;
}

char *result_read_text(const char *path, const char *dataset)
{
    uint32_t count;
    char **texts = result_read_texts(path, dataset, &count);
    char *text = count == 1 ? texts[0] : NULL;
    if (text)
        texts[0] = NULL;
    result_free_texts(texts, count);
    return text;
}

void result_free_texts(char **texts, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++)
        free(texts[n]);
    free(texts);
}

bool result_read_values(struct result_values *v, const char *path, struct err *e)
{
    hid_t file = open_file(path);
    uint32_t units, texts;
    void *values = NULL;
    *v = (struct result_values){0};
    if (file < 0)
        return err_set(e, "%s: cannot be read as a result file", path);
    v->phases = read_texts(file, "/phases/name", &v->phase_count);
    v->names = read_texts(file, "/stats/names", &v->stat_count);
    v->units = read_texts(file, "/stats/units", &units);
    v->texts = read_texts(file, "/stats/descriptions", &texts);
    int64_t count = read_all(file, "/stats/values", H5T_NATIVE_UINT64, &values);
    v->values = values;
    H5Fclose(file);
    return (count == (int64_t)v->phase_count * v->stat_count && units == v->stat_count &&
            texts == v->stat_count) ||
           err_set(e, "%s: damaged: its statistics do not fit together", path);
}

void result_free_values(struct result_values *v)
{
    result_free_texts(v->phases, v->phase_count);
    result_free_texts(v->names, v->stat_count);
    result_free_texts(v->units, v->units ? v->stat_count : 0);
    result_free_texts(v->texts, v->texts ? v->stat_count : 0);
    free(v->values);
}
