/* The contents of one translation buffer, first level ([itlb], [dtlb]) or second ([tlb]), with what
 * is counted of it. Who asks whom, and when, is mmu.h's.
 *
 * An entry maps one page of whatever size. It is found by effective and physical page together:
 * that keeps address spaces apart, as the PID in the tags of a real one does, and an entry whose
 * page has been mapped elsewhere since is never found again, as if the system had invalidated it.
 * Sets are indexed by the number of the page in units of its own size, each size in use being
 * looked for in turn; that takes no time. */
#ifndef MODELS_CACHE_TLB_H
#define MODELS_CACHE_TLB_H

#include "models/cache/port.h"
#include "models/cache/repl/repl.h"
#include "sim/base/rng.h"
#include "sim/schema/schema.h"

/* The two levels differ in their defaults only. */
#define TLB_KEYS(X, o, ENTRIES, WAYS, LATENCY)                                                     \
    X(o, BOOL, present, "yes", "", "", "no: leave out this level, whatever else is said of it")    \
    X(o, U32, entries, ENTRIES, "1", "65536", "pages held: ways x a power of two of sets")         \
    X(o, U32, ways, WAYS, "0", "64", "entries per set; 0: all in one set, 64 at most")             \
    X(o, U32, latency, LATENCY, "0", "1000",                                                       \
      "core cycles from question to answer; in a first level: beside the cache access itself")     \
    X(o, STR, replacement, "lru", "", "", "a policy without keys of its own: lru, plru, random ...")
#define TLB_FIRST_KEYS(X, o)  TLB_KEYS(X, o, "64", "0", "0")
#define TLB_SECOND_KEYS(X, o) TLB_KEYS(X, o, "1024", "4", "8")
struct tlb_keys {
    TLB_FIRST_KEYS(KEY_MEMBER, tlb_keys)
};
extern const struct key_row tlb_first_key_rows[], tlb_second_key_rows[];

/* Beside these, <command>_misses for each command of port.h that can ask. */
#define TLB_STATS(X, o)                                                                            \
    X(o, accesses, COUNT, "translations asked for and not refused")                                \
    X(o, hits, COUNT, "accesses to a page that was there")                                         \
    X(o, delayed_hits, COUNT, "accesses to a page that the level below was about to hand over")    \
    X(o, misses, COUNT, "accesses to a page that was not there, also while its walk went on")      \
    X(o, fills, COUNT, "pages put into it")                                                        \
    X(o, evictions, COUNT, "pages displaced by a fill")                                            \
    X(o, resident, COUNT, "pages there now")
enum tlb_outcome { TLB_HIT, TLB_DELAYED_HIT, TLB_MISS };
struct tlb_stats {
    TLB_STATS(STAT_MEMBER, tlb_stats)
    uint64_t command_misses[MEM_COMMANDS];
};

struct tlb_entry {
    uint64_t ea, pa, mask; /* of the page; mask: the bits that are its number */
    uint64_t from;         /* tick from which it may be used */
    uint32_t set, way;     /* where it stands */
};

#define TLB_HINTS 256 /* a power of two */

struct tlb {
    uint32_t sets, ways;
    const struct repl_ops *policy;

    uint64_t latency_ticks;

    struct tlb_entry *entry; /* [set * ways + way] */
    uint8_t *recent;         /* [set]: the way touched last */
    const struct tlb_entry *last; /* touched last of all */
    struct repl *repl;
    struct rng rng;
    uint32_t shifts;         /* bit n: pages of 2^n bytes have been put in */
    /* Where the page of this 4 KiB was found last: spares the search, decides nothing. */
    uint32_t hint[TLB_HINTS];

    struct tlb_stats stats;
};

struct config;
struct err;
struct stats;

/* Judges keys that rows cannot, and fills in ways. */
bool tlb_check(struct tlb_keys *k, const struct config *c, const char *section, struct err *e);
struct tlb *tlb_create(const struct tlb_keys *keys, uint64_t period_ticks, uint64_t seed);
void tlb_destroy(struct tlb *t);

struct tlb_entry *tlb_search(struct tlb *t, uint64_t ea, uint64_t pa);

static inline bool tlb_matches(const struct tlb_entry *e, uint64_t ea, uint64_t pa)
{
    return !(((e->ea ^ ea) | (e->pa ^ pa)) & e->mask);
}

/* The entry that translates ea to pa, or NULL. Changes nothing that could be seen. */
static inline struct tlb_entry *tlb_find(struct tlb *t, uint64_t ea, uint64_t pa)
{
    struct tlb_entry *e = &t->entry[t->hint[ea >> 12 & (TLB_HINTS - 1)]];
    return tlb_matches(e, ea, pa) ? e : tlb_search(t, ea, pa);
}

/* Tells the replacement policy of a use. */
void tlb_touch_other(struct tlb *t, const struct tlb_entry *e, const struct tlb_request *r);
static inline void tlb_touch(struct tlb *t, const struct tlb_entry *e, const struct tlb_request *r)
{
    if (e != t->last || !t->policy->repeat_is_noop)
        tlb_touch_other(t, e, r);
}

/* Puts the page of 2^shift bytes that was asked for in, in place of another when its set is full.
 * Nothing happens when it is there. */
void tlb_fill(struct tlb *t, const struct tlb_request *r, unsigned shift, uint64_t from);

static inline void tlb_count(struct tlb *t, enum tlb_outcome outcome, uint8_t command)
{
    t->stats.accesses++;
    switch (outcome) {
    case TLB_HIT:
        t->stats.hits++;
        break;
    case TLB_DELAYED_HIT:
        t->stats.delayed_hits++;
        break;
    case TLB_MISS:
        t->stats.misses++;
        t->stats.command_misses[command]++;
        break;
    }
}

void tlb_register(const struct tlb *t, struct stats *s, const char *name);

#endif
