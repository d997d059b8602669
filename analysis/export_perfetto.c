/* Each instruction is a slice from fetch to retirement in one of a few lanes, its stages slices
 * inside it: instructions of one lane never overlap. */
#include <inttypes.h>
#include <string.h>

#include "analysis/export.h"

enum { LANES = 1024 };

struct perfetto {
    const struct inst_trace *trace;
    FILE *out;
    uint64_t free_from[LANES];
    bool any;
};

static void put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
}

static void slice(struct perfetto *p, int lane, const char *name, uint64_t from, uint64_t to)
{
    fprintf(p->out, "%s{\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"ts\":%" PRIu64 ",\"dur\":%" PRIu64
                    ",\"name\":\"", p->any ? ",\n" : "", lane, from, to - from);
    put_text(p->out, name);
    fputs("\"", p->out);
    p->any = true;
}

static void stage(struct perfetto *p, int lane, const char *name, uint64_t from, uint64_t to)
{
    if (to == from)
        return;
    slice(p, lane, name, from, to);
    fputs("}", p->out);
}

static void write(void *ctx, const struct traced *i)
{
    struct perfetto *p = ctx;
    int lane = 0;
    while (lane < LANES - 1 && p->free_from[lane] > i->fetch)
        lane++;
    p->free_from[lane] = i->retire + 1;
    slice(p, lane, p->trace->code_text[i->code], i->fetch, i->retire + 1);
    fprintf(p->out, ",\"cat\":\"%s\",\"args\":{\"row\":%" PRIu64 ",\"pc\":\"0x%" PRIx64 "\"",
            p->trace->code_class[i->code], i->row, i->pc);
    if (i->bytes)
        fprintf(p->out, ",\"ea\":\"0x%" PRIx64 "\",\"bytes\":%u", i->ea, i->bytes);
    fputs(i->flags & TRACED_SQUASHED ? ",\"squashed\":true}}" : "}}", p->out);
    stage(p, lane, "fetch", i->fetch, i->decode);
    stage(p, lane, "wait", i->decode, i->issue);
    stage(p, lane, "execute", i->issue, i->done);
    stage(p, lane, i->flags & TRACED_SQUASHED ? "squashed" : "retire", i->done, i->retire + 1);
}

void export_perfetto(const struct inst_trace *t, const struct export_range *r, FILE *out)
{
    struct perfetto p = {.trace = t, .out = out};
    fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", out);
    inst_trace_visit(t, r->first, r->count, write, &p);
    fputs("\n]}\n", out);
}
