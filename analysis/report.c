#include "analysis/report.h"
#include "analysis/report_sweep.h"
#include "analysis/sweep_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void (*const sections[])(const struct report *p) = {
    report_provenance, report_summary, report_machine, report_cpi,     report_intervals,
    report_hists,      report_places,  report_sites,   report_trace,   report_checks,
    report_config,
};

static void open_phases(struct report *p)
{
    const struct run *r = p->run;
    p->phases = allocate(r->phase_count + 1, sizeof *p->phases);
    p->phase_names = allocate(r->phase_count + 1, sizeof *p->phase_names);
    for (size_t n = 0; n < r->phase_count; n++) {
        if (p->o->phase && strcmp(p->o->phase, r->phases[n]))
            continue;
        p->phase_names[p->phase_count] = r->phases[n];
        run_open(&p->phases[p->phase_count++], r->path, r->phases[n]);
    }
}

static void close_phases(struct report *p)
{
    for (size_t n = 0; n < p->phase_count; n++)
        run_close(&p->phases[n]);
    free(p->phases);
    free(p->phase_names);
}

static void write_page(const struct report *p)
{
    const char *program = p->run->program ? p->run->program : p->run->path;
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>", p->out);
    html_text(p->out, program);
    fprintf(p->out, " - simrun report</title>\n<style>\n%s</style>\n</head>\n<body>\n"
                    "<header><h1>", report_css);
    html_text(p->out, program);
    fprintf(p->out, " <span class=\"status %s\">",
            strcmp(p->run->status, "complete") ? "bad" : "good");
    html_text(p->out, p->run->status);
    fputs("</span></h1>\n<nav aria-label=\"sections\"></nav></header>\n<main>\n", p->out);
    for (size_t n = 0; n < sizeof sections / sizeof *sections; n++)
        sections[n](p);
    fprintf(p->out, "</main>\n<script>\n%s</script>\n</body>\n</html>\n", report_js);
}

/* All of it at once, so that what fails halfway leaves an earlier page as it was. */
static void save(const struct options *o, const char *page, size_t size)
{
    FILE *out = o->output ? fopen(o->output, "we") : stdout;
    if (!out)
        fail("%s: cannot be written: %s", o->output, strerror(errno));
    bool ok = fwrite(page, 1, size, out) == size;
    if (o->output && (fclose(out) || !ok))
        fail("%s: cannot be written: %s", o->output, strerror(errno));
}

static void report_run(const char *path, const struct options *o, FILE *out)
{
    struct run run;
    struct report p = {.run = &run, .o = o, .out = out};
    run_open(&run, path, o->phase);
    open_phases(&p);
    write_page(&p);
    close_phases(&p);
    run_close(&run);
}

void verb_report(const char *path, const struct options *o)
{
    char *page = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&page, &size);
    if (!out)
        fail("out of memory");
    if (sweep_is(path))
        report_sweep(path, o, out);
    else
        report_run(path, o, out);
    if (fclose(out))
        fail("out of memory");
    save(o, page, size);
    free(page);
}
