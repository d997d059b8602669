/* The prefetch unit of a cache: what becomes of the lines that a prefetcher names.
 *
 * Lines that are there, on their way or in another page than the access are forgotten. The others
 * wait in a queue; each cycle one of them looks whether it is still wanted and takes an MSHR, as
 * long as `prefetch_reserve` of them stay free for demand accesses. Below, it goes out when no
 * demand miss waits to. How much may be named for one access follows accuracy, as in Srinath et
 * al. (Feedback Directed Prefetching, HPCA 2007), accuracy alone: 16, 4, 2 or 1 lines, at last one
 * for every sixteenth access, so that recovery is noticed.
 *
 * Not modelled: ports of the tags used by prefetches. */
#ifndef MODELS_CACHE_CACHE_PREFETCH_H
#define MODELS_CACHE_CACHE_PREFETCH_H

#include "models/cache/port.h"
#include "models/cache/prefetch/prefetch.h"
#include "sim/engine/event.h"
#include "sim/schema/schema.h"

/* Of a cache whose `prefetcher` is not none, in the same section. */
#define PREFETCH_KEYS(X, o)                                                                        \
    X(o, U32, prefetch_queue, "16", "1", "256",                                                    \
      "named lines that wait to be asked for; when full, a new one pushes the oldest out")         \
    X(o, U32, prefetch_reserve, "1", "0", "255",                                                   \
      "MSHRs that prefetches leave free, less than all")                                           \
    X(o, BOOL, prefetch_cross_page, "no", "", "", "whether to prefetch beyond the 4 KiB page")     \
    X(o, U32, prefetch_window, "256", "0", "1000000",                                              \
      "prefetches used or gone between two settings of the throttle; 0: no throttle")              \
    X(o, U32, prefetch_low, "40", "0", "100", "percent of them used below which less is named")    \
    X(o, U32, prefetch_high, "75", "0", "100", "percent of them used from which more is named")
struct prefetch_keys {
    PREFETCH_KEYS(KEY_MEMBER, prefetch_keys)
};
extern const struct key_row prefetch_key_rows[];

/* Among the statistics of every cache. */
#define CACHE_PREFETCH_STATS(X, o)                                                                 \
    X(o, prefetch_named, COUNT, "lines that the prefetcher named")                                 \
    X(o, prefetch_off_page, COUNT, "of these, in another page than the access")                    \
    X(o, prefetch_redundant, COUNT, "of these, there, on their way or waiting already")            \
    X(o, prefetch_overflows, COUNT, "of these, pushed out of the full queue")                      \
    X(o, prefetch_waiting, COUNT, "of these, in the queue now")                                    \
    X(o, prefetch_sent, COUNT, "of these, asked from below")                                       \
    X(o, prefetch_throttled, COUNT, "more that it wanted, for lack of accuracy left out")          \
    X(o, prefetch_hints, COUNT, "lines asked from below for touch instructions alone")             \
    X(o, prefetch_issued, COUNT, "lines asked from below for the prefetcher or a touch")           \
    X(o, prefetch_in_flight, COUNT, "of these, on their way and not used now")                     \
    X(o, prefetch_fills, COUNT, "of these, put into the cache before being used")                  \
    X(o, prefetch_useful, COUNT, "of these, used before leaving")                                  \
    X(o, prefetch_late, COUNT, "of those used, while they were on their way")                      \
    X(o, prefetch_useless, COUNT, "of those issued, put into the cache and gone without use")      \
    X(o, prefetch_dropped, COUNT, "of those issued, not put into the cache when they arrived")     \
    X(o, prefetch_resident, COUNT, "of those issued, there and not used now")

struct prefetch_entry {
    uint64_t line, pc;
    uint8_t core;
};

struct prefetch_unit {
    const struct prefetch_ops *ops; /* NULL: no prefetcher */
    void *prefetcher;
    struct prefetch_keys keys;

    struct prefetch_entry *queue; /* a ring */
    uint32_t head, waiting;
    struct event event; /* the oldest takes an MSHR */

    uint32_t level;      /* of the throttle; greatest: all is allowed */
    uint32_t skipped;    /* accesses without prefetches at level 0 */
    uint32_t used, gone; /* since the throttle was set last */
};

#endif
