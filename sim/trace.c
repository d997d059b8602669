#include "sim/trace.h"

#include <stdlib.h>

#include "sim/inst_trace.h"
#include "sim/machine.h"
#include "sim/mem_trace.h"
#include "sim/out/h5_inst_trace.h"
#include "sim/out/h5_mem_trace.h"

enum { TRACE_LAST_MAX = 100000000 };

struct trace {
    struct result *file;
    struct trace_window window;
    struct h5_inst_trace *instructions; /* NULL: not wanted */
    struct mem_trace *memory;
};

struct trace *trace_create(struct machine *m, struct result *file, struct err *e)
{
    struct trace_window window;
    if (m->trace.last > TRACE_LAST_MAX) {
        config_error(m->setup.config, "trace", "last", e, "at most %d fit into memory",
                     TRACE_LAST_MAX);
        return NULL;
    }
    if (m->system.mode == MODE_FUNCTIONAL && (m->trace.instructions || m->trace.memory)) {
        config_error(m->setup.config, "trace", m->trace.memory ? "memory" : "instructions", e,
                     "nothing has cycles with system.mode = functional");
        return NULL;
    }
    if (m->trace.squashed && !m->trace.instructions) {
        config_error(m->setup.config, "trace", "squashed", e,
                     "has no effect without trace.instructions = yes");
        return NULL;
    }
    if (!trace_window_init(&window, m, e))
        return NULL;
    struct trace *t = xcalloc(1, sizeof *t);
    *t = (struct trace){.file = file, .window = window};
    if (m->trace.instructions)
        t->instructions = inst_trace_create(m, file);
    t->memory = mem_trace_create(m, file, &t->window);
    return t;
}

void trace_destroy(struct trace *t)
{
    if (!t)
        return;
    mem_trace_destroy(t->memory);
    free(t);
}

void trace_retired(struct trace *t, const struct retirement *r)
{
    if (trace_window_retired(&t->window, r) && t->instructions)
        inst_trace_add(t->instructions, r);
}

void trace_squashed(struct trace *t, const struct retirement *r)
{
    if (t->instructions && trace_window_holds(&t->window, r->retire_cycle))
        inst_trace_add_squashed(t->instructions, r);
}

void trace_end(struct trace *t)
{
    result_inst_trace_end(t->file);
    mem_trace_end(t->memory);
    result_mem_trace_end(t->file);
}
