#include "analysis/table.h"

#include "analysis/simstat.h"

struct table table_open(const char *path)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_file_locking(list, false, true);
    struct table t = {path, H5Fopen(path, H5F_ACC_RDONLY, list)};
    H5Pclose(list);
    if (t.file < 0)
        fail_to_open(path);
    if (H5Aexists(t.file, "format") <= 0)
        fail("%s: not a result file of simrun (attribute format)", path);
    return t;
}

void table_close(struct table *t) { H5Fclose(t->file); }

bool table_has(const struct table *t, const char *name)
{
    return H5Lexists(t->file, "/trace", H5P_DEFAULT) > 0 &&
           H5Lexists(t->file, name, H5P_DEFAULT) > 0;
}

uint64_t table_length(const struct table *t, const char *name)
{
    hsize_t rows[2] = {0, 1};
    hid_t set = H5Dopen2(t->file, name, H5P_DEFAULT), space = set < 0 ? -1 : H5Dget_space(set);
    if (space < 0 || H5Sget_simple_extent_ndims(space) > 2 ||
        H5Sget_simple_extent_dims(space, rows, NULL) < 0)
        fail("%s: %s: missing; the file is damaged", t->path, name);
    H5Sclose(space);
    H5Dclose(set);
    return rows[0];
}

void *table_rows(const struct table *t, const char *name, hid_t type, uint64_t first,
                 uint64_t count)
{
    hsize_t start = first, rows = count;
    hid_t set = H5Dopen2(t->file, name, H5P_DEFAULT);
    hid_t space = set < 0 ? -1 : H5Dget_space(set), memory = H5Screate_simple(1, &rows, NULL);
    void *data = allocate(count + 1, H5Tget_size(type));
    if (space < 0 ||
        H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &rows, NULL) < 0 ||
        H5Dread(set, type, memory, space, H5P_DEFAULT, data) < 0)
        fail("%s: %s: cannot be read; the file is damaged", t->path, name);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(set);
    return data;
}

void *table_whole(const struct table *t, const char *name, hid_t type, size_t width, uint64_t rows)
{
    if (table_length(t, name) != rows)
        fail("%s: %s: not as many rows as its neighbours; the file is damaged", t->path, name);
    hid_t set = H5Dopen2(t->file, name, H5P_DEFAULT);
    void *data = allocate(rows * width + 1, H5Tget_size(type));
    if (rows && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        fail("%s: %s: cannot be read; the file is damaged", t->path, name);
    H5Dclose(set);
    return data;
}

char **table_texts(const struct table *t, const char *name, uint64_t rows)
{
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    H5Tset_cset(text, H5T_CSET_UTF8);
    char **texts = table_whole(t, name, text, 1, rows);
    H5Tclose(text);
    return texts;
}

void table_check_chunks(const struct table *t, const char *name, const uint64_t *first_row,
                        uint64_t chunks, uint64_t rows)
{
    for (uint64_t n = 0; n < chunks; n++)
        if (first_row[n] >= rows || (n ? first_row[n] <= first_row[n - 1] : first_row[n] != 0))
            fail("%s: %s: damaged", t->path, name);
}
