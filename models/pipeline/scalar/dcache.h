/* First-level data cache of the scalar pipeline: blocking, write-through, no allocation on a write.
 * A load that hits takes one cycle of tag comparison; everything else goes through one state
 * machine and one register of waiting work, which stalls the pipeline while it is full. A miss is
 * served as soon as its row arrives and reads its line from that row on; stores to the page being
 * written go out one a cycle without waiting for each other.
 *
 * Replacement: a PLRU tree. A hit makes its way the most recent; a miss touches way 0 whatever way
 * it fills (the tree is updated before the victim is known), so that a stream of misses goes on
 * replacing one way of two. */
#ifndef MODELS_PIPELINE_SCALAR_DCACHE_H
#define MODELS_PIPELINE_SCALAR_DCACHE_H

#include "models/pipeline/scalar/icache.h"
#include "models/pipeline/scalar/lsu.h"

#define SCALAR_DCACHE_STATS(X, o)                                                                  \
    X(o, loads, COUNT, "loads and touches that looked for their line")                             \
    X(o, load_hits, COUNT, "loads whose row was there")                                            \
    X(o, load_misses, COUNT, "loads that started a line fill or waited for one")                   \
    X(o, stores, COUNT, "stores, those of a store conditional that failed left out")               \
    X(o, store_hits, COUNT, "stores whose line was there, which they update")                      \
    X(o, fills, COUNT, "lines filled or made by dcbz")
struct scalar_dcache_stats {
    SCALAR_DCACHE_STATS(STAT_MEMBER, scalar_dcache_stats)
};
extern const struct stat_row scalar_dcache_stat_rows[];

enum dcache_state { DC_IDLE, DC_FILL, DC_STORE, DC_CONDITIONAL, DC_FLUSH };

/* A request after tag comparison. */
struct dcache_work {
    struct access r;
    bool miss, store, flush, sync; /* what is left to do for it */
    bool hit, on_its_way;          /* on_its_way: its line is being filled, its row not there yet */
    bool same_page;                /* as the last write on the bus */
    uint32_t way, tlb_way, tlb_set;
    bool tlb_hit;
};

#define DTLB_WAYS 2u

struct dtlb_entry {
    uint64_t page;
    bool valid;
};

struct scalar_dcache {
    struct scalar_cache_keys keys;
    uint32_t sets, rows, line_bits, set_mask;
    uint64_t *tags;
    bool *valid;
    uint16_t *plru;
    /* request in tag comparison, and the tags as read for it */
    struct access r0;
    bool r0_full;
    /* A dcbz that execute1 holds but does not take is shown to the cache, which replacement takes
     * for a miss; `shows`: in this cycle, r0_shown: r0 is one. */
    bool shows, r0_shown;
    uint64_t shown_at;
    bool active;         /* something may change in the next cycle without a request */
    bool settled;        /* only tag comparison is at work, and `read` is left out */
    uint64_t read[SCALAR_MAX_WAYS];
    /* latches behind tag comparison */
    bool full;           /* `work` waits for the state machine; stalls the pipeline */
    struct dcache_work work;
    bool done, walk_done; /* an access completes in this cycle: the pipeline's, the table walk's */
    bool failed;         /* TLB miss: goes to the table walk */
    bool touched, choose; /* touched: the tree of hit_set sees hit_way; choose: find a victim */
    uint32_t hit_set, hit_way, victim;
    uint32_t quad_way;   /* of the first half of a quadword */
    bool quad_hit;
    /* state machine */
    enum dcache_state state;
    struct bus_request bus;
    uint64_t fill_line;
    uint32_t fill_set, fill_way, fill_row, end_row;
    uint64_t rows_valid;
    bool filling, write_tag, quad_open;
    uint32_t acks;
    bool was_stalled, had_ack;
    bool reserved;
    uint64_t reserved_line;
    /* data TLB: sets of two pages, one PLRU bit a set */
    struct dtlb_entry *dtlb;
    uint8_t *dtlb_plru;
    uint32_t dtlb_sets;
    bool dtlb_used;      /* since the start: real-mode accesses find nothing before */
    bool tlb_touched, store_tlb_hit;
    uint32_t tlb_hit_set, tlb_hit_way, tlb_victim, store_tlb_set, store_tlb_way;
    struct scalar_dcache_stats stats;
};

static inline uint32_t scalar_dcache_set(const struct scalar_dcache *c, uint64_t pa)
{
    return (uint32_t)(pa >> c->line_bits) & c->set_mask;
}

static inline uint32_t scalar_dcache_row(const struct scalar_dcache *c, uint64_t pa)
{
    return (uint32_t)(pa / SCALAR_ROW) & (c->rows - 1);
}

/* Of a quadword that is asked for in halves, and of everything else. */
static inline bool scalar_access_first(const struct access *a)
{
    return (a->flags & (AC_QUAD | AC_SECOND)) != (AC_QUAD | AC_SECOND);
}

static inline bool scalar_access_last(const struct access *a)
{
    return (a->flags & (AC_QUAD | AC_SECOND)) != AC_QUAD;
}

/* What tag comparison finds out about the request in r0; `work` takes the rest. */
struct dcache_compared {
    bool go, hit, load_hit, nothing; /* go: there is one; nothing: it is done with that */
    bool failed;                     /* TLB miss */
    uint32_t set;
};

/* Compares, in dcache_compare.c; `go` and `set` are given. */
void scalar_dcache_compare(struct scalar_dcache *c, struct dcache_compared *t);

#endif
