#include "models/pipeline/bpred/btb.h"

#include <stdlib.h>

#include "sim/base/err.h"

#define NO_PC UINT64_MAX /* no instruction is there: of an empty entry */

struct btb_entry {
    uint64_t pc, target;
};

struct btb {
    uint32_t sets, ways;
    struct btb_entry *entries; /* each set in order of use, the last used first, the empty last */
};

struct btb *btb_create(uint32_t entries, uint32_t ways)
{
    struct btb *b = xcalloc(1, sizeof *b);
    b->ways = ways;
    b->sets = entries / ways;
    b->entries = xcalloc_lines(entries * sizeof b->entries[0]); /* a set of four is a host line */
    for (uint32_t n = 0; n < entries; n++)
        b->entries[n].pc = NO_PC;
    return b;
}

void btb_destroy(struct btb *b)
{
    if (b)
        free(b->entries);
    free(b);
}

static inline struct btb_entry *set_of(const struct btb *b, uint64_t pc)
{
    return &b->entries[((uint32_t)(pc >> 2) & (b->sets - 1)) * b->ways];
}

/* The way of pc; the number of ways when it is not there. */
static inline uint32_t find(const struct btb *b, const struct btb_entry *set, uint64_t pc)
{
    uint32_t way = 0;
    while (way < b->ways && set[way].pc != pc)
        way++;
    return way;
}

/* Puts an entry first; those that were before `way` move on by one. */
static inline void put_first(struct btb_entry *set, uint32_t way, struct btb_entry entry)
{
    for (; way; way--)
        set[way] = set[way - 1];
    set[0] = entry;
}

/* The entry of pc, which is not the first of its set; false when there is none. */
static __attribute__((noinline)) bool bring_first(const struct btb *b, struct btb_entry *set,
                                                  uint64_t pc)
{
    uint32_t way = find(b, set, pc);
    if (way == b->ways)
        return false;
    put_first(set, way, set[way]);
    return true;
}

static __attribute__((noinline)) void enter_first(const struct btb *b, struct btb_entry *set,
                                                  uint64_t pc)
{
    uint32_t way = find(b, set, pc), last = b->ways - 1;
    put_first(set, way < last ? way : last, (struct btb_entry){.pc = pc});
}

bool btb_lookup(struct btb *b, uint64_t pc, uint64_t *target)
{
    if (!b->sets)
        return false;
    struct btb_entry *set = set_of(b, pc);
    if (set->pc != pc && !bring_first(b, set, pc))
        return false;
    *target = set->target;
    return true;
}

void btb_update(struct btb *b, uint64_t pc, uint64_t target)
{
    if (!b->sets)
        return;
    struct btb_entry *set = set_of(b, pc);
    if (set->pc != pc)
        enter_first(b, set, pc);
    set->target = target;
}
