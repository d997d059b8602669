/* The conservation laws of the run, and its configuration with where each value comes from. */
#include "analysis/report.h"

#include <inttypes.h>
#include <stdlib.h>

static void write_law(const struct report *p, const char *const texts[3], const int64_t sides[2],
                      bool held)
{
    fprintf(p->out, "<tr class=\"%s\"><td class=\"%s\">%s</td>", held ? "held" : "broken",
            held ? "good" : "bad", held ? "held" : "NOT HELD");
    html_text_cell(p->out, texts[0]);
    for (int side = 0; side < 2; side++) {
        fprintf(p->out, "<td class=\"n\">%" PRId64 "</td><td><code>", sides[side]);
        html_text(p->out, texts[side + 1]);
        fputs("</code></td>", p->out);
    }
    fputs("</tr>\n", p->out);
}

void report_checks(const struct report *p)
{
    size_t count, lefts, rights, kept = 0;
    char **laws = run_texts(p->run, "/checks/law", &count);
    char **left = run_texts(p->run, "/checks/left_equation", &lefts);
    char **right = run_texts(p->run, "/checks/right_equation", &rights);
    int64_t *left_value = run_signed_numbers(p->run, "/checks/left", count);
    int64_t *right_value = run_signed_numbers(p->run, "/checks/right", count);
    uint64_t *held = run_numbers(p->run, "/checks/held", count);
    if (lefts != count || rights != count || (count && (!left_value || !right_value || !held)))
        fail("%s: /checks: columns are missing; the file is damaged", p->run->path);
    for (size_t n = 0; n < count; n++)
        kept += held[n] != 0;
    if (count) {
        html_section(p->out, "checks", "Checks", "Laws that the counters of a whole run obey.");
        fprintf(p->out, "<p class=\"%s\"><b>%zu of %zu held.</b></p>\n<details%s><summary>Each law"
                        "</summary>\n", kept == count ? "good" : "bad", kept, count,
                kept == count ? "" : " open");
        html_table(p->out, "Laws", "|law|#left|counters|#right|counters");
        for (size_t n = 0; n < count; n++)
            write_law(p, (const char *const[]){laws[n], left[n], right[n]},
                      (int64_t[]){left_value[n], right_value[n]}, held[n]);
        fputs("</tbody></table></div></details></section>\n", p->out);
    }
    run_texts_free(laws, count);
    run_texts_free(left, lefts);
    run_texts_free(right, rights);
    free(left_value);
    free(right_value);
    free(held);
}

void report_config(const struct report *p)
{
    if (!p->run->setting_count)
        return;
    html_section(p->out, "config", "Configuration", "Every key, defaults included.");
    fputs("<details><summary>All keys</summary>\n", p->out);
    html_table(p->out, "Configuration", "key|value|unit|origin");
    for (size_t n = 0; n < p->run->setting_count; n++) {
        const struct run_setting *s = &p->run->settings[n];
        fputs("<tr><td>", p->out);
        html_text(p->out, s->section);
        putc('.', p->out);
        html_text(p->out, s->key);
        fputs("</td>", p->out);
        html_text_cell(p->out, s->value);
        html_text_cell(p->out, s->unit);
        html_text_cell(p->out, s->origin);
        fputs("</tr>\n", p->out);
    }
    fputs("</tbody></table></div></details></section>\n", p->out);
}
