/* The CPI stack: a bar for each phase, and the parts as a table. */
#include "analysis/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const groups[CPI_GROUPS] = {
    "useful work", "wrong prediction", "instruction fetch", "dependence",
    "data memory", "resource",         "other",
};

/* By the beginning of a part's name; the first row that fits. */
static const struct {
    const char *prefix;
    unsigned group;
} prefixes[] = {
    {"base", 0},         {"mispredict", 1},   {"memory_order", 1}, {"branch_fetch", 2},
    {"fetch", 2},        {"icache", 2},       {"itlb", 2},         {"dep_", 3},
    {"dcache", 4},       {"dtlb", 4},         {"store_queue", 5},  {"store", 4},
    {"unit_busy", 5},    {"load_queue", 5},   {"issue_queue", 5},  {"dispatch_group", 5},
    {"rename", 5},
};

const char *cpi_group_name(unsigned group)
{
    return groups[group];
}

unsigned cpi_group(const char *part)
{
    for (size_t n = 0; n < sizeof prefixes / sizeof *prefixes; n++)
        if (!strncmp(part, prefixes[n].prefix, strlen(prefixes[n].prefix)))
            return prefixes[n].group;
    return CPI_GROUPS - 1;
}

void report_groups_legend(const struct report *p)
{
    fputs("<ul class=\"legend\">", p->out);
    for (unsigned g = 0; g < CPI_GROUPS; g++)
        fprintf(p->out, "<li><i class=\"g%u\"></i>%s</li>", g, groups[g]);
    fputs("</ul>\n", p->out);
}

void report_bar(const struct report *p, const uint64_t *slots, double full, double width)
{
    double x = 0, total = (double)sum_of(slots, p->run->part_count);
    fprintf(p->out, "<svg class=\"bar\" viewBox=\"0 0 %.0f 16\" width=\"%.0f\" height=\"16\" "
                    "preserveAspectRatio=\"none\" aria-hidden=\"true\">", width, width);
    for (unsigned g = 0; g < CPI_GROUPS; g++)
        for (size_t part = 0; part < p->run->part_count; part++) {
            double w = full > 0 ? (double)slots[part] / full * width : 0;
            if (!slots[part] || cpi_group(p->run->parts[part]) != g)
                continue;
            fprintf(p->out, "<rect class=\"g%u\" x=\"%.2f\" width=\"%.2f\" height=\"16\"><title>",
                    g, x, w);
            html_text(p->out, p->run->parts[part]);
            fprintf(p->out, ": %" PRIu64 " slots, %.1f %%</title></rect>", slots[part],
                    (double)slots[part] / total * 100);
            x += w;
        }
    fputs("</svg>", p->out);
}

/* Of all cores. */
static uint64_t *slots_of(const struct run *r)
{
    uint64_t *slots = allocate(r->part_count + 1, sizeof *slots);
    for (size_t n = 0; r->slots && n < r->cores * r->part_count; n++)
        slots[n % r->part_count] += r->slots[n];
    return slots;
}

static double cpi_of(const struct run *r)
{
    double instructions = instructions_of(r);
    return instructions > 0 ? cycles_of(r) / instructions : (double)NAN;
}

/* Bars as long as the phase's CPI. */
static void write_phases(const struct report *p)
{
    double largest = 0;
    for (size_t n = 0; n < p->phase_count; n++)
        largest = fmax(largest, cpi_of(&p->phases[n]));
    report_groups_legend(p);
    html_table(p->out, "CPI of each phase", "phase|#instructions|#cycles|#CPI|stack");
    for (size_t n = 0; n < p->phase_count; n++) {
        uint64_t *slots = slots_of(&p->phases[n]);
        double cpi = cpi_of(&p->phases[n]);
        fputs("<tr>", p->out);
        html_text_cell(p->out, p->phase_names[n]);
        html_number_cell(p->out, "%.0f", instructions_of(&p->phases[n]));
        html_number_cell(p->out, "%.0f", cycles_of(&p->phases[n]));
        html_number_cell(p->out, "%.4f", cpi);
        fputs("<td>", p->out);
        if (isfinite(cpi))
            report_bar(p, slots, (double)sum_of(slots, p->run->part_count) * largest / cpi, 480);
        fputs("</td></tr>\n", p->out);
        free(slots);
    }
    fputs("</tbody></table></div>\n", p->out);
}

static void write_parts(const struct report *p, const uint64_t *slots, uint64_t total)
{
    double cpi = cpi_of(p->run);
    html_table(p->out, "Parts of the CPI stack", "part|kind|#slots|#cycles/instruction|#%|");
    for (size_t n = 0; n < p->run->part_count; n++) {
        unsigned g = cpi_group(p->run->parts[n]);
        double share = ratio(slots[n], total, 1);
        if (!slots[n])
            continue;
        fputs("<tr>", p->out);
        html_text_cell(p->out, p->run->parts[n]);
        html_text_cell(p->out, groups[g]);
        html_count_cell(p->out, slots[n]);
        html_number_cell(p->out, "%.4f", share * cpi);
        html_number_cell(p->out, "%.1f", share * 100);
        fprintf(p->out, "<td><svg class=\"bar\" width=\"240\" height=\"16\" aria-hidden=\"true\">"
                        "<rect class=\"g%u\" width=\"%.1f\" height=\"16\"/></svg></td></tr>\n",
                g, share * 240);
    }
    fprintf(p->out, "</tbody><tfoot><tr><th scope=\"row\">total</th><td></td>");
    html_count_cell(p->out, total);
    html_number_cell(p->out, "%.4f", cpi);
    fputs("<td class=\"n\">100.0</td><td></td></tr></tfoot></table></div>\n", p->out);
}

void report_cpi(const struct report *p)
{
    uint64_t *slots = slots_of(p->run), total = sum_of(slots, p->run->part_count);
    if (total) {
        html_section(p->out, "cpi", "CPI stack",
                     "Every slot of every cycle is charged to one part; they sum to the cycles.");
        write_phases(p);
        write_parts(p, slots, total);
        fputs("</section>\n", p->out);
    }
    free(slots);
}
