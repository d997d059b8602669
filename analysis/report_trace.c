/* The pipeline view: a window of recorded instructions as JSON, which report.js draws. */
#include "analysis/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analysis/export.h"
#include "analysis/inst_trace.h"

/* Without --count; and at most, since a page has to open quickly. */
enum { ROWS_DEFAULT = 2000, ROWS_MAX = 10000 };

struct window {
    FILE *out;
    const struct inst_trace *t;
    uint64_t base; /* cycle of the first fetch; others are relative, to be small */
    size_t *number, codes; /* [code_count]: 1 + place in the page's table, 0 not in it */
    bool any;
};

static void number_code(void *ctx, const struct traced *i)
{
    struct window *w = ctx;
    if (!w->any)
        w->base = i->fetch;
    if (!w->number[i->code]) {
        w->number[i->code] = ++w->codes;
        fprintf(w->out, "%s[\"%" PRIx64 "\",", w->any ? ",\n" : "", i->pc);
        json_text(w->out, w->t->code_text[i->code]);
        putc(',', w->out);
        json_text(w->out, w->t->code_class[i->code]);
        putc(']', w->out);
    }
    w->any = true;
}

/* [code, fetch, decode, issue, done, retire, flags, bytes, ea]: fetch as counted from the base,
 * each cycle after it as what is added to the one before. */
static void write_row(void *ctx, const struct traced *i)
{
    struct window *w = ctx;
    fprintf(w->out, "%s[%zu,%" PRId64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
                    ",%u,%u,\"%" PRIx64 "\"]", w->any ? ",\n" : "", w->number[i->code] - 1,
            (int64_t)(i->fetch - w->base), i->decode - i->fetch, i->issue - i->decode,
            i->done - i->issue, i->retire - i->done, i->flags, i->bytes, i->ea);
    w->any = true;
}

static void write_window(const struct report *p, const struct inst_trace *t)
{
    struct export_range range = export_chosen(t, p->o, ROWS_DEFAULT);
    if (range.count > ROWS_MAX)
        range.count = ROWS_MAX;
    struct window w = {.out = p->out, .t = t};
    w.number = allocate(t->code_count + 1, sizeof *w.number);
    fprintf(p->out, "<p>%" PRIu64 " of %" PRIu64 " recorded instructions, from row %" PRIu64 " on; "
                    "<code>--first</code>, <code>--cycle</code> and <code>--count</code> choose "
                    "others.</p>\n", range.count, t->rows, range.first);
    fputs("<div id=\"pipeline\"></div>\n<script type=\"application/json\" id=\"recorded\">\n"
          "{\"code\":[", p->out);
    inst_trace_visit(t, range.first, range.count, number_code, &w);
    w.any = false;
    fprintf(p->out, "],\n\"first\":%" PRIu64 ",\"base\":%" PRIu64 ",\n\"rows\":[", range.first,
            w.base);
    inst_trace_visit(t, range.first, range.count, write_row, &w);
    fputs("]}\n</script>\n", p->out);
    free(w.number);
}

void report_trace(const struct report *p)
{
    struct inst_trace t;
    if (!run_has(p->run, "/trace/inst/pc"))
        return;
    inst_trace_open(&t, p->run->path);
    html_section(p->out, "trace", "Pipeline",
                 "An instruction a row, a cycle a column: where each one was, and when.");
    if (t.rows)
        write_window(p, &t);
    else
        fputs("<p>The recorded window is empty.</p>\n", p->out);
    fputs("</section>\n", p->out);
    inst_trace_close(&t);
}
