#include "sim/build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/cache/hierarchy.h"
#include "models/pipeline/profile.h"
#include "sim/base/bits.h"
#include "sim/exec/wrong_path.h"
#include "sim/machine.h"
#include "sim/places.h"
#include "sim/retire_trace.h"
#include "sim/sites.h"

static const struct stat_row machine_stat_rows[] = {
    MACHINE_STATS(STAT_ROW, machine_stats) STAT_END};

uint64_t machine_now_ns(void *ctx)
{
    const struct machine *m = ctx;
    if (m->core_started && m->system.time == TIME_CYCLES)
        return m->stats.fast_forwarded + engine_now(m->engine) / 1000;
    return exec_icount(&m->exec);
}

static bool bind_all(struct machine *m, struct err *e)
{
    struct config *c = m->setup.config;
    return config_bind(c, "system", system_key_rows, &m->system, e) &&
           config_bind(c, "workload", workload_key_rows, &m->workload, e) &&
           (m->system.kind == KIND_USER ||
            config_bind(c, "board", board_key_rows, &m->board_keys, e)) &&
           config_bind(c, "core", core_key_rows, &m->core_keys, e) &&
           config_bind(c, "core", cpu_key_rows, &m->cpu_keys, e) &&
           config_bind(c, "sample", sample_key_rows, &m->sample, e) &&
           config_bind(c, "output", output_key_rows, &m->output, e) &&
           config_bind(c, "trace", trace_key_rows, &m->trace, e);
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
    exec_interrupt(&m->exec);
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

static bool build_executor(struct machine *m, struct err *e)
{
    struct exec_system system = guest_system(m);
    struct gdb_target target = {.exec = &m->exec, .attend = debug_attend, .raise = debug_raise,
                                .is_shown = debug_is_shown, .describe = debug_describe,
                                .ctx = m};
    if (m->setup.gdb_port >= 0) {
        m->gdb = gdb_create(&target, (uint16_t)m->setup.gdb_port, e);
        if (!m->gdb)
            return false;
        system = gdb_system(m->gdb, system);
    }
    exec_init(&m->exec, &m->cpu, system);
    return true;
}

static inline enum exec_status execute_next(struct machine *m, struct op *op, bool is_oldest,
                                            bool is_debugged)
{
    return is_debugged ? gdb_next(m->gdb, op, is_oldest) : exec_next(&m->exec, op, is_oldest);
}

/* While a timer runs or the system waits to be asked; few programs spend time here. */
static __attribute__((noinline)) enum exec_status next_op_asked(struct machine *m, struct op *op,
                                                                bool is_oldest, bool is_debugged)
{
    if (m->timer_ns != UINT64_MAX && machine_now_ns(m) >= m->timer_ns)
        exec_interrupt(&m->exec);
    bool timer_fired = m->exec.interrupt;
    enum exec_status status = execute_next(m, op, is_oldest, is_debugged);
    if (timer_fired)
        m->timer_ns = guest_next_deadline_ns(m);
    return status;
}

/* The executor as the core sees it, with the guest's timers looked after. */
static inline enum exec_status next_op(struct machine *m, struct op *op, bool is_oldest,
                                       bool is_debugged)
{
    bool is_asked = m->timer_ns != UINT64_MAX || m->exec.interrupt;
    enum exec_status status = __builtin_expect(is_asked, 0)
                                  ? next_op_asked(m, op, is_oldest, is_debugged)
                                  : execute_next(m, op, is_oldest, is_debugged);
    if (status == EXEC_OK && __builtin_expect(op->flags & OP_SYSTEM, 0))
        m->timer_ns = guest_next_deadline_ns(m);
    return status;
}

/* On a wrong path timers, other threads and the debugger wait for the right one. */
static enum exec_status source_next(void *source, struct op *op, bool is_oldest)
{
    struct machine *m = source;
    return __builtin_expect(m->diverged, 0) ? wrong_path_next(m->wrong_path, op)
                                            : next_op(m, op, is_oldest, false);
}

static enum exec_status source_next_debugged(void *source, struct op *op, bool is_oldest)
{
    struct machine *m = source;
    return m->diverged ? wrong_path_next(m->wrong_path, op) : next_op(m, op, is_oldest, true);
}

static uint32_t source_diverge(void *source, uint64_t ea)
{
    struct machine *m = source;
    uint32_t mark = wrong_path_diverge(m->wrong_path, ea);
    m->diverged = m->diverged || mark;
    return mark;
}

static void source_restore(void *source, uint32_t mark)
{
    struct machine *m = source;
    wrong_path_restore(m->wrong_path, mark);
    m->diverged = mark > 1;
}

static bool source_walk(void *source, uint64_t ea, struct op_walk *w)
{
    const struct machine *m = source;
    struct radix_path path;
    bool found = board_walk(m->board, ea, &path);
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
    struct machine *m = source;
    return exec_peek(&m->exec, ea);
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
    (void)c;
    m->setup.hooks.phase(m->setup.hooks.owner, "roi");
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
    if (m->trace.instructions && m->setup.hooks.retired)
        m->setup.hooks.retired(m->setup.hooks.owner, r);
    if (m->retire_trace)
        retire_trace_write(m->retire_trace, r);
    if (m->sites)
        sites_retired(m->sites, r);
}

static struct tlb_port tlb_port(struct machine *m, struct tlb_port port, enum radix_side side)
{
    return m->system.kind != KIND_BARE
               ? port
               : real_tlb_port(&m->real_tlb[side], port, &m->cpu.sup.radix.is_relocated[side]);
}

static bool build_core(struct machine *m, struct err *e)
{
    struct hierarchy_ports ports = hierarchy_ports(m->hierarchy, 0);
    struct core_env env = {
        .config = m->setup.config,
        .section = "core",
        .engine = m->engine,
        .clock = m->clock,
        .source = {.next = m->setup.gdb_port < 0 ? source_next : source_next_debugged,
                   .peek = source_peek, .diverge = source_diverge, .restore = source_restore,
                   .walk = m->system.kind == KIND_BARE ? source_walk : NULL, .source = m},
        .fetch = ports.fetch,
        .data = ports.data,
        .itlb = tlb_port(m, ports.itlb, RADIX_FETCH),
        .dtlb = tlb_port(m, ports.dtlb, RADIX_DATA),
        .fetch_line = ports.fetch_line,
        .data_line = ports.data_line,
        .fetch_memory_level = ports.fetch_memory_level,
        .data_memory_level = ports.data_memory_level,
        .max_instructions = UINT64_MAX,
        .interval_instructions = m->output.interval,
        .warmup_instructions = m->sample.warmup,
        .skip_idle = m->system.skip_idle,
        .attention = m->setup.attention,
        .profile = m->profile,
        .hooks = {.interval = core_interval, .warm = core_warm, .attend = core_attend,
                  .finished = core_finished, .marked = core_marked, .owner = m,
                  .retired = m->trace.instructions || m->retire_trace || m->sites ? core_retired
                                                                               : NULL},
    };
    if (m->system.max_instructions)
        env.max_instructions = machine_limit(m) - min_u64(m->sample.fast_forward,
                                                              machine_limit(m));
    m->wrong_path = wrong_path_create(&m->exec);
    const struct core_ops *model = core_model(m->core_keys.model);
    if (m->sites && !model->tells_causes)
        return config_error(m->setup.config, "output", "sites", e,
                            "core.model = %s does not tell what delayed a branch or load",
                            model->name);
    m->core = model->create(&env, e);
    return m->core != NULL;
}

static void build_profile(struct machine *m)
{
    if (m->output.functions || m->output.sites)
        m->places = places_create(m);
    if (m->output.sites)
        m->sites = sites_create(m->places);
    if (!m->output.functions)
        return;
    m->profile = profile_create();
    m->profile->page_used = places_page_used;
    m->profile->ctx = m->places;
}

static bool build_timing(struct machine *m, struct err *e)
{
    m->engine = engine_create();
    if (m->system.mode == MODE_TIMING)
        build_profile(m);
    m->clock = clock_from_hz(m->core_keys.clock);
    struct hierarchy_setup setup = {.config = m->setup.config, .engine = m->engine,
                                    .clock = m->clock, .cores = 1, .seed = m->workload.seed};
    machine_walks(m, &setup);
    m->hierarchy = hierarchy_create(&setup, e);
    if (*m->output.retire_trace) {
        m->retire_trace = retire_trace_open(m->output.retire_trace, e);
        if (!m->retire_trace)
            return false;
    }
    return m->hierarchy && build_core(m, e);
}

static void build_stats(struct machine *m)
{
    struct stats *s = m->tree = stats_create();
    stats_add(s, "system", machine_stat_rows, &m->stats);
    guest_add_stats(m, s);
    m->core->ops->add_stats(m->core, s);
    if (m->profile && m->profile->cpi)
        profile_register(m->profile, s, "core", m->core->ops->width(m->core));
    hierarchy_register(m->hierarchy, s);
    stats_formula(s, "core", "ipc", "core.instructions / core.cycles", "instructions per cycle");
    stats_formula(s, "core", "cpi", "core.cycles / core.instructions", "cycles per instruction");
    stats_formula(s, "bpred", "mpki", "1000 * bpred.mispredicts / core.instructions",
                  "mispredicts per thousand instructions");
}

struct machine *machine_create(const struct machine_setup *setup, struct err *e)
{
    struct machine *m = xcalloc(1, sizeof *m);
    m->setup = *setup;
    m->roots = ROOTS_NONE;
    m->cpu.mmu = NULL;
    if (bind_all(m, e) && build_timing(m, e) && config_finish(setup->config, e) &&
        guest_create(m, e) && build_executor(m, e)) {
        m->exec.keeps_operands = m->core->ops->needs_operands;
        build_stats(m);
        return m;
    }
    machine_destroy(m);
    return NULL;
}

void machine_destroy(struct machine *m)
{
    if (!m)
        return;
    if (m->core)
        m->core->ops->destroy(m->core);
    profile_destroy(m->profile);
    sites_destroy(m->sites);
    places_destroy(m->places);
    if (m->hierarchy)
        hierarchy_destroy(m->hierarchy);
    if (m->engine)
        engine_destroy(m->engine);
    if (m->tree)
        stats_destroy(m->tree);
    retire_trace_close(m->retire_trace);
    gdb_destroy(m->gdb);
    wrong_path_destroy(m->wrong_path);
    guest_destroy(m);
    free(m);
}

int machine_exit_status(const struct machine *m) { return guest_exit_status(m); }
struct stats *machine_stats(struct machine *m) { return m->tree; }

void machine_update_stats(struct machine *m)
{
    m->stats.ticks = engine_now(m->engine);
    guest_update_stats(m);
    if (m->system.mode == MODE_FUNCTIONAL)
        m->core->stats.instructions = exec_icount(&m->exec);
}

struct core *machine_core(struct machine *m) { return m->core; }
struct places *machine_places(const struct machine *m) { return m->profile ? m->places : NULL; }
struct sites *machine_sites(const struct machine *m) { return m->sites; }

void machine_end_phase(struct machine *m)
{
    if (m->profile)
        profile_cut(m->profile);
    if (m->sites)
        sites_end_phase(m->sites);
}
struct cpu *machine_cpu(struct machine *m) { return &m->cpu; }
/* The executor is ahead of a core's retirement. */
uint64_t machine_instructions(const struct machine *m)
{
    return m->core_started ? m->stats.fast_forwarded + m->core->stats.instructions
                           : exec_icount(&m->exec);
}

uint64_t machine_cycles(const struct machine *m) { return m->core->stats.cycles; }
const struct system_keys *machine_system_keys(const struct machine *m) { return &m->system; }
const struct sample_keys *machine_sample_keys(const struct machine *m) { return &m->sample; }
const struct output_keys *machine_output_keys(const struct machine *m) { return &m->output; }
const struct trace_keys *machine_trace_keys(const struct machine *m) { return &m->trace; }
const struct workload_keys *machine_workload_keys(const struct machine *m) { return &m->workload; }
const char *machine_program_path(const struct machine *m) { return m->program_path; }
const char *const *machine_arguments(const struct machine *m) { return m->setup.arguments; }
