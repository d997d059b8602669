/* What a cache tells of itself: its rows, its ratios, and the laws it obeys at every moment. */
#include "models/cache/cache_impl.h"
#include "models/cache/named_laws.h"

#define OUTCOME_ROW(command, name, suffix, outcome_name, text)                                     \
    {#name suffix, STAT_COUNT, offsetof(struct cache_stats, outcome_name[MEM_##command]), text},
#define HIT_ROW(command, name, text)                                                               \
    OUTCOME_ROW(command, name, "_hits", outcome[CACHE_HIT], "hits: " text)
#define DELAYED_ROW(command, name, text)                                                           \
    OUTCOME_ROW(command, name, "_delayed_hits", outcome[CACHE_DELAYED_HIT], "delayed hits: " text)
#define MISS_ROW(command, name, text)                                                              \
    OUTCOME_ROW(command, name, "_misses", outcome[CACHE_MISS], "misses: " text)
#define BYTES_ROW(command, name, text)                                                             \
    {#name "_bytes", STAT_BYTES, offsetof(struct cache_stats, bytes[MEM_##command]),               \
     "bytes: " text},

const struct stat_row cache_stat_rows[] = {
    CACHE_STATS(STAT_ROW, cache_stats) CACHE_PREFETCH_STATS(STAT_ROW, cache_stats)
        MEM_COMMAND_LIST(HIT_ROW) MEM_COMMAND_LIST(DELAYED_ROW) MEM_COMMAND_LIST(MISS_ROW)
            MEM_COMMAND_LIST(BYTES_ROW) STAT_END,
};

/* In these equations `@` stands for the name of the cache. */
#define SUM(command, name, text)         " + @." #name
#define SUM_HITS(command, name, text)    SUM(command, name##_hits, text)
#define SUM_DELAYED(command, name, text) SUM(command, name##_delayed_hits, text)
#define SUM_MISSES(command, name, text)  SUM(command, name##_misses, text)
static const struct law_row laws[] = {
    {"every access is a hit, a delayed hit or a miss", "@.hits + @.delayed_hits + @.misses",
     "@.accesses"},
    {"hits by command add up", "0" MEM_COMMAND_LIST(SUM_HITS), "@.hits"},
    {"delayed hits by command add up", "0" MEM_COMMAND_LIST(SUM_DELAYED), "@.delayed_hits"},
    {"misses by command add up", "0" MEM_COMMAND_LIST(SUM_MISSES), "@.misses"},
    {"a miss fetches, brings or passes its line",
     "@.mshr_allocations + @.write_fills + @.passed_writes + @.passed_flushes",
     "@.misses + @.prefetch_sent"},
    {"a line asked for arrives",
     "@.line_fills + @.dropped_fills + @.passed_fills + @.upgrades + @.mshrs_in_use",
     "@.mshr_allocations"},
    {"fills by reason add up", "@.line_fills + @.write_fills + @.warm_fills", "@.fills"},
    {"a line put in is there or has left",
     "@.evictions + @.invalidations + @.moved_up + @.resident_lines", "@.fills"},
    {"no write is lost",
     "@.writebacks + @.clean_victims + @.writes_through + @.flushes_sent + @.writes_taken + "
     "@.writes_waiting",
     "@.writes_queued"},
    {"a named line is asked for, waits or is left out",
     "@.prefetch_off_page + @.prefetch_redundant + @.prefetch_overflows + @.prefetch_waiting + "
     "@.prefetch_sent",
     "@.prefetch_named"},
    {"prefetches have a reason", "@.prefetch_sent + @.prefetch_hints", "@.prefetch_issued"},
    {"a prefetch arrives, or is used before",
     "@.prefetch_fills + @.prefetch_dropped + @.prefetch_late + @.prefetch_in_flight",
     "@.prefetch_issued"},
    {"a prefetch is useful, useless, dropped, there or on its way",
     "@.prefetch_useful + @.prefetch_useless + @.prefetch_dropped + @.prefetch_resident + "
     "@.prefetch_in_flight",
     "@.prefetch_issued"},
    {NULL, NULL, NULL},
};

static const struct formula_row formulas[] = {
    {"miss_rate", "@.misses / @.accesses", "misses per access"},
    {"delayed_hit_rate", "@.delayed_hits / @.accesses", "delayed hits per access"},
    {"mean_miss_cycles", "@.miss_cycles / (@.fetch_misses + @.load_misses + @.store_misses)",
     "cycles from demand miss to data"},
    {"prefetch_accuracy",
     "@.prefetch_useful / (@.prefetch_useful + @.prefetch_useless + @.prefetch_dropped)",
     "prefetches used, of those whose fate is known"},
    {"prefetch_coverage",
     "@.prefetch_useful / (@.prefetch_useful + @.fetch_misses + @.load_misses + @.store_misses)",
     "demand misses that prefetches took away or shortened"},
    {NULL, NULL, NULL},
};

static const struct hist_row hist_rows[] = {CACHE_HISTS(HIST_ROW, cache_hists) HIST_END};

void cache_hists_create(struct cache *c)
{
    hists_create(hist_rows, &c->hists);
    hist_limit(&c->hists.mshrs, c->keys.mshrs);
}

void cache_hists_destroy(struct cache *c) { hists_destroy(hist_rows, &c->hists); }

void cache_update_hists(struct cache *c) { cache_observe_mshrs(c); }

void cache_register(const struct cache *c, struct stats *s, const char *name)
{
    stats_add(s, name, cache_stat_rows, &c->stats);
    stats_add_hists(s, name, hist_rows, &c->hists);
    named_formulas(s, name, formulas);
    named_laws(s, name, laws);
}
