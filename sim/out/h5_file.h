/* What the writers in this folder share: an HDF5 file whose first failure is kept, after which
 * every call does nothing. */
#ifndef SIM_OUT_H5_FILE_H
#define SIM_OUT_H5_FILE_H

#include <hdf5.h>

#include "sim/base/err.h"

struct h5_file {
    hid_t id;
    const char *path;
    struct err error; /* status 0 while all is well */
};

bool h5_ok(const struct h5_file *f);
/* Keeps "PATH: cannot write WHAT: REASON" when ok is false; the reason is the system's, dug out of
 * HDF5's error stack. Returns ok. */
bool h5_check(struct h5_file *f, bool ok, const char *what);

/* Switches HDF5's own messages and exit handler off; before any other call of HDF5. */
void h5_init(void);
bool h5_create(struct h5_file *f, const char *path);
bool h5_flush(struct h5_file *f);
/* Closes in any case, also after an error. */
bool h5_close(struct h5_file *f);

void h5_group(struct h5_file *f, const char *path, const char *long_name);

enum h5_type { H5_U64, H5_I64, H5_F64, H5_U8, H5_TEXT }; /* H5_TEXT: const char *, UTF-8 */

#define H5_RANK_MAX 3

/* A dataset to be written at once. */
struct h5_array {
    const char *path, *units, *long_name;
    enum h5_type type;
    int rank; /* 0: a scalar */
    hsize_t dims[H5_RANK_MAX];
    const void *data;
    const char *scales[H5_RANK_MAX]; /* path of the dataset along each dimension; NULL: none */
    const char *scale_name;          /* it is a dimension scale of this name; NULL: it is none */
};
void h5_write(struct h5_file *f, const struct h5_array *a);
/* The same for numbers that are mostly zeros: compressed, at least a chunk for each first index. */
void h5_write_packed(struct h5_file *f, const struct h5_array *a);

/* The pieces of h5_write, for datasets of another kind. `type` as in the file; `units` and
 * `long_name` become attributes. h5_create_dataset gives a negative id after an error; H5Dclose it.
 */
hid_t h5_create_dataset(struct h5_file *f, const char *path, hid_t type, hid_t space, hid_t dcpl,
                        const char *units, const char *long_name);
void h5_make_scale(struct h5_file *f, hid_t dataset, const char *name);
void h5_attach_scale(struct h5_file *f, hid_t dataset, unsigned dimension, const char *scale);
/* Writes GROUP/NAME, a dimension of that length without values, in netCDF's manner: xarray knows
 * the names of dimensions by it. */
void h5_write_dimension(struct h5_file *f, const char *group, const char *name, hsize_t length);
/* The words that tell such a scale from a variable. */
#define H5_NO_VARIABLE "This is a netCDF dimension but not a netCDF variable.%10d"
/* A dataset creation list without time stamps; negative after an error. */
hid_t h5_creation_list(struct h5_file *f);
hid_t h5_text_type(void); /* H5Tclose it */

void h5_attribute_text(struct h5_file *f, hid_t object, const char *name, const char *value);
void h5_attribute_u64(struct h5_file *f, hid_t object, const char *name, uint64_t value);

#endif
