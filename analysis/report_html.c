#include "analysis/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void html_text(FILE *out, const char *text)
{
    for (const char *c = text; *c; c++)
        switch (*c) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        case '\'': fputs("&#39;", out); break;
        default: putc((unsigned char)*c < ' ' && *c != '\n' && *c != '\t' ? '?' : *c, out);
        }
}

/* Without <, > and & nothing in it can end the script element. */
void json_text(FILE *out, const char *text)
{
    putc('"', out);
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || strchr("\"\\<>&", *c))
            fprintf(out, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            putc(*c, out);
    putc('"', out);
}

void html_text_cell(FILE *out, const char *text)
{
    fputs("<td>", out);
    html_text(out, text);
    fputs("</td>", out);
}

void html_number_cell(FILE *out, const char *format, double value)
{
    char text[400] = "–";
    if (isfinite(value))
        snprintf(text, sizeof text, format, value);
    fprintf(out, "<td class=\"n\">%s</td>", text);
}

void html_count_cell(FILE *out, uint64_t value)
{
    fprintf(out, "<td class=\"n\">%" PRIu64 "</td>", value);
}

void html_value_cell(FILE *out, const char *text)
{
    fputs("<td class=\"n\">", out);
    html_text(out, text);
    fputs("</td>", out);
}

void html_section(FILE *out, const char *id, const char *title, const char *lead)
{
    fprintf(out, "<section id=\"%s\">\n<h2>%s</h2>\n<p class=\"lead\">%s</p>\n", id, title, lead);
}

void html_table(FILE *out, const char *caption, const char *headings)
{
    fprintf(out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n"
                 "<table><caption>%s</caption>\n<thead><tr>", caption, caption);
    while (*headings) {
        int length = (int)strcspn(headings, "|"), number = *headings == '#';
        fprintf(out, "<th scope=\"col\"%s>%.*s</th>", number ? " class=\"n\"" : "",
                length - number, headings + number);
        headings += length + (headings[length] == '|');
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

double ratio(uint64_t over, uint64_t under, double scale)
{
    return under ? (double)over / (double)under * scale : (double)NAN;
}

uint64_t sum_of(const uint64_t *values, size_t count)
{
    uint64_t sum = 0;
    for (size_t n = 0; n < count; n++)
        sum += values[n];
    return sum;
}

struct weight {
    uint64_t weight;
    size_t place;
};

static int compare_weights(const void *pa, const void *pb)
{
    const struct weight *a = pa, *b = pb;
    if (a->weight != b->weight)
        return a->weight < b->weight ? 1 : -1;
    return a->place < b->place ? -1 : a->place > b->place;
}

size_t *largest_first(const uint64_t *weights, size_t count)
{
    struct weight *sorted = allocate(count + 1, sizeof *sorted);
    size_t *places = allocate(count + 1, sizeof *places);
    for (size_t n = 0; n < count; n++)
        sorted[n] = (struct weight){weights[n], n};
    qsort(sorted, count, sizeof *sorted, compare_weights);
    for (size_t n = 0; n < count; n++)
        places[n] = sorted[n].place;
    free(sorted);
    return places;
}
