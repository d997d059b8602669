#include "sim/points.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_ROOM = 1000 };

/* A whole number, and where the text goes on; false when there is none. */
static bool take_number(char **text, uint64_t *value)
{
    char *start = *text + strspn(*text, " \t");
    errno = 0;
    *value = strtoull(start, text, 10);
    return *text != start && *start != '-' && !errno && (**text == ' ' || **text == '\t');
}

static bool take_row(char *text, struct point_row *row)
{
    char *end;
    if (!take_number(&text, &row->first) || !take_number(&text, &row->instructions))
        return false;
    row->weight = strtod(text, &end);
    return end != text && !end[strspn(end, " \t\r\n")] && isfinite(row->weight) &&
           row->weight >= 0 && row->instructions && row->instructions <= UINT64_MAX - row->first;
}

static bool add_row(struct points *p, const struct point_row *row, const char *path, uint32_t line,
                    struct err *e)
{
    const struct point_row *last = p->count ? &p->row[p->count - 1] : NULL;
    if (last && row->first < last->first + last->instructions)
        return err_set(e, "%s:%u: begins at %" PRIu64 ", before the end of the point above, "
                          "%" PRIu64, path, line, row->first, last->first + last->instructions);
    p->row = xrealloc(p->row, (p->count + UINT64_C(1)) * sizeof *p->row);
    p->row[p->count++] = *row;
    return true;
}

static bool read_rows(struct points *p, FILE *file, const char *path, struct err *e)
{
    char text[LINE_ROOM];
    for (uint32_t line = 1; fgets(text, sizeof text, file); line++) {
        struct point_row row;
        text[strcspn(text, "#")] = '\0';
        if (!text[strspn(text, " \t\r\n")])
            continue;
        if (!take_row(text, &row))
            return err_set(e, "%s:%u: not a point: number of its first instruction, instructions, "
                              "weight", path, line);
        if (!add_row(p, &row, path, line, e))
            return false;
    }
    return p->count || err_set(e, "%s: has no points", path);
}

struct points *points_read(const char *path, struct err *e)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        err_set(e, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct points *p = xcalloc(1, sizeof *p);
    bool ok = read_rows(p, file, path, e);
    fclose(file);
    if (ok)
        return p;
    points_destroy(p);
    return NULL;
}

void points_destroy(struct points *p)
{
    if (p)
        free(p->row);
    free(p);
}
