/* The machine as boxes, from the configuration: what an instruction and its data pass on the way to
 * memory, top to bottom. Components that the machine lacks are left out and the wires go on. */
#include "analysis/report.h"

#include <string.h>

enum { WIDTH = 760, MARGIN = 20, GAP = 26, TITLE = 22, LINE = 17, TEXT_MAX = 200 };

/* A line under a box's title: section, key, what stands before and behind the value. */
struct label {
    const char *key, *before, *behind;
};

struct box {
    const char *section, *title;
    int x, width;
    const struct label *labels;
    size_t label_count;
    int per_line; /* labels */
};

static const struct label core_labels[] = {
    {"fetch_width", "fetch ", ""},       {"issue_width", "issue ", ""},
    {"dispatch_width", "dispatch ", ""}, {"retire_width", "retire ", ""},
    {"commit_width", "commit ", ""},     {"decode_cycles", "decode ", " cycles"},
    {"rob", "reorder buffer ", ""},      {"window", "window ", ""},
    {"load_queue", "loads ", ""},        {"store_queue", "stores ", ""},
    {"store_buffer", "store buffer ", ""},
    {"btc_entries", "branch target cache ", ""}};
static const struct label unit_labels[] = {{"pipes", "pipes ", ""}, {"queues", "queues ", ""}};
static const struct label bpred_labels[] = {{"direction", "branches ", ""},
                                            {"indirect", "indirect ", ""},
                                            {"btb_entries", "BTB ", ""},
                                            {"ras_entries", "return stack ", ""}};
static const struct label cache_labels[] = {{"size", "", ""},
                                            {"ways", "", " ways"},
                                            {"latency", "latency ", ""},
                                            {"line", "lines ", " B"},
                                            {"mshrs", "", " MSHRs"},
                                            {"replacement", "", ""}};
static const struct label tlb_labels[] = {{"entries", "", " entries"},
                                          {"ways", "", " ways"},
                                          {"latency", "latency ", ""}};
static const struct label dram_labels[] = {{"model", "", ""},        {"standard", "", ""},
                                           {"channels", "channels ", ""}, {"ranks", "ranks ", ""},
                                           {"latency", "", ""},      {"bandwidth", "", ""},
                                           {"scheduler", "", ""}};

static const char *setting(const struct run *r, const char *section, const char *key)
{
    for (size_t n = 0; n < r->setting_count; n++)
        if (!strcmp(r->settings[n].section, section) && !strcmp(r->settings[n].key, key))
            return r->settings[n].value;
    return NULL;
}

static bool is_there(const struct run *r, const char *section)
{
    const char *present = setting(r, section, "present");
    if (present)
        return !strcmp(present, "yes");
    for (size_t n = 0; n < r->setting_count; n++)
        if (!strcmp(r->settings[n].section, section))
            return true;
    return false;
}

/* Lines of labels under y; the y of the next one. With out NULL it only measures. */
static int write_labels(const struct run *r, const struct box *b, int y, FILE *out)
{
    int on_line = 0;
    for (size_t n = 0; n < b->label_count; n++) {
        const struct label *l = &b->labels[n];
        const char *value = setting(r, b->section, l->key);
        if (!value || !*value || !strcmp(value, "0"))
            continue; /* 0: without a limit, or without the thing */
        if (!on_line)
            y += LINE;
        if (out && !on_line)
            fprintf(out, "<text x=\"%d\" y=\"%d\">", b->x + b->width / 2, y);
        if (out) {
            fputs(on_line ? " · " : "", out);
            fputs(l->before, out);
            html_text(out, value);
            fputs(l->behind, out);
        }
        on_line = (on_line + 1) % b->per_line;
        if (out && !on_line)
            fputs("</text>\n", out);
    }
    if (out && on_line)
        fputs("</text>\n", out);
    return y;
}

static void open_box(FILE *out, const struct box *b, int y, int height, const char *more)
{
    fprintf(out, "<rect class=\"box\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n"
                 "<text class=\"t\" x=\"%d\" y=\"%d\">%s", b->x, y, b->width, height,
            b->x + b->width / 2, y + TITLE - 4, b->title);
    html_text(out, more);
    fputs("</text>\n", out);
}

#define LABELS(list) list, sizeof list / sizeof *list

/* The bottom of a box that is there, or y. */
static int write_box(const struct run *r, const struct box *b, int y, FILE *out)
{
    int bottom = write_labels(r, b, y + TITLE, NULL) + LINE / 2;
    if (!is_there(r, b->section))
        return y;
    if (out) {
        open_box(out, b, y, bottom - y, "");
        write_labels(r, b, y + TITLE, out);
    }
    return bottom;
}

/* The core is one box of three sections. */
static int write_core(const struct run *r, int y, FILE *out)
{
    static const struct box parts[] = {
        {"core", "core: ", MARGIN, WIDTH - 2 * MARGIN, LABELS(core_labels), 5},
        {"core.units", "", MARGIN, WIDTH - 2 * MARGIN, LABELS(unit_labels), 1},
        {"core.bpred", "", MARGIN, WIDTH - 2 * MARGIN, LABELS(bpred_labels), 4}};
    char more[TEXT_MAX];
    const char *model = setting(r, "core", "model"), *clock = setting(r, "core", "clock");
    int bottom = y + TITLE;
    for (size_t n = 0; n < sizeof parts / sizeof *parts; n++)
        bottom = write_labels(r, &parts[n], bottom, NULL);
    bottom += LINE / 2;
    if (out) {
        snprintf(more, sizeof more, "%s, %s", model ? model : "functional", clock ? clock : "?");
        open_box(out, &parts[0], y, bottom - y, more);
        for (int at = y + TITLE, n = 0; n < 3; n++)
            at = write_labels(r, &parts[n], at, out);
    }
    return bottom;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

/* Everything; with out NULL it only measures. *walks: where page walks enter the hierarchy. */
static int write_boxes(const struct run *r, FILE *out, int *core_bottom, int *tlb_bottom)
{
    static const struct box first[] = {{"l1i", "L1I", 20, 165, LABELS(cache_labels), 2},
                                       {"itlb", "ITLB", 205, 165, LABELS(tlb_labels), 2},
                                       {"dtlb", "DTLB", 390, 165, LABELS(tlb_labels), 2},
                                       {"l1d", "L1D", 575, 165, LABELS(cache_labels), 2},
                                       /* stages of the scalar pipeline */
                                       {"core.icache", "L1I", 20, 165, LABELS(cache_labels), 2},
                                       {"core.dcache", "L1D", 575, 165, LABELS(cache_labels), 2}};
    static const struct box tlb = {"tlb", "TLB", 205, 350, LABELS(tlb_labels), 3};
    static const struct box shared[] = {{"l2", "L2", 20, 720, LABELS(cache_labels), 6},
                                        {"l3", "L3", 20, 720, LABELS(cache_labels), 6},
                                        {"dram", "memory", 20, 720, LABELS(dram_labels), 7}};
    int y = write_core(r, 8, out), row, bottom;
    *core_bottom = y;
    row = y + GAP;
    bottom = y;
    for (size_t n = 0; n < sizeof first / sizeof *first; n++)
        if (is_there(r, first[n].section))
            bottom = max_int(bottom, write_box(r, &first[n], row, out));
    *tlb_bottom = bottom;
    if (is_there(r, "tlb"))
        *tlb_bottom = bottom = write_box(r, &tlb, bottom + GAP, out);
    for (size_t n = 0; n < sizeof shared / sizeof *shared; n++)
        if (is_there(r, shared[n].section))
            bottom = write_box(r, &shared[n], bottom + GAP, out);
    return bottom + 8;
}

static void write_wire(FILE *out, int x, int from, int to)
{
    fprintf(out, "<line class=\"wire\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", x, from, x,
            to);
}

void report_machine(const struct report *p)
{
    const struct run *r = p->run;
    int core, tlb, height = write_boxes(r, NULL, &core, &tlb);
    if (!r->setting_count)
        return;
    html_section(p->out, "machine", "Machine",
                 cycles_of(r) > 0
                     ? "From the configuration; all of it stands at the end of the page."
                     : "As configured; the run was functional, and nothing of it was timed.");
    fprintf(p->out, "<div class=\"wide\" tabindex=\"0\"><svg class=\"machine\" role=\"img\" "
                    "aria-label=\"core, caches, TLBs and memory\" viewBox=\"0 0 %d %d\">\n",
            WIDTH, height);
    /* Behind the boxes: instructions, data, and what translates their addresses. */
    if (is_there(r, "dram")) {
        write_wire(p->out, 102, core, height - GAP);
        write_wire(p->out, 657, core, height - GAP);
        if (is_there(r, "walker"))
            write_wire(p->out, 380, tlb - GAP, tlb + GAP);
    }
    if (is_there(r, "itlb"))
        write_wire(p->out, 287, core, tlb - GAP / 2);
    if (is_there(r, "dtlb"))
        write_wire(p->out, 472, core, tlb - GAP / 2);
    write_boxes(r, p->out, &core, &tlb);
    fputs("</svg></div>\n", p->out);
    if (r->cores > 1)
        fprintf(p->out, "<p>The machine has %u such cores.</p>\n", r->cores);
    fputs("</section>\n", p->out);
}
