#include "sim/several.h"

#include "models/cache/hierarchy.h"
#include "sim/base/bits.h"
#include "sim/exec/wrong_path.h"
#include "sim/machine.h"

/* How often, in cycles, the ends of warm-up and intervals are looked for. */
#define LOOK_CYCLES 100u

/* A reservation is for a block of so many bytes (Book II, 1.7.2.1: reservation granule). */
#define RESERVATION_BYTES UINT64_C(128)

static bool refuse(const struct machine *m, bool is_set, const char *section, const char *key,
                   struct err *e)
{
    return !is_set || config_error(m->setup.config, section, key, e,
                                   "is for one core: needs system.cores = 1");
}

static bool check_output(const struct machine *m, struct err *e)
{
    return refuse(m, *m->output.retire_trace, "output", "retire_trace", e) &&
           refuse(m, m->output.functions, "output", "functions", e) &&
           refuse(m, m->output.sites, "output", "sites", e) &&
           refuse(m, *m->sample.points, "sample", "points", e) &&
           refuse(m, m->trace.instructions, "trace", "instructions", e) &&
           refuse(m, m->trace.squashed, "trace", "squashed", e) &&
           refuse(m, m->trace.memory, "trace", "memory", e);
}

/* The core to blame is the one whose own section says something else. */
static bool refuse_difference(const struct machine_core *c, const char *key, const char *why,
                              struct err *e)
{
    const struct config *config = c->machine->setup.config;
    const struct machine_core *zero = c->machine->cores;
    bool is_own = config_sets(config, c->section, key);
    return config_error(config, is_own ? c->section : zero->section, key, e,
                        "must be that of core %u: %s", is_own ? 0 : c->number, why);
}

static bool check_core(const struct machine_core *c, struct err *e)
{
    const struct machine *m = c->machine;
    const struct core_ops *model = core_model(c->keys.model);
    if (!model->wake)
        return config_error(m->setup.config, c->section, "model", e,
                            "a machine with this pipeline has one core");
    if (c->keys.clock != m->cores->keys.clock)
        return refuse_difference(c, "clock", "all cores have one clock", e);
    return c->cpu_keys.isa == m->cores->cpu_keys.isa ||
           refuse_difference(c, "isa", "a thread may run on any core", e);
}

bool several_check(struct machine *m, struct err *e)
{
    if (m->core_count == 1)
        return true;
    if (m->system.kind != KIND_USER)
        return config_error(m->setup.config, "system", "cores", e, "a board has one core");
    if (m->setup.gdb_port >= 0 && m->system.mode == MODE_TIMING)
        return config_error(m->setup.config, "system", "cores", e,
                            "--gdb in timing mode is for one core; with -m functional it is not");
    for (uint32_t n = 0; n < m->core_count; n++)
        if (!check_core(&m->cores[n], e))
            return false;
    return check_output(m, e);
}

/* Core `by` does so in its turn of this tick: whoever has had his turn sees it in the next one. */
static void wake(struct machine *m, uint32_t number, uint32_t by)
{
    struct core *core = m->cores[number].core;
    if (m->several.running && number != by)
        core->ops->wake(core, engine_now(m->engine) + (by > number));
}

static void set_idle(void *ctx, uint32_t core, bool is_idle)
{
    struct machine *m = ctx;
    m->cores[core].exec.idle = is_idle;
    if (!is_idle)
        wake(m, core, m->several.entered);
}

static void interrupt(void *ctx, uint32_t core)
{
    struct machine *m = ctx;
    exec_interrupt(&m->cores[core].exec);
}

void several_os(struct machine *m, struct linux_config *config)
{
    m->several.cpus = xcalloc(m->core_count, sizeof *m->several.cpus);
    for (uint32_t n = 0; n < m->core_count; n++)
        m->several.cpus[n] = &m->cores[n].cpu;
    config->core_count = m->core_count;
    config->cpus = m->several.cpus;
    config->set_idle = set_idle;
    config->interrupt = interrupt;
}

void several_enter(struct machine_core *c) { c->machine->several.entered = c->number; }

/* Deadlines are of all cores, and so is the end. */
void several_leave(struct machine_core *c, bool goes_on)
{
    struct machine *m = c->machine;
    for (uint32_t n = 0; n < m->core_count; n++) {
        if (goes_on) {
            core_find_timer(&m->cores[n]);
        } else {
            m->cores[n].exec.halted = true;
            wake(m, n, c->number);
        }
    }
}

static bool touches(uint64_t pa, uint64_t bytes, uint64_t block)
{
    return pa < block + RESERVATION_BYTES && pa + bytes > block;
}

/* A store takes the reservations of other cores; that of a load is remembered by its place. */
static void reserve(struct machine_core *c, const struct op *op)
{
    struct machine *m = c->machine;
    if (op->flags & OP_LOAD && c->cpu.reservation.valid && c->cpu.reservation.ea == op->ea)
        c->reserved_pa = align_down(op->pa, RESERVATION_BYTES);
    if (!(op->flags & OP_STORE) || !op->bytes)
        return;
    uint64_t first = min_u64(op->bytes, FRAME_BYTES - (op->pa & (FRAME_BYTES - 1)));
    for (uint32_t n = 0; n < m->core_count; n++) {
        struct machine_core *other = &m->cores[n];
        bool is_hit = touches(op->pa, first, other->reserved_pa) ||
                      (first < op->bytes &&
                       touches(op->second_page_pa, op->bytes - first, other->reserved_pa));
        if (other != c && is_hit)
            other->cpu.reservation.valid = false;
    }
}

static void stop_all(struct machine *m, uint32_t by)
{
    for (uint32_t n = 0; n < m->core_count; n++) {
        m->cores[n].core->ops->stop(m->cores[n].core);
        wake(m, n, by);
    }
}

void several_stop(struct machine *m) { stop_all(m, UINT32_MAX); }

/* An instruction that has to be the oldest is waited for without looking at anything else: whether
 * a core is asked in each cycle or sleeps makes no difference then. */
static enum exec_status several_next(void *source, struct op *op, bool is_oldest)
{
    struct machine_core *c = source;
    struct several *s = &c->machine->several;
    if (c->diverged)
        return wrong_path_next(c->wrong_path, op);
    if (c->exec.halted || c->exec.idle)
        return c->exec.halted ? EXEC_HALTED : EXEC_IDLE;
    if (c->waits && !is_oldest)
        return EXEC_WAIT;
    enum exec_status status = core_next(c, op, is_oldest);
    c->waits = status == EXEC_WAIT;
    if (status != EXEC_OK)
        return status;
    reserve(c, op);
    if (!(op->flags & OP_FAULT) && ++s->executed >= s->limit)
        stop_all(c->machine, c->number);
    return EXEC_OK;
}

static void finished(void *owner, struct core *core)
{
    struct machine *m = owner;
    (void)core;
    if (++m->several.finished == m->core_count)
        engine_stop(m->engine);
}

static void mark(struct event *ev, uint64_t now)
{
    struct machine *m = ev->owner;
    (void)now;
    several_sync(m);
    guest_mark_phase(m, m->several.marker);
}

/* The phase begins when all cores have done this cycle. */
static void marked(void *owner, struct core *core, const struct insn *marker)
{
    struct machine *m = owner;
    (void)core;
    m->several.marker = marker;
    if (!event_pending(&m->several.marked))
        engine_schedule(m->engine, &m->several.marked, engine_now(m->engine), PHASE_STATS);
}

void several_env(struct machine_core *c, struct core_env *env)
{
    env->source.quick = NULL; /* each instruction is counted and seen by the others */
    env->source.next = several_next;
    env->max_instructions = UINT64_MAX;
    env->interval_instructions = env->warmup_instructions = 0;
    env->hooks.finished = finished;
    env->hooks.marked = marked;
    c->waits = false;
}

void several_sync(struct machine *m)
{
    for (uint32_t n = 0; n < m->core_count; n++)
        m->cores[n].core->ops->sync(m->cores[n].core, engine_now(m->engine));
}

static void look_later(struct machine *m)
{
    uint64_t next = engine_now(m->engine) + LOOK_CYCLES * m->cores->clock.period_ticks;
    engine_schedule(m->engine, &m->several.look, next, PHASE_STATS);
}

static void look(struct event *ev, uint64_t now)
{
    struct machine *m = ev->owner;
    struct several *s = &m->several;
    uint64_t done = 0;
    (void)now;
    for (uint32_t n = 0; n < m->core_count; n++)
        done += m->cores[n].core->stats.instructions;
    if (done >= min_u64(s->warm_at, s->interval_at))
        several_sync(m);
    if (done >= s->warm_at) {
        s->warm_at = UINT64_MAX;
        m->setup.hooks.phase(m->setup.hooks.owner, "roi");
    }
    if (done >= s->interval_at) {
        s->interval_at = done + m->output.interval;
        m->setup.hooks.interval(m->setup.hooks.owner);
    }
    look_later(m);
}

/* One core alone ends warm-up and intervals itself. */
static void look_after_all(struct machine *m)
{
    struct several *s = &m->several;
    uint64_t limit = machine_limit(m);
    s->limit = limit == UINT64_MAX ? limit : limit - m->stats.fast_forwarded;
    s->warm_at = m->sample.warmup ? m->sample.warmup : UINT64_MAX;
    s->interval_at = m->output.interval ? m->output.interval : UINT64_MAX;
    s->look = (struct event){.fn = look, .owner = m};
    s->marked = (struct event){.fn = mark, .owner = m};
    linux_use_all_cores(m->os);
    look_later(m);
}

void several_start(struct machine *m)
{
    if (m->core_count > 1)
        look_after_all(m);
    for (uint32_t n = 0; n < m->core_count; n++) {
        core_find_timer(&m->cores[n]);
        m->cores[n].core->ops->start(m->cores[n].core);
    }
    m->several.running = m->core_count > 1;
}
