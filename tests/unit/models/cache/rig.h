/* The machine of rig_machine.h with probes that record when they were answered, and the laws as
 * assertions. */
#ifndef TESTS_UNIT_MODELS_CACHE_RIG_H
#define TESTS_UNIT_MODELS_CACHE_RIG_H

#include "tests/unit/models/cache/rig_machine.h"

/* One access and what became of it. */
struct probe {
    struct mem_request request;
    enum port_reply reply;
    bool answered; /* by a callback */
    uint64_t answered_tick;
    const struct rig *rig;
};

static inline void probe_done(struct mem_request *r)
{
    struct probe *p = r->owner;
    assert_false(p->answered);
    p->answered = true;
    p->answered_tick = engine_now(p->rig->engine);
    assert_int_equal(p->answered_tick, r->ready);
}

static inline enum port_reply probe_access(const struct rig *g, struct probe *p,
                                           enum mem_command command, uint64_t pa)
{
    *p = (struct probe){.rig = g};
    p->request = (struct mem_request){
        .pa = pa,
        .bytes = 8,
        .command = (uint8_t)command,
        .done = probe_done,
        .owner = p,
    };
    p->reply = g->port.access(g->port.node, &p->request, engine_now(g->engine));
    return p->reply;
}

static inline void rig_run_to(struct rig *g, uint64_t cycle)
{
    engine_run_until(g->engine, cycle * CYCLE);
}

/* "Not ready at t-1, ready at t", whichever way the answer came. */
static inline void assert_ready_at(struct rig *g, struct probe *p, uint64_t cycle)
{
    if (p->reply == PORT_MISS) {
        if (engine_now(g->engine) < cycle * CYCLE) { /* else a neighbour's test went by already */
            rig_run_to(g, cycle - 1);
            assert_false(p->answered);
            rig_run_to(g, cycle);
        }
        assert_true(p->answered);
        assert_int_equal(p->answered_tick, cycle * CYCLE);
    }
    assert_int_equal(p->request.ready, cycle * CYCLE);
}

/* Brings a line in, long before the test proper, and lets everything settle. */
static inline void rig_load_line(struct rig *g, enum mem_command command, uint64_t pa)
{
    struct probe p;
    assert_int_not_equal(probe_access(g, &p, command, pa), PORT_BUSY);
    engine_run_until(g->engine, engine_now(g->engine) + 100000 * CYCLE);
}

static inline void assert_laws(const struct rig *g)
{
    for (uint32_t i = 0; i < g->levels; i++) {
        const struct cache_stats *s = rig_stats(g, i);
        assert_int_equal(s->hits + s->delayed_hits + s->misses, s->accesses);
        assert_int_equal(s->mshr_allocations + s->write_fills + s->passed_writes +
                             s->passed_flushes,
                         s->misses + s->prefetch_sent);
        assert_int_equal(s->line_fills + s->dropped_fills + s->passed_fills + s->mshrs_in_use,
                         s->mshr_allocations);
        assert_int_equal(s->line_fills + s->write_fills + s->warm_fills, s->fills);
        assert_int_equal(s->evictions + s->invalidations + s->moved_up + s->resident_lines,
                         s->fills);
        assert_int_equal(s->writebacks + s->clean_victims + s->writes_through + s->flushes_sent +
                             s->writes_waiting,
                         s->writes_queued);
        assert_int_equal(s->prefetch_off_page + s->prefetch_redundant + s->prefetch_overflows +
                             s->prefetch_waiting + s->prefetch_sent, s->prefetch_named);
        assert_int_equal(s->prefetch_sent + s->prefetch_hints, s->prefetch_issued);
        assert_int_equal(s->prefetch_fills + s->prefetch_dropped + s->prefetch_late +
                             s->prefetch_in_flight, s->prefetch_issued);
        assert_int_equal(s->prefetch_useful + s->prefetch_useless + s->prefetch_dropped +
                             s->prefetch_resident + s->prefetch_in_flight, s->prefetch_issued);
        uint64_t up, down;
        if (i + 1 < g->levels) {
            const uint64_t *b = rig_stats(g, i + 1)->bytes;
            up = b[MEM_FETCH] + b[MEM_LOAD] + b[MEM_STORE] + b[MEM_PREFETCH];
            down = b[MEM_WRITE] + b[MEM_WRITEBACK] + b[MEM_EVICT] + b[MEM_FLUSH] + b[MEM_CLEAN];
        } else {
            up = memory_statistics(g->memory)->read_bytes;
            down = memory_statistics(g->memory)->written_bytes;
        }
        assert_int_equal(s->fill_bytes + s->fill_bytes_in_flight, up);
        assert_int_equal(s->down_bytes, down);
    }
}

#endif
