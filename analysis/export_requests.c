#include <inttypes.h>

#include "analysis/export.h"

struct csv {
    const struct mem_trace *trace;
    FILE *out;
};

static void write(void *ctx, const struct traced_request *r)
{
    const struct csv *c = ctx;
    const struct mem_trace *t = c->trace;
    fprintf(c->out, "%" PRIu64 ",%" PRIu64 ",%u,", r->row, r->cycle, r->core);
    if (r->pc)
        fprintf(c->out, "0x%" PRIx64, r->pc);
    fprintf(c->out, ",0x%" PRIx64 ",%u,%s,%s,%s,", r->address, r->bytes, t->kinds.names[r->kind],
            t->levels.names[r->level], t->outcomes.names[r->outcome]);
    if (r->answered_by == MEM_TRACE_NOBODY)
        fputs(",\n", c->out);
    else
        fprintf(c->out, "%s,%" PRIu64 "\n", t->levels.names[r->answered_by],
                r->cycle + r->latency);
}

void export_requests(const struct mem_trace *t, const struct export_range *r, FILE *out)
{
    struct csv c = {t, out};
    fputs("row,cycle,core,pc,address,bytes,kind,level,outcome,answered_by,answered\n", out);
    mem_trace_visit(t, r->first, r->count, write, &c);
}
