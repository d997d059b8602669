/* The CPI stack by function and by line, as a result file has it. */
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/demangle.h"
#include "analysis/reader.h"
#include "analysis/simstat.h"

static uint64_t *read_counts(const struct run *r, const char *kind, const char *name, int rank,
                             size_t count, const char *phase)
{
    char path[100];
    size_t found;
    snprintf(path, sizeof path, "/cpi/%s/%s", kind, name);
    uint64_t *sum = run_counts(r, path, rank, phase, &found);
    if (found != count)
        fail("%s: %s: %zu values where %zu belong; the file is damaged", r->path, path, found,
             count);
    return sum;
}

static uint64_t read_width(const struct run *r)
{
    uint64_t width = 0;
    hid_t set = H5Dopen2(r->file, "/cpi/slots", H5P_DEFAULT);
    hid_t a = set < 0 ? -1 : H5Aopen(set, "width", H5P_DEFAULT);
    if (a < 0 || H5Aread(a, H5T_NATIVE_UINT64, &width) < 0 || !width)
        fail("%s: /cpi/slots: attribute width is missing; the file is damaged", r->path);
    H5Aclose(a);
    H5Dclose(set);
    return width;
}

void run_places(const struct run *r, const char *kind, const char *phase, struct run_places *p)
{
    char path[100];
    size_t objects;
    *p = (struct run_places){.count = 0};
    snprintf(path, sizeof path, "/cpi/%s/name", kind);
    if (!run_has(r, "/cpi/slots") || !run_has(r, path))
        return;
    p->names = strcmp(kind, "functions") ? run_texts(r, path, &p->count)
                                         : run_functions(r, path, &p->count);
    snprintf(path, sizeof path, "/cpi/%s/object", kind);
    if (run_has(r, path)) {
        p->objects = run_texts(r, path, &objects);
        if (objects != p->count)
            fail("%s: %s: not one for each function; the file is damaged", r->path, path);
    }
    p->instructions = read_counts(r, kind, "instructions", 2, p->count, phase);
    p->slots = read_counts(r, kind, "slots", 3, p->count * r->part_count, phase);
    p->width = read_width(r);
}

void run_places_free(struct run_places *p)
{
    run_texts_free(p->names, p->count);
    run_texts_free(p->objects, p->count);
    free(p->instructions);
    free(p->slots);
}
