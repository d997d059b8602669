/* The histograms of a run: a row each, with its figures and its shape. */
#include "analysis/histograms.h"
#include "analysis/report.h"

#include <inttypes.h>

enum { BARS = 48, BAR_WIDTH = 6, HEIGHT = 44 };

/* Bars are as high as their counts; one that is not empty can always be seen. */
static void write_bar(FILE *out, const struct run_hist *h, size_t first, size_t next, size_t place,
                      uint64_t count, uint64_t most)
{
    double height = count ? fmax((double)count / (double)most * (HEIGHT - 2), 1) : 0;
    fprintf(out, "<rect class=\"g0\" x=\"%zu\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"><title>"
                 "%" PRIu64, place * BAR_WIDTH, HEIGHT - height, BAR_WIDTH - 1, height,
            h->edges[first]);
    if (h->edges[next] - 1 > h->edges[first])
        fprintf(out, " to %" PRIu64, h->edges[next] - 1);
    fprintf(out, ": %" PRIu64 "</title></rect>", count);
}

static void write_shape(FILE *out, const struct run_hist *h)
{
    struct hist_range range = hist_range(h, BARS);
    uint64_t most = 1;
    size_t next, place = 0;
    for (size_t n = range.first; n < range.end; n = next) {
        uint64_t count = hist_line(h, &range, n, &next);
        most = count > most ? count : most;
    }
    fprintf(out, "<td><svg class=\"hist\" role=\"img\" aria-label=\"from %" PRIu64 " to %" PRIu64
                 "\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">",
            h->edges[range.first], h->edges[range.end] - 1, BARS * BAR_WIDTH, HEIGHT,
            BARS * BAR_WIDTH, HEIGHT);
    for (size_t n = range.first; n < range.end; n = next) {
        uint64_t count = hist_line(h, &range, n, &next);
        write_bar(out, h, n, next, place++, count, most);
    }
    fputs("</svg><small>", out);
    html_text(out, h->text);
    fputs("</small></td>", out);
}

static void write_row(FILE *out, const struct run_hist *h)
{
    static const double shares[] = {0.5, 0.9, 0.99, 1};
    char text[HIST_TEXT_MAX];
    fputs("<tr>", out);
    html_text_cell(out, h->name);
    hist_count_text(h, hist_count(h), text);
    html_value_cell(out, text);
    html_number_cell(out, "%.2f", hist_scaled(h, hist_mean(h)));
    for (size_t n = 0; n < sizeof shares / sizeof *shares; n++) {
        hist_bin_text(h, hist_quantile(h, shares[n]), text);
        html_value_cell(out, text);
    }
    html_text_cell(out, hist_unit(h));
    write_shape(out, h);
    fputs("</tr>\n", out);
}

void report_hists(const struct report *p)
{
    struct run_hist *hists;
    size_t count = run_hists(p->run, p->o->phase, &hists), used = 0;
    for (size_t n = 0; n < count; n++)
        used += hist_count(&hists[n]) != 0;
    if (used && cycles_of(p->run) > 0) {
        html_section(p->out, "histograms", "Histograms",
                     "How often each value occurred. Bars go from the smallest value to the "
                     "largest, several values to a bar where there are many; the pointer tells. "
                     "A figure with &lt;= is the end of a bin, which is all that is known of it.");
        html_table(p->out, "Histograms",
                   "name|#count|#mean|#median|#90 %|#99 %|#largest|unit|shape");
        for (size_t n = 0; n < count; n++)
            if (hist_count(&hists[n]))
                write_row(p->out, &hists[n]);
        fputs("</tbody></table></div>\n</section>\n", p->out);
    }
    run_hists_free(hists, count);
}
