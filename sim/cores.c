/* The cores of a machine: what each executes, as its pipeline sees it, and what it tells others. */
#include <stdio.h>

#include "models/cache/hierarchy.h"
#include "sim/base/bits.h"
#include "sim/bbv.h"
#include "sim/exec/wrong_path.h"
#include "sim/machine.h"
#include "sim/retire_trace.h"
#include "sim/sites.h"

bool cores_bind(struct machine *m, struct err *e)
{
    struct config *config = m->setup.config;
    m->core_count = m->system.cores;
    m->cores = xcalloc(m->core_count, sizeof *m->cores);
    for (uint32_t n = 0; n < m->core_count; n++) {
        struct machine_core *c = &m->cores[n];
        snprintf(c->section, sizeof c->section, m->core_count > 1 ? "core.%u" : "core", n);
        c->machine = m;
        c->number = n;
        c->timer_ns = UINT64_MAX;
        c->exec.cpu = &c->cpu; /* may be looked at before anything can be executed */
        if (!config_bind(config, c->section, core_key_rows, &c->keys, e) ||
            !config_bind(config, c->section, cpu_key_rows, &c->cpu_keys, e))
            return false;
        c->clock = clock_from_hz(c->keys.clock);
    }
    return true;
}

enum core_end cores_end(const struct machine *m)
{
    enum core_end end = CORE_HALTED;
    for (uint32_t n = 0; n < m->core_count; n++) {
        enum core_end one = m->cores[n].core->ops->end(m->cores[n].core);
        if (one == CORE_RUNNING)
            return one;
        if (one == CORE_LIMIT)
            end = one;
    }
    return end;
}

uint64_t cores_retired(const struct machine *m)
{
    uint64_t sum = 0;
    for (uint32_t n = 0; n < m->core_count; n++)
        sum += m->cores[n].core->stats.instructions + m->cores[n].core->stats.exceptions;
    return sum;
}

uint64_t cores_icount(const struct machine *m)
{
    uint64_t sum = 0;
    for (uint32_t n = 0; n < m->core_count; n++)
        sum += m->cores[n].cpu.icount;
    return sum;
}

static bool debug_attend(void *ctx)
{
    struct machine *m = ctx;
    if (*m->setup.attention)
        m->setup.hooks.attend(m->setup.hooks.owner);
    return !m->stopping;
}

static void debug_raise(void *ctx, uint32_t signo)
{
    struct machine *m = ctx;
    guest_raise(m, signo);
    exec_interrupt(&m->cores->exec);
}

/* The first process. */
static bool debug_is_shown(void *ctx)
{
    const struct machine *m = ctx;
    return !m->os || linux_is_running(m->os);
}

static void debug_describe(void *ctx, char *text, size_t room)
{
    const struct machine *m = ctx;
    snprintf(text, room, "%llu instructions, %llu cycles",
             (unsigned long long)machine_instructions(m), (unsigned long long)machine_cycles(m));
}

static bool build_executor(struct machine_core *c, struct err *e)
{
    struct machine *m = c->machine;
    struct exec_system system = guest_system(c);
    struct gdb_target target = {.exec = &c->exec, .attend = debug_attend, .raise = debug_raise,
                                .is_shown = debug_is_shown, .describe = debug_describe,
                                .ctx = m};
    if (m->setup.gdb_port >= 0) {
        m->gdb = gdb_create(&target, (uint16_t)m->setup.gdb_port, e);
        if (!m->gdb)
            return false;
        system = gdb_system(m->gdb, system);
    }
    exec_init(&c->exec, &c->cpu, system);
    c->exec.keeps_operands = c->core->needs_operands;
    return true;
}

bool executors_build(struct machine *m, struct err *e)
{
    for (uint32_t n = 0; n < m->core_count; n++)
        if (!build_executor(&m->cores[n], e))
            return false;
    return true;
}

static enum exec_status execute_next(struct machine_core *c, struct op *op, bool is_oldest)
{
    return c->machine->gdb ? gdb_next(c->machine->gdb, op, is_oldest)
                           : exec_next(&c->exec, op, is_oldest);
}

/* Whether something has to be looked at before each instruction. */
static void watch(struct machine_core *c)
{
    c->exec.is_watched = c->diverged || c->timer_ns != UINT64_MAX;
}

void core_find_timer(struct machine_core *c)
{
    c->timer_ns = guest_next_deadline_ns(c->machine, c->number);
    watch(c);
}

/* The executor as the core sees it, with the guest's timers looked after: what the system did when
 * it had control may have set one. */
enum exec_status core_next(struct machine_core *c, struct op *op, bool is_oldest)
{
    if (c->exec.entered_system)
        core_find_timer(c);
    c->exec.entered_system = false;
    if (c->timer_ns != UINT64_MAX && machine_now_ns(c->machine) >= c->timer_ns)
        exec_interrupt(&c->exec);
    bool timer_fired = c->exec.interrupt;
    enum exec_status status = execute_next(c, op, is_oldest);
    if (timer_fired)
        core_find_timer(c);
    return status;
}

/* On a wrong path timers, other threads and the debugger wait for the right one. */
static enum exec_status source_next(void *source, struct op *op, bool is_oldest)
{
    struct machine_core *c = source;
    return c->diverged ? wrong_path_next(c->wrong_path, op) : core_next(c, op, is_oldest);
}

static uint32_t source_diverge(void *source, uint64_t ea)
{
    struct machine_core *c = source;
    uint32_t mark = wrong_path_diverge(c->wrong_path, ea);
    c->diverged = c->diverged || mark;
    watch(c);
    return mark;
}

static void source_restore(void *source, uint32_t mark)
{
    struct machine_core *c = source;
    wrong_path_restore(c->wrong_path, mark);
    c->diverged = mark > 1;
    watch(c);
}

static bool source_walk(void *source, uint64_t ea, struct op_walk *w)
{
    const struct machine_core *c = source;
    struct radix_path path;
    bool found = board_walk(c->machine->board, ea, &path);
    *w = (struct op_walk){.partition_pa = path.partition_pa, .process_pa = path.process_pa,
                          .levels = found ? path.levels : 0};
    for (uint32_t n = 0; n < w->levels; n++) {
        w->level[n].pa = path.pa[n];
        w->level[n].shift = (uint8_t)(path.left[n] - FRAME_BITS);
        w->level[n].bits = path.bits[n];
    }
    return found;
}

static const struct insn *source_peek(void *source, uint64_t ea)
{
    struct machine_core *c = source;
    return exec_peek(&c->exec, ea);
}

static void core_finished(void *owner, struct core *c)
{
    struct machine *m = owner;
    (void)c;
    engine_stop(m->engine);
}

static void core_interval(void *owner, struct core *c)
{
    struct machine *m = owner;
    (void)c;
    m->setup.hooks.interval(m->setup.hooks.owner);
}

static void core_warm(void *owner, struct core *c)
{
    struct machine *m = owner;
    char name[32] = "roi";
    (void)c;
    if (m->points)
        snprintf(name, sizeof name, "point%u", m->point);
    m->setup.hooks.phase(m->setup.hooks.owner, name);
}

static void core_marked(void *owner, struct core *c, const struct insn *marker)
{
    (void)c;
    guest_mark_phase(owner, marker);
}

static void core_attend(void *owner, struct core *c)
{
    struct machine *m = owner;
    (void)c;
    m->setup.hooks.attend(m->setup.hooks.owner);
}

static void core_retired(void *owner, const struct retirement *r)
{
    struct machine *m = owner;
    if ((m->trace.instructions || m->trace.memory) && m->setup.hooks.retired)
        m->setup.hooks.retired(m->setup.hooks.owner, r);
    if (m->retire_trace)
        retire_trace_write(m->retire_trace, r);
    if (m->sites)
        sites_retired(m->sites, r);
    if (m->bbv)
        bbv_retired(m->bbv, r);
}

static void core_squashed(void *owner, const struct retirement *r)
{
    struct machine *m = owner;
    m->setup.hooks.squashed(m->setup.hooks.owner, r);
}

static bool wants_retired(const struct machine *m)
{
    return m->trace.instructions || m->trace.memory || m->retire_trace || m->sites ||
           m->bbv;
}

static struct tlb_port tlb_port(struct machine_core *c, struct tlb_port port,
                                enum radix_side side)
{
    return c->machine->system.kind == KIND_USER
               ? port
               : real_tlb_port(&c->real_tlb[side], port, &c->cpu.sup.radix.is_relocated[side]);
}

/* Whether the pipeline tells what the configuration wants to know, and does what it asks for. */
static bool model_serves(const struct machine *m, const struct core_ops *model, struct err *e)
{
    if (m->sites && !model->tells_causes)
        return config_error(m->setup.config, "output", "sites", e,
                            "core.model = %s does not tell what delayed a branch or load",
                            model->name);
    if (m->trace.memory && model->has_own_memory)
        return config_error(m->setup.config, "trace", "memory", e,
                            "core.model = %s has caches of its own, which tell nothing",
                            model->name);
    if (m->trace.squashed && !model->tells_squashed)
        return config_error(m->setup.config, "trace", "squashed", e,
                            "core.model = %s executes nothing in vain", model->name);
    if (m->points && !model->window)
        return config_error(m->setup.config, "sample", "points", e,
                            "core.model = %s times a run as a whole", model->name);
    return true;
}

/* What the pipeline executes. */
static struct op_source source_of(struct machine_core *c)
{
    const struct machine *m = c->machine;
    return (struct op_source){
        .quick = m->setup.gdb_port < 0 ? &c->exec : NULL,
        .quick_diverged = wrong_path_exec(c->wrong_path), .next = source_next,
        .peek = source_peek, .diverge = source_diverge, .restore = source_restore,
        .walk = m->system.kind != KIND_USER ? source_walk : NULL, .source = c};
}

/* Whom the pipeline tells; per-instruction hooks only where somebody listens. */
static struct core_hooks hooks_of(struct machine *m)
{
    bool squashed = m->trace.squashed && m->setup.hooks.squashed;
    return (struct core_hooks){
        .interval = core_interval, .warm = core_warm, .attend = core_attend,
        .finished = core_finished, .marked = core_marked, .owner = m,
        .retired = wants_retired(m) ? core_retired : NULL,
        .squashed = squashed ? core_squashed : NULL};
}

/* Instructions to be timed: the limit counts from the start of the program. */
static uint64_t limit_of(const struct machine *m)
{
    uint64_t limit = machine_limit(m);
    return m->system.max_instructions ? limit - min_u64(m->sample.fast_forward, limit)
                                      : UINT64_MAX;
}

bool core_build(struct machine_core *c, struct err *e)
{
    struct machine *m = c->machine;
    struct hierarchy_ports ports = hierarchy_ports(m->hierarchy, c->number);
    c->wrong_path = wrong_path_create(&c->exec);
    struct core_env env = {
        .config = m->setup.config,
        .section = c->section,
        .number = c->number,
        .cores = m->core_count,
        .engine = m->engine,
        .clock = c->clock,
        .source = source_of(c),
        .fetch = ports.fetch,
        .data = ports.data,
        .itlb = tlb_port(c, ports.itlb, RADIX_FETCH),
        .dtlb = tlb_port(c, ports.dtlb, RADIX_DATA),
        .fetch_line = ports.fetch_line,
        .data_line = ports.data_line,
        .fetch_memory_level = ports.fetch_memory_level,
        .data_memory_level = ports.data_memory_level,
        .max_instructions = limit_of(m),
        .interval_instructions = m->output.interval,
        .warmup_instructions = m->points ? 0 : m->sample.warmup,
        .skip_idle = m->system.skip_idle,
        .histograms = m->output.histograms && m->system.mode == MODE_TIMING,
        .attention = m->setup.attention,
        .profile = m->profile,
        .hooks = hooks_of(m),
    };
    if (m->core_count > 1)
        several_env(c, &env);
    const struct core_ops *model = core_model(c->keys.model);
    if (!model_serves(m, model, e))
        return false;
    c->core = model->create(&env, e);
    return c->core != NULL;
}
