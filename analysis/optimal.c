#include "analysis/optimal.h"

#include <stdbool.h>
#include <stdlib.h>

#include "analysis/simstat.h"

#define NEVER UINT64_MAX

/* Where each line was seen last: open addressing, at most half full. */
struct seen {
    struct slot {
        uint64_t line, at; /* at NEVER: free */
    } * slot;
    size_t mask, used;
};

static struct slot *seen_find(const struct seen *s, uint64_t line)
{
    size_t i = (line * UINT64_C(0x9e3779b97f4a7c15) >> 20) & s->mask;
    while (s->slot[i].at != NEVER && s->slot[i].line != line)
        i = (i + 1) & s->mask;
    return &s->slot[i];
}

static void seen_init(struct seen *s, size_t slots)
{
    *s = (struct seen){.slot = allocate(slots, sizeof *s->slot), .mask = slots - 1};
    for (size_t i = 0; i < slots; i++)
        s->slot[i].at = NEVER;
}

static void seen_grow(struct seen *s)
{
    struct seen larger;
    seen_init(&larger, 2 * (s->mask + 1));
    larger.used = s->used;
    for (size_t i = 0; i <= s->mask; i++)
        if (s->slot[i].at != NEVER)
            *seen_find(&larger, s->slot[i].line) = s->slot[i];
    free(s->slot);
    *s = larger;
}

/* For each access the number of the next one to its line, NEVER when there is none or it is free;
 * counts in *cold the lines whose first access is not. */
static uint64_t *next_uses(const uint64_t *lines, const bool *is_free, size_t count, uint64_t *cold)
{
    uint64_t *next = allocate(count ? count : 1, sizeof *next);
    struct seen s;
    seen_init(&s, 1024);
    for (size_t i = count; i-- > 0;) {
        struct slot *found = seen_find(&s, lines[i]);
        bool is_new = found->at == NEVER;
        next[i] = is_new || (is_free && is_free[found->at]) ? NEVER : found->at;
        s.used += is_new;
        *found = (struct slot){lines[i], i};
        if (2 * s.used > s.mask)
            seen_grow(&s);
    }
    for (size_t i = 0; i <= s.mask; i++)
        *cold += s.slot[i].at != NEVER && !(is_free && is_free[s.slot[i].at]);
    free(s.slot);
    return next;
}

/* A line in the cache, with its rank: the one of the greatest makes room. */
struct way {
    uint64_t line, rank;
    bool is_used;
};

/* One access; true when it misses. `passes`: a line of greater rank than all is not kept. */
static bool access_set(struct way *set, uint32_t ways, uint64_t line, uint64_t rank, bool passes)
{
    struct way *victim = &set[0];
    for (uint32_t way = 0; way < ways; way++) {
        if (set[way].is_used && set[way].line == line) {
            set[way].rank = rank;
            return false;
        }
        if (victim->is_used && (!set[way].is_used || set[way].rank > victim->rank))
            victim = &set[way];
    }
    if (!(passes && victim->is_used && rank >= victim->rank))
        *victim = (struct way){line, rank, true};
    return true;
}

struct optimal optimal_misses(const uint64_t *lines, const bool *is_free, size_t count,
                              uint32_t sets, uint32_t ways)
{
    struct optimal o = {0};
    uint64_t *next = next_uses(lines, is_free, count, &o.cold);
    size_t size = (size_t)sets * ways;
    struct way *filled = allocate(size, sizeof *filled), *passed = allocate(size, sizeof *passed);
    struct way *lru = allocate(size, sizeof *lru);
    for (size_t i = 0; i < count; i++) {
        size_t set = lines[i] % sets * ways;
        uint64_t cost = !(is_free && is_free[i]);
        o.filled += cost * access_set(filled + set, ways, lines[i], next[i], false);
        o.passed += cost * access_set(passed + set, ways, lines[i], next[i], true);
        o.lru += cost * access_set(lru + set, ways, lines[i], NEVER - i, false);
    }
    free(next);
    free(filled);
    free(passed);
    free(lru);
    return o;
}
