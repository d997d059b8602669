/* Millions of random requests through random machines: every one is answered exactly once, refused
 * ones are woken, and the laws hold at any moment and at the end. */
#include "tests/unit/models/cache/rig.h"

#include "models/cache/prefetch/prefetch.h"
#include "models/cache/repl/repl.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"

#define AGENTS 12

struct traffic;
struct agent {
    struct mem_request request;
    struct port_waiter waiter;
    struct event event; /* when idle: the next request */
    struct traffic *traffic;
    uint64_t pa; /* of its last access */
};

struct traffic {
    struct rig *rig;
    struct rng rng;
    struct agent agent[AGENTS];
    uint64_t footprint, left, issued, answered, refused;
};

static void agent_rest(struct agent *a, uint64_t from)
{
    struct traffic *t = a->traffic;
    uint64_t edge = align_up(from, 1) + rng_below(&t->rng, 12) * CYCLE;
    edge += CYCLE - 1 - (edge + CYCLE - 1) % CYCLE;
    engine_schedule(t->rig->engine, &a->event, edge, PHASE_CORE);
}

static void agent_answered(struct agent *a)
{
    struct traffic *t = a->traffic;
    assert_true(a->request.ready <= a->request.complete);
    assert_true(a->request.level >= 1 && a->request.level <= t->rig->levels + 1);
    t->answered++;
    agent_rest(a, max_u64(a->request.ready, engine_now(t->rig->engine)));
}

static void agent_done(struct mem_request *r)
{
    struct agent *a = r->owner;
    assert_int_equal(r->ready, engine_now(a->traffic->rig->engine));
    agent_answered(a);
}

static void agent_ask(struct agent *a, uint64_t now)
{
    struct mem_port port = a->traffic->rig->port;
    switch (port.access(port.node, &a->request, now)) {
    case PORT_HIT:
        assert_true(a->request.ready >= now);
        agent_answered(a);
        break;
    case PORT_MISS:
        assert_non_null(a->request.done);
        break;
    case PORT_BUSY:
        a->traffic->refused++;
        port.wait(port.node, &a->waiter);
        break;
    }
}

static void agent_woken(struct port_waiter *w, uint64_t now) { agent_ask(w->owner, now); }

/* Half of the agents walk most of the time, each with a stride of its own. */
static uint64_t next_pa(struct agent *a, uint64_t reach)
{
    struct traffic *t = a->traffic;
    uint64_t number = (uint64_t)(a - t->agent), stride = number * 24 - AGENTS * 6;
    if (number % 2 || !rng_below(&t->rng, 50))
        a->pa = rng_below(&t->rng, reach) & ~UINT64_C(7);
    else
        a->pa = (a->pa + stride) & (t->footprint - 1);
    return a->pa;
}

static void agent_next(struct event *ev, uint64_t now)
{
    struct agent *a = ev->owner;
    struct traffic *t = a->traffic;
    static const uint8_t mix[] = {MEM_LOAD,  MEM_LOAD,  MEM_LOAD, MEM_STORE,
                                  MEM_STORE, MEM_FETCH, MEM_LOAD, MEM_PREFETCH};
    static const uint8_t rare[] = {MEM_FLUSH, MEM_CLEAN, MEM_INVALIDATE};
    if (!t->left)
        return;
    t->left--;
    t->issued++;
    uint64_t reach = rng_below(&t->rng, 4) ? t->footprint / 8 : t->footprint;
    a->request = (struct mem_request){
        .pa = next_pa(a, reach),
        .pc = 4 * (uint64_t)(a - t->agent) + 4,
        .bytes = 8,
        .command = mix[rng_below(&t->rng, sizeof mix)],
        .owner = a,
    };
    if (!rng_below(&t->rng, 20))
        a->request.command = rare[rng_below(&t->rng, sizeof rare)];
    if (a->request.command < MEM_PREFETCH)
        a->request.done = agent_done;
    agent_ask(a, now);
}

static uint64_t run_traffic(struct rig *g, uint64_t seed, uint64_t requests, uint64_t footprint)
{
    struct traffic *t = xcalloc(1, sizeof *t);
    rig_build(g);
    *t = (struct traffic){
        .rig = g, .rng = rng_seeded(seed), .left = requests, .footprint = footprint};
    for (uint32_t i = 0; i < AGENTS; i++) {
        struct agent *a = &t->agent[i];
        *a = (struct agent){
            .event = {.fn = agent_next, .owner = a},
            .waiter = {.wake = agent_woken, .owner = a},
            .traffic = t,
        };
        agent_rest(a, 0);
    }
    while (t->left && engine_run_until(g->engine, engine_now(g->engine) + 1777) == ENGINE_LIMIT)
        if (t->left % 16 == 0)
            assert_laws(g);
    engine_run(g->engine);
    assert_int_equal(t->left, 0);
    assert_int_equal(t->answered, t->issued);
    assert_laws(g);
    for (uint32_t i = 0; i < g->levels; i++) {
        assert_int_equal(rig_stats(g, i)->mshrs_in_use, 0);
        assert_int_equal(rig_stats(g, i)->writes_waiting, 0);
        assert_int_equal(rig_stats(g, i)->fill_bytes_in_flight, 0);
    }
    uint64_t end = engine_now(g->engine) ^ t->refused << 40;
    free(t);
    return end;
}

static uint64_t pick(struct rng *rng, uint64_t a, uint64_t b, uint64_t c)
{
    const uint64_t of[] = {a, b, c};
    return of[rng_below(rng, 3)];
}

static void random_prefetcher(struct rng *rng, struct rig *g, uint32_t level)
{
    uint32_t prefetchers = 0;
    while (prefetch_at(prefetchers))
        prefetchers++;
    uint32_t p = (uint32_t)rng_below(rng, 2 * prefetchers);
    if (p >= prefetchers || g->keys[level].mshrs == 1)
        return;
    g->keys[level].prefetcher = prefetch_at(p)->name;
    rig_set(g, level, "prefetch_window", "64");
    rig_set(g, level, "prefetch_queue", p & 1 ? "1" : "8");
    rig_set(g, level, "prefetch_reserve", rng_below(rng, 2) ? "0" : "1");
    rig_set(g, level, "prefetch_cross_page", rng_below(rng, 2) ? "yes" : "no");
}

static struct rig *random_machine(struct rng *rng)
{
    struct rig *g = rig_new((uint32_t)pick(rng, 1, 2, 3));
    uint64_t line = pick(rng, 16, 32, 64);
    uint32_t policies = 0;
    while (repl_at(policies))
        policies++;
    for (uint32_t i = 0; i < g->levels; i++) {
        struct cache_keys *k = &g->keys[i];
        uint32_t before = i ? g->keys[i - 1].clock_divider : 1;
        k->line = line;
        k->ways = (uint32_t)pick(rng, 1, 3, 8);
        k->size = k->line * k->ways * pick(rng, 2, 4, 16);
        k->clock_divider = before * (uint32_t)pick(rng, 1, 1, 2);
        k->latency = (uint32_t)pick(rng, 1, 4, 12);
        k->miss_latency = (uint32_t)pick(rng, 0, 1, 5);
        k->fill_latency = (uint32_t)pick(rng, 0, 0, 3);
        k->line_latency = (uint32_t)pick(rng, 0, 0, 3);
        k->bus = pick(rng, 4, 16, 64);
        k->fill_order = (uint32_t)rng_below(rng, 2);
        k->mshrs = (uint32_t)pick(rng, 1, 3, 8);
        k->targets = (uint32_t)pick(rng, 1, 2, 8);
        k->write = (uint32_t)(rng_below(rng, 4) == 0);
        k->write_allocate = rng_below(rng, 3) != 0;
        k->write_buffer = (uint32_t)pick(rng, 1, 2, 6);
        k->banks = (uint32_t)pick(rng, 1, 2, 4);
        k->ports = (uint32_t)pick(rng, 1, 2, 4);
        k->replacement = repl_at((uint32_t)rng_below(rng, policies))->name;
        random_prefetcher(rng, g, i);
        bool may_be_exclusive = k->write == CACHE_WRITE_BACK && k->write_allocate &&
                                (!i || (k->line == k[-1].line && k[-1].write == CACHE_WRITE_BACK));
        k->inclusion = (uint32_t)rng_below(rng, may_be_exclusive ? 3 : 2);
        line *= pick(rng, 1, 1, 2);
    }
    g->memory_keys.bandwidth = pick(rng, 0, 1000000000, 20000000000);
    return g;
}

static void laws_hold_and_nothing_is_lost_in_random_machines(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 150; seed++) {
        struct rng rng = rng_seeded(seed);
        struct rig *g = random_machine(&rng);
        run_traffic(g, seed, 10000, pick(&rng, 1024, 8192, 65536));
        rig_free(g);
    }
}

static void a_machine_repeats_bit_for_bit(void **state)
{
    (void)state;
    uint64_t end[2];
    for (int i = 0; i < 2; i++) {
        struct rng rng = rng_seeded(77);
        struct rig *g = random_machine(&rng);
        g->keys[0].replacement = "random";
        end[i] = run_traffic(g, 5, 50000, 16384);
        rig_free(g);
    }
    assert_true(end[0] == end[1]);
}

static void laws_hold_over_a_million_requests(void **state)
{
    (void)state;
    struct rig *g = rig_new(3);
    run_traffic(g, 1, 1000000, 65536);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_hold_and_nothing_is_lost_in_random_machines),
        cmocka_unit_test(a_machine_repeats_bit_for_bit),
        cmocka_unit_test(laws_hold_over_a_million_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
