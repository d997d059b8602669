/* simstat cpi --functions, --lines: where in the program the cycles went, the most first. */
#include "analysis/simstat.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 30, CAUSES = 3 }; /* without --all: rows; parts named in each */

struct row {
    const char *name, *object;
    const uint64_t *slots; /* [parts] */
    uint64_t instructions, total;
    size_t place; /* in the file, which decides between equals */
};

static int compare_rows(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;
    if (a->total != b->total)
        return a->total < b->total ? 1 : -1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static struct row *sorted_rows(const struct run *r, const struct run_places *p)
{
    struct row *rows = allocate(p->count + 1, sizeof *rows);
    for (size_t n = 0; n < p->count; n++) {
        rows[n] = (struct row){p->names[n], p->objects ? p->objects[n] : "",
                               p->slots + n * r->part_count, p->instructions[n], 0, n};
        for (size_t part = 0; part < r->part_count; part++)
            rows[n].total += rows[n].slots[part];
    }
    qsort(rows, p->count, sizeof *rows, compare_rows);
    return rows;
}

/* The largest parts but the first one, which is the useful work. */
static void print_causes(const struct run *r, const struct row *row)
{
    bool *printed = allocate(r->part_count, sizeof *printed);
    for (int n = 0; n < CAUSES; n++) {
        size_t best = 0;
        for (size_t part = 1; part < r->part_count; part++)
            if (!printed[part] && row->slots[part] > (best ? row->slots[best] : 0))
                best = part;
        if (!best)
            break;
        printed[best] = true;
        printf("%s%s %.0f%%", n ? ", " : "  ", r->parts[best],
               100 * (double)row->slots[best] / (double)row->total);
    }
    free(printed);
}

static void print_csv(const struct run *r, const struct run_places *p, const struct row *rows)
{
    printf("name,object,instructions,slots");
    for (size_t part = 0; part < r->part_count; part++)
        printf(",%s", r->parts[part]);
    puts("");
    for (size_t n = 0; n < p->count; n++) {
        printf("\"%s\",\"%s\",%" PRIu64 ",%" PRIu64, rows[n].name, rows[n].object,
               rows[n].instructions, rows[n].total);
        for (size_t part = 0; part < r->part_count; part++)
            printf(",%" PRIu64, rows[n].slots[part]);
        puts("");
    }
}

static void print_row(const struct run *r, const struct run_places *p, const struct row *row,
                      double all)
{
    double cycles = (double)row->total / (double)p->width;
    printf("%6.2f%16.1f%16" PRIu64, 100 * (double)row->total / all, cycles, row->instructions);
    if (row->instructions)
        printf("%10.3f", cycles / (double)row->instructions);
    else
        printf("%10s", "-");
    printf("  %s%s%s%s", *row->name ? row->name : "(unknown)", *row->object ? " [" : "",
           row->object, *row->object ? "]" : "");
    print_causes(r, row);
    puts("");
}

void print_places(const struct run *r, const struct options *o)
{
    struct run_places p;
    run_places(r, o->places, o->phase, &p);
    if (!p.count)
        fail("%s: has no CPI stack by %s: %s", r->path, o->places,
             strcmp(o->places, "lines") ? "run with -s output.functions=yes"
                                        : "run with -s output.functions=yes, a program built -g");
    struct row *rows = sorted_rows(r, &p);
    double all = 0;
    size_t shown = 0;
    for (size_t n = 0; n < p.count; n++)
        all += (double)rows[n].total;
    if (o->csv) {
        print_csv(r, &p, rows);
    } else {
        printf("%6s%16s%16s%10s  %s\n", "%", "cycles", "instructions", "CPI",
               strcmp(o->places, "lines") ? "function, largest losses" : "line, largest losses");
        for (; shown < p.count && rows[shown].total && (o->all || shown < ROWS); shown++)
            print_row(r, &p, &rows[shown], all);
        if (shown < p.count && rows[shown].total)
            printf("and %zu more; --all shows them\n", p.count - shown);
        printf("%6.2f%16.1f  cycles in all\n", 100.0, all / (double)p.width);
    }
    free(rows);
    run_places_free(&p);
}
