/* One cache: a node with a port above (port.h) and a port below.
 *
 * Modelled: sets and ways with a replacement policy by name, banks with a number of accesses per
 * cycle, MSHRs that merge, write-back or write-through, allocation on write or not, a write buffer
 * for what goes down, arrival of a line in beats with the wanted word first or not, inclusion and
 * exclusion.
 * A hit is answered by the call, without an event; a miss takes an MSHR and two events.
 *
 * A line enters the tags when all of it has arrived; until then accesses to it merge ("delayed
 * hits": accesses = hits + delayed_hits + misses). Its victim, when dirty, needs room in the write
 * buffer: the arrived line waits in its MSHR until there is some. A miss on a line that still
 * stands in the write buffer waits until the write has gone down, so that the two never swap.
 * What instructions send away (dcbf, dcbst) takes this cache's line, waits for it when it is on its
 * way, and goes down to the last cache through the write buffers, with the data once modified.
 * Not modelled: data, port use by fills, combining of writes in the write buffer.
 *
 *   struct cache *l1d = cache_create(&(struct cache_setup){
 *       .keys = &keys, .clock = clock, .engine = engine, .below = memory_port(memory)});
 *   struct mem_port port = cache_port(l1d); */
#ifndef MODELS_CACHE_CACHE_H
#define MODELS_CACHE_CACHE_H

#include "models/cache/cache_counts.h"
#include "models/cache/plugins.h"
#include "models/cache/port.h"
#include "sim/engine/clock.h"

/* Latencies are in cycles of the cache, whose clock is the core's through clock_divider. A hit in
 * the second level costs the requester the first's miss_latency, the second's latency, the first's
 * fill_latency, and on a narrow bus the beats before the wanted one. */
#define CACHE_KEYS(X, o)                                                                           \
    X(o, BOOL, present, "yes", "", "", "no: leave out this level, whatever else is said of it")    \
    X(o, SIZE, size, "32KiB", "16", "1GiB", "capacity: ways x line x a power of two of sets")      \
    X(o, U32, ways, "8", "1", "64", "lines per set")                                               \
    X(o, SIZE, line, "64", "16", "4KiB", "line size, a power of two")                              \
    X(o, U32, clock_divider, "1", "1", "64", "core cycles per cycle of this cache")                \
    X(o, U32, latency, "4", "1", "10000", "cycles from an access that hits to its data")           \
    X(o, U32, miss_latency, "1", "0", "10000", "cycles from an access that misses to its request") \
    X(o, U32, fill_latency, "0", "0", "10000", "cycles from arrival of missing data to their use") \
    X(o, U32, line_latency, "0", "0", "10000",                                                     \
      "cycles from arrival of a line's last bytes until it is in the cache and its MSHR free")     \
    X(o, SIZE, bus, "32", "1", "4KiB", "bytes per cycle that arrive from below, a power of two")   \
    X(o, CHOICE, fill_order, "critical", "critical|line", "",                                      \
      "critical: the wanted word arrives first and is used at once; line: all of it is awaited")   \
    X(o, U32, mshrs, "8", "1", "256", "lines on their way at the same time")                       \
    X(o, U32, targets, "8", "1", "1024", "accesses waiting for one such line, the first included") \
    X(o, CHOICE, write, "back", "back|through", "", "when written data go down")                   \
    X(o, BOOL, write_allocate, "yes", "", "", "whether a write that misses fetches the line")      \
    X(o, U32, write_buffer, "8", "1", "256", "writes on their way down at the same time")          \
    X(o, U32, banks, "1", "1", "64", "number of banks, a power of two")                            \
    X(o, SIZE, bank_bytes, "64", "1", "4KiB", "consecutive bytes in one bank, a power of two")     \
    X(o, U32, ports, "1", "1", "64", "accesses that one bank takes in a cycle; more are delayed")  \
    X(o, CHOICE, inclusion, "mostly", "mostly|inclusive|exclusive", "",                            \
      "inclusive: what is evicted here leaves the caches above too; exclusive: what is handed up " \
      "leaves, and what is evicted above comes; mostly: neither")                                  \
    X(o, STR, replacement, "lru", "", "", repl_help)                                               \
    X(o, STR, prefetcher, "none", "", "", prefetch_help)                                           \
    X(o, BOOL, trace, "no", "", "", "record all accesses in the result, for simstat belady")
enum { CACHE_FILL_CRITICAL, CACHE_FILL_LINE };
enum { CACHE_WRITE_BACK, CACHE_WRITE_THROUGH };
enum { CACHE_MOSTLY_INCLUSIVE, CACHE_INCLUSIVE, CACHE_EXCLUSIVE };
struct cache_keys {
    CACHE_KEYS(KEY_MEMBER, cache_keys)
};
extern const struct key_row cache_key_rows[];

struct cache;
struct config;
struct engine;
struct err;
struct stats;

struct cache_setup {
    const struct cache_keys *keys; /* checked; copied */
    const struct cache_plugins *plugins; /* those that the keys name; read during create only */
    struct clock clock;            /* of this cache, divider applied */
    bool align;                    /* requests may arrive between edges of this clock */
    struct engine *engine;
    struct mem_port below;
    bool coherent; /* private to a core, a directory below it; see directory.h */
    uint64_t seed; /* of random replacement */
};

/* Judges keys that rows cannot: powers of two, ways against lines. */
bool cache_check(const struct cache_keys *k, const struct config *c, const char *section,
                 struct err *e);

struct cache *cache_create(const struct cache_setup *setup);
void cache_destroy(struct cache *c);
struct mem_port cache_port(struct cache *c);
struct mem_upper cache_upper(struct cache *c);
const struct cache_stats *cache_statistics(const struct cache *c);
const struct cache_keys *cache_settings(const struct cache *c);
/* What the access is going to find. */
enum cache_outcome cache_sight(const struct cache *c, const struct mem_request *r);
/* Makes a cache above known: for inclusion here or further below. */
void cache_add_upper(struct cache *c, struct mem_upper upper);
/* True when the line of pa is in the tags (not merely on its way); for tests and inspection. */
bool cache_holds(const struct cache *c, uint64_t pa);

/* Brings histograms over time up to now. */
void cache_update_hists(struct cache *c);
/* Calls `line` for each line in the tags; is_owned: it is owned or modified. */
void cache_each_line(const struct cache *c,
                     void (*line)(void *ctx, uint64_t pa, bool is_owned), void *ctx);

/* Registers statistics, formulas and the laws within this cache under a name ("l1d"). */
void cache_register(const struct cache *c, struct stats *s, const char *name);

#endif
