/* How long single accesses take, for every standard, in its own numbers. */
#include "tests/unit/models/cache/dram/dram_rig.h"

#define FAR 3000u /* cycles after which nothing of the past matters */

static void a_read_of_a_closed_bank_takes_activate_read_and_burst(void **state)
{
    (void)state;
    for (uint32_t standard = 0; standard < DRAM_STANDARD_COUNT; standard++) {
        struct rig *g = rig_new(standard);
        struct probe p;
        rig_build(g);
        probe_line(g, &p, (struct place){.row = 5});
        answered_at(g, &p, g->t.trcd + g->t.cl + g->t.tburst);
        assert_int_equal(p.request.complete, p.request.ready);
        assert_int_equal(p.request.level, 1);
        assert_int_equal(dram_statistics(g->dram)->row_misses, 1);
        rig_free(g);
    }
}

static void a_read_of_the_open_row_takes_read_and_burst(void **state)
{
    (void)state;
    for (uint32_t standard = 0; standard < DRAM_STANDARD_COUNT; standard++) {
        struct rig *g = rig_new(standard);
        struct probe p;
        rig_build(g);
        probe_line(g, &p, (struct place){.row = 5});
        rig_run_to(g, FAR);
        probe_line(g, &p, (struct place){.row = 5, .column = 3});
        answered_at(g, &p, FAR + g->t.cl + g->t.tburst);
        assert_int_equal(dram_statistics(g->dram)->row_hits, 1);
        rig_free(g);
    }
}

static void a_read_of_another_row_first_closes_the_open_one(void **state)
{
    (void)state;
    for (uint32_t standard = 0; standard < DRAM_STANDARD_COUNT; standard++) {
        struct rig *g = rig_new(standard);
        struct probe p;
        rig_build(g);
        probe_line(g, &p, (struct place){.row = 5});
        rig_run_to(g, FAR);
        probe_line(g, &p, (struct place){.row = 6});
        answered_at(g, &p, FAR + g->t.trp + g->t.trcd + g->t.cl + g->t.tburst);
        assert_int_equal(dram_statistics(g->dram)->row_conflicts, 1);
        rig_free(g);
    }
}

/* The second comes right behind: its precharge waits for tRAS from the first's activate, or for
 * tRTP from its read. */
static void a_conflict_waits_until_the_row_may_be_closed(void **state)
{
    (void)state;
    for (uint32_t standard = 0; standard < DRAM_STANDARD_COUNT; standard++) {
        struct rig *g = rig_new(standard);
        struct probe a, b;
        rig_build(g);
        probe_line(g, &a, (struct place){.row = 5});
        probe_line(g, &b, (struct place){.row = 6});
        uint64_t close = max_u64(g->t.tras, g->t.trcd + g->t.trtp);
        uint64_t open = max_u64(close + g->t.trp, g->t.trc);
        answered_at(g, &a, g->t.trcd + g->t.cl + g->t.tburst);
        answered_at(g, &b, open + g->t.trcd + g->t.cl + g->t.tburst);
        rig_free(g);
    }
}

static void the_controller_adds_its_own_latency(void **state)
{
    struct rig *g = rig_new(DRAM_DDR4_2400);
    struct probe p;
    (void)state;
    g->keys.controller_latency = 10 * 833;
    rig_build(g);
    probe_line(g, &p, (struct place){.row = 5});
    answered_at(g, &p, 17 + 17 + 4 + 10);
    rig_free(g);
}

static void a_request_between_two_edges_waits_for_the_next(void **state)
{
    struct rig *g = rig_new(DRAM_DDR4_2400);
    struct probe p;
    (void)state;
    rig_build(g);
    engine_run_until(g->engine, rig_tick(g, 10) + 1);
    probe_line(g, &p, (struct place){.row = 5});
    answered_at(g, &p, 11 + 17 + 17 + 4);
    rig_free(g);
}

/* Two bursts of 64 bytes: the one with the wanted byte is read first, tCCD_S before the other. */
static void the_burst_with_the_wanted_bytes_comes_first(void **state)
{
    struct rig *g = rig_new(DRAM_DDR4_2400);
    struct probe p;
    (void)state;
    rig_build(g);
    assert_int_equal(probe_read(g, &p, 64 + 40, 8, 128), PORT_MISS);
    answered_at(g, &p, 17 + 17 + 4);
    /* two banks, the second's activate tRRD_S after the first's */
    assert_int_equal(p.request.complete, rig_tick(g, 4 + 17 + 17 + 4));
    assert_int_equal(g->log[0].group, 1);
    assert_int_equal(g->log[1].group, 0);
    assert_int_equal(dram_statistics(g->dram)->read_bytes, 128);
    rig_free(g);
}

static void wanted_bytes_in_two_bursts_need_both(void **state)
{
    struct rig *g = rig_new(DRAM_DDR4_2400);
    struct probe p;
    (void)state;
    rig_build(g);
    probe_read(g, &p, 60, 8, 0);
    answered_at(g, &p, 4 + 17 + 17 + 4);
    assert_int_equal(dram_statistics(g->dram)->bursts_read, 2);
    assert_int_equal(dram_statistics(g->dram)->read_bytes, 8);
    assert_int_equal(dram_statistics(g->dram)->bus_bytes, 128);
    rig_free(g);
}

static void the_fifth_activate_waits_for_the_window(void **state)
{
    (void)state;
    for (uint32_t standard = 0; standard < DRAM_STANDARD_COUNT; standard++) {
        struct rig *g = rig_new(standard);
        struct probe p[5];
        rig_build(g);
        for (uint32_t n = 0; n < 5; n++) /* other groups first, then other banks */
            probe_line(g, &p[n], (struct place){.row = 5, .group = n % g->t.groups,
                                                .bank = n / g->t.groups});
        rig_run_to(g, FAR);
        assert_int_equal(cycle_of(g, DRAM_ACT, 0), 0);
        assert_int_equal(cycle_of(g, DRAM_ACT, 3), 3 * g->t.trrd_s);
        uint64_t fifth = max_u64(g->t.tfaw, 4 * (uint64_t)g->t.trrd_s);
        for (uint32_t n = 0; n < g->logged; n++) /* a read goes first where they meet */
            fifth += g->log[n].cycle == fifth && g->log[n].op == DRAM_RD;
        assert_int_equal(cycle_of(g, DRAM_ACT, 4), fifth);
        rig_free(g);
    }
}

static void reads_of_one_group_are_further_apart_than_of_two(void **state)
{
    (void)state;
    for (uint32_t standard = 0; standard < DRAM_STANDARD_COUNT; standard++) {
        struct rig *g = rig_new(standard);
        struct probe p[4];
        uint32_t other = g->t.groups > 1 ? 1 : 0, bank = g->t.groups > 1 ? 0 : 1;
        rig_build(g);
        probe_line(g, &p[0], (struct place){.row = 5});
        probe_line(g, &p[1], (struct place){.row = 5, .group = other, .bank = bank});
        rig_run_to(g, FAR); /* both rows are open */
        probe_line(g, &p[0], (struct place){.row = 5, .column = 1});
        probe_line(g, &p[1], (struct place){.row = 5, .column = 2});
        probe_line(g, &p[2], (struct place){.row = 5, .column = 1, .group = other, .bank = bank});
        answered_at(g, &p[0], FAR + g->t.cl + g->t.tburst);
        uint64_t second = g->t.tccd_l > g->t.tccd_s ? 2 : 1; /* which of the two waits less */
        uint64_t apart = g->t.groups > 1 ? g->t.tccd_s : g->t.tccd_l;
        answered_at(g, &p[second], FAR + apart + g->t.cl + g->t.tburst);
        rig_free(g);
    }
}

/* Ranks share the data bus: tRTRS between their bursts. */
static void two_ranks_leave_a_gap_on_the_bus(void **state)
{
    struct rig *g = rig_new(DRAM_DDR4_3200);
    struct probe a, b;
    (void)state;
    g->keys.ranks = 2;
    rig_build(g);
    probe_line(g, &a, (struct place){.row = 5});
    probe_line(g, &b, (struct place){.row = 5, .rank = 1});
    /* the second activate may follow in the next cycle, its read 4+2 after the first's */
    answered_at(g, &a, 22 + 22 + 4);
    answered_at(g, &b, 6 + 22 + 22 + 4);
    rig_free(g);
}

static void channels_share_nothing(void **state)
{
    struct rig *g = rig_new(DRAM_DDR4_2400);
    struct probe a, b;
    (void)state;
    g->keys.channels = 2;
    rig_build(g);
    probe_line(g, &a, (struct place){.row = 5});
    probe_line(g, &b, (struct place){.row = 5, .channel = 1});
    answered_at(g, &a, 17 + 17 + 4);
    answered_at(g, &b, 17 + 17 + 4);
    rig_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_of_a_closed_bank_takes_activate_read_and_burst),
        cmocka_unit_test(a_read_of_the_open_row_takes_read_and_burst),
        cmocka_unit_test(a_read_of_another_row_first_closes_the_open_one),
        cmocka_unit_test(a_conflict_waits_until_the_row_may_be_closed),
        cmocka_unit_test(the_controller_adds_its_own_latency),
        cmocka_unit_test(a_request_between_two_edges_waits_for_the_next),
        cmocka_unit_test(the_burst_with_the_wanted_bytes_comes_first),
        cmocka_unit_test(wanted_bytes_in_two_bursts_need_both),
        cmocka_unit_test(the_fifth_activate_waits_for_the_window),
        cmocka_unit_test(reads_of_one_group_are_further_apart_than_of_two),
        cmocka_unit_test(two_ranks_leave_a_gap_on_the_bus),
        cmocka_unit_test(channels_share_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
