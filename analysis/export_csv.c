#include <inttypes.h>

#include "analysis/export.h"

struct csv {
    const struct inst_trace *trace;
    FILE *out;
};

static void put_stage(FILE *out, const struct traced *i, unsigned stage, uint64_t cycle)
{
    if (traced_reached(i, stage))
        fprintf(out, "%" PRIu64, cycle);
    putc(',', out);
}

static void write(void *ctx, const struct traced *i)
{
    const struct csv *c = ctx;
    fprintf(c->out, "%" PRIu64 ",0x%" PRIx64 ",0x%08" PRIx32 ",\"%s\",%s,", i->row, i->pc, i->word,
            c->trace->code_text[i->code], c->trace->code_class[i->code]);
    if (i->bytes)
        fprintf(c->out, "0x%" PRIx64, i->ea);
    fprintf(c->out, ",%u,%u,%" PRIu64 ",", i->bytes, i->flags, i->fetch);
    put_stage(c->out, i, TRACED_DECODED, i->decode);
    put_stage(c->out, i, TRACED_ISSUED, i->issue);
    put_stage(c->out, i, TRACED_DONE, i->done);
    fprintf(c->out, "%" PRIu64 "\n", i->retire);
}

void export_csv(const struct inst_trace *t, const struct export_range *r, FILE *out)
{
    struct csv c = {t, out};
    fputs("row,pc,word,text,class,ea,bytes,flags,fetch,decode,issue,done,retire\n", out);
    inst_trace_visit(t, r->first, r->count, write, &c);
}
