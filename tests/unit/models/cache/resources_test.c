/* What happens when something is full, and in which order things go down. */
#include "tests/unit/models/cache/rig.h"

struct knocker {
    struct port_waiter waiter;
    uint64_t woken_tick;
    uint32_t times;
};

static void knocker_wake(struct port_waiter *w, uint64_t now)
{
    struct knocker *k = w->owner;
    k->woken_tick = now;
    k->times++;
}

static void knock(struct rig *g, struct knocker *k)
{
    *k = (struct knocker){.waiter = {.wake = knocker_wake, .owner = k}};
    g->port.wait(g->port.node, &k->waiter);
}

/* A level below that is shut or open, takes `take_ticks` for a write, and remembers what came. */
struct gate {
    struct engine *engine;
    bool shut;
    uint64_t take_ticks;
    char log[64]; /* w: writeback, t: written through, r: read */
    uint64_t pa[64];
    uint32_t count;
    struct port_waiter *waiters;
};

static enum port_reply gate_access(void *node, struct mem_request *r, uint64_t now)
{
    struct gate *gate = node;
    if (gate->shut)
        return PORT_BUSY;
    gate->log[gate->count] = !mem_writes(r) ? 'r' : r->command == MEM_WRITE ? 't' : 'w';
    gate->pa[gate->count++] = r->pa;
    r->ready = r->complete = now + (mem_writes(r) ? gate->take_ticks : 10 * CYCLE);
    r->level = 1;
    return PORT_HIT;
}

static void gate_wait(void *node, struct port_waiter *w)
{
    struct gate *gate = node;
    w->waiting = true;
    w->next = gate->waiters;
    gate->waiters = w;
}

static void gate_open(struct gate *gate)
{
    struct port_waiter *w = gate->waiters;
    gate->shut = false;
    gate->waiters = NULL;
    while (w) {
        struct port_waiter *next = w->next;
        w->waiting = false;
        w->wake(w, engine_now(gate->engine));
        w = next;
    }
}

/* A rig of one cache whose level below is the gate. */
static struct rig *gated(struct rig *g, struct gate *gate)
{
    rig_build(g);
    cache_destroy(g->cache[0]);
    *gate = (struct gate){.engine = g->engine};
    g->cache[0] = rig_cache(
        g, 0, (struct mem_port){.access = gate_access, .wait = gate_wait, .node = gate});
    g->port = cache_port(g->cache[0]);
    return g;
}

static void a_full_mshr_file_refuses_and_wakes_when_one_is_free(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe a, b, c;
    struct knocker k;
    g->keys[0].mshrs = 2;
    rig_build(g);
    probe_access(g, &a, MEM_LOAD, 0x0);
    rig_run_to(g, 5);
    probe_access(g, &b, MEM_LOAD, 0x40);
    assert_int_equal(probe_access(g, &c, MEM_LOAD, 0x80), PORT_BUSY);
    assert_int_equal(probe_access(g, &c, MEM_LOAD, 0x8), PORT_HIT); /* merging needs none */
    knock(g, &k);
    rig_run_to(g, 101);
    assert_int_equal(k.times, 0);
    rig_run_to(g, 102);
    assert_int_equal(k.times, 1);
    assert_int_equal(k.woken_tick, 102 * CYCLE);
    assert_false(k.waiter.waiting);
    assert_int_equal(probe_access(g, &c, MEM_LOAD, 0x80), PORT_MISS);
    rig_run_to(g, 300);
    assert_int_equal(k.times, 1);
    assert_int_equal(rig_stats(g, 0)->refusals_mshr, 1);
    assert_int_equal(rig_stats(g, 0)->mshr_full_cycles, (102 - 5) + (107 - 102));
    assert_laws(g);
    rig_free(g);
}

static void a_full_target_list_refuses_until_the_line_is_there(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p[3];
    struct knocker k;
    g->keys[0].targets = 2;
    rig_build(g);
    probe_access(g, &p[0], MEM_LOAD, 0x0);
    probe_access(g, &p[1], MEM_LOAD, 0x8);
    assert_int_equal(probe_access(g, &p[2], MEM_LOAD, 0x10), PORT_BUSY);
    knock(g, &k);
    rig_run_to(g, 102);
    assert_int_equal(k.woken_tick, 102 * CYCLE);
    assert_int_equal(probe_access(g, &p[2], MEM_LOAD, 0x10), PORT_HIT);
    assert_int_equal(rig_stats(g, 0)->refusals_target, 1);
    rig_free(g);
}

static void a_dirty_victim_goes_down_and_a_clean_one_does_not(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x0);
    rig_load_line(g, MEM_LOAD, 0x100);
    rig_load_line(g, MEM_LOAD, 0x200); /* evicts 0x0 */
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_int_equal(memory_statistics(g->memory)->written_bytes, 64);
    rig_load_line(g, MEM_LOAD, 0x300); /* evicts 0x100 */
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    assert_int_equal(rig_stats(g, 0)->evictions, 2);
    assert_laws(g);
    rig_free(g);
}

static void a_store_to_a_line_in_flight_leaves_it_dirty(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe load, store;
    rig_build(g);
    probe_access(g, &load, MEM_LOAD, 0x0);
    probe_access(g, &store, MEM_STORE, 0x8);
    rig_run_to(g, 1000);
    rig_load_line(g, MEM_LOAD, 0x100);
    rig_load_line(g, MEM_LOAD, 0x200);
    assert_int_equal(memory_statistics(g->memory)->writes, 1);
    rig_free(g);
}

static void an_arrived_line_waits_for_room_in_the_write_buffer(void **state)
{
    (void)state;
    struct gate gate;
    struct rig *g = rig_new(1);
    struct probe a, b;
    g->keys[0].write_buffer = 1;
    gated(g, &gate);
    gate.take_ticks = 50 * CYCLE;
    rig_load_line(g, MEM_STORE, 0x000);
    rig_load_line(g, MEM_STORE, 0x100);
    uint64_t t = engine_now(g->engine) / CYCLE;
    probe_access(g, &a, MEM_LOAD, 0x200);
    probe_access(g, &b, MEM_LOAD, 0x300);
    rig_run_to(g, t + 12); /* both arrive; the first victim takes the only entry until t + 62 */
    assert_true(a.answered && b.answered);
    assert_true(cache_holds(g->cache[0], 0x200));
    rig_run_to(g, t + 61);
    assert_false(cache_holds(g->cache[0], 0x300));
    assert_true(cache_holds(g->cache[0], 0x100));
    assert_int_equal(rig_stats(g, 0)->mshrs_in_use, 1);
    rig_run_to(g, t + 62);
    assert_true(cache_holds(g->cache[0], 0x300));
    assert_int_equal(rig_stats(g, 0)->mshrs_in_use, 0);
    assert_int_equal(rig_stats(g, 0)->fill_stalls, 1);
    assert_int_equal(rig_stats(g, 0)->writebacks, 2);
    rig_free(g);
}

static void a_line_arrived_but_stalled_answers_like_a_hit(void **state)
{
    (void)state;
    struct gate gate;
    struct rig *g = rig_new(1);
    struct probe a, b, again;
    g->keys[0].write_buffer = 1;
    gated(g, &gate);
    gate.take_ticks = 50 * CYCLE;
    rig_load_line(g, MEM_STORE, 0x000);
    rig_load_line(g, MEM_STORE, 0x100);
    uint64_t t = engine_now(g->engine) / CYCLE;
    probe_access(g, &a, MEM_LOAD, 0x200);
    probe_access(g, &b, MEM_LOAD, 0x300);
    rig_run_to(g, t + 30);
    assert_int_equal(probe_access(g, &again, MEM_STORE, 0x300), PORT_HIT);
    assert_ready_at(g, &again, t + 33);
    rig_free(g);
}

static void a_fetch_waits_for_an_unsent_write_of_its_line_but_others_pass(void **state)
{
    (void)state;
    struct gate gate;
    struct rig *g = rig_new(1);
    struct probe fill, back, other;
    gated(g, &gate);
    rig_load_line(g, MEM_STORE, 0x000);
    rig_load_line(g, MEM_LOAD, 0x100);
    uint64_t t = engine_now(g->engine) / CYCLE;
    probe_access(g, &fill, MEM_LOAD, 0x200);
    rig_run_to(g, t + 5);
    gate.shut = true;
    rig_run_to(g, t + 20); /* 0x200 has pushed 0x000 out; its write is refused */
    assert_int_equal(rig_stats(g, 0)->writes_waiting, 1);
    probe_access(g, &back, MEM_LOAD, 0x000);
    probe_access(g, &other, MEM_LOAD, 0x400);
    rig_run_to(g, t + 30);
    gate.count = 0;
    gate_open(&gate);
    rig_run_to(g, t + 60);
    assert_true(back.answered && other.answered);
    assert_int_equal(gate.count, 3);
    uint32_t write = 9, read = 9;
    for (uint32_t i = 0; i < 3; i++) {
        if (gate.log[i] == 'w' && gate.pa[i] == 0x000)
            write = i;
        if (gate.log[i] == 'r' && gate.pa[i] == 0x000)
            read = i;
    }
    assert_true(write < read && read < 9);
    rig_free(g);
}

static void a_full_write_buffer_refuses_stores_of_a_write_through_cache(void **state)
{
    (void)state;
    struct gate gate;
    struct rig *g = rig_new(1);
    struct probe p, load;
    struct knocker k;
    g->keys[0].write = CACHE_WRITE_THROUGH;
    g->keys[0].write_allocate = false;
    g->keys[0].write_buffer = 2;
    gated(g, &gate);
    gate.take_ticks = 20 * CYCLE;
    rig_run_to(g, 10);
    assert_int_equal(probe_access(g, &p, MEM_STORE, 0x0), PORT_HIT);
    assert_ready_at(g, &p, 13);
    assert_int_equal(probe_access(g, &p, MEM_STORE, 0x8), PORT_HIT);
    assert_int_equal(probe_access(g, &p, MEM_STORE, 0x10), PORT_BUSY);
    knock(g, &k);
    rig_run_to(g, 31); /* sent at 12, taken at 32 */
    assert_int_equal(probe_access(g, &load, MEM_LOAD, 0x100), PORT_MISS); /* needs no entry */
    assert_int_equal(k.times, 0);
    rig_run_to(g, 32);
    assert_int_equal(k.times, 1);
    assert_int_equal(probe_access(g, &p, MEM_STORE, 0x10), PORT_HIT);
    assert_int_equal(rig_stats(g, 0)->refusals_write_buffer, 1);
    rig_free(g);
}

static void write_through_without_allocation_never_holds_what_was_only_written(void **state)
{
    (void)state;
    struct rig *g = rig_new(1);
    struct probe p;
    g->keys[0].write = CACHE_WRITE_THROUGH;
    g->keys[0].write_allocate = false;
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x0);
    assert_false(cache_holds(g->cache[0], 0x0));
    assert_int_equal(memory_statistics(g->memory)->reads, 0);
    assert_int_equal(memory_statistics(g->memory)->written_bytes, 8);
    rig_load_line(g, MEM_LOAD, 0x0);
    assert_int_equal(probe_access(g, &p, MEM_STORE, 0x0), PORT_HIT);
    rig_load_line(g, MEM_LOAD, 0x100);
    rig_load_line(g, MEM_LOAD, 0x200); /* evicts it: nothing more to write */
    assert_int_equal(memory_statistics(g->memory)->writes, 2);
    assert_laws(g);
    rig_free(g);
}

static void a_load_after_a_written_through_store_goes_down_behind_it(void **state)
{
    (void)state;
    struct gate gate;
    struct rig *g = rig_new(1);
    struct probe store, load;
    g->keys[0].write = CACHE_WRITE_THROUGH;
    g->keys[0].write_allocate = false;
    gated(g, &gate);
    gate.shut = true;
    probe_access(g, &store, MEM_STORE, 0x8);
    probe_access(g, &load, MEM_LOAD, 0x0);
    rig_run_to(g, 20);
    gate_open(&gate);
    rig_run_to(g, 40);
    assert_memory_equal(gate.log, "tr", 2);
    rig_free(g);
}

static void a_write_back_that_misses_below_is_taken_without_a_fetch(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    g->keys[1].size = 128; /* two lines of one set: smaller than the level above */
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x0);
    rig_load_line(g, MEM_LOAD, 0x40);
    rig_load_line(g, MEM_LOAD, 0x80);
    assert_false(cache_holds(g->cache[1], 0x0));
    uint64_t reads = memory_statistics(g->memory)->reads;
    rig_load_line(g, MEM_LOAD, 0x100);
    rig_load_line(g, MEM_LOAD, 0x200); /* pushes 0x0 out of the first level */
    assert_true(cache_holds(g->cache[1], 0x0));
    assert_int_equal(rig_stats(g, 1)->write_fills, 1);
    assert_int_equal(memory_statistics(g->memory)->reads, reads + 2);
    assert_laws(g);
    rig_free(g);
}

static void a_short_line_written_back_into_a_long_one_fetches_the_rest(void **state)
{
    (void)state;
    struct rig *g = rig_new(2);
    g->keys[1].line = 128;
    g->keys[1].size = 256;
    rig_build(g);
    rig_load_line(g, MEM_STORE, 0x0);
    rig_load_line(g, MEM_LOAD, 0x80);
    rig_load_line(g, MEM_LOAD, 0x180);
    assert_false(cache_holds(g->cache[1], 0x0));
    rig_load_line(g, MEM_LOAD, 0x100);
    rig_load_line(g, MEM_LOAD, 0x200);
    assert_true(cache_holds(g->cache[1], 0x0));
    assert_int_equal(rig_stats(g, 1)->write_fills, 0);
    assert_int_equal(rig_stats(g, 1)->outcome[CACHE_MISS][MEM_WRITEBACK], 1);
    assert_laws(g);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_mshr_file_refuses_and_wakes_when_one_is_free),
        cmocka_unit_test(a_full_target_list_refuses_until_the_line_is_there),
        cmocka_unit_test(a_dirty_victim_goes_down_and_a_clean_one_does_not),
        cmocka_unit_test(a_store_to_a_line_in_flight_leaves_it_dirty),
        cmocka_unit_test(an_arrived_line_waits_for_room_in_the_write_buffer),
        cmocka_unit_test(a_line_arrived_but_stalled_answers_like_a_hit),
        cmocka_unit_test(a_fetch_waits_for_an_unsent_write_of_its_line_but_others_pass),
        cmocka_unit_test(a_full_write_buffer_refuses_stores_of_a_write_through_cache),
        cmocka_unit_test(write_through_without_allocation_never_holds_what_was_only_written),
        cmocka_unit_test(a_load_after_a_written_through_store_goes_down_behind_it),
        cmocka_unit_test(a_write_back_that_misses_below_is_taken_without_a_fetch),
        cmocka_unit_test(a_short_line_written_back_into_a_long_one_fetches_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
