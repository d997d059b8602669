#include "sim/warming.h"

#include <stdlib.h>

#include "models/cache/hierarchy.h"
#include "models/pipeline/warming.h"
#include "sim/bbv.h"
#include "sim/exec/quick.h"
#include "sim/machine.h"

static bool refuse(const struct machine *m, struct err *e, const char *why)
{
    return config_error(m->setup.config, "sample", "warming", e, "%s", why);
}

/* simstat belady takes the trace for all that the cache has seen. */
static bool check_traces(const struct machine *m, struct err *e)
{
    for (uint32_t n = 0; n < hierarchy_node_count(m->hierarchy); n++) {
        struct hierarchy_node node = hierarchy_node(m->hierarchy, n);
        if (node.cache && cache_settings(node.cache)->trace)
            return config_error(m->setup.config, node.name, "trace", e,
                                "would lack the accesses of sample.warming = functional");
    }
    return true;
}

static bool check(const struct machine *m, struct err *e)
{
    const struct core_ops *model = m->cores->core->ops;
    if (m->core_count > 1)
        return refuse(m, e, "is for one core: needs system.cores = 1");
    if (!model->warming)
        return config_error(m->setup.config, "sample", "warming", e,
                            "core.model = %s has caches of its own, which only time fills",
                            model->name);
    if (m->setup.gdb_port >= 0)
        return refuse(m, e, "is without a debugger");
    if (!m->points && !m->sample.fast_forward)
        return refuse(m, e, "has an effect only while sample.fast_forward or sample.points "
                            "passes instructions by");
    return check_traces(m, e);
}

bool warming_build(struct machine *m, struct err *e)
{
    if (!m->sample.warming || m->system.mode == MODE_FUNCTIONAL)
        return true;
    if (!check(m, e))
        return false;
    m->warming = xcalloc(1, sizeof *m->warming);
    *m->warming = m->cores->core->ops->warming(m->cores->core);
    return true;
}

void warming_destroy(struct machine *m) { free(m->warming); }

/* True when an instruction has been executed or has raised. What polls the system goes back to the
 * caller then, as exec_run does. */
static bool next(struct exec *x, struct op *op, uint64_t until)
{
    if (__builtin_expect(exec_next_quickly(x, op), 1))
        return true;
    if (x->interrupt) {
        exec_run(x, until);
        return false;
    }
    x->entered_system = false; /* else there is no quick way any more */
    return exec_next(x, op, true) == EXEC_OK;
}

void warming_run(struct machine *m, uint64_t until)
{
    struct exec *x = &m->cores->exec;
    const struct cpu *s = x->cpu;
    struct op op = {.flags = 0};
    bool keeps_operands = x->keeps_operands, is_watched = x->is_watched;
    x->keeps_operands = x->is_watched = false; /* whoever runs this looks at the timers himself */
    warming_restart(m->warming);
    while (s->icount < until && next(x, &op, until)) {
        warming_op(m->warming, &op);
        if (m->bbv)
            bbv_executed(m->bbv, &op);
    }
    x->keeps_operands = keeps_operands;
    x->is_watched = is_watched;
    x->entered_system = false;
}
