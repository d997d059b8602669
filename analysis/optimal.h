/* How few misses a cache of a given geometry could have had on a stream of lines, had it known the
 * future (Belady: A Study of Replacement Algorithms for a Virtual-Storage Computer, IBM Systems
 * Journal 5(2), 1966: of the lines in a set the one that is used last from now on makes room). */
#ifndef ANALYSIS_OPTIMAL_H
#define ANALYSIS_OPTIMAL_H

#include <stddef.h>
#include <stdint.h>

struct optimal {
    uint64_t cold;   /* different lines: the misses of a cache without end */
    uint64_t filled; /* least misses when every miss fills the cache, as caches do */
    uint64_t passed; /* least misses when a line may also pass by: a bound for any cache */
    uint64_t lru;    /* misses of exact LRU on the same stream, for comparison */
};

/* The set of a line is line % sets. */
struct optimal optimal_misses(const uint64_t *lines, size_t count, uint32_t sets, uint32_t ways);

#endif
