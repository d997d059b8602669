#include "models/pipeline/bpred/btb.h"

#include <stdlib.h>

#include "sim/base/err.h"

struct btb_entry {
    uint64_t pc, target;
    uint64_t used; /* time stamp of the last use; 0: empty */
};

struct btb {
    uint32_t sets, ways;
    uint64_t clock;
    struct btb_entry entries[];
};

struct btb *btb_create(uint32_t entries, uint32_t ways)
{
    struct btb *b = xcalloc(1, sizeof *b + entries * sizeof b->entries[0]);
    b->ways = ways;
    b->sets = entries / ways;
    return b;
}

void btb_destroy(struct btb *b) { free(b); }

static struct btb_entry *set_of(struct btb *b, uint64_t pc)
{
    return &b->entries[((uint32_t)(pc >> 2) & (b->sets - 1)) * b->ways];
}

bool btb_lookup(struct btb *b, uint64_t pc, uint64_t *target)
{
    if (!b->sets)
        return false;
    struct btb_entry *set = set_of(b, pc);
    for (uint32_t w = 0; w < b->ways; w++)
        if (set[w].used && set[w].pc == pc) {
            set[w].used = ++b->clock;
            *target = set[w].target;
            return true;
        }
    return false;
}

void btb_update(struct btb *b, uint64_t pc, uint64_t target)
{
    if (!b->sets)
        return;
    struct btb_entry *set = set_of(b, pc), *victim = set;
    for (uint32_t w = 0; w < b->ways; w++) {
        if (set[w].used && set[w].pc == pc) {
            victim = &set[w];
            break;
        }
        if (set[w].used < victim->used)
            victim = &set[w];
    }
    *victim = (struct btb_entry){.pc = pc, .target = target, .used = ++b->clock};
}
