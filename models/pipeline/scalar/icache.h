/* First-level instruction cache of the scalar pipeline: delivers one instruction a cycle; a miss
 * fills its line from the wanted row on, one row an answer, and rows may be fetched from as they
 * arrive. One line is filled at a time. Victims by a PLRU tree (with two ways: exact LRU). Writes
 * seen on the bus invalidate. */
#ifndef MODELS_PIPELINE_SCALAR_ICACHE_H
#define MODELS_PIPELINE_SCALAR_ICACHE_H

#include "models/pipeline/scalar/bus.h"
#include "models/pipeline/scalar/fetch.h"

#define SCALAR_ROW 8u /* bytes of one bus transfer */
#define SCALAR_MAX_WAYS 16u
#define NO_SET UINT32_MAX
#define NO_LINE UINT64_MAX

#define SCALAR_CACHE_KEYS(X, o)                                                                    \
    X(o, SIZE, size, "8KiB", "128", "16MiB", "capacity")                                           \
    X(o, U32, ways, "2", "1", "16", "lines per set, a power of two")                               \
    X(o, SIZE, line, "64", "16", "512", "line, filled in rows of 8 bytes")
struct scalar_cache_keys {
    SCALAR_CACHE_KEYS(KEY_MEMBER, scalar_cache_keys)
};
extern const struct key_row scalar_cache_key_rows[];

#define SCALAR_ICACHE_STATS(X, o)                                                                  \
    X(o, accesses, COUNT, "instructions asked for, wrong paths included")                          \
    X(o, hits, COUNT, "... delivered at once")                                                     \
    X(o, misses, COUNT, "... that had to wait for their row")                                      \
    X(o, abandoned, COUNT, "... that a redirect withdrew before they were delivered")              \
    X(o, fills, COUNT, "line fills")                                                               \
    X(o, snooped, COUNT, "lines invalidated by a store")
struct scalar_icache_stats {
    SCALAR_ICACHE_STATS(STAT_MEMBER, scalar_icache_stats)
};
extern const struct stat_row scalar_icache_stat_rows[];

enum icache_state { IC_IDLE, IC_CLEAR_TAG, IC_FILL, IC_STOP };

struct scalar_icache {
    struct scalar_cache_keys keys;
    uint32_t sets, rows; /* rows of a line */
    uint32_t line_bits, set_mask;
    uint64_t *tags;      /* [set * ways + way]: line number */
    bool *valid;
    uint16_t *plru;      /* tree bits of a set */
    uint32_t touched;    /* the line that they were set for last, as in tags; NO_SET: none */
    /* tags as read for the address in fetch; a tag written meanwhile is not seen */
    uint64_t read[SCALAR_MAX_WAYS];
    uint32_t read_set;    /* which one they are of */
    uint32_t overwritten; /* bit a way: written in the cycle of the read */
    /* Its way, as the tags say; for as long as only the pipeline moves. NO_LINE: not looked for. */
    uint64_t known_line;
    uint32_t known_way;
    /* delivered to decode1 */
    struct fetched *out;
    bool out_valid;
    uint32_t out_way, out_set;
    bool stalled_hit;     /* a hit while decode1 stalled is remembered */
    uint32_t stalled_way;
    bool waited;          /* the request in fetch was no hit at first */
    /* line fill */
    enum icache_state state;
    struct bus_request bus;
    uint64_t fill_line;
    uint32_t fill_set, fill_way, end_row, receive_row, store_row;
    uint64_t rows_valid;  /* bit a row */
    bool receive_valid, fill_valid;
    /* two cycles of snooping a write; snoops: one of them is left */
    bool snoop1, snoop2, snoops;
    uint64_t snoop1_line, snoop1_tags[SCALAR_MAX_WAYS];
    uint32_t snoop2_set, snoop2_ways;
    struct scalar_icache_stats stats;
};

bool scalar_cache_check(const struct scalar_cache_keys *k);

/* Trees of victims as the replacement policy plru has them; with one way there is nothing to
 * choose. */
uint32_t scalar_plru_victim(uint16_t tree, uint32_t ways);
uint16_t scalar_plru_touch(uint16_t tree, uint32_t ways, uint32_t way);

#endif
