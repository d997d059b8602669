/* What a channel does next: the command, and the first cycle in which it may be given. */
#include "models/cache/dram/channel.h"
#include "sim/base/bits.h"

static void consider(struct dram_channel *c, struct dram_plan p)
{
    p.cycle = max_u64(p.cycle, c->cursor);
    if (p.cycle < c->plan.cycle)
        c->plan = p;
}

static struct dram_bank *bank_at(struct dram_channel *c, uint32_t index)
{
    return &c->devices.bank[index];
}

/* Closes what is open in a rank that is to be refreshed, then refreshes it. */
static void plan_refresh(struct dram_channel *c, uint32_t rank)
{
    struct dram_devices *d = &c->devices;
    if (!d->rank[rank].open) {
        consider(c, (struct dram_plan){.cycle = dram_refresh_earliest(d, rank), .rank = rank,
                                       .op = DRAM_REF});
        return;
    }
    for (uint32_t n = rank * d->banks; n < (rank + 1) * d->banks; n++)
        if (bank_at(c, n)->row != DRAM_CLOSED)
            consider(c, (struct dram_plan){.cycle = dram_earliest(d, bank_at(c, n), DRAM_PRE),
                                           .bank = bank_at(c, n), .rank = rank, .op = DRAM_PRE});
}

static void choose_side(struct dram_channel *c)
{
    uint32_t reads = c->queue[DRAM_READS].count, writes = c->queue[DRAM_WRITES].count;
    bool was_draining = c->draining;
    if (c->pressed || writes >= c->keys->write_high || (!reads && writes > c->keys->write_low))
        c->draining = true;
    else if (!writes || (reads && writes <= c->keys->write_low))
        c->draining = false;
    c->stats->write_drains += c->draining && !was_draining;
}

/* Finds the first burst of each bank. */
static uint32_t scan(struct dram_channel *c)
{
    uint32_t touched = 0;
    c->scans++;
    for (struct dram_burst *b = c->queue[c->draining].first; b; b = b->next) {
        struct dram_first *f = &c->firsts[b->bank];
        uint64_t waited = max_u64(c->cursor, b->arrived) - b->arrived;
        b->choice.hit = bank_at(c, b->bank)->row == b->row;
        b->choice.waited = waited;
        b->choice.starved = waited > c->keys->starvation_limit;
        if (f->scan == c->scans) {
            if (c->sched->before(&b->choice, &f->burst->choice))
                f->burst = b;
            continue;
        }
        *f = (struct dram_first){c->scans, b};
        c->touched[touched++] = b->bank;
        if (c->sched->in_order)
            break;
    }
    return touched;
}

static void plan_burst(struct dram_channel *c, struct dram_burst *b)
{
    struct dram_bank *bank = bank_at(c, b->bank);
    enum dram_op op = b->choice.hit              ? c->draining ? DRAM_WR : DRAM_RD
                      : bank->row == DRAM_CLOSED ? DRAM_ACT
                                                 : DRAM_PRE;
    struct dram_plan p = {.cycle = max_u64(dram_earliest(&c->devices, bank, op), c->cursor),
                          .burst = b, .bank = bank, .rank = bank->rank, .op = op};
    if (p.cycle > c->plan.cycle)
        return;
    if (p.cycle < c->plan.cycle ||
        (c->plan.burst && c->sched->before(&b->choice, &c->plan.burst->choice)))
        c->plan = p;
}

/* The bus turns around soon: so few bursts are left, or lack to the high mark. */
#define NEAR 8u

static bool turn_is_near(const struct dram_channel *c)
{
    uint32_t writes = c->queue[DRAM_WRITES].count;
    return c->draining ? writes <= c->keys->write_low + NEAR : writes + NEAR >= c->keys->write_high;
}

/* Opens rows for the side whose turn is next, in banks that the other does not need and in cycles
 * that it leaves over, so that the bus does not wait for them. */
static void plan_ahead(struct dram_channel *c)
{
    for (struct dram_burst *b = c->queue[!c->draining].first; b; b = b->next) {
        struct dram_bank *bank = bank_at(c, b->bank);
        if (c->firsts[b->bank].scan == c->scans || c->refreshing[bank->rank])
            continue;
        c->firsts[b->bank] = (struct dram_first){c->scans, b};
        if (bank->row == b->row)
            continue;
        enum dram_op op = bank->row == DRAM_CLOSED ? DRAM_ACT : DRAM_PRE;
        consider(c, (struct dram_plan){.cycle = dram_earliest(&c->devices, bank, op), .burst = b,
                                       .bank = bank, .rank = bank->rank, .op = op});
    }
}

/* Rows that nobody has used for row_timeout cycles; what a burst waits for is its own affair. */
static void plan_timeouts(struct dram_channel *c, bool have_bursts)
{
    for (uint32_t n = 0; n < c->devices.ranks * c->devices.banks; n++) {
        struct dram_bank *b = bank_at(c, n);
        bool wanted = have_bursts && c->firsts[n].scan == c->scans;
        if (b->row == DRAM_CLOSED || wanted || c->refreshing[b->rank])
            continue;
        uint64_t cycle = max_u64(dram_earliest(&c->devices, b, DRAM_PRE),
                                 b->used + c->keys->row_timeout);
        consider(c, (struct dram_plan){.cycle = cycle, .bank = b, .rank = b->rank,
                                       .op = DRAM_PRE});
    }
}

/* Of commands for the same cycle a refresh's goes first, one for a mere timeout last. */
void dram_plan_next(struct dram_channel *c)
{
    c->planned = true;
    c->plan = (struct dram_plan){.cycle = DRAM_NEVER};
    choose_side(c);
    for (uint32_t rank = 0; rank < c->devices.ranks; rank++)
        if (c->refreshing[rank])
            plan_refresh(c, rank);
    uint32_t touched = c->queue[c->draining].count ? scan(c) : 0;
    for (uint32_t n = 0; n < touched; n++)
        if (!c->refreshing[bank_at(c, c->touched[n])->rank])
            plan_burst(c, c->firsts[c->touched[n]].burst);
    if (touched && !c->sched->in_order && turn_is_near(c))
        plan_ahead(c);
    if (c->keys->page_policy == DRAM_PAGE_TIMEOUT)
        plan_timeouts(c, touched > 0);
}
