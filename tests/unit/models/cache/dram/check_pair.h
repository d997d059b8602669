/* What two commands of a DRAM may not do to each other; for checker.h. */
#ifndef TESTS_UNIT_MODELS_CACHE_DRAM_CHECK_PAIR_H
#define TESTS_UNIT_MODELS_CACHE_DRAM_CHECK_PAIR_H

#include "tests/unit/models/cache/dram/dram_rig.h"

#define CHECK(condition, c, what)                                                                  \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s: op %d @%llu, channel %u rank %u group %u bank %u row %llu", what,        \
                     (int)(c)->op, (unsigned long long)(c)->cycle, (c)->channel, (c)->rank,        \
                     (c)->group, (c)->bank, (unsigned long long)(c)->row);                         \
    } while (0)

static inline bool same_rank(const struct dram_command *a, const struct dram_command *b)
{
    return a->channel == b->channel && a->rank == b->rank;
}

static inline bool same_group(const struct dram_command *a, const struct dram_command *b)
{
    return same_rank(a, b) && a->group == b->group;
}

static inline bool same_bank(const struct dram_command *a, const struct dram_command *b)
{
    return same_group(a, b) && a->bank == b->bank;
}

/* Whether a row of timing.def speaks of these two commands. */
static inline bool concerns(const struct dram_command *from, const struct dram_command *to,
                            enum dram_scope scope)
{
    switch (scope) {
    case DRAM_SCOPE_BANK:
        return same_bank(from, to);
    case DRAM_SCOPE_GROUP:
        return same_group(from, to);
    case DRAM_SCOPE_RANK:
        return same_rank(from, to);
    default:
        return from->channel == to->channel && from->rank != to->rank;
    }
}

static inline void check_pair(const struct dram_timing *t, const struct dram_command *a,
                              const struct dram_command *b)
{
    uint64_t apart = b->cycle - a->cycle;
#define CONSTRAINT(x, y, scope, cycles)                                                            \
    if (a->op == DRAM_##x && b->op == DRAM_##y && concerns(a, b, DRAM_SCOPE_##scope))              \
        CHECK((int64_t)apart >= (int32_t)(cycles), b, #x " to " #y " of a " #scope ": " #cycles);
#include "models/cache/dram/timing.def"
#undef CONSTRAINT
    if (a->channel == b->channel && !a->automatic && !b->automatic)
        CHECK(apart > 0, b, "two commands in a cycle");
}

/* First and last cycle of its data on the bus. */
static inline uint64_t data_start(const struct dram_timing *t, const struct dram_command *c)
{
    return c->cycle + (c->op == DRAM_RD ? t->cl : t->cwl);
}

static inline void check_bus(const struct dram_timing *t, const struct dram_command *a,
                             const struct dram_command *b)
{
    bool moves = (a->op == DRAM_RD || a->op == DRAM_WR) && (b->op == DRAM_RD || b->op == DRAM_WR);
    if (!moves || a->channel != b->channel)
        return;
    uint64_t first = data_start(t, a), second = data_start(t, b);
    uint64_t apart = first < second ? second - first : first - second;
    CHECK(apart >= t->tburst + (a->rank == b->rank ? 0 : t->trtrs), b, "bursts meet on the bus");
}

#endif
