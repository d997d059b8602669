/* simstat branches, loads: which instructions mispredict most, which wait longest. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report.h"
#include "analysis/sites.h"

enum { ROWS = 25 }; /* without --all */

static _Noreturn void fail_without(const struct run *r, const char *what)
{
    fail("%s: has no %s one by one: run with -s output.sites=yes, in timing mode", r->path, what);
}

/* Function, file and line; what is not known is left out. */
static void print_place(const struct sites *s, size_t n)
{
    printf("  %s", *s->functions[n] ? s->functions[n] : "(unknown)");
    if (*s->files[n])
        printf(" %s:%" PRIu64, s->files[n], s->lines[n]);
}

static void print_csv_place(const struct sites *s, size_t n)
{
    printf("0x%" PRIx64 ",\"%s\",\"%s\",%" PRIu64 ",%" PRIu64, s->addresses[n], s->functions[n],
           s->files[n], s->lines[n], s->executed[n]);
}

static void print_branch(const struct sites *s, size_t n, uint64_t all)
{
    printf("%#14" PRIx64 "%14" PRIu64 "%9.1f%14" PRIu64 "%9.2f%9.2f", s->addresses[n],
           s->executed[n], ratio(s->taken[n], s->executed[n], 100), s->cost[n],
           ratio(s->cost[n], s->executed[n], 100), ratio(s->cost[n], all, 100));
    print_place(s, n);
    puts("");
}

static void print_load(const struct run *r, const struct sites *s, size_t n, uint64_t all)
{
    const uint64_t *served = s->served + n * s->levels;
    uint64_t loads = sum_of(served, s->levels);
    char name[LEVEL_NAME_MAX];
    printf("%#14" PRIx64 "%14" PRIu64 "%16" PRIu64 "%9.2f%9.2f", s->addresses[n], s->executed[n],
           s->cost[n], ratio(s->cost[n], s->executed[n], 1), ratio(s->cost[n], all, 100));
    print_place(s, n);
    for (size_t level = 0; level < s->levels; level++)
        if (served[level])
            printf(", %s %.1f %%", sites_level(r, level, name), ratio(served[level], loads, 100));
    puts("");
}

/* From L1 to the memory: levels[1 ..]. */
static size_t levels_of(const struct run *r, const struct sites *s)
{
    char name[LEVEL_NAME_MAX];
    size_t level = 1;
    while (level < s->levels && strcmp(sites_level(r, level, name), "memory"))
        level++;
    return level < s->levels ? level + 1 : s->levels;
}

static void print_csv(const struct run *r, const struct sites *s)
{
    char name[LEVEL_NAME_MAX];
    size_t levels = levels_of(r, s);
    printf("address,function,file,line,executed,%s", s->taken ? "taken,mispredicts" : "cycles");
    for (size_t level = 1; level < levels; level++)
        printf(",%s", sites_level(r, level, name));
    puts("");
    for (size_t n = 0; n < s->count; n++) {
        print_csv_place(s, n);
        if (s->taken)
            printf(",%" PRIu64, s->taken[n]);
        printf(",%" PRIu64, s->cost[n]);
        for (size_t level = 1; level < levels; level++)
            printf(",%" PRIu64, s->served[n * s->levels + level]);
        puts("");
    }
}

static void print_worst(const struct run *r, const struct sites *s, const struct options *o)
{
    size_t *order = largest_first(s->cost, s->count), shown = 0, left = 0;
    uint64_t all = sum_of(s->cost, s->count);
    if (s->taken)
        printf("%14s%14s%9s%14s%9s%9s  %s\n", "address", "executed", "taken %", "mispredicts",
               "rate %", "% of all", "function and line");
    else
        printf("%14s%14s%16s%9s%9s  %s\n", "address", "executed", "cycles", "mean", "% of all",
               "function and line, who had the data");
    for (; shown < s->count && s->cost[order[shown]] && (o->all || shown < ROWS); shown++)
        if (s->taken)
            print_branch(s, order[shown], all);
        else
            print_load(r, s, order[shown], all);
    for (size_t n = shown; n < s->count && s->cost[order[n]]; n++)
        left++;
    if (left)
        printf("and %zu more; --all shows them\n", left);
    printf("%zu %s, %" PRIu64 " %s in all\n", s->count, s->taken ? "branches" : "loads", all,
           s->taken ? "mispredicts" : "cycles from issue to result (loads overlap)");
    free(order);
}

static void print_sites(const struct run *r, const struct sites *s, const struct options *o)
{
    if (o->csv) {
        print_csv(r, s);
        return;
    }
    print_status(r);
    print_worst(r, s, o);
}

void verb_branches(const struct run *runs, const struct options *o)
{
    struct sites s;
    if (!sites_read_branches(&s, runs, o->phase))
        fail_without(runs, "branches");
    print_sites(runs, &s, o);
    sites_free(&s);
}

void verb_loads(const struct run *runs, const struct options *o)
{
    struct sites s;
    if (!sites_read_loads(&s, runs, o->phase))
        fail_without(runs, "loads");
    print_sites(runs, &s, o);
    sites_free(&s);
}
