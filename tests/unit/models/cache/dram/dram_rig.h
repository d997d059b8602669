/* A DRAM for tests: probes that record when they were answered, and every command it has given.
 * Times are DRAM cycles. Without refresh, hashing and the controller's own latency, until a test
 * wants them. */
#ifndef TESTS_UNIT_MODELS_CACHE_DRAM_DRAM_RIG_H
#define TESTS_UNIT_MODELS_CACHE_DRAM_DRAM_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/cache/dram/bank.h"
#include "models/cache/dram/dram.h"
#include "sim/base/bits.h"
#include "sim/engine/event.h"
#include "sim/schema/stats.h"

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
    uint64_t *values = calloc(stats_count(s), sizeof *values);
    stats_snapshot(s, values);
    for (uint32_t n = 0; n < stats_law_count(s); n++) {
        struct law_info law = stats_law_check(s, n, values);
        if (!law.held)
            fail_msg("%s: %lld, %lld", law.name, (long long)law.left_value,
                     (long long)law.right_value);
    }
    free(values);
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

struct probe {
    struct mem_request request;
    enum port_reply reply;
    bool answered;
    uint64_t answered_tick;
    const struct rig *rig;
};

static inline void probe_done(struct mem_request *r)
{
    struct probe *p = r->owner;
    assert_false(p->answered);
    assert_int_equal(r->ready, engine_now(p->rig->engine));
    assert_true(r->complete >= r->ready);
    p->answered = true;
    p->answered_tick = r->ready;
}

/* A read of `bytes` with the block around it; block 0: just these. */
static inline enum port_reply probe_read(const struct rig *g, struct probe *p, uint64_t pa,
                                         uint32_t bytes, uint32_t block)
{
    *p = (struct probe){.rig = g};
    p->request = (struct mem_request){.pa = pa, .bytes = bytes, .block = block,
                                      .command = MEM_LOAD, .done = probe_done, .owner = p};
    return p->reply = g->port.access(g->port.node, &p->request, engine_now(g->engine));
}

static inline void probe_line(const struct rig *g, struct probe *p, struct place place)
{
    assert_int_equal(probe_read(g, p, rig_pa(g, place), 8, dram_burst_bytes(&g->t)), PORT_MISS);
}

static inline enum port_reply rig_write(const struct rig *g, struct place place)
{
    struct mem_request r = {.pa = rig_pa(g, place), .block = dram_burst_bytes(&g->t),
                            .command = MEM_WRITEBACK};
    r.bytes = r.block;
    return g->port.access(g->port.node, &r, engine_now(g->engine));
}

/* "Not there at t-1, there at t". */
static inline void answered_at(struct rig *g, struct probe *p, uint64_t cycle)
{
    if (engine_now(g->engine) < rig_tick(g, cycle)) { /* else another's answer went by */
        rig_run_to(g, cycle - 1);
        assert_false(p->answered);
        rig_run_to(g, cycle);
    }
    assert_true(p->answered);
    assert_int_equal(p->answered_tick, rig_tick(g, cycle));
}

/* Cycle of the n-th command of that kind; fails when there is none. */
static inline uint64_t cycle_of(const struct rig *g, enum dram_op op, uint32_t nth)
{
    for (uint32_t n = 0; n < g->logged; n++)
        if (g->log[n].op == op && nth-- == 0)
            return g->log[n].cycle;
    fail_msg("no such command");
    return 0;
}

#endif
