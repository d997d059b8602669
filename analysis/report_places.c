/* Hot functions and lines with their part of the CPI stack. */
#include "analysis/report.h"

#include <stdlib.h>

enum { ROWS = 25 };

static void write_place(const struct report *p, const struct run_places *l, size_t n, uint64_t all,
                        uint64_t largest)
{
    const uint64_t *slots = l->slots + n * p->run->part_count;
    uint64_t total = sum_of(slots, p->run->part_count);
    double cycles = (double)total / (double)l->width;
    fputs("<tr>", p->out);
    html_number_cell(p->out, "%.2f", ratio(total, all, 100));
    html_number_cell(p->out, "%.1f", cycles);
    html_count_cell(p->out, l->instructions[n]);
    html_number_cell(p->out, "%.3f",
                     l->instructions[n] ? cycles / (double)l->instructions[n] : (double)NAN);
    html_text_cell(p->out, *l->names[n] ? l->names[n] : "(unknown)");
    if (l->objects)
        html_text_cell(p->out, l->objects[n]);
    fputs("<td>", p->out);
    report_bar(p, slots, (double)largest, 300);
    fputs("</td></tr>\n", p->out);
}

/* What the rows left out come to, and all. */
static void write_rest(const struct report *p, const struct run_places *l, size_t left,
                       uint64_t shown, uint64_t all)
{
    const char *objects = l->objects ? "<td></td>" : "";
    if (left) {
        fputs("<tr>", p->out);
        html_number_cell(p->out, "%.2f", ratio(all - shown, all, 100));
        html_number_cell(p->out, "%.1f", (double)(all - shown) / (double)l->width);
        fprintf(p->out, "<td></td><td></td><td>%zu more</td>%s<td></td></tr>\n", left, objects);
    }
    fputs("</tbody><tfoot><tr><td class=\"n\">100.00</td>", p->out);
    html_number_cell(p->out, "%.1f", (double)all / (double)l->width);
    html_count_cell(p->out, sum_of(l->instructions, l->count));
    fprintf(p->out, "<td></td><th scope=\"row\">total</th>%s<td></td></tr></tfoot></table></div>\n",
            objects);
}

static void write_places(const struct report *p, const struct run_places *l, const char *caption)
{
    uint64_t *totals = allocate(l->count + 1, sizeof *totals), shown = 0;
    size_t n = 0;
    for (size_t i = 0; i < l->count; i++)
        totals[i] = sum_of(l->slots + i * p->run->part_count, p->run->part_count);
    size_t *order = largest_first(totals, l->count);
    uint64_t all = sum_of(totals, l->count);
    html_table(p->out, caption, l->objects ? "#%|#cycles|#instructions|#CPI|function|object|stack"
                                           : "#%|#cycles|#instructions|#CPI|line|stack");
    for (; n < l->count && n < ROWS && totals[order[n]]; n++) {
        write_place(p, l, order[n], all, totals[order[0]]);
        shown += totals[order[n]];
    }
    write_rest(p, l, l->count - n, shown, all);
    free(order);
    free(totals);
}

void report_places(const struct report *p)
{
    struct run_places functions, lines;
    run_places(p->run, "functions", p->o->phase, &functions);
    run_places(p->run, "lines", p->o->phase, &lines);
    if (functions.count || lines.count) {
        html_section(p->out, "places", "Hot places",
                     "Where in the program the cycles went; bars are as long as their cycles.");
        report_groups_legend(p);
    }
    if (functions.count)
        write_places(p, &functions, "Functions");
    if (lines.count)
        write_places(p, &lines, "Source lines");
    if (functions.count || lines.count)
        fputs("</section>\n", p->out);
    run_places_free(&functions);
    run_places_free(&lines);
}
