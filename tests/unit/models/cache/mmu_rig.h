/* A hierarchy with TLBs for tests: its memory answers after MEMORY cycles, its pages are as large
 * as the test says. */
#ifndef TESTS_UNIT_MODELS_CACHE_MMU_RIG_H
#define TESTS_UNIT_MODELS_CACHE_MMU_RIG_H

#include <string.h>

#include "models/cache/hierarchy.h"
#include "sim/base/bits.h"
#include "sim/engine/event.h"
#include "tests/unit/laws.h"

#define CYCLE  1000
#define PAGE   UINT64_C(4096)
#define MIB    UINT64_C(0x100000)
#define MEMORY 100
#define ENTRY  (MEMORY + 1) /* cycles for one table entry: the load and a step */

struct rig {
    struct config *config;
    struct engine *engine;
    struct hierarchy *hierarchy;
    struct stats *stats;
    struct tlb_port itlb, dtlb;
    uint8_t page_shift;
};

struct probe {
    struct tlb_request request;
    enum port_reply reply;
    bool answered;
    uint64_t answered_tick;
    const struct rig *rig;
};

static inline struct radix_page page_of(void *ctx, uint32_t core, uint64_t ea)
{
    (void)core;
    (void)ea;
    return (struct radix_page){.space = 0, .shift = ((struct rig *)ctx)->page_shift};
}

/* Assignments separated by spaces, as on the command line. */
static inline struct rig *rig_new(const char *assignments, struct err *e)
{
    struct rig *g = calloc(1, sizeof *g);
    char *copy = strdup(assignments), *rest = copy;
    g->config = config_create(hierarchy_sections);
    g->engine = engine_create();
    g->page_shift = 12;
    if (!config_override(g->config, "dram.latency=100ns", e))
        fail();
    for (char *one; (one = strtok_r(rest, " ", &rest));)
        if (!config_override(g->config, one, e))
            fail_msg("%s", e->text);
    free(copy);
    g->hierarchy = hierarchy_create(
        &(struct hierarchy_setup){.config = g->config, .engine = g->engine, .clock = {CYCLE},
                                  .cores = 1, .pages = {page_of, g}},
        e);
    if (!g->hierarchy || !config_finish(g->config, e))
        return g;
    g->stats = stats_create();
    hierarchy_register(g->hierarchy, g->stats);
    g->itlb = hierarchy_ports(g->hierarchy, 0).itlb;
    g->dtlb = hierarchy_ports(g->hierarchy, 0).dtlb;
    return g;
}

static inline struct rig *rig(const char *assignments)
{
    struct err e = {0};
    struct rig *g = rig_new(assignments, &e);
    if (!g->stats)
        fail_msg("%s", e.text);
    return g;
}

static inline void rig_free(struct rig *g)
{
    if (g->stats) {
        assert_laws_hold(g->stats);
        stats_destroy(g->stats);
    }
    hierarchy_destroy(g->hierarchy);
    config_destroy(g->config);
    engine_destroy(g->engine);
    free(g);
}

static inline uint64_t count(const struct rig *g, const char *name)
{
    return statistic(g->stats, name);
}

static inline void probe_done(struct tlb_request *r)
{
    struct probe *p = r->owner;
    assert_false(p->answered);
    assert_int_equal(r->ready, engine_now(p->rig->engine));
    p->answered = true;
    p->answered_tick = r->ready;
}

static inline enum port_reply ask_at(const struct rig *g, const struct tlb_port *port,
                                     struct probe *p, uint8_t command, uint64_t ea, uint64_t pa)
{
    *p = (struct probe){.rig = g};
    p->request = (struct tlb_request){.ea = ea, .pa = pa, .command = command, .done = probe_done,
                                      .owner = p};
    return p->reply = port->translate(port->node, &p->request, engine_now(g->engine));
}

/* Programs' pages lie in memory as they do in their address space, but elsewhere. */
static inline enum port_reply ask(const struct rig *g, struct probe *p, uint64_t ea)
{
    return ask_at(g, &g->dtlb, p, MEM_LOAD, ea, ea ^ 1u << 30);
}

/* Brings a page in and lets everything settle. */
static inline void bring(struct rig *g, uint64_t ea)
{
    struct probe p;
    assert_int_not_equal(ask(g, &p, ea), PORT_BUSY);
    engine_run(g->engine);
    engine_run_until(g->engine, (engine_now(g->engine) / CYCLE + 1000) * CYCLE);
}

static inline void answered_after(struct rig *g, struct probe *p, uint64_t from, uint64_t cycles)
{
    if (p->reply == PORT_MISS) {
        if (engine_now(g->engine) < from + cycles * CYCLE) { /* else another's answer went by */
            engine_run_until(g->engine, from + (cycles - 1) * CYCLE);
            assert_false(p->answered);
            engine_run_until(g->engine, from + cycles * CYCLE);
        }
        assert_true(p->answered);
        assert_int_equal(p->answered_tick, from + cycles * CYCLE);
    }
    assert_int_equal(p->request.ready, from + cycles * CYCLE);
}

#endif
