/* The branches that were mispredicted most and the loads that took longest. */
#include "analysis/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analysis/demangle.h"

enum { ROWS = 25, PATH_MAX_LENGTH = 100 };

struct sites {
    const char *group;
    size_t count;
    char **functions, **files;
    uint64_t *addresses, *lines;
    uint64_t *executed, *cost; /* mispredicts, or cycles of latency */
    uint64_t *taken, *served;  /* of branches; of loads [count][levels] */
    size_t levels;
};

static const char *path_of(const struct sites *s, const char *name)
{
    static char path[PATH_MAX_LENGTH];
    snprintf(path, sizeof path, "%s/%s", s->group, name);
    return path;
}

static char **read_names(const struct report *p, const struct sites *s, const char *name)
{
    size_t count;
    char **names = run_texts(p->run, path_of(s, name), &count);
    if (count != s->count)
        fail("%s: %s: not one for each instruction; the file is damaged", p->run->path,
             path_of(s, name));
    return names;
}

static uint64_t *read_counts(const struct report *p, const struct sites *s, const char *name)
{
    size_t count;
    uint64_t *values = run_counts(p->run, path_of(s, name), 2, p->o->phase, &count);
    if (count != s->count)
        fail("%s: %s: not one for each instruction; the file is damaged", p->run->path,
             path_of(s, name));
    return values;
}

static bool read_sites(const struct report *p, struct sites *s, const char *group, const char *cost)
{
    *s = (struct sites){.group = group};
    if (!run_has(p->run, group) || !run_has(p->run, path_of(s, "function")))
        return false;
    s->functions = run_functions(p->run, path_of(s, "function"), &s->count);
    s->files = read_names(p, s, "file");
    s->addresses = run_numbers(p->run, path_of(s, "address"), s->count);
    s->lines = run_numbers(p->run, path_of(s, "line"), s->count);
    if (s->count && (!s->addresses || !s->lines))
        fail("%s: %s lacks its addresses or lines; the file is damaged", p->run->path, group);
    s->executed = read_counts(p, s, "count");
    s->cost = read_counts(p, s, cost);
    return true;
}

static void free_sites(struct sites *s)
{
    run_texts_free(s->functions, s->count);
    run_texts_free(s->files, s->count);
    uint64_t *all[] = {s->addresses, s->lines, s->executed, s->cost, s->taken, s->served};
    for (size_t n = 0; n < sizeof all / sizeof *all; n++)
        free(all[n]);
}

static void write_place(const struct report *p, const struct sites *s, size_t n)
{
    fprintf(p->out, "<tr><td class=\"n\"><code>0x%" PRIx64 "</code></td>", s->addresses[n]);
    html_text_cell(p->out, *s->functions[n] ? s->functions[n] : "(unknown)");
    fputs("<td>", p->out);
    html_text(p->out, s->files[n]);
    if (s->lines[n])
        fprintf(p->out, ":%" PRIu64, s->lines[n]);
    fputs("</td>", p->out);
    html_count_cell(p->out, s->executed[n]);
}

static void write_branches(const struct report *p, const struct sites *s)
{
    size_t *order = largest_first(s->cost, s->count);
    uint64_t all = sum_of(s->cost, s->count);
    html_table(p->out, "Branches by mispredicts",
               "#address|function|line|#executed|#taken %|#mispredicts|#rate %|#% of all");
    for (size_t i = 0; i < s->count && i < ROWS && s->cost[order[i]]; i++) {
        size_t n = order[i];
        write_place(p, s, n);
        html_number_cell(p->out, "%.1f", ratio(s->taken[n], s->executed[n], 100));
        html_count_cell(p->out, s->cost[n]);
        html_number_cell(p->out, "%.2f", ratio(s->cost[n], s->executed[n], 100));
        html_number_cell(p->out, "%.2f", ratio(s->cost[n], all, 100));
        fputs("</tr>\n", p->out);
    }
    fputs("</tbody></table></div>\n", p->out);
    fprintf(p->out, "<p>%zu branches, %" PRIu64 " mispredicts in all.</p>\n", s->count, all);
    free(order);
}

/* "served by": the share of each level that gave data; the last one counted is memory. */
static void write_levels(const struct report *p, const uint64_t *served, size_t levels)
{
    uint64_t all = sum_of(served, levels);
    bool any = false;
    fputs("<td>", p->out);
    for (size_t level = 0; level < levels; level++) {
        if (!served[level])
            continue;
        fprintf(p->out, "%slevel %zu: %.1f %%", any ? ", " : "", level,
                ratio(served[level], all, 100));
        any = true;
    }
    fputs("</td>", p->out);
}

static void write_loads(const struct report *p, const struct sites *s)
{
    size_t *order = largest_first(s->cost, s->count);
    uint64_t all = sum_of(s->cost, s->count);
    html_table(p->out, "Loads by latency",
               "#address|function|line|#executed|#cycles|#mean|#% of all|data from");
    for (size_t i = 0; i < s->count && i < ROWS && s->cost[order[i]]; i++) {
        size_t n = order[i];
        write_place(p, s, n);
        html_count_cell(p->out, s->cost[n]);
        html_number_cell(p->out, "%.2f", ratio(s->cost[n], s->executed[n], 1));
        html_number_cell(p->out, "%.2f", ratio(s->cost[n], all, 100));
        write_levels(p, s->served + n * s->levels, s->levels);
        fputs("</tr>\n", p->out);
    }
    fprintf(p->out, "</tbody></table></div>\n<p>%zu loads, %" PRIu64 " cycles from issue to result "
                    "in all. Level 1 is the first cache or the store buffer, the last one of this "
                    "machine its memory.</p>\n", s->count, all);
    free(order);
}

void report_sites(const struct report *p)
{
    struct sites s;
    if (read_sites(p, &s, "/branches", "mispredicts")) {
        s.taken = read_counts(p, &s, "taken");
        html_section(p->out, "branches", "Worst branches",
                     "Instructions after which fetch went on elsewhere until they executed.");
        write_branches(p, &s);
        fputs("</section>\n", p->out);
    }
    free_sites(&s);
    if (read_sites(p, &s, "/loads", "latency")) {
        size_t count;
        s.served = run_counts(p->run, "/loads/served", 3, p->o->phase, &count);
        s.levels = s.count ? count / s.count : 0;
        html_section(p->out, "loads", "Slowest loads",
                     "Latency is from issue to result, summed; loads overlap.");
        write_loads(p, &s);
        fputs("</section>\n", p->out);
    }
    free_sites(&s);
}
