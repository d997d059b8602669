/* Runs a machine: fast-forwarding, functional or timed, to its end. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/bbv.h"
#include "sim/machine.h"
#include "sim/points.h"
#include "sim/warming.h"

/* How many instructions functional mode runs between looks at the outside world. */
#define FUNCTIONAL_SLICE (UINT64_C(1) << 22)

static void look_outside(struct machine *m)
{
    uint64_t interval = m->output.interval, done = exec_icount(&m->cores->exec);
    m->cores->core->stats.instructions = done;
    if (m->system.mode == MODE_FUNCTIONAL && interval && done >= m->next_interval) {
        m->next_interval += interval;
        m->setup.hooks.interval(m->setup.hooks.owner);
    }
    if (*m->setup.attention)
        m->setup.hooks.attend(m->setup.hooks.owner);
}

/* Whoever executes, until he returns. */
static void execute(struct machine *m, uint64_t until)
{
    if (m->gdb)
        gdb_run(m->gdb, until);
    else if (m->warming)
        warming_run(m, until);
    else
        exec_run(&m->cores->exec, until);
}

/* Functional execution up to an exact count, with the guest's timers and the outside world served
 * in between. */
static void run_functional(struct machine *m, uint64_t until)
{
    struct machine_core *c = m->cores;
    struct exec *x = &c->exec;
    struct bbv *bbv = m->warming ? NULL : m->bbv; /* warming tells of each instruction */
    uint64_t timers_done = 0;
    if (bbv)
        bbv_start(bbv, &c->cpu);
    while (!x->halted && !m->stopping && exec_icount(x) < until) {
        uint64_t now = exec_icount(x), slice = min_u64(until, now + FUNCTIONAL_SLICE);
        core_find_timer(c);
        uint64_t deadline = c->timer_ns;
        if (m->system.mode == MODE_FUNCTIONAL && m->output.interval)
            slice = min_u64(slice, m->next_interval);
        if (bbv)
            slice = min_u64(slice, bbv_until(bbv));
        if (deadline > timers_done)
            slice = min_u64(slice, max_u64(deadline, now + 1));
        execute(m, slice);
        if (deadline <= machine_now_ns(m) && !x->halted) {
            timers_done = machine_now_ns(m);
            exec_interrupt(x);
            exec_run(x, exec_icount(x) + 1);
        }
        if (bbv)
            bbv_reached(bbv, &c->cpu);
        look_outside(m);
    }
    if (bbv)
        bbv_stop(bbv, &c->cpu);
}

static enum machine_end functional_end(const struct machine *m)
{
    return m->cores->exec.halted ? MACHINE_EXITED : m->stopping ? MACHINE_KILLED : MACHINE_LIMIT;
}

static void begin_phase(struct machine *m, const char *name)
{
    m->setup.hooks.phase(m->setup.hooks.owner, m->sample.markers ? "outside0" : name);
}

/* True when the run has ended already. */
static bool fast_forward(struct machine *m)
{
    if (!m->sample.fast_forward)
        return false;
    begin_phase(m, "fast_forward");
    run_functional(m, min_u64(m->sample.fast_forward, machine_limit(m)));
    m->stats.fast_forwarded = exec_icount(&m->cores->exec);
    m->cores->core->stats.instructions = 0;
    return m->cores->exec.halted || m->stopping || m->stats.fast_forwarded == machine_limit(m);
}

static enum machine_end run_timed(struct machine *m)
{
    m->core_started = true;
    if (!m->watchdog.machine)
        watchdog_start(&m->watchdog, m);
    several_start(m);
    engine_run(m->engine);
    switch (cores_end(m)) {
    case CORE_RUNNING:
        return MACHINE_HUNG;
    case CORE_HALTED:
        return MACHINE_EXITED;
    case CORE_LIMIT:
        break;
    }
    return m->stopping ? MACHINE_KILLED : MACHINE_LIMIT;
}

static void begin_numbered(struct machine *m, const char *name)
{
    char full[32];
    snprintf(full, sizeof full, "%s%u", name, m->point);
    begin_phase(m, full);
}

/* Up to where the point's warm-up begins; true when the run has ended before. */
static bool skip_to(struct machine *m, uint64_t until)
{
    struct core *core = m->cores->core;
    uint64_t timed = core->stats.instructions, now = exec_icount(&m->cores->exec);
    if (until <= now)
        return false;
    begin_numbered(m, "fast_forward");
    m->core_started = false;
    run_functional(m, until);
    core->stats.instructions = timed;
    m->stats.fast_forwarded += exec_icount(&m->cores->exec) - now;
    return m->cores->exec.halted || m->stopping;
}

/* The run ends with its last point. */
static enum machine_end run_points(struct machine *m)
{
    enum machine_end end = MACHINE_LIMIT;
    for (m->point = 0; m->point < m->points->count && end == MACHINE_LIMIT; m->point++) {
        const struct point_row *p = &m->points->row[m->point];
        uint64_t warmup = min_u64(m->sample.warmup, p->first);
        if (skip_to(m, p->first - warmup))
            return functional_end(m);
        warmup = p->first - min_u64(p->first, exec_icount(&m->cores->exec));
        begin_numbered(m, warmup ? "warmup" : "point");
        m->cores->core->ops->window(m->cores->core, warmup, warmup + p->instructions);
        end = run_timed(m);
    }
    return end;
}

static enum machine_end run_phases(struct machine *m)
{
    if (m->system.mode == MODE_FUNCTIONAL) {
        begin_phase(m, "roi");
        run_functional(m, machine_limit(m));
        return functional_end(m);
    }
    if (m->points)
        return run_points(m);
    if (fast_forward(m))
        return functional_end(m);
    begin_phase(m, m->sample.warmup ? "warmup" : "roi");
    return run_timed(m);
}

/* The executor's place: the pipelines are behind it. */
static void tell_place(const void *ctx, char *text, size_t room)
{
    const struct machine *m = ctx;
    int used = snprintf(text, room, "in cycle %" PRIu64,
                        engine_now(m->engine) / m->cores->clock.period_ticks);
    for (uint32_t n = 0; n < m->core_count && (size_t)used < room; n++)
        used += snprintf(text + used, room - (size_t)used, "%score %u at 0x%" PRIx64,
                         n ? ", " : "; ", n, m->cores[n].cpu.nia);
}

enum machine_end machine_run(struct machine *m)
{
    m->next_interval = m->output.interval;
    panic_set_context(tell_place, m);
    if (m->gdb)
        gdb_start(m->gdb);
    enum machine_end end = run_phases(m);
    if (m->gdb && end != MACHINE_KILLED && end != MACHINE_HUNG)
        gdb_end(m->gdb, end == MACHINE_EXITED ? machine_exit_status(m) : EXIT_LIMIT);
    panic_set_context(NULL, NULL);
    return end;
}

void machine_stop(struct machine *m)
{
    m->stopping = true;
    several_stop(m);
}

void machine_hang_report(const struct machine *m, char *text, size_t room)
{
    const struct machine_core *c = m->cores;
    int used = snprintf(text, room,
                        "nothing has retired for %s%" PRIu64 " cycles, in cycle %" PRIu64,
                        m->watchdog.barked ? "" : "less than ", c->keys.hang_cycles,
                        engine_now(m->engine) / c->clock.period_ticks);
    for (uint32_t n = 0; n < m->core_count && (size_t)used + 16 < room; n++) {
        if (m->core_count > 1)
            used += snprintf(text + used, room - (size_t)used, "; core %u: ", n);
        else
            used += snprintf(text + used, room - (size_t)used, ": ");
        if ((size_t)used >= room)
            return;
        c[n].core->ops->describe(c[n].core, text + used, room - (size_t)used);
        used += (int)strlen(text + used);
    }
}
