/* The loop over cycles: what each stage does in one, how the time passes between two. */
#include "models/pipeline/scalar/decode_step.h"
#include "models/pipeline/scalar/execute_step.h"
#include "models/pipeline/scalar/icache_step.h"
#include "models/pipeline/scalar/issue_step.h"
#include "models/pipeline/scalar/writeback_step.h"
#include "sim/base/bits.h"

/* Signals that follow from the latches alone. */
static void drive_wires(struct scalar *p)
{
    struct wires *w = &p->wires;
    bool memory_stall = p->dcache.full | p->dcache.failed | p->lsu.s2.busy;
    bool busy = memory_stall | p->lsu.s1.busy | p->e1.busy | p->fpu.busy;
    bool deferred = p->decode2.valid & busy;
    w->memory_stall = memory_stall;
    w->unit_stall = memory_stall | p->fpu.holds;
    w->busy = busy;
    w->deferred = deferred;
    w->decode1_stall = p->decode2.busy | deferred;
    w->redirect = p->decode1.redirect;
    if (w->redirect)
        w->redirect_pc = p->decode1.redirect_pc;
}

static enum cpi_part busy_part(const struct scalar *p)
{
    const struct dcache_work *w = &p->dcache.work;
    if (p->fpu.busy)
        return cpi_dependency[p->fpu.flight->op.row->class];
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

/* True: *written is what memory accepts in this cycle. */
static bool run_bus(struct scalar *p, struct bus_request *written)
{
    const struct bus_request *const request[BUS_MASTERS] = {&p->dcache.bus, &p->icache.bus};
    const struct bus_request *accepted =
        scalar_bus_cycle(&p->bus, p->cycle, request, p->wires.bus);
    if (!accepted || !accepted->write)
        return false;
    *written = *accepted;
    return true;
}

static void run_cycle(struct scalar *p)
{
    struct bus_request written, *snooped = NULL;
    p->changed = false;
    if (p->dcache.bus.cycle | p->icache.bus.cycle | !p->bus.quiet)
        snooped = run_bus(p, &written) ? &written : NULL;
    drive_wires(p);
    scalar_writeback(p);
    scalar_execute(p);
    if (!p->wires.issued) {
        charge_lost(p, 1);
        if ((p->decode2.valid || p->decode2.busy) && p->decode2.insn->insn->flags & SI_ZERO)
            scalar_show_zero(p);
    }
    scalar_decode2(p);
    scalar_decode1(p);
    scalar_icache_lookup(p);
    scalar_icache_cycle(p, snooped);
    scalar_lsu_cycle(p);
    scalar_fpu_cycle(p);
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
    return !p->e1.valid && !p->e1.busy && !p->e2.valid && !p->lsu.s1.r &&
           !p->lsu.s2.r && !p->lsu.complete && !p->fpu.busy && !p->fpu.done &&
           p->dcache.state == DC_IDLE && !p->dcache.r0_full && !p->dcache.full;
}

/* The next cycle in which something can happen when nothing changed in this one: an operation ends
 * or memory answers. */
static uint64_t next_cycle(const struct scalar *p)
{
    uint64_t next = p->cycle + 1;
    if (p->changed || !p->env.skip_idle || p->lsu.hash_cycles)
        return next;
    uint64_t wake = scalar_bus_next(&p->bus);
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

void scalar_tick(struct event *ev, uint64_t now)
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
