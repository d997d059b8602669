/* simstat compare: how two runs differ, in configuration, counters and CPI. */
#include <string.h>

#include "analysis/simstat.h"

static const double PART_LEAST = 5e-5; /* cycles per instruction: what is shown as 0.0000 */

static const struct run_setting *find_setting(const struct run *r, const struct run_setting *like)
{
    for (size_t i = 0; i < r->setting_count; i++)
        if (!strcmp(r->settings[i].section, like->section) &&
            !strcmp(r->settings[i].key, like->key))
            return &r->settings[i];
    return NULL;
}

static void print_setting(const struct run_setting *like, const struct run_setting *a,
                          const struct run_setting *b)
{
    char name[200], left[400] = "(absent)", right[400] = "(absent)";
    snprintf(name, sizeof name, "%s.%s", like->section, like->key);
    if (a)
        snprintf(left, sizeof left, "%s (%s)", a->value, a->origin);
    if (b)
        snprintf(right, sizeof right, "%s (%s)", b->value, b->origin);
    printf("  %-28s %-36s %s\n", name, left, right);
}

/* Nobody wrote it, and the other machine has no use for it. */
static bool is_mere_default(const struct run_setting *s) { return !strcmp(s->origin, "default"); }

static void compare_config(const struct run *a, const struct run *b, const struct options *o)
{
    size_t differences = 0, left_out = 0;
    puts("configuration, with origins");
    for (size_t i = 0; i < a->setting_count; i++) {
        const struct run_setting *s = &a->settings[i], *other = find_setting(b, s);
        if (!other && !o->all && is_mere_default(s)) {
            left_out++;
        } else if (!other || strcmp(s->value, other->value)) {
            print_setting(s, s, other);
            differences++;
        }
    }
    for (size_t i = 0; i < b->setting_count; i++) {
        const struct run_setting *s = &b->settings[i];
        if (find_setting(a, s))
            continue;
        if (!o->all && is_mere_default(s)) {
            left_out++;
            continue;
        }
        print_setting(s, NULL, s);
        differences++;
    }
    if (left_out)
        printf("  and %zu defaults that only one of the machines has; --all shows them\n",
               left_out);
    else if (!differences)
        puts("  the same");
}

/* Differences of counters are taken as integers: doubles would hide a small one between large
 * counters. */
static bool print_change(const char *name, uint64_t a, uint64_t b, const struct options *o)
{
    uint64_t change = a > b ? a - b : b - a;
    double percent = a ? (b < a ? -100.0 : 100.0) * (double)change / (double)a : (double)INFINITY;
    if (!o->all && (!change || fabs(percent) < o->min_percent))
        return false;
    printf("  %-28s%20llu%20llu", name, (unsigned long long)a, (unsigned long long)b);
    if (!change)
        printf("%12s\n", "=");
    else if (a)
        printf("%+11.2f%%\n", percent);
    else
        printf("%12s\n", "new");
    return true;
}

static void compare_stats(const struct run *a, const struct run *b, const struct options *o)
{
    size_t lines = 0;
    uint64_t other;
    printf("\nstatistics\n  %-28s%20s%20s%12s\n", "", "A", "B", "change");
    for (size_t i = 0; i < a->stat_count; i++)
        if (run_value(b, a->stats[i], &other))
            lines += print_change(a->stats[i], a->values[i], other, o);
    if (!lines)
        puts("  the same");
    for (size_t i = 0; i < a->stat_count; i++)
        if (!run_value(b, a->stats[i], &other))
            printf("  %-28s%20llu%20s\n", a->stats[i], (unsigned long long)a->values[i],
                   "(absent)");
    for (size_t i = 0; i < b->stat_count; i++)
        if (!run_value(a, b->stats[i], &other))
            printf("  %-28s%20s%20llu\n", b->stats[i], "(absent)",
                   (unsigned long long)b->values[i]);
}

/* Cycles per instruction of one part over all cores; all parts together are the run's CPI. */
static double part_cpi(const struct run *r, const char *part, double cpi)
{
    double total = 0, mine = 0;
    for (size_t i = 0; i < r->cores * r->part_count; i++) {
        total += (double)r->slots[i];
        if (!strcmp(r->parts[i % r->part_count], part))
            mine += (double)r->slots[i];
    }
    return total > 0 ? mine / total * cpi : 0;
}

/* True when it has a line of its own: parts that neither has are listed with --all only. */
static bool compare_part(const char *name, double a, double b, double whole, bool always)
{
    if (!always && a < PART_LEAST && b < PART_LEAST)
        return false;
    printf("  %-28s%12.4f%12.4f%+12.4f", name, a, b, b - a);
    if (fabs(whole) > 0)
        printf("%11.1f%%", (b - a) / whole * 100);
    putchar('\n');
    return true;
}

static bool has_part(const struct run *r, const char *part)
{
    for (size_t i = 0; i < r->part_count; i++)
        if (!strcmp(r->parts[i], part))
            return true;
    return false;
}

static void compare_cpi(const struct run *a, const struct run *b, const struct options *o)
{
    struct summary_source sources[2];
    double cpi[2];
    const struct run *runs[] = {a, b};
    for (int i = 0; i < 2; i++) {
        summary_of_run(&sources[i], runs[i]);
        cpi[i] = summary_value(&sources[i], "core.cycles") /
                 summary_value(&sources[i], "core.instructions");
    }
    if (!isfinite(cpi[0]) || !isfinite(cpi[1]) || !a->part_count || !b->part_count)
        return;
    double whole = cpi[1] - cpi[0];
    printf("\nCPI\n  %-28s%12s%12s%12s%12s\n", "", "A", "B", "B - A", "of change");
    size_t hidden = 0;
    for (size_t i = 0; i < a->part_count; i++)
        hidden += !compare_part(a->parts[i], part_cpi(a, a->parts[i], cpi[0]),
                                part_cpi(b, a->parts[i], cpi[1]), whole, o->all);
    for (size_t i = 0; i < b->part_count; i++)
        if (!has_part(a, b->parts[i]))
            hidden += !compare_part(b->parts[i], 0, part_cpi(b, b->parts[i], cpi[1]), whole,
                                    o->all);
    compare_part("total", cpi[0], cpi[1], whole, true);
    if (hidden)
        printf("  (%zu parts below %.5f in both; --all lists them)\n", hidden, PART_LEAST);
}

static const char *program_of(const struct run *r)
{
    return r->program ? r->program : "not known";
}

void verb_compare(const struct run *runs, const struct options *o)
{
    print_status(&runs[0]);
    print_status(&runs[1]);
    for (int i = 0; i < 2; i++)
        if (!run_is_functional(&runs[1 - i]))
            want_timing(&runs[i], "compare");
    printf("A: %s, program %s\nB: %s, program %s\n", runs[0].path, program_of(&runs[0]),
           runs[1].path, program_of(&runs[1]));
    if (strcmp(program_of(&runs[0]), program_of(&runs[1])))
        puts("The programs differ: so do their instructions; compare ratios only.");
    putchar('\n');
    compare_config(&runs[0], &runs[1], o);
    compare_stats(&runs[0], &runs[1], o);
    if (run_is_functional(&runs[0]))
        puts("\nNeither run has timing: both were functional (system.mode, -m).");
    else
        compare_cpi(&runs[0], &runs[1], o);
}
