#include "sim/out/h5_file.h"

#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_MAX = 200, PACKED_CHUNK_ROWS = 4096, METADATA_BYTES = 512 << 10 };

void h5_init(void)
{
    /* After a failed write HDF5 would try again at exit, fail again and say so. */
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

bool h5_ok(const struct h5_file *f) { return !f->error.status; }

/* HDF5 keeps the text of errno in the description of its innermost error only. */
static herr_t find_reason(unsigned n, const H5E_error2_t *error, void *out)
{
    static const char key[] = "error message = '";
    const char *start = error->desc ? strstr(error->desc, key) : NULL;
    (void)n;
    if (start) {
        start += sizeof key - 1;
        snprintf(out, REASON_MAX, "%.*s", (int)strcspn(start, "'"), start);
    } else if (!*(char *)out && error->desc) {
        snprintf(out, REASON_MAX, "HDF5: %s", error->desc);
    }
    return 0;
}

bool h5_check(struct h5_file *f, bool ok, const char *what)
{
    char reason[REASON_MAX] = "";
    if (ok || f->error.status)
        return ok;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, find_reason, reason);
    return err_set(&f->error, "%s: cannot write %s: %s", f->path, what,
                   *reason ? reason : "unknown error of HDF5");
}

bool h5_create(struct h5_file *f, const char *path)
{
    f->path = path;
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5AC_cache_config_t cache = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};
    /* Ids left open by an error must not keep the file open; the caller has the lock. */
    bool ok = H5Pget_mdc_config(list, &cache) >= 0;
    /* A long trace shall not take more memory than a short one: in memory what tells where its
     * chunks are is eight times as large. */
    cache.min_size = cache.initial_size = cache.max_size = METADATA_BYTES;
    ok = ok && H5Pset_mdc_config(list, &cache) >= 0 &&
              H5Pset_fclose_degree(list, H5F_CLOSE_STRONG) >= 0 &&
              H5Pset_file_locking(list, false, true) >= 0;
    f->id = ok ? H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, list) : H5I_INVALID_HID;
    h5_check(f, f->id >= 0, "the file");
    H5Pclose(list);
    return h5_ok(f);
}

bool h5_flush(struct h5_file *f)
{
    return h5_ok(f) && h5_check(f, H5Fflush(f->id, H5F_SCOPE_GLOBAL) >= 0, "the file");
}

bool h5_close(struct h5_file *f)
{
    h5_flush(f);
    if (f->id >= 0)
        h5_check(f, H5Fclose(f->id) >= 0, "the file");
    f->id = H5I_INVALID_HID;
    return h5_ok(f);
}

hid_t h5_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

static void write_attribute(struct h5_file *f, hid_t object, const char *name, hid_t type,
                            const void *value)
{
    if (!h5_ok(f))
        return;
    hid_t space = H5Screate(H5S_SCALAR);
    if (H5Aexists(object, name) > 0)
        h5_check(f, H5Adelete(object, name) >= 0, name);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    h5_check(f, attribute >= 0 && H5Awrite(attribute, type, value) >= 0, name);
    if (attribute >= 0)
        h5_check(f, H5Aclose(attribute) >= 0, name);
    H5Sclose(space);
}

void h5_attribute_text(struct h5_file *f, hid_t object, const char *name, const char *value)
{
    hid_t type = h5_text_type();
    write_attribute(f, object, name, type, &value);
    H5Tclose(type);
}

void h5_attribute_u64(struct h5_file *f, hid_t object, const char *name, uint64_t value)
{
    write_attribute(f, object, name, H5T_NATIVE_UINT64, &value);
}

void h5_group(struct h5_file *f, const char *path, const char *long_name)
{
    if (!h5_ok(f))
        return;
    hid_t group = H5Gcreate2(f->id, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (!h5_check(f, group >= 0, path))
        return;
    h5_attribute_text(f, group, "long_name", long_name);
    h5_check(f, H5Gclose(group) >= 0, path);
}

hid_t h5_creation_list(struct h5_file *f)
{
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    h5_check(f, list >= 0 && H5Pset_obj_track_times(list, false) >= 0, "a dataset");
    return list;
}

hid_t h5_create_dataset(struct h5_file *f, const char *path, hid_t type, hid_t space, hid_t dcpl,
                        const char *units, const char *long_name)
{
    if (!h5_ok(f))
        return H5I_INVALID_HID;
    hid_t set = H5Dcreate2(f->id, path, type, space, H5P_DEFAULT, dcpl, H5P_DEFAULT);
    if (h5_check(f, set >= 0, path)) {
        h5_attribute_text(f, set, "units", units);
        h5_attribute_text(f, set, "long_name", long_name);
    }
    return set;
}

void h5_make_scale(struct h5_file *f, hid_t dataset, const char *name)
{
    if (h5_ok(f))
        h5_check(f, H5DSset_scale(dataset, name) >= 0, name);
}

void h5_attach_scale(struct h5_file *f, hid_t dataset, unsigned dimension, const char *scale)
{
    if (!h5_ok(f))
        return;
    hid_t set = H5Dopen2(f->id, scale, H5P_DEFAULT);
    h5_check(f, set >= 0 && H5DSattach_scale(dataset, set, dimension) >= 0, scale);
    if (set >= 0)
        H5Dclose(set);
}

/* The zeros in it are there for h5diff, which does not compare what was never written. */
void h5_write_dimension(struct h5_file *f, const char *group, const char *name, hsize_t length)
{
    char *path = xasprintf("%s/%s", group, name), *words = xasprintf(H5_NO_VARIABLE, (int)length);
    uint8_t *zeros = xcalloc(length + 1, sizeof *zeros);
    h5_write(f, &(struct h5_array){path, "1", "a dimension without values", H5_U8, 1, {length},
                                   zeros, {NULL}, words});
    free(zeros);
    free(words);
    free(path);
}

static hid_t type_of(enum h5_type type)
{
    switch (type) {
    case H5_U64:
        return H5Tcopy(H5T_NATIVE_UINT64);
    case H5_I64:
        return H5Tcopy(H5T_NATIVE_INT64);
    case H5_F64:
        return H5Tcopy(H5T_NATIVE_DOUBLE);
    case H5_U8:
        return H5Tcopy(H5T_NATIVE_UINT8);
    default:
        return h5_text_type();
    }
}

static void pack(struct h5_file *f, hid_t list, const struct h5_array *a)
{
    hsize_t chunk[H5_RANK_MAX];
    for (int i = 0; i < a->rank; i++) {
        chunk[i] = i ? a->dims[i] : 1;
        if (!a->dims[i])
            return;
        if (chunk[i] > PACKED_CHUNK_ROWS)
            chunk[i] = PACKED_CHUNK_ROWS;
    }
    h5_check(f, H5Pset_chunk(list, a->rank, chunk) >= 0 && H5Pset_shuffle(list) >= 0 &&
                    H5Pset_deflate(list, 1) >= 0, a->path);
}

static void write_array(struct h5_file *f, const struct h5_array *a, bool packed)
{
    if (!h5_ok(f))
        return;
    hid_t type = type_of(a->type), list = h5_creation_list(f);
    if (packed)
        pack(f, list, a);
    hid_t space = a->rank ? H5Screate_simple(a->rank, a->dims, NULL) : H5Screate(H5S_SCALAR);
    hid_t set = h5_create_dataset(f, a->path, type, space, list, a->units, a->long_name);
    hsize_t count = 1;
    for (int i = 0; i < a->rank; i++)
        count *= a->dims[i];
    if (count && h5_ok(f))
        h5_check(f, H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, a->data) >= 0, a->path);
    if (a->scale_name)
        h5_make_scale(f, set, a->scale_name);
    for (unsigned i = 0; i < (unsigned)a->rank; i++)
        if (a->scales[i])
            h5_attach_scale(f, set, i, a->scales[i]);
    if (set >= 0)
        h5_check(f, H5Dclose(set) >= 0, a->path);
    H5Sclose(space);
    H5Pclose(list);
    H5Tclose(type);
}

void h5_write(struct h5_file *f, const struct h5_array *a) { write_array(f, a, false); }
void h5_write_packed(struct h5_file *f, const struct h5_array *a) { write_array(f, a, true); }
