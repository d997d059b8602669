/* Probes of dram_machine.h's DRAM that record when they were answered, in DRAM cycles. */
#ifndef TESTS_UNIT_MODELS_CACHE_DRAM_DRAM_RIG_H
#define TESTS_UNIT_MODELS_CACHE_DRAM_DRAM_RIG_H

#include "tests/unit/models/cache/dram/dram_machine.h"

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
