/* Watches every command that a DRAM is given and asserts that all constraints are kept: another
 * implementation than the model's, which looks back over the whole history instead of keeping times
 * of its own. It shares with it the rows of timing.def and nothing else. */
#ifndef TESTS_UNIT_MODELS_CACHE_DRAM_CHECKER_H
#define TESTS_UNIT_MODELS_CACHE_DRAM_CHECKER_H

#include "tests/unit/models/cache/dram/check_pair.h"

static inline int by_cycle(const void *a, const void *b)
{
    const struct dram_command *x = a, *y = b;
    return x->cycle < y->cycle ? -1 : x->cycle > y->cycle;
}

/* The state of the n-th command's bank by what went before: which row is open. */
static inline uint64_t row_before(const struct dram_command *log, uint32_t n)
{
    for (uint32_t i = n; i-- > 0;) {
        if (!same_bank(&log[i], &log[n]) || log[i].op == DRAM_REF)
            continue;
        return log[i].op == DRAM_PRE ? DRAM_CLOSED : log[i].row;
    }
    return DRAM_CLOSED;
}

static inline bool rank_closed(const struct rig *g, uint32_t n)
{
    struct dram_command probe = g->log[n];
    for (probe.group = 0; probe.group < g->t.groups; probe.group++)
        for (probe.bank = 0; probe.bank < g->t.banks; probe.bank++)
            for (uint32_t i = n; i-- > 0;) {
                if (!same_bank(&g->log[i], &probe) || g->log[i].op == DRAM_REF)
                    continue;
                if (g->log[i].op != DRAM_PRE)
                    return false;
                break;
            }
    return true;
}

static inline void check_state(const struct rig *g, uint32_t n)
{
    const struct dram_command *c = &g->log[n];
    if (c->op == DRAM_REF) {
        CHECK(rank_closed(g, n), c, "refresh with an open row");
        return;
    }
    uint64_t row = row_before(g->log, n);
    if (c->op == DRAM_ACT)
        CHECK(row == DRAM_CLOSED, c, "activate of an open bank");
    else
        CHECK(row == c->row, c, "the row is not open");
}

static inline void check_window(const struct rig *g, uint32_t n)
{
    uint32_t activates = 0;
    for (uint32_t i = 0; i < n; i++)
        activates += g->log[i].op == DRAM_ACT && same_rank(&g->log[i], &g->log[n]) &&
                     g->log[i].cycle + g->t.tfaw > g->log[n].cycle;
    CHECK(activates < 4, &g->log[n], "five activates within tFAW");
}

/* Refreshes of each rank: as many as intervals have passed, none late by more than an interval. */
static inline void check_refreshes(const struct rig *g)
{
    for (uint32_t n = 0; n < g->logged; n++) {
        uint64_t count = 0;
        if (g->log[n].op != DRAM_REF)
            continue;
        for (uint32_t i = 0; i <= n; i++)
            count += g->log[i].op == DRAM_REF && same_rank(&g->log[i], &g->log[n]);
        CHECK(g->log[n].cycle <= (count + 1) * (uint64_t)g->t.trefi, &g->log[n], "late refresh");
    }
}

/* How far back a command can matter. */
static inline uint64_t longest(const struct dram_timing *t)
{
    return t->trfc + t->trc + t->tfaw + t->cl + t->cwl + t->tburst + t->twr + t->trtrs;
}

/* Judges all that has been logged. */
static inline void check_log(struct rig *g)
{
    qsort(g->log, g->logged, sizeof *g->log, by_cycle);
    for (uint32_t n = 0; n < g->logged; n++) {
        uint32_t i = n;
        while (i > 0 && g->log[i - 1].cycle + longest(&g->t) >= g->log[n].cycle) {
            i--;
            check_pair(&g->t, &g->log[i], &g->log[n]);
            check_bus(&g->t, &g->log[i], &g->log[n]);
        }
        if (g->log[n].op == DRAM_ACT)
            check_window(g, n);
        check_state(g, n);
    }
    if (g->keys.refresh)
        check_refreshes(g);
}

#endif
