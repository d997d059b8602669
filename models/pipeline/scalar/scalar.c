#include "models/pipeline/scalar/scalar.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

static const struct key_row scalar_key_rows[] = {SCALAR_KEYS(KEY_ROW, scalar_keys) KEY_END};
static const struct stat_row scalar_stat_rows[] = {SCALAR_STATS(STAT_ROW, scalar_stats) STAT_END};

static struct scalar *self(struct core *c) { return (struct scalar *)c; }

/* Signals that follow from the latches alone. */
static void drive_wires(struct scalar *p)
{
    struct wires *w = &p->wires;
    w->memory_stall = p->dcache.full || p->dcache.failed || p->lsu.s2.busy;
    w->unit_stall = w->memory_stall || p->fpu.holds;
    w->busy = w->memory_stall || p->lsu.s1.busy || p->e1.busy || p->fpu.busy;
    w->deferred = p->decode2.valid && w->busy;
    w->decode1_stall = p->decode2.busy || w->deferred;
    w->redirect = p->decode1.redirect;
    w->redirect_pc = p->decode1.redirect_pc;
}

static enum cpi_part busy_part(const struct scalar *p)
{
    const struct dcache_work *w = &p->dcache.work;
    if (p->fpu.busy)
        return cpi_dependency[p->flights[p->fpu.flight].op.row->class];
    if (p->e1.busy)
        return PART_UNIT;
    if (p->dcache.full)
        return w->store ? PART_STORE : w->sync ? PART_SERIAL : PART_DCACHE_MEM;
    return p->lsu.s2.busy || p->dcache.failed ? PART_DCACHE_MEM : PART_UNIT;
}

static enum cpi_part front_part(const struct scalar *p)
{
    if (p->stopped)
        return PART_DRAIN;
    if (p->icache.state != IC_IDLE)
        return PART_ICACHE_MEM;
    return p->refill;
}

/* A cycle in which execute1 took nothing, with what held it. */
static void charge_lost(struct scalar *p, uint64_t cycles)
{
    enum cpi_part part;
    if (p->decode2.valid)
        part = p->wires.busy ? busy_part(p) : (enum cpi_part)p->refill;
    else if (p->decode2.busy)
        part = (enum cpi_part)p->blame;
    else
        part = front_part(p);
    p->lost = part;
    cpi_lose(&p->cpi, part, cycles);
}

static void run_cycle(struct scalar *p)
{
    const struct bus_request *const request[BUS_MASTERS] = {&p->dcache.bus, &p->icache.bus};
    struct bus_request written, *snooped = NULL;
    p->changed = false;
    const struct bus_request *accepted =
        scalar_bus_cycle(&p->bus, p->cycle, request, p->wires.bus);
    if (accepted && accepted->write) {
        written = *accepted;
        snooped = &written;
    }
    drive_wires(p);
    scalar_writeback(p);
    scalar_execute(p);
    if (!p->wires.issued)
        charge_lost(p, 1);
    scalar_decode2(p);
    scalar_decode1(p);
    scalar_icache_lookup(p);
    scalar_icache_cycle(p, snooped);
    scalar_lsu_cycle(p);
    scalar_fpu(p);
    if (p->wires.issued)
        p->refill = PART_FETCH;
    if (p->wires.flush)
        p->refill = p->wires.system ? PART_SYSTEM : PART_MISPREDICT;
    else if (p->wires.redirect)
        p->refill = PART_BRANCH;
    p->core.stats.cycles = p->charged = p->cycle + 1;
    if (p->hists.on)
        core_hists_cycle(&p->hists, p->core.stats.instructions);
}

/* Cycles slept through: nothing changed in them, so each is charged like the last one. */
static void charge_until(struct scalar *p, uint64_t cycle)
{
    if (cycle <= p->charged)
        return;
    cpi_lose(&p->cpi, (enum cpi_part)p->lost, cycle - p->charged);
    if (p->hists.on)
        hist_add_times(&p->hists.retired_per_cycle, 0, cycle - p->charged);
    if (p->dcache.bus.cycle || p->icache.bus.cycle)
        p->bus.stats.busy += cycle - p->charged;
    p->core.stats.cycles = p->charged = cycle;
}

static bool finished(const struct scalar *p)
{
    return !p->e1.valid && !p->e1.busy && !p->e2.valid && !p->lsu.s1.r.valid &&
           !p->lsu.s2.r.valid && !p->lsu.complete && !p->fpu.busy && !p->fpu.done &&
           p->dcache.state == DC_IDLE && !p->dcache.r0_full && !p->dcache.full;
}

/* The next cycle in which something can happen when nothing changed in this one: an operation ends
 * or memory answers. */
static uint64_t next_cycle(const struct scalar *p)
{
    uint64_t next = p->cycle + 1, wake = scalar_bus_next(&p->bus);
    if (p->changed || !p->env.skip_idle || p->lsu.hash_cycles)
        return next;
    if (p->fpu.active)
        wake = min_u64(wake, p->fpu.last_cycle);
    if (p->cycle < p->first_cycle)
        wake = p->first_cycle;
    if (p->e1.busy)
        wake = min_u64(wake, p->e1.busy_until);
    return wake == NEVER ? next : max_u64(wake, next);
}

static void report(struct scalar *p)
{
    const struct core_hooks *h = &p->env.hooks;
    if (p->marker) {
        const struct insn *marker = p->marker;
        p->marker = NULL;
        h->marked(h->owner, &p->core, marker);
    }
    if (p->core.stats.instructions >= p->reports.at)
        core_reports_make(&p->reports, &p->core, &p->env);
    if (*p->env.attention)
        h->attend(h->owner, &p->core);
}

static void tick(struct event *ev, uint64_t now)
{
    struct scalar *p = ev->owner;
    uint64_t next = now / p->env.clock.period_ticks, when;
    do {
        charge_until(p, next);
        p->cycle = next;
        run_cycle(p);
        report(p);
        if (p->stopped && finished(p)) {
            p->end = p->why;
            p->env.hooks.finished(p->env.hooks.owner, &p->core);
            return;
        }
        next = next_cycle(p);
        when = clock_ticks(p->env.clock, next);
    } while (engine_advance(p->env.engine, when, PHASE_CORE + p->env.number));
    engine_schedule(p->env.engine, &p->tick, when, PHASE_CORE + p->env.number);
}

static bool bind_cache(struct scalar *p, const char *name, struct scalar_cache_keys *keys,
                       struct err *e)
{
    struct config *c = p->env.config;
    char *section = xasprintf("%s.%s", p->env.section, name);
    bool ok = config_bind(c, section, scalar_cache_key_rows, keys, e);
    if (ok && !scalar_cache_check(keys))
        ok = config_error(c, section, "size", e,
                          "size, ways and line must be powers of two and a way at least a line");
    free(section);
    return ok;
}

static bool bind(struct scalar *p, struct err *e)
{
    struct config *c = p->env.config;
    char *units = xasprintf("%s.units", p->env.section);
    char *bus = xasprintf("%s.bus", p->env.section);
    bool ok = config_bind(c, p->env.section, scalar_key_rows, &p->keys, e) &&
              units_create(&p->units, c, units, e) &&
              bind_cache(p, "icache", &p->icache.keys, e) &&
              bind_cache(p, "dcache", &p->dcache.keys, e) &&
              config_bind(c, bus, scalar_bus_key_rows, &p->bus.keys, e);
    if (ok && !is_pow2(p->keys.btc_entries))
        ok = config_error(c, p->env.section, "btc_entries", e, "not a power of two");
    free(units);
    free(bus);
    return ok;
}

static void make_icache(struct scalar_icache *c)
{
    c->rows = (uint32_t)(c->keys.line / SCALAR_ROW);
    c->sets = (uint32_t)(c->keys.size / c->keys.line / c->keys.ways);
    c->line_bits = ilog2(c->keys.line);
    c->set_mask = c->sets - 1;
    c->tags = xcalloc(c->sets * c->keys.ways, sizeof *c->tags);
    c->valid = xcalloc(c->sets * c->keys.ways, sizeof *c->valid);
    c->plru = xcalloc(c->sets, sizeof *c->plru);
    c->read_set = c->touched = NO_SET;
}

#define DTLB_SETS 64u

static void make_dcache(struct scalar_dcache *c)
{
    c->rows = (uint32_t)(c->keys.line / SCALAR_ROW);
    c->sets = (uint32_t)(c->keys.size / c->keys.line / c->keys.ways);
    c->line_bits = ilog2(c->keys.line);
    c->set_mask = c->sets - 1;
    c->tags = xcalloc(c->sets * c->keys.ways, sizeof *c->tags);
    c->valid = xcalloc(c->sets * c->keys.ways, sizeof *c->valid);
    c->plru = xcalloc(c->sets, sizeof *c->plru);
    c->dtlb_sets = DTLB_SETS;
    c->dtlb = xcalloc(DTLB_SETS * DTLB_WAYS, sizeof *c->dtlb);
    c->dtlb_plru = xcalloc(DTLB_SETS, sizeof *c->dtlb_plru);
}

static void make(struct scalar *p)
{
    core_hists_create(&p->hists, p->env.histograms);
    make_icache(&p->icache);
    make_dcache(&p->dcache);
    p->fetch.btc = xcalloc(p->keys.btc_entries, sizeof *p->fetch.btc);
    p->fetch.btc_mask = p->keys.btc_entries - 1;
    for (uint64_t n = 0; n <= p->fetch.btc_mask; n++)
        p->fetch.btc[n].pc = BTC_INVALID;
    p->insns = xcalloc(1, sizeof *p->insns);
    p->insns->units = &p->units;
    p->insns->bit_sort_cycles = p->keys.bit_sort_cycles;
    p->tick = (struct event){.fn = tick, .owner = p};
    p->refill = p->lost = PART_FETCH;
    core_reports_init(&p->reports, &p->env);
}

static void scalar_destroy(struct core *c)
{
    struct scalar *p = self(c);
    free(p->icache.tags);
    free(p->icache.valid);
    free(p->icache.plru);
    free(p->dcache.tags);
    free(p->dcache.valid);
    free(p->dcache.plru);
    free(p->dcache.dtlb);
    free(p->dcache.dtlb_plru);
    free(p->fetch.btc);
    core_hists_destroy(&p->hists);
    scalar_insns_destroy(p->insns);
    free(p);
}

static struct core *scalar_create(const struct core_env *env, struct err *e)
{
    struct scalar *p = xcalloc(1, sizeof *p);
    p->core.ops = &core_scalar;
    p->core.needs_operands = true;
    p->env = *env;
    if (!bind(p, e)) {
        scalar_destroy(&p->core);
        return NULL;
    }
    make(p);
    if (env->profile)
        profile_watch(env->profile, &p->cpi);
    return &p->core;
}

static void scalar_add_stats(struct core *c, struct stats *s)
{
    struct scalar *p = self(c);
    stats_add(s, "core", core_stat_rows, &p->core.stats);
    stats_add(s, "core", scalar_stat_rows, &p->stats);
    stats_add(s, "bpred", bpred_stat_rows, &p->branches);
    stats_add(s, "l1i", scalar_icache_stat_rows, &p->icache.stats);
    stats_add(s, "l1d", scalar_dcache_stat_rows, &p->dcache.stats);
    stats_add(s, "bus", scalar_bus_stat_rows, &p->bus.stats);
    cpi_register(&p->cpi, s, "cpi", "core", 1);
    core_hists_register(&p->hists, s, "core", "bpred", false);
    stats_law(s, "instruction requests are hits, misses or withdrawn",
              "l1i.hits + l1i.misses + l1i.abandoned", "l1i.accesses");
    stats_law(s, "loads hit or miss", "l1d.load_hits + l1d.load_misses", "l1d.loads");
}

static void scalar_start(struct core *c)
{
    struct scalar *p = self(c);
    uint64_t now = engine_now(p->env.engine);
    p->charged = p->cycle = (now + p->env.clock.period_ticks - 1) / p->env.clock.period_ticks;
    p->first_cycle = p->cycle + p->keys.reset_cycles;
    engine_schedule(p->env.engine, &p->tick, clock_ticks(p->env.clock, p->cycle),
                    PHASE_CORE + p->env.number);
}

static void scalar_stop(struct core *c) { self(c)->env.max_instructions = self(c)->executed; }
static enum core_end scalar_end(const struct core *c) { return ((const struct scalar *)c)->end; }

static uint32_t scalar_width(const struct core *c)
{
    (void)c;
    return 1;
}

static void scalar_describe(const struct core *c, char *text, size_t room)
{
    const struct scalar *p = (const struct scalar *)c;
    snprintf(text, room, "fetch at 0x%" PRIx64 ", decode2 %s at 0x%" PRIx64 ", %s",
             p->fetch.at.pc, p->decode2.valid ? "issued" : p->decode2.busy ? "waits" : "empty",
             p->decode2.insn.pc, cpi_part_text((enum cpi_part)p->lost));
}

const struct core_ops core_scalar = {
    .name = "scalar",
    .has_own_memory = true,
    .text = "latched scalar pipeline (core.model = scalar)",
    .keys = scalar_key_rows,
    .create = scalar_create,
    .destroy = scalar_destroy,
    .add_stats = scalar_add_stats,
    .start = scalar_start,
    .stop = scalar_stop,
    .end = scalar_end,
    .width = scalar_width,
    .describe = scalar_describe,
};
