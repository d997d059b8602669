/* The format: tab-separated commands in the order of cycles. `C=` and `C` set and advance the
 * cycle; I, S and R begin an instruction, begin a stage (the one before it ends), and retire or,
 * with a 1 at the end, flush; L gives text to a lane (0) or to the pointer's label (1). */
#include <inttypes.h>
#include <stdlib.h>

#include "analysis/export.h"
#include "analysis/simstat.h"

/* In the order in which events of one cycle and one instruction are written. */
enum event { EVENT_FETCH, EVENT_DECODE, EVENT_ISSUE, EVENT_DONE, EVENT_RETIRE, EVENTS };
static const char *const stages[EVENTS] = {"F", "D", "X", "W", NULL};

struct happening {
    uint64_t cycle;
    uint64_t instruction; /* of the window */
    enum event event;
};

struct konata {
    const struct inst_trace *trace;
    struct traced *instructions;
    struct happening *happenings;
    uint64_t count, happening_count;
};

static void keep(void *ctx, const struct traced *i)
{
    struct konata *k = ctx;
    const uint64_t cycles[EVENTS] = {i->fetch, i->decode, i->issue, i->done, i->retire};
    const unsigned stage[EVENTS] = {~0u, TRACED_DECODED, TRACED_ISSUED, TRACED_DONE, ~0u};
    for (int n = 0; n < EVENTS; n++)
        if (traced_reached(i, stage[n]))
            k->happenings[k->happening_count++] =
                (struct happening){cycles[n], k->count, (enum event)n};
    k->instructions[k->count++] = *i;
}

static int by_time(const void *a, const void *b)
{
    const struct happening *x = a, *y = b;
    if (x->cycle != y->cycle)
        return x->cycle < y->cycle ? -1 : 1;
    if (x->instruction != y->instruction)
        return x->instruction < y->instruction ? -1 : 1;
    return x->event < y->event ? -1 : x->event > y->event;
}

static void begin(const struct konata *k, uint64_t number, FILE *out)
{
    const struct traced *i = &k->instructions[number];
    fprintf(out, "I\t%" PRIu64 "\t%" PRIu64 "\t0\n", number, i->row);
    fprintf(out, "L\t%" PRIu64 "\t0\t%" PRIx64 ": %s\n", number, i->pc,
            k->trace->code_text[i->code]);
    fprintf(out, "L\t%" PRIu64 "\t1\trow %" PRIu64 ", word %08" PRIx32 ", class %s", number,
            i->row, i->word, k->trace->code_class[i->code]);
    if (i->bytes)
        fprintf(out, ", %u bytes at %" PRIx64, i->bytes, i->ea);
    fputc('\n', out);
}

static void write_event(const struct konata *k, const struct happening *h, FILE *out)
{
    if (h->event == EVENT_FETCH)
        begin(k, h->instruction, out);
    if (h->event == EVENT_RETIRE)
        fprintf(out, "R\t%" PRIu64 "\t%" PRIu64 "\t%d\n", h->instruction,
                k->instructions[h->instruction].row,
                k->instructions[h->instruction].flags & TRACED_SQUASHED ? 1 : 0);
    else
        fprintf(out, "S\t%" PRIu64 "\t0\t%s\n", h->instruction, stages[h->event]);
}

void export_konata(const struct inst_trace *t, const struct export_range *r, FILE *out)
{
    struct konata k = {.trace = t, .instructions = allocate(r->count + 1, sizeof *k.instructions),
                       .happenings = allocate(r->count * EVENTS + 1, sizeof *k.happenings)};
    inst_trace_visit(t, r->first, r->count, keep, &k);
    qsort(k.happenings, k.happening_count, sizeof *k.happenings, by_time);
    fputs("Kanata\t0004\n", out);
    for (uint64_t n = 0; n < k.happening_count; n++) {
        uint64_t now = k.happenings[n].cycle;
        if (n == 0)
            fprintf(out, "C=\t%" PRIu64 "\n", now);
        else if (now > k.happenings[n - 1].cycle)
            fprintf(out, "C\t%" PRIu64 "\n", now - k.happenings[n - 1].cycle);
        write_event(&k, &k.happenings[n], out);
    }
    free(k.happenings);
    free(k.instructions);
}
