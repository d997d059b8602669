/* The table walker of a core: reads, for each page that no TLB holds, the entries of its page
 * tables, one after the other, as ordinary loads from a level of the memory hierarchy.
 *
 * Several walks may be under way, one a page; whoever wants the same page waits for the same walk.
 * A page-walk cache keeps the upper entries read last, so that a walk starts as far down the tree
 * as they reach; the last entry of a walk, the page itself, is the TLBs' to keep.
 * Not modelled: walks that find no page (a fault of the program, or a wrong guess). */
#ifndef MODELS_CACHE_WALKER_H
#define MODELS_CACHE_WALKER_H

#include "models/cache/page_walk.h"
#include "models/cache/port.h"
#include "sim/engine/clock.h"
#include "sim/schema/schema.h"

#define WALKER_KEYS(X, o)                                                                          \
    X(o, U32, walkers, "2", "1", "64", "page walks at the same time")                              \
    X(o, CHOICE, walk_level, "l2", "l1d|l2|l3|dram", "",                                           \
      "where table entries are read: this level, or the next below it that exists")                \
    X(o, U32, step_latency, "1", "0", "1000",                                                      \
      "core cycles from the arrival of an entry to the next load, or to the end of the walk")      \
    X(o, U32, walk_cache, "32", "0", "1024",                                                       \
      "upper entries that the page-walk cache holds, fully associative, LRU; 0: there is none")
struct walker_keys {
    WALKER_KEYS(KEY_MEMBER, walker_keys)
};
extern const struct key_row walker_key_rows[];

#define WALKER_STATS(X, o)                                                                         \
    X(o, requests, COUNT, "translations asked for and not refused")                                \
    X(o, walks, COUNT, "walks that they started")                                                  \
    X(o, merged, COUNT, "requests for a page whose walk was under way")                            \
    X(o, refusals, COUNT, "requests refused: all walkers busy")                                    \
    X(o, walks_ended, COUNT, "walks that found their page")                                        \
    X(o, walking, COUNT, "walks under way now")                                                    \
    X(o, walk_cycles, CYCLES, "core cycles from start to end of a walk, summed")                   \
    X(o, busy_cycles, CYCLES, "core cycles with all walkers busy")                                 \
    X(o, entries, COUNT, "table entries between the root and the pages of all walks")              \
    X(o, cached_entries, COUNT, "of these, not read: the page-walk cache reached below them")      \
    X(o, loads, COUNT, "of these, read")                                                           \
    X(o, loads_waiting, COUNT, "of these, neither cached nor read so far")                         \
    X(o, load_bytes, BYTES, "read from the walk level, or on their way")
struct walker_stats {
    WALKER_STATS(STAT_MEMBER, walker_stats)
};

struct engine;
struct stats;
struct walker;

struct walker_setup {
    const struct walker_keys *keys;
    struct clock clock; /* of the core */
    struct engine *engine;
    struct page_tables tables;
    struct mem_port memory; /* the walk level */
    uint8_t core;
    /* A walk has ended: before those who asked for it are called back. `askers` is the union of
     * what they gave. */
    void (*found)(void *owner, const struct tlb_request *r, unsigned page_shift, uint32_t askers,
                  uint64_t now);
    void *owner;
};

struct walker *walker_create(const struct walker_setup *setup);
void walker_destroy(struct walker *w);

/* PORT_MISS or PORT_BUSY, as tlb_port's translate; the walk starts at `start`, now or later.
 * r->level is the caller's. A posted request (done NULL) is answered by PORT_HIT. */
enum port_reply walker_ask(struct walker *w, struct tlb_request *r, uint32_t askers, uint64_t now,
                           uint64_t start);
void walker_wait(struct walker *w, struct port_waiter *waiter);
/* Functional warming of the page-walk cache and the walk level; the size of the page. */
unsigned walker_warm(struct walker *w, const struct tlb_request *r);

void walker_register(const struct walker *w, struct stats *s, const char *name);

#endif
