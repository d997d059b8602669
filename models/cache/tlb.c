#include "models/cache/tlb.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/cache/named_laws.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/config.h"
#include "sim/schema/stats.h"

const struct key_row tlb_first_key_rows[] = {TLB_FIRST_KEYS(KEY_ROW, tlb_keys) KEY_END};
const struct key_row tlb_second_key_rows[] = {TLB_SECOND_KEYS(KEY_ROW, tlb_keys) KEY_END};

/* Written through, written back: caches do that, and never ask. */
#define TLB_COMMANDS(X)                                                                            \
    X(FETCH, fetch, "instruction fetches")                                                         \
    X(LOAD, load, "loads")                                                                         \
    X(STORE, store, "stores")                                                                      \
    X(PREFETCH, prefetch, "prefetches")
#define MISS_ROW(command, name, text)                                                              \
    {#name "_misses", STAT_COUNT, offsetof(struct tlb_stats, command_misses[MEM_##command]),       \
     "misses: " text},
#define MISS_TERM(command, name, text) " + @." #name "_misses"

static const struct stat_row stat_rows[] = {
    TLB_STATS(STAT_ROW, tlb_stats) TLB_COMMANDS(MISS_ROW) STAT_END};

static const struct law_row laws[] = {
    {"every access is a hit, a delayed hit or a miss", "@.hits + @.delayed_hits + @.misses",
     "@.accesses"},
    {"misses by command add up", "0" TLB_COMMANDS(MISS_TERM), "@.misses"},
    {"a page put in is there or has left", "@.evictions + @.resident", "@.fills"},
    {NULL, NULL, NULL},
};

static const struct formula_row formulas[] = {
    {"miss_rate", "@.misses / @.accesses", "misses per access"},
    {NULL, NULL, NULL},
};

/* No page has this number, and no access lies in its last byte. */
#define NO_PAGE UINT64_MAX

static bool check_policy(const struct tlb_keys *k, const struct config *c, const char *section,
                         struct err *e)
{
    const struct repl_ops *policy = repl_find(k->replacement);
    char names[256] = "";
    size_t used = 0;
    if (policy && !policy->keys)
        return true;
    for (uint32_t n = 0; (policy = repl_at(n)) && used < sizeof names; n++)
        if (!policy->keys)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                                     policy->name);
    return config_refuse_name(c, section, "replacement", names, "", e);
}

static bool refuse_sets(const struct tlb_keys *k, const struct config *c, const char *section,
                        struct err *e)
{
    uint32_t fits = k->ways;
    while (fits * 2 <= k->entries)
        fits *= 2;
    return config_error(c, section, "entries", e,
                        "must be %u ways (%s) x a power of two of sets: %u or %u", k->ways,
                        config_origin(c, section, "ways"), fits, fits * 2);
}

bool tlb_check(struct tlb_keys *k, const struct config *c, const char *section, struct err *e)
{
    if (!k->ways && k->entries > REPL_MAX_WAYS)
        return config_error(c, section, "ways", e, "one set holds at most %d entries",
                            REPL_MAX_WAYS);
    if (!k->ways)
        k->ways = k->entries;
    if (k->entries % k->ways || !is_pow2(k->entries / k->ways))
        return refuse_sets(k, c, section, e);
    return check_policy(k, c, section, e);
}

struct tlb *tlb_create(const struct tlb_keys *keys, uint64_t period_ticks, uint64_t seed)
{
    struct tlb *t = xcalloc(1, sizeof *t);
    *t = (struct tlb){
        .sets = keys->entries / keys->ways,
        .ways = keys->ways,
        .policy = repl_find(keys->replacement),
        .latency_ticks = keys->latency * period_ticks,
        .entry = xcalloc(keys->entries, sizeof *t->entry),
        .recent = xcalloc(keys->entries / keys->ways, 1),
        .rng = rng_seeded(seed),
    };
    for (uint32_t n = 0; n < keys->entries; n++)
        t->entry[n] = (struct tlb_entry){NO_PAGE, NO_PAGE, NO_PAGE, 0, n / t->ways, n % t->ways};
    t->repl = t->policy->create(
        &(struct repl_setup){.sets = t->sets, .ways = t->ways, .rng = &t->rng});
    return t;
}

void tlb_destroy(struct tlb *t)
{
    if (!t)
        return;
    t->policy->destroy(t->repl);
    free(t->entry);
    free(t->recent);
    free(t);
}

static uint32_t set_of(const struct tlb *t, uint64_t ea, unsigned shift)
{
    return (uint32_t)(ea >> shift) & (t->sets - 1);
}

struct tlb_entry *tlb_search(struct tlb *t, uint64_t ea, uint64_t pa)
{
    for (uint32_t left = t->shifts; left; left &= left - 1) {
        struct tlb_entry *set = &t->entry[set_of(t, ea, ilog2(left & -left)) * t->ways];
        for (struct tlb_entry *e = set; e < set + t->ways; e++)
            if (tlb_matches(e, ea, pa)) {
                t->hint[ea >> 12 & (TLB_HINTS - 1)] = (uint32_t)(e - t->entry);
                return e;
            }
    }
    return NULL;
}

/* As policies know accesses. */
static struct mem_request access_of(const struct tlb_request *r)
{
    return (struct mem_request){.pa = r->pa, .pc = r->pc, .command = r->command, .core = r->core};
}

void tlb_touch_other(struct tlb *t, const struct tlb_entry *e, const struct tlb_request *r)
{
    struct mem_request access = access_of(r);
    t->last = e;
    if (t->recent[e->set] == e->way && t->policy->repeat_is_noop)
        return;
    t->recent[e->set] = (uint8_t)e->way;
    t->policy->touch(t->repl, e->set, e->way, REPL_HIT, &access);
}

static uint32_t victim(struct tlb *t, uint32_t set, const struct mem_request *access)
{
    for (uint32_t way = 0; way < t->ways; way++)
        if (t->entry[set * t->ways + way].mask == NO_PAGE)
            return way;
    t->stats.evictions++;
    t->stats.resident--;
    return t->policy->victim(t->repl, set, access);
}

void tlb_fill(struct tlb *t, const struct tlb_request *r, unsigned shift, uint64_t from)
{
    struct mem_request access = access_of(r);
    uint32_t set = set_of(t, r->ea, shift);
    uint64_t mask = ~UINT64_C(0) << shift;
    if (tlb_find(t, r->ea, r->pa))
        return;
    assert(shift > 0 && shift < 32);
    uint32_t way = victim(t, set, &access);
    struct tlb_entry *e = &t->entry[set * t->ways + way];
    *e = (struct tlb_entry){r->ea & mask, r->pa & mask, mask, from, set, way};
    t->last = e;
    t->shifts |= UINT32_C(1) << shift;
    t->recent[set] = (uint8_t)way;
    t->stats.fills++;
    t->stats.resident++;
    t->policy->touch(t->repl, set, way, REPL_FILL, &access);
}

void tlb_register(const struct tlb *t, struct stats *s, const char *name)
{
    stats_add(s, name, stat_rows, &t->stats);
    named_formulas(s, name, formulas);
    named_laws(s, name, laws);
}
