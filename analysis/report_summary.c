/* Where the result comes from, and the figures of `simstat summary`. */
#include "analysis/report.h"

#include <stdlib.h>

static void write_text(const struct report *p, const char *label, const char *text)
{
    fprintf(p->out, "<dt>%s</dt><dd>", label);
    html_text(p->out, text);
    fputs("</dd>\n", p->out);
}

void report_provenance(const struct report *p)
{
    static const char *const texts[][2] = {
        {"command line", "/meta/command_line"}, {"written", "/meta/created"},
        {"simrun", "/meta/version"},            {"commit", "/meta/git_commit"},
        {"host", "/meta/host"},                 {"SHA-256 of the program", "/meta/program_sha256"},
        {"SHA-256 of the configuration", "/meta/config_sha256"}};
    html_section(p->out, "provenance", "Provenance", "What ran, and how it ended.");
    fputs("<dl>\n", p->out);
    write_text(p, "file", p->run->path);
    write_text(p, "status", p->run->status);
    for (size_t n = 0; n < sizeof texts / sizeof *texts; n++) {
        char *text = run_text(p->run, texts[n][1]);
        if (text)
            write_text(p, texts[n][0], text);
        free(text);
    }
    write_text(p, "phase shown", p->o->phase ? p->o->phase : "all together");
    fputs("</dl>\n</section>\n", p->out);
}

double instructions_of(const struct run *r)
{
    struct summary_source s;
    summary_of_run(&s, r);
    return summary_value(&s, "core.instructions");
}

double cycles_of(const struct run *r)
{
    struct summary_source s;
    summary_of_run(&s, r);
    return summary_value(&s, "core.cycles");
}

static void write_tiles(const struct report *p, const struct summary_source *s,
                        const struct summary_row *rows, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        double v = summary_ratio(s, &rows[n], "");
        if (!isfinite(v))
            continue;
        fprintf(p->out, "<div class=\"tile\"><span>%s</span><b>", rows[n].label);
        fprintf(p->out, rows[n].format, v);
        fprintf(p->out, "%s</b></div>\n", rows[n].unit);
    }
}

static void write_figures(const struct report *p, const struct summary_source *s, bool is_timed)
{
#define ROW(label, over, under, scale, format, unit) {label, over, under, scale, format, unit},
    static const struct summary_row head[] = {SUMMARY_HEAD(ROW)};
    static const struct summary_row timed[] = {SUMMARY_CYCLES(ROW) SUMMARY_EVENTS(ROW)};
    static const struct summary_row host[] = {SUMMARY_HOST(ROW)};
#undef ROW
    fputs("<div class=\"tiles\">\n", p->out);
    write_tiles(p, s, head, sizeof head / sizeof *head);
    if (is_timed)
        write_tiles(p, s, timed, sizeof timed / sizeof *timed);
    write_tiles(p, s, host, sizeof host / sizeof *host);
    fputs("</div>\n", p->out);
}

static void write_caches(const struct report *p, const struct summary_source *s)
{
#define CACHE(label, component)                   {label, component},
#define COLUMN(label, over, under, scale, format) {label, over, under, scale, format, ""},
    static const char *const caches[][2] = {SUMMARY_CACHES(CACHE)};
    static const struct summary_row columns[] = {SUMMARY_CACHE_COLUMNS(COLUMN)};
#undef CACHE
#define HEADING(label, over, under, scale, format) "|#" label
    html_table(p->out, "Caches and TLBs", "cache" SUMMARY_CACHE_COLUMNS(HEADING));
#undef HEADING
#undef COLUMN
    for (size_t i = 0; i < sizeof caches / sizeof *caches; i++) {
        if (!isfinite(summary_ratio(s, &columns[0], caches[i][1])))
            continue;
        fputs("<tr>", p->out);
        html_text_cell(p->out, caches[i][0]);
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++)
            html_number_cell(p->out, columns[j].format,
                             summary_ratio(s, &columns[j], caches[i][1]));
        fputs("</tr>\n", p->out);
    }
    fputs("</tbody></table></div>\n", p->out);
}

void report_summary(const struct report *p)
{
    struct summary_source s;
    summary_of_run(&s, p->run);
    html_section(p->out, "summary", "Summary", "The figures of <code>simstat summary</code>.");
    bool is_timed = cycles_of(p->run) > 0;
    write_figures(p, &s, is_timed);
    if (is_timed)
        write_caches(p, &s);
    fputs("</section>\n", p->out);
}
