/* The branches that were mispredicted most and the loads that took longest. */
#include "analysis/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analysis/sites.h"

enum { ROWS = 25 };

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

/* The share of each level that gave data. */
static void write_levels(const struct report *p, const uint64_t *served, size_t levels)
{
    uint64_t all = sum_of(served, levels);
    char name[LEVEL_NAME_MAX];
    bool any = false;
    fputs("<td>", p->out);
    for (size_t level = 0; level < levels; level++) {
        if (!served[level])
            continue;
        fprintf(p->out, "%s%s: %.1f %%", any ? ", " : "", sites_level(p->run, level, name),
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
                    "in all. L1 is the first cache or the store buffer.</p>\n", s->count, all);
    free(order);
}

void report_sites(const struct report *p)
{
    struct sites s;
    if (sites_read_branches(&s, p->run, p->o->phase)) {
        html_section(p->out, "branches", "Worst branches",
                     "Instructions after which fetch went on elsewhere until they executed.");
        write_branches(p, &s);
        fputs("</section>\n", p->out);
    }
    sites_free(&s);
    if (sites_read_loads(&s, p->run, p->o->phase)) {
        html_section(p->out, "loads", "Slowest loads",
                     "Latency is from issue to result, summed; loads overlap.");
        write_loads(p, &s);
        fputs("</section>\n", p->out);
    }
    sites_free(&s);
}
