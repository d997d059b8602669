/* What the controller decides: order, drains, refresh, when rows are closed, whom it refuses.
 * All on DDR4-2400: tRCD = CL = tRP = 17, CWL 12, burst 4. */
#include "tests/unit/models/cache/dram/dram_rig.h"

#define READ (17 + 4)           /* of an open row */
#define OPEN (17 + READ)        /* of a closed bank */
#define CONFLICT (17 + OPEN)    /* of another row, long after it was opened */

static struct rig *rig(void) { return rig_new(DRAM_DDR4_2400); }

static void hits_pass_an_older_conflict_and_others_do_not(void **state)
{
    static const struct {
        const char *scheduler;
        bool passes;
    } rows[] = {{"frfcfs", true}, {"fcfs", false}, {"fcfs_banks", false}};
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        struct rig *g = rig();
        struct probe p, conflict, hit;
        g->keys.scheduler = rows[n].scheduler;
        rig_build(g);
        probe_line(g, &p, (struct place){.row = 5});
        rig_run_to(g, 1000);
        probe_line(g, &conflict, (struct place){.row = 6});
        probe_line(g, &hit, (struct place){.row = 5, .column = 1});
        if (rows[n].passes) {
            answered_at(g, &hit, 1000 + READ);
            answered_at(g, &conflict, 1000 + 9 + CONFLICT); /* tRTP after the hit */
        } else {
            answered_at(g, &conflict, 1000 + CONFLICT);
            rig_run_to(g, 2000);
            assert_true(hit.answered_tick > conflict.answered_tick);
        }
        rig_free(g);
    }
}

static void one_that_has_starved_goes_first(void **state)
{
    struct rig *g = rig();
    struct probe p, conflict, hit[60];
    (void)state;
    g->keys.starvation_limit = 100;
    rig_build(g);
    probe_line(g, &p, (struct place){.row = 5});
    rig_run_to(g, 1000);
    probe_line(g, &conflict, (struct place){.row = 6});
    for (uint32_t n = 0; n < 60; n++)
        probe_line(g, &hit[n], (struct place){.row = 5, .column = n + 1});
    rig_run_to(g, 5000);
    /* hits every tCCD_L = 6, @1000 ... 1102; after that it has waited for more than 100 cycles, and
     * the row is closed tRTP later */
    assert_int_equal(cycle_of(g, DRAM_PRE, 0), 1102 + 9);
    assert_int_equal(conflict.answered_tick, rig_tick(g, 1102 + 9 + CONFLICT));
    rig_free(g);
}

static void fcfs_takes_one_burst_at_a_time(void **state)
{
    struct rig *g = rig();
    struct probe a, b;
    (void)state;
    g->keys.scheduler = "fcfs";
    rig_build(g);
    probe_line(g, &a, (struct place){.row = 5});
    probe_line(g, &b, (struct place){.row = 5, .group = 1});
    answered_at(g, &a, OPEN);
    answered_at(g, &b, 18 + OPEN); /* its activate comes after the first's read */
    rig_free(g);
}

static void writes_wait_until_the_high_mark_and_stop_at_the_low(void **state)
{
    struct rig *g = rig();
    struct probe p;
    (void)state;
    g->keys.write_high = 8;
    g->keys.write_low = 4;
    rig_build(g);
    for (uint32_t n = 0; n < 4; n++)
        rig_write(g, (struct place){.row = 5, .column = n});
    rig_run_to(g, 1000);
    assert_int_equal(dram_statistics(g->dram)->bursts_written, 0); /* not more than the low mark */
    for (uint32_t n = 4; n < 8; n++)
        rig_write(g, (struct place){.row = 5, .column = n});
    probe_line(g, &p, (struct place){.row = 7, .group = 1});
    rig_run_to(g, 2000);
    const struct dram_stats *s = dram_statistics(g->dram);
    assert_int_equal(s->bursts_written, 4);
    assert_int_equal(s->bursts_queued, 4);
    assert_int_equal(s->write_drains, 1);
    /* the read comes after the four writes @1017, 23, 29, 35, tWTR_S after the end of their data:
     * later than its activate @1036 and tRCD would allow */
    assert_int_equal(cycle_of(g, DRAM_WR, 3), 1035);
    assert_int_equal(p.answered_tick, rig_tick(g, 1035 + 12 + 4 + 3 + READ));
    rig_free(g);
}

/* Both rows open: what is pinned is the turn of the data bus. */
static void a_read_waits_for_the_turn_of_the_bus(void **state)
{
    (void)state;
    for (uint32_t group = 0; group < 2; group++) {
        struct rig *g = rig();
        struct probe p[2];
        g->keys.write_high = 1;
        g->keys.write_low = 0;
        rig_build(g);
        probe_line(g, &p[0], (struct place){.row = 5});
        probe_line(g, &p[1], (struct place){.row = 5, .group = 1});
        rig_run_to(g, 1000);
        rig_write(g, (struct place){.row = 5, .column = 1});
        probe_line(g, &p[0], (struct place){.row = 5, .group = group, .column = 2});
        /* write@1000, its data end @1016, tWTR_L = 9, tWTR_S = 3 */
        answered_at(g, &p[0], 1016 + (group ? 3 : 9) + READ);
        rig_free(g);
    }
}

static void a_read_finds_a_queued_write(void **state)
{
    struct rig *g = rig();
    struct probe p;
    (void)state;
    g->keys.controller_latency = 5 * 833;
    rig_build(g);
    rig_write(g, (struct place){.row = 5});
    rig_run_to(g, 100);
    probe_line(g, &p, (struct place){.row = 5});
    answered_at(g, &p, 105);
    assert_int_equal(dram_statistics(g->dram)->bursts_forwarded, 1);
    assert_int_equal(g->logged, 0);
    rig_free(g);
}

static void a_part_of_a_burst_is_no_substitute_for_it(void **state)
{
    struct rig *g = rig();
    struct mem_request w = {.pa = 8, .bytes = 8, .command = MEM_WRITE};
    struct probe p;
    (void)state;
    rig_build(g);
    g->port.access(g->port.node, &w, 0);
    w.pa = 16;
    g->port.access(g->port.node, &w, 0);
    assert_int_equal(dram_statistics(g->dram)->bursts_merged, 1);
    probe_line(g, &p, (struct place){.row = 0});
    answered_at(g, &p, OPEN);
    rig_free(g);
}

static void woken(struct port_waiter *w, uint64_t now) { *(uint64_t *)w->owner = now; }

static void a_full_queue_refuses_and_wakes(void **state)
{
    struct rig *g = rig();
    struct probe a, b, c;
    uint64_t tick = 0;
    struct port_waiter w = {.wake = woken, .owner = &tick};
    (void)state;
    g->keys.read_queue = 2;
    rig_build(g);
    probe_line(g, &a, (struct place){.row = 5});
    probe_line(g, &b, (struct place){.row = 5, .column = 1});
    uint64_t pa = rig_pa(g, (struct place){.row = 5, .column = 2});
    assert_int_equal(probe_read(g, &c, pa, 8, 64), PORT_BUSY);
    assert_int_equal(dram_statistics(g->dram)->reads, 2);
    assert_int_equal(dram_statistics(g->dram)->refusals_read, 1);
    g->port.wait(g->port.node, &w);
    rig_run_to(g, 16);
    assert_int_equal(tick, 0);
    rig_run_to(g, 17); /* the first's read leaves the queue */
    assert_int_equal(tick, rig_tick(g, 17));
    assert_false(w.waiting);
    assert_int_equal(probe_read(g, &c, pa, 8, 64), PORT_MISS);
    rig_run_to(g, 1000);
    assert_true(c.answered);
    rig_free(g);
}

static void an_empty_queue_takes_a_request_longer_than_it(void **state)
{
    struct rig *g = rig();
    struct probe p;
    (void)state;
    g->keys.read_queue = 1;
    rig_build(g);
    assert_int_equal(probe_read(g, &p, 0, 8, 4096), PORT_MISS);
    rig_run_to(g, 5000);
    assert_true(p.answered);
    assert_int_equal(dram_statistics(g->dram)->bursts_read, 64);
    rig_free(g);
}

static void the_closed_policy_closes_with_the_last_burst_that_waits(void **state)
{
    struct rig *g = rig();
    struct probe a, b;
    (void)state;
    g->keys.page_policy = DRAM_PAGE_CLOSED;
    rig_build(g);
    probe_line(g, &a, (struct place){.row = 5});
    probe_line(g, &b, (struct place){.row = 5, .column = 1});
    answered_at(g, &b, 6 + OPEN);
    assert_int_equal(dram_statistics(g->dram)->precharges, 1);
    assert_int_equal(cycle_of(g, DRAM_PRE, 0), 39); /* tRAS; tRTP after the read would be 32 */
    rig_run_to(g, 1000);
    probe_line(g, &a, (struct place){.row = 6});
    answered_at(g, &a, 1000 + OPEN); /* another row is no conflict */
    rig_free(g);
}

static void the_timeout_policy_closes_a_row_not_used_for_so_long(void **state)
{
    (void)state;
    for (uint32_t late = 0; late < 2; late++) {
        struct rig *g = rig();
        struct probe p;
        g->keys.page_policy = DRAM_PAGE_TIMEOUT;
        g->keys.row_timeout = 300;
        rig_build(g);
        probe_line(g, &p, (struct place){.row = 5});
        /* read@17, closed @317: one that comes in that very cycle still finds it open */
        rig_run_to(g, 317 + late);
        probe_line(g, &p, (struct place){.row = 5, .column = 1});
        answered_at(g, &p, late ? 318 + 16 + OPEN : 317 + READ); /* precharge @317, tRP = 17 */
        rig_free(g);
    }
}

static void a_refresh_closes_rows_and_takes_its_time(void **state)
{
    struct rig *g = rig();
    struct probe p;
    (void)state;
    g->keys.refresh = true;
    rig_build(g);
    rig_run_to(g, 9000);
    probe_line(g, &p, (struct place){.row = 5});
    rig_run_to(g, 9363); /* due in this cycle */
    probe_line(g, &p, (struct place){.row = 5, .column = 1});
    /* precharge@9363, refresh tRP = 17 later, activate tRFC = 420 after that */
    answered_at(g, &p, 9363 + 17 + 420 + OPEN);
    assert_int_equal(dram_statistics(g->dram)->refreshes, 1);
    assert_int_equal(dram_statistics(g->dram)->refresh_cycles, 420);
    rig_free(g);
}

static void a_read_before_the_refresh_is_not_held_up(void **state)
{
    struct rig *g = rig();
    struct probe p;
    (void)state;
    g->keys.refresh = true;
    rig_build(g);
    rig_run_to(g, 9363 - 18); /* read@9362 */
    probe_line(g, &p, (struct place){.row = 5});
    answered_at(g, &p, 9363 - 18 + OPEN);
    rig_free(g);
}

static void refreshes_of_an_idle_memory_are_made_up_for(void **state)
{
    struct rig *g = rig();
    struct probe p;
    (void)state;
    g->keys.refresh = true;
    g->keys.ranks = 2;
    rig_build(g);
    /* rank 0 is due @4681 + n x 9363, rank 1 @9363 + n x 9363 */
    rig_run_to(g, 4681 + 10 * 9363 + 400);
    probe_line(g, &p, (struct place){.row = 5});
    answered_at(g, &p, 4681 + 10 * 9363 + 420 + OPEN);
    assert_int_equal(dram_statistics(g->dram)->refreshes, 11 + 10);
    rig_free(g);
}

static void nothing_happens_in_time_while_nobody_waits(void **state)
{
    struct rig *g = rig();
    struct probe p;
    (void)state;
    g->keys.refresh = true;
    rig_build(g);
    probe_line(g, &p, (struct place){.row = 5});
    rig_write(g, (struct place){.row = 9});
    assert_int_equal(engine_run_until(g->engine, 1000 * 1000 * 1000), ENGINE_EMPTY);
    assert_true(p.answered);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hits_pass_an_older_conflict_and_others_do_not),
        cmocka_unit_test(one_that_has_starved_goes_first),
        cmocka_unit_test(fcfs_takes_one_burst_at_a_time),
        cmocka_unit_test(writes_wait_until_the_high_mark_and_stop_at_the_low),
        cmocka_unit_test(a_read_waits_for_the_turn_of_the_bus),
        cmocka_unit_test(a_read_finds_a_queued_write),
        cmocka_unit_test(a_part_of_a_burst_is_no_substitute_for_it),
        cmocka_unit_test(a_full_queue_refuses_and_wakes),
        cmocka_unit_test(an_empty_queue_takes_a_request_longer_than_it),
        cmocka_unit_test(the_closed_policy_closes_with_the_last_burst_that_waits),
        cmocka_unit_test(the_timeout_policy_closes_a_row_not_used_for_so_long),
        cmocka_unit_test(a_refresh_closes_rows_and_takes_its_time),
        cmocka_unit_test(a_read_before_the_refresh_is_not_held_up),
        cmocka_unit_test(refreshes_of_an_idle_memory_are_made_up_for),
        cmocka_unit_test(nothing_happens_in_time_while_nobody_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
