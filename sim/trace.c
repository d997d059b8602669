#include "sim/trace.h"

#include <stdlib.h>

#include "sim/base/bits.h"
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
    bool records_memory;
};

/* The window, when nothing looks through it. */
static bool check_window(const struct machine *m, struct err *e)
{
    const struct {
        const char *key;
        bool is_set;
    } keys[] = {{"from", *m->trace.from}, {"to", *m->trace.to}, {"last", m->trace.last}};
    if (m->trace.instructions || m->trace.memory)
        return true;
    for (size_t n = 0; n < ARRAY_LEN(keys); n++)
        if (keys[n].is_set)
            return config_error(m->setup.config, "trace", keys[n].key, e,
                                "without effect: nothing is recorded; set trace.instructions or "
                                "trace.memory to yes, or remove this");
    return true;
}

bool trace_check(const struct machine *m, struct err *e)
{
    const struct config *c = m->setup.config;
    if (m->trace.last > TRACE_LAST_MAX)
        return config_error(c, "trace", "last", e, "at most %d fit into memory", TRACE_LAST_MAX);
    if (m->system.mode == MODE_FUNCTIONAL && (m->trace.instructions || m->trace.memory))
        return config_error(c, "trace", m->trace.memory ? "memory" : "instructions", e,
                            "nothing has cycles with system.mode = functional");
    if (m->trace.squashed && !m->trace.instructions)
        return config_error(c, "trace", "squashed", e,
                            "has no effect without trace.instructions = yes");
    return check_window(m, e);
}

struct trace *trace_create(struct machine *m, struct result *file, struct err *e)
{
    struct trace_window window;
    if (!trace_window_init(&window, m, e))
        return NULL;
    struct trace *t = xcalloc(1, sizeof *t);
    *t = (struct trace){.file = file, .window = window, .records_memory = m->trace.memory};
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
    if (t->instructions || t->records_memory)
        trace_window_warn(&t->window);
    result_inst_trace_end(t->file);
    mem_trace_end(t->memory);
    result_mem_trace_end(t->file);
}
