/* What a cache counts. Part of cache.h. */
#ifndef MODELS_CACHE_CACHE_COUNTS_H
#define MODELS_CACHE_CACHE_COUNTS_H

#include "models/cache/cache_prefetch.h"
#include "models/cache/request.h"
#include "sim/schema/hist.h"

/* Beside these, four per command of request.h: <command>_hits, _delayed_hits, _misses, _bytes. */
#define CACHE_STATS(X, o)                                                                          \
    X(o, accesses, COUNT, "accesses answered or accepted")                                         \
    X(o, hits, COUNT, "accesses to a line that was there")                                         \
    X(o, delayed_hits, COUNT, "accesses to a line that was on its way")                            \
    X(o, misses, COUNT, "accesses to a line neither there nor on its way")                         \
    X(o, miss_cycles, CYCLES, "from demand miss to first use of its data, summed")                 \
    X(o, bank_conflict_cycles, CYCLES, "delay of accesses to a bank without a free port")          \
    X(o, refusals_mshr, COUNT, "accesses refused: all MSHRs in use")                               \
    X(o, refusals_target, COUNT,                                                                   \
      "accesses refused: no more, or no flush, may wait for that line")                            \
    X(o, refusals_write_buffer, COUNT, "accesses refused: write buffer full")                      \
    X(o, mshr_full_cycles, CYCLES, "time with all MSHRs in use")                                   \
    X(o, fill_stalls, COUNT, "arrived lines that waited for room in the write buffer")             \
    X(o, mshr_allocations, COUNT, "lines asked from below")                                        \
    X(o, mshrs_in_use, COUNT, "of these, on their way now")                                        \
    X(o, line_fills, COUNT, "of these, put into the cache")                                        \
    X(o, dropped_fills, COUNT, "of these, not put into it: invalidated or warmed meanwhile")       \
    X(o, passed_fills, COUNT, "of these, handed up and not kept (exclusive)")                      \
    X(o, write_fills, COUNT, "lines put into it as they came from above, whole")                   \
    X(o, passed_writes, COUNT, "writes that missed and went down without a line being fetched")    \
    X(o, passed_flushes, COUNT, "flushes, cleans and invalidations of lines that were not there")  \
    X(o, warm_fills, COUNT, "lines put into it by functional warming")                             \
    X(o, fills, COUNT, "lines put into it, for whatever reason")                                   \
    X(o, evictions, COUNT, "lines displaced by a fill")                                            \
    X(o, invalidations, COUNT, "lines removed from below or by an instruction")                    \
    X(o, moved_up, COUNT, "lines handed up and given up (exclusive)")                              \
    X(o, resident_lines, COUNT, "lines there now")                                                 \
    X(o, writes_queued, COUNT, "victims, written-through data and flushes to go down")             \
    X(o, writes_waiting, COUNT, "of these, not yet accepted below now")                            \
    X(o, writebacks, COUNT, "dirty lines accepted below")                                          \
    X(o, clean_victims, COUNT, "clean lines accepted below, by an exclusive cache")                \
    X(o, writes_through, COUNT, "written-through data accepted below")                             \
    X(o, flushes_sent, COUNT, "flushes and cleans accepted below, by a cache")                     \
    X(o, writes_taken, COUNT, "of the writes, not sent: another core has taken the line")          \
    X(o, upgrade_misses, COUNT, "of the misses, stores to a line there but shared with others")    \
    X(o, upgrades, COUNT, "of the lines asked for, there already: now owned")                      \
    X(o, downgrades, COUNT, "lines owned that another core wanted to read: now shared")            \
    X(o, coherence_invalidations, COUNT, "of the invalidations, those for a store of another core")\
    X(o, coherence_misses, COUNT, "of the misses, lines lost to a store of another core")          \
    X(o, fill_bytes, BYTES, "arrived from below")                                                  \
    X(o, fill_bytes_in_flight, BYTES, "asked from below and not arrived now")                      \
    X(o, down_bytes, BYTES, "written to the level below")
enum cache_outcome { CACHE_HIT, CACHE_DELAYED_HIT, CACHE_MISS, CACHE_OUTCOMES };
struct cache_stats {
    CACHE_STATS(STAT_MEMBER, cache_stats)
    CACHE_PREFETCH_STATS(STAT_MEMBER, cache_stats)
    uint64_t outcome[CACHE_OUTCOMES][MEM_COMMANDS];
    uint64_t bytes[MEM_COMMANDS];
};
extern const struct stat_row cache_stat_rows[];

#define CACHE_HISTS(X, o) X(o, mshrs, COUNT, TICKS, "lines on their way")
struct cache_hists {
    CACHE_HISTS(HIST_MEMBER, cache_hists)
};

#endif
