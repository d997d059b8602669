/* For tests of result files: what is in them. */
#ifndef TESTS_UNIT_SIM_OUT_H5_RIG_H
#define TESTS_UNIT_SIM_OUT_H5_RIG_H

#include <hdf5.h>
#include <hdf5_hl.h>
#include <sys/stat.h>

#include "tests/unit/sim/out/sample.h"

static inline bool exists(const char *path)
{
    struct stat st;
    return !lstat(path, &st);
}

static inline int fresh(void **state)
{
    (void)state;
    return system("rm -rf ./*.h5 ./*.part locked stderr");
}

static inline void read_u64(const char *file, const char *path, uint64_t *values, size_t count)
{
    hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t set = H5Dopen2(f, path, H5P_DEFAULT);
    assert_true(set >= 0);
    hid_t space = H5Dget_space(set), type = H5Dget_type(set);
    assert_true(H5Tequal(type, H5T_NATIVE_UINT64) > 0);
    assert_int_equal(H5Sget_simple_extent_npoints(space), count);
    assert_true(H5Dread(set, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(set);
    H5Fclose(f);
}

/* A text attribute of an object; the caller frees it. */
static inline char *attribute(const char *file, const char *object, const char *name)
{
    char *text = NULL;
    hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t a = H5Aopen_by_name(f, object, name, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(a >= 0);
    hid_t type = H5Aget_type(a);
    assert_true(H5Aread(a, type, &text) >= 0);
    H5Tclose(type);
    H5Aclose(a);
    H5Fclose(f);
    return text;
}

static inline void assert_attribute(const char *file, const char *object, const char *name,
                             const char *expected)
{
    char *text = attribute(file, object, name);
    assert_string_equal(text, expected);
    H5free_memory(text);
}

#endif
