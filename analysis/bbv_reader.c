/* The basic-block vectors of a result file. */
#include <hdf5.h>
#include <stdlib.h>

#include "analysis/demangle.h"
#include "analysis/simstat.h"

static uint64_t read_length(const struct run *r)
{
    uint64_t length = 0;
    hid_t group = H5Gopen2(r->file, "/bbv", H5P_DEFAULT);
    hid_t a = H5Aexists(group, "interval_instructions") > 0
                  ? H5Aopen(group, "interval_instructions", H5P_DEFAULT) : -1;
    if (a < 0 || H5Aread(a, H5T_NATIVE_UINT64, &length) < 0 || !length)
        fail("%s: /bbv: attribute interval_instructions is missing; the file is damaged or of a "
             "run under way", r->path);
    H5Aclose(a);
    H5Gclose(group);
    return length;
}

static size_t rows_of(const struct run *r, const char *path)
{
    hid_t set = H5Dopen2(r->file, path, H5P_DEFAULT), space = set < 0 ? -1 : H5Dget_space(set);
    hssize_t rows = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    if (rows < 0)
        fail("%s: %s is missing; the file is damaged", r->path, path);
    H5Sclose(space);
    H5Dclose(set);
    return (size_t)rows;
}

static void check(const struct run *r, const struct run_bbv *b, size_t functions, size_t rows)
{
    bool ok = b->start && b->instructions && b->cycles && b->count && functions == b->blocks &&
              b->start[0] == 0 && b->start[b->intervals] == rows;
    for (size_t n = 0; ok && n < b->intervals; n++) {
        uint64_t sum = 0;
        ok = b->start[n] <= b->start[n + 1] && b->start[n + 1] <= rows;
        for (uint64_t k = b->start[n]; ok && k < b->start[n + 1]; k++) {
            ok = b->block[k] < b->blocks;
            sum += b->count[k];
        }
        ok = ok && sum == b->instructions[n] && sum;
    }
    if (!ok)
        fail("%s: /bbv: vectors do not add up to the intervals; the file is damaged", r->path);
}

void run_bbv(const struct run *r, struct run_bbv *b)
{
    size_t functions;
    if (!run_has(r, "/bbv"))
        fail("%s: has no basic-block vectors; run with output.bbv = yes", r->path);
    *b = (struct run_bbv){.length = read_length(r), .blocks = rows_of(r, "/bbv/pc"),
                          .intervals = rows_of(r, "/bbv/interval")};
    size_t rows = rows_of(r, "/bbv/count");
    if (!b->intervals)
        fail("%s: /bbv: the run has executed nothing", r->path);
    b->start = run_numbers(r, "/bbv/indptr", b->intervals + 1);
    b->instructions = run_numbers(r, "/bbv/instructions", b->intervals);
    b->cycles = run_numbers(r, "/bbv/cycles", b->intervals);
    b->count = run_numbers(r, "/bbv/count", rows);
    uint64_t *wide = run_numbers(r, "/bbv/block", rows);
    b->block = allocate(rows + 1, sizeof *b->block);
    for (size_t n = 0; wide && n < rows; n++)
        b->block[n] = (uint32_t)wide[n];
    free(wide);
    b->functions = run_functions(r, "/bbv/function", &functions);
    check(r, b, functions, rows);
    b->first = allocate(b->intervals, sizeof *b->first);
    for (size_t n = 1; n < b->intervals; n++)
        b->first[n] = b->first[n - 1] + b->instructions[n - 1];
}

void run_bbv_free(struct run_bbv *b)
{
    run_texts_free(b->functions, b->blocks);
    free(b->start);
    free(b->first);
    free(b->instructions);
    free(b->cycles);
    free(b->count);
    free(b->block);
}
