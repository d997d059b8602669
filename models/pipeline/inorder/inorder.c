/* The in-order pipeline: one cycle is its stages from last to first, so that each sees what the one
 * behind it had produced in the cycle before. */
#include "models/pipeline/inorder/inorder.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

static const struct key_row inorder_key_rows[] = {INORDER_KEYS(KEY_ROW, inorder_keys) KEY_END};
static const struct key_row inorder_unit_key_rows[] = {
    INORDER_UNIT_KEYS(KEY_ROW, inorder_unit_keys) KEY_END};

static struct inorder *self(struct core *c) { return (struct inorder *)c; }

void inorder_settle(struct inorder *p, uint64_t *pending, enum cpi_part part)
{
    cpi_lose(&p->cpi, part, *pending);
    p->unsettled -= *pending;
    *pending = 0;
}

/* Cycles slept through: nothing changed in them, so each is charged like the last one looked at. */
static inline void charge_until(struct inorder *p, uint64_t cycle)
{
    if (cycle <= p->charged)
        return;
    inorder_lose(p, (cycle - p->charged) * p->keys.issue_width);
    if (p->hists.on)
        hist_add_times(&p->hists.retired_per_cycle, 0, cycle - p->charged);
    p->charged = cycle;
    p->core.stats.cycles = cycle;
}

/* What the core's own access has freed wakes it at that very tick, when its cycle is over: then it
 * is the next one that sees it. */
void inorder_woken(struct inorder *p, uint64_t now)
{
    uint64_t cycle = max_u64(inorder_cycle_of(p, ARRIVAL_OTHER, now), p->charged);
    uint64_t tick = clock_ticks(p->env.clock, cycle);
    if (p->end != CORE_RUNNING)
        return;
    charge_until(p, cycle);
    if (event_pending(&p->tick) && event_when(&p->tick) <= tick)
        return;
    p->next_cycle = cycle;
    engine_reschedule(p->env.engine, &p->tick, tick, PHASE_CORE + p->env.number);
}

static bool finished(const struct inorder *p)
{
    return p->fetch.stopped && !p->fetch.again && p->head == p->tail &&
           p->store_first == p->store_last;
}

/* What few configurations have (inorder.has_epilogue). */
static __attribute__((noinline)) void end_cycle(struct inorder *p)
{
    if (p->hists.on)
        core_hists_cycle(&p->hists, p->core.stats.instructions);
    if (p->keys.early_branches)
        inorder_look_early(p);
}

static inline void run_cycle(struct inorder *p)
{
    uint32_t accesses = 0;
    p->wake = p->idle_wake;
    if (p->head != p->issue)
        inorder_retire(p);
    if (p->load_first != p->load_last)
        inorder_loads(p, &accesses);
    if (p->store_first != p->store_last)
        inorder_stores(p, &accesses);
    inorder_issue(p);
    inorder_fetch(p);
    if (__builtin_expect(p->has_epilogue, 0))
        end_cycle(p);
    p->charged = p->cycle + 1;
    p->core.stats.cycles = p->charged;
}

static void settle_all(struct inorder *p)
{
    inorder_settle(p, &p->fetch.pending, PART_ICACHE_L1);
    for (uint64_t n = p->head; n != p->tail; n++)
        inorder_settle(p, &slot_at(p, n)->pending, PART_DCACHE_L1);
}

/* A phase ends here and now, so slots lost to what is still on its way are charged as if the first
 * level had it: few, since all that is older than the marker has retired. */
static __attribute__((noinline)) void report_marker(struct inorder *p)
{
    const struct core_hooks *h = &p->env.hooks;
    const struct insn *marker = p->marker;
    p->marker = NULL;
    settle_all(p);
    h->marked(h->owner, &p->core, marker);
}

/* Between two cycles: what others want to know; whether this was the last one. */
static __attribute__((noinline)) bool report(struct inorder *p)
{
    const struct core_hooks *h = &p->env.hooks;
    if (p->core.stats.instructions >= p->reports.at && !p->unsettled)
        core_reports_make(&p->reports, &p->core, &p->env);
    if (p->marker)
        report_marker(p);
    if (*p->env.attention)
        h->attend(h->owner, &p->core);
    p->has_news = p->fetch.stopped || p->core.stats.instructions >= p->reports.at;
    return finished(p);
}

static void tick(struct event *ev, uint64_t now)
{
    struct inorder *p = ev->owner;
    uint64_t next = p->next_cycle, when;
    assert(now == clock_ticks(p->env.clock, next));
    do {
        charge_until(p, next);
        p->cycle = next;
        run_cycle(p);
        if (__builtin_expect(*p->env.attention || p->has_news, 0) && report(p)) {
            p->end = p->fetch.why;
            p->env.hooks.finished(p->env.hooks.owner, &p->core);
            return;
        }
        next = max_u64(p->wake, p->cycle + 1);
        if (next == NEVER)
            return; /* a callback will wake the core */
        when = clock_ticks(p->env.clock, next);
    } while (engine_advance(p->env.engine, when, PHASE_CORE + p->env.number));
    p->next_cycle = next;
    engine_schedule(p->env.engine, &p->tick, when, PHASE_CORE + p->env.number);
}

static bool check_keys(struct inorder *p, struct err *e)
{
    const struct core_env *v = &p->env;
    p->queue_room = p->keys.fetch_queue;
    /* Each decode stage and the arrival register hold one cycle's worth. */
    if (!p->keys.early_branches)
        p->queue_room += (uint64_t)p->keys.fetch_width * (p->keys.decode_cycles + 1);
    if (!is_pow2(p->keys.fetch_bytes))
        return config_error(v->config, v->section, "fetch_bytes", e, "not a power of two");
    if (p->keys.fetch_bytes > v->fetch_line)
        return config_error(v->config, v->section, "fetch_bytes", e,
                            "a fetch block must fit into an instruction cache line (%u bytes)",
                            v->fetch_line);
    if (p->keys.access_bytes && !is_pow2(p->keys.access_bytes))
        return config_error(v->config, v->section, "access_bytes", e, "not a power of two");
    /* So that every branch is looked at before it issues. */
    if (p->keys.early_branches &&
        (!p->keys.decode_cycles || p->keys.early_branches < p->keys.issue_width))
        return config_error(v->config, v->section, "early_branches", e,
                            "needs decode_cycles of at least 1 and cannot be less than "
                            "issue_width (%u)", p->keys.issue_width);
    if (p->queue_room + p->keys.window >= INORDER_SLOTS)
        return config_error(v->config, v->section, "fetch_queue", e,
                            "fetch_queue + fetch_width x (decode_cycles + 1) + window must be "
                            "less than %u", INORDER_SLOTS);
    return true;
}

static struct issue_class make_class(const struct inorder *p, const struct unit_class *k,
                                     uint32_t class)
{
    uint32_t result = k->latency, written = result + p->keys.writeback_cycles;
    return (struct issue_class){.result = (uint16_t)result,
                                .usable = (uint16_t)(p->keys.bypass ? result : written),
                                .written = (uint16_t)written,
                                .interval = k->interval,
                                .first_pipe = k->first,
                                .end_pipe = (uint8_t)(k->first + k->count),
                                .wait_part = cpi_dependency[class]};
}

/* LATENCY [INTERVAL] of multiplies with small operands; empty: *k stays as it is. */
static bool parse_multiply(struct inorder *p, const char *section, const char *key,
                           const char *text, struct unit_class *k, struct err *e)
{
    char latency[32], interval[32] = "1", rest[32];
    if (!units_next_word(&text, latency, sizeof latency))
        return true;
    bool complete = !units_next_word(&text, interval, sizeof interval) ||
                    !units_next_word(&text, rest, sizeof rest);
    k->latency = (uint16_t)units_number(latency, 1000);
    k->interval = (uint16_t)units_number(interval, 1000);
    p->core.needs_operands = true;
    return (complete && k->latency && k->interval) ||
           config_error(p->env.config, section, key, e,
                        "want LATENCY [INTERVAL], cycles 1..1000");
}

static bool bind_multiplies(struct inorder *p, const char *section,
                            const struct inorder_unit_keys *keys, struct err *e)
{
    struct unit_class mid = {0}, small;
    if (!parse_multiply(p, section, "multiply_32x16", keys->multiply_32x16, &mid, e))
        return false;
    small = mid;
    if (!parse_multiply(p, section, "multiply_16x16", keys->multiply_16x16, &small, e))
        return false;
    if (mid.latency)
        p->multiply[MULTIPLY_32X16] = make_class(p, &mid, CLASS_MULW);
    if (small.latency)
        p->multiply[MULTIPLY_16X16] = make_class(p, &small, CLASS_MULW);
    return true;
}

static bool bind_units(struct inorder *p, const char *section, struct err *e)
{
    struct config *c = p->env.config;
    struct inorder_unit_keys keys;
    if (!units_create(&p->units, c, section, e) || !units_refuse_steps(&p->units, c, section, e) ||
        !config_bind(c, section, inorder_unit_key_rows, &keys, e))
        return false;
    for (uint32_t n = 0; n < CLASS_COUNT; n++)
        p->class[n] = make_class(p, &p->units.class[n], n);
    return bind_multiplies(p, section, &keys, e);
}

static bool bind(struct inorder *p, struct err *e)
{
    struct config *c = p->env.config;
    char *units = xasprintf("%s.units", p->env.section);
    char *bpred = xasprintf("%s.bpred", p->env.section);
    bool ok = config_bind(c, p->env.section, inorder_key_rows, &p->keys, e) && check_keys(p, e) &&
              bind_units(p, units, e);
    if (ok)
        p->branches = branch_unit_create(c, bpred, e);
    free(units);
    free(bpred);
    return ok && p->branches;
}

/* As many as can wait and be in flight: while there is room for one more in the queue, there is a
 * slot to execute it into. */
static void make_slots(struct inorder *p)
{
    uint64_t count = 2;
    while (count < p->queue_room + p->keys.window)
        count *= 2;
    p->slots = xcalloc_lines(count * sizeof *p->slots);
    p->predictions = xcalloc_lines(count * sizeof *p->predictions);
    p->last_slot = p->slots + count - 1;
    p->slot_mask = count - 1;
    p->store_mask = (UINT64_C(1) << ilog2(2 * p->keys.store_buffer - 1)) - 1;
}

static void reset(struct inorder *p)
{
    core_hists_create(&p->hists, p->env.histograms);
    make_slots(p);
    p->tick = (struct event){.fn = tick, .owner = p};
    p->barrier = NEVER;
    p->data_waiter = (struct port_waiter){.wake = inorder_data_wake, .owner = p};
    p->fetch = (struct fetch_stage){.block_pa = NEVER, .resume_position = NEVER,
                                    .redirect_cycle = NEVER, .part = PART_FETCH};
    p->fetch.waiter = (struct port_waiter){.wake = inorder_fetch_wake, .owner = p};
    inorder_translation_init(p, &p->fetch.translation);
    inorder_translation_init(p, &p->load_translation);
    inorder_translation_init(p, &p->store_translation);
    p->blame = &p->cpi.slots[PART_FETCH];
    p->blame_bit = UINT64_C(1) << PART_FETCH;
    p->is_watched = p->hists.on || p->env.hooks.retired;
    p->has_epilogue = p->hists.on || p->keys.early_branches;
    p->idle_wake = p->env.skip_idle ? NEVER : 0;
    p->has_news = true;
    p->has_extras = p->is_watched || p->env.profile || p->core.needs_operands;
    core_reports_init(&p->reports, &p->env);
    for (uint32_t n = 0; n < INORDER_REQUESTS; n++) {
        p->requests[n].core = p;
        inorder_release(p, &p->requests[n]);
    }
}

static void inorder_destroy(struct core *c)
{
    branch_unit_destroy(self(c)->branches);
    core_hists_destroy(&self(c)->hists);
    free(self(c)->slots);
    free(self(c)->predictions);
    free(c);
}

static struct core *inorder_create(const struct core_env *env, struct err *e)
{
    struct inorder *p = xcalloc(1, sizeof *p);
    p->core.ops = &core_inorder;
    p->env = *env;
    if (!bind(p, e)) {
        inorder_destroy(&p->core);
        return NULL;
    }
    reset(p);
    if (env->profile)
        profile_watch(env->profile, &p->cpi);
    return &p->core;
}

static void inorder_add_stats(struct core *c, struct stats *s)
{
    struct inorder *p = self(c);
    struct core_names n = core_names(&p->env);
    stats_add(s, n.core, core_stat_rows, &p->core.stats);
    stats_add(s, n.bpred, bpred_stat_rows, branch_unit_stats(p->branches));
    cpi_register(&p->cpi, s, n.cpi, n.core, p->keys.issue_width);
    core_hists_register(&p->hists, s, n.core, n.bpred, true);
}

/* What fetch was about to ask for is no longer what comes next. */
static void inorder_window(struct core *c, uint64_t warmup, uint64_t instructions)
{
    struct inorder *p = self(c);
    p->env.max_instructions = p->fetch.fetched + instructions;
    p->fetch.stopped = false;
    p->end = CORE_RUNNING;
    p->fetch.resume_cycle = 0;
    p->fetch.resume_position = NEVER;
    p->fetch.part = PART_FETCH;
    inorder_fetch_forget(p);
    core_reports_warm(&p->reports, c, warmup);
    p->has_news = true;
}

static struct warming inorder_warming(struct core *c)
{
    return warming_of(&self(c)->env, self(c)->branches, self(c)->keys.fetch_bytes);
}

static void inorder_start(struct core *c)
{
    struct inorder *p = self(c);
    uint64_t cycle = inorder_cycle_of(p, ARRIVAL_OTHER, engine_now(p->env.engine));
    p->next_cycle = p->charged = p->cycle = max_u64(cycle, p->charged);
    engine_schedule(p->env.engine, &p->tick, clock_ticks(p->env.clock, p->cycle),
                    PHASE_CORE + p->env.number);
}

static void inorder_wake(struct core *c, uint64_t tick) { inorder_woken(self(c), tick); }

static void inorder_sync(struct core *c, uint64_t tick)
{
    struct inorder *p = self(c);
    if (p->end == CORE_RUNNING)
        charge_until(p, tick / p->env.clock.period_ticks + 1);
    settle_all(p);
}

/* What has been executed is still retired, so that nothing is counted twice or lost. */
static void inorder_stop(struct core *c)
{
    self(c)->env.max_instructions = self(c)->fetch.fetched;
}

static enum core_end inorder_end(const struct core *c) { return ((const struct inorder *)c)->end; }

static uint32_t inorder_width(const struct core *c)
{
    return ((const struct inorder *)c)->keys.issue_width;
}

static void inorder_describe(const struct core *c, char *text, size_t room)
{
    const struct inorder *p = (const struct inorder *)c;
    const struct slot *s = &p->slots[p->head & p->slot_mask];
    if (p->head == p->tail)
        snprintf(text, room, "nothing in flight; fetch %s",
                 p->fetch.waiting ? "waits for the instruction cache" : "is idle");
    else
        snprintf(text, room, "oldest is %s at 0x%" PRIx64 ", %s", s->op.row->mnemonic, s->op.pc,
                 p->head == p->issue         ? "not issued"
                 : s->done_cycle == NEVER ? "waiting for memory"
                                             : "executing");
}

const struct core_ops core_inorder = {
    .name = "inorder",
    .tells_causes = true,
    .text = "in-order pipeline (core.model = inorder)",
    .keys = inorder_key_rows,
    .unit_keys = inorder_unit_key_rows,
    .create = inorder_create,
    .destroy = inorder_destroy,
    .add_stats = inorder_add_stats,
    .window = inorder_window,
    .warming = inorder_warming,
    .start = inorder_start,
    .stop = inorder_stop,
    .end = inorder_end,
    .wake = inorder_wake,
    .sync = inorder_sync,
    .width = inorder_width,
    .describe = inorder_describe,
};
