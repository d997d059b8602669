/* simstat belady: for each cache whose accesses are in the file (key `trace`), its demand misses
 * beside those of LRU and the least possible on the same stream. */
#include "analysis/simstat.h"

#include <hdf5.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/optimal.h"

#define TRACES "/trace/cache"
enum { MISS = 2 }; /* as in the dataset `outcome` */

struct trace {
    uint64_t *lines;
    bool *is_free; /* no demand access */
    size_t count;
    uint64_t demands, misses; /* misses as simulated */
    uint64_t sets, ways, line_bytes;
};

/* A dataset as a whole, in memory as `type`; *count is its length. */
static void *read_all(const struct run *r, const char *cache, const char *name, hid_t type,
                      size_t size, size_t *count)
{
    char path[200];
    snprintf(path, sizeof path, TRACES "/%s/%s", cache, name);
    hid_t set = H5Dopen2(r->file, path, H5P_DEFAULT);
    hid_t space = set >= 0 ? H5Dget_space(set) : -1;
    hssize_t points = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
    if (points < 0)
        fail("%s: %s is damaged", r->path, path);
    void *data = allocate((size_t)points + 1, size);
    if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        fail("%s: %s cannot be read", r->path, path);
    H5Sclose(space);
    H5Dclose(set);
    *count = (size_t)points;
    return data;
}

static uint64_t read_attribute(const struct run *r, const char *cache, const char *dataset,
                               const char *name)
{
    char path[200];
    uint64_t value = 0;
    snprintf(path, sizeof path, TRACES "/%s/%s", cache, dataset);
    hid_t a = H5Aopen_by_name(r->file, path, name, H5P_DEFAULT, H5P_DEFAULT);
    if (a < 0 || H5Aread(a, H5T_NATIVE_UINT64, &value) < 0 || !value || value > UINT32_MAX)
        fail("%s: %s has no usable attribute %s", r->path, path, name);
    H5Aclose(a);
    return value;
}

static struct trace read_trace(const struct run *r, const char *cache)
{
    struct trace t = {
        .sets = read_attribute(r, cache, "line", "sets"),
        .ways = read_attribute(r, cache, "line", "ways"),
        .line_bytes = read_attribute(r, cache, "line", "line_bytes"),
    };
    size_t outcomes, commands;
    uint64_t demand = read_attribute(r, cache, "command", "demand_commands");
    uint8_t *outcome = read_all(r, cache, "outcome", H5T_NATIVE_UINT8, 1, &outcomes);
    uint8_t *command = read_all(r, cache, "command", H5T_NATIVE_UINT8, 1, &commands);
    t.lines = read_all(r, cache, "line", H5T_NATIVE_UINT64, sizeof *t.lines, &t.count);
    if (outcomes != t.count || commands != t.count)
        fail("%s: the datasets of " TRACES "/%s differ in length", r->path, cache);
    t.is_free = allocate(t.count + 1, sizeof *t.is_free);
    for (size_t i = 0; i < t.count; i++) {
        t.is_free[i] = command[i] >= demand;
        t.demands += !t.is_free[i];
        t.misses += !t.is_free[i] && outcome[i] == MISS;
    }
    free(outcome);
    free(command);
    return t;
}

static const char *setting(const struct run *r, const char *cache, const char *key)
{
    size_t length = strcspn(cache, "."); /* l1d.0 is of section l1d */
    for (size_t i = 0; i < r->setting_count; i++)
        if (strlen(r->settings[i].section) == length && !strcmp(r->settings[i].key, key) &&
            !strncmp(r->settings[i].section, cache, length))
            return r->settings[i].value;
    return "";
}

static void print_row(const char *cache, const char *what, uint64_t misses, const struct trace *t,
                      uint64_t least, const struct options *o)
{
    double rate = t->demands ? (double)misses / (double)t->demands : 0;
    double ratio = least ? (double)misses / (double)least : 1;
    if (o->csv)
        printf("%s,%s,%" PRIu64 ",%" PRIu64 ",%.6g,%.6g\n", cache, what, t->demands, misses, rate,
               ratio);
    else
        printf("  %-36s%14" PRIu64 "%12.4f%14.3f\n", what, misses, rate, ratio);
}

static void report(const struct run *r, const char *cache, const struct options *o)
{
    struct trace t = read_trace(r, cache);
    struct optimal best =
        optimal_misses(t.lines, t.is_free, t.count, (uint32_t)t.sets, (uint32_t)t.ways);
    char simulated[60];
    snprintf(simulated, sizeof simulated, "simulated (%s)", setting(r, cache, "replacement"));
    if (!o->csv) {
        printf("%s: %" PRIu64 " sets x %" PRIu64 " ways x %" PRIu64 " bytes, %" PRIu64
               " demand accesses of %zu\n",
               cache, t.sets, t.ways, t.line_bytes, t.demands, t.count);
        printf("  %-36s%14s%12s%14s\n", "", "misses", "per access", "of the least");
    }
    print_row(cache, simulated, t.misses, &t, best.filled, o);
    print_row(cache, "LRU", best.lru, &t, best.filled, o);
    print_row(cache, "least (every miss fills)", best.filled, &t, best.filled, o);
    print_row(cache, "least (lines may pass by)", best.passed, &t, best.filled, o);
    print_row(cache, "without end", best.cold, &t, best.filled, o);
    const char *prefetcher = setting(r, cache, "prefetcher");
    if (!o->csv && *prefetcher && strcmp(prefetcher, "none"))
        printf("  It prefetched (%s): the least is that of replacement alone.\n", prefetcher);
    free(t.lines);
    free(t.is_free);
}

static herr_t add_name(hid_t group, const char *name, const H5L_info_t *info, void *names)
{
    char ***end = names;
    (void)group;
    (void)info;
    *(*end)++ = strdup(name);
    return 0;
}

void verb_belady(const struct run *runs, const struct options *o)
{
    const struct run *r = &runs[0];
    H5G_info_t info = {.nlinks = 0};
    print_status(r);
    if (H5Lexists(r->file, "/trace", H5P_DEFAULT) <= 0 ||
        H5Lexists(r->file, TRACES, H5P_DEFAULT) <= 0 ||
        H5Gget_info_by_name(r->file, TRACES, &info, H5P_DEFAULT) < 0 || !info.nlinks)
        fail("%s: has no accesses of a cache; run it again with -s l2.trace=yes, say", r->path);
    char **names = allocate(info.nlinks, sizeof *names), **end = names;
    H5Literate_by_name(r->file, TRACES, H5_INDEX_NAME, H5_ITER_INC, NULL, add_name, &end,
                       H5P_DEFAULT);
    if (o->csv)
        puts("cache,policy,demand_accesses,demand_misses,misses_per_access,of_least");
    for (char **name = names; name < end; name++) {
        report(r, *name, o);
        free(*name);
    }
    free(names);
}
