/* Random questions to random TLBs: every one is answered exactly once, refused ones are woken, and
 * the laws hold at any moment and at the end. */
#include "tests/unit/models/cache/mmu_rig.h"

#include "sim/base/rng.h"

#define AGENTS 9

struct traffic;
struct agent {
    struct tlb_request request;
    struct port_waiter waiter;
    struct event event;
    struct traffic *traffic;
    const struct tlb_port *port;
};

struct traffic {
    struct rig *rig;
    struct rng rng;
    struct agent agent[AGENTS];
    uint64_t left, answered, refused;
};

static void agent_rest(struct agent *a, uint64_t from)
{
    uint64_t edge = (from + CYCLE - 1) / CYCLE + rng_below(&a->traffic->rng, 30);
    a->traffic->answered++;
    engine_schedule(a->traffic->rig->engine, &a->event, edge * CYCLE, PHASE_CORE);
}

static void agent_done(struct tlb_request *r)
{
    struct agent *a = r->owner;
    assert_int_equal(r->ready, engine_now(a->traffic->rig->engine));
    agent_rest(a, r->ready);
}

static void agent_ask(struct agent *a, uint64_t now)
{
    switch (a->port->translate(a->port->node, &a->request, now)) {
    case PORT_HIT:
        assert_true(a->request.ready >= now);
        agent_rest(a, a->request.ready);
        break;
    case PORT_MISS:
        break;
    case PORT_BUSY:
        a->traffic->refused++;
        a->port->wait(a->port->node, &a->waiter);
        break;
    }
}

static void agent_woken(struct port_waiter *w, uint64_t now) { agent_ask(w->owner, now); }

static void agent_next(struct event *ev, uint64_t now)
{
    struct agent *a = ev->owner;
    struct traffic *t = a->traffic;
    uint64_t pages = rng_below(&t->rng, 4) ? 20 : 2000;
    if (!t->left)
        return;
    t->left--;
    a->request = (struct tlb_request){.ea = rng_below(&t->rng, pages * PAGE), .owner = a,
                                      .done = agent_done,
                                      .command = a->port == &t->rig->itlb ? MEM_FETCH : MEM_STORE};
    a->request.pa = a->request.ea + (UINT64_C(1) << 32);
    agent_ask(a, now);
}

static void random_traffic_is_answered_and_the_laws_hold(void **state)
{
    static const char *const machines[] = {
        "itlb.entries=2 dtlb.entries=4 tlb.entries=16 l2.size=4KiB",
        "itlb.entries=8 dtlb.entries=1 walker.walkers=1 walker.walk_cache=0",
        "tlb.entries=64 tlb.replacement=random walker.walkers=8 l1d.size=1KiB "
        "walker.walk_level=l1d l1d.mshrs=1",
        "dtlb.entries=16 dtlb.ways=1 itlb.entries=1 tlb.entries=8 tlb.replacement=plru "
        "dtlb.latency=3 l3.size=4KiB l3.mshrs=1 l3.clock_divider=3",
    };
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(machines); n++) {
        struct traffic *t = calloc(1, sizeof *t);
        *t = (struct traffic){.rig = rig(machines[n]), .rng = rng_seeded(n), .left = 30000};
        for (uint32_t i = 0; i < AGENTS; i++) {
            struct agent *a = &t->agent[i];
            *a = (struct agent){.waiter = {.wake = agent_woken, .owner = a},
                                .event = {.fn = agent_next, .owner = a}, .traffic = t,
                                .port = i % 3 ? &t->rig->dtlb : &t->rig->itlb};
            agent_rest(a, 0);
        }
        while (engine_run_until(t->rig->engine, engine_now(t->rig->engine) + 5000 * CYCLE) ==
               ENGINE_LIMIT)
            assert_laws_hold(t->rig->stats);
        assert_int_equal(t->answered, 30000 + AGENTS);
        assert_true(t->refused > 0);
        assert_int_equal(count(t->rig, "walker.walking"), 0);
        assert_int_equal(count(t->rig, "walker.loads_waiting"), 0);
        rig_free(t->rig);
        free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_traffic_is_answered_and_the_laws_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
