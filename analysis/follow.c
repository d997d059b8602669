#include "analysis/follow.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/simstat.h"

enum { LOOK_SECONDS = 20 }; /* a damaged file may send HDF5 in circles */

/* What follows runs in the process that looks; it ends as soon as something is not as it should. */
static _Noreturn void give_up(void)
{
    _exit(1);
}

static void need(bool ok)
{
    if (!ok)
        give_up();
}

static void read_status(hid_t file, char *status, size_t size)
{
    char *text = NULL;
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    hid_t a = H5Aopen(file, "status", H5P_DEFAULT);
    need(a >= 0 && H5Aread(a, type, &text) >= 0 && text);
    snprintf(status, size, "%s", text);
}

/* Reads rows of one column into values[rows][stride]; without `values` it counts them. */
static uint64_t read_column(hid_t group, const char *name, uint64_t first, uint64_t rows,
                            uint32_t core, uint64_t *values, uint32_t stride)
{
    hsize_t dims[2] = {0, 1}, start[2] = {first, core}, count[2] = {rows, 1};
    hid_t set = H5Dopen2(group, name, H5P_DEFAULT), space = set < 0 ? -1 : H5Dget_space(set);
    int rank = space < 0 ? 0 : H5Sget_simple_extent_ndims(space);
    need(rank == 1 || rank == 2);
    need(H5Sget_simple_extent_dims(space, dims, NULL) >= 0);
    if (values && rows) {
        uint64_t *column = allocate(rows, sizeof *column);
        hid_t memory = H5Screate_simple(1, count, NULL);
        need(core < dims[1] || rank == 1);
        need(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0);
        need(H5Dread(set, H5T_NATIVE_UINT64, memory, space, H5P_DEFAULT, column) >= 0);
        for (uint64_t i = 0; i < rows; i++)
            values[i * stride] = column[i];
        free(column);
    }
    return dims[0];
}

static void name_columns(struct glimpse *g, hid_t group)
{
    H5G_info_t info;
    need(H5Gget_info(group, &info) >= 0);
    snprintf(g->names[FOLLOW_INSTRUCTIONS], sizeof *g->names, "instructions");
    snprintf(g->names[FOLLOW_CYCLES], sizeof *g->names, "cycles");
    g->columns = FOLLOW_EVENTS;
    for (hsize_t i = 0; i < info.nlinks && g->columns < FOLLOW_COLUMNS; i++) {
        char *name = g->names[g->columns];
        need(H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof *g->names,
                                H5P_DEFAULT) > 0);
        const char *last = strrchr(name, '.');
        if (last && (!strcmp(last, ".misses") || !strcmp(last, ".mispredicts")))
            g->columns++;
    }
}

/* Rows that all columns have, and that bear their own number. */
static void read_rows(struct glimpse *g, hid_t group, uint64_t first, uint32_t core)
{
    uint64_t total = read_column(group, "interval", 0, 0, 0, NULL, 0);
    for (uint32_t i = 0; i < g->columns; i++)
        need(read_column(group, g->names[i], 0, 0, 0, NULL, 0) == total);
    need(total >= first);
    g->rows = total - first < FOLLOW_ROWS ? total - first : FOLLOW_ROWS;
    g->values = allocate(g->rows * g->columns + 1, sizeof *g->values);
    read_column(group, "interval", first, g->rows, 0, g->values, 1);
    for (uint64_t i = 0; i < g->rows; i++)
        need(g->values[i] == first + i);
    for (uint32_t i = 0; i < g->columns; i++)
        read_column(group, g->names[i], first, g->rows, core, g->values + i, g->columns);
}

static _Noreturn void look(int to, const char *path, uint64_t first, uint32_t core)
{
    struct glimpse g = {.rows = 0};
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    alarm(LOOK_SECONDS);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_file_locking(list, false, true); /* the writer has it locked */
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, list);
    need(file >= 0);
    read_status(file, g.status, sizeof g.status);
    g.has_intervals = H5Lexists(file, "/intervals", H5P_DEFAULT) > 0;
    if (g.has_intervals) {
        hid_t group = H5Gopen2(file, "/intervals", H5P_DEFAULT);
        need(group >= 0);
        name_columns(&g, group);
        read_rows(&g, group, first, core);
    }
    FILE *f = fdopen(to, "w");
    size_t cells = g.rows * g.columns;
    need(f && fwrite(&g, sizeof g, 1, f) == 1);
    need(!cells || fwrite(g.values, sizeof *g.values, cells, f) == cells);
    need(!fflush(f));
    _exit(0); /* without HDF5's own clearing up */
}

static bool receive(struct glimpse *g, FILE *f)
{
    if (fread(g, sizeof *g, 1, f) != 1)
        return false;
    size_t cells = g->rows * g->columns;
    g->values = allocate(cells + 1, sizeof *g->values);
    return fread(g->values, sizeof *g->values, cells, f) == cells;
}

bool glimpse_take(struct glimpse *g, const char *path, uint64_t first, uint32_t core)
{
    int ends[2], status = 1;
    *g = (struct glimpse){.rows = 0};
    fflush(NULL); /* or the child would have our output, too */
    if (pipe(ends))
        fail("cannot create a pipe");
    pid_t child = fork();
    if (child < 0)
        fail("cannot create a process");
    if (!child) {
        close(ends[0]);
        look(ends[1], path, first, core);
    }
    close(ends[1]);
    FILE *f = fdopen(ends[0], "r");
    bool ok = f && receive(g, f);
    if (f)
        fclose(f);
    waitpid(child, &status, 0);
    if (!ok || status)
        glimpse_free(g);
    return ok && !status;
}

void glimpse_free(struct glimpse *g)
{
    free(g->values);
    *g = (struct glimpse){.rows = 0};
}
