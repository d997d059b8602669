/* How few misses a cache of a given geometry could have had on a stream of lines, had it known the
 * future (Belady: A Study of Replacement Algorithms for a Virtual-Storage Computer, IBM Systems
 * Journal 5(2), 1966: of the lines in a set the one that is used last from now on makes room).
 *
 * Some accesses cost nothing when they miss: lines written back from above bring their data with
 * them. To keep a line until such an access gains nothing, so for the choice its next use is then
 * never; what it brings may be kept for the accesses after it. That is optimal, too: to be found
 * are the most stretches from one access of a line to the next, of those that save a miss, of which
 * no more than the ways overlap, and taking those that end first finds them. */
#ifndef ANALYSIS_OPTIMAL_H
#define ANALYSIS_OPTIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct optimal {     /* misses */
    uint64_t cold;   /* of a cache without end */
    uint64_t filled; /* the least when every miss fills the cache, as caches do */
    uint64_t passed; /* the least when a line may also pass by: a bound for any cache */
    uint64_t lru;    /* of exact LRU on the same stream, for comparison */
};

/* Misses of the accesses that are not free. `is_free` NULL: none is. The set of a line is line %
 * sets. */
struct optimal optimal_misses(const uint64_t *lines, const bool *is_free, size_t count,
                              uint32_t sets, uint32_t ways);

#endif
