#include "models/cache/dram/channel.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

static void announce(struct dram_channel *c, enum dram_op op, const struct dram_bank *b,
                     uint32_t rank, uint64_t cycle, bool automatic)
{
    struct dram_command command = {.cycle = cycle, .channel = c->number, .rank = rank, .op = op,
                                   .automatic = automatic};
    if (!c->observe)
        return;
    if (b) {
        command.group = b->group;
        command.bank = b->number;
        command.row = b->row;
    }
    c->observe(c->ctx, &command);
}

static void close_row(struct dram_channel *c, struct dram_bank *b, uint64_t cycle, bool automatic)
{
    announce(c, DRAM_PRE, b, b->rank, cycle, automatic);
    dram_issue(&c->devices, b, DRAM_PRE, cycle, 0);
    c->stats->precharges++;
    c->stats->rows_open--;
}

static bool row_wanted(const struct dram_channel *c, uint32_t bank, uint64_t row)
{
    for (uint32_t side = 0; side < DRAM_SIDES; side++)
        for (const struct dram_burst *b = c->queue[side].first; b; b = b->next)
            if (b->bank == bank && b->row == row)
                return true;
    return false;
}

static void take_out(struct dram_channel *c, struct dram_burst *b)
{
    struct dram_queue *q = &c->queue[c->draining];
    struct dram_burst **link = &q->first;
    while (*link != b)
        link = &(*link)->next;
    *link = b->next;
    if (!b->next)
        q->last = link;
    q->count--;
    c->pressed &= !c->draining;
    b->next = c->free;
    c->free = b;
}

static void count_burst(struct dram_channel *c, const struct dram_burst *b, uint64_t cycle)
{
    struct dram_stats *s = c->stats;
    const struct dram_timing *t = &c->devices.t;
    s->bursts_queued--;
    if (c->draining)
        s->bursts_written++;
    else
        s->bursts_read++;
    if (b->closed)
        s->row_conflicts++;
    else if (b->opened)
        s->row_misses++;
    else
        s->row_hits++;
    s->queue_cycles += cycle - b->arrived;
    s->bus_cycles += t->tburst;
    s->bus_bytes += dram_burst_bytes(t);
}

/* The burst's read or write: it leaves the queue. */
static void move_data(struct dram_channel *c, struct dram_burst *b, struct dram_bank *bank,
                      uint64_t cycle)
{
    const struct dram_timing *t = &c->devices.t;
    uint64_t row = bank->row;
    uint32_t index = b->bank;
    count_burst(c, b, cycle);
    take_out(c, b);
    if (b->job)
        c->burst_done(b, cycle + t->cl + t->tburst);
    if (c->keys->page_policy == DRAM_PAGE_CLOSED && !row_wanted(c, index, row))
        close_row(c, bank, dram_earliest(&c->devices, bank, DRAM_PRE), true);
}

static void give_burst_command(struct dram_channel *c, const struct dram_plan *p)
{
    struct dram_burst *b = p->burst;
    if (p->op == DRAM_PRE) {
        b->closed = true;
        close_row(c, p->bank, p->cycle, false);
        return;
    }
    dram_issue(&c->devices, p->bank, p->op, p->cycle, b->row);
    announce(c, p->op, p->bank, p->rank, p->cycle, false);
    if (p->op == DRAM_ACT) {
        b->opened = true;
        c->stats->activates++;
        c->stats->rows_open++;
    } else {
        move_data(c, b, p->bank, p->cycle);
    }
}

static void give_command(struct dram_channel *c)
{
    struct dram_plan p = c->plan;
    c->planned = false;
    c->cursor = p.cycle + 1;
    if (p.burst) {
        give_burst_command(c, &p);
    } else if (p.bank) {
        close_row(c, p.bank, p.cycle, false);
    } else {
        announce(c, DRAM_REF, NULL, p.rank, p.cycle, false);
        dram_refresh(&c->devices, p.rank, p.cycle);
        c->refreshing[p.rank] = false;
        c->due[p.rank] += c->devices.t.trefi;
        c->stats->refreshes++;
        c->stats->refresh_cycles += c->devices.t.trfc;
    }
}

/* The rank that will be due for refresh first, among those that are not. */
static uint32_t next_due(const struct dram_channel *c)
{
    uint32_t first = 0;
    for (uint32_t rank = 1; rank < c->devices.ranks; rank++)
        if (c->refreshing[first] || (!c->refreshing[rank] && c->due[rank] < c->due[first]))
            first = rank;
    return first;
}

/* Gives every command up to and including that cycle; what comes next is then planned. Returns the
 * cycle in which something happens next, if no burst arrives before. */
static uint64_t advance(struct dram_channel *c, uint64_t until)
{
    for (;;) {
        if (!c->planned)
            dram_plan_next(c);
        uint32_t rank = next_due(c);
        uint64_t due = c->refreshing[rank] ? DRAM_NEVER : c->due[rank];
        uint64_t next = min_u64(due, c->plan.cycle);
        if (next > until)
            return next;
        if (due > c->plan.cycle) {
            give_command(c);
            continue;
        }
        c->refreshing[rank] = true;
        c->cursor = max_u64(c->cursor, due);
        c->planned = false;
    }
}

/* While bursts wait for their turn, time has to be looked at; else the next arrival makes up for
 * what happens meanwhile. */
static void set_event(struct dram_channel *c, uint64_t next)
{
    uint64_t tick = clock_ticks(c->clock, next);
    if (!c->queue[c->draining].count)
        engine_cancel(c->engine, &c->event);
    else if (!event_pending(&c->event) || event_when(&c->event) != tick)
        engine_reschedule(c->engine, &c->event, tick, PHASE_MEMORY);
}

static void channel_event(struct event *ev, uint64_t now)
{
    struct dram_channel *c = ev->owner;
    uint32_t before = c->queue[DRAM_READS].count + c->queue[DRAM_WRITES].count;
    set_event(c, advance(c, clock_cycles(c->clock, now)));
    if (c->queue[DRAM_READS].count + c->queue[DRAM_WRITES].count < before)
        c->freed(c->owner, now);
}

struct dram_burst *dram_channel_find_write(const struct dram_channel *c, uint64_t pa)
{
    struct dram_burst *b = c->queue[DRAM_WRITES].first;
    while (b && b->choice.pa != pa)
        b = b->next;
    return b;
}

/* Something has changed: the next command is planned anew. */
static void look_again(struct dram_channel *c, uint64_t tick)
{
    uint64_t cycle = clock_cycles(c->clock, tick);
    c->cursor = max_u64(c->cursor, cycle);
    c->planned = false;
    if (!event_pending(&c->event) || event_when(&c->event) > tick)
        engine_reschedule(c->engine, &c->event, tick, PHASE_MEMORY);
}

/* What idle time has brought, up to but not including the cycle at that tick. */
static void catch_up(struct dram_channel *c, uint64_t tick)
{
    uint64_t cycle = clock_cycles(c->clock, tick);
    if (cycle > c->cursor)
        advance(c, cycle - 1);
}

void dram_channel_press(struct dram_channel *c, uint64_t now)
{
    uint64_t tick = clock_edge(c->clock, now);
    if (c->pressed)
        return;
    catch_up(c, tick);
    c->pressed = true;
    look_again(c, tick);
}

struct dram_burst *dram_channel_add(struct dram_channel *c, enum dram_side side, uint64_t pa,
                                    const struct dram_address *a, uint64_t now)
{
    struct dram_queue *q = &c->queue[side];
    struct dram_burst *b = c->free;
    uint64_t tick = clock_edge(c->clock, now), cycle = clock_cycles(c->clock, tick);
    uint32_t rank = (uint32_t)a->field[DRAM_RANK], group = (uint32_t)a->field[DRAM_GROUP];
    uint32_t bank = (uint32_t)a->field[DRAM_BANK];
    catch_up(c, tick);
    c->free = b->next;
    *b = (struct dram_burst){
        .choice = {.order = c->orders++, .pa = pa, .rank = rank, .group = group, .bank = bank},
        .row = a->field[DRAM_ROW],
        .arrived = cycle,
        .bank = dram_bank_index(&c->devices, rank, group, bank),
    };
    *q->last = b;
    q->last = &b->next;
    q->count++;
    c->stats->bursts_queued++;
    look_again(c, tick);
    return b;
}

/* Ranks take turns at being refreshed. */
static void init_refresh(struct dram_channel *c)
{
    uint32_t ranks = c->devices.ranks;
    c->due = xcalloc(ranks, sizeof *c->due);
    c->refreshing = xcalloc(ranks, sizeof *c->refreshing);
    for (uint32_t rank = 0; rank < ranks; rank++)
        c->due[rank] = c->keys->refresh ? (uint64_t)c->devices.t.trefi * (rank + 1) / ranks
                                        : DRAM_NEVER;
}

void dram_channel_init(struct dram_channel *c, const struct dram_channel_setup *setup)
{
    const struct dram_keys *k = setup->keys;
    uint32_t pool = k->read_queue + k->write_queue + 2 * setup->pool;
    *c = (struct dram_channel){
        .keys = k, .sched = setup->sched, .engine = setup->engine, .number = setup->number,
        .clock = {setup->timing->tck}, .burst_done = setup->burst_done, .freed = setup->freed,
        .observe = setup->observe, .owner = setup->owner, .ctx = setup->ctx,
        .stats = setup->stats, .bursts = xcalloc(pool, sizeof *c->bursts),
    };
    dram_devices_init(&c->devices, setup->timing, k->ranks);
    for (uint32_t n = 0; n < DRAM_SIDES; n++)
        c->queue[n].last = &c->queue[n].first;
    c->queue[DRAM_READS].room = k->read_queue;
    c->queue[DRAM_WRITES].room = k->write_queue;
    for (uint32_t n = pool; n-- > 0;) {
        c->bursts[n].next = c->free;
        c->free = &c->bursts[n];
    }
    c->firsts = xcalloc((uint64_t)k->ranks * c->devices.banks, sizeof *c->firsts);
    c->touched = xcalloc((uint64_t)k->ranks * c->devices.banks, sizeof *c->touched);
    c->event = (struct event){.fn = channel_event, .owner = c};
    init_refresh(c);
}

void dram_channel_free(struct dram_channel *c)
{
    dram_devices_free(&c->devices);
    free(c->bursts);
    free(c->firsts);
    free(c->touched);
    free(c->due);
    free(c->refreshing);
}
