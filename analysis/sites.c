#include "analysis/sites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/demangle.h"
#include "analysis/simstat.h"

enum { PATH_MAX_LENGTH = 40, CACHE_LEVELS = 3 };

struct group {
    const struct run *run;
    const char *name, *phase;
    char path[PATH_MAX_LENGTH]; /* of the dataset asked for last */
};

static const char *path_of(struct group *g, const char *name)
{
    snprintf(g->path, sizeof g->path, "%s/%s", g->name, name);
    return g->path;
}

static void want_count(const struct group *g, size_t count, size_t wanted)
{
    if (count != wanted)
        fail("%s: %s: not one for each instruction; the file is damaged", g->run->path, g->path);
}

static uint64_t *read_counts(struct group *g, const struct sites *s, const char *name)
{
    size_t count;
    uint64_t *values = run_counts(g->run, path_of(g, name), 2, g->phase, &count);
    want_count(g, count, s->count);
    return values;
}

static bool read_sites(struct group *g, struct sites *s, const char *cost)
{
    size_t count;
    *s = (struct sites){0};
    if (!run_has(g->run, g->name) || !run_has(g->run, path_of(g, "function")))
        return false;
    s->functions = run_functions(g->run, path_of(g, "function"), &s->count);
    s->files = run_texts(g->run, path_of(g, "file"), &count);
    want_count(g, count, s->count);
    s->addresses = run_numbers(g->run, path_of(g, "address"), s->count);
    s->lines = run_numbers(g->run, path_of(g, "line"), s->count);
    if (s->count && (!s->addresses || !s->lines))
        fail("%s: %s lacks its addresses or lines; the file is damaged", g->run->path, g->name);
    s->executed = read_counts(g, s, "count");
    s->cost = read_counts(g, s, cost);
    return true;
}

bool sites_read_branches(struct sites *s, const struct run *r, const char *phase)
{
    struct group g = {.run = r, .name = "/branches", .phase = phase};
    if (!read_sites(&g, s, "mispredicts"))
        return false;
    s->taken = read_counts(&g, s, "taken");
    return true;
}

bool sites_read_loads(struct sites *s, const struct run *r, const char *phase)
{
    struct group g = {.run = r, .name = "/loads", .phase = phase};
    size_t count;
    if (!read_sites(&g, s, "latency"))
        return false;
    s->served = run_counts(r, path_of(&g, "served"), 3, phase, &count);
    s->levels = s->count ? count / s->count : 0;
    want_count(&g, count, s->count * s->levels);
    return true;
}

void sites_free(struct sites *s)
{
    run_texts_free(s->functions, s->count);
    run_texts_free(s->files, s->count);
    uint64_t *all[] = {s->addresses, s->lines, s->executed, s->cost, s->taken, s->served};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++)
        free(all[n]);
}

const char *sites_level(const struct run *r, size_t level, char out[LEVEL_NAME_MAX])
{
    static const char *const counters[CACHE_LEVELS] = {"l1d.accesses", "l2.accesses",
                                                       "l3.accesses"};
    bool has[CACHE_LEVELS];
    size_t at = 0;
    uint64_t value;
    for (size_t n = 0; n < CACHE_LEVELS; n++)
        has[n] = run_value(r, counters[n], &value);
    has[0] |= !has[1] && !has[2]; /* the scalar pipeline's own, of another name */
    for (size_t n = 0; n < CACHE_LEVELS; n++)
        if (has[n] && ++at == level)
            return snprintf(out, LEVEL_NAME_MAX, "L%zu", n + 1), out;
    return level == at + 1 ? strcpy(out, "memory")
                           : (snprintf(out, LEVEL_NAME_MAX, "level %zu", level), out);
}
