#include "models/cache/memory.h"

#include <stdlib.h>

#include "models/cache/named_laws.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/engine/clock.h"

struct memory {
    struct memory_keys keys;
    uint64_t free_tick; /* at which the channel has moved all it was asked for */
    struct memory_stats stats;
    struct memory_hists hists;
};

const struct key_row memory_model_key_rows[] = {
    MEMORY_MODEL_KEYS(KEY_ROW, memory_model_keys) KEY_END};
const struct key_row memory_key_rows[] = {MEMORY_KEYS(KEY_ROW, memory_keys) KEY_END};
const struct stat_row memory_stat_rows[] = {MEMORY_STATS(STAT_ROW, memory_stats) STAT_END};
static const struct law_row laws[] = {
    {"every read took its time", "@.read_latency", "@.reads"}, /* `@`: its name */
    {NULL, NULL, NULL},
};
static const struct hist_row memory_hist_rows[] = {MEMORY_HISTS(HIST_ROW, memory_hists) HIST_END};

/* Rounded up to a whole tick, at most one part in a thousand for a line at 50 GB/s. */
static uint64_t transfer_ticks(const struct memory *m, uint64_t bytes)
{
    uint64_t rate = m->keys.bandwidth;
    return rate ? (bytes * TICKS_PER_SECOND + rate - 1) / rate : 0;
}

/* Never refuses and never calls back: the time of the answer is known at once. A write is taken
 * when the channel has moved it. */
static enum port_reply memory_access(void *node, struct mem_request *r, uint64_t now)
{
    struct memory *m = node;
    uint64_t bytes = max_u64(r->bytes, r->block), ticks = transfer_ticks(m, bytes);
    uint64_t start = max_u64(now, m->free_tick);
    m->free_tick = start + ticks;
    m->stats.busy_ticks += ticks;
    m->stats.queue_ticks += start - now;
    r->level = 1;
    if (mem_writes(r)) {
        m->stats.writes++;
        m->stats.written_bytes += bytes;
        r->ready = r->complete = m->free_tick;
    } else {
        m->stats.reads++;
        m->stats.read_bytes += bytes;
        r->ready = start + m->keys.latency;
        hist_add(&m->hists.read_latency, r->ready - now);
        r->complete = r->ready + ticks;
    }
    return PORT_HIT;
}

static void memory_wait(void *node, struct port_waiter *w)
{
    (void)node;
    (void)w;
    panic("memory never refuses a request, so nobody can wait for it");
}

struct memory *memory_create(const struct memory_keys *keys)
{
    struct memory *m = xcalloc(1, sizeof *m);
    m->keys = *keys;
    hists_create(memory_hist_rows, &m->hists);
    return m;
}

void memory_destroy(struct memory *m)
{
    if (m)
        hists_destroy(memory_hist_rows, &m->hists);
    free(m);
}

struct mem_port memory_port(struct memory *m)
{
    return (struct mem_port){.access = memory_access, .wait = memory_wait, .node = m};
}

const struct memory_stats *memory_statistics(const struct memory *m) { return &m->stats; }

void memory_register(const struct memory *m, struct stats *s, const char *name)
{
    stats_add(s, name, memory_stat_rows, &m->stats);
    stats_add_hists(s, name, memory_hist_rows, &m->hists);
    named_hist_laws(s, name, laws);
}
