/* The histograms of a result file. */
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/simstat.h"

static char *attribute(const struct run *r, const char *path, const char *name)
{
    char *text = NULL;
    hid_t set = H5Oopen(r->file, path, H5P_DEFAULT);
    hid_t a = set < 0 ? -1 : H5Aopen(set, name, H5P_DEFAULT), type = H5Aget_type(a);
    if (a < 0 || H5Tis_variable_str(type) <= 0 || H5Aread(a, type, &text) < 0 || !text)
        fail("%s: %s: attribute %s is missing; the file is damaged", r->path, path, name);
    H5Tclose(type);
    H5Aclose(a);
    H5Oclose(set);
    return text;
}

static struct run_hist read_one(const struct run *r, const char *name, const char *phase)
{
    struct run_hist h = {.name = strdup(name)};
    char path[300];
    size_t sums;
    snprintf(path, sizeof path, "/hist/%s/counts", name);
    h.text = attribute(r, path, "long_name");
    h.count_units = attribute(r, path, "units");
    h.counts = run_counts(r, path, 2, phase, &h.bins);
    snprintf(path, sizeof path, "/hist/%s/sum", name);
    uint64_t *sum = run_counts(r, path, 1, phase, &sums);
    h.sum = *sum;
    free(sum);
    snprintf(path, sizeof path, "/hist/%s/edges", name);
    h.units = attribute(r, path, "units");
    h.edges = run_numbers(r, path, h.bins + 1);
    if (!h.edges)
        fail("%s: %s is missing; the file is damaged", r->path, path);
    return h;
}

size_t run_hists(const struct run *r, const char *phase, struct run_hist **hists)
{
    H5G_info_t info = {.nlinks = 0};
    if (run_has(r, "/hist"))
        H5Gget_info_by_name(r->file, "/hist", &info, H5P_DEFAULT);
    *hists = allocate(info.nlinks + 1, sizeof **hists);
    for (hsize_t n = 0; n < info.nlinks; n++) {
        char name[200] = "";
        H5Lget_name_by_idx(r->file, "/hist", H5_INDEX_NAME, H5_ITER_INC, n, name, sizeof name,
                           H5P_DEFAULT);
        (*hists)[n] = read_one(r, name, phase);
    }
    return info.nlinks;
}

void run_hists_free(struct run_hist *hists, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        free(hists[n].name);
        free(hists[n].text);
        free(hists[n].units);
        free(hists[n].count_units);
        free(hists[n].counts);
        free(hists[n].edges);
    }
    free(hists);
}
