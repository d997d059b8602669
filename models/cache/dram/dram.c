#include "models/cache/dram/dram.h"

#include <assert.h>
#include <stdlib.h>

#include "models/cache/dram/channel.h"
#include "models/cache/waiters.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"

#define LONGEST_REQUEST 4096 /* bytes: the longest line of a cache, or a page without any */

/* A read of which not all bursts have been read. */
struct dram_job {
    struct mem_request *request; /* NULL: posted, nobody waits */
    uint32_t left;               /* bursts */
    uint64_t asked_tick, ready_tick, complete_tick;
    struct event event; /* the answer */
    struct dram *dram;
    struct dram_job *next_free;
};

/* Jobs live until their answer, long after their bursts have left the queues: more are made when
 * there were never so many at once. */
#define JOBS 64
struct dram_jobs {
    struct dram_job job[JOBS];
    struct dram_jobs *next;
};

struct dram {
    struct dram_keys keys;
    struct dram_timing timing;
    struct dram_mapping mapping;
    struct engine *engine;
    struct clock clock;
    uint32_t burst_bytes;

    struct dram_channel *channel; /* [keys.channels] */
    struct dram_jobs *jobs;
    struct dram_job *free_jobs;
    struct waiters refused;

    struct dram_stats stats;
    struct dram_hists hists;
};

static void answer(struct event *ev, uint64_t now)
{
    struct dram_job *j = ev->owner;
    struct mem_request *r = j->request;
    j->next_free = j->dram->free_jobs;
    j->dram->free_jobs = j;
    if (!r)
        return;
    r->ready = now;
    r->complete = j->complete_tick;
    r->level = 1;
    r->done(r);
}

/* The times of all bursts are known; the answer comes with the wanted bytes, but not before. */
static void schedule_answer(struct dram_job *j, uint64_t now)
{
    struct dram *d = j->dram;
    j->ready_tick = max_u64(j->ready_tick, now) + d->keys.controller_latency;
    j->complete_tick = max_u64(j->complete_tick + d->keys.controller_latency, j->ready_tick);
    d->stats.reads_answered++;
    d->stats.reads_waiting--;
    d->stats.read_ticks += j->ready_tick - j->asked_tick;
    hist_add(&d->hists.read_latency, j->ready_tick - j->asked_tick);
    engine_schedule(d->engine, &j->event, j->ready_tick, PHASE_MEMORY);
}

static void burst_done(struct dram_burst *b, uint64_t data_cycle)
{
    struct dram_job *j = b->job;
    uint64_t tick = clock_ticks(j->dram->clock, data_cycle);
    if (b->critical)
        j->ready_tick = max_u64(j->ready_tick, tick);
    j->complete_tick = max_u64(j->complete_tick, tick);
    if (--j->left == 0)
        schedule_answer(j, engine_now(j->dram->engine));
}

static void wake_refused(void *owner, uint64_t now)
{
    struct dram *d = owner;
    waiters_wake(&d->refused, now);
}

/* The bytes that a request moves. */
struct range {
    uint64_t first; /* address of its first burst */
    uint64_t start, end;
    uint32_t bursts;
};

static struct range range_of(const struct dram *d, const struct mem_request *r)
{
    uint64_t bytes = max_u64(r->bytes, r->block);
    uint64_t start = r->block ? align_down(r->pa, r->block) : r->pa;
    uint64_t first = align_down(start, d->burst_bytes);
    assert(bytes && bytes <= LONGEST_REQUEST);
    return (struct range){.first = first, .start = start, .end = start + bytes,
                          .bursts = (uint32_t)((start + bytes - first + d->burst_bytes - 1) /
                                               d->burst_bytes)};
}

/* Whether each channel has room for the bursts that are for it. */
static bool room_for(struct dram *d, enum dram_side side, const struct range *g, uint64_t now)
{
    uint32_t need[DRAM_CHANNELS] = {0};
    for (uint32_t n = 0; n < g->bursts; n++) {
        struct dram_address a = dram_mapping_apply(&d->mapping, g->first + n * d->burst_bytes);
        uint64_t channel = a.field[DRAM_CHANNEL];
        if (dram_channel_room(&d->channel[channel], side, ++need[channel]))
            continue;
        if (side == DRAM_WRITES)
            dram_channel_press(&d->channel[channel], now);
        return false;
    }
    return true;
}

static void make_jobs(struct dram *d)
{
    struct dram_jobs *more = xcalloc(1, sizeof *more);
    more->next = d->jobs;
    d->jobs = more;
    for (uint32_t n = JOBS; n-- > 0;) {
        struct dram_job *j = &more->job[n];
        *j = (struct dram_job){.dram = d, .next_free = d->free_jobs};
        j->event = (struct event){.fn = answer, .owner = j};
        d->free_jobs = j;
    }
}

static struct dram_job *start_job(struct dram *d, struct mem_request *r, uint64_t now)
{
    if (!d->free_jobs)
        make_jobs(d);
    struct dram_job *j = d->free_jobs;
    d->free_jobs = j->next_free;
    j->request = r->done ? r : NULL;
    j->left = 0;
    j->asked_tick = now;
    j->ready_tick = j->complete_tick = now;
    return j;
}

/* Queues the bursts of a read, that with the wanted bytes first, the others wrapping around. */
static void queue_reads(struct dram *d, struct dram_job *j, const struct mem_request *r,
                        const struct range *g, uint64_t now)
{
    uint32_t wanted = (uint32_t)((r->pa - g->first) / d->burst_bytes);
    for (uint32_t n = 0; n < g->bursts; n++) {
        uint64_t pa = g->first + (wanted + n) % g->bursts * d->burst_bytes;
        struct dram_address a = dram_mapping_apply(&d->mapping, pa);
        struct dram_channel *c = &d->channel[a.field[DRAM_CHANNEL]];
        const struct dram_burst *w = dram_channel_find_write(c, pa);
        if (w && w->whole) {
            d->stats.bursts_forwarded++;
            continue;
        }
        hist_add(&d->hists.read_queue, c->queue[DRAM_READS].count);
        struct dram_burst *b = dram_channel_add(c, DRAM_READS, pa, &a, now);
        b->choice.core = r->core;
        b->critical = pa + d->burst_bytes > r->pa && pa < r->pa + r->bytes;
        b->job = j;
        j->left++;
    }
}

static enum port_reply read(struct dram *d, struct mem_request *r, const struct range *g,
                            uint64_t now)
{
    struct dram_job *j = start_job(d, r, now);
    d->stats.reads++;
    d->stats.reads_waiting++;
    d->stats.read_bytes += g->end - g->start;
    queue_reads(d, j, r, g, now);
    if (!j->left)
        schedule_answer(j, now);
    if (r->done)
        return PORT_MISS;
    r->ready = r->complete = now;
    r->level = 1;
    return PORT_HIT;
}

static enum port_reply write(struct dram *d, struct mem_request *r, const struct range *g,
                             uint64_t now)
{
    d->stats.writes++;
    d->stats.written_bytes += g->end - g->start;
    for (uint64_t pa = g->first; pa < g->end; pa += d->burst_bytes) {
        struct dram_address a = dram_mapping_apply(&d->mapping, pa);
        struct dram_channel *c = &d->channel[a.field[DRAM_CHANNEL]];
        struct dram_burst *w = dram_channel_find_write(c, pa);
        if (w) {
            d->stats.bursts_merged++;
        } else {
            hist_add(&d->hists.write_queue, c->queue[DRAM_WRITES].count);
            w = dram_channel_add(c, DRAM_WRITES, pa, &a, now);
        }
        w->choice.core = r->core;
        w->whole |= pa >= g->start && pa + d->burst_bytes <= g->end;
    }
    r->ready = r->complete = now;
    r->level = 1;
    return PORT_HIT;
}

static enum port_reply dram_access(void *node, struct mem_request *r, uint64_t now)
{
    struct dram *d = node;
    bool writes = mem_writes(r);
    struct range g = range_of(d, r);
    if (!room_for(d, writes ? DRAM_WRITES : DRAM_READS, &g, now)) {
        if (writes)
            d->stats.refusals_write++;
        else
            d->stats.refusals_read++;
        return PORT_BUSY;
    }
    d->stats.bursts += g.bursts;
    return writes ? write(d, r, &g, now) : read(d, r, &g, now);
}

static void dram_wait(void *node, struct port_waiter *w)
{
    struct dram *d = node;
    waiters_add(&d->refused, w);
}

struct dram *dram_create(const struct dram_setup *setup)
{
    struct dram *d = xcalloc(1, sizeof *d);
    const struct dram_keys *k = &d->keys;
    d->keys = *setup->keys;
    d->timing = *setup->timing;
    d->engine = setup->engine;
    d->clock = (struct clock){d->timing.tck};
    d->burst_bytes = dram_burst_bytes(&d->timing);
    waiters_init(&d->refused);
    dram_mapping_parse(&d->mapping, k->mapping, &d->timing, k->channels, k->ranks);
    d->mapping.bank_hash = k->bank_hash;
    hists_create(dram_hist_rows, &d->hists);
    d->channel = xcalloc(k->channels, sizeof *d->channel);
    for (uint32_t n = 0; n < k->channels; n++)
        dram_channel_init(&d->channel[n], &(struct dram_channel_setup){
            .keys = k, .timing = &d->timing, .sched = dram_sched_find(k->scheduler),
            .engine = d->engine, .stats = &d->stats, .number = n,
            .pool = LONGEST_REQUEST / d->burst_bytes + 1, .burst_done = burst_done,
            .freed = wake_refused, .observe = setup->observe, .owner = d, .ctx = setup->ctx});
    return d;
}

void dram_destroy(struct dram *d)
{
    if (!d)
        return;
    for (uint32_t n = 0; n < d->keys.channels; n++)
        dram_channel_free(&d->channel[n]);
    free(d->channel);
    hists_destroy(dram_hist_rows, &d->hists);
    while (d->jobs) {
        struct dram_jobs *jobs = d->jobs;
        d->jobs = jobs->next;
        free(jobs);
    }
    free(d);
}

struct mem_port dram_port(struct dram *d)
{
    return (struct mem_port){.access = dram_access, .wait = dram_wait, .node = d};
}

const struct dram_stats *dram_statistics(const struct dram *d) { return &d->stats; }
const struct dram_hists *dram_histograms(const struct dram *d) { return &d->hists; }
