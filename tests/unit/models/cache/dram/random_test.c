/* Random traffic through random controllers: every read is answered once, refused requests are
 * woken, the laws hold at any moment, and the checker finds no constraint broken. */
#include "models/cache/dram/sched.h"
#include "sim/base/rng.h"
#include "tests/unit/models/cache/dram/checker.h"

#define AGENTS   24
#define REQUESTS 1500
#define MACHINES 60

struct traffic;
struct agent {
    struct mem_request request;
    struct port_waiter waiter;
    struct event event;
    struct traffic *traffic;
};

struct traffic {
    struct rig *rig;
    struct rng rng;
    struct agent agent[AGENTS];
    uint64_t left, answered, refused, rest;
    uint64_t next_pa; /* of the sequential part */
};

static void agent_rest(struct agent *a, uint64_t from)
{
    struct traffic *t = a->traffic;
    t->answered++;
    /* now and then for several refreshes */
    uint64_t pause = rng_below(&t->rng, rng_below(&t->rng, 200) ? t->rest : 20000000);
    engine_schedule(t->rig->engine, &a->event, from + pause, PHASE_CORE);
}

static void agent_done(struct mem_request *r)
{
    struct agent *a = r->owner;
    assert_int_equal(r->ready, engine_now(a->traffic->rig->engine));
    assert_true(r->complete >= r->ready);
    agent_rest(a, r->ready);
}

static void agent_ask(struct agent *a, uint64_t now)
{
    const struct mem_port *port = &a->traffic->rig->port;
    switch (port->access(port->node, &a->request, now)) {
    case PORT_HIT:
        assert_true(!a->request.done);
        agent_rest(a, now);
        break;
    case PORT_MISS:
        assert_non_null(a->request.done);
        break;
    case PORT_BUSY:
        a->traffic->refused++;
        port->wait(port->node, &a->waiter);
        break;
    }
}

static void agent_woken(struct port_waiter *w, uint64_t now) { agent_ask(w->owner, now); }

static void agent_next(struct event *ev, uint64_t now)
{
    static const uint8_t commands[] = {MEM_LOAD, MEM_LOAD, MEM_FETCH, MEM_STORE,
                                       MEM_WRITEBACK, MEM_WRITEBACK, MEM_WRITE, MEM_PREFETCH};
    static const uint32_t blocks[] = {32, 64, 64, 64, 128, 256};
    struct agent *a = ev->owner;
    struct traffic *t = a->traffic;
    if (!t->left)
        return;
    t->left--;
    uint32_t block = blocks[rng_below(&t->rng, ARRAY_LEN(blocks))];
    uint8_t command = commands[rng_below(&t->rng, ARRAY_LEN(commands))];
    uint64_t pa = rng_below(&t->rng, 2) ? rng_below(&t->rng, 1u << 24) : (t->next_pa += 64);
    a->request = (struct mem_request){.pa = pa & ~UINT64_C(7), .bytes = 8, .command = command,
                                      .block = command == MEM_WRITE ? 0 : block, .owner = a};
    if (command == MEM_WRITEBACK) {
        a->request.pa = align_down(pa, block);
        a->request.bytes = block;
    }
    if (!mem_writes(&a->request) && command != MEM_PREFETCH)
        a->request.done = agent_done;
    agent_ask(a, now);
}

static uint32_t pick(struct rng *rng, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t of[] = {a, b, c};
    return of[rng_below(rng, 3)];
}

static struct rig *random_machine(struct rng *rng)
{
    static const char *const mappings[] = {"RoRaBaCoBgCh", "RoCoRaBaBgCh", "BaBgRaRoCoCh",
                                           "ChRoBgBaRaCo", "RoBaRaBgCoCh"};
    struct rig *g = rig_new((uint32_t)rng_below(rng, DRAM_STANDARD_COUNT));
    struct dram_keys *k = &g->keys;
    k->channels = pick(rng, 1, 1, 2);
    k->ranks = pick(rng, 1, 2, 4);
    k->mapping = mappings[rng_below(rng, ARRAY_LEN(mappings))];
    k->bank_hash = rng_below(rng, 2);
    k->page_policy = (uint32_t)rng_below(rng, 3);
    k->row_timeout = pick(rng, 1, 50, 500);
    k->scheduler = dram_sched_at((uint32_t)rng_below(rng, 3))->name;
    k->starvation_limit = pick(rng, 0, 200, 100000);
    k->read_queue = pick(rng, 1, 8, 64);
    k->write_queue = pick(rng, 2, 8, 64);
    k->write_high = 1 + (uint32_t)rng_below(rng, k->write_queue);
    k->write_low = (uint32_t)rng_below(rng, k->write_high);
    k->refresh = rng_below(rng, 4) != 0;
    k->controller_latency = pick(rng, 0, 1234, 10000);
    return g;
}

static uint64_t run_traffic(struct rig *g, uint64_t seed, uint64_t requests)
{
    struct traffic *t = calloc(1, sizeof *t);
    rig_build(g);
    *t = (struct traffic){.rig = g, .rng = rng_seeded(seed), .left = requests};
    t->rest = 1000u << rng_below(&t->rng, 10);
    for (uint32_t n = 0; n < AGENTS; n++) {
        struct agent *a = &t->agent[n];
        *a = (struct agent){.waiter = {.wake = agent_woken, .owner = a},
                            .event = {.fn = agent_next, .owner = a}, .traffic = t};
        agent_rest(a, 0);
    }
    uint64_t steps = 0;
    while (engine_run_until(g->engine, engine_now(g->engine) + 100000) == ENGINE_LIMIT)
        if (steps++ % 64 == 0)
            rig_laws(g);
    const struct dram_stats *s = dram_statistics(g->dram);
    assert_int_equal(t->left, 0);
    assert_int_equal(t->answered, requests + AGENTS);
    assert_int_equal(s->reads_waiting, 0);
    assert_true(s->bursts_queued <= g->keys.channels * g->keys.write_high);
    assert_int_equal(s->bus_bytes, (s->bursts_read + s->bursts_written) * dram_burst_bytes(&g->t));
    uint64_t end = engine_now(g->engine) ^ t->refused << 40;
    free(t);
    return end;
}

static void no_constraint_is_broken_and_nothing_is_lost(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < MACHINES; seed++) {
        struct rng rng = rng_seeded(seed);
        struct rig *g = random_machine(&rng);
        run_traffic(g, seed, REQUESTS);
        check_log(g);
        rig_free(g);
    }
}

static void a_memory_repeats_bit_for_bit(void **state)
{
    uint64_t end[2];
    (void)state;
    for (uint32_t n = 0; n < 2; n++) {
        struct rng rng = rng_seeded(1234);
        struct rig *g = random_machine(&rng);
        end[n] = run_traffic(g, 5, 3000);
        rig_free(g);
    }
    assert_int_equal(end[0], end[1]);
}

/* The checker is worth something only if it finds what is wrong: each number of the table made
 * smaller in the model alone must be noticed, over enough traffic. */
static bool checker_finds(const struct dram_timing *real, const struct dram_timing *wrong)
{
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct rng rng = rng_seeded(seed);
        struct rig *g = random_machine(&rng);
        g->keys.ranks = 2;
        g->keys.scheduler = "frfcfs";
        g->t = *wrong;
        g->keys.refresh = true;
        run_traffic(g, seed, REQUESTS);
        struct dram_rule rules[DRAM_RULES];
        bool found = false;
        dram_rules(real, rules);
        for (uint32_t n = 0; n < g->logged && !found; n++)
            for (uint32_t i = 0; i < n && !found; i++)
                for (uint32_t r = 0; r < DRAM_RULES; r++) {
                    const struct dram_command *a = &g->log[i], *b = &g->log[n];
                    if (a->op == rules[r].from && b->op == rules[r].to &&
                        concerns(a, b, rules[r].scope) && a->cycle <= b->cycle &&
                        b->cycle - a->cycle < rules[r].cycles)
                        found = true;
                }
        rig_free(g);
        if (found)
            return true;
    }
    return false;
}

static void every_constraint_is_met_to_the_cycle(void **state)
{
    static const size_t tried[] = {
        offsetof(struct dram_timing, trcd), offsetof(struct dram_timing, trp),
        offsetof(struct dram_timing, tras), offsetof(struct dram_timing, trrd_s),
        offsetof(struct dram_timing, trrd_l), offsetof(struct dram_timing, tccd_l),
        offsetof(struct dram_timing, tccd_l_wr), offsetof(struct dram_timing, twtr_s),
        offsetof(struct dram_timing, twtr_l), offsetof(struct dram_timing, trtp),
        offsetof(struct dram_timing, twr), offsetof(struct dram_timing, trtw),
        offsetof(struct dram_timing, trtrs), offsetof(struct dram_timing, trfc),
    };
    (void)state;
    struct dram_timing real = dram_standard(DRAM_DDR4_2400);
    for (size_t n = 0; n < ARRAY_LEN(tried); n++) {
        struct dram_timing wrong = real;
        --*(uint32_t *)((char *)&wrong + tried[n]);
        if (!checker_finds(&real, &wrong))
            fail_msg("parameter %zu could be one less and nobody would notice", n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_constraint_is_broken_and_nothing_is_lost),
        cmocka_unit_test(a_memory_repeats_bit_for_bit),
        cmocka_unit_test(every_constraint_is_met_to_the_cycle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
