/* The CPI stack by function for the tools of profilers. Both list every function and every part, so
 * that their totals are those of the result. */
#include <inttypes.h>

#include "analysis/export.h"

static uint64_t total_slots(const struct run *r, const struct run_places *p, size_t n)
{
    uint64_t total = 0;
    for (size_t part = 0; part < r->part_count; part++)
        total += p->slots[n * r->part_count + part];
    return total;
}

/* Callgrind's format, version 1: an event for each part. */
void export_callgrind(const struct run *r, const struct run_places *p, FILE *out)
{
    uint64_t instructions = 0, slots = 0;
    fputs("# callgrind format\nversion: 1\ncreator: simstat\npositions: line\n", out);
    fputs("event: Ir : Instructions\nevent: Slots : Issue or commit slots\nevents: Ir Slots", out);
    for (size_t part = 0; part < r->part_count; part++)
        fprintf(out, " %s", r->parts[part]);
    fputs("\n\n", out);
    for (size_t n = 0; n < p->count; n++) {
        uint64_t total = total_slots(r, p, n);
        fprintf(out, "ob=%s\nfl=???\nfn=%s\n0 %" PRIu64 " %" PRIu64, p->objects[n], p->names[n],
                p->instructions[n], total);
        for (size_t part = 0; part < r->part_count; part++)
            fprintf(out, " %" PRIu64, p->slots[n * r->part_count + part]);
        fputs("\n\n", out);
        instructions += p->instructions[n];
        slots += total;
    }
    fprintf(out, "totals: %" PRIu64 " %" PRIu64, instructions, slots);
    for (size_t part = 0; part < r->part_count; part++) {
        uint64_t sum = 0;
        for (size_t n = 0; n < p->count; n++)
            sum += p->slots[n * r->part_count + part];
        fprintf(out, " %" PRIu64, sum);
    }
    fputc('\n', out);
}

/* Folded stacks, as flame graph tools read them: OBJECT;FUNCTION;PART SLOTS. */
void export_flame(const struct run *r, const struct run_places *p, FILE *out)
{
    for (size_t n = 0; n < p->count; n++)
        for (size_t part = 0; part < r->part_count; part++)
            if (p->slots[n * r->part_count + part])
                fprintf(out, "%s;%s;%s %" PRIu64 "\n", p->objects[n], p->names[n], r->parts[part],
                        p->slots[n * r->part_count + part]);
}
