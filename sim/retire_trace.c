#include "sim/retire_trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/err.h"

struct retire_trace {
    FILE *file;
    uint64_t last_cycle;
};

struct retire_trace *retire_trace_open(const char *path, struct err *e)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        err_set(e, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct retire_trace *t = xcalloc(1, sizeof *t);
    t->file = file;
    return t;
}

void retire_trace_write(struct retire_trace *t, const struct retirement *r)
{
    if (r->op->flags & OP_FAULT)
        return;
    fprintf(t->file, "%" PRIu64 " %" PRIx64 " %" PRIu64 "\n", r->retire_cycle - t->last_cycle,
            r->op->pc, r->retire_cycle - r->issue_cycle);
    t->last_cycle = r->retire_cycle;
}

bool retire_trace_finish(struct retire_trace *t, struct err *e)
{
    if (!t)
        return true;
    bool ok = !ferror(t->file);
    ok = !fclose(t->file) && ok;
    free(t);
    return ok || err_set(e, "cannot be written: %s", strerror(errno));
}
