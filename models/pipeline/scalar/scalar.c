#include "models/pipeline/scalar/scalar.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

static const struct key_row scalar_key_rows[] = {SCALAR_KEYS(KEY_ROW, scalar_keys) KEY_END};
static const struct stat_row scalar_stat_rows[] = {SCALAR_STATS(STAT_ROW, scalar_stats) STAT_END};

static struct scalar *self(struct core *c) { return (struct scalar *)c; }

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
    p->tick = (struct event){.fn = scalar_tick, .owner = p};
    p->is_watched = p->env.hooks.retired || p->hists.on;
    p->fetch.at = p->icache.out = p->decode1.insn = p->decode2.insn = p->fetch.slot;
    p->fetch.at->insn = &scalar_insn_unknown;
    p->fetch.btc_read = &p->fetch.btc_kept;
    p->icache.known_line = NO_LINE;
    p->lsu.flows = p->dcache.settled = true;
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
             p->fetch.at->pc, p->decode2.valid ? "issued" : p->decode2.busy ? "waits" : "empty",
             p->decode2.insn->pc, cpi_part_text((enum cpi_part)p->lost));
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
