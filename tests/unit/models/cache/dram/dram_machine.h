/* A DRAM for tests with every command that it has given. Times are DRAM cycles. Without refresh,
 * hashing and the controller's own latency, until a test wants them. */
#ifndef TESTS_UNIT_MODELS_CACHE_DRAM_DRAM_MACHINE_H
#define TESTS_UNIT_MODELS_CACHE_DRAM_DRAM_MACHINE_H

#include "models/cache/dram/bank.h"
#include "models/cache/dram/dram.h"
#include "sim/base/bits.h"
#include "sim/engine/event.h"
#include "tests/unit/laws.h"

#define RIG_LINE 64

struct rig {
    struct dram_keys keys;
    struct dram_timing t;
    struct engine *engine;
    struct dram *dram;
    struct mem_port port;
    struct dram_command *log;
    uint32_t logged, room;
};

static inline void rig_log(void *ctx, const struct dram_command *c)
{
    struct rig *g = ctx;
    if (g->logged == g->room) {
        g->room = g->room ? g->room * 2 : 256;
        g->log = realloc(g->log, g->room * sizeof *g->log);
    }
    g->log[g->logged++] = *c;
}

static inline struct rig *rig_new(uint32_t standard)
{
    struct rig *g = calloc(1, sizeof *g);
    g->t = dram_standard(standard);
    g->keys = (struct dram_keys){
        .standard = standard,
        .channels = 1,
        .ranks = 1,
        .mapping = "RoRaBaCoBgCh",
        .page_policy = DRAM_PAGE_OPEN,
        .row_timeout = 200,
        .scheduler = "frfcfs",
        .starvation_limit = 100000,
        .read_queue = 64,
        .write_queue = 64,
        .write_high = 48,
        .write_low = 16,
    };
    return g;
}

static inline void rig_build(struct rig *g)
{
    g->engine = engine_create();
    g->dram = dram_create(&(struct dram_setup){.keys = &g->keys, .timing = &g->t,
                                               .engine = g->engine, .observe = rig_log, .ctx = g});
    g->port = dram_port(g->dram);
}

static inline void rig_laws(const struct rig *g)
{
    struct stats *s = stats_create();
    dram_register(g->dram, s, "mem");
    assert_laws_hold(s);
    stats_destroy(s);
}

static inline void rig_free(struct rig *g)
{
    rig_laws(g);
    dram_destroy(g->dram);
    engine_destroy(g->engine);
    free(g->log);
    free(g);
}

static inline uint64_t rig_tick(const struct rig *g, uint64_t cycle) { return cycle * g->t.tck; }

static inline void rig_run_to(struct rig *g, uint64_t cycle)
{
    engine_run_until(g->engine, rig_tick(g, cycle));
}

/* Address of a place under the default mapping: Ro Ra Ba Co Bg Ch. */
struct place {
    uint64_t row;
    uint32_t rank, bank, column, group, channel;
};

static inline uint64_t rig_pa(const struct rig *g, struct place p)
{
    uint64_t pa = p.row;
    uint32_t burst = dram_burst_bytes(&g->t);
    pa = pa * g->keys.ranks + p.rank;
    pa = pa * g->t.banks + p.bank;
    pa = pa * (g->t.row_bytes / burst) + p.column;
    pa = pa * g->t.groups + p.group;
    pa = pa * g->keys.channels + p.channel;
    return pa * burst;
}

#endif
