/* The out-of-order pipeline: one cycle is its stages from last to first, so that each sees what the
 * one behind it had produced in the cycle before. */
#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/memory.h"
#include "models/pipeline/ooo/wake.h"

#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

static const struct key_row ooo_key_rows[] = {OOO_KEYS(KEY_ROW, ooo_keys) KEY_END};
static const struct key_row ooo_unit_key_rows[] = {
    OOO_QUEUE_KEYS(KEY_ROW, ooo_queue_keys) KEY_END};
static const struct stat_row ooo_stat_rows[] = {OOO_STATS(STAT_ROW, ooo_stats) STAT_END};
static const struct hist_row ooo_hist_rows[] = {OOO_HISTS(HIST_ROW, ooo_hists) HIST_END};

static struct ooo *self(struct core *c) { return (struct ooo *)c; }

/* What the core's own access has freed wakes it at that very tick, when its cycle is over: then it
 * is the next one that sees it. */
void ooo_woken(struct ooo *p, uint64_t now)
{
    uint64_t cycle = max_u64(ooo_cycle_of(p, now), p->charged);
    uint64_t tick = clock_ticks(p->env.clock, cycle);
    if (p->end != CORE_RUNNING)
        return;
    ooo_charge_until(p, cycle);
    p->cycle = max_u64(p->cycle, cycle - 1); /* those before are over */
    if (!event_pending(&p->tick) || event_when(&p->tick) > tick)
        engine_reschedule(p->env.engine, &p->tick, tick, PHASE_CORE + p->env.number);
}

static bool finished(const struct ooo *p)
{
    return p->fetch.stopped && p->head == p->executed && p->store_first == p->store_last;
}

static void run_cycle(struct ooo *p)
{
    uint32_t accesses = 0;
    p->wake = NEVER;
    ooo_events(p); /* a branch is resolved before it may commit */
    if (p->fold.count)
        ooo_fold_resolve(p);
    ooo_commit(p);
    if (p->access.count)
        ooo_accesses(p, &accesses);
    if (p->store_first != p->store_commit)
        ooo_stores(p, &accesses);
    ooo_issue(p);
    if (p->branch_moves.count)
        ooo_forward_early(p);
    if (p->inlets.used)
        ooo_inlets(p);
    ooo_deliver(p);
    if (p->fold.deciding != NEVER)
        ooo_fold_decide(p);
    p->queued = p->fetch.position - p->dispatch - p->fold.removed;
    ooo_dispatch(p);
    ooo_fetch(p);
    ooo_charge_cycle(p);
    ooo_want(p, ooo_next_event(p));
}

/* What has been lost to requests on their way. */
static void settle_all(struct ooo *p)
{
    ooo_settle(p, &p->fetch.lost, PART_ICACHE_L1);
    if (p->rob_head != p->rob_tail && uop_at(p, p->rob_head)->flags & UOP_LOAD)
        ooo_settle(p, &memory_of(p, uop_at(p, p->rob_head))->lost, PART_DCACHE_L1);
}

/* A phase ends here and now: what this cycle has lost to a request on its way is charged as if the
 * first level had it. */
static __attribute__((noinline)) void report_marker(struct ooo *p)
{
    const struct core_hooks *h = &p->env.hooks;
    const struct insn *marker = p->marker;
    p->marker = NULL;
    settle_all(p);
    h->marked(h->owner, &p->core, marker);
}

/* Between two cycles: what others want to know. */
static void report(struct ooo *p)
{
    const struct core_hooks *h = &p->env.hooks;
    if (p->core.stats.instructions >= p->reports.at && !p->unsettled)
        core_reports_make(&p->reports, &p->core, &p->env);
    if (p->marker)
        report_marker(p);
    if (*p->env.attention)
        h->attend(h->owner, &p->core);
}

static void tick(struct event *ev, uint64_t now)
{
    struct ooo *p = ev->owner;
    uint64_t next = now / p->env.clock.period_ticks, when;
    do {
        ooo_charge_until(p, next);
        p->cycle = next;
        run_cycle(p);
        report(p);
        if (finished(p)) {
            p->end = p->fetch.why;
            p->env.hooks.finished(p->env.hooks.owner, &p->core);
            return;
        }
        next = p->env.skip_idle ? max_u64(p->wake, p->cycle + 1) : p->cycle + 1;
        if (next == NEVER)
            return; /* a callback will wake the core */
        when = clock_ticks(p->env.clock, next);
    } while (engine_advance(p->env.engine, when, PHASE_CORE + p->env.number));
    engine_schedule(p->env.engine, &p->tick, when, PHASE_CORE + p->env.number);
}

static bool check_keys(struct ooo *p, struct err *e)
{
    const struct core_env *v = &p->env;
    /* The arrival register holds what is fetched in a cycle, each decode stage what can be
     * dispatched. */
    p->queue_room = p->keys.fetch_queue + p->keys.fetch_width +
                    p->keys.dispatch_width * p->keys.decode_cycles;
    if (!is_pow2(p->keys.fetch_bytes))
        return config_error(v->config, v->section, "fetch_bytes", e, "not a power of two");
    if (p->keys.fetch_beat &&
        (!is_pow2(p->keys.fetch_beat) || p->keys.fetch_beat < 4 ||
         p->keys.fetch_beat > p->keys.fetch_bytes))
        return config_error(v->config, v->section, "fetch_beat", e,
                            "not 0 or a power of two from 4 to fetch_bytes");
    if (p->keys.fetch_bytes > v->fetch_line)
        return config_error(v->config, v->section, "fetch_bytes", e,
                            "a fetch block must fit into an instruction cache line (%u bytes)",
                            v->fetch_line);
    if (p->keys.access_bytes && !is_pow2(p->keys.access_bytes))
        return config_error(v->config, v->section, "access_bytes", e, "not a power of two");
    if (!is_pow2(p->keys.store_sets))
        return config_error(v->config, v->section, "store_sets", e, "not a power of two");
    return true;
}

static bool bind_units(struct ooo *p, const char *section, struct err *e)
{
    struct ooo_queue_keys keys;
    struct config *c = p->env.config;
    return units_create(&p->units, c, section, e) &&
           config_bind(c, section, ooo_unit_key_rows, &keys, e) &&
           queues_create(&p->queues, &p->units, keys.queues, c, section, e) &&
           inlets_create(&p->inlets, &p->units, &p->queues, keys.inlets, c, section, e) &&
           ooo_early_create(p, section, keys.early_out, e) && ooo_rules_create(p, section, e) &&
           ooo_limits_create(p, section, keys.issue_limits, e) && ooo_rename_limits(p, e) &&
           ooo_flows_create(p, e) && ooo_fold_check(p, e);
}

static bool bind(struct ooo *p, struct err *e)
{
    struct config *c = p->env.config;
    char *units = xasprintf("%s.units", p->env.section);
    char *bpred = xasprintf("%s.bpred", p->env.section);
    bool ok = config_bind(c, p->env.section, ooo_key_rows, &p->keys, e) && check_keys(p, e) &&
              bind_units(p, units, e);
    if (ok)
        p->branches = branch_unit_create(c, bpred, e);
    free(units);
    free(bpred);
    return ok && p->branches;
}

static uint64_t ring_size(uint64_t least, uint64_t first)
{
    uint64_t size = first;
    while (size < least)
        size *= 2;
    return size;
}

/* With room for one instruction more than can be in flight: the next one is executed into it. A
 * reorder buffer of fused pairs holds two instructions an entry. */
static void make_rings(struct ooo *p)
{
    uint64_t uops = ring_size(p->keys.rob, 64), stores;
    uint64_t insts = ring_size(2 * (uint64_t)p->keys.rob + p->queue_room + 2, 64);
    stores = ring_size((uint64_t)p->keys.store_queue + p->keys.store_buffer, 2);
    p->words = (uint32_t)(uops / 64);
    p->uop_mask = uops - 1;
    p->inst_mask = insts - 1;
    p->store_mask = stores - 1;
    p->window_bits = ilog2(uops);
    p->insts = xcalloc_lines(insts * sizeof *p->insts);
    if (p->keys.fold_branches)
        p->decisions = xcalloc(insts, sizeof *p->decisions);
    p->predictions = xcalloc(insts, sizeof *p->predictions);
    p->uops = xcalloc_lines(uops * sizeof *p->uops);
    p->memory = xcalloc(uops, sizeof *p->memory);
    for (uint64_t n = 0; n < uops; n++) {
        p->uops[n].memory = &p->memory[n];
        p->uops[n].index = (uint16_t)n;
    }
    p->links = xcalloc(uops * UOP_LINKS, sizeof *p->links);
    p->undo = xcalloc(uops, sizeof *p->undo);
    p->stores = xcalloc(stores, sizeof *p->stores);
    uint64_t lists = 2 * uops + STORE_LISTS * stores;
    p->lists = xcalloc(lists, sizeof *p->lists);
    for (uint64_t n = 0; n < lists; n++)
        p->lists[n] = NO_LINK;
    p->store_filter = xcalloc(STORE_FILTER, sizeof *p->store_filter);
    p->kept = xcalloc_lines(OOO_KEPT * sizeof *p->kept);
    for (uint32_t n = 0; n < OOO_KEPT; n++)
        p->kept[n].op_flags = UINT8_MAX; /* no instruction has all of them */
}

static void make_requests(struct ooo *p)
{
    p->requests = xcalloc(OOO_REQUESTS, sizeof *p->requests);
    for (uint32_t n = 0; n < OOO_REQUESTS; n++) {
        p->requests[n].core = p;
        ooo_release(p, &p->requests[n]);
    }
}

static void make_hists(struct ooo *p)
{
    uint32_t entries = 0;
    for (uint32_t n = 0; n < p->queues.queue_count; n++)
        entries += p->queues.queue[n].entries;
    core_hists_create(&p->hists, p->env.histograms);
    p->observed = p->hists.on || p->env.hooks.retired;
    if (!p->hists.on)
        return;
    hists_create(ooo_hist_rows, &p->queue_hists);
    hist_limit(&p->queue_hists.rob, p->keys.rob);
    hist_limit(&p->queue_hists.issue_queues, entries);
    hist_limit(&p->queue_hists.load_queue, p->keys.load_queue);
    hist_limit(&p->queue_hists.store_queue, p->keys.store_queue);
}

static void reset(struct ooo *p)
{
    make_hists(p);
    make_rings(p);
    make_requests(p);
    ooo_rename_reset(p);
    ooo_sets_create(p);
    p->tick = (struct event){.fn = tick, .owner = p};
    p->data_waiter = (struct port_waiter){.wake = ooo_data_wake, .owner = p};
    p->dtlb_waiter = (struct port_waiter){.wake = ooo_dtlb_wake, .owner = p};
    p->fetch = (struct fetch_stage){.block_pa = NEVER, .page = NEVER, .resume_position = NEVER,
                                    .oldest_block = 1, .part = PART_FETCH};
    p->fetch.block_bytes = p->keys.fetch_bytes;
    p->fetch.waiter = (struct port_waiter){.wake = ooo_fetch_wake, .owner = p};
    p->fetch.tlb_waiter = (struct port_waiter){.wake = ooo_fetch_wake, .owner = p};
    p->fold.deciding = NEVER;
    p->stall_part = PART_COUNT;
    p->queues.have_places = p->queues.any_in_order || p->keys.select == SELECT_POSITION;
    p->calendar.far_from = NEVER;
    core_reports_init(&p->reports, &p->env);
}

static void ooo_destroy(struct core *c)
{
    struct ooo *p = self(c);
    branch_unit_destroy(p->branches);
    ooo_sets_destroy(p);
    if (p->hists.on)
        hists_destroy(ooo_hist_rows, &p->queue_hists);
    core_hists_destroy(&p->hists);
    free(p->insts);
    free(p->decisions);
    free(p->predictions);
    free(p->uops);
    free(p->memory);
    free(p->links);
    free(p->undo);
    free(p->stores);
    free(p->lists);
    free(p->store_filter);
    free(p->kept);
    free(p->requests);
    free(p);
}

static struct core *ooo_create(const struct core_env *env, struct err *e)
{
    struct ooo *p = xcalloc(1, sizeof *p);
    p->core.ops = &core_ooo;
    p->env = *env;
    if (!env->source.quick) /* somebody wants to see each instruction */
        p->env.source.quick_diverged = NULL;
    p->cycles_per_tick = UINT64_MAX / env->clock.period_ticks + 1;
    if (!bind(p, e)) {
        ooo_destroy(&p->core);
        return NULL;
    }
    reset(p);
    if (env->profile)
        profile_watch(env->profile, &p->cpi);
    return &p->core;
}

static const struct core_hist_law ooo_hist_laws[] = {
    {"every cycle had so many reorder buffer entries", HIST_COUNT, "@.rob", "@.cycles"},
    {"reorder buffer entries add up", HIST_SUM, "@.rob", "@.rob_occupancy"},
    {"every cycle had so many issue queue entries", HIST_COUNT, "@.issue_queues", "@.cycles"},
    {"load queue entries add up", HIST_SUM, "@.load_queue", "@.load_queue_occupancy"},
    {"store queue entries add up", HIST_SUM, "@.store_queue", "@.store_queue_occupancy"},
    {.name = NULL},
};

static void add_hists(struct ooo *p, struct stats *s, const struct core_names *n)
{
    core_hists_register(&p->hists, s, n->core, n->bpred, true);
    if (!p->hists.on)
        return;
    stats_add_hists(s, n->core, ooo_hist_rows, &p->queue_hists);
    core_hists_laws(ooo_hist_laws, s, n->core, n->bpred);
}

static void ooo_add_stats(struct core *c, struct stats *s)
{
    struct ooo *p = self(c);
    struct core_names n = core_names(&p->env);
    stats_add(s, n.core, core_stat_rows, &p->core.stats);
    stats_add(s, n.core, ooo_stat_rows, &p->stats);
    stats_add(s, n.bpred, bpred_stat_rows, branch_unit_stats(p->branches));
    cpi_register(&p->cpi, s, n.cpi, n.core, p->keys.commit_width);
    add_hists(p, s, &n);
}

/* What fetch was about to ask for is no longer what comes next. */
static void ooo_window(struct core *c, uint64_t warmup, uint64_t instructions)
{
    struct ooo *p = self(c);
    p->env.max_instructions = p->fetch.fetched + instructions;
    p->fetch.stopped = false;
    p->end = CORE_RUNNING;
    ooo_fetch_from(p, p->executed, 0, PART_FETCH);
    core_reports_warm(&p->reports, c, warmup);
}

static struct warming ooo_warming(struct core *c)
{
    return warming_of(&self(c)->env, self(c)->branches, self(c)->keys.fetch_bytes);
}

static void ooo_start(struct core *c)
{
    struct ooo *p = self(c);
    uint64_t now = engine_now(p->env.engine);
    p->charged = p->cycle = max_u64(ooo_cycle_of(p, now), p->charged);
    engine_schedule(p->env.engine, &p->tick, clock_ticks(p->env.clock, p->cycle),
                    PHASE_CORE + p->env.number);
}

static void ooo_wake(struct core *c, uint64_t tick) { ooo_woken(self(c), tick); }

static void ooo_sync(struct core *c, uint64_t tick)
{
    struct ooo *p = self(c);
    if (p->end == CORE_RUNNING)
        ooo_charge_until(p, tick / p->env.clock.period_ticks + 1);
    settle_all(p);
}

/* What has been executed is still committed, so that nothing is counted twice or lost. */
static void ooo_stop(struct core *c) { self(c)->env.max_instructions = self(c)->fetch.fetched; }

static enum core_end ooo_end(const struct core *c) { return ((const struct ooo *)c)->end; }

static uint32_t ooo_width(const struct core *c)
{
    return ((const struct ooo *)c)->keys.commit_width;
}

const struct core_ops core_ooo = {
    .name = "ooo",
    .tells_causes = true,
    .tells_squashed = true,
    .text = "out-of-order pipeline (core.model = ooo)",
    .keys = ooo_key_rows,
    .unit_keys = ooo_unit_key_rows,
    .create = ooo_create,
    .destroy = ooo_destroy,
    .add_stats = ooo_add_stats,
    .window = ooo_window,
    .warming = ooo_warming,
    .start = ooo_start,
    .stop = ooo_stop,
    .end = ooo_end,
    .wake = ooo_wake,
    .sync = ooo_sync,
    .width = ooo_width,
    .describe = ooo_describe,
};
